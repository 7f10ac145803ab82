"""Answers compared with plain SQL, then timed: all contenders, all tasks, in shuffled order."""

import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from contenders import Contender
from plain import BestSQL, PlainSQL
from questions import Found, Question
from serving import Client

__all__ = ["Cell", "Compared", "Readers", "compared", "high", "middle", "sampled", "throughput"]

BUDGET = 20.0  # seconds of one cell; it stops then, and says so
FEWEST = 10  # samples that the budget must not prevent


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def high(values: Sequence[float]) -> float:
    """95 of 100 are below."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


# --- Are they the same? ---------------------------------------------------------------------------


@dataclass
class Compared:
    """One contender's answers beside plain SQL's."""

    differences: list[str] = field(default_factory=list)  # in words
    lower_bounds: int = 0  # answers that say "10,000+" where plain SQL has counted


def compared(plain: PlainSQL, contender: Contender, questions: list[Question]) -> Compared:
    """Rows, counts and numbers of all questions that the contender can answer."""
    client, result = Client(contender.server.port), Compared()
    for question in questions:
        path = contender.path(question)
        if path is None:
            continue
        answer = client.get(path)
        if answer.status != 200:
            differs = f"answered {answer.status or 'nothing in time'}"
        else:
            found = contender.read(question, answer.body)
            differs = _difference(plain, question, found, contender.orders_a_day)
            result.lower_bounds += found.at_least
        if differs:
            about = f"{question.words} {question.speaker} {question.year or ''}".strip()
            result.differences.append(f"{contender.name}, {question.task} ({about}): {differs}")
    client.close()
    return result


def _difference(plain: PlainSQL, question: Question, found: Found, in_order: bool) -> str:
    truth = plain.truth(question)
    if question.wants_years:
        return "" if found.years == truth.years else f"{found.years}, not {truth.years}"
    if question.wants_facet:
        return _facet_difference(found, truth.speakers or {})
    if problem := _count_difference(question, found, truth):
        return problem
    if not question.wants_rows:
        return ""
    ids, expected = found.ids or (), truth.ids or ()
    if ids == expected:
        return ""
    matching = plain.matching(question)
    wrong = len(set(ids) - matching)
    if wrong or len(set(ids)) != len(expected):
        return f"{len(ids)} rows, not {len(expected)}, {wrong} of them wrong"
    if question.best:  # how well a quote matches is each one's own view
        return ""
    same_days = [plain.day(each) for each in ids] == [plain.day(each) for each in expected]
    if same_days and not in_order:
        return ""
    return f"ids {ids[:5]} ..., not {expected[:5]} ..."


def _count_difference(question: Question, found: Found, truth: Found) -> str:
    if found.count is None:
        return "no count" if question.wants_count and truth.count else ""
    if found.at_least:
        return "" if (truth.count or 0) >= found.count else f"{found.count}+ of {truth.count}"
    return "" if found.count == truth.count else f"{found.count} quotes, not {truth.count}"


def _facet_difference(found: Found, truth: dict[str, int]) -> str:
    """A shorter list is no difference, a wrong number is, and so is anybody who is not a first."""
    told = found.speakers or {}
    if len(told) < min(10, len(truth)):
        return f"{len(told)} speakers"
    if found.at_least:
        more = {name: n for name, n in told.items() if n > truth.get(name, 0)}
        return f"more than there are: {dict(list(more.items())[:3])}" if more else ""
    wrong = {name: n for name, n in told.items() if truth.get(name) != n}
    firsts = sorted(truth.values(), reverse=True)[: len(told)]
    if wrong:
        return f"numbers {dict(list(wrong.items())[:3])}"
    return "" if sorted(told.values(), reverse=True) == firsts else "not the most frequent ones"


# --- How long does it take? -----------------------------------------------------------------------


@dataclass
class Cell:
    """One contender at one task."""

    waits: list[float] = field(default_factory=list)  # milliseconds
    core: list[float] = field(default_factory=list)  # milliseconds of a core
    failed: int = 0

    @property
    def p50(self) -> float:
        return middle(self.waits)

    @property
    def p95(self) -> float:
        return high(self.waits)

    @property
    def processor(self) -> float:
        return statistics.fmean(self.core)


def sampled(
    contenders: Sequence[Contender],
    in_process: Sequence[PlainSQL | BestSQL],
    questions: list[Question],
    *,
    samples: int,
    seed: int,
) -> dict[tuple[str, str], Cell]:
    """By names of contender and task. Everything is asked once before, and that is not counted."""
    turns = _turns([*contenders, *in_process], questions)
    for asks in turns.values():
        for ask in asks:
            ask()
    order = [key for key in turns for _ in range(samples)]
    random.Random(seed).shuffle(order)
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    for key in order:
        cell = cells[key]
        if sum(cell.waits) > 1000 * BUDGET and len(cell.waits) >= FEWEST:
            continue
        asks = turns[key]
        seconds, core, failed = asks[len(cell.waits) % len(asks)]()
        cell.waits.append(1000 * seconds)
        cell.core.append(core)
        cell.failed += failed
    return dict(cells)


_Ask = Callable[[], tuple[float, float, bool]]


def _turns(
    everybody: Sequence[Contender | PlainSQL], questions: list[Question]
) -> dict[tuple[str, str], list[_Ask]]:
    turns: dict[tuple[str, str], list[_Ask]] = defaultdict(list)
    for contender in everybody:
        client = None if isinstance(contender, PlainSQL) else Client(contender.server.port)
        for question in questions:
            ask: _Ask | None = None
            if isinstance(contender, PlainSQL):
                if contender.can_answer(question):
                    ask = _in_process(contender, question)
            elif client and (path := contender.path(question)) is not None:
                ask = _over_http(contender, client, path)
            if ask:
                turns[contender.name, question.task].append(ask)
    return turns


def _over_http(contender: Contender, client: Client, path: str) -> _Ask:
    def ask() -> tuple[float, float, bool]:
        before = contender.server.processor_ms()
        answer = client.get(path)
        return (
            answer.seconds,
            contender.server.processor_ms() - before,
            answer.status != 200,
        )

    return ask


def _in_process(contender: PlainSQL, question: Question) -> _Ask:
    def ask() -> tuple[float, float, bool]:
        before, start = time.process_time(), time.perf_counter()
        contender.ask(question)
        return time.perf_counter() - start, 1000 * (time.process_time() - before), False

    return ask


# --- Many at once ---------------------------------------------------------------------------------


def throughput(ports: list[int], paths: list[str], *, seconds: float, connections: int) -> float:
    """Answers a second; each connection asks one after another, all ports as often."""
    answered, until = [0] * connections, time.perf_counter() + seconds

    def ask(place: int) -> None:
        client, turn = Client(ports[place % len(ports)]), random.Random(place)
        while time.perf_counter() < until:
            answered[place] += client.get(turn.choice(paths)).status == 200
        client.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered) / (time.perf_counter() - start)


class Readers:
    """One reader who asks all the time, beside something else."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self._port, self._paths = port, paths
        self.waits: list[float] = []
        self.failed = 0
        self._stopped = threading.Event()

    def wait_for(self, number: int) -> None:
        """Until so many answers have come."""
        while len(self.waits) < number:
            time.sleep(0.05)

    @contextmanager
    def reading(self) -> Iterator["Readers"]:
        thread = threading.Thread(target=self._read)
        thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            thread.join()

    def _read(self) -> None:
        client, turn = Client(self._port), random.Random(0)
        while not self._stopped.is_set():
            answer = client.get(turn.choice(self._paths))
            self.waits.append(1000 * answer.seconds)
            self.failed += answer.status != 200
            self._stopped.wait(0.02)
        client.close()
