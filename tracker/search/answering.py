"""Asks the index: the ids of one page in order, how many there are, the facets and the years."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from .asking import AnyQuestion, ClaimQuestion, Question, plain
from .claims import ShownClaim
from .claims import stored as stored_claim
from .claims import with_names as claim_with_names
from .engines import TooSlow, among, asked, engine, fetched
from .entries import WIDE
from .expressions import AllOf, ButNot, Expression, Phrase
from .facets import FacetCount, Numbers, Tally, YearCount, named, numbers
from .labelling import Label, labels
from .matching import Segment, expression_of, in_reading_order, is_falling, only_value
from .naming import with_people
from .shelves import CLAIMS, Shelf
from .shown import ShownQuote, stored, with_names
from .standing import standing

__all__ = [
    "CAP",
    "SAMPLE",
    "Answer",
    "AnyAnswer",
    "ClaimAnswer",
    "TooSlow",
    "answer",
    "answer_claims",
    "totals",
]

CAP = 10_000  # matches that are counted exactly, and that are ranked
SAMPLE = 2_000  # of more, the newest that the numbers of facets and years are counted among


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyAnswer:
    """One page of quotes or claims, and what there is beside it. Empty for a question that could not be understood."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    at_least: bool = False  # `total` and the numbers of the facets are lower bounds
    ranked_among: int = 0  # the best of how many newest matches; 0 when the order is exact
    has_next: bool = False
    has_previous: bool = False
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
    years: list[YearCount] = field(default_factory=list)
    years_are_all: bool = True  # the years are those of all matches
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(AnyAnswer):
    quotes: list[ShownQuote] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer(AnyAnswer):
    claims: list[ShownClaim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Match:
    """What a question asks of the index, ready to be put into SQL."""

    shelf: Shelf
    expression: Expression | None
    segments: Sequence[Segment]
    due_before: int | None = None  # the ordinal of a day

    def select(
        self,
        columns: str,
        segment: Segment,
        *,
        order: str = "",
        limit: int | None = None,
        also: tuple[str, list[Any]] = ("", []),
    ) -> tuple[str, list[Any]]:
        """A SELECT of what matches within a segment, and of that what is asked `also`. `{key}` is the key."""
        sql, params = self._from(segment, "q." in columns)
        if also[0]:
            sql, params = f"{sql} AND {also[0]}", [*params, *also[1]]
        key = engine().key(self.shelf) if self.expression else "q.key"
        sql = f"SELECT {columns} FROM {sql}{f' ORDER BY {order}' if order else ''}"
        return (f"{sql} LIMIT {limit}" if limit else sql).replace("{key}", key), params

    def _from(self, segment: Segment, with_row: bool) -> tuple[str, list[Any]]:
        shelf, asked = self.shelf, (segment.latest_from, segment.latest_to, self.due_before)
        with_row = with_row or any(each is not None for each in asked)
        expression, params = self.expression, []
        if expression is None:
            where = [f"{shelf.row} q WHERE {'q.theirs' if shelf.apart else '1 = 1'}"]
            where.append("q.wide" if segment.wide else "")
        else:
            if segment.wide:
                expression = AllOf((expression, Phrase((WIDE,))))
            where = [engine().with_row(shelf) if with_row else engine().matched(shelf)]
            params = [engine().compiled(expression)]
        for bound, condition in (
            (self.due_before, "q.due < %s"),
            (segment.low, "{key} >= %s"),
            (segment.high, "{key} < %s"),
            (segment.latest_from, "q.latest >= %s"),
            (segment.latest_to, "q.latest <= %s"),
        ):
            if bound is not None:
                where.append(condition)
                params.append(bound)
        return " AND ".join(filter(None, where)), params


def answer(question: Question, *, facets: bool = True, stamp: int | None = None) -> Answer:
    """Which published quotes the question asks for; `stamp` as `standing` told it, if it was asked already.

    Four statements: where the index stands, all numbers, the quotes, the names of what is in both. One
    fewer for a question whose numbers are known; one more for each of a further page, names among the words,
    and the best match when its order is not known; one fewer for the numbers alone, of a size of 0. Without `facets` there are no facets, years or total:
    a feed needs none. Raises TooSlow.
    """
    found = _found(question, facets, stamp, stored)
    quotes = [with_names(quote, found.names) for quote in found.records]
    return Answer(quotes=quotes, ids=[each.id for each in quotes], **found.beside())


def answer_claims(
    question: ClaimQuestion, *, facets: bool = True, stamp: int | None = None
) -> ClaimAnswer:
    """Which claims that are open to readers the question asks for, in the same way and as many statements."""
    found = _found(question, facets, stamp, stored_claim)
    claims = [claim_with_names(claim, found.names) for claim in found.records]
    return ClaimAnswer(claims=claims, ids=[each.id for each in claims], **found.beside())


def claims_of(claimant: int, most: int) -> tuple[list[int], int]:
    """The ids of the newest claims that are open to readers of one claimant, and how many there are in all.

    One statement: no name is looked up, and a counter knows the number. Raises TooSlow.
    """
    question = ClaimQuestion(claimants=(claimant,), size=most)
    tag = only_value(question)
    parts, params = _parts_in_time(question, None)
    parts.append(f"SELECT {_COUNTER}, n, '' FROM {CLAIMS.counts} WHERE facet = %s AND tag = %s")
    rows = asked(" UNION ALL ".join(parts), [*params, tag[1], tag])
    texts = _in_order_of_time([row for row in rows if row[0] != _COUNTER], question)
    total = sum(n for number, n, _text in rows if number == _COUNTER)
    return [stored_claim(text).id for text in texts[:most]], total


_COUNTER = -1  # in place of the number of a segment


@dataclass(frozen=True, slots=True)
class _Found:
    """One page of records of either shelf, and the numbers beside it, with the names of what is in both."""

    records: list[Any]
    names: Mapping[str, Label]
    ranked_among: int
    has_next: bool
    has_previous: bool
    counted: Numbers | None

    def beside(self) -> dict[str, Any]:
        """What an answer holds beside the page."""
        found = {name: getattr(self, name) for name in ("ranked_among", "has_next", "has_previous")}
        if counted := self.counted:
            same = ("total", "at_least", "years_are_all", "undated")
            found |= {name: getattr(counted, name) for name in same}
            found |= {"facets": named(counted.values, self.names), "years": list(counted.years)}
        return found


def _found(
    question: AnyQuestion, facets: bool, stamp: int | None, read: Callable[[str], Any]
) -> _Found:
    """What `read` makes of the page that is asked for, and what there is beside it."""
    (query,) = with_people([question.query]) if question.query else [None]
    question = replace(question, query=query)
    if stamp is None and (facets or question.ranked):
        stamp = standing()
    asked_from = question.before if question.before is not None else question.after
    start = _place_of(question, asked_from) if asked_from is not None else None
    counted = _numbers(plain(question), stamp) if facets else None
    # Of what is not published not even its place may be found out.
    known = asked_from is None or start is not None
    some = known and question.size and (counted is None or counted.total)
    texts, more, best_of = _page(question, start, stamp) if some else ([], False, 0)
    page = [read(text) for text in texts]
    backwards = question.before is not None
    tags = {tag for record in page for tag in record.tags()}
    return _Found(
        page,
        labels(tags | counted.tags() if counted else tags),
        ranked_among=best_of,
        has_next=bool(page) if backwards else more,
        has_previous=more if backwards else bool(page) and question.after is not None,
        counted=counted,
    )


class _Place(NamedTuple):
    """Where a record stands: its key, and the day by which it is due, if it is a claim that is not settled."""

    key: int
    due: int | None


def _place_of(question: AnyQuestion, pk: int) -> _Place | None:
    shelf = question.shelf
    due = "due" if shelf is CLAIMS else "NULL"
    rows = fetched(f"SELECT key, {due} FROM {shelf.row} WHERE {shelf.pk} = %s", [pk])
    return next((_Place(*row) for row in rows), None)


def _numbers(question: AnyQuestion, stamp: int | None) -> Numbers:
    return _counted(question, stamp) if stamp is not None else numbers(question, _tallies)


@lru_cache(maxsize=256)
def _counted(question: AnyQuestion, stamp: int) -> Numbers:
    """The numbers of a question, counted once while the index bears one stamp: readers go through pages and
    orders of one question, and many ask the same one."""
    return numbers(question, _tallies)


def _match_of(question: AnyQuestion, start: int | None = None) -> _Match:
    due_before = None
    if isinstance(question, ClaimQuestion) and question.overdue and question.today:
        due_before = question.today.toordinal()
    segments = in_reading_order(question, start)
    return _Match(question.shelf, expression_of(question), segments, due_before)


def _page(
    question: AnyQuestion, start: _Place | None, stamp: int | None
) -> tuple[list[str], bool, int]:
    """What is shown of one page beyond the place `start`, whether there are more, and among how many they are the best."""
    key, best_of = start.key if start else None, 0
    if question.ranked:
        ranking = (_ranked if stamp is None else _kept_ranking)(plain(question), stamp)
        texts, best_of = _in_order(ranking, question, key), ranking.among
    elif question.order == "due":
        texts = _by_due_day(question, start)
    else:
        texts = _in_time(question, key)
    page = texts[: question.size]
    if question.before is not None:
        page = page[::-1]
    return page, len(texts) > question.size, best_of


def _in_time(question: AnyQuestion, start: int | None) -> list[str]:
    """What is shown of the records of the page and of one more, in the order in which they are found."""
    parts, params = _parts_in_time(question, start)
    rows = asked(" UNION ALL ".join(parts), params) if parts else []
    return _in_order_of_time(rows, question)


def _parts_in_time(question: AnyQuestion, start: int | None) -> tuple[list[str], list[Any]]:
    """A SELECT for each segment: its number, and the key and what is shown of its first records."""
    match = _match_of(question, start)
    order = f"{{key}} {'DESC' if is_falling(question) else 'ASC'}"
    parts, params = [], []
    for number, segment in enumerate(match.segments):
        sql, values = match.select("{key} AS key", segment, order=order, limit=question.size + 1)
        parts.append(f"SELECT {number}, m.key, s.shown FROM ({sql}) m {_shown(match.shelf)}")
        params += values
    return parts, params


def _in_order_of_time(rows: list[Any], question: AnyQuestion) -> list[str]:
    falling = is_falling(question)
    rows.sort(key=lambda row: (row[0], -row[1] if falling else row[1]))
    return [shown for _number, _key, shown in rows[: question.size + 1]]


def _shown(shelf: Shelf) -> str:
    return f"JOIN {shelf.shown} s ON s.key = m.key"


def _by_due_day(question: AnyQuestion, start: _Place | None) -> list[str]:
    """The same of claims by the day they are due, and behind them those that are not due or settled, the newest first."""
    match, size = _match_of(plain(question)), question.size + 1
    backwards = question.before is not None
    parts, params = [], []
    for is_due, columns, order, beyond in _due_and_not(start, backwards):
        for segment in match.segments:
            sql, values = match.select(columns, segment, order=order, limit=size, also=beyond)
            parts.append(f"SELECT {is_due}, m.due, m.key, s.shown FROM ({sql}) m {_shown(CLAIMS)}")
            params += values
    rows = asked(" UNION ALL ".join(parts), params) if parts else []
    rows.sort(key=lambda row: (-row[0], row[1] or 0, -row[2]), reverse=backwards)
    return [shown for *_place, shown in rows[:size]]


def _due_and_not(
    start: _Place | None, backwards: bool
) -> Iterator[tuple[int, str, str, tuple[str, list[Any]]]]:
    """For claims that are due, and for the others: 1 or 0, the columns, their order, and what lies beyond the start."""
    due_order = "q.due DESC, {key}" if backwards else "q.due, {key} DESC"
    other_order = "{key}" if backwards else "{key} DESC"
    is_due, is_not = "q.due IS NOT NULL", "q.due IS NULL"
    later, other_key = ("<", ">") if backwards else (">", "<")
    columns = "{key} AS key, q.due AS due"
    if start is None or start.due is not None or backwards:
        beyond, params = is_due, list[Any]()
        if start is not None and start.due is not None:
            beyond = f"(q.due {later} %s OR q.due = %s AND {{key}} {other_key} %s)"
            params = [start.due, start.due, start.key]
        yield 1, columns, due_order, (beyond, params)
    if start is None or start.due is None or not backwards:
        beyond, params = is_not, []
        if start is not None and start.due is None:
            beyond, params = f"{is_not} AND {{key}} {other_key} %s", [start.key]
        yield 0, columns, other_order, (beyond, params)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What matches, the best first: all of it, or the best among the newest 10,000."""

    keys: Sequence[int]
    among: int  # 10,000, or 0 when these are all


def _ranked(question: AnyQuestion, _stamp: int | None) -> _Ranking:
    """By rank, the newer first of equal ones. One statement."""
    match = _match_of(question)
    if not match.segments or match.expression is None:
        return _Ranking((), 0)
    parts: list[str] = []
    params: list[Any] = []
    for expression, rank, rank_params in _ways_to_match(question, match.expression):
        for segment in match.segments:
            sql, values = replace(match, expression=expression).select(
                f"{{key}} AS key, {rank} AS rank", segment, order="{key} DESC", limit=CAP + 1
            )
            parts.append(f"SELECT * FROM ({sql}) s{len(parts)}")
            params += [*rank_params, *values]
    newest = f"SELECT * FROM ({' UNION ALL '.join(parts)}) n ORDER BY key DESC LIMIT {CAP + 1}"
    best = f"SELECT CAST(key AS TEXT) AS text FROM ({newest}) b ORDER BY rank, key DESC"
    (joined,) = asked(f"SELECT {engine().JOINED} FROM ({best}) r", params)[0]
    keys = array("q", map(int, joined.split(" ") if joined else ()))
    if len(keys) <= CAP:
        return _Ranking(keys, 0)
    keys.remove(min(keys))
    return _Ranking(keys, CAP)


# Many ask the same question, and who looks for the best match goes on to its next page.
_kept_ranking = lru_cache(maxsize=32)(_ranked)  # 80 kB each at the most


def _in_order(ranking: _Ranking, question: AnyQuestion, start: int | None) -> list[str]:
    """What is shown of the records of the page and of one more, in the order in which they are found."""
    keys, size = ranking.keys, question.size + 1
    if start is None:
        page = keys[:size]
    elif start not in keys:
        return []
    elif question.before is not None:
        page = keys[: keys.index(start)][::-1][:size]
    else:
        begin = keys.index(start) + 1
        page = keys[begin : begin + size]
    condition, params = among(list(page))
    sql = f"SELECT key, shown FROM {question.shelf.shown} WHERE key {condition}"
    found = dict(asked(sql, params)) if page else {}
    return [found[key] for key in page if key in found]


def _ways_to_match(
    question: AnyQuestion, expression: Expression
) -> Iterator[tuple[Expression, str, list[Any]]]:
    """By the words, which have a rank; and by the names of those who said it alone, which come behind them."""
    query, shelf = question.query, question.shelf
    if query is None or not any(term.people for term in query.wanted):
        yield expression, *engine().rank(shelf, engine().compiled(expression))
        return
    branches = tuple(
        tuple(term if term.without else replace(term, people=()) for term in branch)
        for branch in query.branches
    )
    words = expression_of(replace(question, query=replace(query, branches=branches)))
    if words is not None:
        yield words, *engine().rank(shelf, engine().compiled(words))
        yield ButNot(expression, words), "0.0", []


def _tallies(
    questions: Sequence[AnyQuestion],
    beside: Sequence[AnyQuestion],
    more: tuple[list[str], list[Any]],
) -> tuple[list[Tally], list[tuple[Any, ...]]]:
    """For each question how many records match and the tags of the newest of them, all in one statement: of all
    that are counted, or where there are more, of a sample, for numbers are lower bounds then.

    Behind these, of the questions `beside` how many match alone. What else is asked in the same
    statement, SELECTs of a negative number and two columns more, comes apart.
    """
    found: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for question in questions:
        keys, values = _matches(_match_of(question), "{key} AS key")
        # What matches is looked for once; of some of it the tags are then read.
        name = f"found_{len(found)}"
        found.append(f"{name} AS MATERIALIZED ({keys} LIMIT {CAP + 1})")
        selects.append(_number_and_tags(name, question.shelf))
        params += values
    for question in beside:
        counted, values = _matches(_match_of(question), "1 AS one")
        selects.append(f"COUNT(*), '' FROM ({counted} LIMIT {CAP + 1}) m")
        params += values
    parts = [f"SELECT {number}, {each}" for number, each in enumerate(selects)] + more[0]
    params += more[1]
    sql = (f"WITH {', '.join(found)} " if found else "") + " UNION ALL ".join(parts)
    rows = sorted(asked(sql, params), key=lambda row: row[0]) if parts else []
    tallies = [
        Tally(min(count, CAP), count > CAP, Counter(tags.split(" ")) if tags else {})
        for number, count, tags in rows
        if number >= 0
    ]
    return tallies, [row for row in rows if row[0] < 0]


def _number_and_tags(found: str, shelf: Shelf) -> str:
    """The columns of a SELECT: how many keys a table holds, and the tags of the records, of a sample where there are too many."""
    number = f"(SELECT COUNT(*) FROM {found})"
    most = f"CASE WHEN {number} > {CAP} THEN {SAMPLE} ELSE {CAP} END"
    some = f"SELECT key FROM {found} ORDER BY key DESC LIMIT {most}"
    tags = f"SELECT q.tags AS text FROM ({some}) k JOIN {shelf.row} q ON q.key = k.key"
    return f"{number}, {engine().JOINED} FROM ({tags}) t"


def _matches(match: _Match, column: str) -> tuple[str, list[Any]]:
    """A column of the matches, the newest first; a LIMIT is to be added."""
    parts: list[str] = []
    params: list[Any] = []
    for segment in match.segments:
        sql, values = match.select(column, segment, order="{key} DESC", limit=CAP + 1)
        parts.append(f"SELECT * FROM ({sql}) s{len(parts)}")
        params += values
    if not parts:
        return f"SELECT 0 AS {column.rpartition(' ')[2]} WHERE 1 = 0", []
    return " UNION ALL ".join(parts), params


def count(question: AnyQuestion) -> Tally:
    """How many records the question would list: exact up to 10,000, and where a counter knows. Raises TooSlow."""
    if only := only_value(question):
        sql = f"SELECT n FROM {question.shelf.counts} WHERE facet = %s AND tag = %s"
        known = fetched(sql, [only[1], only])
        return Tally(known[0][0] if known else 0, False, {})
    return totals([question])[0]


def totals(questions: Sequence[AnyQuestion]) -> list[Tally]:
    """How many records each of the questions would list, exact up to 10,000, in one statement. Raises TooSlow."""
    queries = with_people([each.query for each in questions])
    asked = [
        plain(replace(each, query=query)) for each, query in zip(questions, queries, strict=True)
    ]
    return _tallies([], asked, ([], []))[0]
