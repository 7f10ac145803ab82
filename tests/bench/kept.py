"""Files that are made once and used again, and what is said meanwhile."""

import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["made", "say"]


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def made(path: Path, how: Callable[[Path], None], what: str) -> Path:
    """The file; made when it is not there. Who makes it renames it to its name last."""
    if not path.exists():
        say(f"Making {what} ...")
        how(path)
    return path
