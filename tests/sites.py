"""A web of sites for tests: one server on this machine, with pages by host and path that may change, vanish or wait."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tracker.fetching import Rules

__all__ = ["Web", "a_web", "html", "redirect"]

_PUBLIC = "93.184.215.14"

Script = Callable[[], bytes]


def html(body: str, *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> bytes:
    """An answer with this page."""
    content = body.encode()
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",
        *headers,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def redirect(to: str) -> bytes:
    return html("", status="302 Found", headers=(f"Location: {to}",))


class Web:
    """`web["news.example.org/a"] = html(...)`; what is not there answers 404. Every host is this machine."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes | Script] = {}
        self.asked: list[tuple[float, str]] = []  # when, and host with path, robots.txt too
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __setitem__(self, address: str, answer: bytes | Script) -> None:
        self._answers[address] = answer

    def __delitem__(self, address: str) -> None:
        del self._answers[address]

    @property
    def pages_asked(self) -> list[str]:
        return [address for _when, address in self.asked if not address.endswith("/robots.txt")]

    def rules(self, *, seconds: float = 5.0) -> Rules:
        return Rules(resolve=lambda _host, _port: [_PUBLIC], connect=self._connect, seconds=seconds)

    def close(self) -> None:
        self._listener.close()

    def _connect(self, _address: str, _port: int, seconds: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            head = request.decode("latin-1")
            host = head.lower().split("\r\nhost:")[1].split("\r\n")[0].strip()
            address = host + head.split(" ")[1]
            self.asked.append((time.monotonic(), address))
            answer = self._answers.get(address, html("Nothing here.", status="404 Not Found"))
            connection.sendall(answer() if callable(answer) else answer)


@contextmanager
def a_web() -> Iterator[Web]:
    web = Web()
    try:
        yield web
    finally:
        web.close()
