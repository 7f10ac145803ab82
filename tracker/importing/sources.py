"""An article as it is brought: from an address, a pasted text or a file to what can be read in it. Asks no database.

Fetching takes seconds, so it is done before any transaction begins.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import fetching, reading
from tracker.fetching import FetchError, Rules
from tracker.models import Capture
from tracker.models.addresses import AddressError, normalise_url
from tracker.reading import ReadArticle, ReadingError

__all__ = ["LARGEST", "ArticleError", "Brought", "Facts", "Source", "bring", "our_rules"]

LARGEST = 5_000_000  # bytes, as much as is read


class ArticleError(Exception):
    """An article that cannot be taken; the message tells an editor why.

    `field` is what it is about: url, text, file, origin, or a name of `Facts`. `status` is a word that
    never changes: one of FetchError's or ReadingError's, or "refused". `outcome` is Capture's, when
    something was looked at; `http_status` the site's answer; `retry_after` how many seconds the site
    asks to be left alone for.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str,
        status: str = "refused",
        outcome: str = Capture.Outcome.FAILED.value,
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.field, self.status, self.outcome = field, status, outcome
        self.http_status, self.retry_after = http_status, retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an editor knows of an article; it is believed before what the page says. '' is not known."""

    headline: str = ""
    publisher: str = ""  # a name
    published_on: str = ""  # EDTF
    language: str = ""  # BCP 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is brought. An address alone is fetched; beside a text or a file it only says where that is from."""

    url: str = ""
    text: str = ""  # an article's words, or the HTML of its page
    file: bytes = b""
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """An article that was read, and how it came. `url` is normalised, or ''; so are `also_at`, other
    addresses of the same page: where redirects led, and the one that the page gives itself."""

    read: ReadArticle
    method: str  # of Capture
    taken_at: datetime
    raw_sha256: str
    url: str = ""
    url_as_typed: str = ""
    also_at: tuple[str, ...] = ()
    http_status: int | None = None
    facts: Facts = field(default_factory=Facts)


@cache
def our_rules() -> Rules:
    """How pages are fetched here; kept, since it remembers what each site's robots.txt says."""
    return Rules(site=settings.BASE_URL, extra_ports=settings.FETCH_PORTS)


def bring(source: Source, *, rules: Rules | None = None) -> Brought:
    """Fetch or take what is brought, and read it. Raises ArticleError."""
    typed, url = source.url.strip(), _normalised(source.url)
    if source.text.strip() and source.file:
        raise ArticleError(_("Give the text or a file, not both."), field="file")
    if source.file:
        return _taken(source, source.file, "file", url, typed)
    if source.text.strip():
        return _taken(source, source.text, "text", url, typed)
    if not url:
        raise ArticleError(
            _("Give an address, or paste the article’s text, or choose a file."), field="url"
        )
    return _fetched(source, url, typed, rules or our_rules())


def _normalised(typed: str) -> str:
    try:
        return normalise_url(typed) if typed.strip() else ""
    except AddressError as error:
        raise ArticleError(str(error), field="url") from error


def _taken(source: Source, content: str | bytes, field: str, url: str, typed: str) -> Brought:
    uploaded = isinstance(content, bytes)
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    read = _read(content, field, url=url)
    named = _also_at(url, read.canonical_url)
    return Brought(
        read=read,
        method=(Capture.Method.UPLOADED if uploaded else Capture.Method.TYPED).value,
        taken_at=timezone.now(),
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        url=url or (named[0] if named else ""),
        url_as_typed=typed or (read.canonical_url if named else ""),
        also_at=named if url else (),
        facts=source.facts,
    )


def _fetched(source: Source, url: str, typed: str, rules: Rules) -> Brought:
    try:
        page = fetching.fetch(url, rules=rules)
    except FetchError as error:
        raise ArticleError(
            str(error),
            field="url",
            status=error.status,
            outcome=error.outcome,
            http_status=error.http_status,
            retry_after=error.retry_after,
        ) from error
    read = _read(
        page.body,
        "url",
        url=page.final_url,
        charset=page.charset,
        content_type=page.content_type,
        http_status=page.status,
    )
    return Brought(
        read=read,
        method=Capture.Method.FETCHED.value,
        taken_at=page.fetched_at,
        raw_sha256=page.sha256,
        url=url,
        url_as_typed=typed,
        also_at=_also_at(url, page.final_url, read.canonical_url),
        http_status=page.status,
        facts=source.facts,
    )


def _read(
    content: str | bytes,
    field: str,
    *,
    url: str,
    charset: str = "",
    content_type: str = "",
    http_status: int | None = None,
) -> ReadArticle:
    try:
        return reading.read(content, url=url, charset=charset, content_type=content_type)
    except ReadingError as error:
        raise ArticleError(
            str(error), field=field, status=error.status, http_status=http_status
        ) from error


def _also_at(url: str, *others: str) -> tuple[str, ...]:
    """Other addresses of the page. The front page of a site is no article's, whatever the page says."""
    found = []
    for each in others:
        try:
            other = normalise_url(each)
        except AddressError:
            continue
        if other != url and urlsplit(other).path.strip("/"):
            found.append(other)
    return tuple(dict.fromkeys(found))
