"""Lists are made once while nothing changes that they are made of, and anew at once when something does."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from claiming import a_claim, a_review
from desk import address, filled
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from tracker import search
from tracker.models import (
    Article,
    Claim,
    Correction,
    Position,
    Publisher,
    Quote,
    QuoteLink,
    Review,
    Scale,
    Speaker,
    SpeakerAlias,
    Topic,
    Verdict,
)
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


def text(page: str, **headers: str) -> str:
    return Client().get(page, headers=headers).content.decode()


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


# --- Claims, what was found of them, links and corrections -----------------------------------------

SPEAKER, TIMELINE, CLAIMS = (
    "/speakers/jason-kwon/",
    "/speakers/jason-kwon/topics/infrastructure/",
    "/claims/",
)


@pytest.fixture
def claim(quote: Quote, make_quote: Callable[..., Quote]) -> Claim:
    """Of a quote that a later one answers, with a review that has a verdict and evidence."""
    quote.said_on = "2024"
    quote.save()
    later = make_quote("Later words.", topics=list(quote.topics.all()), said_on="2026")
    link = QuoteLink.objects.create(later=later, earlier=quote, kind="repeats", note="So again.")
    link.publish(by=None)
    made = a_claim(quote, kind="promise")
    a_review(made, "in-the-works")
    search.catch_up()
    return made


def saved(model: Any, record: Any = None, /, **changes: Any) -> None:
    """Change a record by its form at the desk, or add one."""
    editor, client = _an_editor(), Client()
    client.force_login(editor)
    page = address(model, "change" if record else "add", record)
    answer = client.post(page, filled(client.get(page), **changes))
    assert answer.status_code == 302, answer.context["errors"]


def _an_editor() -> Any:
    return get_user_model().objects.get(username="editor")


def the(model: Any) -> Any:
    return model.objects.get()


def _verdict() -> Verdict:
    return Verdict.objects.get(slug="in-the-works")


# What the desk asks for when it changes what readers have seen.
TOLD = {"correction_kind": "update", "correction_text": "It was looked at again."}

# What is done, and which words come to a page, or go, "-" before them; "" where these pages say nothing of it.
CHANGES: dict[str, tuple[Callable[[Claim], object], str, str]] = {
    "a claim is held": (lambda c: c.hold(by=None), SPEAKER, "-An office opens"),
    "a claim is held, in its list": (lambda c: c.hold(by=None), CLAIMS, "-An office opens"),
    "a claim is saved": (lambda c: saved(Claim, c, due="2031", **TOLD), CLAIMS, "due 2031"),
    "a quote of a claim is saved": (
        lambda c: saved(
            Claim, c, claim_quotes__1__quote=Quote.objects.latest("pk").pk,
            claim_quotes__1__role="repeats", claim_quotes__TOTAL_FORMS="2",
        ),
        CLAIMS,
        "2 quotes",
    ),
    "a review is held": (lambda c: the(Review).hold(by=None), CLAIMS, "-In the works"),
    "a review is withdrawn": (
        lambda c: the(Review).withdraw(by=None, category="our error", reason="So."),
        SPEAKER,
        "No review yet",
    ),
    "a review is saved": (
        lambda c: saved(
            Review, the(Review), verdict=Verdict.objects.get(slug="stalled").pk, **TOLD
        ),
        SPEAKER,
        "Stalled",
    ),
    "evidence is saved": (
        lambda c: saved(Review, the(Review), evidence__0__note="It was searched again."), CLAIMS, "",
    ),
    "a verdict is saved": (lambda c: saved(Verdict, _verdict(), order="9"), SPEAKER, ""),
    "a name of a verdict is added": (
        lambda c: saved(
            Verdict, _verdict(), names__1__language="ko-KR", names__1__name="또 다른 이름",
            names__TOTAL_FORMS="2",
        ),
        SPEAKER,
        "또 다른 이름",
    ),
    "a scale is saved": (
        lambda c: saved(Scale, Scale.objects.get(kind="promise"), note="As a rule."), CLAIMS, "",
    ),
    "a link is held": (lambda c: the(QuoteLink).hold(by=None), TIMELINE, "-So again."),
    "a link is saved": (
        lambda c: saved(QuoteLink, the(QuoteLink), note="So once more.", **TOLD),
        TIMELINE,
        "So once more.",
    ),
    "a correction is noted": (
        lambda c: Correction.objects.note(
            Speaker.objects.get(slug="jason-kwon"), kind="update", text="He moved.", by=None
        ),
        SPEAKER,
        "He moved.",
    ),
    "a correction is saved": (
        lambda c: saved(
            Correction, speaker=Speaker.objects.get(slug="jason-kwon").pk, text="He moved."
        ),
        SPEAKER,
        "He moved.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_claims_and_corrections_say_is_on_kept_pages_at_once(
    claim: Claim, editor: Any, what: str, django_assert_num_queries: Any
) -> None:
    change, page, words = CHANGES[what]
    gone, word = words.startswith("-"), words.removeprefix("-")
    korean = {"Accept-Language": "ko"} if "또 다른 이름" in word else {}
    before = text(page, **korean)
    assert bool(word and word in before) == gone
    with django_assert_num_queries(1):
        assert text(page, **korean) == before
    stamp = search.standing()

    change(claim)

    assert search.standing() not in (None, stamp)
    assert (word in text(page, **korean)) != gone
