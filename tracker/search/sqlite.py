"""SQLite: the index in an FTS5 table whose rowid is the key of the quote, beside a narrow table of what is counted.

FTS5 gets ready tokens: its tokenizer `ascii` only parts them at spaces, whatever their script.
"""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection

from .entries import Entry
from .expressions import AllOf, AnyOf, ButNot, Expression, Phrase
from .tables import COMMON, NOTED, NOTED_CHANGES

__all__ = [
    "INDEXED",
    "JOINED",
    "KEY",
    "MATCHED",
    "TAGGED",
    "WITH_ROW",
    "among",
    "compiled",
    "create",
    "empty",
    "existing_triggers",
    "fetched_within",
    "holds",
    "how_many",
    "lock",
    "optimise",
    "put",
    "rank",
    "remove_triggers",
    "sizes",
    "storable",
    "stored",
    "take_out",
    "triggers",
    "was_stopped",
]

# How a match is written: FROM and WHERE with the compiled expression as parameter, alone or with
# the quote's row as q; the key of what matches; and how many texts become one.
MATCHED = "search_fts WHERE search_fts MATCH %s"
WITH_ROW = (
    "search_fts CROSS JOIN search_quote q ON q.key = search_fts.rowid WHERE search_fts MATCH %s"
)
KEY = "search_fts.rowid"
TAGGED = """MATCH '"' || {tag} || '"'"""  # what stands for `MATCH %s` where a tag comes from a row
JOINED = "group_concat(text, ' ')"

_TABLES = (
    """CREATE TABLE search_quote (
        key INTEGER PRIMARY KEY, quote_id INTEGER NOT NULL UNIQUE, latest INTEGER NOT NULL,
        wide BOOLEAN NOT NULL, theirs BOOLEAN NOT NULL, tags TEXT NOT NULL
    )""",
    "CREATE INDEX search_quote_wide ON search_quote (key) WHERE wide",
    """CREATE VIRTUAL TABLE search_fts USING fts5(
        words, stems, names, about, tags, tokenize = "ascii tokenchars '~=-'"
    )""",
    "INSERT INTO search_fts (search_fts, rank) VALUES ('rank', 'bm25(1.0, 1.0, 0.8, 0.4, 0.0)')",
    "CREATE TABLE search_todo (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id INTEGER NOT NULL)",
)


def create() -> list[str]:
    """The statements that make the tables."""
    return [*_TABLES, *(sql.format(lean=" WITHOUT ROWID", bytewise="") for sql in COMMON)]


def triggers() -> dict[str, list[str]]:
    """For each trigger by name the statements that make it."""
    made = {}
    for table, (kind, column, events) in NOTED.items():
        for event in events:
            name = f"search_notes_{table}_{event.lower()}"
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
            # Both rows of an update only where it moved to another record.
            noted = [
                f"INSERT INTO search_todo (kind, record_id) SELECT '{kind}', {row}.{column}"
                + (
                    f" WHERE OLD.{column} <> NEW.{column}"
                    if row == "OLD" and event == "UPDATE"
                    else ""
                )
                for row in rows
            ]
            body = "; ".join(noted)
            made[name] = [f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body}; END"]
    for table, (kind, column) in NOTED_CHANGES.items():
        name = f"search_notes_{table}_{column}"
        note = f"INSERT INTO search_todo (kind, record_id) VALUES ('{kind}', NEW.id)"
        changed = f"AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} <> NEW.{column}"
        made[name] = [f"CREATE TRIGGER {name} {changed} BEGIN {note}; END"]
    return made


def remove_triggers() -> list[str]:
    """The statements that take the triggers away."""
    return [f"DROP TRIGGER IF EXISTS {name}" for name in triggers()]


def existing_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def among(values: Sequence[Any]) -> tuple[str, list[Any]]:
    return "IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]


def lock() -> None:
    """Nothing to do: SQLite lets one transaction write at a time."""


def put(entries: Sequence[Entry]) -> None:
    """Write what is found of each quote; nothing of it is there yet."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_quote (key, quote_id, latest, wide, theirs, tags) VALUES (%s, %s, %s, %s, %s, %s)",
            [(e.key, e.quote_id, e.latest, e.wide, e.theirs, e.tags) for e in entries],
        )
        cursor.executemany(
            "INSERT INTO search_fts (rowid, words, stems, names, about, tags) VALUES (%s, %s, %s, %s, %s, %s)",
            [(e.key, e.words, e.stems, e.names, e.about, e.tags) for e in entries],
        )


def take_out(keys: Sequence[int]) -> None:
    """Remove what is found of these quotes."""
    sql, params = among(keys)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM search_fts WHERE rowid {sql}", params)
        cursor.execute(f"DELETE FROM search_quote WHERE key {sql}", params)


# The key, whether it is theirs, the tags and the words of quotes in the index.
INDEXED = """
    SELECT q.key, q.theirs, q.tags, f.words || ' ' || f.names || ' ' || f.about
    FROM search_quote q JOIN search_fts f ON f.rowid = q.key WHERE q.quote_id {among}
"""


def empty(cursor: Any) -> None:
    """Remove everything that is found; the other tables are emptied by who asks for this."""
    cursor.execute("DELETE FROM search_fts")


def holds(cursor: Any, word: str) -> bool:
    """Whether a word stands in the index."""
    cursor.execute("SELECT 1 FROM search_fts WHERE search_fts MATCH %s LIMIT 1", [f'"{word}"'])
    return cursor.fetchone() is not None


def how_many(groups: Sequence[tuple[tuple[str, ...], str]], most: int) -> tuple[str, list[Any]]:
    """A statement that counts the quotes with all words of each group, `most` at most: (number of the group, count).

    A group is its words and the expression that asks for them.
    """
    counts = [
        f"SELECT {n}, COUNT(*) FROM (SELECT 1 FROM {MATCHED} LIMIT {most})"
        for n in range(len(groups))
    ]
    return " UNION ALL ".join(counts), [expression for _words, expression in groups]


def storable(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """The entries as `stored` gives them."""
    return [
        (
            *(e.quote_id, e.latest, e.wide, e.theirs, e.tags),
            *(e.words, e.stems, e.names, e.about, e.tags, e.shown),
        )
        for e in entries
    ]


def stored(keys: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What is in the index of these quotes, by key."""
    sql, params = among(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT q.key, q.quote_id, q.latest, q.wide, q.theirs, q.tags,
                    f.words, f.stems, f.names, f.about, f.tags, s.shown
                FROM search_quote q JOIN search_fts f ON f.rowid = q.key
                JOIN search_shown s ON s.key = q.key WHERE q.key {sql}""",
            params,
        )
        return {
            key: (pk, latest, bool(wide), bool(theirs), *rest)
            for key, pk, latest, wide, theirs, *rest in cursor.fetchall()
        }


def sizes() -> dict[str, int]:
    """How many quotes each table of the index holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in ("search_quote", "search_shown", "search_fts"):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def optimise() -> None:
    """Merge the parts that a large import leaves the index in."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
        cursor.execute("PRAGMA optimize")


def compiled(expression: Expression) -> str:
    """The expression as FTS5 reads it (https://sqlite.org/fts5.html, section 3)."""
    match expression:
        case Phrase(tokens, prefix, in_names, in_words):
            column = "names : " if in_names else "{words stems} : " if in_words else ""
            words = " ".join(tokens).replace('"', '""')
            return f'{column}"{words}"{" *" if prefix else ""}'
        case AllOf(parts):
            return _joined(" AND ", parts)
        case AnyOf(parts):
            return _joined(" OR ", parts)
        case ButNot(wanted, unwanted):
            return f"({compiled(wanted)} NOT {compiled(unwanted)})"


def _joined(operator: str, parts: Iterable[Expression]) -> str:
    return f"({operator.join(map(compiled, parts))})"


def rank(expression: str) -> tuple[str, list[Any]]:
    """How well a quote matches, the smallest number best (BM25)."""
    return "search_fts.rank", []


def fetched_within(
    database: Any, seconds: float, sql: str, params: list[Any]
) -> list[tuple[Any, ...]]:
    """All rows that a statement gives; it is stopped with an OperationalError when it takes longer."""
    end = time.monotonic() + seconds
    database.ensure_connection()
    handle: Any = database.connection
    handle.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    try:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
    finally:
        handle.set_progress_handler(None, 0)


def was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error)
