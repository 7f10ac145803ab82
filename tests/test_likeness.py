"""Which quotes may be what a reader asks about: found by the index, on either database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import Quote, Speaker
from tracker.search import likeness

Make = Callable[..., Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def rare_is_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two quotes are many: so a record of twenty is like one of a million."""
    monkeypatch.setattr(likeness, "_FEW", 2)


@pytest.fixture
def crowd(make_quote: Make) -> list[Quote]:
    texts = [
        "to be sure it is so",
        "not to be or so",
        "it is what it is",
        "so it is to be",
        "or not it is",
    ]
    return [make_quote(f"{text} {n}") for n in range(4) for text in texts]


def test_a_misquote_is_found_by_a_word_that_is_right(make_quote: Make) -> None:
    quote = make_quote("infrastructure is destiny")
    make_quote("what will be will be")
    assert search.candidates("infrastructure are fate") == [quote.pk]
    assert search.candidates("our DESTINIES") == [quote.pk]
    assert search.candidates("nothing of that") == []


def test_korean_with_other_particles_is_found(make_quote: Make) -> None:
    quote = make_quote("인프라는 운명이다", citation={"language": "ko"})
    assert search.candidates("인프라가 운명입니다") == [quote.pk]
    assert search.candidates("프라는 운") == [quote.pk]


def test_names_and_headlines_are_no_wordings(make_quote: Make, make_article: Make) -> None:
    make_quote("so it is", article=make_article("Destiny calls"))
    assert search.candidates("Jason Kwon destiny") == []


@pytest.mark.usefixtures("rare_is_two", "crowd")
def test_common_words_are_found_by_what_they_are_together(make_quote: Make) -> None:
    quote = make_quote("to be or not to be, it is")
    assert search.candidates("to be or not to be")[0] == quote.pk
    assert quote.pk in search.candidates("be not or it")


@pytest.mark.usefixtures("rare_is_two", "crowd")
def test_a_rare_word_that_is_wrong_hides_no_common_ones_that_are_right(make_quote: Make) -> None:
    quote, other = make_quote("what is not sure"), make_quote("fate")
    found = search.candidates("what is not fate")
    assert {quote.pk, other.pk} <= set(found)


def test_words_in_one_piece_come_first_however_long_the_wording(make_quote: Make) -> None:
    long = make_quote(f"{'And so on. ' * 200} It is what it is. {'And so on. ' * 200}")
    for n in range(5):
        make_quote(f"what is it, what is it? {n}")
    assert search.candidates("it is what it is")[0] == long.pk


def test_what_is_wrongly_attributed_and_the_speakers_own_is_found_in_any_crowd(
    make_quote: Make, make_speaker: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "_EXACT", 2)
    other = make_speaker("Alan Kay")
    first = make_quote("it is what it is", speaker=other)
    wrongly = make_quote(
        "it is what it is", attribution="misattributed", attribution_reason="Nobody’s."
    )
    newest = [make_quote("it is what it is") for _ in range(4)][:1:-1]
    assert {each.pk for each in newest} < set(search.candidates("it is what it is", most=2))
    found = search.candidates("it is what it is", speakers=[other.pk], most=2)
    assert {first.pk, wrongly.pk} < set(found)


def test_only_published_quotes_are_found(make_quote: Make, editor: Any) -> None:
    make_quote("infrastructure is destiny", published=False)
    held = make_quote("infrastructure is destiny")
    held.hold(by=editor)
    search.catch_up()
    assert search.candidates("infrastructure is destiny") == []


def test_three_statements_are_enough(make_quote: Make, rare_is_two: None, crowd: Any) -> None:
    speaker = Speaker.objects.earliest("pk")
    with CaptureQueriesContext(connection) as asked:
        search.candidates("to be or not to be sure", speakers=[speaker.pk])
    assert len([each for each in asked if "SELECT" in each["sql"]]) <= 3


@pytest.mark.parametrize(
    "text",
    ["", "!!!", "'", '"', "\\", "a:* & !b | (c", "NOT AND OR NEAR(", "{words} : x", "%s %(x)s {n}", "ﷺ", "한", "x" * 2000, "a b " * 500, "한국은 " * 500, " ".join(map(str, range(500)))],
)  # fmt: skip
def test_whatever_is_typed_is_looked_for_and_breaks_nothing(text: str, make_quote: Make) -> None:
    make_quote(f"infrastructure {text}")
    assert isinstance(search.candidates(text), list)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite counts, and guesses nothing")
def test_postgresql_guesses_how_common_a_word_is_from_what_it_knows(
    crowd: Any, rare_is_two: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_quote")
    assert likeness._counted([("~is",), ("~nowhere",)], search.QUOTES) == [(3, ("~is",))]
    assert search.candidates("so it is to be")
