"""The scales that reviews rate claims on, and their verdicts: the desk's to edit, one scale for each kind of claim.

It knows nothing of claims but their kinds.
"""

from collections.abc import Mapping
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .addressed import Addressed, AddressedQuerySet
from .fields import LanguageField, LineField
from .statuses import Refused

__all__ = ["ClaimKind", "Scale", "Verdict", "VerdictName", "name_of_verdict"]

_IN_USE = _("Reviews use it: retire it instead.")
# What a review that has a verdict says by it, in words, by its sign and to machines.
_MEANT = ("name", "sign", "final", "rating", "scale_id")


def _seen(reviews: models.QuerySet[Any]) -> int:
    """How many of these reviews readers have seen."""
    return reviews.filter(published_at__isnull=False).count()


class ClaimKind(models.TextChoices):
    FACTUAL = "factual", _("Factual")
    PROMISE = "promise", _("Promise")
    PREDICTION = "prediction", _("Prediction")


class Scale(models.Model):
    """What claims of one kind are rated on. `worst` and `best` bound the ratings (schema.org Rating)."""

    kind = models.CharField(_("kind of claims"), max_length=10, choices=ClaimKind, unique=True)
    note = LineField(
        _("how it is used"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("A sentence for readers, beside every verdict of this scale."),
    )
    worst = models.SmallIntegerField(_("worst rating"), default=1)
    best = models.SmallIntegerField(_("best rating"), default=5)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(worst__lt=models.F("best")),
                name="scale_runs_from_worst_to_best",
                violation_error_message=_("The worst rating must be less than the best."),
            ),
        )

    def __str__(self) -> str:
        return str(ClaimKind(self.kind).label)

    def clean(self) -> None:
        if None in (self.pk, self.worst, self.best):  # a form may lack them
            return
        if problems := self._against_reviews():
            raise ValidationError(problems)
        beyond = self.verdicts.filter(Q(rating__lt=self.worst) | Q(rating__gt=self.best))
        if first := beyond.first():
            told = _("“%(verdict)s” has the rating %(rating)d, which lies beyond.")
            raise ValidationError(told % {"verdict": first.name, "rating": first.rating})

    def _against_reviews(self) -> dict[str, Any]:
        """By what would change the meaning of ratings that readers have seen."""
        then = type(self).objects.get(pk=self.pk)
        changed = [n for n in ("worst", "best") if getattr(then, n) != getattr(self, n)]
        if changed and (count := sum(_seen(each.reviews.all()) for each in self.verdicts.all())):
            told = ngettext(
                "%(count)d published review is rated on it: its worst and its best stay as they are.",
                "%(count)d published reviews are rated on it: its worst and its best stay as they are.",
                count,
            )
            return {name: told % {"count": count} for name in changed}
        return {}


class VerdictQuerySet(AddressedQuerySet):
    def named(self) -> Self:
        """With what each is called in the reader's language, so that `label` asks nothing."""
        return self.annotate(called=name_of_verdict("pk"))

    def delete(self) -> tuple[int, dict[str, int]]:
        try:
            return super().delete()
        except models.ProtectedError as error:
            raise Refused(str(_IN_USE)) from error


class Verdict(Addressed):
    """One value of a scale."""

    class Sign(models.TextChoices):
        """How it is drawn: told apart by shape, never by colour."""

        EMPTY = "q0", _("empty")
        QUARTER = "q1", _("a quarter full")
        HALF = "q2", _("half full")
        THREE_QUARTERS = "q3", _("three quarters full")
        FULL = "q4", _("full")
        GAP = "gap", _("full, with a gap")
        TURNED = "turned", _("the lower half full")
        OPEN = "open", _("a dashed line")
        BROKEN = "broken", _("struck through")

    scale = models.ForeignKey(
        Scale, models.PROTECT, related_name="verdicts", verbose_name=_("scale")
    )
    name = LineField(_("name"), max_length=60, help_text=_("In English; other languages below."))
    meaning = LineField(
        _("what it means"), max_length=300, blank=True, default="", help_text=_("For readers.")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("On its scale; of a new one 0 means: last.")
    )
    sign = models.CharField(_("sign"), max_length=6, choices=Sign, default=Sign.OPEN)
    final = models.BooleanField(
        _("final"),
        default=True,
        help_text=_("Unticked: the matter is still open, as with “in the works”."),
    )
    rating = models.SmallIntegerField(
        _("rating"),
        null=True,
        blank=True,
        help_text=_(
            "A number between the worst and the best of the scale, for machines (schema.org ratingValue). Empty: none, as with “unverifiable”."
        ),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Ticked: no new review can have it.")
    )
    history = HistoricalRecords()

    objects = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ("scale", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=("scale", "name"), name="a_scale_has_a_verdict_once"),
            models.CheckConstraint(condition=~Q(name=""), name="verdict_has_a_name"),
            models.CheckConstraint(
                condition=Q(final=True) | Q(rating__isnull=True),
                name="only_a_final_verdict_has_a_rating",
                violation_error_message=_("A verdict that is not final has no rating."),
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language, where there is one."""
        if hasattr(self, "called"):  # as `named` found it
            return str(self.called or self.name)
        return self.label_among({each.language: each.name for each in self.names.all()})

    def label_among(self, names: Mapping[str, str]) -> str:
        """The same, from its names by language as they were loaded with it."""
        language = (get_language() or "en").split("-")[0]
        there = {each.split("-")[0]: name for each, name in names.items()}
        return there.get(language, self.name)

    def clean(self) -> None:
        if problems := self._against_reviews():
            raise ValidationError(problems)
        scale = getattr(self, "scale", None)  # a form may give one that is not chosen yet
        if scale and self.rating is not None and not scale.worst <= self.rating <= scale.best:
            told = _("The ratings of this scale run from %(worst)d to %(best)d.")
            bounds = {"worst": scale.worst, "best": scale.best}
            raise ValidationError({"rating": told % bounds})

    def _against_reviews(self) -> dict[str, Any]:
        """What would change the meaning of reviews that readers have seen."""
        then = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        changed = [n for n in _MEANT if then and getattr(then, n) != getattr(self, n)]
        if not changed or not (count := _seen(self.reviews.all())):
            return {}
        told = ngettext(
            "%(count)d published review has it: retire it and add another.",
            "%(count)d published reviews have it: retire it and add another.",
            count,
        )
        return {name.removesuffix("_id"): told % {"count": count} for name in changed}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.order:
            last = type(self).objects.filter(scale=self.scale_id).aggregate(last=Max("order"))
            self.order = (last["last"] or 0) + 1
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Refused while a review has it."""
        try:
            return super().delete(*args, **kwargs)
        except models.ProtectedError as error:
            raise Refused(str(_IN_USE)) from error


def name_of_verdict(column: str) -> Subquery:
    """What the verdict in this column is called in the reader's language; NULL where it has its English name alone."""
    base = (get_language() or "en").split("-")[0]
    names = VerdictName.objects.filter(
        Q(language=base) | Q(language__startswith=f"{base}-"), verdict=OuterRef(column)
    )
    return Subquery(names.order_by("-language").values("name")[:1])


class VerdictName(models.Model):
    """What a verdict is called in another language."""

    verdict = models.ForeignKey(
        Verdict, models.CASCADE, related_name="names", verbose_name=_("verdict")
    )
    language = LanguageField(_("language"), blank=False)
    name = LineField(_("name"), max_length=60)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("name in another language")
        verbose_name_plural = _("names in other languages")
        ordering = ("verdict", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("verdict", "language"), name="a_verdict_has_one_name_in_a_language"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        then = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        told = ("name", "language", "verdict_id")
        changed = then is not None and any(getattr(then, n) != getattr(self, n) for n in told)
        if then is not None and changed and (reason := then.why_it_stays()):
            raise ValidationError(reason)

    def why_it_stays(self) -> str:
        """Why it is neither changed nor deleted: readers have seen it; '' when none has."""
        if not (count := _seen(self.verdict.reviews.all())):
            return ""
        told = ngettext(
            "%(count)d published review has this verdict: “%(name)s” stays as it is.",
            "%(count)d published reviews have this verdict: “%(name)s” stays as it is.",
            count,
        )
        return told % {"count": count, "name": self.name}
