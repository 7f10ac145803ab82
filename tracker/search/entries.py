"""What the index holds of one quote or claim, in a form that both engines take; and the key and tags that it is found by."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = [
    "ALL",
    "DAY",
    "NOT_THEIRS",
    "UNDATED",
    "WIDE",
    "Entry",
    "id_of",
    "key_of",
    "place_tag",
]

_ID_BITS = 31
DAY = 1 << _ID_BITS  # what one day adds to a key; below the first one are those without a date

ALL = "=x"  # the tag that every quote and claim has
WIDE = "=d"  # whose date is more than one day
NOT_THEIRS = "=amisattributed"
UNDATED = "=y0"


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the index holds of one quote or claim."""

    key: int  # in order of time; see `key_of`
    pk: int
    latest: int  # the ordinal of its latest day, 0 when undated
    wide: bool  # its date is more than one day
    words: str  # of its wordings: tokens in order, separated by spaces
    stems: str
    names: str  # of who said it, where the index must know them itself
    about: str  # what else it may be known by
    tags: str  # the values of its filters
    shown: str
    places: tuple[tuple[str, str], ...] = ()  # tags of places with their names
    theirs: bool = True  # of a quote: not wrongly attributed
    due: int | None = (
        None  # of a claim that is not settled: the ordinal of the day by which it should be
    )

    def row(self, columns: Iterable[str]) -> tuple[Any, ...]:
        """What stands in these columns of its narrow table."""
        return tuple(getattr(self, "pk" if name.endswith("_id") else name) for name in columns)


def key_of(earliest: date | None, pk: int) -> int:
    """The day's ordinal times 2^31 plus the id: one number that sorts as (day, id), undated ones first; 53 bits."""
    if pk >> _ID_BITS:
        raise ValueError(f"An id has at most {_ID_BITS} bits: {pk}.")
    return (earliest.toordinal() * DAY if earliest else 0) + pk


def place_tag(name: str) -> str:
    """The tag of a place, city or country, whatever its case."""
    return f"=w{hashlib.blake2s(name.casefold().encode(), digest_size=8).hexdigest()}"


def id_of(key: int) -> int:
    """The id of the quote or claim that has this key."""
    return key % DAY
