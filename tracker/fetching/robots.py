"""What a site's robots.txt allows, read as RFC 9309 says, in time that is linear in its length.

Text goes in, an answer comes out; it must not touch Django, the database or the web.
"""

import math
import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

__all__ = ["LONGEST", "PRODUCT", "Robots", "RobotsMemory", "read_robots"]

PRODUCT = "OnRecord"  # the name that a robots.txt may address us by (RFC 9309, 2.2.1)
LONGEST = 512 * 1024  # bytes that are read: RFC 9309, 2.5, wants 500 KiB at least

_REMEMBERED = 3600.0  # seconds; RFC 9309, 2.4, allows a day
_MOST_REMEMBERED = 1_000  # sites
_LONGEST_DELAY = 86_400.0  # seconds
_UNRESERVED = "-._~"
_LINE = re.compile(r"\s*(?P<key>[A-Za-z-]+)\s*:\s*(?P<value>[^#]*)")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us: `rules` are (pattern, allowed); `delay` the seconds between two requests, or None."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float | None = None

    def allows(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched: the longest pattern decides (RFC 9309, 2.2.2)."""
        path = _normal(path)
        if path == "/robots.txt":
            return True
        matching = ((len(rule), allowed) for rule, allowed in self.rules if _matches(rule, path))
        return max(matching, default=(0, True))[1]


class RobotsMemory:
    """What the sites asked last said, for an hour. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Robots]] = {}
        self._lock = threading.Lock()

    def get(self, origin: str) -> Robots | None:
        with self._lock:
            until, robots = self._kept.get(origin, (0.0, None))
        return robots if time.monotonic() < until else None

    def put(self, origin: str, robots: Robots) -> None:
        with self._lock:
            self._kept.pop(origin, None)
            while len(self._kept) >= _MOST_REMEMBERED:
                del self._kept[next(iter(self._kept))]
            self._kept[origin] = (time.monotonic() + _REMEMBERED, robots)


def read_robots(body: bytes) -> Robots:
    """Return the rules for us in a robots.txt: of all groups that name us, else of those for everyone (2.2.1)."""
    text = body[:LONGEST].decode("utf-8-sig", "replace")
    groups = list(_groups(_lines(text)))
    for name in (PRODUCT.lower(), "*"):
        ours = [lines for names, lines in groups if name in names]
        if ours:
            return _robots([line for lines in ours for line in lines])
    return Robots()


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split("[\r\n]+", text):
        if match := _LINE.match(line):
            yield match["key"].lower(), match["value"].strip()


def _groups(
    lines: Iterable[tuple[str, str]],
) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """The names of each group and its lines; several names in a row begin one group."""
    names: set[str] = set()
    kept: list[tuple[str, str]] = []
    naming = False
    for key, value in lines:
        if key == "user-agent":
            if not naming:
                yield names, kept
                names, kept = set(), []
            naming = True
            product = re.match(r"\*|[A-Za-z_-]*", value)
            names.add(product[0].lower() if product else "")
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            kept.append((key, value))
    yield names, kept


def _robots(lines: list[tuple[str, str]]) -> Robots:
    rules = tuple(
        (_normal(value), key == "allow") for key, value in lines if key != "crawl-delay" and value
    )
    delays = [_delay(value) for key, value in lines if key == "crawl-delay"]
    return Robots(rules, max((delay for delay in delays if delay is not None), default=None))


def _delay(value: str) -> float | None:
    """Seconds of a Crawl-delay, which no standard has and many sites give."""
    try:
        seconds = float(value)
    except ValueError:
        return None
    return min(seconds, _LONGEST_DELAY) if math.isfinite(seconds) and seconds >= 0 else None


def _normal(path: str) -> str:
    """A path or pattern with only those escapes that are needed (RFC 9309, 2.2.2)."""
    return re.sub("(?:%[0-9A-Fa-f]{2}|[^\x21-\x7e])+", _escaped, path)


def _escaped(match: re.Match[str]) -> str:
    # What an escaped "/", "?", "*" or "$" means is not what the character itself means.
    return quote(unquote_to_bytes(match[0]), safe=_UNRESERVED)


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches from the start: "*" is any run, "$" at the end the end of the path.

    Leftmost matches of the pieces are enough, so that nothing is tried twice.
    """
    anchored = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not pieces:
        return not anchored or path == first
    at = len(first)
    last = pieces.pop() if anchored else ""
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not anchored or (path.endswith(last) and len(path) - len(last) >= at)
