"""Says to machines whether the site can do its work. Names what is down and no detail of it."""

import logging
from collections.abc import Callable
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from .methods import reading_only

__all__ = ["healthz"]

_log = logging.getLogger(__name__)


@reading_only
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """`{"database": "ok", "migrations": "ok", "cache": "ok"}` with 200; with 503 when one is not "ok"."""
    checks = {"database": _database, "migrations": _migrations, "cache": _cache}
    found = {name: _result(name, check) for name, check in checks.items()}
    healthy = set(found.values()) == {"ok"}
    return JsonResponse(found, status=200 if healthy else 503)


def _result(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception:  # whatever it is, the answer is the same, and the log has it
        _log.exception("The health check of the %s failed", name)
        return "down"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "missing" if plan else "ok"


def _cache() -> str:
    key = f"health-{uuid4()}"
    cache.set(key, "here", timeout=10)
    found = cache.get(key)
    cache.delete(key)
    return "ok" if found == "here" else "down"
