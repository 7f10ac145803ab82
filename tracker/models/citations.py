"""How one source gives one quote: its wording there, where it stands, and how it was checked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .fields import LanguageField, LineField, WordsField
from .quotes import Quote
from .sources import Article, Capture
from .statuses import Refused

__all__ = ["NO_OUTER_MARKS", "Citation", "is_in_quotation_marks"]

NO_OUTER_MARKS = _("Leave out the outer quotation marks.")

_QUOTATION_MARKS = ("“”", '""', "„“", "„”", "‘’", "«»", "「」", "『』")


class Citation(models.Model):
    """One source giving one quote."""

    class LocatorKind(models.TextChoices):
        PAGE = "page", _("page")
        TIME = "time", _("time")
        PARAGRAPH = "paragraph", _("paragraph")
        SHELF_MARK = "shelf mark", _("shelf mark")

    class Basis(models.TextChoices):
        RECORDING = "recording", _("Recording")
        TRANSCRIPT = "transcript", _("Transcript")
        PREPARED_TEXT = "prepared text", _("Prepared text")
        OWN_PUBLICATION = "own publication", _("Own publication")
        REPORTER_PRESENT = "reporter present", _("Reporter present")
        RE_REPORT = "re-report", _("Re-report")
        SCREENSHOT = "screenshot", _("Screenshot")
        UNKNOWN = "unknown", _("Not known")

    class Role(models.TextChoices):
        REPORTS = "reports", _("Reports the words")
        EARLIEST_KNOWN = "earliest known", _("Earliest on record")
        ATTRIBUTES_WRONGLY = "attributes wrongly", _("Attributes them wrongly")
        EVIDENCE = "evidence on attribution", _("Evidence on who said these words")

    class Check(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked")
        EXACT = "exact", _("Word for word")
        ABRIDGED = "abridged", _("Abridged")
        ALTERED = "altered", _("Altered")
        MOVED = "moved", _("Moved")
        MISSING = "missing", _("Not found")

    # What `translated_by` holds when it is not a name.
    THE_OUTLET, MACHINE, NOT_NAMED = "the outlet", "machine", "not named"

    quote = models.ForeignKey(
        Quote, models.CASCADE, related_name="citations", verbose_name=_("quote")
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="citations", verbose_name=_("article")
    )
    text = WordsField(
        _("words"),
        help_text=_("Exactly as printed there, without the outer quotation marks."),
    )
    language = LanguageField(_("language"), help_text=_("Of these words: en, ko, fr ..."))
    translated_by = LineField(
        _("translated by"),
        max_length=200,
        blank=True,
        default="",
        help_text=_(
            "A name, or one of: the outlet, machine, not named. Empty: these words are no translation, or that is not known."
        ),
    )
    attributed_as = LineField(
        _("named there as"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("How the source names the speaker: CSO Kwon."),
    )
    locator = LineField(
        _("place in the source"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("12, or 00:14:05."),
    )
    locator_kind = models.CharField(
        _("which is a"), max_length=10, choices=LocatorKind, blank=True, default=""
    )
    basis = models.CharField(_("basis"), max_length=16, choices=Basis, default=Basis.UNKNOWN)
    role = models.CharField(_("role"), max_length=23, choices=Role, default=Role.REPORTS)
    # Where the words stand in the captured text (W3C Web Annotation Data Model, sections 4.2.4 and 4.2.5).
    exact = models.TextField(_("exact"), blank=True, default="", editable=False)
    prefix = models.TextField(_("prefix"), blank=True, default="", editable=False)
    suffix = models.TextField(_("suffix"), blank=True, default="", editable=False)
    start = models.PositiveIntegerField(_("start"), null=True, editable=False)
    end = models.PositiveIntegerField(_("end"), null=True, editable=False)
    anchored_in = models.ForeignKey(
        Capture, models.RESTRICT, null=True, editable=False, related_name="anchors"
    )
    checked_in = models.ForeignKey(
        Capture, models.RESTRICT, null=True, editable=False, related_name="checks"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_result = models.CharField(  # a field named `check` would hide Django's Model.check()
        _("check"),
        max_length=9,
        choices=Check,
        default=Check.UNCHECKED,
        editable=False,
        db_index=True,
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("quote", "id")
        indexes = (models.Index(fields=("language", "quote"), name="citations_by_language"),)
        constraints = (
            models.UniqueConstraint(
                fields=("quote", "article", "locator"), name="a_quote_is_cited_once_from_a_place"
            ),
            models.CheckConstraint(
                condition=Q(check_result="unchecked")
                | Q(checked_in__isnull=False, checked_at__isnull=False),
                name="checked_citation_names_its_copy",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lte=models.F("end")),
                name="citation_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(locator_kind="") | ~Q(locator=""),
                name="kind_of_locator_needs_a_locator",
                violation_error_message=_(
                    "Give the place in the source too: the page, the time ..."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.text[:60]}{'…' if len(self.text) > 60 else ''} — {self.article}"

    @property
    def gives_the_words(self) -> bool:
        """Whether it prints the quote, rather than being evidence on who said it."""
        return self.role != self.Role.EVIDENCE

    @property
    def has_copy(self) -> bool:
        """Whether there is a copy of its source that the words can be looked for in."""
        return self.anchored_in_id is not None

    @property
    def on_paper(self) -> bool:
        return self.article.is_on_paper

    @property
    def place(self) -> tuple[int, str]:
        """Where its words stand: a quote is cited from there once."""
        return self.article_id, self.locator

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        for name in ("anchored_in", "checked_in"):
            capture = getattr(self, name)
            if capture and capture.article_id != self.article_id:
                problems["article"] = _("It was checked in a copy of another article.")
        if self.gives_the_words and is_in_quotation_marks(self.text):
            problems["text"] = NO_OUTER_MARKS
        if self.pk and Quote.objects.filter(lead=self.pk).exclude(pk=self.quote_id).exists():
            problems["quote"] = _("It leads the quote that it belongs to.")
        if problems:
            raise ValidationError(problems)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Refused for the citation that leads its quote."""
        try:
            return super().delete(*args, **kwargs)
        except models.RestrictedError as error:
            raise Refused(
                str(_("It leads its quote: choose another leading citation first."))
            ) from error


def is_in_quotation_marks(text: str) -> bool:
    """Whether one pair of marks encloses the whole of it; ‘no’ or ‘yes’ begins and ends with two pairs."""
    marks, within = text[:1] + text[-1:], text[1:-1]
    return marks in _QUOTATION_MARKS and not any(mark in within for mark in marks)
