"""Where hostile pages are parsed: a process of its own, with nothing to lose, that reads page after page.

Run as ``python -m tracker.reading.working``. It speaks frames on its standard input and output: four
bytes of length, then JSON. JSON and not pickle, so that a page that takes this process over cannot
take over the one that reads its answers. It must not touch Django, the database or the web.
"""

import dataclasses
import json
import os
import select
import signal
import struct
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from .articles import NothingToRead

__all__ = ["LENGTH", "READY", "serve"]

LENGTH = struct.Struct(">I")
READY = b"ready\n"
_IDLE = 600.0  # seconds without work, after which it ends: whoever needs one starts another
_ORPHANED = 60.0  # seconds by the clock, if whoever gave the work does not live to end it


def serve() -> None:
    """Read jobs and write answers until the input ends or nobody asks."""
    # What a library prints must not get between the frames.
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from .pages import read_page  # lxml, and with the next line trafilatura

    _import_what_takes_long()
    _limit(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    answers.write(READY)
    answers.flush()
    while job := _next(jobs):
        _set_alarms(job.pop("seconds"), _ORPHANED)
        answer = _answered(read_page, job)
        _set_alarms(0, 0)
        body = json.dumps(answer).encode()
        answers.write(LENGTH.pack(len(body)) + body)
        answers.flush()


def _import_what_takes_long() -> None:
    try:
        import htmldate  # noqa: F401
        import trafilatura  # noqa: F401
    except ImportError:  # pages are then read plainly
        return


def _answered(read_page: Any, job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"article": dataclasses.asdict(read_page(**job))}
    except NothingToRead as error:
        return {"nothing": str(error)}
    except (MemoryError, RecursionError):
        return {"exhausted": True}
    except Exception as error:  # told to whoever asked, who decides
        return {"failed": f"{type(error).__name__}: {error}"[:500]}


def _next(jobs: BinaryIO) -> dict[str, Any] | None:
    if not select.select([jobs], [], [], _IDLE)[0]:
        return None
    head = jobs.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    body = jobs.read(LENGTH.unpack(head)[0])
    job: dict[str, Any] = json.loads(body)
    return job


def _set_alarms(processor: float, clock: float) -> None:
    """End this process after so many seconds; 0 is never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, processor)
        signal.setitimer(signal.ITIMER_REAL, clock)


def _limit(memory: int) -> None:
    """No more memory than `memory` bytes, no file written, no core dumped; ended by its own alarms."""
    if hasattr(signal, "setitimer"):  # not on Windows
        for alarm in (signal.SIGALRM, signal.SIGPROF):
            signal.signal(alarm, signal.SIG_DFL)  # which ends it even within a library in C
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it, which ends it
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if memory:
        with suppress(ValueError, OSError):  # macOS has no such limit
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    serve()
