"""Who is compared over HTTP with our own app: Datasette, tuned and as shipped, and a tutorial's Django app.

Each turns a question into an address, and reads the page that comes back into what was found.
"""

import json
import re
import sys
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from plain import PlainSQL
from questions import SIZE, Found, Question
from serving import Server

__all__ = ["Contender", "Datasette", "Tutorial", "gunicorn", "has_datasette", "number"]

_HERE = Path(__file__).resolve().parent


class Contender(Protocol):
    """Answers over HTTP."""

    name: str
    server: Server
    orders_a_day: bool  # among the quotes of one day the latest recorded come first

    def path(self, question: Question) -> str | None:
        """Where it answers; None when it cannot."""

    def read(self, question: Question, body: str) -> Found:
        """What its page says."""


def has_datasette() -> bool:
    return find_spec("datasette") is not None


def gunicorn(application: str) -> list[str]:
    """Two processes, as on a small machine."""
    return [
        *(sys.executable, "-m", "gunicorn", application, "--bind", "127.0.0.1:{port}"),
        *("--workers", "2", "--timeout", "120", "--log-level", "warning", "--no-control-socket"),
    ]


def number(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


@dataclass
class Datasette:
    """Its page of the table, and its page of an SQL query where only that can say it.

    Tuned: the database as immutable, so that the rows of a table are counted once; no suggested
    facets, 50 rows a page, no cache header, time limits that no answer needs, and no count where
    none is asked for.
    """

    plain: PlainSQL
    file: Path
    tuned: bool
    orders_a_day: bool = False  # it leaves that to SQLite

    def __post_init__(self) -> None:
        self.name = "Datasette tuned" if self.tuned else "Datasette as shipped"
        metadata = self.file.with_name("datasette.json")
        labels = {
            "quote": {"fts_table": "quote_fts", "fts_pk": "id"},
            "article": {"label_column": "headline"},
            "speaker": {"label_column": "name"},
        }
        metadata.write_text(json.dumps({"databases": {self.file.stem: {"tables": labels}}}))
        command = [sys.executable, "-m", "datasette", "serve", "--port", "{port}"]
        command += ["--metadata", str(metadata)]
        if self.tuned:
            command += ["--immutable", str(self.file)]
            for setting in (
                *("suggest_facets off", "default_page_size 50", "default_cache_ttl 0"),
                *("sql_time_limit_ms 60000", "facet_time_limit_ms 60000", "num_sql_threads 3"),
            ):
                command += ["--setting", *setting.split()]
        else:
            command += [str(self.file)]
        self.server = Server(self.name, command, first="/-/versions.json")
        self._table = f"/{self.file.stem}/quote"

    def second(self) -> Server:
        """A second process beside the first, since one cannot use two cores."""
        return Server(f"{self.name}, second", self.server.command, first=self.server.first)

    def path(self, question: Question) -> str | None:
        if question.best:
            sql = (
                "select quote.* from quote_fts join quote on quote.id = quote_fts.rowid "
                f"where quote_fts match :q order by rank limit {SIZE}"
            )
            return self._sql(sql, q=question.words)
        if question.wants_years:
            sql = (
                "select substr(earliest, 1, 4) as year, count(*) as n from quote "
                "where earliest is not null and speaker_id = :speaker group by 1 order by 1"
            )
            return self._sql(sql, speaker=self._speaker(question))
        asked: list[tuple[str, Any]] = [("_sort_desc", "earliest"), ("_size", SIZE)]
        if question.words:
            asked += [("_search", question.words), ("_searchmode", "raw")]
        if question.speaker:
            asked.append(("speaker_id", self._speaker(question)))
        if question.year:
            asked.append(("earliest__gte", f"{question.year}-01-01"))
            asked.append(("earliest__lte", f"{question.year}-12-31"))
        if question.after:
            asked.append(("_next", self._last_before(question.page)))
        if question.wants_facet:
            asked += [("_facet", "speaker_id"), ("_facet_size", 20)]
        if self.tuned and not question.wants_count:
            asked.append(("_nocount", "1"))
        return f"{self._table}?{urlencode(asked)}"

    def _sql(self, sql: str, **given: Any) -> str:
        return f"/{self.file.stem}?{urlencode({'sql': sql, **given})}"

    def _last_before(self, page: int) -> str:
        """Its own mark of the last row of the page before: the day and the id, ids of a day upwards."""
        rows = "SELECT earliest, id FROM quote ORDER BY earliest DESC, id LIMIT 1 OFFSET ?"
        day, last = self.plain.rows(rows, (page - 1) * SIZE - 1)[0]
        return f"{day},{last}"

    def _speaker(self, question: Question) -> int:
        return int(self.plain.one("SELECT id FROM speaker WHERE name = ?", question.speaker))

    def read(self, question: Question, body: str) -> Found:
        if question.wants_years:
            years = re.findall(r'<td class="col-n[^"]*">(\d+)</td>', body)
            return Found(years=tuple(map(int, years)))
        rows = re.findall(r'<td class="col-id[^"]*">(?:<a[^>]*>)?(\d+)(?:</a>)?</td>', body)
        count = re.search(r"<h3>([\d,]+) rows?\b", body) if question.wants_count else None
        speakers = None
        if question.wants_facet:
            found = re.findall(r'<li><a href="[^"]*">([^<]+)</a> ([\d,]+)</li>', body)
            speakers = {unescape(name): number(times) for name, times in found if name != "-"}
        return Found(ids=tuple(map(int, rows)), count=count and number(count[1]), speakers=speakers)


@dataclass
class Tutorial:
    plain: PlainSQL
    file: Path
    name: str = "tutorial app"
    orders_a_day: bool = True

    def __post_init__(self) -> None:
        self.server = Server(
            self.name,
            gunicorn("tutorial:application"),
            {"PLAIN": str(self.file)},
            folder=_HERE,
            first="/quotes/?speaker=nobody",
        )

    def path(self, question: Question) -> str | None:
        if question.best:
            return None  # it knows no best match
        slug = ""
        if question.speaker:
            slug = self.plain.one("SELECT slug FROM speaker WHERE name = ?", question.speaker)
        if question.wants_years:
            return f"/speakers/{quoted(slug)}/"
        asked: dict[str, Any] = {"q": question.words, "speaker": slug, "year": question.year}
        asked |= {"page": question.page if question.after else ""}
        asked |= {"facet": "1" if question.wants_facet else ""}
        return f"/quotes/?{urlencode({name: each for name, each in asked.items() if each})}"

    def read(self, question: Question, body: str) -> Found:
        if question.wants_years:
            years = re.findall(r'<li class="year">\d+ <b>(\d+)</b>', body)
            return Found(years=tuple(map(int, years)))
        speakers = re.findall(r'<li class="facet">([^<]+) <b>(\d+)</b>', body)
        count = re.search(r"<p>(\d+) quotes</p>", body)
        return Found(
            ids=tuple(map(int, re.findall(r'<article id="quote-(\d+)">', body))),
            count=count and number(count[1]),
            speakers={unescape(name): int(times) for name, times in speakers}
            if question.wants_facet
            else None,
        )
