"""`manage.py import_quotes`: what it prints and how it ends; what rows become, test_spreadsheets tells."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tracker.management.commands import import_quotes
from tracker.models import Correction, Quote

pytestmark = pytest.mark.django_db

HEADER = "reference,text,speaker,article_url,status\n"
GOOD = "1,infrastructure is destiny,Jason Kwon,https://example.org/1,published\n"
BAD = "2,<b>bold</b>,Jason Kwon,nowhere,published\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """The exit code, and what was printed, of the command on a file with this text."""

    def run(text: str, *options: str) -> tuple[Any, str, str]:
        path = tmp_path / "quotes.csv"
        path.write_text(text, encoding="utf-8")
        code: Any = 0
        try:
            call_command("import_quotes", str(path), *options)
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_it_says_what_became_of_the_rows_and_the_second_time_that_nothing_did(run):
    expected = "1 rows: 1 new, 0 changed, 0 unchanged, 0 refused, 0 notes.\n"
    assert run(HEADER + GOOD) == (0, expected, "")
    assert Quote.objects.published().count() == 1
    assert run(HEADER + GOOD)[1].startswith("1 rows: 0 new, 0 changed, 1 unchanged")


def test_every_bad_row_is_told_with_line_and_column_and_the_command_fails(run):
    code, out, err = run(HEADER + GOOD + BAD)
    assert code == 1
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 refused" in out
    first, second = err.splitlines()
    assert first.startswith("line 3, text: This contains HTML.")
    assert second.startswith("line 3, article_url: A web address begins with")


def test_a_dry_run_says_so_and_changes_nothing(run):
    code, out, _err = run(HEADER + GOOD, "--dry-run")
    assert (code, Quote.objects.count()) == (0, 0)
    assert "1 new" in out
    assert out.endswith("; nothing was changed, this was a dry run.\n")


def test_notes_of_rows_that_are_taken_do_not_flood_the_terminal(run):
    header = "text,speaker,article_url,headline\n"
    rows = "".join(f"Words {n}.,Jason Kwon,https://example.org/1,{n}\n" for n in range(50))
    code, out, err = run(header + rows)
    assert code == 0
    assert "50 new, 0 changed, 0 unchanged, 0 refused, 49 notes" in out
    assert len(err.splitlines()) == 20


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "quotes.csv is empty"), ("text,speaker,article_url,words\n", "no column “words”")],
)
def test_a_file_that_cannot_be_used_is_told_without_a_traceback(text, message, run):
    with pytest.raises(CommandError, match=message):
        run(text)


def test_a_file_that_is_not_there_is_told_without_a_traceback(tmp_path: Path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read"):
        call_command("import_quotes", str(tmp_path / "nowhere.csv"))


def test_ctrl_c_says_how_to_go_on(run, monkeypatch: pytest.MonkeyPatch):
    def stop(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_quotes, "load", stop)
    code, _out, err = run(HEADER + GOOD)
    assert code == 130
    assert "Run it again to go on" in err


def test_a_published_quote_changes_with_a_sentence_for_readers_only(run):
    run(HEADER + GOOD)
    other = HEADER + GOOD.replace("destiny", "fate")
    code, out, err = run(other)
    assert code == 1
    assert "0 changed, 0 unchanged, 1 refused" in out
    assert err.startswith("line 2, text: Readers have seen it otherwise.")
    assert "--correction" in err
    assert run(other, "--correction", "It was misheard.")[0] == 0
    assert Quote.objects.get().text == "infrastructure is fate"
    assert Correction.objects.get().text == "It was misheard."


def test_a_sentence_that_readers_cannot_be_told_is_refused_before_anything_is_read(run):
    with pytest.raises(CommandError, match="--correction: This contains HTML"):
        run(HEADER + GOOD, "--correction", "<b>It was misheard.</b>")
    assert not Quote.objects.exists()
