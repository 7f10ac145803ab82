"""The quotes of several speakers side by side: the same page of the same list, only arranged by who said them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tracker import search
from tracker.models import JointSpeaker, Quote, Speaker

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
BOTH = "/quotes/?speaker=george-bush&speaker=michael-dukakis"
SIDE = f"{BOTH}&view=side"


def page(address: str, **headers: str) -> str:
    response = Client().get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def cells(text: str) -> list[tuple[str, str]]:
    """Each quote of the page in its order: where it stands, and its words."""
    found = []
    for place in re.split(r'<div class="(?=in-\d|across)', text)[1:]:
        found += [
            (place.partition('"')[0], words)
            for words in re.findall(r"<blockquote[^>]*><p><a [^>]*>([^<]*)<", place)
        ]
    return found


@pytest.fixture
def bush(make_speaker: Make) -> Speaker:
    return make_speaker("George Bush")


@pytest.fixture
def dukakis(make_speaker: Make) -> Speaker:
    return make_speaker("Michael Dukakis")


@pytest.fixture
def debate(make_quote: Make, bush: Speaker, dukakis: Speaker) -> dict[str, Quote]:
    made = {
        "B88": make_quote("B88", speaker=bush, said_on="1988-09-25"),
        "D88": make_quote("D88", speaker=dukakis, said_on="1988-09-25"),
        "B90": make_quote("B90", speaker=bush, said_on="1990"),
        "D89": make_quote("D89", speaker=dukakis, said_on="1989-02"),
        "both": make_quote("both", speaker=bush, said_on="1989-01-01"),
        "undated": make_quote("undated", speaker=dukakis),
    }
    JointSpeaker.objects.create(quote=made["both"], speaker=dukakis)
    search.catch_up()
    return made


@pytest.mark.usefixtures("debate")
def test_who_said_what_stands_in_their_column_in_order_of_time() -> None:
    assert cells(page(f"{SIDE}&order=oldest")) == [
        ("in-1", "B88"),
        ("in-2", "D88"),
        ("across", "both"),
        ("in-2", "D89"),
        ("in-1", "B90"),
        ("in-2", "undated"),
    ]
    newest = [words for _place, words in cells(page(SIDE))]
    assert newest[:3] == ["B90", "D89", "both"]
    assert newest[-1] == "undated"


@pytest.mark.usefixtures("debate")
def test_what_was_said_on_one_day_stands_in_one_row() -> None:
    days = re.findall(r'<section class="side-row"> <h2 class="date">(.*?)</h2>', page(SIDE))
    plain = [re.sub("<[^>]*>", "", day) for day in days]
    assert plain == ["1990", "February 1989", "1 Jan 1989", "25 Sept 1988", "Undated"]


@pytest.mark.usefixtures("debate")
def test_it_is_the_same_list_with_the_same_numbers() -> None:
    side, plain = page(SIDE), page(BOTH)
    assert sorted(words for _place, words in cells(side)) == sorted(
        re.findall(r"<blockquote[^>]*><p><a [^>]*>([^<]*)<", plain)
    )
    for part in (r'<p class="status".*?</p>', r'<label class="tick">.*?</label>', r'id="years.*?>'):
        assert re.findall(part, side) == re.findall(part, plain)
    assert "6 quotes match these filters" in side
    assert side.count('<span class="vh">Remove filter:') == 2  # how it is arranged is no filter


@pytest.mark.usefixtures("debate")
def test_every_way_on_stays_side_by_side() -> None:
    text = page(f"{SIDE}&order=oldest")
    assert '<input type="hidden" name="view" value="side">' in text
    orders = re.findall(r'<nav class="order small" aria-label="Order">(.*?)</nav>', text)
    assert all("view=side" in url for url in re.findall('href="(.*?)"', orders[0]))
    removing = re.findall(r'href="([^"]*)"><span class="vh">Remove filter', text)
    assert all("view=side" in url for url in removing)


@pytest.mark.usefixtures("debate")
def test_the_list_offers_it_when_at_least_two_speakers_are_chosen() -> None:
    offer = "view=side"
    assert offer in page(BOTH)
    assert offer not in page("/quotes/?speaker=george-bush")
    assert offer not in page("/quotes/")
    back = "/quotes/?speaker=george-bush&amp;speaker=michael-dukakis"
    assert f'<a href="{back}">List</a>' in page(SIDE)


@pytest.mark.usefixtures("debate")
def test_too_few_or_too_many_speakers_make_a_plain_list_that_says_so(
    make_quote: Make, make_speaker: Make
) -> None:
    said = "Choose 2 to 4 speakers to see them side by side."
    alone = page("/quotes/?speaker=george-bush&view=side")
    assert said in alone
    assert "B90" in alone
    more = []
    for name in ("Ann", "Ben", "Cy"):
        make_quote(f"by {name}", speaker=make_speaker(name))
        more.append(f"&speaker={name.lower()}")
    four, five = page(SIDE + "".join(more[:2])), page(SIDE + "".join(more))
    assert "of-4" in four
    assert said not in four
    assert said in five
    assert "by Cy" in five
    assert cells(five) == []


@pytest.mark.usefixtures("debate")
def test_one_speaker_by_two_names_is_one() -> None:
    text = page("/quotes/?speaker=george-bush&speaker=George+Bush&view=side")
    assert "Choose 2 to 4 speakers" in text


@pytest.mark.usefixtures("debate")
def test_an_unknown_way_to_arrange_lists_nothing_and_says_so() -> None:
    text = page(f"{BOTH}&view=circle")
    assert "“circle” is not one of: side." in text
    assert "<blockquote" not in text
    assert "Without the filter “View”" in text


@pytest.mark.usefixtures("debate")
def test_the_swapped_list_is_side_by_side_too() -> None:
    text = page(SIDE, **{"HX-Request": "true"})
    assert "<html" not in text
    assert len(cells(text)) == 6


def test_what_is_hidden_is_in_no_column(debate: dict[str, Quote], make_quote: Make) -> None:
    debate["B90"].hold(by=None)
    make_quote("a draft", speaker=debate["B88"].speaker, published=False)
    shown = [words for _place, words in cells(page(SIDE))]
    assert "B90" not in shown
    assert len(shown) == 5


def test_how_sure_it_is_and_as_what_stands_at_each_quote(
    make_quote: Make, make_position: Make, dukakis: Speaker, debate: dict[str, Quote]
) -> None:
    position = make_position(dukakis, title="Governor of Massachusetts")
    make_quote(
        "perhaps",
        speaker=dukakis,
        position=position,
        attribution="disputed",
        attribution_reason="Denied.",
    )
    text = page(SIDE)
    assert "Governor of Massachusetts" in text
    assert "Disputed</span>" in text
    wrongly = page(f"{SIDE}&attribution=disputed")
    assert cells(wrongly) == [("in-2", "perhaps")]


def test_words_keep_their_language_and_direction(
    make_quote: Make, bush: Speaker, dukakis: Speaker
) -> None:
    make_quote("לא מיסים", speaker=bush, citation={"language": "he"})
    make_quote("不加税", speaker=dukakis, citation={"language": "zh-Hans"})
    text = page(SIDE)
    assert re.search(r'lang="he" dir="rtl"><p><a [^>]*>לא מיסים', text)
    assert re.search(r'lang="zh-Hans" dir="ltr"><p><a [^>]*>不加税', text)


@pytest.mark.usefixtures("debate")
def test_side_by_side_takes_no_query_more_than_the_list(django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.get("/about/")
    with django_assert_max_num_queries(10) as plain:
        client.get(BOTH)
    with django_assert_max_num_queries(len(plain)):
        client.get(SIDE)
