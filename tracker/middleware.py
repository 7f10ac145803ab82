"""Headers that neither Django nor django-csp sends, and which database a request asks. Decides nothing about pages or people."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

__all__ = [
    "ReplicaRouter",
    "language_varies_by_cookie",
    "readers_ask_the_replica",
    "security_headers",
]

# A reference site asks the browser for nothing; an embedded script gets nothing either.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add Cross-Origin-Resource-Policy (Fetch, section 3.7) and Permissions-Policy (W3C).

    A view that has set one of them already keeps its own value.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    return middleware


def language_varies_by_cookie(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Name the cookie in Vary (RFC 9110, 12.5.5), for the language that a reader chose stands in it.

    LocaleMiddleware reads that cookie and names Accept-Language alone: a cache in between would hand
    one reader's Korean page to the next reader.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


_from_replica: ContextVar[bool] = ContextVar("_from_replica", default=False)


def readers_ask_the_replica(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let readers' pages ask the database of DATABASE_REPLICA_URL, if there is one.

    Whoever is logged in asks the first one: an editor must see what was saved a moment ago.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        reads = request.method in ("GET", "HEAD") and "replica" in connections.settings
        anonymous = settings.SESSION_COOKIE_NAME not in request.COOKIES
        token = _from_replica.set(reads and anonymous and not request.path.startswith("/admin/"))
        try:
            return get_response(request)
        finally:
            _from_replica.reset(token)

    return middleware


class ReplicaRouter:
    """Sends what a reader's page asks to the replica, and everything else to the first database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "replica" if _from_replica.get() else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"
