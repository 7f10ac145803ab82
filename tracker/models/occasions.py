"""What quotes have in common: the occasion they were said on, and the topics they are about."""

import re
import zoneinfo
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .addressed import Addressed, AddressedQuerySet
from .fields import NOT_COME_YET, DayField, Following, HonestDateField, LineField, has_not_come
from .speakers import Speaker
from .statuses import Refused

__all__ = ["Occasion", "Topic"]


class _QuotedQuerySet(AddressedQuerySet):
    def with_quotes(self) -> Self:
        """Those that have a published quote."""
        from .quotes import Quote  # an occasion or topic knows of quotes only here

        published = Quote.objects.published()
        theirs = {self.model.of_a_quote: models.OuterRef("pk")}
        return self.filter(models.Exists(published.filter(**theirs)))


class Occasion(Following, Addressed):
    """Where and when words were spoken. `name`, `place`, or both are known."""

    of_a_quote = "occasion"  # what a quote calls it

    class Kind(models.TextChoices):
        SPEECH = "speech", _("Speech")
        PRESS = "press", _("Press conference or announcement")
        INTERVIEW = "interview", _("Interview")
        HEARING = "hearing", _("Hearing or trial")
        DEBATE = "debate", _("Debate or session")
        STATEMENT = "statement", _("Statement or declaration")
        BROADCAST = "broadcast", _("Broadcast")
        OTHER = "other", _("Other")

    name = LineField(_("name"), max_length=200, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    place = LineField(
        _("place"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("The building or spot: Four Seasons Hotel Seoul."),
    )
    city = LineField(_("city"), max_length=100, blank=True, default="")
    country = LineField(_("country"), max_length=100, blank=True, default="")
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        blank=True,
        default="",
        help_text=_("For example Asia/Seoul. A day is the local day at the place."),
    )
    held_on = HonestDateField(
        _("held on"), help_text=_("A year, month, day or interval: 2025-05-26.")
    )
    held_earliest = DayField(of="held_on", bound="earliest", db_index=True)
    held_latest = DayField(of="held_on", bound="latest")
    history = HistoricalRecords()

    objects = _QuotedQuerySet.as_manager()

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = (F("held_earliest").desc(nulls_last=True), "-id")
        indexes = (
            models.Index(fields=("place",), name="occasions_by_place"),
            models.Index(fields=("city",), name="occasions_by_city"),
            models.Index(fields=("country",), name="occasions_by_country"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(name="", place=""), name="occasion_has_a_name_or_a_place"
            ),
        )

    def __str__(self) -> str:
        return self.named()

    def get_absolute_url(self) -> str:
        return reverse("occasion", args=[self.slug])

    def named(self) -> str:
        return self.name or self.place

    @property
    def where(self) -> str:
        """“Four Seasons Hotel Seoul, Seoul, South Korea”; a city that the place names already is not said again."""
        parts = [self.place] if self.place else []
        if self.city and not re.search(
            rf"^{re.escape(self.city)}\b|\b{re.escape(self.city)}$", self.place
        ):
            parts.append(self.city)
        if self.country and self.country not in ", ".join(parts).split(", "):
            parts.append(self.country)
        return ", ".join(parts)

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if not (self.name or self.place):
            problems["name"] = _("Give the occasion a name or a place.")
        if self.time_zone and self.time_zone not in zoneinfo.available_timezones():
            problems["time_zone"] = _("There is no such time zone. Write for example Asia/Seoul.")
        if has_not_come(self.held_on):
            problems["held_on"] = NOT_COME_YET
        if problems:
            raise ValidationError(problems)


class TopicQuerySet(_QuotedQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises Refused while a quote, published or not, uses one of them."""
        _refuse_used(self.values("pk"))
        return super().delete()


def _refuse_used(topics: Any) -> None:
    """A relation of many to many protects nothing: deleting a topic would take it off its quotes."""
    count = Topic.quotes.through.objects.filter(topic__in=topics).values("quote").distinct().count()
    if count:
        raise Refused(
            str(_("Quotes still use it (%(count)d): take it off them first.") % {"count": count})
        )


class Topic(Addressed):
    """What a quote is about; `subject` is the speaker that it is about, when it is one."""

    of_a_quote = "topics"  # what a quote calls them

    name = LineField(_("name"), max_length=100, unique=True)
    subject = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("about"),
        help_text=_("The person or organisation that this topic is, when it is one."),
    )
    history = HistoricalRecords()

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("name", "id")
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="topic_has_a_name"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Refused while a quote, published or not, uses it."""
        _refuse_used([self.pk])
        return super().delete(*args, **kwargs)
