"""The pages of articles and publishers, which private sources have no part in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.utils import timezone

from tracker.models import Capture, Citation

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# ---- One article ----


def test_a_wrong_address_of_an_article_leads_to_the_right_one(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    article = make_article("오픈AI, 서울에 사무소")
    make_quote(article=article)
    for address in (f"/articles/{article.pk}/", f"/articles/{article.pk}/wrong/"):
        response = client.get(f"{address}?page=1")
        assert response.status_code == 301
        assert response["Location"] == f"{article.get_absolute_url()}?page=1"
    assert client.get(article.get_absolute_url()).status_code == 200


def test_an_article_without_a_name_stays_at_its_bare_address(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    article = make_article("")
    make_quote(article=article)
    assert client.get(f"/articles/{article.pk}/").status_code == 200


def test_an_article_that_gives_no_published_quote_is_not_found(
    client: Client, make_quote: Make, make_article: Make, editor: AbstractBaseUser
) -> None:
    article = make_article("Leaked draft")
    make_quote(article=article, published=False)
    make_quote(article=article).hold(by=editor)
    response = client.get(f"/articles/{article.pk}/")
    assert response.status_code == 404
    assert b"Leaked draft" not in response.content


def test_its_quotes_stand_in_order_of_appearance_and_in_its_own_wording(
    client: Client, make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    article = make_article()
    unplaced = make_quote("stands nowhere known", article=article)
    late, early = make_quote("en fin"), make_quote("au début")
    for quote, text, start in ((late, "at the end", 900), (early, "at the start", 0)):
        citation = make_citation(quote, text, article=article)
        Citation.objects.filter(pk=citation.pk).update(start=start, end=start + 10)
    text = page(client, article.get_absolute_url())
    places = [text.index(words) for words in ("at the start", "at the end", unplaced.text)]
    assert places == sorted(places)
    assert "3 quotes, in order of appearance" in text


def test_the_page_says_what_is_known_and_what_is_not(
    client: Client, make_quote: Make, make_article: Make, make_publisher: Make, make_occasion: Make
) -> None:
    original = make_article("", publisher=make_publisher("ZDNet Korea"), language="ko")
    article = make_article(
        "",
        publisher=make_publisher("AI Matters"),
        url_as_typed="https://aimatters.co.kr/english-news/22138",
        published_on="2025-05~",
        language="en",
        original=original,
        relation="re-report",
        notes="<p>Read <em>twice</em></p>",
    )
    Capture.objects.create(
        article=article,
        method="fetched",
        taken_at=timezone.now(),
        outcome="not found",
        text="the stored text of the page",
    )
    make_quote(article=article, occasion=make_occasion())
    text = page(client, article.get_absolute_url())
    said = [
        "Page at AI Matters, about May 2025",
        "Headline not recorded",
        'data-is="re-report, in another language, of"',
        "(address not recorded)",
        "aimatters.co.kr/english-news/22138",
        "<p>Read <em>twice</em></p>",
        "Page fetched, the page did not answer",
        "OpenAI’s announcement in Seoul",
    ]
    assert [each for each in said if each not in text] == []
    assert "the stored text of the page" not in text


def test_others_on_the_same_occasion_are_named_private_ones_never(
    client: Client, make_quote: Make, make_article: Make, make_occasion: Make
) -> None:
    occasion, article = make_occasion(), make_article()
    make_quote("one", article=article, occasion=occasion)
    make_quote("two", article=make_article("Another report"), occasion=occasion)
    make_quote("three", article=make_article("Leaked minutes", access="private"), occasion=occasion)
    text = page(client, article.get_absolute_url())
    assert "Other sources on the same occasion" in text
    assert text.count("Another report") == 1  # its name is its headline
    assert "Leaked minutes" not in text


def test_a_private_source_has_no_page_and_is_in_no_list_or_count(
    client: Client, make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("Hidden Gazette")
    private = make_article("Leaked minutes", access="private", publisher=publisher)
    make_quote(article=private)
    assert client.get(private.get_absolute_url()).status_code == 404
    assert client.get(publisher.get_absolute_url()).status_code == 404
    addresses = (
        "/",
        "/articles/",
        "/sitemap-articles.xml",
        "/sitemap-publishers.xml",
        "/sitemap.xml",
    )
    seen = " ".join(page(client, address) for address in addresses)
    assert "Leaked" not in seen
    assert "leaked" not in seen
    assert "idden" not in seen.replace("aria-hidden", "")
    assert "<b>0</b>articles" in page(client, "/")


# ---- Lists ----


def test_articles_are_listed_newest_first_with_their_numbers_of_quotes(
    client: Client, make_quote: Make, make_article: Make, make_citation: Make
) -> None:
    old, new = make_article("Old", published_on="1900"), make_article("New", published_on="2025")
    make_article("Undisclosed")
    twice = make_quote("one", article=old)
    make_citation(twice, article=old, locator="2")
    make_quote("two", article=old)
    make_quote("three", article=new)
    text = page(client, "/articles/")
    assert text.index("New") < text.index(">Old<")
    assert "2 quotes" in text
    assert "Undisclosed" not in text


def test_a_long_list_goes_on_on_a_next_page(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    for number in range(51):
        make_quote(article=make_article(f"Article {number:02}"))
    first, second = page(client, "/articles/"), page(client, "/articles/?page=2")
    assert first.count("<article") == 50
    assert 'rel="next" href="?page=2"' in first
    assert second.count("<article") == 1
    assert 'rel="prev" href="?"' in second


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "9999999", "%00"])
def test_a_page_that_is_not_there_is_not_found(
    client: Client, make_quote: Make, number: str
) -> None:
    make_quote()
    assert client.get(f"/articles/?page={number}").status_code == 404


def test_a_publishers_page_lists_its_open_articles_and_counts_their_quotes(
    client: Client, make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("News1", domain="news1.kr")
    make_quote("one", article=make_article("Open", publisher=publisher))
    make_quote("two", article=make_article("Leaked", publisher=publisher, access="private"))
    text = page(client, "/publishers/news1/")
    assert "1 quote from its articles" in text
    assert "Open" in text
    assert "Leaked" not in text


@pytest.mark.parametrize("many", [1, 12])
def test_the_pages_of_sources_take_at_most_ten_queries(
    client: Client,
    django_assert_max_num_queries: Any,
    make_quote: Make,
    make_article: Make,
    make_publisher: Make,
    make_occasion: Make,
    many: int,
) -> None:
    publisher, occasion = make_publisher(), make_occasion()
    article = make_article(publisher=publisher, original=make_article(), relation="excerpt")
    for number in range(many):
        make_quote(f"quote {number}", article=article, occasion=occasion)
        other = make_article(f"Other {number}", publisher=publisher)
        make_quote(f"other {number}", article=other, occasion=occasion)
    for address in ("/articles/", article.get_absolute_url(), publisher.get_absolute_url()):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200
