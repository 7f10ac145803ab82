"""What else could be asked: for each filter its values with the number of quotes they would list.

A number respects every filter but its own. Numbers of everything, and of all quotes with one value,
come from counters; others from one pass over the tags of what matches, of at most the newest 10,000.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Any

from .asking import FACETS, Question
from .entries import ALL, NOT_THEIRS, UNDATED
from .labelling import Label
from .matching import LETTERS, only_value, tag_of

__all__ = ["KEY_OF", "MOST_VALUES", "FacetCount", "Tally", "YearCount", "facets_and_years", "named"]

MOST_VALUES = 12  # of one facet; those asked for come first, then the most quoted


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value that a filter could have, and how many quotes it would list."""

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


KEY_OF = "SELECT key FROM search_quote WHERE quote_id = %s"

# Tallies of questions, and behind them the counts alone of others; and the rows of what else is asked in
# the same statement.
_Tallies = Callable[
    [list[Question], list[Question], tuple[list[str], list[Any]]],
    tuple[list[Tally], list[tuple[Any, ...]]],
]
_COUNTER, _YEAR, _START = -1, -2, -3  # the numbers of those rows


def facets_and_years(question: Question, tallies: _Tallies) -> dict[str, Any]:
    """The fields of an Answer that are numbers, and `start`, the key that its page begins beyond. One statement."""
    asked = _asked(question)
    counted = {name: each for name, each in asked.items() if each != Question()}
    everything = asked.keys() - counted.keys()
    beside = _beside(question) if counted else {}
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
    return {
        "start": next((int(key) for number, key, _tag in more if number == _START), None),
        "total": exact or base.count,
        "at_least": base.at_least and not exact,
        "years": _years(years.tags),
        "years_are_all": not years.at_least,
        "undated": found["undated"].count,
        "facets": _values(question, found),
    }


def _asked(question: Question) -> dict[str, Question]:
    """All that must be counted: the question itself, and the same without each of its filters."""
    plain = replace(question, order="newest", after=None, before=None, size=Question().size)
    narrowed = [facet for facet, name in FACETS.items() if getattr(question, name)]
    return {
        "": plain,
        **{facet: _without(plain, facet) for facet in narrowed},
    }


def _beside(question: Question) -> dict[str, Question]:
    """What is told in numbers alone: what matches and is wrongly attributed, and what has no date."""
    plain = replace(question, order="newest", after=None, before=None, size=Question().size)
    wrongly = replace(plain, attributions=(NOT_THEIRS[2:],))
    undated = replace(plain, said_from=None, said_to=None, dates="undated")
    return {"wrongly": wrongly, "undated": undated}


def _without(question: Question, facet: str) -> Question:
    nothing: dict[str, Any] = {FACETS[facet]: ()}
    return replace(question, **nothing)


def _counters(question: Question, everything: Iterable[str]) -> tuple[list[str], list[Any]]:
    """What need not be counted: of everything, the values that are chosen, the years of one speaker; and where to start.

    SELECTs of a number that says what it is, a count and a tag, with their parameters.
    """
    wanted, only = set(everything), only_value(question)
    facets = (
        set(LETTERS.values()) if "" in wanted else {LETTERS[n] for n in wanted & LETTERS.keys()}
    )
    parts = [
        f"""SELECT * FROM (SELECT {_COUNTER}, n, tag FROM search_count WHERE facet = '{letter}'
            ORDER BY n DESC, tag LIMIT {MOST_VALUES}) most_{letter}"""
        for letter in sorted(facets)
    ]
    chosen = [tag_of(facet, v) for facet, name in FACETS.items() for v in getattr(question, name)]
    tags = [ALL, *chosen] if wanted else [only] if only else []
    params: list[Any] = []
    for tag in tags:
        parts.append(f"SELECT {_COUNTER}, n, tag FROM search_count WHERE facet = %s AND tag = %s")
        params += [tag[1], tag]
    if "" in wanted or only.startswith("=s"):
        parts.append(f"SELECT {_YEAR}, n, tag FROM search_count WHERE facet = %s")
        params.append(only or "y")
    asked_from = question.before if question.before is not None else question.after
    if asked_from is not None:
        parts.append(f"SELECT {_START}, key, '' FROM search_quote WHERE quote_id = %s")
        params.append(asked_from)
    return parts, params


def _years(tags: Mapping[str, int]) -> list[YearCount]:
    found = []
    for tag, count in tags.items():
        if tag.startswith("=y") and tag != UNDATED:
            first, _dash, last = tag[2:].partition("-")
            found.append(YearCount(int(first), int(last or first), count))
    return found


def _values(question: Question, found: Mapping[str, Tally]) -> dict[str, list[FacetCount]]:
    """For each facet its values by tag: those that are chosen, and the most quoted."""
    grouped = {name: _grouped(tally.tags) for name, tally in found.items() if name in ("", *FACETS)}
    values = {}
    for facet, name in FACETS.items():
        counted = facet if facet in found else ""
        tally, counts = found[counted], dict(grouped[counted].get(LETTERS[facet], ()))
        if facet == "attribution" and (wrongly := found.get("wrongly")) and wrongly.count:
            counts[NOT_THEIRS] = wrongly.count
        chosen = {tag_of(facet, value) for value in getattr(question, name)}
        most = nsmallest(
            MOST_VALUES + len(chosen),
            counts.items(),
            key=lambda each: (each[0] not in chosen, -each[1], each[0]),
        )
        values[facet] = [FacetCount(tag, "", count, tally.at_least) for tag, count in most]
    return values


def _grouped(tags: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    grouped: dict[str, list[tuple[str, int]]] = {}
    for each in tags.items():
        grouped.setdefault(each[0][1:2], []).append(each)
    return grouped


def named(
    values: Mapping[str, list[FacetCount]], names: Mapping[str, Label]
) -> dict[str, list[FacetCount]]:
    """The values as they stand in addresses, with their names; without those that may not be told of."""
    found = {}
    for facet, counts in values.items():
        told_of = [
            replace(each, value=label.slug, label="" if label.slug == label.name else label.name)
            for each in counts
            if (label := names.get(each.value) or _plain(facet, each.value)).listed
        ]
        told_of.sort(key=lambda each: (-each.count, each.label or each.value))
        if told_of:
            found[facet] = told_of
    return found


def _plain(facet: str, tag: str) -> Label:
    """A value that speaks for itself: a kind, an attribution, a language. Of others whose record is gone nothing is told."""
    return Label(tag[2:], tag[2:], facet in ("kind", "attribution", "language"))
