"""One request and its answer: at an address that was checked, with bounded headers, time and size.

It must not touch Django or the database. Nothing is kept between two requests: no connection, no
cookie; no proxy of the environment is asked.
"""

import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, IncompleteRead

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from .addresses import Target
from .answers import (
    BadCertificate,
    FetchError,
    NoAnswer,
    TooLarge,
    Truncated,
    Undecodable,
    UnexpectedAnswer,
)
from .connecting import Deadline, checked_addresses, connected
from .rules import Rules

__all__ = ["answering", "body_of"]

_READ = 16 * 1024  # bytes at a time, so that what is unpacked from them stays small
_MOST_RATIO = 100  # of unpacked to packed bytes; real pages stay under 30, gzip's limit is 1,032
_RATIO_FROM = 256 * 1024  # unpacked bytes below which no ratio is a danger
_GZIP_START = b"\x1f"
_FAILURES = (OSError, HTTPException, HTTPError, ValueError)


class _Pinned:
    """A connection of urllib3 that uses the socket it is given, and can open no other.

    The name stays the one asked for, in SNI (RFC 6066, 3), in the check of the certificate and in
    the header Host.
    """

    given: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        given, self.given = self.given, None
        if given is None:
            raise OSError("A connection is used once.")
        return given


class _PinnedHTTP(_Pinned, HTTPConnection):
    pass


class _PinnedHTTPS(_Pinned, HTTPSConnection):
    pass


@contextmanager
def answering(target: Target, rules: Rules, deadline: Deadline) -> Iterator[BaseHTTPResponse]:
    """The answer to GET, its body not read yet. Raises `FetchError`."""
    addresses = checked_addresses(target.host, target.port, rules.resolve, deadline)
    with connected(addresses, target.port, rules.connect, deadline) as sock:
        try:
            yield _asked(target, sock, rules, deadline)
        except FetchError:
            raise
        except _FAILURES as error:
            if deadline.is_over:
                raise deadline.passed() from error
            raise _explained(error, target) from error


def _asked(
    target: Target, sock: socket.socket, rules: Rules, deadline: Deadline
) -> BaseHTTPResponse:
    connection: _PinnedHTTP | _PinnedHTTPS
    if target.scheme == "https":
        connection = _PinnedHTTPS(target.host, target.port, ssl_context=rules.tls())
    else:
        connection = _PinnedHTTP(target.host, target.port)
    connection.timeout = deadline.left()
    connection.given = sock
    headers = {
        "User-Agent": rules.user_agent,
        "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    connection.request("GET", target.path, headers=headers, preload_content=False)
    response = connection.getresponse()
    deadline.left()  # the cut of the connection looks like the end of the headers
    return response


def body_of(
    response: BaseHTTPResponse, *, most: int, deadline: Deadline, cut: bool = False
) -> bytes:
    """Return the body of an answer, unpacked. `cut` keeps the first `most` bytes instead of raising.

    Raises `TooLarge`, `Truncated`, `Undecodable`, `TooSlow`, and what `answering` explains.
    """
    declared = response.headers.get("Content-Length", "").strip()
    if not cut and declared.isdecimal() and int(declared[:20]) > most:
        raise _too_large(most)
    unpacker = _unpacker(response.headers.get("Content-Encoding", ""), most)
    body = bytearray()
    travelled = 0
    while packed := response.read1(_READ, decode_content=False):
        deadline.left()
        travelled += len(packed)
        body += unpacker.unpacked(packed)
        if cut and len(body) >= most:
            return bytes(body[:most])
        if max(travelled, len(body)) > most or _is_bomb(travelled, len(body)):
            raise _too_large(most)
    if deadline.is_over:  # the cut of the connection looks like an end
        raise deadline.passed()
    unpacker.finish()
    return bytes(body)


def _is_bomb(packed: int, unpacked: int) -> bool:
    return unpacked > _RATIO_FROM and unpacked > _MOST_RATIO * packed


class _Plain:
    """What is not packed."""

    def unpacked(self, data: bytes) -> bytes:
        return data

    def finish(self) -> None:
        pass


class _Gzip(_Plain):
    """One or more gzip members (RFC 1952, 2.2), never unpacked further than one byte beyond `most`."""

    def __init__(self, most: int) -> None:
        self._room = most + 1
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False

    def unpacked(self, data: bytes) -> bytes:
        out = bytearray()
        self._begun = True
        while data and self._room > 0:
            if self._member.eof:
                if not data.startswith(_GZIP_START):
                    break  # padding after the end, which browsers pass over, too
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                piece = self._member.decompress(data, self._room)
            except zlib.error as error:
                raise Undecodable("The page came damaged. Paste its text instead.") from error
            out += piece
            self._room -= len(piece)
            data = self._member.unused_data
        return bytes(out)

    def finish(self) -> None:
        if self._begun and not self._member.eof:
            raise _truncated()


def _unpacker(coding: str, most: int) -> _Plain:
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return _Plain()
    if coding in ("gzip", "x-gzip"):
        return _Gzip(most)
    raise Undecodable("The site packs its pages in a way that was not asked for.")


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"The page is larger than {most / 1e6:g} MB, as it travels or unpacked. Paste its text instead."
    )


def _truncated() -> Truncated:
    return Truncated("The page broke off before its end. Try again later.")


def _explained(error: Exception, target: Target) -> FetchError:
    if isinstance(error, (ssl.SSLCertVerificationError, CertificateError)):
        return BadCertificate(
            f"{target.host} cannot prove that it is {target.host}: its certificate is not valid."
        )
    if isinstance(error, ssl.SSLError):
        return NoAnswer(f"No secure connection to {target.host} could be made.")
    if isinstance(error, (IncompleteRead, ProtocolError)):
        return _truncated()
    if isinstance(error, OSError):
        return NoAnswer("The site broke off the connection. Try again later.")
    return UnexpectedAnswer("The site’s answer is not one that a page comes with.")
