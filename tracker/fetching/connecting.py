"""Resolves a host once and connects to an address that was checked, all of it before a deadline.

It must not touch Django or the database.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache

import certifi

from .addresses import is_public
from .answers import NameNotFound, NoAnswer, PrivateAddress, TooSlow

__all__ = ["Deadline", "checked_addresses", "connect", "connected", "resolve", "tls_context"]

Resolver = Callable[[str, int], Sequence[str]]
Connector = Callable[[str, int, float], socket.socket]

_LONGEST_CONNECT = 5.0  # seconds for one address of several
_MOST_ADDRESSES = 4  # of one host that are tried
# getaddrinfo cannot be stopped: what hangs is left behind, and only so many may hang at a time.
_resolving = threading.BoundedSemaphore(32)


class Deadline:
    """The moment at which all of a fetch must be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Return the seconds that are left. Raises `TooSlow` when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooSlow:
        return TooSlow(f"The site took longer than {self._seconds:g} seconds. Try again later.")


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host, as text, each once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Return a TCP socket that is connected to that very IP address. Raises OSError."""
    return socket.create_connection((address, port), timeout=seconds)


def checked_addresses(
    host: str, port: int, resolver: Resolver, deadline: Deadline
) -> Sequence[str]:
    """Return the IP addresses of a host, all of them public.

    Raises `PrivateAddress` when a single one is not: a host with both is either misconfigured or
    means to be taken for another. Raises `NameNotFound` and `TooSlow`.
    """
    if ":" in host or host.replace(".", "").isdigit():
        addresses: Sequence[str] = [host]
    else:
        addresses = _resolved(host, port, resolver, deadline)
    if not addresses:
        raise NameNotFound(f"There is no site named {host}.")
    if not all(map(is_public, addresses)):
        raise PrivateAddress(f"{host} is not on the public internet, and is not fetched.")
    return addresses


def _resolved(host: str, port: int, resolver: Resolver, deadline: Deadline) -> Sequence[str]:
    if not _resolving.acquire(timeout=deadline.left()):
        raise TooSlow("The names of sites cannot be looked up at present. Try again later.")
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host, port))
        except (OSError, ValueError) as error:
            answers.put(error)
        finally:
            _resolving.release()

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise deadline.passed() from None
    if isinstance(answer, Exception):
        raise NameNotFound(f"There is no site named {host}.") from answer
    return answer


@contextmanager
def connected(
    addresses: Sequence[str], port: int, connector: Connector, deadline: Deadline
) -> Iterator[socket.socket]:
    """A socket connected to the first address that answers, and cut off at the deadline.

    A timeout of the socket alone starts anew with each byte. The cut is made on a duplicate of its
    descriptor, so that it works during the TLS handshake, too, when the socket changes hands.
    """
    sock = _first_to_answer(addresses, port, connector, deadline)
    handle = sock.dup()
    cut = threading.Timer(deadline.left(), _cut, [handle])
    cut.daemon = True
    cut.start()
    try:
        yield sock
    finally:
        cut.cancel()
        handle.close()
        sock.close()


def _first_to_answer(
    addresses: Sequence[str], port: int, connector: Connector, deadline: Deadline
) -> socket.socket:
    failure: OSError | None = None
    for address in addresses[:_MOST_ADDRESSES]:
        try:
            return connector(address, port, min(_LONGEST_CONNECT, deadline.left()))
        except OSError as error:
            failure = error
    if deadline.is_over:
        raise deadline.passed() from failure
    raise NoAnswer("The site does not answer. Try again later.") from failure


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        sock.shutdown(socket.SHUT_RDWR)


@cache
def tls_context() -> ssl.SSLContext:
    """Who is believed: the machine's certificate authorities and Mozilla's, for machines without."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    return context
