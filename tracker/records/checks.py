"""What readers are told of the words in their source: what was found, when and in which copy, and where to see them.

Says what was seen and when, never why: a page that does not answer may answer again. It shows what the verbs of
checking have settled; a doubt is for the desk.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.anchoring import Part, difference
from tracker.models import Capture, Citation

from .readings import DateReading, day_reading

__all__ = ["CheckRecord", "check_record"]


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """What came of looking for the words in a copy of their source."""

    sentence: str  # “Word for word in a page fetched on 26 May 2025.”
    difference: tuple[Part, ...]  # the record's words are `put in`, the copy's `left out`
    language: str  # a tag, of these words
    direction: str
    headline_then: str  # where it is another one than now
    live: str  # leads to the very words on the page; '' where nothing does
    archived: str  # and in the archived copy


def check_record(
    citation: Citation, *, theirs: bool, address: str, archive: str, direction: str
) -> CheckRecord | None:
    """From a citation with the copy that it was checked in; None of one that nobody has looked for.

    `theirs`: the words are the speaker's own; `address` and `archive` are those of its article.
    """
    copy = citation.checked_in
    if copy is None or citation.check_result == Citation.Check.UNCHECKED:
        return None
    headline = copy.headline if copy.headline != citation.article.headline else ""
    there = citation.words_there
    return CheckRecord(
        sentence=_sentence(citation, copy, theirs),
        difference=difference(citation.text, there) if there else (),
        language=citation.language or "und",
        direction=direction,
        headline_then=headline,
        live=_to_the_words(address, citation.fragment),
        archived=_to_the_words(copy.archive_url or archive, citation.fragment),
    )


def _sentence(citation: Citation, copy: Capture, theirs: bool) -> str:
    check = Citation.Check(citation.check_result)
    found = {
        Citation.Check.EXACT: _("Word for word") if theirs else _("As printed"),
        Citation.Check.ABRIDGED: _("Abridged, as its marks say, from the words"),
        Citation.Check.ALTERED: _("Other words than these stand"),
        Citation.Check.MOVED: _("Word for word, but elsewhere than before,"),
        Citation.Check.MISSING: _("Not found"),
    }[check]
    said = _("%(found)s %(where)s.") % {"found": found, "where": _where(copy)}
    checked = _day(citation.checked_at) if citation.checked_at else None
    if checked is not None and checked != _day(copy.taken_at):
        said = _("%(sentence)s Checked on %(date)s.") % {"sentence": said, "date": checked}
    before = citation.anchored_in
    if before is None or before == copy or not citation.words_are_lost:
        return said
    return _("%(sentence)s Found before %(where)s.") % {"sentence": said, "where": _where(before)}


def _where(copy: Capture) -> str:
    """“in a page fetched on 26 May 2025”: how the copy was made is how much it proves."""
    phrase = {
        Capture.Method.FETCHED: _("in a page fetched on %(date)s"),
        Capture.Method.WEB_ARCHIVE: _("in a copy in a web archive, of %(date)s"),
        Capture.Method.UPLOADED: _("in a file uploaded on %(date)s"),
        Capture.Method.SCREENSHOT: _("in a screenshot of %(date)s"),
        Capture.Method.TYPED: _("in text typed by an editor on %(date)s, which is no proof"),
    }[Capture.Method(copy.method)]
    return phrase % {"date": _day(copy.taken_at)}


def _day(moment: datetime) -> DateReading:
    return day_reading(timezone.localtime(moment).date())


def _to_the_words(address: str, fragment: str) -> str:
    """The address with the text fragment; '' without either."""
    if not (address and fragment):
        return ""
    return f"{address}{'' if '#' in address else '#'}{fragment}"
