"""How a page is fetched: who asks, at which ports, within which limits, and through which doors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ssl import SSLContext

from .addresses import DEFAULT_PORTS
from .connecting import Connector, Resolver, connect, resolve, tls_context
from .robots import PRODUCT, RobotsMemory

__all__ = ["Rules"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What may differ between installations and in tests. Keep one, since it remembers robots.txt.

    `site` is this site's own address, told to every site that is asked. `extra_ports` are allowed
    beside 80 and 443. `seconds` is the time for all of a fetch: names, robots.txt and redirects
    included. `most_bytes` bounds the body, as it travels and unpacked. `resolve(host, port)` gives
    IP addresses as text, and raises OSError; `connect(address, port, seconds)` a connected TCP
    socket, and raises OSError. `tls` makes the context that certificates are checked with.
    """

    site: str = ""
    extra_ports: frozenset[int] = frozenset()
    seconds: float = 15.0
    most_bytes: int = 5_000_000
    resolve: Resolver = resolve
    connect: Connector = connect
    tls: Callable[[], SSLContext] = tls_context
    memory: RobotsMemory = field(default_factory=RobotsMemory)

    @property
    def ports(self) -> frozenset[int]:
        return self.extra_ports | frozenset(DEFAULT_PORTS.values())

    @property
    def user_agent(self) -> str:
        """Who asks, and where to read about it (RFC 9110, 10.1.5)."""
        site = "".join(filter(_may_be_told, self.site))
        return f"{PRODUCT}/1.0 (+{site})" if site else f"{PRODUCT}/1.0"


def _may_be_told(character: str) -> bool:
    return "!" <= character <= "~" and character not in "()\\"
