"""PostgreSQL: the index as a weighted tsvector with a GIN index, in the row of what is counted.

It gets ready tokens with their places: none of PostgreSQL's own parsers or dictionaries sees the text.
"""

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

TAGGED = "@@ quote_literal({tag})::tsquery"  # what stands for `@@ %s::tsquery` where a tag comes from a row
JOINED = "string_agg(text, ' ')"

_WEIGHTS = "{0, 0.4, 1, 0.8}"  # of D (tags), C (about), B (words and stems) and A (names)
_MOST_PLACES = 16_383  # a tsvector counts no further
_LOCK = 7_061_020_026  # any number of ours: whoever writes the index holds it until the end

_OWN = {
    "theirs": ("theirs BOOLEAN NOT NULL",),
    "due": ("due INTEGER", "CREATE INDEX {row}_due ON {row} (due, key) WHERE due IS NOT NULL"),
}
_TABLES = (
    """CREATE TABLE {row} (
        key BIGINT PRIMARY KEY, {pk} BIGINT NOT NULL UNIQUE, latest INTEGER NOT NULL,
        wide BOOLEAN NOT NULL, {own}, tags TEXT NOT NULL, vector TSVECTOR NOT NULL
    )""",
    "CREATE INDEX {row}_wide ON {row} (key) WHERE wide",
    "CREATE INDEX {row}_vector ON {row} USING GIN (vector)",
)
_TODO = "CREATE TABLE search_todo (id BIGSERIAL PRIMARY KEY, kind TEXT NOT NULL, record_id BIGINT NOT NULL)"
_LEAN = {"lean": "", "bytewise": ' COLLATE "C"'}


def create() -> list[str]:
    """The statements that make the tables of all shelves alike."""
    return [_TODO, *(sql.format(**_LEAN) for sql in COMMON)]


def make(shelf: Shelf) -> list[str]:
    """The statements that make the tables of one shelf."""
    own, *more = _OWN[shelf.own]
    named = {
        "row": shelf.row, "pk": shelf.pk, "own": own, "shown": shelf.shown, "counts": shelf.counts,
    }  # fmt: skip
    return [sql.format(**named, **_LEAN) for sql in (*_TABLES, *more, *OF_A_SHELF)]


def matched(shelf: Shelf) -> str:
    return f"{shelf.row} q WHERE q.vector @@ %s::tsquery"


with_row = matched  # which is the row itself


def key(_shelf: Shelf) -> str:
    return "q.key"


def triggers() -> dict[str, list[str]]:
    """For each trigger by name the statements that make it, with its function: one for all rows of a statement."""
    made: dict[str, list[str]] = {}
    for table in NOTED_CHANGES:
        made |= _noted_changes(table)
    for table, (kind, column, events) in NOTED.items():
        for event in events:
            name = f"search_notes_{table}_{event.lower()}"
            rows = {
                "INSERT": ("new_rows",),
                "UPDATE": ("old_rows", "new_rows"),
                "DELETE": ("old_rows",),
            }[event]
            given = {"new_rows": "NEW TABLE AS new_rows", "old_rows": "OLD TABLE AS old_rows"}
            ids = " UNION ".join(f"SELECT {column} FROM {row}" for row in rows)
            made[name] = [
                f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN INSERT INTO search_todo (kind, record_id) SELECT '{kind}', r.{column} FROM ({ids}) r;
                    RETURN NULL; END $$""",
                f"""CREATE TRIGGER {name} AFTER {event} ON {table}
                    REFERENCING {" ".join(given[row] for row in rows)}
                    FOR EACH STATEMENT EXECUTE FUNCTION {name}()""",
            ]
        name = f"search_notes_{table}_truncate"
        made[name] = [
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO search_todo (kind, record_id) VALUES ('everything', 0); RETURN NULL; END $$""",
            f"CREATE TRIGGER {name} AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ]
    return made


def _noted_changes(table: str) -> dict[str, list[str]]:
    kind, column = NOTED_CHANGES[table]
    name = f"search_notes_{table}_{column}"
    return {
        name: [
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO search_todo (kind, record_id) SELECT '{kind}', n.id
                FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE o.{column} <> n.{column};
                RETURN NULL; END $$""",
            f"""CREATE TRIGGER {name} AFTER UPDATE ON {table}
                REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION {name}()""",
        ]
    }


def remove_triggers() -> list[str]:
    """The statements that take the triggers away, with their functions."""
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in triggers()]


def existing_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT tgisinternal AND pg_table_is_visible(c.oid)"
        )
        return {name for (name,) in cursor.fetchall()}


def among(values: Sequence[Any]) -> tuple[str, list[Any]]:
    return "= ANY(%s)", [list(values)]


def lock() -> None:
    """Wait for whoever else writes the index: what a later one reads and writes must not be older."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def put(shelf: Shelf, entries: Sequence[Entry]) -> None:
    """Write what is found of each record; nothing of it is there yet."""
    columns = shelf.columns
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {shelf.row} ({', '.join(columns)}, vector) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s::tsvector)",
            [(*entry.row(columns), _vector(entry)) for entry in entries],
        )


def take_out(shelf: Shelf, keys: Sequence[int]) -> None:
    """Remove what is found of these records."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {shelf.row} WHERE key = ANY(%s)", [list(keys)])


def indexed(shelf: Shelf) -> str:
    """A SELECT of the key, the tags and the words of records in the index, those with an id `{among}`."""
    return f"""
        SELECT key, tags, array_to_string(tsvector_to_array(vector), ' ')
        FROM {shelf.row} WHERE {shelf.pk} {{among}}
    """


def empty(_shelf: Shelf, _cursor: Any) -> None:
    """Nothing beside the tables that are emptied by who asks for this."""


def holds(shelf: Shelf, cursor: Any, word: str) -> bool:
    """Whether a word stands in the index."""
    cursor.execute(f"SELECT 1 FROM {matched(shelf)} LIMIT 1", [_lexeme(word)])
    return cursor.fetchone() is not None


# How much of the table the most common tokens stand in, as PostgreSQL knows it from its last ANALYZE: a GIN
# index gives no first few matches, and to find all of a common word takes long.
_COUNTED = 200  # of words less common so many rows are looked at; with more they are halfway to the common ones
_KNOWN = """
    WITH known AS MATERIALIZED (
        SELECT t.token, t.share FROM pg_stats s,
            unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) t (token, share)
        WHERE s.schemaname = ANY (current_schemas(false))
            AND s.tablename = '{row}' AND s.attname = 'vector' AND t.token IS NOT NULL
    ), size AS MATERIALIZED (
        SELECT GREATEST(reltuples, 0) AS n FROM pg_class WHERE oid = '{row}'::regclass
    )
"""
_HOW_MANY = f"""
    SELECT {{n}}, CASE WHEN (SELECT COUNT(*) FROM known WHERE token = ANY (%s)) = %s
        THEN (SELECT LEAST({{most}}, MAX(size.n) * EXP(SUM(LN(share))))::bigint FROM known, size
            WHERE token = ANY (%s))
        ELSE (SELECT CASE WHEN COUNT(*) < {_COUNTED} THEN COUNT(*)
                ELSE LEAST({{most}} - 1, GREATEST({_COUNTED}, (SELECT MAX(size.n) * MIN(share) / 2 FROM known, size)))::bigint END
            FROM (SELECT 1 FROM {{matched}} LIMIT {_COUNTED}) m) END
"""


def how_many(
    shelf: Shelf, groups: Sequence[tuple[tuple[str, ...], str]], most: int
) -> tuple[str, list[Any]]:
    """A statement that counts the records with all words of each group, `most` at most: (number of the group, count).

    A group is its words and the expression that asks for them. Of common words the number is a guess.
    """
    counted = {"most": most, "matched": matched(shelf)}
    counts = [_HOW_MANY.format(n=n, **counted) for n in range(len(groups))]
    params: list[Any] = []
    for words, expression in groups:
        params += [list(words), len(words), list(words), expression]
    return _KNOWN.format(row=shelf.row) + " UNION ALL ".join(counts), params


def storable(shelf: Shelf, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """The entries as `stored` gives them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v::tsvector::text FROM unnest(%s::text[]) WITH ORDINALITY AS t (v, n) ORDER BY n",
            [list(map(_vector, entries))],
        )
        vectors = [vector for (vector,) in cursor.fetchall()]
    return [
        (*e.row(shelf.columns), vector, e.shown) for e, vector in zip(entries, vectors, strict=True)
    ]


def stored(shelf: Shelf, keys: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What is in the index of these records, by key."""
    columns = ", ".join(f"q.{name}" for name in shelf.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {columns}, q.vector::text, s.shown
                FROM {shelf.row} q JOIN {shelf.shown} s ON s.key = q.key WHERE q.key = ANY(%s)""",
            [list(keys)],
        )
        return {row[0]: tuple(row) for row in cursor.fetchall()}


def sizes(shelf: Shelf) -> dict[str, int]:
    """How many records each table of the index holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in (shelf.row, shelf.shown):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def optimise() -> None:
    """Merge what a large import leaves pending in the index, and count anew what the planner goes by."""
    with connection.cursor() as cursor:
        for shelf in SHELVES:
            cursor.execute(f"SELECT gin_clean_pending_list('{shelf.row}_vector')")
            cursor.execute(f"ANALYZE {', '.join(shelf.tables)}")
        cursor.execute("ANALYZE search_name, search_word")


def _vector(entry: Entry) -> str:
    """The tokens with places and weights, as the type tsvector is written; a gap parts two columns."""
    places: dict[str, list[str]] = {}
    start = 1
    for text, weight in (
        (entry.words, "B"),
        (entry.stems, "B"),
        (entry.names, "A"),
        (entry.about, "C"),
        (entry.tags, ""),
    ):
        found = text.split(" ")
        for place, token in enumerate(found, start=start):
            if token:
                places.setdefault(token, []).append(f"{min(place, _MOST_PLACES)}{weight}")
        start += len(found) + 1
    return " ".join(f"{_lexeme(token)}:{','.join(at[:255])}" for token, at in places.items())


def _lexeme(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def compiled(expression: Expression) -> str:
    """The expression as the type tsquery is written (PostgreSQL's documentation, section 8.11.2)."""
    match expression:
        case Phrase(tokens, prefix, in_names, in_words):
            weight = "A" if in_names else "B" if in_words else ""
            mark = f":{weight}" if weight else ""
            *before, last = [f"{_lexeme(token)}{mark}" for token in tokens]
            if prefix:
                last = f"{_lexeme(tokens[-1])}:*{weight}"
            return f"({' <-> '.join([*before, last])})"
        case AllOf(parts):
            return _joined(" & ", parts)
        case AnyOf(parts):
            return _joined(" | ", parts)
        case ButNot(wanted, unwanted):
            return f"({compiled(wanted)} & !{compiled(unwanted)})"


def _joined(operator: str, parts: Iterable[Expression]) -> str:
    return f"({operator.join(map(compiled, parts))})"


def rank(_shelf: Shelf, expression: str) -> tuple[str, list[Any]]:
    """How well a record matches, the smallest number best (ts_rank with the weights of the columns)."""
    return (
        f"-ts_rank('{_WEIGHTS}'::float4[], q.vector, %s::tsquery, 1)::float8",
        [expression],
    )


def fetched_within(
    database: Any, seconds: float, sql: str, params: list[Any]
) -> list[tuple[Any, ...]]:
    """All rows that a statement gives; it is stopped with an OperationalError when it takes longer.

    Statements that are sent together are one transaction, at whose end the limit is gone.
    """
    with database.cursor() as cursor:
        limit = f"SET LOCAL statement_timeout = {round(seconds * 1000)}; "
        cursor.execute(limit + sql, params)
        cursor.nextset()
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def was_stopped(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == "57014"  # query_canceled
