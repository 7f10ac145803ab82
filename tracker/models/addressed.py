"""Records with an address of their own in words, such as /speakers/jason-kwon/: it is readable, unique, and works for ever.

An old slug is kept as a SlugRedirect that points at the record's id, so that redirects never form a chain.
"""

import unicodedata
from collections.abc import Sequence
from itertools import count
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker import search

from .fields import SlugField, slug_from
from .statuses import Editor

__all__ = ["Addressed", "AddressedQuerySet", "SlugRedirect"]


class SlugRedirect(models.Model):
    """An old address of a speaker, topic, publisher or occasion that must keep working."""

    kind = models.CharField(_("kind"), max_length=20)
    slug = models.CharField(_("old slug"), max_length=100)
    target_id = models.BigIntegerField(_("record"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ("kind", "slug", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "slug"), name="an_old_slug_leads_to_one_record"
            ),
        )
        indexes = (models.Index(fields=("kind", "target_id"), name="old_slugs_of_a_record"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"


class AddressedQuerySet(models.QuerySet["Any"]):
    def at_slugs(self, slugs: list[str]) -> dict[str, Any]:
        """The record at each slug, old or new, by the slug as given; what is not there is left out.

        Case and Unicode form do not matter.
        """
        asked = {slug: _folded(slug) for slug in slugs}
        found = {record.slug: record for record in self.filter(slug__in=set(asked.values()))}
        missing = {folded for folded in asked.values() if folded not in found}
        if missing:
            old = SlugRedirect.objects.filter(kind=self.model.noun(), slug__in=missing)
            targets = dict(old.values_list("slug", "target_id"))
            by_id = self.in_bulk(list(targets.values()))
            found.update({slug: by_id[pk] for slug, pk in targets.items() if pk in by_id})
        return {slug: found[folded] for slug, folded in asked.items() if folded in found}

    def now_or_once_at(self, slug: str) -> Self:
        """The record at this slug, old or new, in one query; case and Unicode form do not matter."""
        folded = _folded(slug)
        once = SlugRedirect.objects.filter(kind=self.model.noun(), slug=folded)
        return self.filter(Q(slug=folded) | Q(pk__in=once.values("target_id")))

    def at_slug(self, slug: str) -> Any:
        """The record at this slug, old or new. Raises the model's DoesNotExist."""
        try:
            return self.at_slugs([slug])[slug]
        except KeyError:
            raise self.model.DoesNotExist from None


class Addressed(models.Model):
    """Abstract: a record with a slug made from its name."""

    slug = SlugField(_("slug"), unique=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        made_now = not self.slug
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except IntegrityError:
            taken = type(self)._default_manager.exclude(pk=self.pk).filter(slug=self.slug)
            if not (made_now and taken.exists()):
                raise
            self.slug = ""  # another transaction took it after it was chosen
            self.save(*args, **kwargs)

    @classmethod
    def noun(cls) -> str:
        return cls._meta.model_name or ""

    def named(self) -> str:
        """The words that the slug is made from."""
        return str(self.name)

    @transaction.atomic
    def rename(self, name: str, *, by: Editor) -> None:
        """Give it another name; the old address goes on working."""
        self.name = name
        self._history_user = by
        self.full_clean(exclude=["slug"])
        self.save()
        self.readdress(by=by)
        search.catch_up()

    @transaction.atomic
    def readdress(self, *, by: Editor) -> None:
        """Make the slug follow the name it has now, and keep the old one as a redirect."""
        old = self.slug
        if self.free_slug() == old:
            return
        self.slug = ""  # made anew as it is saved
        self._history_user = by
        self.save(update_fields=["slug"])
        SlugRedirect.objects.filter(kind=self.noun(), slug=self.slug, target_id=self.pk).delete()
        SlugRedirect.objects.create(kind=self.noun(), slug=old, target_id=self.pk)
        search.catch_up()

    def free_slug(self) -> str:
        """The slug for its name that no other record has or had; its own, when that fits already.

        A name without any letter or digit gives "speaker-12": the noun and the id.
        """
        base = slug_from(self.named()) or f"{self.noun()}-{self.pk or self._next_id()}"
        taken = self._taken(base)
        if base not in taken:
            return base
        return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)

    @classmethod
    def address(cls, records: Sequence["Addressed"]) -> None:
        """Give each of many new records, which have ids already, the slug that saving it would give it."""
        bases = [slug_from(record.named()) or f"{cls.noun()}-{record.pk}" for record in records]
        there = cls._default_manager.filter(slug__in=bases).values_list("slug", flat=True)
        old = SlugRedirect.objects.filter(kind=cls.noun(), slug__in=bases)
        taken = {*there, *old.values_list("slug", flat=True)}
        for record, base in zip(records, bases, strict=True):
            slug = base
            if slug in taken:
                taken |= record._taken(base)
                slug = next(s for n in count(2) if (s := f"{base}-{n}") not in taken)
            record.slug = slug
            taken.add(slug)

    def _next_id(self) -> int:
        last = type(self)._default_manager.aggregate(last=models.Max("pk"))["last"]
        return (last or 0) + 1

    def _taken(self, base: str) -> set[str]:
        others = type(self)._default_manager.exclude(pk=self.pk).filter(slug__startswith=base)
        old = SlugRedirect.objects.filter(kind=self.noun(), slug__startswith=base).exclude(
            target_id=self.pk or 0
        )
        return {*others.values_list("slug", flat=True), *old.values_list("slug", flat=True)}


def _folded(slug: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", slug).casefold())
