"""What a site's robots.txt allows (RFC 9309), and the memory of what the sites asked last said.

It must not touch Django, the database or the web.
"""

import math
import threading
import time
from dataclasses import dataclass

from protego import Protego

__all__ = ["LONGEST", "PRODUCT", "Robots", "RobotsMemory", "read_robots"]

PRODUCT = "OnRecord"  # the name that a robots.txt may address us by (RFC 9309, 2.2.1)
LONGEST = 512 * 1024  # bytes that are read: RFC 9309, 2.5, wants 500 KiB at least

_REMEMBERED = 3600.0  # seconds; RFC 9309, 2.4, allows a day
_MOST_REMEMBERED = 200  # sites
_LONGEST_DELAY = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us; None when the site has none."""

    rules: Protego | None = None

    def allows(self, url: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float | None:
        """Seconds between two requests: a Crawl-delay, which no standard has and many sites give."""
        seconds = self.rules.crawl_delay(PRODUCT) if self.rules else None
        if seconds is None or not math.isfinite(seconds) or seconds < 0:
            return None
        return min(float(seconds), _LONGEST_DELAY)


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
    """Return the rules of a robots.txt, or of as much of it as is read."""
    text = body[:LONGEST].decode("utf-8-sig", "replace")
    return Robots(Protego.parse(text.replace("\r\n", "\n").replace("\r", "\n")))
