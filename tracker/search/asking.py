"""What can be asked, cleaned and frozen. Knows nothing of query strings, models or databases."""

from dataclasses import dataclass
from datetime import date

__all__ = ["MOST_WORDS", "Question", "split_words"]

MOST_WORDS = 20
_AROUND = "\"'“”„‟‘’‚«»‹›「」『』《》.,;:!?…()[]"


@dataclass(frozen=True, slots=True)
class Question:
    """Which quotes are asked for. Values of one filter widen it (any of them), filters narrow each other."""

    words: tuple[str, ...] = ()  # every one of them must stand somewhere
    speakers: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()  # as the speaker's then, or as the speaker
    publishers: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    occasions: tuple[int, ...] = ()
    places: tuple[str, ...] = ()  # a place, city or country, by its whole name
    kinds: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()  # none: all but the wrongly attributed
    languages: tuple[str, ...] = ()  # of any of the wordings
    said_from: date | None = None
    said_to: date | None = None
    dates: str = "may"  # "may" overlap the days asked for, "must" lie within them; or "undated"
    order: str = "newest"  # or "oldest"
    after: int | None = None  # the id of the last quote on the page before
    before: int | None = None  # the id of the first quote on the page after
    size: int = 50


def split_words(text: str) -> tuple[str, ...]:
    """The words of what a reader typed, each once, in order.

    Characters that nobody types are dropped, and so are quotation marks and punctuation around a
    word, unless there is nothing else.
    """
    printable = "".join(c if c.isprintable() else " " for c in text)
    return tuple(dict.fromkeys(word.strip(_AROUND) or word for word in printable.split()))
