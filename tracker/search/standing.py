"""Tells whether anything has changed that answers are made of: a stamp, kept beside the counters in the same transaction."""

import secrets

from django.db import connection

from .engines import fetched

__all__ = ["STAMP", "change_stamp", "standing"]

STAMP = ""  # its facet among the counters, which is no filter's


def standing() -> int | None:
    """The stamp that the index bears: while it is the same, the same question has the same answer, names and all,
    and what pages say beside it, such as links and corrections, is the same too.

    None while a change waits to be indexed, and before the first one.
    """
    rows = fetched(
        "SELECT n FROM search_count WHERE facet = %s AND NOT EXISTS (SELECT 1 FROM search_todo)",
        [STAMP],
    )
    return next((stamp for (stamp,) in rows), None)


def change_stamp() -> None:
    """Let the index bear a stamp that it never bore: what was kept under the last one is of no use any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_count (facet, tag, n) VALUES (%s, '', %s) "
            "ON CONFLICT (facet, tag) DO UPDATE SET n = excluded.n",
            [STAMP, secrets.randbits(62)],
        )
