"""Measures what is read out of real pages, beside trafilatura alone: `python tests/bench/reading.py`.

Reads ../shared/data/pages. Prints how many of the segments that must be in an article are there, how
many that must not be are absent, how many headlines and days are right, and how long a page takes;
with `--misses`, each that is wrong. The days and headlines that are expected were noted by hand by
the makers of trafilatura and of Readability, and a few of them are not what the page says.
"""

import json
import re
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import trafilatura

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tracker.reading import ReadingError, read  # noqa: E402

PAGES = ROOT.parent / "shared" / "data" / "pages"
# What a segment of Readability's expected articles is: a paragraph of some length.
SHORTEST = 40


@dataclass
class Case:
    name: str
    body: bytes
    have: list[str] = field(default_factory=list)
    have_not: list[str] = field(default_factory=list)
    headline: str = ""
    day: str = ""


@dataclass
class Tally:
    right: int = 0
    of: int = 0

    def count(self, is_right: bool) -> bool:
        self.right += is_right
        self.of += 1
        return is_right

    def __str__(self) -> str:
        return f"{self.right:5} of {self.of:5} {self.right / max(self.of, 1):7.1%}"


def trafilatura_cases() -> Iterator[Case]:
    expected = json.loads((PAGES / "trafilatura_expected.json").read_text(encoding="utf-8"))
    for name, row in expected.items():
        yield Case(
            name=name,
            body=(PAGES / "trafilatura" / name).read_bytes(),
            have=row["with"],
            have_not=row["without"],
            headline=row.get("title", ""),
            day=row.get("date", ""),
        )


def readability_cases() -> Iterator[Case]:
    for folder in sorted((PAGES / "readability").iterdir()):
        said = json.loads((folder / "expected-metadata.json").read_text(encoding="utf-8"))
        article = lxml.html.fromstring((folder / "expected.html").read_text(encoding="utf-8"))
        day = re.match(r"\d{4}-\d\d-\d\d", said.get("publishedTime") or "")
        yield Case(
            name=folder.name,
            body=(folder / "source.html").read_bytes(),
            have=list(paragraphs(article)),
            headline=said.get("title") or "",
            day=day[0] if day else "",
        )


def paragraphs(article: lxml.html.HtmlElement) -> Iterator[str]:
    for each in article.iter("p"):
        text = line(each.text_content())
        if len(text) >= SHORTEST:
            yield text


def line(text: str) -> str:
    return " ".join(text.split())


def letters(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def is_headline(found: str, expected: str) -> bool:
    """Whether the words are the same, the name of the site or the author behind them apart."""
    if letters(found) == letters(expected):
        return True
    words = r"\s*".join(map(re.escape, found.split()))
    beside_the_site = bool(words) and re.match(rf"{words}\s*[|–—\-\[:(]", expected)
    cut_off = letters(found).startswith(letters(expected)) and len(expected) > 0.9 * len(found)
    return bool(beside_the_site) or cut_off


class Reader(ABC):
    """One way to read, and how well it did."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.have, self.have_not = Tally(), Tally()
        self.headlines, self.days = Tally(), Tally()
        self.seconds: list[float] = []
        self.misses: list[str] = []

    @abstractmethod
    def text_headline_day(self, case: Case) -> tuple[str, str, str]: ...

    def take(self, case: Case) -> None:
        start = time.perf_counter()
        text, headline, day = self.text_headline_day(case)
        self.seconds.append(time.perf_counter() - start)
        flat = line(text)
        for segment in case.have:
            self.note(self.have.count(line(segment) in flat), case, "not there", segment)
        for segment in case.have_not:
            self.note(self.have_not.count(line(segment) not in flat), case, "there", segment)
        if case.headline:
            found = self.headlines.count(is_headline(headline, case.headline))
            self.note(found, case, f"headline {headline!r}", case.headline)
        if case.day:
            self.note(self.days.count(day == case.day), case, f"day {day}", case.day)

    def note(self, is_right: bool, case: Case, what: str, expected: str) -> None:
        if not is_right:
            self.misses.append(f"{self.name}: {case.name}: {what}, expected {expected[:80]!r}")


class Ours(Reader):
    def text_headline_day(self, case: Case) -> tuple[str, str, str]:
        try:
            article = read(case.body, content_type="text/html")
        except ReadingError as error:
            self.misses.append(f"{self.name}: {case.name}: {error}")
            return "", "", ""
        return article.text, article.headline, article.published_on


class Trafilatura(Reader):
    def text_headline_day(self, case: Case) -> tuple[str, str, str]:
        text = trafilatura.extract(case.body) or ""
        said = trafilatura.extract_metadata(case.body)
        return text, said.title or "", said.date or ""


def main() -> None:
    if not PAGES.exists():
        sys.exit(f"There is no {PAGES}: nothing to read.")
    both = Ours("ours"), Trafilatura("trafilatura alone")
    for reader in both:  # what is imported first is not the first page's fault
        reader.text_headline_day(Case("", b"<p>Nothing much is said here.</p>"))
    for source, cases in (("trafilatura", trafilatura_cases), ("readability", readability_cases)):
        readers = Ours("ours"), Trafilatura("trafilatura alone")
        for case in cases():
            for reader in readers:
                reader.take(case)
        report(f"{source}’s pages", readers)


def report(title: str, readers: tuple[Reader, ...]) -> None:
    write = sys.stdout.write
    write(f"{title:28}" + "".join(f"{reader.name:>24}" for reader in readers) + "\n")
    rows = ("have", "must be there and are"), ("have_not", "must not be and are not")
    for attribute, words in (*rows, ("headlines", "headline right"), ("days", "day right")):
        cells = (f"{getattr(reader, attribute)!s:>24}" for reader in readers)
        write(f"{words:28}" + "".join(cells) + "\n")
    slowest = (f"{max(reader.seconds) * 1000:22.0f}ms" for reader in readers)
    write(f"{'slowest page':28}" + "".join(slowest) + "\n\n")
    if "--misses" in sys.argv:
        write("\n".join([*readers[0].misses, "", ""]))


if __name__ == "__main__":
    main()
