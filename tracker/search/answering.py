"""Asks the database: the ids of one page in order, the total, the facets and the years."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection

from .asking import Question
from .conditions import PUBLISHED, all_of, conditions
from .facets import facets_sql

__all__ = ["Answer", "FacetCount", "YearCount", "answer", "totals"]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value that a filter could have, and how many quotes it would list."""

    value: str  # as it stands in the address: a slug, a place, a kind ...
    label: str  # its name; '' where the value speaks for itself
    count: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many quotes were said within these years, as precisely as their dates say."""

    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of quotes, and what there is beside it. Empty for a question that could not be understood."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    has_next: bool = False
    has_previous: bool = False
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    years: list[YearCount] = field(default_factory=list)
    undated: int = 0


def answer(question: Question, *, facets: bool = True) -> Answer:
    """Which published quotes the question asks for. Two statements; three on a further page.

    Without `facets` there are no facets, years or total: a feed needs none of them.
    """
    parts = conditions(question)
    ids, more = _ids(question, *all_of(parts))
    backwards = question.before is not None
    found = Answer(
        ids,
        has_next=bool(ids) if backwards else more,
        has_previous=more if backwards else bool(ids) and question.after is not None,
    )
    return replace(found, **_numbers(question)) if facets else found


def _numbers(question: Question) -> dict[str, Any]:
    sql, params = facets_sql(question, conditions(question))
    found: dict[str, list[FacetCount]] = defaultdict(list)
    numbers: dict[str, Any] = {"total": 0, "undated": 0, "years": []}
    for facet, value, label, count in _rows(sql, params):
        if facet in ("total", "undated"):
            numbers[facet] = count
        elif facet == "year":
            numbers["years"].append(YearCount(int(value), int(label), count))
        else:
            found[facet].append(FacetCount(value, label, count))
    for counts in found.values():
        counts.sort(key=lambda each: (-each.count, each.label or each.value))
    return {**numbers, "facets": dict(found)}


def _ids(question: Question, where: str, params: list[Any]) -> tuple[list[int], bool]:
    """The ids of one page in the order asked for, and whether there are more in the direction of reading."""
    backwards = question.before is not None
    start = question.before if backwards else question.after
    falling = (question.order == "newest") != backwards
    beyond, beyond_params = _beyond(start, falling=falling, backwards=backwards)
    way = "DESC" if falling else "ASC"
    # Undated quotes are last for a reader, whichever way the page is reached.
    sql = f"""
        SELECT q.id FROM tracker_quote q WHERE {where}{beyond}
        ORDER BY q.said_earliest {way} NULLS {"FIRST" if backwards else "LAST"}, q.id {way} LIMIT %s
    """
    ids = [pk for (pk,) in _rows(sql, [*params, *beyond_params, question.size + 1])]
    page = ids[: question.size]
    return page[::-1] if backwards else page, len(ids) > question.size


def _beyond(start: int | None, *, falling: bool, backwards: bool) -> tuple[str, list[Any]]:
    """The condition for what lies beyond the quote `start` in the direction of reading (keyset paging)."""
    if start is None:
        return "", []
    # Of any other quote not even its place among the published ones may be found out.
    known = f"SELECT q.said_earliest FROM tracker_quote q WHERE q.id = %s AND {PUBLISHED.sql}"
    found = _rows(known, [start])
    if not found:
        return " AND 1 = 0", []
    day, sign = found[0][0], "<" if falling else ">"
    if day is None:
        undated = f"q.said_earliest IS NULL AND q.id {sign} %s"
        return f" AND ({undated}{' OR q.said_earliest IS NOT NULL' if backwards else ''})", [start]
    at = day.isoformat() if isinstance(day, date) else day
    dated = f"q.said_earliest {sign} %s OR (q.said_earliest = %s AND q.id {sign} %s)"
    return f" AND ({dated}{'' if backwards else ' OR q.said_earliest IS NULL'})", [at, at, start]


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def totals(questions: Sequence[Question]) -> list[int]:
    """How many quotes each of the questions would list, in one statement."""
    branches, values = [], []
    for number, question in enumerate(questions):
        where, params = all_of(conditions(question))
        branches.append(f"SELECT {number}, COUNT(*) FROM tracker_quote q WHERE {where}")
        values += params
    if not branches:
        return []
    return [count for _number, count in sorted(_rows(" UNION ALL ".join(branches), values))]
