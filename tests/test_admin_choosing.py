"""A record is chosen at the desk by its number where no scripts run: beside its search box, and counting after it."""

import re
from html import unescape

import pytest
from desk import a_row, address, as_sent, errors, filled, who_may
from django.test import Client

from tracker.models import Article, Quote, QuoteLink, Review, Speaker

pytestmark = pytest.mark.django_db

WRONG = "Select a valid choice. That choice is not one of the available choices."


@pytest.fixture
def kwon() -> Speaker:
    return Speaker.objects.create(name="Jason Kwon")


@pytest.fixture
def quote(kwon: Speaker) -> Quote:
    return Quote.objects.create(speaker=kwon, said_on="2025-05-26")


def unscripted(content: str, field: str) -> str:
    """What a field shows only without scripts."""
    found = re.findall(r"<noscript.*?</noscript>", content, re.DOTALL)
    (one,) = [each for each in found if f'name="{field}"' in each]
    return str(one)


def page(desk: Client, url: str) -> str:
    return str(desk.get(url).content.decode())


def test_beside_a_search_box_its_number_can_be_typed_where_no_scripts_run(desk: Client) -> None:
    shown = unscripted(page(desk, address(QuoteLink, "add")), "later")
    assert "Number of the quote" in shown
    assert 'type="text"' in shown
    assert 'value=""' in shown
    assert f'href="{address(Quote, "changelist")}"' in shown
    in_a_row = unscripted(page(desk, address(Review, "add")), "evidence-0-article")
    assert "Number of the article" in in_a_row
    assert f'href="{address(Article, "changelist")}"' in in_a_row


def test_the_number_of_what_is_chosen_stands_there_and_comes_after_the_box(
    desk: Client, quote: Quote, kwon: Speaker
) -> None:
    content = page(desk, address(Quote, "change", quote))
    assert f'value="{kwon.pk}"' in unscripted(content, "speaker")
    assert 'value=""' in unscripted(content, "position")
    assert content.index('<select name="speaker"') < content.index('<input type="text" inputmode')
    assert as_sent(content)["speaker"] == str(kwon.pk)


def test_of_the_box_and_the_number_the_number_counts(
    desk: Client, quote: Quote, kwon: Speaker
) -> None:
    altman = Speaker.objects.create(name="Sam Altman")
    form = filled(desk.get(address(Quote, "change", quote)))
    assert form["speaker"] == str(kwon.pk)
    desk.post(address(Quote, "change", quote), form | {"speaker": [kwon.pk, altman.pk]})
    quote.refresh_from_db()
    assert quote.speaker == altman


@pytest.mark.parametrize("typed", ["abc", "999999", "9" * 30, '"><b>', "-1"])
def test_a_wrong_number_is_told_beside_its_field_and_stays_as_typed(
    desk: Client, quote: Quote, typed: str
) -> None:
    url = address(QuoteLink, "add")
    form = filled(desk.get(url), later=["", typed], earlier=["", str(quote.pk)])
    answer = desk.post(url, form)
    assert errors(answer)["later"] == [WRONG]
    content = answer.content.decode()
    shown = unscripted(content, "later")
    assert f'value="{typed}"' in unescape(shown)
    assert "<b>" not in shown
    assert f'value="{quote.pk}"' in unscripted(content, "earlier")


def test_a_wrong_number_in_a_row_is_told_beside_its_field(desk: Client) -> None:
    url = address(Review, "add")
    row = a_row("evidence", 0, article=["", "999999"], note="It tells of it.")
    assert errors(desk.post(url, filled(desk.get(url)) | row))["evidence-0-article"] == [WRONG]


def test_an_error_is_read_out_with_the_number_too(desk: Client) -> None:
    url = address(QuoteLink, "add")
    answer = desk.post(url, filled(desk.get(url), later="abc"))
    shown = unscripted(answer.content.decode(), "later")
    assert 'aria-invalid="true"' in shown


def test_an_empty_row_to_come_has_a_number_of_its_own(desk: Client) -> None:
    content = page(desk, address(Review, "add"))
    assert 'name="evidence-__prefix__-article"' in unscripted(
        content, "evidence-__prefix__-article"
    )
    assert not re.search(r"\bid=", unscripted(content, "evidence-__prefix__-article"))


def test_whoever_may_not_see_the_records_is_led_to_no_list_of_them() -> None:
    content = page(who_may("add_quotelink"), address(QuoteLink, "add"))
    assert "<a " not in unscripted(content, "later")


def test_several_topics_are_chosen_by_their_box_alone(desk: Client) -> None:
    content = page(desk, address(Quote, "add"))
    assert 'name="topics"' in content
    assert not any(
        'name="topics"' in each for each in re.findall(r"<noscript.*?</noscript>", content, re.S)
    )
