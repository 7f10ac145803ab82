"""The parts of the comparison: each measures at one corpus, and adds to what was measured."""

from dataclasses import dataclass, field
from pathlib import Path

from contenders import Contender, Datasette
from corpus import write_corpus
from figures import GOALS
from kept import made, say
from korean import korean_found
from measuring import Cell, Readers, compared, high, sampled, throughput
from ours import Ours
from plain import BestSQL, PlainSQL
from questions import Question
from report import Figure
from serving import Client, running
from writing import Editor, beside_import, copied, raw_seconds, renamed

__all__ = [
    "Measured",
    "Size",
    "measure_import",
    "measure_korean",
    "measure_pages",
    "measure_throughput",
    "measure_writes",
]

# What readers search for when many of them do, or while something is written.
_MIX = (
    *("rare word", "common word", "two words", "phrase", "prefix"),
    *("common word, best match", "speaker and word"),
)
_CONNECTIONS, _SECONDS = 16, 15.0
_SAVES, _SAVED, _READS = (
    60,
    20,
    300,
)  # an editor's saves, of so many quotes; reads when all is quiet


@dataclass
class Size:
    """One corpus, with everything that was loaded from it."""

    quotes: int
    folder: Path
    plain: PlainSQL
    best: BestSQL
    ours: Ours
    tuned: Datasette
    rivals: list[Contender]
    questions: list[Question]

    def mix(self, contender: Contender) -> list[str]:
        found = [contender.path(each) for each in self.questions if each.task in _MIX]
        return [path for path in found if path]


@dataclass
class Measured:
    """Of all sizes together."""

    cells: dict[int, dict[tuple[str, str], Cell]] = field(default_factory=dict)
    memory: dict[int, float] = field(default_factory=dict)  # MB
    figures: list[Figure] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)  # who counts less than all


def measure_pages(size: Size, measured: Measured, *, samples: int, seed: int) -> None:
    contenders: list[Contender] = [size.ours, *size.rivals]
    with running([each.server for each in contenders], size.folder):
        say(f"Comparing answers about {size.quotes:,} quotes ...")
        for each in contenders:
            result = compared(size.plain, each, size.questions)
            for difference in result.differences:
                measured.differences.append(f"{size.quotes:,} quotes: {difference}")
                say(difference)
            if result.lower_bounds:
                measured.bounds.append(
                    f"{each.name} answers {result.lower_bounds} of the questions about "
                    f"{size.quotes:,} quotes with lower bounds (10,000+), where the others count all"
                )
        say(f"Taking {samples} samples a cell ...")
        measured.cells[size.quotes] = sampled(
            contenders, [size.plain, size.best], size.questions, samples=samples, seed=seed
        )
        measured.memory[size.quotes] = size.ours.server.workers_memory()


def measure_throughput(size: Size, measured: Measured) -> None:
    say(f"{_CONNECTIONS} connections at once, {size.quotes:,} quotes ...")
    rates = []
    for contender, servers in (
        (size.ours, [size.ours.server]),
        (size.tuned, [size.tuned.server, size.tuned.second()]),
    ):
        with running(servers, size.folder):
            ports, paths = [each.port for each in servers], size.mix(contender)
            rates.append(throughput(ports, paths, seconds=_SECONDS, connections=_CONNECTIONS))
    own, theirs = rates
    note = f"{own:.0f} against {theirs:.1f}"
    measured.figures.append(Figure(GOALS["throughput"], own / theirs if theirs else None, note))


def measure_import(size: Size, measured: Measured) -> None:
    say(f"The rows of {size.quotes:,} quotes by executemany ...")
    raw = size.quotes / raw_seconds(size.ours.file, size.folder)
    rate = size.quotes / size.ours.import_seconds
    note = f"{rate:,.0f} against {raw:,.0f} quotes a second"
    measured.figures.append(Figure(GOALS["import"], rate / raw, note))


def measure_korean(size: Size, measured: Measured) -> None:
    say("Korean words ...")
    with running([size.ours.server], size.folder):
        recall, slow = korean_found(size.ours)
    measured.figures += [Figure(GOALS["recall"], recall), Figure(GOALS["korean"], slow)]


def measure_writes(size: Size, measured: Measured, *, seed: int) -> None:
    """On a copy, for the database is used again."""
    say("An editor, an import and a rename beside readers ...")
    number = max(10_000, min(50_000, size.quotes // 20))  # half a minute of import
    more = made(
        size.folder / f"more-{number}.csv",
        lambda path: write_corpus(path, quotes=number, seed=seed, prefix="more"),
        f"{number:,} quotes more",
    )
    copy = size.folder / "copy.sqlite3"
    try:
        copied(size.ours.file, copy)
        measured.figures += _beside(size, Ours(size.plain, copy, name="a copy"), more)
    finally:
        for each in size.folder.glob("copy.sqlite3*"):
            each.unlink()


def _beside(size: Size, copy: Ours, more: Path) -> list[Figure]:
    paths, quotes = size.mix(size.ours), size.ours.some_quotes(_SAVED)
    with running([copy.server], size.folder):
        _warm(copy.server.port, paths)
        with Readers(copy.server.port, paths).reading() as idle:
            idle.wait_for(_READS)
        editor = Editor(copy.server.port)
        saves = [editor.save(quotes[turn % _SAVED]) for turn in range(_SAVES)]
        during = beside_import(copy, more, paths, quotes)
        rename = renamed(copy, paths, size.plain.most_quoted(1)[0])
    quiet, busy = high(idle.waits), high(during.readers)
    readers = f"{busy:.1f} ms against {quiet:.1f}, {during.failed} of {len(during.readers)} failed"
    reading = f"readers' p95 then {high(rename.readers):.1f} ms, {rename.failed} failed"
    return [
        Figure(GOALS["readers"], busy / quiet, readers),
        Figure(GOALS["save"], high(saves)),
        Figure(GOALS["save during import"], high(during.saves), f"{len(during.saves)} saves"),
        Figure(GOALS["rename"], rename.seconds, reading),
    ]


def _warm(port: int, paths: list[str]) -> None:
    client = Client(port)
    for path in paths * 2:
        client.get(path)
    client.close()
