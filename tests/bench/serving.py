"""Servers on free ports of this machine: started, asked over HTTP, their time and memory read, and stopped."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PATIENCE", "Answer", "Client", "Server", "memory_of", "running"]

PATIENCE = 20.0  # seconds; what takes longer counts as this
_START = 120.0  # seconds to start in


@dataclass
class Server:
    """One process, with those that it starts, behind one port."""

    name: str
    command: list[str]  # {port} stands for the port
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    first: str = "/"  # asked for until it answers
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self, log: Path) -> None:
        self.port = _free_port()
        given = {name: text.format(port=self.port) for name, text in self.environment.items()}
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [part.format(port=self.port) for part in self.command],
                env=_environment() | given,
                cwd=self.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us first, and we stop it
            )
        client, until = Client(self.port), time.monotonic() + _START
        while (answer := client.get(self.first)).status != 200:
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                said = log.read_text(errors="replace")[-2_000:]
                raise SystemExit(f"{self.name} does not start ({answer.status}):\n{said}")
            time.sleep(0.1)
        client.close()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def pids(self) -> list[int]:
        """Its own and those of the processes that it started."""
        assert self.process is not None
        pids = [self.process.pid]
        for pid in pids:
            with suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pids += map(int, children.split())
        return pids

    def processor_ms(self) -> float:
        """Milliseconds of a core that it used until now."""
        return sum(map(_processor_ms, self.pids))

    def workers_memory(self) -> float:
        """MB of the processes that answer: shared pages are shared out among those that use them."""
        answering = self.pids[1:] or self.pids
        return sum(memory_of(pid) for pid in answering)


@contextmanager
def running(servers: list[Server], logs: Path) -> Iterator[list[Server]]:
    """All of them started; stopped whatever happens."""
    try:
        for server in servers:
            server.start(logs / f"{server.name.replace(' ', '-')}.log")
        yield servers
    finally:
        for server in servers:
            server.stop()


def memory_of(pid: int) -> float:
    """MB (10^6 bytes) of its proportional set size."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"no Pss of {pid}")


def _processor_ms(pid: int) -> float:
    """Of all threads, to the nanosecond where the kernel says it."""
    total = 0.0
    for schedule in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError, ValueError):
            total += int(schedule.read_text().split()[0]) / 1e6
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    """Ours without what happens to be set for the app."""
    ours = ("DATABASE_URL", "DEBUG", "REDIS_URL", "ALLOWED_HOSTS", "TRUSTED_PROXY", "SITE_NAME")
    return {name: text for name, text in os.environ.items() if name not in ours}


@dataclass(frozen=True)
class Answer:
    status: int  # 0: none came in time
    body: str
    seconds: float


class Client:
    """One connection, kept open where the server keeps it. Nothing is asked to be compressed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str) -> Answer:
        start = time.perf_counter()
        for attempt in (1, 2):  # a server may have closed the connection that was kept
            try:
                self._connection.request("GET", path)
                answer = self._connection.getresponse()
                body = answer.read()
                return Answer(answer.status, body.decode(), time.perf_counter() - start)
            except TimeoutError:
                self._connection.close()
                return Answer(0, "", PATIENCE)
            except (http.client.HTTPException, OSError):
                self._connection.close()
                if attempt == 2:
                    return Answer(0, "", time.perf_counter() - start)
        raise AssertionError

    def close(self) -> None:
        self._connection.close()
