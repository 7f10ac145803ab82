"""A word or name that finds nothing: the nearest one that does is offered, and never what only drafts have."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import Quote
from tracker.search import Question, parse

pytestmark = pytest.mark.django_db


def guessed(words: str, **asked: object) -> str | None:
    search.catch_up()
    question = Question(query=parse(words), **asked)
    found = search.guess(question, search.answer(question).total)
    return found.text if found else None


@pytest.fixture
def record(make_quote: Callable[..., Quote], make_speaker: Callable[..., object]) -> None:
    make_quote("Infrastructure is destiny", said_on="2025-05-26")
    roosevelt = make_speaker("Franklin D. Roosevelt")
    make_quote("The only thing we have to fear is fear itself", speaker=roosevelt, said_on="1933")
    make_quote("한국은 반도체부터", speaker=roosevelt)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("infrastucture", "infrastructure"),  # a letter less
        ("infrastrructure", "infrastructure"),  # a letter more
        ("infrastructore", "infrastructure"),  # another letter
        ("destniy", "destiny"),  # two swapped
        ("nfrastructure", "infrastructure"),  # the first one missing
        ("nifrastructure", "infrastructure"),  # the first two swapped
        ("Xdestiny", "destiny"),  # a first letter too much
        ("testiny", "destiny"),  # another first letter
        ("Roosvelt", "roosevelt"),
        ("jason kwom", "jason kwon"),
        ("Infrastúcture", "infrastructure"),
        ("infrastucture destniy", "infrastructure destiny"),
        (
            "“is destiny”  infrastucture, -tax speaker:kwon",
            "“is destiny”  infrastructure, -tax speaker:kwon",
        ),
        ("speaker:kwom destiny", "speaker:kwon destiny"),
        ("said:2025 destny", "said:2025 destiny"),
    ],
)
def test_the_nearest_query_that_finds_something_is_offered(record, typed, meant):
    assert guessed(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "destiny",  # it finds something
        "zzfoundnowhere",
        "dest",  # more than a slip away
        '"infrastucture is"',  # a phrase is meant as it stands
        "infrastuct*",
        "-infrastucture",
        "kwo",  # three letters
        "반도처",
        "2o25x",
        "destniy zzfoundnowhere",
    ],
)
def test_where_nothing_is_near_nothing_is_offered(record, typed):
    assert guessed(typed) is None


def test_a_word_that_only_drafts_have_is_never_offered(record, make_quote, editor):
    make_quote("a clandestine sentence", published=False)
    held = make_quote("a surreptitious sentence")
    held.hold(by=editor)
    assert guessed("clandestime") is None
    assert guessed("surreptitous") is None


def test_a_guess_finds_something_under_the_same_filters(record):
    assert guessed("destniy", kinds=("direct",)) == "destiny"
    assert guessed("destniy", kinds=("indirect",)) is None
    page = Client().get("/quotes/?q=destniy&said_from=2025").content.decode()
    assert '<a href="/quotes/?q=destiny&amp;said_from=2025">destiny</a>?' in page
    assert "Did you mean" not in Client().get("/quotes/?q=destniy&said_to=1900").content.decode()


def test_of_two_words_equally_near_one_finds_something_under_the_filters(
    record, make_quote, make_speaker
):
    make_quote("density", speaker=make_speaker("Ada"), kind="indirect")
    assert guessed("desity", kinds=("indirect",)) == "density"


def test_a_rare_word_gives_way_to_one_with_ten_times_its_quotes(make_quote):
    make_quote("the goverment said so")
    for n in range(9):
        make_quote(f"the government of the day {n}")
    assert guessed("goverment") is None
    make_quote("of the people, by government")
    assert guessed("goverment") == "government"


def test_a_guess_takes_three_queries_and_none_where_enough_is_found(record, make_quote):
    with CaptureQueriesContext(connection) as queries:
        assert search.guess(Question(query=parse("infrastucture destniy")), 0)
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        assert search.guess(Question(query=parse("destniy")), 3) is None
        assert search.guess(Question(), 0) is None
    assert len(queries) == 0


@pytest.mark.parametrize("asked", ["jason-kwom", "Jason Kwom", "Jasson Kwon", "kwom"])
def test_an_unknown_speaker_is_told_with_those_called_nearly_that(record, asked):
    page = Client().get("/quotes/", {"speaker": asked, "q": "destiny"}).content.decode()
    assert f"There is no speaker “{asked}”. Did you mean:" in page
    assert re.search('<a href="[^"]*speaker=jason-kwon[^"]*">Jason Kwon</a>', page)


def test_a_speaker_without_published_quotes_is_not_offered(record, make_speaker, make_quote):
    make_quote("draft", speaker=make_speaker("Drafty Dunninger"), published=False)
    for asked in ("drafty-duninger", "nobody-at-all"):
        page = Client().get("/quotes/", {"speaker": asked}).content.decode()
        assert f"There is no speaker “{asked}”.</strong>" in page


@pytest.mark.parametrize(
    "typed",
    [
        "%%%%",
        "a'b\"c",
        "infrastucture" * 30,
        "destniy " * 20,
        "' OR 1=1 --",
        "\U0010ffff" * 5,
        "\\" * 9,
        "qqqq " * 19,
        "aaaa" + "\u0301" * 40,
        "ZZZZ" * 16,
        "%s%s%s%s",
        "Ω" * 8,
    ],
)
def test_whatever_is_typed_is_answered(record, typed):
    for name in ("q", "speaker"):
        assert Client().get("/quotes/", {name: typed}).status_code == 200
