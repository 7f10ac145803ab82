"""What our own app does to its data while readers read: imports, an editor's saves, a rename; on a copy of the database."""

import http.client
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from measuring import Readers
from ours import EDITOR, PASSWORD, Ours, command, start_command
from serving import PATIENCE

__all__ = ["Beside", "Editor", "beside_import", "copied", "raw_seconds", "renamed"]

_Fields = dict[str, str | list[str]]
_BATCH = 5_000  # rows
_EVERY = 0.25  # seconds between an editor's saves


# --- The same rows by nothing but SQL -------------------------------------------------------------


def raw_seconds(loaded: Path, folder: Path) -> float:
    """Seconds that `executemany` needs for the rows of this database, in a new one with its tables and indexes.

    As our own settings have it: WAL, and safe against a power cut. No triggers, no validation, no
    search for doubles, and nothing to work out: what the index holds is only copied.
    """
    file = folder / "raw.sqlite3"
    for each in folder.glob("raw.sqlite3*"):
        each.unlink()
    command(file, "migrate", "--verbosity", "0")
    source = sqlite3.connect(f"file:{loaded}?mode=ro", uri=True)
    target = sqlite3.connect(file, isolation_level=None)
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    for (name,) in target.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        target.execute(f'DROP TRIGGER "{name}"')
    seconds = sum(_copied(source, target, table) for table in _tables(target))
    source.close()
    target.close()
    file.unlink()
    return seconds


def _tables(database: sqlite3.Connection) -> list[str]:
    """Those of the app and of its search, without the ones that FTS5 keeps for itself."""
    found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = [name for name, sql in found if sql.upper().startswith("CREATE VIRTUAL")]
    kept = {f"{name}_{part}" for name in virtual for part in _PARTS_OF_FTS5}
    return [n for n, _sql in found if n.startswith(("tracker_", "search_")) and n not in kept]


_PARTS_OF_FTS5 = ("data", "idx", "content", "docsize", "config")


def _copied(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> float:
    columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    if ("id" not in columns and "key" not in columns) or table.endswith("_fts"):
        with_rowid = source.execute(
            "SELECT sql NOT LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE name = ?", [table]
        ).fetchone()[0]
        columns = ["rowid", *columns] if with_rowid else columns
    names, marks = ", ".join(f'"{each}"' for each in columns), ", ".join("?" * len(columns))
    target.execute(f'DELETE FROM "{table}"')
    rows = source.execute(f'SELECT {names} FROM "{table}"')
    seconds = 0.0
    while batch := list(islice(rows, _BATCH)):
        start = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)
        target.execute("COMMIT")
        seconds += time.perf_counter() - start
    return seconds


def copied(file: Path, copy: Path) -> None:
    """The whole database, whoever has it open."""
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()


# --- An editor ------------------------------------------------------------------------------------


class Editor:
    """Somebody at the desk, who logs in and changes the context of a quote."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._port, self._saves = port, 0
        asked: _Fields = {"username": EDITOR, "password": PASSWORD, "next": "/admin/"}
        form = self._form("/admin/login/", "login-form")
        self._request("POST", "/admin/login/", form | asked)
        if "sessionid" not in self._cookies:
            raise SystemExit("The editor cannot log in.")

    def save(self, quote: int) -> float:
        """Milliseconds that the desk needs to take a changed quote; one that fails counts as late as can be."""
        path = f"/admin/tracker/quote/{quote}/change/"
        form = self._form(path, "quote_form")
        self._saves += 1
        form |= {"context": f"Said at the door, on being asked {self._saves} times.", "_save": "1"}
        start = time.perf_counter()
        status, body = self._request("POST", path, form)
        seconds = time.perf_counter() - start
        if status == 200:  # the form again, with what is wrong
            wrong = body[body.find("errorlist") :][:500]
            raise SystemExit(f"The desk does not save quote {quote}: {wrong}")
        return 1000 * (seconds if status == 302 else PATIENCE)

    def _form(self, path: str, name: str) -> _Fields:
        status, body = self._request("GET", path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}.")
        form = _Form(name)
        form.feed(body)
        return dict(form.fields)

    def _request(self, method: str, path: str, form: _Fields | None = None) -> tuple[int, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={text}" for name, text in self._cookies.items()),
            "Origin": f"http://127.0.0.1:{self._port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form, doseq=True) if form else None
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
        return answer.status, answer.read().decode()


class _Form(HTMLParser):
    """The values that a browser would send of one form."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._inside = name, False
        self._select, self._area = "", ""
        self.fields: _Fields = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._name
        if not self._inside:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            chosen = self.fields.setdefault(self._select, [])
            assert isinstance(chosen, list)
            chosen.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = f"{self.fields[self._area]}{data}".removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


# --- Readers beside writers -----------------------------------------------------------------------


@dataclass
class Beside:
    """What was measured while something else went on."""

    seconds: float
    readers: list[float]  # milliseconds
    failed: int
    saves: list[float]  # milliseconds


def beside_import(ours: Ours, corpus: Path, paths: list[str], quotes: list[int]) -> Beside:
    """Readers, and an editor who saves these quotes again and again, while the corpus is imported."""
    editor = Editor(ours.server.port)
    saves: list[float] = []
    with Readers(ours.server.port, paths).reading() as readers:
        start = time.perf_counter()
        with _going(start_command(ours.file, "import_quotes", str(corpus))) as process:
            while process.poll() is None:
                saves.append(editor.save(quotes[len(saves) % len(quotes)]))
                time.sleep(_EVERY)
            if process.returncode:
                out, problems = process.communicate()
                raise SystemExit(f"The import beside readers failed:\n{out}{problems}"[-2000:])
        seconds = time.perf_counter() - start
    return Beside(seconds, readers.waits, readers.failed, saves)


@contextmanager
def _going(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


_RENAME = """
import time
from tracker.models import Speaker
speaker = Speaker.objects.get(slug={slug!r})
start = time.perf_counter()
speaker.rename(speaker.name + " the Elder", by=None)
print("seconds", time.perf_counter() - start)
"""


def renamed(ours: Ours, paths: list[str], name: str) -> Beside:
    """A speaker renamed in a process of its own, while readers read."""
    code = _RENAME.format(slug=ours.slug(name))
    with Readers(ours.server.port, paths).reading() as readers:
        out = command(ours.file, "shell", "-c", code)
    seconds = float(out.rsplit("seconds", 1)[1])
    return Beside(seconds, readers.waits, readers.failed, [])
