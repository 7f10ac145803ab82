"""How words answer words, for readers: each link from both sides, with the date and the position then on both.

Which links readers may see the models say, and the views ask for them; nothing here looks anything up.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tracker import dates
from tracker.models import Quote, QuoteLink
from tracker.search import ShownQuote

from .quotes import QuoteRow
from .readings import DateReading, Sign, address, date_reading
from .sources import ArticleRecord, article_record
from .speakers import By, bylines

__all__ = [
    "TURNS",
    "WITHDRAWN",
    "LinkRecord",
    "LinkedQuote",
    "Mention",
    "QuoteLinks",
    "Side",
    "link_signs",
    "links_of",
    "mentions",
]

_Kind = QuoteLink.Kind
WITHDRAWN = "⊖"  # wherever somebody takes back what they said

_GLYPHS = {
    _Kind.REPEATS: "=",
    _Kind.SAYS_OTHERWISE: "↶",
    _Kind.WITHDRAWS: WITHDRAWN,
    _Kind.CORRECTS: "±",
    _Kind.CLARIFIES: "i",
    _Kind.DENIES: "¬",
    _Kind.ANSWERS: "→",
}
_LOUD = {_Kind.SAYS_OTHERWISE, _Kind.WITHDRAWS, _Kind.DENIES}
# Where a timeline turns: a diamond instead of a ring.
TURNS = frozenset({_Kind.SAYS_OTHERWISE, _Kind.WITHDRAWS})


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a link: when it was said, and by whom as what then."""

    said: DateReading
    by: tuple[By, ...]


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link as one of its two quotes shows it: what the other one does or what became of it."""

    id: int
    kind: str
    sign: Sign  # of the other quote: “Says otherwise” of a later one, “Said otherwise later” of an earlier one
    here_sign: Sign  # the same from this side
    is_earlier: bool  # whether the other quote is the earlier one
    is_turn: bool  # whether the other quote is where the words turn
    note: str
    asserted_in: ArticleRecord | None  # the outlet's article that says so; None when we do


@dataclass(frozen=True, slots=True)
class LinkedQuote:
    """The other quote of a link, or of several: it is told once, with all that joins it to this one."""

    other: QuoteRow
    said: DateReading  # in full
    links: tuple[LinkRecord, ...]  # never empty

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(dict.fromkeys(each.sign for each in self.links))

    @property
    def is_turn(self) -> bool:
        return any(each.is_turn for each in self.links)


@dataclass(frozen=True, slots=True)
class QuoteLinks:
    """All quotes that a quote answers and that answer it, each in order of time; what has no date stands apart."""

    here: Side
    signs: tuple[Sign, ...]  # what this quote does with the others, and what became of it
    is_turn: bool
    before: tuple[LinkedQuote, ...]
    since: tuple[LinkedQuote, ...]
    undated: tuple[LinkedQuote, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A link told in a timeline, at one of its quotes: a phrase that leads to the other one."""

    id: int
    sign: Sign
    phrase: str  # “Says otherwise than on 18 August 1988”
    url: str
    is_back: bool  # whether it leads to the earlier quote
    turns: bool  # whether the words turn at the later one
    note: str
    asserted_in: ArticleRecord | None


def link_signs(kind: str) -> tuple[Sign, Sign]:
    """How the later quote of a link is marked, and how the earlier one."""
    later = {
        _Kind.REPEATS: _("Repeats"),
        _Kind.SAYS_OTHERWISE: _("Says otherwise"),
        _Kind.WITHDRAWS: _("Withdraws"),
        _Kind.CORRECTS: _("Corrects"),
        _Kind.CLARIFIES: _("Clarifies"),
        _Kind.DENIES: _("Denies having said it"),
        _Kind.ANSWERS: _("Answers"),
    }
    earlier = {
        _Kind.REPEATS: _("Repeated later"),
        _Kind.SAYS_OTHERWISE: _("Said otherwise later"),
        _Kind.WITHDRAWS: _("Withdrawn later"),
        _Kind.CORRECTS: _("Corrected later"),
        _Kind.CLARIFIES: _("Clarified later"),
        _Kind.DENIES: _("Later denied having said it"),
        _Kind.ANSWERS: _("Answered later"),
    }
    known = _Kind(kind)
    glyph, loud = _GLYPHS[known], known in _LOUD
    return Sign(glyph, later[known], loud), Sign(glyph, earlier[known], loud)


def links_of(
    quote: Quote | ShownQuote, links: Iterable[QuoteLink], others: Mapping[int, QuoteRow]
) -> QuoteLinks | None:
    """From links of this quote with their quotes and articles, and the rows of the other quotes; None without any.

    A link whose other quote has no row is left out.
    """
    found: dict[str, dict[int, list[LinkRecord]]] = {"before": {}, "since": {}, "undated": {}}
    said: dict[int, DateReading] = {}
    for link in sorted(links, key=_in_time(quote.id)):
        is_earlier = link.later_id == quote.id
        other = link.earlier if is_earlier else link.later
        if (row := others.get(other.pk)) is not None:
            dated = "before" if is_earlier else "since"
            place = found[dated if row.said.known else "undated"]
            place.setdefault(other.pk, []).append(_record(link, is_earlier))
            said[other.pk] = date_reading(other.said_on)
    told = {
        place: tuple(LinkedQuote(others[pk], said[pk], tuple(each)) for pk, each in quotes.items())
        for place, quotes in found.items()
    }
    every = [each for quotes in told.values() for linked in quotes for each in linked.links]
    if not every:
        return None
    signs = tuple(dict.fromkeys(each.here_sign for each in every))
    is_turn = any(each.kind in TURNS for each in every if each.is_earlier)
    return QuoteLinks(Side(date_reading(quote.said_on), bylines(quote)), signs, is_turn, **told)


def _in_time(quote_id: int) -> Callable[[QuoteLink], tuple[bool, date, int, int]]:
    """By the other quote's day, undated ones last; those of one day in the order in which they were recorded."""

    def key(link: QuoteLink) -> tuple[bool, date, int, int]:
        other = link.earlier if link.later_id == quote_id else link.later
        return other.said_earliest is None, other.said_earliest or date.max, other.pk, link.pk

    return key


def _record(link: QuoteLink, is_earlier: bool) -> LinkRecord:
    of_later, of_earlier = link_signs(link.kind)
    return LinkRecord(
        id=link.pk,
        kind=link.kind,
        sign=of_earlier if is_earlier else of_later,
        here_sign=of_later if is_earlier else of_earlier,
        is_earlier=is_earlier,
        is_turn=not is_earlier and link.kind in TURNS,
        note=link.note,
        asserted_in=article_record(link.asserted_in) if link.asserted_in else None,
    )


def mentions(links: Sequence[QuoteLink], on_page: Container[int]) -> dict[int, list[Mention]]:
    """For each quote of a page what it answers, then what answers it; from links in order, with their quotes and articles.

    A mention leads to the other quote on the page, as `#quote-12`, or else to that quote's own page.
    """
    found: dict[int, list[Mention]] = {}
    for is_back in (True, False):
        for link in links:
            this, other = (link.later, link.earlier) if is_back else (link.earlier, link.later)
            if this.pk in on_page:
                found.setdefault(this.pk, []).append(_mention(link, other, is_back, on_page))
    return found


def _mention(link: QuoteLink, other: Quote, is_back: bool, on_page: Container[int]) -> Mention:
    sign = link_signs(link.kind)[0 if is_back else 1]
    when = date_reading(other.said_on).words
    phrase = _answering(link.kind, other.said_on) if is_back else ""
    return Mention(
        id=link.pk,
        sign=sign,
        phrase=phrase or _("%(word)s: %(date)s") % {"word": sign.word, "date": when},
        url=f"#quote-{other.pk}" if other.pk in on_page else address("quote-bare", other.pk),
        is_back=is_back,
        turns=link.kind in TURNS,
        note=link.note,
        asserted_in=article_record(link.asserted_in) if link.asserted_in else None,
    )


def _answering(kind: str, said_on: str) -> str:
    """“Says otherwise than on 18 August 1988”."""
    phrase = {
        _Kind.REPEATS: _("Repeats what was said %(then)s"),
        _Kind.SAYS_OTHERWISE: _("Says otherwise than %(then)s"),
        _Kind.WITHDRAWS: _("Withdraws what was said %(then)s"),
        _Kind.CORRECTS: _("Corrects what was said %(then)s"),
        _Kind.CLARIFIES: _("Clarifies what was said %(then)s"),
        _Kind.DENIES: _("Denies having said so %(then)s"),
        _Kind.ANSWERS: _("Answers what was said %(then)s"),
    }[_Kind(kind)]
    return phrase % {"then": _then(said_on)}


def _then(said_on: str) -> str:
    """“on 18 August 1988”, “in 1988”, “earlier (about 1988)”: a date within a phrase, as precise as it is."""
    told = {"date": date_reading(said_on).words}
    known = dates.parse(said_on) if said_on else None
    plain = known is not None and not known.qualifier and "X" not in known.text
    if known and plain and known.precision in ("day", "time"):
        return _("on %(date)s") % told
    if known and plain and known.precision in ("month", "year"):
        return _("in %(date)s") % told
    return _("earlier (%(date)s)") % told
