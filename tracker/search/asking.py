"""What can be asked, cleaned and frozen. Knows nothing of query strings, models or databases."""

from dataclasses import dataclass
from datetime import date

from .querying import Query

__all__ = ["FACETS", "Question"]

# The filters whose values are counted, and the field of the question that holds what is chosen.
FACETS = {
    name: f"{name}s"
    for name in (
        "speaker",
        "organisation",
        "publisher",
        "topic",
        "occasion",
        "place",
        "kind",
        "attribution",
        "language",
    )
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which quotes are asked for. Values of one filter widen it (any of them), filters narrow each other."""

    query: Query | None = None
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
    order: str = "newest"  # or "oldest", or "best": the best match first
    after: int | None = None  # the id of the last quote on the page before
    before: int | None = None  # the id of the first quote on the page after
    size: int = 50

    @property
    def ranked(self) -> bool:
        """Whether the best match comes first: without words, nothing matches better than anything else."""
        return self.order == "best" and self.query is not None and bool(self.query.wanted)
