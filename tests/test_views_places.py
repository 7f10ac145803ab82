"""The pages of topics and occasions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

WRONG = {"attribution": "misattributed", "attribution_reason": "Invented later."}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_topic_about_a_person_says_so_and_links_to_them(
    client: Client, make_quote: Make, make_topic: Make
) -> None:
    quote = make_quote()
    quote.topics.add(make_topic("The chief strategist", subject=quote.speaker))
    text = page(client, "/topics/the-chief-strategist/")
    assert "This topic is about a person:" in text
    assert 'class="lede"' in text
    assert 'href="/speakers/jason-kwon/"' in text.split('class="lede"')[1].split("</p>")[0]


def test_a_subject_without_a_page_is_named_and_not_linked(
    client: Client, make_quote: Make, make_topic: Make, make_speaker: Make
) -> None:
    make_quote(topics=[make_topic("Empress", subject=make_speaker("An Empress"))])
    lede = page(client, "/topics/empress/").split('class="lede"')[1].split("</p>")[0]
    assert "An Empress" in lede
    assert "href" not in lede


def test_topics_are_listed_with_numbers_that_their_lists_bear_out(
    client: Client, make_quote: Make, make_topic: Make
) -> None:
    topic = make_topic("Infrastructure")
    make_topic("Unused")
    make_quote("one", topics=[topic])
    make_quote("two", topics=[topic], published=False)
    make_quote("three", topics=[topic], **WRONG)
    text = page(client, "/topics/")
    assert "1 quote" in text
    assert "Unused" not in text
    detail = page(client, "/topics/infrastructure/")
    assert "1 quote, with filters" in detail
    assert "1 wrongly attributed quote" in detail


def test_an_occasion_has_its_facts_and_its_quotes_in_order(
    client: Client, make_quote: Make, make_occasion: Make
) -> None:
    occasion = make_occasion(
        "Three days", place="Hall", city="Seoul", held_on="2025-05-26/2025-05-28"
    )
    make_quote("at last", occasion=occasion, said_on="2025-05-28")
    make_quote("at first", occasion=occasion, said_on="2025-05-26")
    text = page(client, "/occasions/three-days/")
    assert text.index("at first") < text.index("at last")
    assert "Some time between 26 May 2025 and 28 May 2025" in text
    assert "Hall, Seoul" in text


def test_a_renamed_topic_is_still_found_at_its_old_address(
    client: Client, make_quote: Make, make_topic: Make, editor: AbstractBaseUser
) -> None:
    topic = make_topic("Korea")
    make_quote(topics=[topic])
    topic.rename("South Korea", by=editor)
    response = client.get("/topics/korea/?a=b")
    assert (response.status_code, response["Location"]) == (301, "/topics/south-korea/?a=b")


@pytest.mark.parametrize("address", ["/topics/KOREA/", "/topics/k%6Frea/"])
def test_case_and_escapes_of_an_address_do_not_matter(
    client: Client, make_quote: Make, make_topic: Make, address: str
) -> None:
    make_quote(topics=[make_topic("Korea")])
    assert client.get(address, follow=True).status_code == 200


def test_an_address_in_decomposed_letters_leads_to_the_composed_one(
    client: Client, make_quote: Make, make_topic: Make
) -> None:
    make_quote(topics=[make_topic("나라")])
    response = client.get("/topics/\u1102\u1161\u1105\u1161/")
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("slug", ["nothing", "%00", "a%0Ab", "%ff", "..."])
@pytest.mark.parametrize("noun", ["topics", "occasions", "publishers", "speakers"])
def test_an_address_of_nothing_is_not_found(client: Client, noun: str, slug: str) -> None:
    assert client.get(f"/{noun}/{slug}/").status_code == 404


def test_what_has_no_published_quote_is_not_found(
    client: Client,
    make_quote: Make,
    make_topic: Make,
    make_occasion: Make,
    editor: AbstractBaseUser,
) -> None:
    topic, occasion = make_topic("Secret plan"), make_occasion("Secret meeting")
    make_quote("one", topics=[topic], occasion=occasion, published=False)
    make_quote("two", topics=[topic], occasion=occasion).hold(by=editor)
    for record in (topic, occasion):
        assert client.get(record.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_pages_of_topics_and_occasions_take_at_most_ten_queries(
    client: Client,
    django_assert_max_num_queries: Any,
    make_quote: Make,
    make_topic: Make,
    make_occasion: Make,
    make_speaker: Make,
    many: int,
) -> None:
    occasion = make_occasion()
    for number in range(many):
        topic = make_topic(f"Topic {number}", subject=make_speaker(f"Subject {number}"))
        make_quote(f"quote {number}", occasion=occasion, topics=[topic])
    for address in ("/topics/", "/topics/topic-0/", occasion.get_absolute_url()):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200
