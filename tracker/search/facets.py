"""How many quotes, or claims, answer a question, and what else could be asked: for each filter its values with
the number that they would list.

A number respects every filter but its own. Numbers of everything, and of all with one value,
come from counters; others from one pass over the tags of what matches, of at most the newest 10,000.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Any

from .asking import AnyQuestion, Asked
from .entries import ALL, UNDATED
from .labelling import Label, is_plain
from .matching import only_value, tag_of

__all__ = [
    "MOST_VALUES",
    "FacetCount",
    "Numbers",
    "Tally",
    "YearCount",
    "named",
    "numbers",
]

MOST_VALUES = 12  # of one facet; those asked for come first, then the most quoted


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value that a filter could have, and how many quotes, or claims, it would list."""

    value: str  # as it stands in the address: a slug, a place, a kind ...
    label: str  # its name; '' where the value speaks for itself
    count: int
    at_least: bool = False  # there may be more


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many quotes were said within these years, as precisely as their dates say."""

    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many quotes match, and how many of them have each tag; lower bounds where there are too many to count."""

    count: int
    at_least: bool
    tags: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that is counted of one question, whatever its order and page."""

    total: int
    at_least: bool  # `total` and the numbers of the facets are lower bounds
    values: Mapping[str, Sequence[FacetCount]]  # of each filter, by tag and not yet named
    years: tuple[YearCount, ...]
    years_are_all: bool  # the years are those of all matches
    undated: int

    def tags(self) -> set[str]:
        """Of which values the names must be looked up."""
        found = {each.value for counts in self.values.values() for each in counts}
        return {tag for tag in found if not is_plain(tag)}


# Tallies of questions, and behind them the counts alone of others; and the rows of what else is asked in
# the same statement.
_Tallies = Callable[
    [list[Any], list[Any], tuple[list[str], list[Any]]],  # of one kind of question
    tuple[list[Tally], list[tuple[Any, ...]]],
]
_OVERDUE = "=e1"  # no tag, for it depends on the day; but it is counted like one
_COUNTER, _YEAR = -1, -2  # the numbers of those rows


def numbers(question: AnyQuestion, tallies: _Tallies) -> Numbers:
    """The numbers of a plain question, in one statement."""
    asked = _asked(question)
    counted = {name: each for name, each in asked.items() if not each.is_everything}
    everything = asked.keys() - counted.keys()
    beside = question.beside(narrowed=bool(counted))
    counters = _counters(question, everything)
    rows, more = tallies(list(counted.values()), list(beside.values()), counters)
    found = dict(zip([*counted, *beside], rows, strict=True))
    known = {tag: int(n) for number, n, tag in more if number == _COUNTER}
    by_year = {tag: int(n) for number, n, tag in more if number == _YEAR}
    found |= dict.fromkeys(everything, Tally(known.get(ALL, 0), False, known))
    if by_year:
        found["years"] = Tally(0, False, by_year)
    if "undated" not in found or by_year:
        found["undated"] = Tally(by_year.get(UNDATED, 0), False, {})
    base, years = found[""], found.get("years", found[""])
    exact = known.get(only_value(question), 0)
    return Numbers(
        total=exact or base.count,
        at_least=base.at_least and not exact,
        values=_values(question, found),
        years=tuple(_years(years.tags)),
        years_are_all=not years.at_least,
        undated=found["undated"].count,
    )


def _asked(question: Asked) -> dict[str, Asked]:
    """All that must be counted: the question itself, and the same without each of its filters."""
    narrowed = dict.fromkeys(facet for facet, _value in question.values)
    return {"": question, **{facet: _without(question, facet) for facet in narrowed}}


def _without(question: Asked, facet: str) -> Asked:
    nothing: dict[str, Any] = {question.shelf.fields[facet]: ()}
    return replace(question, **nothing)


def _counters(question: AnyQuestion, everything: Iterable[str]) -> tuple[list[str], list[Any]]:
    """What need not be counted: of everything, the values that are chosen, the years of one speaker.

    SELECTs of a number that says what it is, a count and a tag, with their parameters.
    """
    wanted, only, shelf = set(everything), only_value(question), question.shelf
    some = shelf.letters if "" in wanted else wanted & shelf.letters.keys()
    facets = {shelf.letters[facet] for facet in some}
    parts = [
        f"""SELECT * FROM (SELECT {_COUNTER}, n, tag FROM {shelf.counts} WHERE facet = '{letter}'
            ORDER BY n DESC, tag LIMIT {MOST_VALUES}) most_{letter}"""
        for letter in sorted(facets)
    ]
    chosen = [tag_of(facet, value, shelf) for facet, value in question.values]
    tags = [ALL, *chosen] if wanted else [only] if only else []
    params: list[Any] = []
    for tag in tags:
        parts.append(f"SELECT {_COUNTER}, n, tag FROM {shelf.counts} WHERE facet = %s AND tag = %s")
        params += [tag[1], tag]
    if "" in wanted or only.startswith("=s"):
        parts.append(f"SELECT {_YEAR}, n, tag FROM {shelf.counts} WHERE facet = %s")
        params.append(only or "y")
    return parts, params


def _years(tags: Mapping[str, int]) -> list[YearCount]:
    found = []
    for tag, count in tags.items():
        if tag.startswith("=y") and tag != UNDATED:
            first, _dash, last = tag[2:].partition("-")
            found.append(YearCount(int(first), int(last or first), count))
    return found


def _values(question: AnyQuestion, found: Mapping[str, Tally]) -> dict[str, tuple[FacetCount, ...]]:
    """For each facet its values by tag: those that are chosen, and the most quoted."""
    shelf = question.shelf
    facets = ("", *shelf.fields)
    grouped = {name: _grouped(tally.tags) for name, tally in found.items() if name in facets}
    values = {}
    for facet, name in shelf.fields.items():
        counted = facet if facet in found else ""
        tally, counts = found[counted], dict(grouped[counted].get(shelf.letters[facet], ()))
        if facet == "attribution" and (wrongly := found.get("wrongly")) and wrongly.count:
            counts[shelf.apart] = wrongly.count
        chosen = {tag_of(facet, value, shelf) for value in getattr(question, name)}
        most = nsmallest(
            MOST_VALUES + len(chosen),
            counts.items(),
            key=lambda each: (each[0] not in chosen, -each[1], each[0]),
        )
        values[facet] = tuple(FacetCount(tag, "", n, tally.at_least) for tag, n in most)
    if (overdue := found.get("overdue")) and overdue.count:
        values["overdue"] = (FacetCount(_OVERDUE, "", overdue.count, overdue.at_least),)
    return values


def _grouped(tags: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    grouped: dict[str, list[tuple[str, int]]] = {}
    for each in tags.items():
        grouped.setdefault(each[0][1:2], []).append(each)
    return grouped


def named(
    values: Mapping[str, Sequence[FacetCount]], names: Mapping[str, Label]
) -> dict[str, list[FacetCount]]:
    """The values as they stand in addresses, with their names; without those that may not be told of."""
    found = {}
    for facet, counts in values.items():
        told_of = [
            replace(each, value=label.slug, label="" if label.slug == label.name else label.name)
            for each in counts
            if (label := names.get(each.value) or _plain(each.value)).listed
        ]
        told_of.sort(key=lambda each: (-each.count, each.label or each.value))
        if told_of:
            found[facet] = told_of
    return found


def _plain(tag: str) -> Label:
    """A value that speaks for itself. Of others whose record is gone nothing is told."""
    return Label(tag[2:], tag[2:], is_plain(tag))
