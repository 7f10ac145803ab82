"""From an address to its page: robots.txt first, then redirect by redirect, each checked anew.

It must not touch Django or the database.
"""

import datetime
import email.utils
import hashlib
import re
from contextlib import suppress
from urllib.parse import urljoin

from urllib3.response import BaseHTTPResponse

from .addresses import Target, target_of
from .answers import (
    AccessRefused,
    FetchError,
    Gone,
    NotAPage,
    NotFound,
    Page,
    RobotsRefused,
    RobotsUnreadable,
    ServerFailed,
    TooManyRedirects,
    TooManyRequests,
    UnexpectedAnswer,
)
from .connecting import Deadline
from .exchanging import answering, body_of
from .robots import LONGEST, Robots, read_robots
from .rules import Rules

__all__ = ["crawl_delay", "fetch", "host_key"]

_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KINDS = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_LONGEST_WAIT = 7 * 86_400.0  # seconds of a Retry-After that are believed
_MEDIA_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)\s*(?=;|,|\Z)", re.I)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([a-z0-9_.:+-]{1,40})""", re.I)
_RULES = Rules()


def fetch(url: str, *, rules: Rules | None = None) -> Page:
    """Return the page at a web address. Raises `FetchError`, of the class that says why not.

    Only http and https at the ports of `rules`, at hosts all of whose addresses are public; the
    connection is made to an address that was checked. At most three redirects are followed, each
    checked in the same way; what a page itself says of moving on (meta refresh, scripts) is not.
    robots.txt of each host is respected (RFC 9309). Only HTML, XHTML and plain text come back.
    """
    rules = rules or _RULES
    deadline = Deadline(rules.seconds)
    target = target_of(url, ports=rules.ports)
    for _ in range(_MOST_REDIRECTS + 1):
        if not _robots(target, rules, deadline).allows(target.url):
            raise RobotsRefused(
                f"The robots.txt of {target.host} asks programs not to fetch this page. "
                "Open it yourself and paste its text."
            )
        with answering(target, rules, deadline) as response:
            if response.status not in _REDIRECTS:
                return _page(url, target, response, rules, deadline)
            target = _next(target, response, rules)
    raise TooManyRedirects(
        f"The site sends from address to address, more than {_MOST_REDIRECTS} times."
    )


def host_key(url: str) -> str:
    """Return what requests must not come too fast to: host and port, "example.org:443".

    Raises `AddressRefused` for an address that `fetch` refuses by its form, its port apart.
    """
    target = target_of(url, ports=None)
    return f"{target.host}:{target.port}"


def crawl_delay(url: str, *, rules: Rules | None = None) -> float | None:
    """Return the seconds between two requests that robots.txt of this site asks for, or None.

    After a `fetch` with the same rules it is remembered, and no connection is opened. Raises
    `FetchError` when the site cannot be asked.
    """
    rules = rules or _RULES
    return _robots(target_of(url, ports=rules.ports), rules, Deadline(rules.seconds)).delay


def _robots(target: Target, rules: Rules, deadline: Deadline) -> Robots:
    robots = rules.memory.get(target.origin)
    if robots is None:
        robots = _asked_for_robots(target, rules, deadline)
        rules.memory.put(target.origin, robots)
    return robots


def _asked_for_robots(target: Target, rules: Rules, deadline: Deadline) -> Robots:
    """None, or one that is refused us, allows all; one that fails allows nothing (RFC 9309, 2.3.1)."""
    at = target_of(f"{target.origin}/robots.txt", ports=rules.ports)
    for _ in range(_MOST_REDIRECTS + 1):
        with answering(at, rules, deadline) as response:
            if 200 <= response.status < 300:
                return read_robots(body_of(response, most=LONGEST, deadline=deadline, cut=True))
            if response.status not in _REDIRECTS:
                break
            at = _next(at, response, rules)
    else:
        return Robots()
    if response.status < 500:
        return Robots()
    raise RobotsUnreadable(
        f"The robots.txt of {target.host}, which says what programs may fetch, cannot be read at "
        f"present (HTTP {response.status}). Try again later.",
        http_status=response.status,
    )


def _next(target: Target, response: BaseHTTPResponse, rules: Rules) -> Target:
    location = response.headers.get("Location", "").strip()
    if not location:
        raise UnexpectedAnswer(
            "The site sends on to another address and does not say which.",
            http_status=response.status,
        )
    with suppress(UnicodeError):  # headers are read as Latin-1, and sites write UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        url = urljoin(target.url, location)
    except ValueError:
        url = location  # which is refused by its form
    return target_of(url, ports=rules.ports)


def _page(
    url: str, target: Target, response: BaseHTTPResponse, rules: Rules, deadline: Deadline
) -> Page:
    _refuse_status(response)
    content_type = response.headers.get("Content-Type", "")
    kind = _MEDIA_TYPE.match(content_type)
    if not kind or kind[1].lower() not in _KINDS:
        named = f" ({kind[1].lower()})" if kind else ""
        raise NotAPage(
            f"This is not a web page or a plain text{named}. Paste the text instead.",
            http_status=response.status,
        )
    charset = _CHARSET.search(content_type)
    body = body_of(response, most=rules.most_bytes, deadline=deadline)
    return Page(
        url=url,
        final_url=target.url,
        status=response.status,
        content_type=kind[1].lower(),
        charset=charset[1].lower() if charset else "",
        body=body,
        fetched_at=datetime.datetime.now(datetime.UTC),
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _refuse_status(response: BaseHTTPResponse) -> None:
    status = response.status
    if 200 <= status < 300 and status not in (204, 205, 206):
        return
    wait = _retry_after(response.headers.get("Retry-After", ""))
    kind, message = _refusal(status, wait)
    raise kind(message, http_status=status, retry_after=wait)


def _refusal(status: int, wait: float | None) -> tuple[type[FetchError], str]:
    if status == 404:
        return NotFound, "The site has no page at this address (HTTP 404)."
    if status == 410:
        return Gone, "The site says that this page is gone for good (HTTP 410)."
    if status == 429 or (status == 503 and wait is not None):
        return TooManyRequests, f"The site asks to be left alone for a while (HTTP {status})."
    if status in (401, 402, 403, 407, 451):
        return AccessRefused, (
            f"The site does not give this page to programs (HTTP {status}). "
            "If you can read it, paste its text."
        )
    if status >= 500:
        return ServerFailed, f"The site has a fault at present (HTTP {status}). Try again later."
    return UnexpectedAnswer, f"The site gives no page at this address (HTTP {status})."


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After, which is a number or a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isdecimal():
        return min(float(value[:12]), _LONGEST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(value)
        seconds = (until - datetime.datetime.now(datetime.UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):  # no date, or one without a zone
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)
