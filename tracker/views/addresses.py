"""Addresses with ids and readable slugs: which forms match, and how a wrong one leads to the right one."""

import unicodedata
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect

from tracker.models.addressed import AddressedQuerySet

__all__ = ["IdConverter", "SlugConverter", "at_slug_or_404", "elsewhere", "with_query"]


class IdConverter:
    """A record's number as it is printed: no sign, no leading zero, never too large for its column."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class SlugConverter:
    """One segment of a path in any script and case (NFC, Unicode UAX #15); control characters are no slug."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def to_python(self, value: str) -> str:
        return unicodedata.normalize("NFC", value)

    def to_url(self, value: str) -> str:
        return value


def at_slug_or_404(found: AddressedQuerySet, slug: str) -> Any:
    """The record at this slug, old or new. Raises Http404."""
    try:
        return found.at_slug(slug)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def elsewhere(request: HttpRequest, url: str) -> HttpResponsePermanentRedirect | None:
    """A redirect for good to the page's right address, with the query string; None when it was asked at that."""
    if request.path == unquote(url):
        return None
    return HttpResponsePermanentRedirect(with_query(url, request))


def with_query(url: str, request: HttpRequest) -> str:
    """An address with the query string of the request."""
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query else url
