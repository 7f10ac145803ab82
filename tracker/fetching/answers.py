"""What comes of asking for a page: the page, or why there is none, in words for an editor.

It must not touch Django, the database or the web.
"""

import datetime
from dataclasses import dataclass
from typing import ClassVar, Literal

__all__ = [
    "AccessRefused",
    "AddressRefused",
    "BadCertificate",
    "FetchError",
    "Gone",
    "NameNotFound",
    "NoAnswer",
    "NotAPage",
    "NotFound",
    "Page",
    "PrivateAddress",
    "RobotsRefused",
    "RobotsUnreadable",
    "ServerFailed",
    "TooLarge",
    "TooManyRedirects",
    "TooManyRequests",
    "TooSlow",
    "Truncated",
    "Undecodable",
    "UnexpectedAnswer",
]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a site gave it.

    `url` is what was asked for, `final_url` where the redirects led, without fragment. `status` is
    the HTTP status (2xx). `content_type` is the media type in lower case, without parameters;
    `charset` the one that the header names, or ''. `body` is decompressed and otherwise as it came;
    `sha256` is its hash in lower-case hexadecimal digits. `fetched_at` is in UTC.
    """

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str
    body: bytes
    fetched_at: datetime.datetime
    sha256: str


class FetchError(Exception):
    """There is no page; the message tells an editor why.

    `status` is one short word that never changes, to be stored and filtered by. `outcome` is the
    coarser word of `Capture.outcome`: "not found", "refused" (by the site) or "failed".
    `http_status` is the HTTP status when the site gave one. `retry_after` is how many seconds the
    site asks to be left alone for (RFC 9110, 10.2.3), or None.
    """

    status: ClassVar[str] = "failed"
    outcome: ClassVar[Literal["not found", "refused", "failed"]] = "failed"

    def __init__(
        self, message: str, *, http_status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.retry_after = retry_after


class AddressRefused(FetchError):
    """The address is not one that is fetched: its scheme, port, host or form."""

    status = "address-refused"


class PrivateAddress(FetchError):
    """The host is, or is said to be, a machine that is not on the public internet."""

    status = "private-address"


class NameNotFound(FetchError):
    """No such host."""

    status = "name-not-found"
    outcome = "not found"


class NoAnswer(FetchError):
    """The host cannot be reached, or breaks off before it answers."""

    status = "no-answer"
    outcome = "not found"


class BadCertificate(FetchError):
    """The host cannot prove that it is the one that was asked for."""

    status = "bad-certificate"


class TooSlow(FetchError):
    """The time for all of it, names and redirects included, is over."""

    status = "too-slow"


class TooManyRedirects(FetchError):
    """The site sends from address to address."""

    status = "too-many-redirects"


class RobotsRefused(FetchError):
    """The site's robots.txt asks programs to leave this address alone (RFC 9309)."""

    status = "robots-refused"
    outcome = "refused"


class RobotsUnreadable(FetchError):
    """The site has a robots.txt that it cannot show, which means no (RFC 9309, 2.3.1.4)."""

    status = "robots-unreadable"


class NotFound(FetchError):
    """404: not there when looked for."""

    status = "not-found"
    outcome = "not found"


class Gone(FetchError):
    """410: the site says that it is gone for good."""

    status = "gone"
    outcome = "not found"


class AccessRefused(FetchError):
    """401, 402, 403, 407, 451: not for us, or only for those who log in or pay."""

    status = "access-refused"
    outcome = "refused"


class TooManyRequests(FetchError):
    """429, or 503 with a time to come back at."""

    status = "too-many-requests"
    outcome = "refused"


class ServerFailed(FetchError):
    """5xx: the site has a fault."""

    status = "server-failed"


class UnexpectedAnswer(FetchError):
    """A status or an answer that no page comes with."""

    status = "unexpected-answer"


class NotAPage(FetchError):
    """Not HTML, XHTML or plain text."""

    status = "not-a-page"


class TooLarge(FetchError):
    """Too many bytes, as they travel or unpacked, or suspiciously well packed."""

    status = "too-large"


class Truncated(FetchError):
    """The answer ended before its end."""

    status = "truncated"


class Undecodable(FetchError):
    """Packed in a way that was not asked for, or damaged."""

    status = "undecodable"
