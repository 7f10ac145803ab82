"""Our own app as it runs for the public: its database filled by its own importer, served by gunicorn with two workers."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import zip_longest
from pathlib import Path
from urllib.parse import quote as quoted
from urllib.parse import unquote, urlencode

from contenders import gunicorn, number
from plain import PlainSQL
from questions import Found, Question
from serving import Server

__all__ = [
    "EDITOR",
    "PASSWORD",
    "Ours",
    "collect_static_files",
    "command",
    "load_ours",
    "start_command",
]

ROOT = Path(__file__).resolve().parents[2]
EDITOR, PASSWORD = "bench", "a password of this benchmark only"


def _settings(file: Path) -> dict[str, str]:
    return {
        "DEBUG": "0",
        "DATABASE_URL": f"sqlite:///{file}",
        "SECRET_KEY": "a key of no use, as this never leaves the machine that it runs on",
        "BASE_URL": "http://127.0.0.1:{port}",
        "CONTACT_EMAIL": "desk@example.org",
        "LOG_LEVEL": "ERROR",
    }


def start_command(file: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command of manage.py on this database."""
    environment = os.environ | _settings(file) | {"BASE_URL": "http://127.0.0.1:8000"}
    environment |= {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(file: Path, *arguments: str) -> str:
    """What it printed; a command that fails stops the benchmark with what it said."""
    process = start_command(file, *arguments)
    try:
        out, problems = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)[:200]}:\n{out[-2000:]}{problems[-2000:]}")
    return out


def collect_static_files() -> None:
    """Into the checkout's own folder, as to serve it; no database is asked."""
    command(Path("unused.sqlite3"), "collectstatic", "--noinput", "--verbosity", "0")


def load_ours(file: Path, corpus: Path) -> None:
    """Fill a new database with the corpus; it is there whole or not at all, and the time beside it."""
    unfinished = file.with_name("unfinished.sqlite3")
    for each in file.parent.glob("unfinished.sqlite3*"):
        each.unlink()
    command(unfinished, "migrate", "--verbosity", "0")
    start = time.perf_counter()
    command(unfinished, "import_quotes", str(corpus))
    seconds = time.perf_counter() - start
    mail = f"{EDITOR}@example.org"
    command(unfinished, "createsuperuser", "--noinput", "--username", EDITOR, "--email", mail)
    unfinished.rename(file)
    file.with_suffix(".json").write_text(json.dumps({"import_seconds": seconds}))


@dataclass
class Ours:
    plain: PlainSQL
    file: Path
    name: str = "On Record"
    kept_pages: int = 100  # the default
    orders_a_day: bool = True

    def __post_init__(self) -> None:
        settings = _settings(self.file) | {"KEPT_PAGES": str(self.kept_pages)}
        self.server = Server(
            self.name, gunicorn("tracker.wsgi"), settings, folder=ROOT, first="/healthz"
        )

    @cached_property
    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)

    @property
    def import_seconds(self) -> float:
        return float(json.loads(self.file.with_suffix(".json").read_text())["import_seconds"])

    def some_quotes(self, number: int) -> list[int]:
        """Ids of published quotes from all over the record."""
        asked = "SELECT id FROM tracker_quote WHERE status = 'published' ORDER BY id"
        ids = [pk for (pk,) in self.database.execute(asked)]
        return ids[:: len(ids) // number][:number]

    def order_differs(self) -> str:
        """Why ids cannot be compared; '' when quotes were recorded in the order of the corpus."""
        left_out = self.database.execute(
            "SELECT reference FROM tracker_quote "
            "WHERE status = 'published' AND attribution <> 'misattributed' ORDER BY id"
        )
        plain = self.plain.database.execute("SELECT reference FROM quote ORDER BY id")
        for one, other in zip_longest(left_out, plain):
            if one != other:
                return f"{self.name} has {one} where the plain database has {other}"
        return ""

    def slug(self, name: str) -> str:
        asked = "SELECT slug FROM tracker_speaker WHERE name = ?"
        return str(self.database.execute(asked, [name]).fetchone()[0])

    def path(self, question: Question) -> str | None:
        slug = self.slug(question.speaker) if question.speaker else ""
        if question.wants_years:
            return f"/speakers/{quoted(slug)}/"
        asked: dict[str, str | int] = {"q": question.words, "speaker": slug}
        if question.year:
            asked |= {"said_from": question.year, "said_to": question.year, "dates": "must"}
        if question.best:
            asked["order"] = "best"
        if question.after:
            asked["after"] = self._own(question.after)
        return f"/quotes/?{urlencode({name: each for name, each in asked.items() if each})}"

    def _own(self, plain: int) -> int:
        reference = self.plain.one("SELECT reference FROM quote WHERE id = ?", plain)
        asked = "SELECT id FROM tracker_quote WHERE reference = ?"
        return int(self.database.execute(asked, [reference]).fetchone()[0])

    def read(self, question: Question, body: str) -> Found:
        if question.wants_years:
            years = re.findall(r'<span aria-hidden="true">([\d,]+)</span>\s*<svg height', body)
            return Found(years=tuple(map(number, years)))
        status = re.search(r'<p class="status" role="status">\s*([\d,]+)(\+?) quote', body)
        own = dict.fromkeys(re.findall(r'href="/quotes/(\d+)/', body))
        ticks = re.findall(
            r'name="speaker"\s+value="([^"]+)".*?<span class="n">\s*([\d,]+)(\+?)', body, re.DOTALL
        )
        if question.wants_facet:
            speakers = {self._name(slug): number(times) for slug, times, _more in ticks}
            at_least = any(more for _slug, _times, more in ticks)
            return Found(speakers=speakers, at_least=at_least)
        return Found(
            ids=tuple(self._plain(int(each)) for each in own),
            count=number(status[1]) if status else None,
            at_least=bool(status and status[2]),
        )

    def _name(self, slug: str) -> str:
        asked = "SELECT name FROM tracker_speaker WHERE slug = ?"
        return str(self.database.execute(asked, [unquote(unescape(slug))]).fetchone()[0])

    def reference(self, own: int) -> str:
        asked = "SELECT reference FROM tracker_quote WHERE id = ?"
        return str(self.database.execute(asked, [own]).fetchone()[0])

    def _plain(self, own: int) -> int:
        """0 for a quote that the plain database does not have."""
        found = self.plain.rows("SELECT id FROM quote WHERE reference = ?", self.reference(own))
        return int(found[0][0]) if found else 0
