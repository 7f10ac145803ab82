"""What readers are told of the page of a source: whether it was there when we looked, and when it was last."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

from tracker.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(make_article: Callable[..., Article], make_quote: Callable[..., Any]) -> Article:
    article = make_article(url_as_typed="https://news.example.org/a", language="en")
    make_quote("infrastructure is destiny", article=article)
    return article


def seen(article: Article, day: int, outcome: str, **fields: Any) -> None:
    at = datetime(2025, 6, day, 12, tzinfo=UTC)
    article.captures.create(method="fetched", taken_at=at, outcome=outcome, **fields)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


LATER = [
    ("unchanged", {"http_status": 200}, "The page answered on 9 June 2025."),
    (
        "changed",
        {"http_status": 200},
        "The page answered on 9 June 2025. It had changed since the look before.",
    ),
    (
        "gone",
        {"http_status": 404, "failure": "not-found"},
        "On 9 June 2025: no page at this address (status 404). "
        "The page was last seen on 1 June 2025.",
    ),
    (
        "wall",
        {"http_status": 200},
        "On 9 June 2025: a page that asks for log-in or consent (status 200). "
        "The page was last seen on 1 June 2025.",
    ),
    (
        "failed",
        {"failure": "too-slow"},
        "On 9 June 2025: too slow an answer. The page was last seen on 1 June 2025.",
    ),
]


@pytest.mark.parametrize(("outcome", "fields", "sentence"), LATER, ids=[row[0] for row in LATER])
def test_readers_are_told_what_the_last_look_saw_and_when_the_page_was_last_there(
    outcome: str, fields: dict[str, Any], sentence: str, client: Client, article: Article
):
    seen(article, 1, "kept", text="infrastructure is destiny", http_status=200)
    seen(article, 9, outcome, **fields)
    page = text(client, article.get_absolute_url())
    assert sentence in page
    assert sentence in text(client, article.citations.get().quote.get_absolute_url())
    assert "deleted" not in page.lower()


def test_looks_stand_with_their_days_and_what_the_page_said_of_its_change(
    client: Client, article: Article
):
    seen(article, 1, "kept", text="x", http_status=200)
    seen(
        article,
        5,
        "changed",
        text="y",
        http_status=200,
        updated_on=date(2025, 6, 4),
        correction_note="Correction: the name was misspelt.",
    )
    seen(article, 9, "failed", failure="shorter", http_status=200)
    page = text(client, article.get_absolute_url())
    looks = page.partition("When we looked")[2]
    assert looks.index("9 June 2025") < looks.index("5 June 2025") < looks.index("1 June 2025")
    assert "far shorter than its copies, without any of its quotes" in looks
    assert "The page says that it was updated on 4 June 2025." in looks
    assert 'A note on the page: “<span lang="en"' in looks
    assert "Correction: the name was misspelt." in looks


def test_of_a_private_source_readers_are_told_of_no_look(client: Client, article: Article):
    seen(article, 9, "gone", http_status=404)
    quote = article.citations.get().quote
    article.access = "private"
    article.save()
    assert "9 June 2025" not in text(client, quote.get_absolute_url())


def test_a_note_of_a_correction_is_struck_out_with_the_words_that_are_blanked(
    article: Article, editor: AbstractBaseUser
):
    note = "Correction: he said “infrastructure is destiny”."
    seen(article, 5, "changed", text="y", correction_note=note)
    article.citations.get().quote.redact(by=editor, category="privacy")
    assert "destiny" not in article.captures.get().correction_note
    assert "destiny" not in type(article.captures.get()).history.first().correction_note
