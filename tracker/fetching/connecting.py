"""Resolves a host and connects to one IP address."""

import socket
from collections.abc import Sequence

__all__ = ["connect", "resolve"]


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host, as text, each once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Return a TCP socket that is connected to that very IP address. Raises OSError."""
    return socket.create_connection((address, port), timeout=seconds)
