"""On Record beside Datasette, a tutorial's Django app and plain SQL: `python tests/bench/compare.py --quotes 10000 1000000`.

One made-up corpus, loaded through our own importer and into a plain database; the same questions to
all, in shuffled order, after their answers were compared with plain SQL's. Servers run on loopback,
ours and the tutorial's with two processes, Datasette as the one process that it is (where many ask
at once, two of them, so that it too can use two cores). Pages are asked for uncompressed.
Our app is there twice: as it is, and with no page kept, so that every one is made anew. What was
loaded is kept in --work and used again. It needs `pip install -e '.[dev,bench]'`.

Not measured: a streamed CSV of everything (there is no export yet), and the merging of two speakers
(there is no verb for it yet).
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from contenders import Contender, Datasette, Tutorial, has_datasette
from corpus import asked_words_stand_apart, write_corpus
from figures import ANEW, page_figures
from kept import made
from ours import Ours, collect_static_files, load_ours
from parts import (
    Measured,
    Size,
    measure_import,
    measure_korean,
    measure_pages,
    measure_throughput,
    measure_writes,
)
from plain import BestSQL, PlainSQL, load_plain
from report import cells_table, figures_table, machine

PARTS = ("pages", "throughput", "import", "korean", "writes")


def prepared(quotes: int, *, work: Path, seed: int) -> Size:
    """Everything loaded; exits when the importer changed the order, for ids could not be compared."""
    folder = work / f"{quotes}-seed-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    of = f"of {quotes:,} quotes"
    corpus = made(
        folder / "corpus.csv",
        lambda path: write_corpus(path, quotes=quotes, seed=seed),
        f"a corpus {of}",
    )
    file = made(
        folder / "plain.sqlite3", lambda path: load_plain(path, corpus), f"a plain database {of}"
    )
    own = made(
        folder / "ours.sqlite3", lambda path: load_ours(path, corpus), f"our own database {of}"
    )
    plain = PlainSQL(file)
    ours, tuned = Ours(plain, own), Datasette(plain, file, tuned=True)
    if differs := ours.order_differs():
        sys.exit(f"The importer does not keep the order of the file: {differs}.")
    anew = Ours(plain, own, name=ANEW, kept_pages=0)
    rivals: list[Contender] = [
        anew,
        tuned,
        Datasette(plain, file, tuned=False),
        Tutorial(plain, file),
    ]
    return Size(quotes, folder, plain, BestSQL(file), ours, tuned, rivals, plain.questions())


def measure(sizes: list[Size], parts: list[str], *, samples: int, seed: int) -> Measured:
    """Pages at every size, all else at the largest."""
    measured, largest = Measured(), sizes[-1]
    if "pages" in parts:
        for size in sizes:
            measure_pages(size, measured, samples=samples, seed=seed)
        measured.figures += page_figures(measured.cells, measured.memory)
    if "throughput" in parts:
        measure_throughput(largest, measured)
    if "import" in parts:
        measure_import(largest, measured)
    if "korean" in parts:
        measure_korean(largest, measured)
    if "writes" in parts:
        measure_writes(largest, measured, seed=seed)
    return measured


def told(measured: Measured, quotes: list[int], samples: int) -> str:
    known = "; ".join(measured.differences) or "None: ids and counts are plain SQL's."
    text = [f"{machine()} {', '.join(f'{each:,}' for each in quotes)} quotes."]
    text += [f"Differences between answers: {known}", *(f"{each}." for each in measured.bounds)]
    text += [figures_table(measured.figures)]
    for size, cells in measured.cells.items():
        text += [f"{size:,} quotes:", cells_table(cells, samples)]
    return "\n\n".join(text) + "\n"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    work = Path(tempfile.gettempdir()) / "on-record-bench"
    parser.add_argument(
        "--quotes", type=int, nargs="+", default=[10_000], help="sizes of the corpus (10000)"
    )
    parser.add_argument("--work", type=Path, default=work, help=f"where things are kept ({work})")
    parser.add_argument("--samples", type=int, default=60, help="of each cell (60)")
    parser.add_argument("--seed", type=int, default=7, help="of the corpus and of the order (7)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if not has_datasette():
        sys.exit("Datasette is not installed: pip install -c constraints.txt -e '.[dev,bench]'")
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    asked_words_stand_apart()
    collect_static_files()
    work = asked.work.resolve()
    sizes = [prepared(each, work=work, seed=asked.seed) for each in sorted(set(asked.quotes))]
    measured = measure(sizes, asked.only, samples=asked.samples, seed=asked.seed)
    sys.stdout.write(told(measured, [each.quotes for each in sizes], asked.samples))
    sys.exit(1 if measured.differences else os.EX_OK)


def _as_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt  # so that servers are stopped


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped; what was loaded whole is kept.")
