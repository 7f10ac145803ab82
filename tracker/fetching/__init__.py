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
    RobotsUnreadable,
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
from .visiting import crawl_delay, fetch, host_key

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
