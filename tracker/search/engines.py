"""Chooses between the two engines: SQLite with FTS5, and PostgreSQL with its full text search. Both give the same answers."""

from types import ModuleType
from typing import Any

from django.db import OperationalError, connection, connections, router

from . import postgres, sqlite

__all__ = ["TooSlow", "among", "asked", "engine", "fetched"]

_LIMIT = 2.0  # seconds for one statement


class TooSlow(Exception):
    """The question took longer to answer than a reader may keep the database busy."""


def engine() -> ModuleType:
    """The engine of the database in use: the functions of `sqlite` and of `postgres` are the same ones."""
    return sqlite if connection.vendor == "sqlite" else postgres


def among(values: list[Any]) -> tuple[str, list[Any]]:
    """What stands behind a column to say that it is one of many values, with its parameter."""
    return engine().among(values)


def fetched(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows that a statement gives; a reader's page may ask a replica, see `middleware`."""
    with _database().cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _database() -> Any:
    return connections[router.db_for_read(None)]  # type: ignore[arg-type]


def asked(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a reader's statement, which may take only so long. Raises TooSlow."""
    try:
        rows: list[tuple[Any, ...]] = engine().fetched_within(_database(), _LIMIT, sql, params)
    except OperationalError as error:
        if engine().was_stopped(error):
            raise TooSlow from error
        raise
    return rows
