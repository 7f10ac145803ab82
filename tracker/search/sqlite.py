"""SQLite: the index in FTS5 tables whose rowid is the key of the quote or claim, beside narrow tables of what is counted.

FTS5 gets ready tokens: its tokenizer `ascii` only parts them at spaces, whatever their script.
"""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection

from .entries import Entry
from .expressions import AllOf, AnyOf, ButNot, Expression, Phrase
from .shelves import SHELVES, Shelf
from .tables import COMMON, NOTED, NOTED_CHANGES, OF_A_SHELF

__all__ = [
    "JOINED",
    "TAGGED",
    "among",
    "compiled",
    "create",
    "empty",
    "existing_triggers",
    "fetched_within",
    "holds",
    "how_many",
    "indexed",
    "key",
    "lock",
    "make",
    "matched",
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
    "with_row",
]

TAGGED = """MATCH '"' || {tag} || '"'"""  # what stands for `MATCH %s` where a tag comes from a row
JOINED = "group_concat(text, ' ')"  # how many texts become one

_OWN = {
    "theirs": ("theirs BOOLEAN NOT NULL",),
    "due": ("due INTEGER", "CREATE INDEX {row}_due ON {row} (due, key) WHERE due IS NOT NULL"),
}
_TABLES = (
    """CREATE TABLE {row} (
        key INTEGER PRIMARY KEY, {pk} INTEGER NOT NULL UNIQUE, latest INTEGER NOT NULL,
        wide BOOLEAN NOT NULL, {own}, tags TEXT NOT NULL
    )""",
    "CREATE INDEX {row}_wide ON {row} (key) WHERE wide",
    """CREATE VIRTUAL TABLE {fts} USING fts5(
        words, stems, names, about, tags, tokenize = "ascii tokenchars '~=-'"
    )""",
    "INSERT INTO {fts} ({fts}, rank) VALUES ('rank', 'bm25(1.0, 1.0, 0.8, 0.4, 0.0)')",
)
_TODO = "CREATE TABLE search_todo (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id INTEGER NOT NULL)"
_LEAN = {"lean": " WITHOUT ROWID", "bytewise": ""}


def create() -> list[str]:
    """The statements that make the tables of all shelves alike."""
    return [_TODO, *(sql.format(**_LEAN) for sql in COMMON)]


def make(shelf: Shelf) -> list[str]:
    """The statements that make the tables of one shelf."""
    own, *more = _OWN[shelf.own]
    named = {
        "row": shelf.row, "pk": shelf.pk, "own": own, "fts": shelf.fts,
        "shown": shelf.shown, "counts": shelf.counts,
    }  # fmt: skip
    return [sql.format(**named, **_LEAN) for sql in (*_TABLES, *more, *OF_A_SHELF)]


# How a match is written: FROM and WHERE with the compiled expression as parameter, alone or with
# the row as q; and the key of what matches.


def matched(shelf: Shelf) -> str:
    return f"{shelf.fts} WHERE {shelf.fts} MATCH %s"


def with_row(shelf: Shelf) -> str:
    on = f"CROSS JOIN {shelf.row} q ON q.key = {shelf.fts}.rowid"
    return f"{shelf.fts} {on} WHERE {shelf.fts} MATCH %s"


def key(shelf: Shelf) -> str:
    return f"{shelf.fts}.rowid"


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


def put(shelf: Shelf, entries: Sequence[Entry]) -> None:
    """Write what is found of each record; nothing of it is there yet."""
    columns = shelf.columns
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {shelf.row} ({', '.join(columns)}) VALUES (%s, %s, %s, %s, %s, %s)",
            [entry.row(columns) for entry in entries],
        )
        cursor.executemany(
            f"INSERT INTO {shelf.fts} (rowid, words, stems, names, about, tags) VALUES (%s, %s, %s, %s, %s, %s)",
            [(e.key, e.words, e.stems, e.names, e.about, e.tags) for e in entries],
        )


def take_out(shelf: Shelf, keys: Sequence[int]) -> None:
    """Remove what is found of these records."""
    sql, params = among(keys)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {shelf.fts} WHERE rowid {sql}", params)
        cursor.execute(f"DELETE FROM {shelf.row} WHERE key {sql}", params)


def indexed(shelf: Shelf) -> str:
    """A SELECT of the key, the tags and the words of records in the index, those with an id `{among}`."""
    return f"""
        SELECT q.key, q.tags, f.words || ' ' || f.names || ' ' || f.about
        FROM {shelf.row} q JOIN {shelf.fts} f ON f.rowid = q.key WHERE q.{shelf.pk} {{among}}
    """


def empty(shelf: Shelf, cursor: Any) -> None:
    """Remove everything that is found; the other tables are emptied by who asks for this."""
    cursor.execute(f"DELETE FROM {shelf.fts}")


def holds(shelf: Shelf, cursor: Any, word: str) -> bool:
    """Whether a word stands in the index."""
    cursor.execute(f"SELECT 1 FROM {matched(shelf)} LIMIT 1", [f'"{word}"'])
    return cursor.fetchone() is not None


def how_many(
    shelf: Shelf, groups: Sequence[tuple[tuple[str, ...], str]], most: int
) -> tuple[str, list[Any]]:
    """A statement that counts the records with all words of each group, `most` at most: (number of the group, count).

    A group is its words and the expression that asks for them.
    """
    counts = [
        f"SELECT {n}, COUNT(*) FROM (SELECT 1 FROM {matched(shelf)} LIMIT {most})"
        for n in range(len(groups))
    ]
    return " UNION ALL ".join(counts), [expression for _words, expression in groups]


def storable(shelf: Shelf, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """The entries as `stored` gives them."""
    return [
        (*e.row(shelf.columns), e.words, e.stems, e.names, e.about, e.tags, e.shown)
        for e in entries
    ]


def stored(shelf: Shelf, keys: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What is in the index of these records, by key. (Truths are the numbers 0 and 1, which are equal to them.)"""
    sql, params = among(keys)
    columns = ", ".join(f"q.{name}" for name in shelf.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {columns}, f.words, f.stems, f.names, f.about, f.tags, s.shown
                FROM {shelf.row} q JOIN {shelf.fts} f ON f.rowid = q.key
                JOIN {shelf.shown} s ON s.key = q.key WHERE q.key {sql}""",
            params,
        )
        return {row[0]: tuple(row) for row in cursor.fetchall()}


def sizes(shelf: Shelf) -> dict[str, int]:
    """How many records each table of the index holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in (shelf.row, shelf.shown, shelf.fts):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def optimise() -> None:
    """Merge the parts that a large import leaves the index in."""
    with connection.cursor() as cursor:
        for shelf in SHELVES:
            cursor.execute(f"INSERT INTO {shelf.fts} ({shelf.fts}) VALUES ('optimize')")
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


def rank(shelf: Shelf, expression: str) -> tuple[str, list[Any]]:
    """How well a record matches, the smallest number best (BM25)."""
    return f"{shelf.fts}.rank", []


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
