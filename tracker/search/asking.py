"""What can be asked, cleaned and frozen. Knows nothing of query strings, models or databases."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from .querying import Query
from .shelves import CLAIMS, QUOTES, Shelf

__all__ = ["FACETS", "AnyQuestion", "Asked", "ClaimQuestion", "Question", "plain"]

FACETS = QUOTES.fields
_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyQuestion:
    """What can be asked of either shelf. Values of one filter widen it (any of them), filters narrow each other."""

    shelf: ClassVar[Shelf]

    query: Query | None = None
    said_from: date | None = None
    said_to: date | None = None
    dates: str = "may"  # "may" overlap the days asked for, "must" lie within them; or "undated"
    order: str = "newest"  # or "oldest", or "best": the best match first
    after: int | None = None  # the id of the last record on the page before
    before: int | None = None  # the id of the first record on the page after
    size: int = _SIZE

    @property
    def ranked(self) -> bool:
        """Whether the best match comes first: without words, nothing matches better than anything else."""
        return self.order == "best" and self.query is not None and bool(self.query.wanted)

    @property
    def is_limited(self) -> bool:
        """Whether it is narrowed by more than values of filters."""
        days = self.said_from or self.said_to or self.dates == "undated"
        return bool(days or self.query)

    @property
    def values(self) -> list[tuple[str, Any]]:
        """Each value that is chosen, with its filter."""
        fields = self.shelf.fields.items()
        return [(facet, value) for facet, name in fields for value in getattr(self, name)]

    @property
    def is_everything(self) -> bool:
        return not (self.is_limited or self.values or self.dates != "may")

    def beside(self, *, narrowed: bool) -> dict[str, Self]:
        """What is told beside it in numbers alone; of the unnarrowed question the counters know it."""
        return {"undated": self._undated()} if narrowed else {}

    def _undated(self) -> Self:
        return replace(self, said_from=None, said_to=None, dates="undated")


Asked = TypeVar("Asked", bound=AnyQuestion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(AnyQuestion):
    """Which quotes are asked for."""

    shelf: ClassVar[Shelf] = QUOTES

    speakers: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()  # as the speaker's then, or as the speaker
    publishers: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    occasions: tuple[int, ...] = ()
    places: tuple[str, ...] = ()  # a place, city or country, by its whole name
    kinds: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()  # none: all but the wrongly attributed
    languages: tuple[str, ...] = ()  # of any of the wordings

    def beside(self, *, narrowed: bool) -> dict[str, Self]:
        """What matches and is wrongly attributed, and what has no date."""
        if not narrowed:
            return {}
        wrongly = replace(self, attributions=(QUOTES.apart[2:],))
        return {"wrongly": wrongly, "undated": self._undated()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimQuestion(AnyQuestion):
    """Which claims are asked for. When one was said is when the earliest quote on record here said it.

    The order may also be "due": what is due and not settled first, by its day, then all others.
    """

    shelf: ClassVar[Shelf] = CLAIMS

    claimants: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    verdicts: tuple[int, ...] = ()
    reviewers: tuple[int | str, ...] = ()  # publishers, or "ours"
    topics: tuple[int, ...] = ()
    standings: tuple[str, ...] = ()  # see `claims.STANDINGS`
    overdue: bool = False
    today: date | None = None  # what is due before it is overdue

    @property
    def is_limited(self) -> bool:
        return self.overdue or super(ClaimQuestion, self).is_limited

    def beside(self, *, narrowed: bool) -> dict[str, Self]:
        """What is overdue, which no counter knows: it depends on the day."""
        undated = super(ClaimQuestion, self).beside(narrowed=narrowed)
        return {"overdue": replace(self, overdue=True), **undated}


def plain(question: Asked) -> Asked:
    """The question on its first page in the usual order: what its numbers are the numbers of."""
    return replace(question, order="newest", after=None, before=None, size=_SIZE)
