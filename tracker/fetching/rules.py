"""How a page is fetched: who asks, at which ports, within which limits, and through which doors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from socket import socket

from .connecting import connect, resolve

__all__ = ["Rules"]

Resolver = Callable[[str, int], Sequence[str]]
Connector = Callable[[str, int, float], socket]


@dataclass(frozen=True, slots=True)
class Rules:
    """What may differ between installations and in tests.

    `site` is this site's own address, told to every site that is asked. `extra_ports` are allowed
    beside 80 and 443. `seconds` is the time for all of a fetch: names, robots.txt and redirects
    included. `most_bytes` bounds the body, as it travels and unpacked. `resolve(host, port)` gives
    IP addresses as text, and raises OSError; `connect(address, port, seconds)` a connected TCP
    socket, and raises OSError.
    """

    site: str = ""
    extra_ports: frozenset[int] = frozenset()
    seconds: float = 15.0
    most_bytes: int = 5_000_000
    resolve: Resolver = field(default=resolve)
    connect: Connector = field(default=connect)
