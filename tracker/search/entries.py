"""What the index holds of one quote, in a form that both engines take; and the key and tags that it is found by."""

import hashlib
from dataclasses import dataclass
from datetime import date

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
DAY = 1 << _ID_BITS  # what one day adds to a key; below the first one are undated quotes

ALL = "=x"  # the tag that every quote has
WIDE = "=d"  # whose date is more than one day
NOT_THEIRS = "=amisattributed"
UNDATED = "=y0"


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the index holds of one quote."""

    key: int  # in order of time; see `key_of`
    quote_id: int
    latest: int  # the ordinal of its latest day, 0 when undated
    wide: bool  # its date is more than one day
    theirs: bool  # not wrongly attributed
    words: str  # of its wordings: tokens in order, separated by spaces
    stems: str
    names: str  # of who said it
    about: str  # organisations then, occasion, headlines
    tags: str  # the values of its filters
    shown: str
    places: tuple[tuple[str, str], ...]  # tags of places with their names


def key_of(earliest: date | None, quote_id: int) -> int:
    """The day's ordinal times 2^31 plus the id: one number that sorts as (day, id), undated quotes first; 53 bits."""
    if quote_id >> _ID_BITS:
        raise ValueError(f"A quote's id has at most {_ID_BITS} bits: {quote_id}.")
    return (earliest.toordinal() * DAY if earliest else 0) + quote_id


def place_tag(name: str) -> str:
    """The tag of a place, city or country, whatever its case."""
    return f"=w{hashlib.blake2s(name.casefold().encode(), digest_size=8).hexdigest()}"


def id_of(key: int) -> int:
    """The id of the quote that has this key."""
    return key % DAY
