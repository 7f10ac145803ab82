"""Keeps whole pages while nothing has changed that they are made of, so that what many ask for is made once.

Whether anything has changed the index tells by its stamp, which every page asks for: nothing on them is old,
not by a second, nor kept past midnight. It fits pages that are made of the index and of names alone. (The list of pages about the site
in the footer has no stamp: it may be as old as a page is kept.)
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from tracker import search

__all__ = ["kept_while_nothing_changes"]

_View = Callable[..., HttpResponse]
_ASKED_BY = ("HX-Request", "HX-History-Restore-Request")  # beside the language, what Vary names


def kept_while_nothing_changes(view: _View) -> _View:
    """Let a view make each page once, and pack it once; it is given the `stamp` of the index, None when
    pages cannot be kept."""
    packed = gzip_page(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stamp = search.standing()
        if stamp is None:
            return view(request, *args, stamp=None, **kwargs)
        pages, key = caches["pages"], _key(request)
        known = pages.get(key)
        if known and known[0] == stamp:
            _stamp, content, headers = known
            return HttpResponse(content, headers=headers)
        page = packed(request, *args, stamp=stamp, **kwargs)
        if page.status_code == HTTPStatus.OK and "no-store" not in page.get("Cache-Control", ""):
            pages.set(key, (stamp, page.content, dict(page.headers)))
        return page

    return kept


def _key(request: HttpRequest) -> str:
    asked = [request.headers.get(name, "") for name in _ASKED_BY]
    unpacked = "" if "gzip" in request.headers.get("Accept-Encoding", "") else "unpacked"
    today = timezone.localdate().isoformat()  # on which it depends what is overdue
    text = "\n".join([today, get_language() or "", unpacked, *asked, request.get_full_path()])
    return hashlib.blake2b(text.encode()).hexdigest()
