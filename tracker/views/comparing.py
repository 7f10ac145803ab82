"""Quotes of several speakers side by side: the page of quotes that a list has found, arranged by who said them.

It finds nothing itself and leaves nothing out: the same quotes in the same order, those of one day in one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from tracker import records, search
from tracker.filters import Chosen

__all__ = ["FEWEST", "MOST", "Comparison", "SideRow", "can_compare", "compared", "why_not"]

FEWEST, MOST = 2, 4  # speakers


@dataclass(frozen=True, slots=True)
class SideRow:
    """What was said on one day: by each of the speakers in turn, and by several of them together."""

    said: records.DateReading
    cells: tuple[tuple[records.QuoteRow, ...], ...]  # one for each speaker
    together: tuple[records.QuoteRow, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The columns by their names, and the rows in the list's order."""

    speakers: tuple[records.Link, ...]
    rows: tuple[SideRow, ...]


def can_compare(speakers: Sequence[Chosen]) -> bool:
    return FEWEST <= len(_once(speakers)) <= MOST


def why_not(speakers: Sequence[Chosen]) -> str:
    """What to say where these speakers cannot stand side by side; '' when they can."""
    if can_compare(speakers):
        return ""
    bounds = {"fewest": FEWEST, "most": MOST}
    return _("Choose %(fewest)d to %(most)d speakers to see them side by side.") % bounds


def compared(
    speakers: Sequence[Chosen],
    quotes: Sequence[search.ShownQuote],
    rows: Sequence[records.QuoteRow],
) -> Comparison | None:
    """The rows, each of one of the quotes, side by side; None when the speakers are too few or too many."""
    if not can_compare(speakers):
        return None
    columns = {key: number for number, key in enumerate(_once(speakers))}
    links = tuple(
        records.speaker_link(each.label, each.canonical) for each in _once(speakers).values()
    )
    pairs = zip(quotes, rows, strict=True)
    by_day = groupby(pairs, key=lambda pair: pair[0].said_on)
    days = (_row([*some], columns) for _day, some in by_day)
    return Comparison(links, tuple(days))


def _once(speakers: Sequence[Chosen]) -> dict[int, Chosen]:
    """Each speaker once, by id, whatever names they were asked for by."""
    once: dict[int, Chosen] = {}
    for each in speakers:
        once.setdefault(each.key, each)
    return once


def _row(
    pairs: Sequence[tuple[search.ShownQuote, records.QuoteRow]], columns: dict[int, int]
) -> SideRow:
    cells: list[list[records.QuoteRow]] = [[] for _column in columns]
    together: list[records.QuoteRow] = []
    for quote, row in pairs:
        theirs = [columns[each.id] for each in quote.by if each.id in columns]
        place = cells[theirs[0]] if len(theirs) == 1 else together
        place.append(row)
    said = records.date_reading(pairs[0][0].said_on, short=True)
    return SideRow(said, tuple(map(tuple, cells)), tuple(together))
