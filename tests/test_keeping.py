"""Lists are made once while nothing changes that they are made of, and anew at once when something does."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from tracker import search
from tracker.models import Article, Position, Publisher, Quote, Speaker, SpeakerAlias, Topic
from tracker.views import listing

pytestmark = pytest.mark.django_db

ADDRESSES = ("/quotes/", "/quotes/?q=destiny&order=best", "/speakers/jason-kwon/")


@pytest.fixture(autouse=True)
def _pages_are_kept(settings: LazySettings) -> None:
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": kept}
    caches["pages"].clear()


@pytest.fixture
def quote(
    make_quote: Callable[..., Quote],
    make_position: Callable[..., Position],
    make_topic: Callable[..., Topic],
    make_article: Callable[..., Article],
    make_publisher: Callable[..., Publisher],
) -> Quote:
    """With everything that a list names: a position, a publisher, a topic."""
    position = make_position()
    article = make_article(publisher=make_publisher())
    made = make_quote(speaker=position.person, position=position, article=article)
    made.topics.add(make_topic())
    search.catch_up()
    return made


def text(address: str, **headers: str) -> str:
    return Client().get(address, headers=headers).content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_was_made_takes_one_query(
    quote: Quote, address: str, django_assert_num_queries: Any
) -> None:
    made = Client().get(address)

    with django_assert_num_queries(1):
        again = Client().get(address)

    assert again.content == made.content
    assert again.headers == made.headers


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda q: Speaker.objects.filter(pk=q.speaker_id).update(name="J. Kwon"), "J. Kwon"),
        (lambda q: Speaker.objects.filter(name="OpenAI").update(name="Open AI"), "Open AI"),
        (
            lambda q: Position.objects.filter(pk=q.position_id).update(title="Head of Seoul"),
            "Head of Seoul",
        ),
        (lambda q: Publisher.objects.update(name="The Outlet"), "The Outlet"),
        (lambda q: Topic.objects.update(name="Roads"), "Roads"),
        (lambda q: q.citations.update(text="Fate is destiny."), "Fate is destiny."),
    ],
)
def test_what_changes_is_on_the_list_at_once(
    quote: Quote, change: Callable[[Quote], object], name: str
) -> None:
    assert name not in text("/quotes/") + text("/quotes/")

    change(quote)
    search.catch_up()

    assert name in text("/quotes/")


def test_a_new_alias_is_on_the_speakers_page_at_once(quote: Quote) -> None:
    assert "권" not in text("/speakers/jason-kwon/")
    SpeakerAlias.objects.create(speaker=quote.speaker, name="권", language="ko")
    search.catch_up()
    assert "권" in text("/speakers/jason-kwon/")


def test_a_held_quote_is_on_no_kept_page(quote: Quote, editor: Any) -> None:
    assert "destiny" in text("/quotes/")
    quote.hold(by=editor)
    assert "destiny" not in text("/quotes/")


def test_a_page_made_inside_a_change_that_came_to_nothing_is_not_kept(
    quote: Quote, editor: Any
) -> None:
    with suppress(RuntimeError), transaction.atomic():
        quote.hold(by=editor)
        assert "destiny" not in text("/quotes/")
        raise RuntimeError("not held after all")
    assert "destiny" in text("/quotes/")


def test_while_a_change_waits_for_the_index_nothing_is_kept(quote: Quote) -> None:
    text("/quotes/")
    Publisher.objects.update(name="The Outlet")  # nobody catches up
    assert "The Outlet" in text("/quotes/")


def test_languages_and_parts_of_pages_are_kept_apart(quote: Quote) -> None:
    whole, part = text("/quotes/"), text("/quotes/", HX_Request="true")
    korean = text("/quotes/", Accept_Language="ko")

    assert "<html" in whole
    assert "<html" not in part
    assert 'lang="ko"' in korean
    assert text("/quotes/") == whole
    assert text("/quotes/", HX_Request="true") == part
    assert text("/quotes/", Accept_Language="ko") == korean


def test_who_cannot_unpack_a_page_gets_it_as_it_is(quote: Quote) -> None:
    as_it_is = Client().get("/quotes/").content
    packed = [Client().get("/quotes/", headers={"Accept-Encoding": "br, gzip"}) for _ in range(2)]

    assert [answer["Content-Encoding"] for answer in packed] == ["gzip", "gzip"]
    assert {gzip.decompress(answer.content) for answer in packed} == {as_it_is}
    assert Client().get("/quotes/").content == as_it_is


def test_what_took_too_long_to_find_is_asked_again(
    quote: Quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_args: Any, **_how: Any) -> None:
        raise search.TooSlow

    with monkeypatch.context() as busy:
        busy.setattr(listing.search, "answer", too_slow)
        answer = Client().get("/quotes/?q=destiny")
        assert "takes too long" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert "takes too long" not in text("/quotes/?q=destiny")
