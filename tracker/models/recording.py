"""Puts many records on record at once, set by set: quotes with the citations that lead them, and what these need.

What comes here has been cleaned by the fields of its columns. Every record gets its row of history, in one
statement a table. Whoever calls it holds a transaction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Self

from django.db import connection, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tracker import dates

from .addressed import Addressed
from .attributed import HOLD_FIRST
from .citations import Citation
from .corrections import Correction, FieldChange
from .independence import lacking
from .quotes import Quote
from .seen import Seen, seen_changes, seen_of_quote
from .sources import Article
from .statuses import Editor, Refused, Status
from .upheld import not_upheld

__all__ = [
    "RECORDABLE",
    "Contradicted",
    "NewArticle",
    "NewQuote",
    "Revision",
    "Unexplained",
    "record_articles",
    "record_many",
    "record_quotes",
    "revise_quotes",
]

# The statuses that a record may begin with: the others are verdicts on what readers have seen.
RECORDABLE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
_PUBLISHED = Status.PUBLISHED.value
_MISATTRIBUTED = Quote.Attribution.MISATTRIBUTED.value
_NEW, _CHANGED = "+", "~"  # as rows of history have it


@dataclass(frozen=True, slots=True)
class NewQuote:
    """A quote, with the citation that will lead it, as their columns take it."""

    text: str
    article: int
    reference: str | None = None
    speaker: int | None = None
    described_as: str = ""
    of_organisation: int | None = None
    position: int | None = None
    said_on: str = ""
    said_on_as_given: str = ""
    occasion: int | None = None
    kind: str = Quote.Kind.DIRECT.value
    attribution: str = Quote.Attribution.UNVERIFIED.value
    attribution_reason: str = ""
    status: str = Status.DRAFT.value
    language: str = ""
    translated_by: str = ""
    attributed_as: str = ""
    locator: str = ""
    basis: str = Citation.Basis.UNKNOWN.value
    topics: tuple[int, ...] = ()

    def published(self) -> Self:
        """The same, to be published as it is recorded."""
        return replace(self, status=_PUBLISHED)

    def refusal(self, *, by: Editor) -> str:
        """Why this editor cannot publish it as it is recorded, with one citation; '' when that is not asked or can be."""
        if self.status != _PUBLISHED or not self.is_settled:
            return ""
        if by is not None and self.attribution in Quote.NEEDING_TWO:
            return str(Quote.ANOTHER_MUST)
        return lacking(self.attribution, [Citation(basis=self.basis)], {})

    @property
    def is_settled(self) -> bool:
        """Whether it says whose words they are."""
        return self.attribution != Quote.Attribution.UNVERIFIED


@dataclass(frozen=True, slots=True)
class NewArticle:
    """A source, as its columns take it; its address is in the one form that `normalise_url` gives."""

    url: str = ""
    headline: str = ""
    publisher: int | None = None
    published_on: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """What changes of a quote and of one of its citations, by the names that `NewQuote` has; and its topics, when they do."""

    quote: int
    citation: int
    of_quote: dict[str, Any] = field(default_factory=dict)
    of_citation: dict[str, Any] = field(default_factory=dict)
    topics: frozenset[int] | None = None


def record_many(records: Sequence[Any], *, by: Editor) -> None:
    """Save these new records, all of one model, and give each its id and, where it has one, its slug."""
    if not records:
        return
    model = type(records[0])
    for record, pk in zip(records, _next_ids(model, len(records)), strict=True):
        record.pk = pk
    if issubclass(model, Addressed):
        model.address(records)
    columns = model._meta.concrete_fields
    rows = [
        [each.get_db_prep_save(each.pre_save(record, True), connection) for each in columns]
        for record in records
    ]
    _insert(model, [each.column for each in columns], rows)
    _write_history(model, [record.pk for record in records], _NEW, by)


def record_articles(articles: Sequence[NewArticle], *, by: Editor) -> list[int]:
    """Record these sources, of which none is on record, and return their ids in order."""
    if not articles:
        return []
    ids, now = _next_ids(Article, len(articles)), _now()
    rows = [
        (
            *(pk, each.url, each.url or None, each.headline, each.publisher),
            *(each.published_on, *_days(each.published_on), now, now),
        )
        for each, pk in zip(articles, ids, strict=True)
    ]
    _insert_with_defaults(Article, _ARTICLE, rows)
    _write_history(Article, ids, _NEW, by)
    return ids


def record_quotes(quotes: Sequence[NewQuote], *, by: Editor) -> list[int]:
    """Record these quotes, each complete with the citation that leads it, and return their ids in order.

    Raises Refused, and then nothing is recorded, when one of them cannot be published as it is.
    """
    if any(quote.status not in RECORDABLE for quote in quotes):
        raise ValueError(f"A quote is recorded as one of {', '.join(RECORDABLE)}.")
    if why := next(filter(None, (quote.refusal(by=by) for quote in quotes)), ""):
        raise Refused(why)
    if not quotes:
        return []
    ids, leads = _next_ids(Quote, len(quotes)), _next_ids(Citation, len(quotes))
    now = _now()
    _insert_with_defaults(
        Quote,
        _QUOTE,
        [
            _row_of_quote(quote, pk, lead, now, by)
            for quote, pk, lead in zip(quotes, ids, leads, strict=True)
        ],
    )
    citations = [
        (
            *(lead, pk, q.article, q.text, q.language, q.translated_by, q.attributed_as),
            *(q.locator, q.basis),
        )
        for q, pk, lead in zip(quotes, ids, leads, strict=True)
    ]
    _insert_with_defaults(Citation, _CITATION, citations)
    _link({pk: quote.topics for quote, pk in zip(quotes, ids, strict=True) if quote.topics})
    _write_history(Citation, leads, _NEW, by)
    _write_history(Quote, ids, _NEW, by)
    return ids


class Unexplained(Refused):
    """Readers have seen these quotes otherwise, and nobody tells them why: what would change of each, by its id."""

    def __init__(self, changes: Mapping[int, list[FieldChange]]) -> None:
        super().__init__(
            str(_("Readers have seen it otherwise: say in a sentence why it changes."))
        )
        self.changes = changes


class Contradicted(Refused):
    """What is said elsewhere of these quotes could no longer be, or one editor would tell readers what two must."""

    def __init__(self, problems: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(str(next(iter(next(iter(problems.values())).values()))))
        self.problems = problems  # by the quote's id: by field, why


@transaction.atomic
def revise_quotes(revisions: Sequence[Revision], *, by: Editor, correction: str = "") -> None:
    """Change these quotes and the citations that they name, and keep in history what they were.

    When other words, another speaker, date or position come to published ones, the `correction` tells readers why.
    Raises Unexplained when it is needed and not given, and Contradicted when what they say cannot be; then nothing
    is changed.
    """
    told = [each.quote for each in revisions if _TOLD & {*each.of_quote, *each.of_citation}]
    before = _seen(told)
    now = _now()
    _update(Quote, {each.quote: _of_quote(each, now, by) for each in revisions})
    cited = {each.citation: _of_citation(each) for each in revisions if each.of_citation}
    _update(Citation, cited)
    topics = {each.quote: each.topics for each in revisions if each.topics is not None}
    Quote.topics.through._default_manager.filter(quote__in=list(topics)).delete()
    _link(topics)
    _write_history(Citation, list(cited), _CHANGED, by)
    _write_history(Quote, [each.quote for each in revisions], _CHANGED, by)
    after = _seen(list(before))
    changes = {pk: seen_changes(was, after[pk]) for pk, was in before.items() if was != after[pk]}
    changes = {pk: each for pk, each in changes.items() if each}
    _refuse_contradicted(revisions, list(changes), by)
    _note_updates(changes, correction, by)


# What a revision may name of what readers are told; `_seen` tells whether they are told otherwise.
_TOLD = {"text", "speaker", "described_as", "said_on", "position"}


def _seen(quotes: Sequence[int]) -> dict[int, list[Seen]]:
    """What readers see of those that are published."""
    if not quotes:
        return {}
    found = Quote.objects.published().filter(pk__in=quotes)
    found = found.select_related("speaker", "position__organisation", "lead").order_by()
    found = found.prefetch_related(
        "citations", "joint_speakers__speaker", "joint_speakers__position__organisation"
    )
    with translation.override("en"):  # as it is stored: pages say it in the reader's language
        return {quote.pk: seen_of_quote(quote) for quote in found}


def _refuse_contradicted(revisions: Sequence[Revision], told: list[int], by: Editor) -> None:
    """`told` are those of which readers are told otherwise now."""
    rested_on = {"said_on", "speaker", "kind"}
    problems = not_upheld(each.quote for each in revisions if rested_on & each.of_quote.keys())
    if by is not None:
        alone = Quote.objects.published().filter(pk__in=told, attribution__in=Quote.NEEDING_TWO)
        for pk in alone.values_list("pk", flat=True):
            problems[pk] = {"attribution": HOLD_FIRST}
    if problems:
        raise Contradicted(problems)


def _note_updates(changes: Mapping[int, list[FieldChange]], text: str, by: Editor) -> None:
    if changes and not text:
        raise Unexplained(changes)
    made = [
        Correction(
            kind=Correction.Kind.UPDATE,
            quote_id=pk,
            field=each.field,
            before=each.before,
            after=each.after,
            text=text,
            made_by_id=by.pk if by else None,
        )
        for pk, some in changes.items()
        for each in some
    ]
    record_many(made, by=by)


def _of_quote(revision: Revision, now: Any, by: Editor) -> dict[str, Any]:
    values = {_COLUMN.get(name, name): value for name, value in revision.of_quote.items()}
    values["updated_at"] = now
    if values.keys() & set(Quote.SETTLED_FIELDS):
        settled = values.get("attribution") != Quote.Attribution.UNVERIFIED
        values["attributed_by_id"] = by.pk if by and settled else None
        values["attributed_at"] = now if settled else None
        if values.get("attribution", _MISATTRIBUTED) != _MISATTRIBUTED:
            values["true_quote_id"] = None
    if "said_on" in values:
        values["said_earliest"], values["said_latest"] = _days(values["said_on"])
    return values


def _of_citation(revision: Revision) -> dict[str, Any]:
    """Other words, or words from elsewhere, have not been checked."""
    values = {_COLUMN.get(name, name): value for name, value in revision.of_citation.items()}
    return values | (_UNCHECKED if {"text", "article_id"} & values.keys() else {})


# --- Rows ---------------------------------------------------------------------------------------------

# In the order of `_row_of_quote` and of the citations' rows.
_QUOTE = (
    *("id", "lead_id", "reference", "speaker_id", "speaker_described_as", "of_organisation_id"),
    *("position_id", "said_on", "said_on_as_given", "said_earliest", "said_latest"),
    *("occasion_id", "kind"),
    *("attribution", "attribution_reason", "attributed_by_id", "attributed_at"),
    *("status", "published_at", "created_at", "updated_at"),
)
_ARTICLE = (
    *("id", "url_as_typed", "url", "headline", "publisher_id", "published_on"),
    *("published_earliest", "published_latest", "created_at", "updated_at"),
)
_COLUMN = {
    "speaker": "speaker_id",
    "described_as": "speaker_described_as",
    "of_organisation": "of_organisation_id",
    "position": "position_id",
    "occasion": "occasion_id",
    "article": "article_id",
}
_UNCHECKED = {
    **dict.fromkeys(("words_there", "fragment", "doubt"), ""),
    **dict.fromkeys(("start", "end", "anchored_in_id", "checked_in_id", "checked_at")),
    "doubted_in_id": None,
    **dict.fromkeys(("selectors", "dismissed_in"), "[]"),
    "check_result": Citation.Check.UNCHECKED.value,
}
_CITATION = (
    *("id", "quote_id", "article_id", "text", "language", "translated_by", "attributed_as"),
    *("locator", "basis"),
)


def _row_of_quote(quote: NewQuote, pk: int, lead: int, now: Any, by: Editor) -> tuple[Any, ...]:
    who = by.pk if by and quote.is_settled else None
    return (
        *(pk, lead, quote.reference, quote.speaker, quote.described_as, quote.of_organisation),
        *(quote.position, quote.said_on, quote.said_on_as_given, *_days(quote.said_on)),
        *(quote.occasion, quote.kind),
        *(quote.attribution, quote.attribution_reason, who, now if quote.is_settled else None),
        quote.status,
        *(now if quote.status == _PUBLISHED else None, now, now),
    )


@lru_cache(maxsize=10_000)
def _days(said_on: str) -> tuple[Any, Any]:
    """The earliest and latest day of an honest date as the database takes them."""
    if not said_on:
        return None, None
    date, adapted = dates.parse(said_on), connection.ops.adapt_datefield_value
    return adapted(date.earliest), adapted(date.latest)


def _now() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _insert_with_defaults(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows of these columns; what the others hold when nothing is said of them is the same in each row."""
    rest = [each for each in model._meta.concrete_fields if each.attname not in names]
    defaults = tuple(each.get_db_prep_save(each.get_default(), connection) for each in rest)
    columns = [*names, *(str(each.column) for each in rest)]
    _insert(model, columns, [row + defaults for row in rows])


def _link(topics: Mapping[int, Iterable[int]]) -> None:
    through = Quote.topics.through
    pairs = [(quote, topic) for quote, ids in topics.items() for topic in ids]
    _insert(through, ["quote_id", "topic_id"], pairs)


# --- SQL: names come from the models alone, values go in as parameters --------------------------------

_MOST_PARAMETERS = 30_000  # SQLite takes 32,766 in one statement


def _next_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else will get: on SQLite because the transaction holds the only lock to write."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
        return list(range(last + 1, last + count + 1))


def _insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Any]) -> None:
    if not rows:
        return
    quoted = ", ".join(map(_quoted, columns))
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a row by COPY takes a tenth of one by INSERT
            statement = f"COPY {table} ({quoted}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608


def _update(model: type[models.Model], changes: dict[int, dict[str, Any]]) -> None:
    """One statement for all rows in which the same columns change."""
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for pk, values in changes.items():
        names = tuple(sorted(values))
        alike.setdefault(names, []).append((*(values[name] for name in names), pk))
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        for names, rows in alike.items():
            sets = ", ".join(f"{_quoted(name)} = %s" for name in names)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", rows)  # noqa: S608


def _write_history(model: Any, ids: Sequence[int], kind: str, by: Editor) -> None:
    """A row of history each, as `save()` writes it, copied from the rows as they are now."""
    history = model.history.model
    copied = ", ".join(_quoted(each.column) for each in history.tracked_fields)
    added = {
        "history_date": _now(),
        "history_type": kind,
        "history_user_id": by.pk if by else None,
    }
    for these, values in _each_of(ids):
        sql = (
            f"INSERT INTO {_quoted(history._meta.db_table)} ({copied}, {', '.join(added)}) "  # noqa: S608
            f"SELECT {copied}, %s, %s, %s FROM {_quoted(model._meta.db_table)} "
            f"WHERE id {these} ORDER BY id"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*added.values(), *values])
        for relation in history._history_m2m_fields:
            _write_history_of_links(history, relation, these, values)


def _write_history_of_links(history: Any, relation: Any, these: str, values: Sequence[int]) -> None:
    """The links of these rows, each beside the newest row of their history."""
    kept = getattr(history, relation.name).model._meta
    links = relation.remote_field.through._meta
    record = links.get_field(relation.m2m_field_name()).column
    columns = [each.column for each in links.concrete_fields]
    sql = (
        f"INSERT INTO {_quoted(kept.db_table)} (history_id, {', '.join(map(_quoted, columns))}) "  # noqa: S608
        f"SELECT newest.history_id, {', '.join(f'link.{_quoted(each)}' for each in columns)} "
        f"FROM {_quoted(links.db_table)} link JOIN (SELECT id, MAX(history_id) AS history_id "
        f"FROM {_quoted(history._meta.db_table)} WHERE id {these} GROUP BY id) newest "
        f"ON newest.id = link.{_quoted(record)} WHERE link.{_quoted(record)} {these}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *values])


def _each_of(ids: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Conditions on an id, with their values, that together name exactly these; one for ids without a gap."""
    if ids and max(ids) - min(ids) + 1 == len(ids):
        yield "BETWEEN %s AND %s", [min(ids), max(ids)]
        return
    most = _MOST_PARAMETERS // 2
    for start in range(0, len(ids), most):
        some = ids[start : start + most]
        yield f"IN ({', '.join(['%s'] * len(some))})", some


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
