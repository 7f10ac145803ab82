"""Names are offered as one is typed: by name or alias, accents aside, the most quoted first, and nobody whom readers may not find."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tracker import search
from tracker.models import Quote, Speaker, SpeakerAlias

pytestmark = pytest.mark.django_db


def offered(typed: str, field: str = "q") -> list[tuple[str, str]]:
    """What is offered: names, and what is told beside them."""
    search.catch_up()
    page = Client().get("/names/", {field: typed}).content.decode()
    return re.findall(r'<option value="(.*?)">(.*?)</option>', page)


@pytest.fixture
def quoted(make_speaker, make_quote) -> Callable[..., Speaker]:
    """A speaker with so many published quotes."""

    def make(name: str, quotes: int = 1, **fields: str) -> Speaker:
        speaker = make_speaker(name, **fields)
        for n in range(quotes):
            make_quote(f"{name} said {n}", speaker=speaker)
        return speaker

    return make


def test_a_name_is_offered_while_any_of_its_words_is_typed(quoted):
    quoted("Jason Kwon", description="Chief Strategy Officer of OpenAI")

    told = [("Jason Kwon", "Chief Strategy Officer of OpenAI")]
    assert offered("kw") == offered("Ja") == offered("jason k") == told
    assert offered("won") == offered("kwx") == []


def test_the_field_of_the_filters_asks_by_its_own_name(quoted):
    quoted("Jason Kwon")
    assert [name for name, _told in offered("kw", "speaker")] == ["Jason Kwon"]


def test_an_alias_is_told_beside_the_name_that_it_stands_for(quoted):
    kwon = quoted("Jason Kwon", description="Strategist")
    SpeakerAlias.objects.create(speaker=kwon, name="제이슨 권", language="ko")
    SpeakerAlias.objects.create(speaker=kwon, name="J. Kwon")

    assert offered("제이") == offered("권") == [("Jason Kwon", "제이슨 권 · Strategist")]
    assert offered("kw") == [("Jason Kwon", "Strategist")]


def test_what_a_browser_would_not_find_in_an_option_is_repeated_there(quoted):
    quoted("José Martí")
    assert offered("jose") == [("José Martí", "jose")]
    assert offered("martí jo") == [("José Martí", "martí jo")]
    assert offered("José") == [("José Martí", "")]


def test_the_most_quoted_come_first_and_ten_at_most(quoted):
    for n in range(12):
        quoted(f"Adams {n}", quotes=3 if n == 7 else 1)
    names = [name for name, _told in offered("adams")]
    assert len(names) == 10
    assert names[0] == "Adams 7"


def test_many_of_one_letter_are_found_by_the_most_quotes(quoted, monkeypatch):
    monkeypatch.setattr("tracker.search.naming._FEW", 2)
    for n, name in enumerate(("Ann Ash", "Amy Oak", "Abe Ash", "Bob Ash", "Zoe Elm"), start=1):
        quoted(name, quotes=n)
    assert [name for name, _told in offered("a")] == ["Bob Ash", "Abe Ash", "Amy Oak", "Ann Ash"]
    assert [name for name, _told in offered("a a")] == [name for name, _told in offered("a")]
    assert [name for name, _told in offered("as ab")] == ["Abe Ash"]
    assert offered("x") == []


def test_who_has_no_published_quote_or_is_not_listed_is_never_offered(
    quoted, make_speaker, make_quote, editor
):
    make_quote("draft", speaker=make_speaker("Drafty Dunn"), published=False)
    held = make_quote("held", speaker=make_speaker("Helen Held"))
    held.hold(by=editor)
    quoted("Una Unlisted", listed=False)
    make_speaker("Nora Never")
    wrongly = make_speaker("Marie Antoinette")
    make_quote("cake", speaker=wrongly, attribution="misattributed", attribution_reason="Older.")
    for typed in ("drafty", "helen", "una", "nora", "marie"):
        assert offered(typed) == [], typed


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "\0", "*", '"', "' OR 1=1 --", "a" * 5_000, "a " * 90, "<b>", "\ud800"]
)
def test_whatever_is_typed_is_answered(quoted, typed):
    quoted("Jason Kwon")
    assert [name for name, _told in offered(typed.encode("utf-8", "replace").decode())] == []


def test_names_and_what_is_typed_are_escaped(quoted):
    quoted('Zed "Z" O’Neil')
    page = Client().get("/names/", {"q": "Zed <z> ó"}).content.decode()
    assert "<z>" not in page
    assert 'value="Zed &quot;Z&quot; O’Neil"' in page


def test_names_take_three_queries_and_are_kept_for_a_minute(quoted):
    for name in ("Ann Ash", "Amy Oak"):
        quoted(name)
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/names/?q=a")
    assert len(queries) <= 3
    assert answer["Cache-Control"] == "private, max-age=60"


def test_a_speaker_called_names_has_a_page(quoted):
    assert Client().get(quoted("Names").get_absolute_url()).status_code == 200


@pytest.mark.parametrize("page", ["/", "/about/", "/speakers/", "/quotes/"])
def test_every_field_that_takes_a_name_offers_names(quoted, page):
    quoted("Jason Kwon")
    html = Client().get(page).content.decode()
    fields = re.findall(r"(?s)<input[^>]*\blist=.names.[^>]*>", html)
    assert fields
    assert all(f'hx-get="{reverse("names")}"' in field for field in fields)
    assert html.count('<datalist id="names">') == 1


def test_words_that_begin_alike_stand_together_whatever_the_collation(quoted):
    for name in ("Zoë Ämter", "zoo Amt", "Zeta Łódź"):
        quoted(name)
    assert Quote.objects.count() == 3
    assert {name for name, _told in offered("zo")} == {"Zoë Ämter", "zoo Amt"}
    assert [name for name, _told in offered("lod")] == ["Zeta Łódź"]
