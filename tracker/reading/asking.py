"""Has pages read by processes that can be stopped, and keeps these processes for the next page.

A new process would take a second and a half to import trafilatura; a kept one takes what the page
takes. Works in threads, under a server that forks, in commands and in tests: a process is started
when the first page needs it, belongs to the process that started it, and ends with it. It must not
touch Django, the database or the web.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from .articles import NothingToRead, ReadingFailed, TookTooLong
from .working import LENGTH, READY

__all__ = ["ask", "end_all"]

_MOST = 2  # at a time in one process of ours; more wait
_MEMORY = 512 * 1024 * 1024  # bytes of address space of each; pages of 5 MB take up to 0.25 GB
_PATIENCE = 5.0  # seconds by the clock for each of processor time: the machine may be busy
_STARTING = 60.0  # seconds until it is ready, on a machine that is busy
_WAITING = 60.0  # seconds for one to be free
_LONGEST_ANSWER = 64 * 1024 * 1024  # bytes
_ROOT = Path(__file__).resolve().parents[2]
# Nothing else of our environment: it holds the keys and the address of the database.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")

_free: list["_Reader"] = []
_lock = threading.Lock()
_places = threading.BoundedSemaphore(_MOST)


class _Reader:
    """One process, and the pipes to it."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        paths = [str(_ROOT), *filter(None, sys.path)]
        environment |= {"PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(  # noqa: S603, since nothing in it comes from outside
            [sys.executable, "-m", "tracker.reading.working", str(_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
        )
        self.pid = self._process.pid
        self._jobs = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)
        with self._ended_after(_STARTING):
            if self._answers.readline() != READY:
                self.end()
                raise ReadingFailed("Pages cannot be read at present: the reader does not start.")

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def read(self, job: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """The answer, or None when the process broke off or was ended."""
        body = json.dumps(job | {"seconds": seconds}).encode()
        with self._ended_after(seconds * _PATIENCE), suppress(OSError, ValueError):
            self._jobs.write(LENGTH.pack(len(body)) + body)
            self._jobs.flush()
            head = self._answers.read(LENGTH.size)
            if len(head) == LENGTH.size and LENGTH.unpack(head)[0] <= _LONGEST_ANSWER:
                answer: dict[str, Any] = json.loads(self._answers.read(LENGTH.unpack(head)[0]))
                return answer
        return None

    def _ended_after(self, seconds: float) -> "_Alarm":
        return _Alarm(seconds, self._process)

    def forget(self) -> None:
        """Close our ends of the pipes: after a fork the process is the parent's, which must see its end."""
        for pipe in (self._jobs, self._answers):
            with suppress(OSError):
                pipe.close()
        self._process.returncode = 0  # not ours to wait for

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._jobs, self._answers):
            with suppress(OSError):
                pipe.close()


class _Alarm:
    """Ends a process when a block takes too long, so that what waits for its answer goes on."""

    def __init__(self, seconds: float, process: subprocess.Popen[bytes]) -> None:
        self._timer = threading.Timer(seconds, process.kill)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def ask(job: dict[str, Any], *, seconds: float) -> dict[str, Any]:
    """Return the article that `pages.read_page(**job)` reads, as a dictionary.

    Raises `NothingToRead`; `TookTooLong` after `seconds` of processor time, five times as long by the
    clock, or too much memory; `ReadingFailed`.
    """
    if not _places.acquire(timeout=_WAITING):
        raise ReadingFailed("Too many pages are being read at once. Try again in a minute.")
    try:
        answer = _answer(job, seconds)
    finally:
        _places.release()
    if "article" in answer:
        article: dict[str, Any] = answer["article"]
        return article
    if "nothing" in answer:
        raise NothingToRead(answer["nothing"])
    if "failed" in answer:
        raise ReadingFailed("This page cannot be read. Paste the article’s text instead.")
    raise TookTooLong("This page takes too long to read. Paste the article’s text instead.")


def _answer(job: dict[str, Any], seconds: float) -> dict[str, Any]:
    reader = _taken()
    answer = None
    try:
        answer = reader.read(job, seconds)
    finally:
        if answer is None or "exhausted" in answer:
            reader.end()
        else:
            with _lock:
                _free.append(reader)
    return answer or {"exhausted": True}


def _taken() -> _Reader:
    """A reader that is free, or a new one."""
    while True:
        with _lock:
            reader = _free.pop() if _free else None
        if reader is None:
            return _started()
        if reader.is_alive():
            return reader
        reader.end()


def _started() -> _Reader:
    try:
        return _Reader()
    except OSError as error:
        raise ReadingFailed(
            "Pages cannot be read at present: the reader does not start."
        ) from error


def end_all() -> None:
    """End the processes that are kept."""
    with _lock:
        readers, _free[:] = list(_free), []
    for reader in readers:
        reader.end()


def _after_fork() -> None:
    """A child of ours starts its own: two must not speak into one pipe, nor wait for a lock of the other's."""
    global _lock, _places
    _lock = threading.Lock()
    _places = threading.BoundedSemaphore(_MOST)
    for reader in _free:
        reader.forget()
    _free.clear()


atexit.register(end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
