"""A quote's page says what was said before and since, and the claims in its words; nothing hidden, at no further cost."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tracker.models import Claim, Quote, QuoteLink, Review, Verdict

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def linked(later: Quote, earlier: Quote, kind: str = "says otherwise", **more: Any) -> QuoteLink:
    how = {"note": "It is so."} | more
    link = QuoteLink.objects.create(later=later, earlier=earlier, kind=kind, **how)
    link.publish(by=None)
    return link


def claimed(quote: Quote, text: str = "An office opens", **more: Any) -> Claim:
    role = more.pop("role", "makes")
    claim = Claim.objects.create(text=text, **more)
    claim.claim_quotes.create(quote=quote, role=role)
    return claim


def page(quote: Quote) -> str:
    response = Client().get(quote.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def pledge(make_quote: Make) -> Quote:
    return make_quote("Read my lips: no new taxes.", said_on="1988-08-18")


@pytest.fixture
def turn(make_quote: Make) -> Quote:
    return make_quote("Tax revenue increases are required.", said_on="1990-06-26")


def test_both_pages_tell_the_link_at_the_address_that_it_has(pledge: Quote, turn: Quote) -> None:
    link = linked(turn, pledge)
    of_turn, of_pledge = page(turn), page(pledge)
    for text in (of_turn, of_pledge):
        assert "Said before, said since" in text
        assert f'id="link-{link.pk}"' in text
        assert "Says otherwise" in text
        assert "Said otherwise later" in text
        assert "18 August 1988" in text
        assert "26 June 1990" in text
        assert "It is so." in text
    assert "Read my lips: no new taxes." in of_turn.split("Said before, said since")[1]
    assert "Tax revenue increases" in of_pledge.split("Said before, said since")[1]
    assert f'id="link-{link.pk}" class="turn"' in of_pledge
    assert f'id="link-{link.pk}" class="turn"' not in of_turn


def test_a_quote_that_two_links_join_is_printed_once_with_both_and_each_has_its_address(
    pledge: Quote, turn: Quote
) -> None:
    links = [
        linked(turn, pledge, "clarifies", note="It says of what."),
        linked(turn, pledge, "says otherwise", note="It says the reverse."),
    ]
    section = page(pledge).split("Said before, said since")[1]
    assert section.count("Tax revenue increases are required.") == 1
    for link, word in zip(links, ("Clarifies", "Says otherwise"), strict=True):
        own = section.split(f'<li id="link-{link.pk}">')[1].split("</li>")[0]
        assert word in own
        assert link.note in own
        assert section.count(link.note) == 1
    assert '<li class="turn">' in section


def test_words_whose_date_is_not_known_stand_apart_from_before_and_since(
    pledge: Quote, make_quote: Make
) -> None:
    linked(make_quote("Some day I said otherwise.", said_on=""), pledge)
    timeline, _heading, apart = page(pledge).partition("Date not known</h3>")
    assert "Some day I said otherwise." not in timeline.split("Said before, said since")[1]
    assert "Some day I said otherwise." in apart
    assert "Says otherwise" in apart


def test_a_quote_without_links_has_no_such_section(pledge: Quote) -> None:
    assert "Said before, said since" not in page(pledge)
    assert "Claims in these words" not in page(pledge)


@pytest.mark.parametrize("state", ["draft", "held", "withdrawn"])
def test_a_link_that_is_not_published_is_nowhere(pledge: Quote, turn: Quote, state: str) -> None:
    how = {"later": turn, "earlier": pledge, "kind": "answers", "note": "A hidden note."}
    link = QuoteLink.objects.create(**how)
    if state != "draft":
        link.publish(by=None)
        assert "A hidden note." in page(turn)
    if state == "held":
        link.hold(by=None)
    if state == "withdrawn":
        link.withdraw(by=None, category="our error", reason="Wrong.")
    for text in (page(pledge), page(turn)):
        assert "A hidden note." not in text
        assert "Said before, said since" not in text


def test_a_link_to_a_quote_that_is_held_is_nowhere(pledge: Quote, turn: Quote) -> None:
    linked(turn, pledge)
    pledge.hold(by=None)
    assert "Said before, said since" not in page(turn)
    assert "Read my lips" not in page(turn)


def test_who_says_so_is_told(
    pledge: Quote, turn: Quote, make_article: Make, make_publisher: Make
) -> None:
    linked(turn, pledge, "answers")
    assert "So say the editors here." in page(turn)
    outlet = make_publisher("The Gazette")
    article = make_article(
        "How it went", publisher=outlet, url_as_typed="https://gazette.example/1", language="ar"
    )
    linked(turn, pledge, "clarifies", asserted_in=article)
    text = page(turn)
    assert "So says The Gazette: <a rel=" in text
    assert (
        'href="https://gazette.example/1"><cite lang="ar" dir="rtl">How it went</cite></a>' in text
    )


def test_of_a_private_source_that_says_so_the_page_tells_medium_and_date(
    pledge: Quote, turn: Quote, make_article: Make
) -> None:
    letter = make_article("Dear Ann", access="private", medium="letter", published_on="1990-07")
    linked(turn, pledge, asserted_in=letter)
    assert "So says a private source (letter), July 1990." in page(turn)
    assert "Dear Ann" not in page(turn)


def test_a_note_is_text_whatever_signs_are_in_it(pledge: Quote, turn: Quote) -> None:
    linked(turn, pledge, note='From 3 < 4 percent & "no more".')
    assert "From 3 &lt; 4 percent &amp; &quot;no more&quot;." in page(turn)


def test_words_in_other_scripts_keep_their_language_and_direction(
    pledge: Quote, make_quote: Make
) -> None:
    arabic = make_quote("لا ضرائب جديدة", said_on="1991", citation={"language": "ar"})
    korean = make_quote("새로운 세금은 없다", said_on="1992", citation={"language": "ko"})
    for each in (arabic, korean):
        linked(each, pledge, "repeats")
    section = page(pledge).split("Said before, said since")[1]
    assert re.search(r'lang="ar" dir="rtl"><p><a [^>]*>لا ضرائب جديدة', section)
    assert re.search(r'lang="ko" dir="ltr"><p><a [^>]*>새로운 세금은 없다', section)


def test_a_disputed_quote_says_so_where_it_is_linked(pledge: Quote, make_quote: Make) -> None:
    disputed = make_quote(
        "It was a mistake.", said_on="1992", attribution="disputed", attribution_reason="Denied."
    )
    linked(disputed, pledge, "answers")
    assert "Disputed" in page(pledge).split("Said before, said since")[1]


# ---- Claims in the words of a quote ----


def test_the_page_tells_the_claims_in_its_words_and_what_was_found(pledge: Quote) -> None:
    claim = claimed(pledge, "As president he will not raise taxes", kind="promise")
    claim.publish(by=None)
    text = page(pledge).split("Claims in these words")[1]
    assert f'<a href="{claim.get_absolute_url()}">As president he will not raise taxes</a>' in text
    assert "Makes the claim" in text
    assert "Promise" in text
    assert "No review yet" in text
    review = Review.objects.create(
        claim=claim,
        verdict=Verdict.objects.get(slug="broken"),
        summary="He did.",
        reviewed_on=date(2026, 6, 14),
    )
    review.evidence.create(bearing="nothing found", note="All was searched.")
    assert "Broken" not in page(pledge)  # a draft
    review.publish(by=None)
    text = page(pledge).split("Claims in these words")[1]
    assert '<b class="ball promise broken" aria-hidden="true"></b> Broken' in text
    assert "No review yet" not in text
    korean = Client(headers={"accept-language": "ko"}).get(pledge.get_absolute_url())
    name = Verdict.objects.get(slug="broken").names.get(language="ko").name
    assert name in korean.content.decode()


def test_another_outlets_verdict_is_in_its_own_words(
    pledge: Quote, make_article: Make, make_publisher: Make
) -> None:
    claim = claimed(pledge)
    claim.publish(by=None)
    article = make_article(publisher=make_publisher("<b>The Gazette"))
    review = Review.objects.create(
        claim=claim,
        publisher=article.publisher,
        article=article,
        rating_there="Four Pinocchios",
        summary="Not so.",
        reviewed_on=date(2026, 6, 14),
    )
    review.publish(by=None)
    text = page(pledge).split("Claims in these words")[1]
    assert "&lt;b&gt;The Gazette:" in text
    assert "“Four Pinocchios”" in text


def test_only_claims_that_readers_may_see_are_told(pledge: Quote, make_quote: Make) -> None:
    claimed(pledge, "A draft of a claim")
    held = claimed(pledge, "A held claim")
    held.publish(by=None)
    held.hold(by=None)
    made = make_quote("Made by this one", said_on="1987")
    hidden = claimed(made, "Made by a hidden quote")
    hidden.claim_quotes.create(quote=pledge, role="denies")
    hidden.publish(by=None)
    assert "Denies it" in page(pledge)
    made.hold(by=None)
    text = page(pledge)
    for each in ("A draft of a claim", "A held claim", "Made by a hidden quote", "Denies it"):
        assert each not in text
    assert "Claims in these words" not in text


@pytest.mark.parametrize("many", [1, 30])
def test_many_links_cost_no_further_query(
    pledge: Quote,
    make_quote: Make,
    make_article: Make,
    django_assert_max_num_queries: Any,
    many: int,
) -> None:
    for number in range(many):
        later = make_quote(f"Since then {number}", said_on="1991")
        linked(later, pledge, "answers", asserted_in=make_article(f"Article {number}"))
        claimed(pledge, f"Claim {number}").publish(by=None)
    client = Client()
    client.get("/about/")  # the pages in the footer are looked up once a minute for all
    with django_assert_max_num_queries(12):
        text = client.get(pledge.get_absolute_url()).content.decode()
    assert text.count('id="link-') == many
