"""Public notes that something here was wrong: what it said before, what it says now, and when that was put right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import search

from .claims import Claim
from .fields import NOT_COME_YET, LineField, WordsField, has_not_come
from .links import QuoteLink
from .quotes import JointSpeaker, Quote
from .reviews import Evidence, Review
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

_OF_UNLISTED = Q(speaker__listed=False) | Q(position__person__listed=False)


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
        told = Q(kind=Correction.Kind.WITHDRAWAL) | Q(record_is_open=True)
        return self.listed().with_whether_open().filter(told)

    def with_whether_open(self) -> Self:
        """Each with whether readers can see what was corrected: `record_is_open`."""
        articles = Article.objects.open_to_readers()
        reviews = Review.objects.open_to_readers().filter(pk=OuterRef("review"))
        evidence = Evidence.objects.filter(Exists(reviews), article=OuterRef("pk"))
        seen = (
            ("quote", Quote.objects.published()),
            ("speaker", Speaker.objects.known_to_readers()),
            ("position__person", Speaker.objects.known_to_readers()),
            ("article", articles.with_quotes()),
            ("article", articles.filter(Exists(evidence))),
            ("link", QuoteLink.objects.open_to_readers()),
            ("claim", Claim.objects.open_to_readers()),
            ("review", Review.objects.open_to_readers()),
        )
        ways = [Exists(records.filter(pk=OuterRef(column))) for column, records in seen]
        return self.annotate(record_is_open=reduce(or_, ways))

    def to_list(self) -> Self:
        """What readers may know, the newest first, with what each says of its record; not those of speakers whom
        no list names. One query."""
        return self.open_to_readers().exclude(_OF_UNLISTED).to_show()

    def to_show(self) -> Self:
        """With what each says of its record."""
        pages = Article.objects.open_to_readers().with_quotes().filter(pk=OuterRef("article"))
        claims = Claim.objects.open_to_readers().filter(pk=OuterRef("review__claim"))
        quotes = ("quote", "link__later")
        whose = [
            f"{quote}__{part}"
            for quote in quotes
            for part in ("speaker", "of_organisation", "lead")
        ]
        return (
            self.select_related(
                *whose, "speaker", "position__person", "position__organisation",
                "article__publisher", "claim", "review__claim",
            )
            .annotate(article_has_page=Exists(pages), claim_is_open=Exists(claims))
            .order_by("-made_on", "-pk")
        )  # fmt: skip

    def about_claim(self, claim: int, quotes: Iterable[int]) -> Self:
        """Those of a claim, of its reviews and of these quotes of it."""
        its = Q(claim=claim) | Q(review__claim=claim) | Q(quote__in=list(quotes))
        return self.filter(its)

    def about_quote(self, quote: int | OuterRef) -> Self:
        """Those of a quote, of the links between it and others that still stand, and of the positions that stand
        under it, made since readers have it."""
        links = (Q(link__later=quote) | Q(link__earlier=quote)) & ~Q(
            kind=Correction.Kind.WITHDRAWAL
        )
        inner = OuterRef(quote) if isinstance(quote, OuterRef) else quote
        own = Quote.objects.filter(pk=inner)
        joint = JointSpeaker.objects.filter(quote=inner).values("position")
        held = Q(position__in=own.values("position")) | Q(position__in=joint)
        since = Q(made_on__gte=Subquery(own.values("published_at__date")))
        return self.filter(Q(quote=quote) | links | held & since)

    def about_speaker(self, speaker: int | OuterRef) -> Self:
        """Those of a speaker, and of what a person was."""
        return self.filter(Q(speaker=speaker) | Q(position__person=speaker))

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
        search.catch_up()
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

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if reason := self._why_not_of_this_kind():
            problems["kind"] = reason
        if has_not_come(self.made_on):
            problems["made_on"] = NOT_COME_YET
        if problems:
            raise ValidationError(problems)

    def _why_not_of_this_kind(self) -> Any:
        """What readers were told is not taken back unseen."""
        then = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if then is None or then.kind == self.kind:
            return ""
        if self.Kind.WITHDRAWAL in (then.kind, self.kind):
            return _("That something was withdrawn is noted when it is, and stays so.")
        if self.kind == self.Kind.TYPO:
            return _("Readers were told of it: it stays in the list of corrections.")
        return ""

    @property
    def record(self) -> Any:
        """What was corrected."""
        return next(filter(None, (getattr(self, name) for name in CORRECTABLE)), None)

    @classmethod
    def sentence(cls, given: str) -> str:
        """What an editor wrote for readers, as it is stored; '' when that is nothing. Raises ValidationError."""
        text = given.replace("\r\n", "\n").strip()
        column: Any = cls._meta.get_field("text")
        return str(column.clean(text, None)) if text else ""


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
