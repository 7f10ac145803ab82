"""The way in: what a source is, what it may not be, and who reads it.

It must not touch Django, the database or the web.
"""

import re
from dataclasses import replace
from typing import Any

from tracker.sanitizing import Caps, UnsafeText, refuse_bombs

from .articles import (
    ClaimReview,
    NothingToRead,
    Quotation,
    ReadArticle,
    ReadingFailed,
    TooComplex,
    TookTooLong,
    TooLong,
)
from .asking import ask
from .decoding import decode
from .pasting import read_text

__all__ = ["read"]

_MOST_BYTES = 5_000_000  # as much as is fetched
_LONGEST_TEXT = 1_000_000  # characters that are read without a page around them: several books
_SECONDS = 2.0  # of processor time; the largest of 162 real pages take half a second
# Real pages have up to 10,000 tags, 41 levels and 70 attributes; libxml2 drops what is deeper than
# 255 levels, so nothing that passes is lost.
_CAPS = Caps(tags=50_000, depth=120, attributes=200)
_LOOKED_AT = 5_000  # characters
_HTML = re.compile(
    r"\s*(?:<\?xml\s|<!doctype\s+html|<html[\s>])"
    r"|<(?:head|body|title|meta|p|div|article|span|br|h[1-6]|ul|li|a)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def read(
    source: bytes | str, *, url: str = "", charset: str = "", content_type: str = ""
) -> ReadArticle:
    """Read a page (HTML) or a plain text, fetched, uploaded or pasted.

    Of a fetched page: `read(page.body, url=page.final_url, charset=page.charset,
    content_type=page.content_type)`. `content_type` ("text/html", "text/plain") tells which; without it, what looks like HTML is.
    `url` is where it comes from, and makes relative addresses whole. `charset` is what the server
    said (see `decoding.decode`). A page is parsed in a process that is stopped after 2 seconds of
    processor time or at 0.5 GB, and then once more without trafilatura. Raises `ReadingError`.
    """
    if len(source) > _MOST_BYTES:
        raise TooLong(
            f"This is too long: at most {_MOST_BYTES / 1e6:g} MB can be read. "
            "Paste the article’s text instead."
        )
    name = ""
    if isinstance(source, bytes):
        source, name = decode(source, charset)
    text = source.encode("utf-8", "replace").decode("utf-8")  # half characters
    if not text.strip():
        raise NothingToRead("There is nothing to read. Paste the article’s text.")
    if _is_html(text, content_type):
        return replace(_page(text, url), charset=name)
    if len(text) > _LONGEST_TEXT:
        raise TooLong(f"This is too long: a text has at most {_LONGEST_TEXT:,} characters.")
    return replace(read_text(text), charset=name)


def _is_html(text: str, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    return kind != "text/plain" and bool(_HTML.search(text[:_LOOKED_AT]))


def _claim_review(found: dict[str, Any]) -> ClaimReview:
    return ClaimReview(**found | {"appearances": tuple(map(str, found["appearances"]))})


def _page(html: str, url: str) -> ReadArticle:
    try:
        refuse_bombs(html, _CAPS)
    except UnsafeText as error:
        raise TooComplex(f"{error} Paste the article’s text instead.") from error
    job = {"html": html, "url": url}
    try:
        found = ask(job, seconds=_SECONDS)
    except TookTooLong:
        found = ask(job | {"plainly": True}, seconds=_SECONDS)
    try:
        found["paragraphs"] = tuple(map(str, found["paragraphs"]))
        found["claim_reviews"] = tuple(map(_claim_review, found["claim_reviews"]))
        found["quotations"] = tuple(Quotation(**each) for each in found["quotations"])
        return ReadArticle(**found)
    except (TypeError, KeyError) as error:  # a page may have taken over the process that read it
        raise ReadingFailed("This page cannot be read. Paste the article’s text.") from error
