"""Numbers that the counters know by heart, whatever the size of the record. Only published quotes are in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from .engines import among, fetched
from .entries import ALL
from .shelves import CLAIMS, QUOTES, Shelf

__all__ = ["OnRecord", "claims_counted", "counted", "most_counted", "on_record"]

_OPEN = (1, 9999)  # the years of ends that are not known


@dataclass(frozen=True, slots=True)
class OnRecord:
    """How many quotes there are that are not wrongly attributed, and the first and last year of them, if known."""

    quotes: int
    first: int | None
    last: int | None


def counted(facet: str, ids: Iterable[int]) -> dict[int, int]:
    """How many quotes each of these records has, the wrongly attributed left out; those without any are left out."""
    return _counted(QUOTES, facet, ids)


def claims_counted(facet: str, ids: Iterable[int]) -> dict[int, int]:
    """How many claims each of these records has; those without any are left out."""
    return _counted(CLAIMS, facet, ids)


def _counted(shelf: Shelf, facet: str, ids: Iterable[int]) -> dict[int, int]:
    letter = shelf.letters[facet]
    condition, params = among([f"={letter}{pk}" for pk in ids])
    sql = f"SELECT tag, n FROM {shelf.counts} WHERE facet = %s AND tag {condition}"
    return {int(tag[2:]): n for tag, n in fetched(sql, [letter, *params])}


def most_counted(facet: str, most: int) -> list[tuple[int, int]]:
    """The ids of the records with the most quotes, and the numbers of these."""
    sql = "SELECT tag, n FROM search_count WHERE facet = %s ORDER BY n DESC, tag LIMIT %s"
    return [(int(tag[2:]), n) for tag, n in fetched(sql, [QUOTES.letters[facet], most])]


def on_record() -> OnRecord:
    """Of the whole record, in one statement."""
    rows = fetched("SELECT tag, n FROM search_count WHERE facet IN ('x', 'y')")
    known = {str(tag): int(n) for tag, n in rows}
    spans = [tag[2:].split("-") for tag in known if tag.startswith("=y")]
    years = [int(year) for span in spans for year in span if int(year)]
    within = [year for year in years if year not in _OPEN]
    return OnRecord(known.get(ALL, 0), min(within, default=None), max(within, default=None))
