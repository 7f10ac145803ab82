"""How one source gives one quote: its wording there, where it stands, and how it was checked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import anchoring, search

from .fields import LanguageField, LineField, WordsField
from .quotes import Quote
from .sources import Article, Capture
from .statuses import Editor, Refused

__all__ = ["NO_OUTER_MARKS", "Citation", "is_in_quotation_marks"]

NO_OUTER_MARKS = _("Leave out the outer quotation marks.")

_QUOTATION_MARKS = ("“”", '""', "„“", "„”", "‘’", "«»", "「」", "『』")


# The words are there.
_FOUND = (anchoring.Result.EXACT, anchoring.Result.ABRIDGED, anchoring.Result.MOVED)
# Two looks that find the same are that far apart before readers are told of it.
_APART = timedelta(days=1)
# A page of its usual length is no shorter and no longer, as a share of it: a wall before it is much shorter.
_SHORTEST, _LONGEST = 2 / 3, 3


@dataclass(frozen=True, slots=True)
class _Look:
    """A copy, and how long its page usually is, in characters (0: not known)."""

    capture: Capture
    usual: int

    @property
    def counts(self) -> bool:
        return self.would_count(self.capture, len(self.capture.text))

    def would_count(self, capture: Capture, length: int) -> bool:
        """Whether what is not found in a copy of that length counts: it was seen on the web, at its usual length."""
        at_usual_length = (
            not self.usual or _SHORTEST * self.usual <= length <= _LONGEST * self.usual
        )
        return capture.was_seen_on_the_web and at_usual_length


class CitationQuerySet(models.QuerySet["Citation"]):
    def doubted(self) -> Self:
        """Those whose words a look did not find, or found altered, of which readers are not told yet."""
        return self.exclude(doubt="")

    def anchor(self, capture: Capture, *, by: Editor) -> Counter[str]:
        """Keep where the words of each stand in this copy, and return how many came out how; those that have an
        anchor are left alone, and so are those whose words are not there: nothing says that they ever were.
        """
        return self.filter(anchored_in=None)._look_in(capture, by=by, noting=_FOUND)

    def check_against(self, capture: Capture, *, by: Editor) -> Counter[str]:
        """Look for the words of each in this copy, and return how many came out how; those of other articles are
        left alone, and all when the copy has no text. What readers are told of it: see `Citation.check_against`.
        """
        return self._look_in(capture, by=by, noting=tuple(anchoring.Result))

    @transaction.atomic
    def _look_in(
        self, capture: Capture, *, by: Editor, noting: Sequence[anchoring.Result]
    ) -> Counter[str]:
        """What is found is kept when it is one of `noting`; all of it is counted."""
        of_article = self.filter(article=capture.article_id) if capture.text else self.none()
        citations = of_article.ready_to_check()
        before = {each.pk: each._shown() for each in citations}
        look = _Look(capture, _usual_length(capture))
        earlier = _lengths(each.doubted_in_id for each in citations)
        results: Counter[str] = Counter()
        for each in citations:
            found = anchoring.check(each.anchors, each.text, capture.text)
            if found.result in noting:
                each._note(found, look, earlier)
            results[found.result.value] += 1
        self.model._default_manager.bulk_update(citations, Citation.CHECK_FIELDS, batch_size=500)
        changed = [each for each in citations if each._shown() != before[each.pk]]
        Citation.history.bulk_history_create(changed, update=True, default_user=by)
        search.catch_up()
        return results

    @transaction.atomic
    def confirm_checks(self, *, by: Editor) -> int:
        """Let readers see what the looks found, and return of how many citations."""
        doubted = self.doubted().ready_to_check()
        for citation in doubted:
            citation.confirm_check(by=by)
        return len(doubted)

    @transaction.atomic
    def dismiss_checks(self, *, by: Editor) -> int:
        """Say that the looks were at no true copies, and return of how many citations."""
        doubted = self.doubted().ready_to_check()
        for citation in doubted:
            citation._dismiss()
        self.model._default_manager.bulk_update(doubted, Citation.CHECK_FIELDS, batch_size=500)
        Citation.history.bulk_history_create(doubted, update=True, default_user=by)
        search.catch_up()
        return len(doubted)

    def ready_to_check(self) -> list["Citation"]:
        """They, each once, with the copies that they were checked in, but not the texts of these; locked where
        the database can."""
        once = self.model._default_manager.filter(pk__in=self.values("pk"))
        copies = ("checked_in", "doubted_in")
        return list(
            once.select_for_update(of=("self",))
            .select_related(*copies)
            .defer(*(f"{each}__text" for each in copies))
            .order_by("pk")
        )


def _lengths(captures: Any) -> dict[int, int]:
    """Of the texts of these copies, in characters."""
    known = Capture.objects.filter(pk__in={each for each in captures if each})
    return dict(known.annotate(length=Length("text")).values_list("pk", "length"))


def _usual_length(capture: Capture) -> int:
    """How long the page is when it has the words, in characters; else how long it was at most. 0: not known."""
    pages = Capture.objects.filter(article=capture.article_id, method__in=Capture.ON_THE_WEB)
    others = pages.exclude(pk=capture.pk)
    known = others.exclude(text="").annotate(length=Length("text")).order_by("length")
    having = known.filter(Q(anchors__isnull=False) | Q(checks__check_result__in=_FOUND)).distinct()
    lengths = list(having.values_list("length", flat=True))
    return median_low(lengths) if lengths else known.values_list("length", flat=True).last() or 0


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
    # Where the words stand in the copy that they are anchored in, part by part, as `anchoring.to_json` has it
    # (W3C Web Annotation Data Model, sections 4.2.4 and 4.2.5), and where the first begins and the last ends.
    selectors = models.JSONField(_("selectors"), blank=True, default=list, editable=False)
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
    # What stands in the checked copy when it is not these words, and what leads a browser to it.
    words_there = models.TextField(_("words there"), blank=True, default="", editable=False)
    fragment = models.TextField(_("text fragment"), blank=True, default="", editable=False)
    # What a look found, while readers are not told of it yet.
    doubt = models.CharField(
        _("doubt"), max_length=9, choices=Check, blank=True, default="", editable=False
    )
    doubted_in = models.ForeignKey(
        Capture, models.RESTRICT, null=True, editable=False, related_name="doubts"
    )
    # The ids of copies of which an editor said that what was found there counts for nothing.
    dismissed_in = models.JSONField(_("dismissed in"), blank=True, default=list, editable=False)
    history = HistoricalRecords()

    objects = CitationQuerySet.as_manager()

    # What the verbs of checking write.
    CHECK_FIELDS = (
        *("selectors", "start", "end", "anchored_in", "checked_in", "checked_at", "check_result"),
        *("words_there", "fragment", "doubt", "doubted_in", "dismissed_in"),
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("quote", "id")
        indexes = (
            models.Index(fields=("language", "quote"), name="citations_by_language"),
            models.Index(fields=("id",), condition=~Q(doubt=""), name="citations_in_doubt"),
        )
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
                condition=Q(doubt="", doubted_in__isnull=True)
                | ~Q(doubt="") & Q(doubted_in__isnull=False),
                name="doubt_names_its_copy",
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
    def words_are_lost(self) -> bool:
        """Whether readers are told that they do not stand there, or not so."""
        return self.check_result in (self.Check.ALTERED, self.Check.MISSING)

    @property
    def on_paper(self) -> bool:
        return self.article.is_on_paper

    @property
    def place(self) -> tuple[int, str]:
        """Where its words stand: a quote is cited from there once."""
        return self.article_id, self.locator

    @property
    def anchors(self) -> tuple[anchoring.Selector, ...]:
        """Where its words stand in the copy that they are anchored in; none while they are in none."""
        return anchoring.from_json(self.selectors)

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.has_other_words():
            self.forget_check()
        for name in ("anchored_in", "checked_in", "doubted_in"):
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

    # ---- Checking ----

    @transaction.atomic
    def anchor(
        self, capture: Capture, *, by: Editor, parts: Sequence[tuple[int, int]] = ()
    ) -> anchoring.Result:
        """Keep where its words stand in this copy of its article, and what comes of checking them there.

        `parts` are the stretches of the copy's text that are the words, from start to end in characters, as an
        import or an editor marked them; without them the words are looked for. Raises Refused when they are not
        there, for a copy without a text and for one of another article.
        """
        self._must_be_of(capture)
        (now,) = self._alone().ready_to_check()
        marked = anchoring.select(capture.text, parts)
        found = anchoring.check(marked, now.text, capture.text)
        if found.result not in _FOUND:
            raise Refused(str(_("Its words are not in that copy.")))
        now._keep_anchors(marked or found.selectors, capture)
        now._note(found, _Look(capture, _usual_length(capture)), _lengths([now.doubted_in_id]))
        self._saved_from(now, by)
        return found.result

    def check_against(self, capture: Capture, *, by: Editor) -> anchoring.Result:
        """Look for its words in this copy of its article, and return what was found.

        Readers are told at once when they are there. That they are altered or missing they are told when a second
        look, a day later or more, finds the same, both on the web and at the usual length of the page; or when an
        editor confirms it. Until then it is its `doubt`. A copy that is older, or proves less, than the one that
        readers are told of changes nothing. Raises Refused for a copy without a text, or of another article.
        """
        self._must_be_of(capture)
        (result,) = self._alone().check_against(capture, by=by)
        self.refresh_from_db(fields=self.CHECK_FIELDS)
        return anchoring.Result(result)

    @transaction.atomic
    def confirm_check(self, *, by: Editor) -> None:
        """Let readers see what the last look found. Raises Refused when there is no doubt."""
        now = self._doubted()
        copy = Capture.objects.get(pk=now.doubted_in_id or 0)
        now._settle(anchoring.check(now.anchors, now.text, copy.text), copy)
        self._saved_from(now, by)

    @transaction.atomic
    def dismiss_check(self, *, by: Editor) -> None:
        """Say that the last look was at no true copy, so that it counts for nothing, nor does another look at that
        copy. Raises Refused when there is no doubt."""
        now = self._doubted()
        now._dismiss()
        self._saved_from(now, by)

    def has_other_words(self) -> bool:
        """Whether its words, or their source, are others than when it was checked."""
        copies = (self.anchored_in_id, self.checked_in_id, self.doubt, self.dismissed_in)
        if self.pk is None or not any(copies):
            return False
        return not self._alone().filter(text=self.text, article=self.article_id).exists()

    def forget_check(self) -> None:
        """As if it had never been checked; it is for the caller to save it."""
        for name in self.CHECK_FIELDS:
            column: Any = self._meta.get_field(name)
            setattr(self, name, column.get_default())

    def _alone(self) -> CitationQuerySet:
        """It as a set of one, for what is done to sets."""
        alone: CitationQuerySet = type(self)._default_manager.filter(pk=self.pk or 0)
        return alone

    def _must_be_of(self, capture: Capture) -> None:
        if capture.article_id != self.article_id:
            raise Refused(str(_("That is a copy of another article.")))
        if not capture.text:
            raise Refused(str(_("That copy has no text to look in.")))

    def _doubted(self) -> "Citation":
        found = self._alone().doubted().ready_to_check()
        if not found:
            raise Refused(str(_("There is nothing to confirm: no look found anything else.")))
        return found[0]

    def _saved_from(self, now: Any, by: Editor) -> None:
        now._history_user = by
        now.save(update_fields=self.CHECK_FIELDS)
        search.catch_up()
        self.refresh_from_db(fields=self.CHECK_FIELDS)

    def _shown(self) -> tuple[Any, ...]:
        return self.check_result, self.doubt, self.anchored_in_id, self.words_there

    def _note(self, found: anchoring.Check, look: _Look, lengths: dict[int, int]) -> None:
        """Settle what was found, or keep it as a doubt; `lengths` are those of the copies of earlier doubts."""
        there = found.result in _FOUND
        dismissed = not there and look.capture.pk in self.dismissed_in
        if dismissed or self._knows_better_than(look.capture):
            return
        if there or (look.counts and self._was_found_before(found, look, lengths)):
            self._settle(found, look.capture)
        elif self.doubt != found.result or not self._doubt_counts(look, lengths):
            self.doubt, self.doubted_in = found.result.value, look.capture

    def _knows_better_than(self, capture: Capture) -> bool:
        known = self.checked_in
        if known is None or known.proves != capture.proves:
            return known is not None and known.proves
        return capture.taken_at < known.taken_at

    def _was_found_before(
        self, found: anchoring.Check, look: _Look, lengths: dict[int, int]
    ) -> bool:
        if self.check_result == found.result:
            return True
        if self.doubt != found.result or self.doubted_in is None:
            return False
        apart = look.capture.taken_at - self.doubted_in.taken_at
        return apart >= _APART and self._doubt_counts(look, lengths)

    def _doubt_counts(self, look: _Look, lengths: dict[int, int]) -> bool:
        first = self.doubted_in
        return first is not None and look.would_count(first, lengths.get(first.pk, 0))

    def _settle(self, found: anchoring.Check, capture: Capture) -> None:
        self.check_result, self.checked_in = found.result.value, capture
        self.checked_at, self.doubt, self.doubted_in = timezone.now(), "", None
        differs = found.result in (anchoring.Result.ALTERED, anchoring.Result.ABRIDGED)
        self.words_there = anchoring.recorded_words(found.selectors) if differs else ""
        self.fragment = anchoring.text_fragment("#", found.selectors, capture.text)[1:]
        if found.result in _FOUND and self.anchored_in_id is None:
            self._keep_anchors(found.selectors, capture)

    def _dismiss(self) -> None:
        self.dismissed_in = [*self.dismissed_in, self.doubted_in_id]
        self.doubt, self.doubted_in = "", None

    def _keep_anchors(self, selectors: Sequence[anchoring.Selector], capture: Capture) -> None:
        self.selectors, self.anchored_in = anchoring.to_json(selectors), capture
        self.start, self.end = selectors[0].start, selectors[-1].end


def is_in_quotation_marks(text: str) -> bool:
    """Whether one pair of marks encloses the whole of it; ‘no’ or ‘yes’ begins and ends with two pairs."""
    marks, within = text[:1] + text[-1:], text[1:-1]
    return marks in _QUOTATION_MARKS and not any(mark in within for mark in marks)
