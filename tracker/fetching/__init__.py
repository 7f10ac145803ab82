"""A page from the web, safely: the only code that opens a connection to it.

It must not touch Django or the database; what the installation decides comes in as `Rules`.
"""

from .answers import (
    AccessRefused,
    AddressRefused,
    BadCertificate,
    FetchError,
    Gone,
    NameNotFound,
    NoAnswer,
    NotAPage,
    NotFound,
    Page,
    PrivateAddress,
    RobotsRefused,
    ServerFailed,
    TooLarge,
    TooManyRedirects,
    TooManyRequests,
    TooSlow,
    Truncated,
    Undecodable,
    UnexpectedAnswer,
)
from .rules import Rules

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
    "Rules",
    "ServerFailed",
    "TooLarge",
    "TooManyRedirects",
    "TooManyRequests",
    "TooSlow",
    "Truncated",
    "Undecodable",
    "UnexpectedAnswer",
    "crawl_delay",
    "fetch",
    "host_key",
]


def fetch(url: str, *, rules: Rules | None = None) -> Page:
    """Return the page at a web address. Raises `FetchError`, of the class that says why not."""
    raise NotImplementedError


def host_key(url: str) -> str:
    """Return what pages must share to be asked for one after the other: host and port, 'example.org:443'.

    Raises `AddressRefused` for an address that `fetch` would refuse by its form.
    """
    raise NotImplementedError


def crawl_delay(url: str, *, rules: Rules | None = None) -> float | None:
    """Return the seconds between two requests that the site's robots.txt asks for, or None.

    Raises `FetchError` when the site cannot be asked.
    """
    raise NotImplementedError
