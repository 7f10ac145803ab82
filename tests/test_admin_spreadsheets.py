"""“Import a spreadsheet” at the desk: looked through first, imported on request, and nothing left behind."""

import os
import re
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tracker.admin import spreadsheets
from tracker.models import Correction, Quote

pytestmark = pytest.mark.django_db

ROWS = (
    "reference,text,speaker,article_url,status\n"
    "1,infrastructure is destiny,Jason Kwon,https://example.org/1,published\n"
    "2,<b>bold</b>,Jason Kwon,https://example.org/1,published\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files lie between the two steps."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def address() -> str:
    return reverse("admin:tracker_quote_import")


def send(client: Client, content: str | bytes = ROWS, name: str = "quotes.csv") -> str:
    raw = content.encode() if isinstance(content, str) else content
    answer = client.post(address(), {"file": SimpleUploadedFile(name, raw)})
    assert answer.status_code == 200
    return answer.content.decode()


def kept_in(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_the_list_of_quotes_leads_there(desk: Client):
    page = desk.get(reverse("admin:tracker_quote_changelist")).content.decode()
    assert f'href="{address()}"' in page
    asked = desk.get(address()).content.decode()
    assert 'type="file"' in asked
    assert "<code>described_as</code>" in asked


def test_a_file_is_looked_through_first_and_imported_when_the_editor_says_so(
    desk: Client, editor: AbstractBaseUser, folder: Path
):
    page = send(desk)
    assert not Quote.objects.exists()
    assert re.search(r"new</th>\s*<td>1</td>", page)
    assert re.search(r"refused</th>\s*<td>1</td>", page)
    assert re.search(r"<td>3</td>\s*<td>text</td>\s*<td>This contains HTML", page)
    answer = desk.post(address(), {"kept": kept_in(page)}, follow=True)
    assert "Imported: 1 new, 0 changed, 0 unchanged." in answer.content.decode()
    assert "1 rows were refused" in answer.content.decode()
    assert Quote.objects.published().get().history.get().history_user == editor
    assert list(folder.iterdir()) == []


def test_the_file_lies_where_nobody_else_can_read_it(desk: Client, folder: Path):
    send(desk)
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_pressing_import_again_imports_nothing_and_says_why(desk: Client):
    kept = kept_in(send(desk))
    desk.post(address(), {"kept": kept})
    answer = desk.post(address(), {"kept": kept})
    assert "The file is not kept any more. Choose it again." in answer.content.decode()
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("kept", ["", "x", "../../etc/passwd", "a:b:c"])
def test_a_name_that_is_not_signed_leads_nowhere(kept: str, desk: Client):
    answer = desk.post(address(), {"kept": kept})
    assert answer.status_code == 200
    assert "The file is not kept any more" in answer.content.decode()


def test_another_editor_cannot_import_the_file(desk: Client, client: Client):
    kept = kept_in(send(desk))
    other = get_user_model().objects.create_superuser("other", "other@example.org")
    client.force_login(other)
    assert "not kept any more" in client.post(address(), {"kept": kept}).content.decode()
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "quotes.csv is no text in UTF-8"),
        (b"words\n", "There is no column “words”."),
        ("text,speaker,article_url\n말,김구,x".encode("euc-kr"), "it is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_beside_the_field(
    content: bytes, message: str, desk: Client, folder: Path
):
    page = unescape(send(desk, content))
    assert message in page
    assert 'class="errorlist"' in page
    assert list(folder.iterdir()) == []


def test_without_a_file_the_editor_is_asked_for_one(desk: Client):
    assert "Choose a file." in desk.post(address(), {"x": "1"}).content.decode()


def test_a_file_that_is_too_large_is_told(desk: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spreadsheets, "_MOST_MEGABYTES", 0)
    assert "have it loaded by manage.py import_quotes" in send(desk)


def test_what_was_left_behind_is_cleared_away_after_a_day(desk: Client, folder: Path):
    send(desk)
    send(desk)
    old, young = folder.iterdir()
    os.utime(old, (0, 0))
    send(desk)
    assert old not in folder.iterdir()
    assert young in folder.iterdir()


def test_a_hostile_file_name_is_text(desk: Client):
    page = send(desk, name="<script>alert(1)</script>.csv")
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("may", [[], ["add_quote", "view_quote"], ["change_quote"]])
def test_who_may_not_add_and_change_quotes_cannot_import(may: list[str], client: Client):
    someone: Any = get_user_model().objects.create_user("someone", is_staff=True)
    someone.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(someone)
    assert client.get(address()).status_code == 403
    assert client.post(address(), {"kept": "x"}).status_code == 403
    if "add_quote" in may:
        page = client.get(reverse("admin:tracker_quote_changelist")).content.decode()
        assert address() not in page


def test_a_korean_editor_reads_korean(desk: Client, make_quote: Callable[..., Quote]):
    with translation.override("ko"):
        page = desk.get(address(), headers={"accept-language": "ko"}).content.decode()
    assert "스프레드시트 가져오기" in page


@pytest.fixture
def other(desk: Client) -> str:
    """The rows, of which one gives other words than those that readers have seen by now."""
    desk.post(address(), {"kept": kept_in(send(desk))})
    return ROWS.replace("destiny", "fate")


def test_an_import_that_changes_what_readers_have_seen_asks_why(desk: Client, other: str):
    assert 'name="correction"' not in send(desk)
    page = send(desk, other)
    assert "1 row changes the words, speaker, date or position" in page
    assert 'name="correction"' in page
    why = {"kept": kept_in(page), "correction": "It was misheard."}
    answer = desk.post(address(), why, follow=True)
    assert "Imported: 0 new, 1 changed, 0 unchanged." in answer.content.decode()
    assert Quote.objects.get().text == "infrastructure is fate"
    assert Correction.objects.get().text == "It was misheard."


@pytest.mark.parametrize(
    ("given", "message"),
    [(" ", "Say in a sentence for readers why"), ("<b>So.</b>", "This contains HTML")],
)
def test_without_a_sentence_for_readers_nothing_is_imported_and_the_file_is_kept(
    desk: Client, other: str, given: str, message: str
):
    kept = kept_in(send(desk, other))
    page = desk.post(address(), {"kept": kept, "correction": given}).content.decode()
    assert message in page
    assert "quotes.csv" in page
    assert Quote.objects.get().text == "infrastructure is destiny"
    assert not Correction.objects.exists()
    desk.post(address(), {"kept": kept_in(page), "correction": "It was misheard."})
    assert Quote.objects.get().text == "infrastructure is fate"


def test_who_leaves_the_sentence_out_by_hand_has_these_rows_refused(desk: Client, other: str):
    desk.post(address(), {"kept": kept_in(send(desk, other))})
    assert Quote.objects.get().text == "infrastructure is destiny"
