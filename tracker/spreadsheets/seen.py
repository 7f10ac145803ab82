"""Which rows of a file were there before, in bounded memory: what is seen is kept in a temporary file of SQLite's own.

Our database is not touched.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

from django.utils.translation import gettext as _

from tracker import anchoring
from tracker.models import Publisher, Speaker

from .rows import Problem, Row, words_key

__all__ = ["Seen", "otherwise"]

_Key = tuple[bytes, str]  # what tells a quote, and the column by which it does


class Seen:
    """The keys of all rows so far, with the line of each and a number that stands for all that it says."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")
        self._file.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, line INTEGER, says INTEGER) WITHOUT ROWID"
        )

    def __enter__(self) -> "Seen":
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def again(self, rows: Iterable[Row]) -> tuple[list[Row], int, list[Problem]]:
        """The rows that are new to this file, how many say again what an earlier one says, and those that say otherwise."""
        keys = [(row, *_key(row)) for row in rows]
        earlier = self._find({key for _row, key, _column in keys})
        new, repeated, problems = [], 0, []
        added = []
        for row, key, column in keys:
            says = hash(row)
            if key not in earlier:
                earlier[key] = row.line, says
                added.append((key, row.line, says))
                new.append(row)
            elif earlier[key][1] == says:
                repeated += 1
            else:
                problems.append(Problem(row.line, column, otherwise(column, earlier[key][0])))
        self._file.executemany("INSERT INTO seen VALUES (?, ?, ?)", added)
        return new, repeated, problems

    def _find(self, keys: set[bytes]) -> dict[bytes, tuple[int, int]]:
        marks = ", ".join("?" * len(keys))
        found = self._file.execute(
            f"SELECT key, line, says FROM seen WHERE key IN ({marks})",  # noqa: S608 - placeholders
            list(keys),
        )
        return {key: (line, says) for key, line, says in found}


def _said_key(row: Row) -> tuple[str, ...]:
    """What tells a quote without a reference: who said it, which words, and the source."""
    who = (row.speaker_kind or Speaker.Kind.PERSON.value, Speaker.as_compared(row.speaker))
    source = (
        (row.article_url,)
        if row.article_url
        else (row.headline, Publisher.as_compared(row.publisher), row.published_on)
    )
    return (
        *(who if row.speaker else ("", anchoring.fold(row.described_as))),
        words_key(row.text),
        *source,
    )


def _key(row: Row) -> tuple[bytes, str]:
    parts, column = ((row.reference,), "reference") if row.reference else (_said_key(row), "text")
    return blake2b("\x1f".join(parts).encode(), digest_size=16).digest(), column


def otherwise(column: str, line: int) -> str:
    if column == "reference":
        told = _("Line %(line)d has this reference already, and says otherwise.")
    else:
        told = _(
            "Line %(line)d has the same words by the same speaker in the same source, and says otherwise."
        )
    return told % {"line": line}
