"""`manage.py import_articles`: many articles from addresses and files, each told, and as often as one likes."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from sites import Web, a_web, html

from tracker import looking
from tracker.looking import Manners
from tracker.models import Article, Capture, Quote

pytestmark = pytest.mark.django_db

TEXT = """OpenAI comes to Seoul

OpenAI opened an office in Seoul on Monday, and its strategy chief spoke to reporters there.

“Infrastructure is destiny, and Korea has both,” Jason Kwon said at a press conference in the city.

The company did not say how many people it will employ, nor where in the city it will have its rooms.
"""
PAGE = html(
    "<html><head><title>OpenAI comes to Seoul</title></head><body><article>"
    + "".join(f"<p>{each}</p>" for each in TEXT.split("\n\n"))
    + "</article></body></html>"
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with a_web() as web:
        rules = web.rules()
        monkeypatch.setattr(looking, "our_rules", lambda: rules)
        monkeypatch.setattr("tracker.looking.bringing.Manners", lambda: Manners(pace=0.01))
        web["news.example.org/1"] = PAGE
        yield web


@pytest.fixture
def run(web: Web, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """The exit code, and what was printed."""

    def run(*sources: str) -> tuple[Any, str, str]:
        code: Any = 0
        try:
            call_command("import_articles", *sources)
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def test_addresses_and_files_come_in_and_the_second_time_nothing_changes(run, tmp_path: Path):
    text, page = tmp_path / "pasted.txt", tmp_path / "saved.html"
    text.write_text(TEXT + "\nIt said so on its site.\n", encoding="utf-8")
    page.write_bytes(PAGE.split(b"\r\n\r\n", 1)[1] + b"<p>Saved by hand on Tuesday afternoon.</p>")
    sources = ("http://news.example.org/1", str(text), str(page))
    code, out, err = run(*sources)
    assert (code, err) == (0, "")
    assert out.startswith("3 articles. New on record: 3. Quotes to review: ")
    assert Article.objects.count() == 3
    assert {each.method for each in Capture.objects.all()} == {"fetched", "uploaded"}
    assert not Quote.objects.exists()  # the desk decides
    code, out, _err = run(*sources)
    assert (code, out[:25]) == (0, "3 articles. Unchanged: 3.")
    assert (Article.objects.count(), Capture.objects.count()) == (3, 3)


def test_every_failure_is_named_with_its_reason_and_the_command_fails(run, tmp_path: Path, web):
    empty = tmp_path / "empty.html"
    empty.touch()
    web["news.example.org/wall"] = html("<html><body><p>Log in to continue.</p></body></html>")
    sources = (
        *("http://news.example.org/1", "http://news.example.org/none"),
        *("http://news.example.org/wall", "http://127.0.0.1/x", str(empty), str(tmp_path / "no")),
    )
    code, out, err = run(*sources)
    assert code == 1
    assert out.startswith("6 articles. Not taken: 5; New on record: 1.")
    told = dict(line.split(": ", 1) for line in err.splitlines())
    assert told["http://news.example.org/none"].endswith("(HTTP 404).")
    assert "asks for log-in or consent" in told["http://news.example.org/wall"]
    assert "public internet" in told["http://127.0.0.1/x"]
    assert told[str(empty)] == "The file is empty."
    assert told[str(tmp_path / "no")] == "It cannot be read: No such file or directory."


def test_a_list_is_read_from_standard_input(run, monkeypatch):
    lines = "# of today\nhttp://news.example.org/1\n\nhttp://news.example.org/1\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run("-")[1].startswith("1 articles. New on record: 1.")


def test_an_address_on_record_that_fails_now_is_noted_at_its_article(run, web):
    run("http://news.example.org/1")
    web["news.example.org/1"] = html("No.", status="503 Service Unavailable")
    assert run("http://news.example.org/1")[0] == 1
    assert Article.objects.get().captures.first().outcome == "failed"


def test_one_that_breaks_does_not_stop_the_others(run, web, monkeypatch):
    web["other.example.org/2"] = PAGE
    recorded = looking.bringing.record_article

    def broken(brought: Any, **how: Any) -> Any:
        if "news" in brought.url:
            raise RuntimeError("broken")
        return recorded(brought, **how)

    monkeypatch.setattr(looking.bringing, "record_article", broken)
    code, out, err = run("http://news.example.org/1", "http://other.example.org/2")
    assert code == 1
    assert out.startswith("2 articles.")
    assert "http://news.example.org/1: A fault of ours: see the log." in err
    assert Article.objects.count() == 1
