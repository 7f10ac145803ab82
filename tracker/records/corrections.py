"""The public shape of a correction: what was wrong, what it said before and says now, and what it is about.

Of what was withdrawn it tells the kind of record and the category, no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.anchoring import Part, difference
from tracker.models import Correction

from .quotes import quote_title
from .readings import DateReading, Link, day_reading, words_of
from .sources import source_name
from .speakers import bylines

__all__ = ["CorrectionRecord", "correction_records"]

_LONGEST_COMPARED = 4_000  # characters: longer ones stand below each other

_NOUNS = {
    "quote": gettext_lazy("Quote"),
    "speaker": gettext_lazy("Speaker"),
    "position": gettext_lazy("Position"),
    "article": gettext_lazy("Article"),
    "link": gettext_lazy("Link between quotes"),
    "claim": gettext_lazy("Claim"),
    "review": gettext_lazy("Review of a claim"),
}
_WITHDRAWN = {
    "quote": gettext_lazy("A quote was withdrawn"),
    "link": gettext_lazy("A link between two quotes was withdrawn"),
    "claim": gettext_lazy("A claim was withdrawn"),
    "review": gettext_lazy("A review of a claim was withdrawn"),
}
# What is corrected most, as it is stored; the desk can name any other part of a record in words of its own.
_FIELDS = {
    "words": gettext_lazy("words"),
    "speaker": gettext_lazy("speaker"),
    "said on": gettext_lazy("said on"),
    "position then": gettext_lazy("position then"),
    "attribution": gettext_lazy("attribution"),
    "reason for the attribution": gettext_lazy("reason for the attribution"),
    "title": gettext_lazy("title"),
    "organisation": gettext_lazy("organisation"),
    "verdict": gettext_lazy("verdict"),
    "verdict there": gettext_lazy("verdict there"),
    "claim": gettext_lazy("claim"),
    "kind": gettext_lazy("kind"),
    "due": gettext_lazy("due"),
    "summary": gettext_lazy("summary"),
    "reviewed on": gettext_lazy("reviewed on"),
    "what it does": gettext_lazy("what it does"),
    "note": gettext_lazy("note"),
    "later quote": gettext_lazy("later quote"),
    "earlier quote": gettext_lazy("earlier quote"),
}
_ATTRIBUTIONS = {
    "Unverified": gettext_lazy("Unverified"),
    "Confirmed": gettext_lazy("Confirmed"),
    "Disputed": gettext_lazy("Disputed"),
    "Misattributed": gettext_lazy("Misattributed"),
}


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """One correction. Where what was corrected cannot be seen, `about` has its address at most, and no words."""

    id: int
    kind: str  # its slug
    kind_name: str
    made: DateReading
    noun: str  # “Review of a claim”
    about: Link
    about_is_ours: bool  # its name is in the desk's own words: those of a claim
    own: bool  # it stands on the page of what was corrected
    review: int | None  # the review that was corrected, which stands on its claim's page
    field: str
    field_is_known: bool  # it is in the reader's language; otherwise in the desk's own words
    before: str
    after: str
    parts: tuple[Part, ...]  # how they differ: the words before are `put in`, those now `left out`
    text: str
    withdrawn: str  # “A quote was withdrawn: Privacy”; '' of every other correction

    @property
    def says_what_changed(self) -> bool:
        return bool(self.before or self.after)


def correction_records(
    corrections: Iterable[Correction], own: Model | None = None
) -> tuple[CorrectionRecord, ...]:
    """From corrections of `open_to_readers()` and `to_show()`; `own` is the record on whose page they stand."""
    return tuple(_record(each, own) for each in corrections)


def _record(correction: Any, own: Model | None) -> CorrectionRecord:
    column = next(name for name in _NOUNS if getattr(correction, f"{name}_id"))
    record = getattr(correction, column)
    seen = correction.record_is_open
    withdrawal = correction.kind == Correction.Kind.WITHDRAWAL
    before, after = _change(correction) if seen else ("", "")
    return CorrectionRecord(
        id=correction.pk,
        kind=correction.kind,
        kind_name=str(correction.get_kind_display()),
        made=day_reading(correction.made_on),
        noun=str(_NOUNS[column]),
        about=_about(column, record, correction) if seen else _gone(column, record),
        about_is_ours=seen and column in ("claim", "review"),
        own=record == own,
        review=correction.review_id,
        field=str(_FIELDS.get(correction.field, correction.field)) if seen else "",
        field_is_known=correction.field in _FIELDS,
        before=before,
        after=after,
        parts=_difference(before, after),
        text=correction.text if seen else "",
        withdrawn=_withdrawn(column, record) if withdrawal else "",
    )


def _change(correction: Correction) -> tuple[str, str]:
    """What it said before and says now; an attribution is told in the reader's language."""
    known = _ATTRIBUTIONS if correction.field == "attribution" else {}
    before, after = correction.before, correction.after
    return str(known.get(before, before)), str(known.get(after, after))


def _difference(before: str, after: str) -> tuple[Part, ...]:
    """By words, when some of them stayed; nothing when it is plainer to read one after the other."""
    if not (before and after) or len(before) + len(after) > _LONGEST_COMPARED:
        return ()
    parts = difference(before, after)
    return parts if any(part.kind == "same" for part in parts) else ()


def _withdrawn(column: str, record: Any) -> str:
    """“A quote was withdrawn: Privacy”. One that was published again since has no category any more."""
    told = str(_WITHDRAWN.get(column, ""))
    if not record.is_withdrawn:
        return told
    why = {"what": told, "category": record.get_withdrawal_category_display()}
    return _("%(what)s: %(category)s") % why


def _gone(column: str, record: Any) -> Link:
    """The address where it says why it is gone; of what is held, or is no page, there is none."""
    bare = {"quote": "quote-bare", "claim": "claim-bare"}.get(column)
    return Link("", reverse(bare, args=[record.pk]) if bare and record.is_withdrawn else "")


def _about(column: str, record: Any, correction: Any) -> Link:
    """What was corrected, by its name and with its page."""
    if column == "quote":
        return Link(_titled(record), record.get_absolute_url())
    if column == "link":
        return Link(_titled(record.later), record.get_absolute_url())
    if column == "position":
        named = {"who": record.person.name, "title": record.title}
        return Link(_("%(who)s, %(title)s") % named, record.person.get_absolute_url())
    if column == "article":
        page = record.get_absolute_url() if correction.article_has_page else ""
        return Link(record.headline or source_name(record), page)
    if column == "review":
        page = record.get_absolute_url() if correction.claim_is_open else ""
        return Link(record.claim.text, page)
    return Link(record.text if column == "claim" else record.name, record.get_absolute_url())


def _titled(quote: Any) -> str:  # a published quote, which has a lead
    """“Jason Kwon, 26 May 2025: “infrastructure is destiny””, by the first of its speakers."""
    who = quote.speaker.name if quote.speaker else bylines(quote)[0].name
    return quote_title(who, quote, words_of(quote.lead, quote))
