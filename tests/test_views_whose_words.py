"""Words that are not theirs lead to the quote that they really are, and it to them; and since when an attribution stands."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import Correction, Quote

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
MOST = 12  # queries of the page of a quote


def page(quote: Quote) -> str:
    response = Client().get(quote.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def section(text: str) -> str:
    return text.partition('<h2 id="whose">Whose words these are</h2>')[2].partition("</section>")[0]


def queries(quote: Quote) -> int:
    Client().get("/about/")
    with CaptureQueriesContext(connection) as asked:
        page(quote)
    return len(asked)


@pytest.fixture
def true(make_quote: Make) -> Quote:
    return make_quote(
        "Qu’ils mangent de la brioche.", speaker_described_as="a great princess", said_on="1765~"
    )


@pytest.fixture
def wrong(make_quote: Make, make_speaker: Make, true: Quote) -> Quote:
    return make_quote(
        "Let them eat cake!",
        speaker=make_speaker("Marie Antoinette"),
        attribution="misattributed",
        attribution_reason="She was a child then.",
        true_quote=true,
    )


def test_words_that_are_not_theirs_lead_to_the_quote_that_they_are(
    wrong: Quote, true: Quote
) -> None:
    told = section(page(wrong))
    assert "Qu’ils mangent de la brioche." in told
    assert "great princess" in told
    assert "1765" in told
    assert f'href="{true.get_absolute_url()}"' in told


def test_the_true_quote_says_to_whom_its_words_are_wrongly_attributed(
    wrong: Quote, true: Quote, make_quote: Make
) -> None:
    told = page(true).partition("<dt>Wrongly attributed to</dt>")[2].partition("</div>")[0]
    assert f'<a href="{wrong.get_absolute_url()}">Marie Antoinette</a>' in told
    assert "Whose words these are" not in page(true)
    assert "Wrongly attributed to</dt>" not in page(make_quote())


def test_where_the_true_quote_is_hidden_nothing_tells_of_it(
    wrong: Quote, true: Quote, editor: Any
) -> None:
    true.hold(by=editor)
    text = page(wrong)
    assert "Whose words these are" not in text
    assert "brioche" not in text
    assert f"/quotes/{true.pk}/" not in text


def test_what_is_wrongly_attributed_and_hidden_is_not_told_of(
    wrong: Quote, true: Quote, editor: Any
) -> None:
    wrong.hold(by=editor)
    text = page(true)
    assert "Wrongly attributed to" not in text
    assert "Antoinette" not in text
    wrong.publish(by=None)
    assert "Marie Antoinette" in page(true)


def test_words_that_are_theirs_after_all_are_not_told_as_wrongly_attributed(
    wrong: Quote, true: Quote
) -> None:
    wrong.attribute("unverified", reason="", by=None)
    assert "Wrongly attributed to" not in page(true)


def test_a_page_with_all_that_it_can_say_takes_no_more_queries(
    wrong: Quote, true: Quote, make_quote: Make, make_occasion: Make, make_topic: Make
) -> None:
    plain = queries(make_quote())
    both = (queries(true), queries(wrong))
    assert max(both) <= plain + 2  # what is beside it, and the names in it
    occasion = make_occasion()
    Quote.objects.update(occasion=occasion)
    Correction.objects.note(true, kind="update", text="It was otherwise.", by=None)
    later = make_quote("Brioche!", speaker_described_as="a great princess", said_on="1789")
    link = later.links_back.create(earlier=true, kind="answers", note="It is so.")
    link.publish(by=None)
    true.topics.add(make_topic())
    search.catch_up()
    assert "It was otherwise." in page(true)
    assert "Said before, said since" in page(true)
    assert queries(true) <= MOST


@pytest.mark.parametrize("attribution", ["disputed", "misattributed", "confirmed"])
def test_a_quotes_page_says_since_when_its_attribution_stands_and_not_by_which_editor(
    make_quote: Make, editor: Any, attribution: str
) -> None:
    quote = make_quote(published=False, citation={"basis": "transcript"})
    if attribution == "misattributed":
        quote.citations.update(role="attributes wrongly")
        evidence = {"article": quote.citations.get().article, "locator": "2", "text": "No."}
        quote.citations.create(**evidence, role="evidence on attribution")
    with time_machine.travel("2026-05-03T12:00Z", tick=False):
        quote.attribute(attribution, reason="So it is.", by=editor)
    quote.publish(by=None)
    text = page(quote)
    assert "Since 3 May 2026, by the editors" in text
    assert editor.get_username() not in text.replace("the editors", "")


def test_an_unverified_attribution_stands_since_no_day(make_quote: Make) -> None:
    assert "by the editors" not in page(make_quote())
