"""Asks many pages of many sites, politely: a site one page at a time with a pause behind each, and several sites at once.

Pages are asked for in threads that touch no database; whose turn it is at a site is written there, so that
several processes keep the pause together. What comes back is for the caller to record, in its own thread.
"""

import heapq
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tracker.fetching import FetchError, Rules, crawl_delay, host_key
from tracker.models import Turn

__all__ = ["Manners", "Visit", "visit"]

Wanted = TypeVar("Wanted")
Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)

_TURN = 90.0  # seconds after which the turn of one who was killed ends: more than any page takes
_BEAT = 2.0  # seconds: how long a wait may be before somebody hears that we live


@dataclass(frozen=True, slots=True)
class Manners:
    """How sites are treated. `pace` is the pause between two requests to one, in seconds, where its robots.txt asks
    for no longer one; `at_once` how many are asked at the same time; `patience` how many seconds one is waited for.
    """

    pace: float = 1.0
    at_once: int = 8
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Visit(Generic[Wanted, Answer]):
    """What came of one page: the answer, or the error that there was instead, or in how many seconds the site may
    be asked again, or none of these when it was not wanted any more."""

    wanted: Wanted
    answer: Answer | None = None
    error: Exception | None = None
    put_off: float | None = None


def visit(
    pages: Iterable[tuple[Wanted, str]],
    ask: Callable[[Wanted], Answer],
    *,
    rules: Rules,
    manners: Manners,
    still_wanted: Callable[[Wanted], bool] = lambda _wanted: True,
    beat: Callable[[], None] = lambda: None,
) -> Iterator[Visit[Wanted, Answer]]:
    """Ask for each of these pages, which come with their addresses, and give what came of each as it comes.

    A site's next page is asked for when the caller comes back for more. `still_wanted` is asked once nobody else
    can be at the site; `beat` is called every other second while nothing comes. Whatever stops it, the turns are given back.
    """
    visits = _Visits(ask, rules, manners)
    yield from visits.sorted_by_site(pages)
    try:
        while visits.are_left:
            yield from visits.begin(still_wanted)
            done = visits.wait()
            if done is None:
                beat()
                continue
            site, came, pause = done
            yield came
            yield from visits.leave(site, pause)
    finally:
        visits.leave_all()


class _Visits(Generic[Wanted, Answer]):
    """The pages that are waited for, site by site, and the sites at which we are."""

    def __init__(self, ask: Callable[[Wanted], Answer], rules: Rules, manners: Manners) -> None:
        self._ask, self._rules, self._manners = ask, rules, manners
        self._pages: dict[str, deque[tuple[Wanted, str]]] = {}
        self._next: list[tuple[float, int, str]] = []  # a heap: when, in which order, which site
        self._turns: dict[str, datetime] = {}
        self._known: set[str] = set()
        self._came: queue.SimpleQueue[tuple[str, Visit[Wanted, Answer], float]] = (
            queue.SimpleQueue()
        )
        self._order = 0

    @property
    def are_left(self) -> bool:
        return bool(self._next or self._turns)

    def sorted_by_site(
        self, pages: Iterable[tuple[Wanted, str]]
    ) -> Iterator[Visit[Wanted, Answer]]:
        """Take the pages in; those whose addresses nobody could ask for come back at once."""
        for wanted, url in pages:
            try:
                site = host_key(url)
            except FetchError as error:
                yield Visit(wanted, error=error)
                continue
            if site not in self._pages:
                self._pages[site] = deque()
                self._come_back(site, 0)
            self._pages[site].append((wanted, url))

    def _come_back(self, site: str, seconds: float) -> None:
        self._order += 1
        heapq.heappush(self._next, (time.monotonic() + seconds, self._order, site))

    def begin(self, still_wanted: Callable[[Wanted], bool]) -> Iterator[Visit[Wanted, Answer]]:
        """Ask the sites whose turn it is; what is not to be asked for comes back."""
        while (
            self._next
            and len(self._turns) < self._manners.at_once
            and self._next[0][0] <= time.monotonic()
        ):
            _when, _order, site = heapq.heappop(self._next)
            turn = Turn.objects.take(site, seconds=_TURN)
            if isinstance(turn, float):
                yield from self._wait_for(site, turn)
                continue
            self._turns[site] = turn
            yield from self._ask_next(site, still_wanted)

    def _wait_for(self, site: str, seconds: float) -> Iterator[Visit[Wanted, Answer]]:
        if seconds <= self._manners.patience:
            self._come_back(site, seconds)
            return
        for wanted, _url in self._pages.pop(site):
            yield Visit(wanted, put_off=seconds)

    def _ask_next(
        self, site: str, still_wanted: Callable[[Wanted], bool]
    ) -> Iterator[Visit[Wanted, Answer]]:
        pages = self._pages[site]
        while pages:
            wanted, url = pages.popleft()
            if still_wanted(wanted):
                job = threading.Thread(target=self._visit, args=(site, wanted, url), daemon=True)
                job.start()
                return
            yield Visit(wanted)
        self._give_back(site, 0)

    def _visit(self, site: str, wanted: Wanted, url: str) -> None:
        """In a thread: ask a site for its robots.txt, when it is the first time, and for the page."""
        pause = self._manners.pace
        try:
            pause = max(pause, crawl_delay(url, rules=self._rules) or 0)
            if site not in self._known:
                self._known.add(site)
                time.sleep(self._manners.pace)
            came: Visit[Wanted, Answer] = Visit(wanted, answer=self._ask(wanted))
        except Exception as error:  # which is the caller's to judge
            pause = max(pause, getattr(error, "retry_after", None) or 0)
            came = Visit(wanted, error=error)
        self._came.put((site, came, pause))

    def wait(self) -> tuple[str, Visit[Wanted, Answer], float] | None:
        """The next page that comes, with its site and the pause to make there; None when it is time to look after
        the others."""
        seconds = _BEAT
        if self._next and len(self._turns) < self._manners.at_once:
            seconds = min(seconds, max(self._next[0][0] - time.monotonic(), 0))
        try:
            return self._came.get(timeout=seconds)
        except queue.Empty:
            return None

    def leave(self, site: str, pause: float) -> Iterator[Visit[Wanted, Answer]]:
        """Let the next one ask this site, after a pause; what we do not wait for comes back."""
        self._give_back(site, pause)
        if self._pages[site]:
            yield from self._wait_for(site, pause)

    def _give_back(self, site: str, pause: float) -> None:
        Turn.objects.give_back(site, self._turns.pop(site), seconds=pause)

    def leave_all(self) -> None:
        for site, until in self._turns.items():
            Turn.objects.give_back(site, until, seconds=self._manners.pace)
