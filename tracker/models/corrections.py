"""Public notes that something here was wrong: what it said before, what it says now, and when that was put right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .claims import Claim
from .fields import LineField, WordsField
from .links import QuoteLink
from .quotes import Quote
from .reviews import Review
from .sources import Article
from .speakers import Position, Speaker
from .statuses import Editor

__all__ = ["CORRECTABLE", "Correction", "FieldChange", "note_withdrawals"]

# What can be corrected, by the name of its column here.
CORRECTABLE: dict[str, type[models.Model]] = {
    "quote": Quote,
    "speaker": Speaker,
    "position": Position,
    "article": Article,
    "link": QuoteLink,
    "claim": Claim,
    "review": Review,
}


def _exactly_one(*names: str) -> Q:
    """That one of these columns is filled, and no other."""
    ways = [Q(**{f"{name}__isnull": name != filled for name in names}) for filled in names]
    return reduce(or_, ways)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of a record, and what stands in it in an editor's words: “said on”, “May 2025”, “26 May 2025”."""

    field: str
    before: str
    after: str


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def listed(self) -> Self:
        """All but those of spelling, which change no meaning."""
        return self.exclude(kind=Correction.Kind.TYPO)

    def open_to_readers(self) -> Self:
        """The listed ones of what readers can see; and that something was withdrawn, which tells no more than that."""
        visible = (
            Q(kind=Correction.Kind.WITHDRAWAL)
            | Q(quote__in=Quote.objects.published())
            | Q(speaker__isnull=False)
            | Q(position__isnull=False)
            | Q(article__in=Article.objects.open_to_readers())
            | Q(link__in=QuoteLink.objects.open_to_readers())
            | Q(claim__in=Claim.objects.open_to_readers())
            | Q(review__in=Review.objects.open_to_readers())
        )
        return self.listed().filter(visible)

    def of(self, record: models.Model) -> Self:
        return self.filter(**{_column(record): record})

    @transaction.atomic
    def note(
        self,
        record: models.Model,
        *,
        kind: str,
        text: str,
        by: Editor,
        changes: Iterable[FieldChange] = (),
    ) -> list["Correction"]:
        """Say of a record that it was corrected: a correction for each change, one when none is told.

        Raises ValidationError, such as for a correction without a sentence that explains it.
        """
        made: list[Correction] = []
        for change in list(changes) or [FieldChange("", "", "")]:
            correction: Any = self.model(
                kind=kind, text=text, made_by=by, **{_column(record): record}
            )
            correction.field = change.field
            correction.before, correction.after = change.before, change.after
            correction._history_user = by
            correction.full_clean()
            correction.save()
            made.append(correction)
        return made


class Correction(models.Model):
    """A public, dated note on one record. Of a typing error, whose correction changes no meaning, only the desk knows."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        UPDATE = "update", _("Update")
        WITHDRAWAL = "withdrawal", _("Withdrawal")
        TYPO = "typo", _("Typo, meaning unchanged")

    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.CORRECTION)
    quote = models.ForeignKey(
        Quote,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("quote"),
    )
    speaker = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("speaker"),
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("position"),
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("article"),
    )
    link = models.ForeignKey(
        QuoteLink,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("link"),
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("claim"),
    )
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("review"),
    )
    field = LineField(
        _("what was changed"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Such as: said on."),
    )
    before = WordsField(_("what it said before"), blank=True, default="")
    after = WordsField(_("what it says now"), blank=True, default="")
    text = WordsField(
        _("correction"),
        blank=True,
        default="",
        help_text=_("For readers, in a sentence: what was wrong."),
    )
    made_on = models.DateField(_("made on"), default=timezone.localdate)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    history = HistoricalRecords()

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-made_on", "-id")
        indexes = (models.Index(fields=("made_on", "id"), name="corrections_in_order"),)
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one(*CORRECTABLE),
                name="correction_is_of_one_record",
                violation_error_message=_("Choose the one record that was corrected."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(kind__in=("withdrawal", "typo")),
                name="correction_is_explained",
                violation_error_message=_("Say in a sentence for readers what was wrong."),
            ),
        )

    def __str__(self) -> str:
        return (
            f"{self.get_kind_display()}, {self.made_on}: {self.text or self.field or self.record}"
        )

    @property
    def record(self) -> Any:
        """What was corrected."""
        return next(filter(None, (getattr(self, name) for name in CORRECTABLE)), None)


def note_withdrawals(records: Sequence[models.Model], *, by: Editor) -> None:
    """Let readers know that these, all of one model, were withdrawn, in two statements.

    Their pages say why, in a word; the words and names are gone.
    """
    if not records:
        return
    column, kind = _column(records[0]), Correction.Kind.WITHDRAWAL
    made = [Correction(kind=kind, made_by=by, **{column: each}) for each in records]  # type: ignore[misc]
    made = Correction.objects.bulk_create(made)
    history: Any = Correction.history
    history.bulk_history_create(made, default_user=by)


def _column(record: models.Model) -> str:
    return next(name for name, model in CORRECTABLE.items() if isinstance(record, model))
