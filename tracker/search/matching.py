"""Turns a question into what the index is asked: an expression that must match, and stretches of time in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .asking import AnyQuestion
from .entries import ALL, DAY, key_of, place_tag
from .expressions import ButNot, Expression, Phrase, all_of, any_of
from .querying import Query, Term
from .shelves import QUOTES, Shelf

__all__ = [
    "Segment",
    "expression_of",
    "in_reading_order",
    "is_falling",
    "only_value",
    "tag_of",
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of keys, the upper end not included, and what else is asked of the days in it."""

    low: int = 0
    high: int | None = None
    wide: bool = False  # only dates of more than one day
    latest_from: int | None = None  # ordinals of days
    latest_to: int | None = None

    @property
    def is_empty(self) -> bool:
        return self.high is not None and self.low >= self.high


def tag_of(facet: str, value: object, shelf: Shelf = QUOTES) -> str:
    """The tag of a value of a filter: `=s12`."""
    if facet == "place":
        return place_tag(str(value))
    return f"={shelf.letters[facet]}{value}"


def only_value(question: AnyQuestion) -> str:
    """The tag of the one value that the question asks for, when it asks for nothing else; '' otherwise."""
    values = question.values
    if len(values) != 1 or question.is_limited or values[0][0] == "attribution":
        return ""
    return tag_of(*values[0], question.shelf)


def expression_of(question: AnyQuestion) -> Expression | None:
    """What must match; None when all do that are not apart: of quotes those that are wrongly attributed."""
    parts = list(_chosen(question))
    if question.query and question.query.branches:
        parts.insert(0, _asked(question.query))
    if not parts:
        return None
    apart = question.shelf.apart
    if not apart or any(facet == "attribution" for facet, _value in question.values):
        return all_of(parts)
    return ButNot(all_of(parts), Phrase((apart,)))


def _chosen(question: AnyQuestion) -> Iterator[Expression]:
    shelf = question.shelf
    for facet, name in shelf.fields.items():
        if values := getattr(question, name):
            yield any_of(Phrase((tag_of(facet, value, shelf),)) for value in values)


def _asked(query: Query) -> Expression:
    return any_of(map(_branch, query.branches))


def _branch(terms: tuple[Term, ...]) -> Expression:
    wanted = [_somewhere(term) for term in terms if not term.without]
    unwanted = [_somewhere(term) for term in terms if term.without]
    found = all_of(wanted or [Phrase((ALL,))])
    return ButNot(found, any_of(unwanted)) if unwanted else found


def _somewhere(term: Term) -> Expression:
    """In the words, in what else is known, or in the names of those who said it."""
    words = Phrase(term.tokens, term.prefix, term.in_names)
    return any_of([words, *(Phrase((tag,)) for tag in term.people)])


def is_falling(question: AnyQuestion) -> bool:
    """Whether keys fall in the order in which the page is found; a page before another is found backwards."""
    return (question.order != "oldest") != (question.before is not None)


def in_reading_order(question: AnyQuestion, start: int | None = None) -> list[Segment]:
    """The stretches of time that are asked for, in the order in which the page is found, beyond the key `start`."""
    found = _segments(question)
    if start is not None:
        found = [_beyond(segment, start, question) for segment in found]
    ordered = found if question.order == "oldest" else found[::-1]
    return [each for each in (ordered[::-1] if question.before else ordered) if not each.is_empty]


def _segments(question: AnyQuestion) -> list[Segment]:
    """As a reader goes from the oldest to the newest; there, undated quotes come last."""
    if question.dates == "undated":
        return [Segment(0, DAY)]
    said = question.query.said if question.query else ()
    starts = [first for first, _last in said]
    ends = [last for _first, last in said]
    lies_from = lies_to = None
    if question.dates == "must":
        lies_from, lies_to = question.said_from, question.said_to
    else:
        starts += [question.said_from] if question.said_from else []
        ends += [question.said_to] if question.said_to else []
    if not (starts or ends or lies_from or lies_to):
        dated, undated = Segment(DAY), Segment(0, DAY)
        return [dated, undated] if question.order == "oldest" else [Segment()]
    start = max(starts, default=None)
    ends += [lies_to] if lies_to else []
    high = _after(min(ends)) if ends else None
    low = key_of(lies_from, 0) if lies_from else DAY
    latest_to = lies_to.toordinal() if lies_to else None
    if start is None:
        return [Segment(low, high, latest_to=latest_to)]
    # What began before that day may have been said on it or later, if more than one day may be meant.
    begins = key_of(start, 0)
    earlier = begins if high is None else min(begins, high)
    return [
        Segment(low, earlier, True, start.toordinal(), latest_to),
        Segment(max(low, begins), high, latest_to=latest_to),
    ]


def _after(day: date) -> int:
    return (day.toordinal() + 1) * DAY


def _beyond(segment: Segment, start: int, question: AnyQuestion) -> Segment:
    """The part of it that lies beyond the key `start` in the direction in which the page is found."""
    if question.order == "oldest" and (start < DAY) != (segment.high == DAY):
        # One of the two is undated, the other not: all of it lies beyond, or nothing.
        passed = (segment.high == DAY) == (question.before is not None)
        return replace(segment, low=0, high=0) if passed else segment
    if is_falling(question):
        high = start if segment.high is None else min(segment.high, start)
        return replace(segment, high=high)
    return replace(segment, low=max(segment.low, start + 1))
