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
from .opening import read

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
