"""HTML or pasted text -> headline, byline, dates, language, addresses and the article's paragraphs.

It must not touch Django, the database or the web. Hostile pages are parsed in a process of its own,
which is stopped when it takes too long or too much memory.
"""

from .articles import (
    ClaimReview,
    NothingToRead,
    NotText,
    Quotation,
    ReadArticle,
    ReadingError,
    ReadingFailed,
    TooComplex,
    TookTooLong,
    TooLong,
)

__all__ = [
    "ClaimReview",
    "NotText",
    "NothingToRead",
    "Quotation",
    "ReadArticle",
    "ReadingError",
    "ReadingFailed",
    "TooComplex",
    "TooLong",
    "TookTooLong",
    "read",
]


def read(
    source: bytes | str, *, url: str = "", charset: str = "", content_type: str = ""
) -> ReadArticle:
    """Read a page (HTML) or a pasted text, whichever `source` is.

    `content_type` ("text/html", "text/plain") decides; without it, what looks like HTML is read as
    HTML. `url` is where it comes from, and makes relative addresses whole. `charset` is what the
    server said; a byte order mark goes before it. Raises `ReadingError`.
    """
    raise NotImplementedError
