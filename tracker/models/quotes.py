"""Words said once: who said them, when and as what, and the verbs that publish, join and redact them.

How each source gives the words is a Citation's to say; a quote only knows which citation leads.
"""

import hashlib
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import anchoring, search

from .attributed import NEEDS_A_REASON, Attributed, Attribution
from .fields import (
    NOT_COME_YET,
    DayField,
    Following,
    HonestDateField,
    LanguageField,
    LineField,
    WordsField,
    has_not_come,
    slug_from,
)
from .occasions import Occasion, Topic
from .speakers import Position, Speaker
from .statuses import Editor, PublishableQuerySet, Refused, Withdrawal

__all__ = ["JointSpeaker", "Quote"]

_BLANKED = "blanked-"
# What links and claims rest on.
_RESTED_ON = ("said_on", "speaker_id", "kind")


class QuoteQuerySet(PublishableQuerySet):
    def theirs(self) -> Self:
        """Without those that are wrongly attributed."""
        return self.exclude(attribution=Quote.Attribution.MISATTRIBUTED)

    def without_citations(self) -> Self:
        return self.filter(citations__isnull=True)

    def with_blanked_reference(self) -> Self:
        """The redacted ones that had a reference."""
        if connection.vendor == "sqlite":  # whose indexes know nothing of how a text begins
            return self.filter(reference__gte=_BLANKED, reference__lt=f"{_BLANKED}~")
        return self.filter(reference__startswith=_BLANKED)

    def to_show(self) -> Self:
        """With all that the page of a quote says of it, in three queries."""
        from .citations import Citation  # citations know quotes; only this loads them the other way

        copies = ("anchored_in", "checked_in")
        cited = ("article__publisher", "article__original__publisher", *copies)
        citations = Citation.objects.select_related(*cited).order_by("pk")
        citations = citations.defer(*(f"{copy}__text" for copy in copies))
        joint = JointSpeaker.objects.select_related("speaker", "position__organisation")
        return self.select_related(
            "speaker", "of_organisation", "position__organisation", "occasion", "lead"
        ).prefetch_related(
            models.Prefetch("citations", queryset=citations),
            models.Prefetch("joint_speakers", queryset=joint),
        )

    def ready_to_move(self) -> Self:
        return (
            super()
            .ready_to_move()
            .select_related("lead", "position")
            .prefetch_related("joint_speakers__position")
        )

    def look_ahead(self, records: list[Any]) -> list[Any]:
        """With the citations of those whose attribution rests on them, and the chains of their sources: three queries."""
        from .independence import chains_of  # it knows citations

        settled = [each for each in records if each.attribution != Attribution.UNVERIFIED]
        models.prefetch_related_objects(settled, "citations")
        chains = chains_of(settled)
        for each in settled:
            each._chains = chains
        return records


class Quote(Following, Attributed):
    """Something said once, by someone, at a time. Its words are those of its leading citation."""

    class Kind(models.TextChoices):
        DIRECT = "direct", _("In quotation marks")
        MIXED = "mixed", _("Partly in quotation marks")
        INDIRECT = "indirect", _("Reported, not word for word")

    reference = LineField(
        _("reference"),
        max_length=100,
        null=True,
        blank=True,
        unique=True,
        help_text=_("A key of yours, such as a row number in a spreadsheet. Unique when given."),
    )
    speaker = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("speaker"),
        help_text=_("Left empty for a speaker whom the source does not name."),
    )
    speaker_described_as = LineField(
        _("unnamed speaker"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("How the source describes a speaker it does not name: a senior official."),
    )
    of_organisation = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="unnamed_quotes",
        verbose_name=_("of organisation"),
        limit_choices_to={"kind": Speaker.Kind.ORGANISATION},
        help_text=_("The unnamed speaker's organisation, when the source says it."),
    )
    anonymity_reason = LineField(
        _("why unnamed"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("The reason that the source gives."),
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("position then"),
        help_text=_("One of the speaker's positions: the one held when speaking."),
    )
    said_on = HonestDateField(
        _("said on"),
        help_text=_(
            "As precisely as it is known: 2025-05-26, 2025-05, 1948~ (about), 1946/1948 (some time between). Empty: undated."
        ),
    )
    said_on_as_given = LineField(
        _("as the source gives it"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("“early 1948”, “last Monday”."),
    )
    said_earliest = DayField(of="said_on", bound="earliest")
    said_latest = DayField(of="said_on", bound="latest", db_index=True)
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("occasion"),
    )
    prompt = WordsField(
        _("question answered"), blank=True, default="", help_text=_("What the speaker was asked.")
    )
    kind = models.CharField(
        _("kind"), max_length=8, choices=Kind, default=Kind.DIRECT, db_index=True
    )
    spoken_language = LanguageField(
        _("spoken in"), help_text=_("A language tag; empty when not known.")
    )
    lead = models.ForeignKey(
        "tracker.Citation",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leading citation"),
        help_text=_(
            "The citation whose wording stands for the quote. The first one becomes it by itself."
        ),
    )
    context = WordsField(
        _("context"),
        blank=True,
        default="",
        help_text=_("A sentence that the words need to be understood."),
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="quotes", verbose_name=_("topics")
    )
    joined_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
        verbose_name=_("joined into"),
    )
    redacted_at = models.DateTimeField(_("redacted on"), null=True, editable=False)
    history = HistoricalRecords(m2m_fields=[topics])

    objects = QuoteQuerySet.as_manager()

    _as_loaded: dict[str, Any] | None = None

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = (F("said_earliest").desc(nulls_last=True), "-id")
        indexes = (
            models.Index(fields=("said_earliest", "id"), name="quotes_in_order"),
            models.Index(fields=("speaker", "said_earliest"), name="quotes_of_a_speaker"),
            models.Index(fields=("status", "published_at"), name="quotes_by_status"),
            models.Index(fields=("position", "status", "attribution"), name="quotes_of_a_position"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="published") | Q(lead__isnull=False),
                name="published_quote_has_a_lead_citation",
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | ~Q(speaker_described_as=""),
                name="quote_has_a_speaker_or_a_description",
                violation_error_message=_(
                    "Choose the speaker, or describe one whom the source does not name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=True)
                | Q(speaker_described_as="", of_organisation__isnull=True, anonymity_reason=""),
                name="quote_with_a_speaker_describes_nobody_else",
                violation_error_message=_(
                    "A quote has a speaker or a description of an unnamed one, not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | Q(position__isnull=True),
                name="quote_without_a_speaker_has_no_position",
                violation_error_message=_(
                    "Without a speaker there is no position: describe the speaker instead."
                ),
            ),
            models.CheckConstraint(
                condition=Q(attribution="unverified")
                | ~Q(attribution_reason="")
                | Q(redacted_at__isnull=False),
                name="attribution_has_a_reason_unless_unverified",
                violation_error_message=NEEDS_A_REASON,
            ),
            models.CheckConstraint(
                condition=Q(true_quote__isnull=True) | Q(attribution="misattributed"),
                name="only_misattributed_words_are_another_quote",
            ),
            models.CheckConstraint(
                condition=Q(true_quote__isnull=True) | ~Q(true_quote=F("id")),
                name="a_quote_is_not_taken_for_itself",
            ),
            models.CheckConstraint(
                condition=Q(said_on="", said_earliest__isnull=True, said_latest__isnull=True)
                | ~Q(said_on="") & Q(said_earliest__isnull=False, said_latest__isnull=False),
                name="dated_quote_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(reference__isnull=True) | ~Q(reference=""),
                name="reference_is_null_when_not_given",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawal_category=""),
                name="withdrawn_quote_has_a_category",
            ),
        )

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        quote = super().from_db(*args, **kwargs)
        quote._as_loaded = {name: quote.__dict__.get(name) for name in _RESTED_ON}
        return quote

    def __str__(self) -> str:
        words = self.text or str(_("no words yet"))
        return f"{self.speaker or self.speaker_described_as}: {words[:80]}{'…' if len(words) > 80 else ''}"

    def get_absolute_url(self) -> str:
        return reverse("quote", args=[self.pk, self.slug])

    @property
    def text(self) -> str:
        """The words that stand for the quote: its leading citation's; '' while it has none."""
        return self.lead.text if self.lead else ""

    @property
    def slug(self) -> str:
        """Made from the name and the words as they are now; an address with another one redirects to it."""
        who = self.speaker.name if self.speaker else self.speaker_described_as
        return slug_from(f"{who} {self.text}", longest=60) or "quote"

    @property
    def wordings(self) -> list[str]:
        """The different words that its sources give, the leading ones first; evidence on who said them is none."""
        citations = sorted(self.citations.all(), key=lambda citation: citation.pk != self.lead_id)
        return anchoring.wordings([each.text for each in citations if each.gives_the_words])

    @property
    def speakers(self) -> set[int]:
        """Whoever said it, alone or with others; nobody of whom no name is known."""
        joint = {each.speaker_id for each in self.joint_speakers.all()}
        return joint | ({self.speaker_id} if self.speaker_id else set())

    def shares_a_speaker(self, other: "Quote") -> bool:
        return bool(self.speakers & other.speakers)

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        self.reference = self.reference or None
        if self.position and self.speaker_id and self.position.person_id != self.speaker_id:
            problems["position"] = _(
                "That position is not the speaker's. Choose one of the speaker's own."
            )
        if self.lead and self.lead.quote_id != self.pk:
            problems["lead"] = _("That citation belongs to another quote.")
        if has_not_come(self.said_on):
            problems["said_on"] = NOT_COME_YET
        if self.of_organisation and not self.of_organisation.is_organisation:
            problems["of_organisation"] = _("Choose an organisation, not a person.")
        if reason := self.why_not_true_quote():
            problems["true_quote"] = reason
        problems = self._against_what_rests_on_it() | problems
        if problems:
            raise ValidationError(problems)

    def _against_what_rests_on_it(self) -> dict[str, Any]:
        """What can no longer be, now that it was said at another time, by somebody else or in other words than theirs."""
        from .upheld import why_not_upheld  # links and claims know quotes

        now = {name: getattr(self, name) for name in _RESTED_ON}
        return why_not_upheld(self) if self.pk and now != self._as_loaded else {}

    def refusal(self) -> str:
        if self.redacted_at:
            return str(_("Its words were blanked for good: it cannot be published again."))
        if self.joined_into_id:
            return str(_("It was joined into another quote."))
        if self.lead is None:
            return str(
                _("It has no citation. Add the source that gives its words, then publish it.")
            )
        if self.lead.quote_id != self.pk:
            return str(_("Its leading citation belongs to another quote."))
        if self.position and self.position.person_id != self.speaker_id:
            return str(_("Its position is not the speaker's."))
        for joint in self.joint_speakers.all():
            if self.speaker_id in {None, joint.speaker_id}:
                return str(_("A joint statement needs a first speaker, and each of them once."))
            if joint.position and joint.position.person_id != joint.speaker_id:
                return str(_("A joint speaker's position is somebody else's."))
        return self.lacks()

    @transaction.atomic
    def cite(self, article: Any, *, text: str, by: Editor, **how: Any) -> Any:
        """Record how an article gives it, and return the citation; the first one leads. Raises ValidationError."""
        citation: Any = self.citations.model(quote=self, article=article, text=text, **how)
        citation.full_clean()
        citation._history_user = by
        citation.save()
        self.lead_with_the_first(by=by)
        search.catch_up()
        return citation

    @transaction.atomic
    def lead_with(self, citation: Any, *, by: Editor) -> None:
        """Let this citation's wording stand for the quote. Raises Refused when it is another quote's."""
        if citation.quote_id != self.pk:
            raise Refused(str(_("That citation belongs to another quote.")))
        self.lead = citation
        self._history_user = by
        self.save(update_fields=["lead", "updated_at"])
        search.catch_up()

    def lead_with_the_first(self, *, by: Editor) -> None:
        """Let the first citation lead, when none does yet."""
        if self.lead_id is None and (first := self.citations.order_by("pk").first()):
            self.lead_with(first, by=by)

    @transaction.atomic
    def absorb(self, other: "Quote", *, by: Editor) -> None:
        """Join a quote that turned out to be this one: its citations, joint speakers, topics, claims, links and
        corrections come here, its address leads here.

        What this one has already stays with the other. Raises Refused when the two are by different
        speakers, one of them is unnamed, or both cite one place with different words.
        """
        from .joining import join  # it knows citations, claims and links, which know quotes

        for quote in sorted((self, other), key=lambda quote: quote.pk):
            quote.refresh_from_db(from_queryset=Quote.objects.select_for_update())
        join(other, self, by=by)
        search.catch_up()

    @transaction.atomic
    def redact(self, *, by: Editor, category: str) -> None:
        """Withdraw it for privacy or law, and blank its words and names for good, in history and captures too.

        So it goes with the quotes that were joined into it. Raises Refused for any other category,
        for a quote that was joined into another, and for one that is blank already.
        """
        from .corrections import (
            note_withdrawals,
        )  # it and the next know citations, which know quotes
        from .redaction import blank

        self.refresh_from_db(from_queryset=Quote.objects.select_for_update())
        if category not in {Withdrawal.PRIVACY, Withdrawal.LEGAL}:
            raise Refused(str(_("Words are blanked for privacy or legal reasons only.")))
        if self.joined_into_id:
            raise Refused(str(_("It was joined into another quote: redact that one.")))
        if self.redacted_at:
            raise Refused(str(_("Its words were blanked before.")))
        quotes = [self, *self.absorbed.all()]
        references = {quote.pk: quote.reference for quote in quotes}
        blank(quotes, by=by, category=category)
        for quote in quotes:
            if quote.published_at and not quote.is_withdrawn:
                quote._to_withdrawn(by=by, category=category, reason=str(_("Redacted")))
                note_withdrawals([quote], by=by)
            quote.withdrawal_category = category if quote.published_at else ""
            quote.redacted_at, quote._history_user = timezone.now(), by
            if reference := references[quote.pk]:
                quote.reference = self.blanked_reference(reference)
            quote.save()
        search.catch_up()

    @staticmethod
    def blanked_reference(reference: str) -> str:
        """What stands for the outside key of a redacted quote: by it an import knows not to bring the words back."""
        return f"{_BLANKED}{hashlib.sha256(reference.encode()).hexdigest()[:32]}"


class JointSpeaker(models.Model):
    """Who else made the same statement, with the position then."""

    quote = models.ForeignKey(
        Quote, models.CASCADE, related_name="joint_speakers", verbose_name=_("quote")
    )
    speaker = models.ForeignKey(
        Speaker, models.PROTECT, related_name="joint_quotes", verbose_name=_("speaker")
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joint_quotes",
        verbose_name=_("position then"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("joint speaker")
        verbose_name_plural = _("joint speakers")
        ordering = ("quote", "order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("quote", "speaker"), name="a_joint_speaker_is_named_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.speaker)

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.position and self.speaker_id and self.position.person_id != self.speaker_id:
            problems["position"] = _(
                "That position is not the speaker's. Choose one of the speaker's own."
            )
        quote = getattr(self, "quote", None)  # a form may give one that is not saved yet
        if quote and self.speaker_id and quote.speaker_id == self.speaker_id:
            problems["speaker"] = _("They are the quote's speaker already.")
        if quote and quote.speaker_id is None:
            problems["speaker"] = _("A joint statement needs a first speaker, who is named.")
        if problems:
            raise ValidationError(problems)
