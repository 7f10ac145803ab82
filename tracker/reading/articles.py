"""What is read out of a page, and why nothing could be: plain values that are handed on.

It must not touch Django, the database or the web.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

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
]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A Quotation that the page declares (https://schema.org/Quotation). All values are text of the page.

    `text` is one or more lines and never empty; all else may be ''. `said_on` is an EDTF date,
    `url` http or https, `language` a BCP 47 tag in canonical case.
    """

    text: str
    speaker: str = ""
    said_on: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ClaimReview:
    """A ClaimReview that the page declares (https://schema.org/ClaimReview). All values are text of the page.

    `claim` is never empty; all else may be ''. `verdict` is the rating in the reviewer's words, or
    its number. `claimed_on` and `reviewed_on` are EDTF dates; `url` is the review's address,
    `claim_url` where the claim was made, and `appearances` all places where it was, http or https.
    `description` is what the page says of the review.
    """

    claim: str
    claimed_by: str = ""
    claimed_on: str = ""
    claim_url: str = ""
    verdict: str = ""
    reviewer: str = ""
    reviewed_on: str = ""
    url: str = ""
    description: str = ""
    appearances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as far as its page tells. What is not told is '' or empty; nothing is made up.

    All values are plain text in NFC that `sanitizing.plain_line` accepts (`text`: `plain_words`,
    its length apart). `published_on` is an EDTF date; `language` a BCP 47 tag in canonical case.
    `canonical_url` is the address that the page gives itself; `original_url` the page that it says
    it comes from (schema.org isBasedOn and translationOfWork, a syndication source, or a canonical
    address at another site). `text` is `paragraphs` with an empty line between. `charset` is how
    the bytes were read, '' for what came as text. `method` tells how the paragraphs were found:
    "trafilatura", "declared" (the articleBody of its linked data), "plain" (all text blocks of the
    page: more than the article) or "pasted".
    """

    headline: str = ""
    byline: str = ""
    published_on: str = ""
    publisher: str = ""
    language: str = ""
    canonical_url: str = ""
    original_url: str = ""
    paragraphs: tuple[str, ...] = ()
    text: str = ""
    charset: str = ""
    method: Literal["trafilatura", "declared", "plain", "pasted"] = "plain"
    claim_reviews: tuple[ClaimReview, ...] = ()
    quotations: tuple[Quotation, ...] = ()


class ReadingError(ValueError):
    """Nothing could be read; the message tells an editor why. `status` is one word to store."""

    status: ClassVar[str] = "unreadable"


class NothingToRead(ReadingError):
    """Empty, or without a single word."""

    status = "empty"


class NotText(ReadingError):
    """A picture, a PDF, an archive: bytes that are no text in any charset."""

    status = "not-text"


class TooLong(ReadingError):
    """More bytes or characters than are read."""

    status = "too-long"


class TooComplex(ReadingError):
    """Too many tags, too deep or with too many attributes: no parser gets to see it."""

    status = "too-complex"


class TookTooLong(ReadingError):
    """The reading was stopped at its limit of time or memory."""

    status = "took-too-long"


class ReadingFailed(ReadingError):
    """The reader could not be started or broke off."""

    status = "reading-failed"
