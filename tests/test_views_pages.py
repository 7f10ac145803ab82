"""The front page, the pages about the site, languages, errors, and what machines ask for."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.flatpages.models import FlatPage
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import translation

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

WRONG = {"attribution": "misattributed", "attribution_reason": "Invented later."}


def page(client: Client, address: str, **headers: Any) -> str:
    response = client.get(address, **headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# ---- The front page ----


def test_the_front_page_has_search_latest_quotes_speakers_and_numbers(
    client: Client, make_quote: Make, make_speaker: Make
) -> None:
    make_quote("said long ago", said_on="1776", speaker=make_speaker("Somebody Else"))
    make_quote("said lately", said_on="2025")
    make_quote("said once more", said_on="2024")
    make_quote("not theirs", said_on="2026", **WRONG)
    make_quote("still a draft", said_on="2026", published=False)
    text = page(client, "/")
    assert text.index("said lately") < text.index("said once more") < text.index("said long ago")
    assert text.index('>Jason Kwon</a> <span class="n">2') < text.index(
        '>Somebody Else</a> <span class="n">1'
    )
    assert "not theirs" not in text
    assert "still a draft" not in text
    assert "<b>3</b>quotes" in text
    assert "<b>1776 – 2025</b>" in text
    assert 'action="/quotes/"' in text


def test_the_front_page_of_an_empty_site_works(client: Client) -> None:
    assert "<b>0</b>quotes" in page(client, "/")


def test_short_words_in_the_readers_language_are_featured(client: Client, make_quote: Make) -> None:
    make_quote("나라", citation={"language": "ko"}, said_on="2026")
    make_quote("in English", said_on="2025")
    assert "in English" in page(client, "/").split('id="record"')[1].split("</blockquote>")[0]


def test_an_unlisted_speaker_is_not_among_the_most_quoted(
    client: Client, make_quote: Make, make_speaker: Make
) -> None:
    make_quote(speaker=make_speaker("A Private Person", listed=False))
    assert "A Private Person" not in page(client, "/").split('id="most"')[1]


def test_the_front_page_takes_at_most_ten_queries(
    client: Client, django_assert_max_num_queries: Any, make_quote: Make, make_speaker: Make
) -> None:
    for number in range(12):
        make_quote(f"quote {number}", speaker=make_speaker(f"Speaker {number}"))
    with django_assert_max_num_queries(10):
        assert client.get("/").status_code == 200


# ---- Every page ----

PAGES = ["/", "/quotes/", "/speakers/", "/articles/", "/topics/", "/about/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_has_its_landmarks_and_sets_no_cookie(
    client: Client, make_quote: Make, make_topic: Make, address: str
) -> None:
    make_quote(topics=[make_topic()])
    response = client.get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert len(re.findall("<h1", text)) == 1
    assert [text.count(f"<{each}") for each in ("main", "footer")] == [1, 1]
    assert '<a class="skip" href="#main">' in text
    assert 'href="mailto:desk@example.org?subject=' in text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{address}">' in text
    assert not response.cookies
    assert not response.wsgi_request.session.accessed


def test_a_cache_keeps_the_languages_of_a_page_apart(client: Client, make_quote: Make) -> None:
    make_quote()
    client.cookies["django_language"] = "ko"
    response = client.get("/quotes/")
    assert b'<html lang="ko"' in response.content
    varies = {name.strip() for name in response["Vary"].split(",")}
    assert {"Cookie", "Accept-Language", "HX-Request", "HX-History-Restore-Request"} <= varies


def test_a_page_does_not_grow_with_the_square_of_what_is_asked(client: Client) -> None:
    many = client.get("/quotes/", {"speaker": [f"nobody-{number}" for number in range(900)]})
    assert "Choose at most 20 values." in many.content.decode()
    assert len(many.content) < 200_000


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_has_nothing_inline_and_nothing_from_elsewhere(
    client: Client, make_quote: Make, address: str
) -> None:
    make_quote()
    text = client.get(address).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
    loaded = re.findall(
        r'<(?:script|img|link(?! rel="canonical"))[^>]*?(?:src|href)="([^"]*)"', text
    )
    assert loaded
    assert [each for each in loaded if not each.startswith("/static/")] == []


def test_a_title_is_one_line_and_the_same_in_a_preview(client: Client) -> None:
    text = client.get("/topics/").content.decode()
    assert "<title>Topics · On Record</title>" in text
    assert '<meta property="og:title" content="Topics">' in text


def test_the_menu_says_where_the_reader_is(client: Client, make_quote: Make) -> None:
    assert 'href="/articles/" aria-current="page"' in page(client, "/articles/")
    assert 'href="/quotes/" aria-current="true"' in page(client, make_quote().get_absolute_url())


def test_every_page_answers_only_to_reading(client: Client) -> None:
    known = {
        "pk": 1,
        "slug": "x",
        "topic_slug": "x",
        "code": "en",
        "section": "quotes",
        "url": "about/x/",
    }
    named = [each for each in get_resolver().url_patterns if getattr(each, "name", None)]
    assert len(named) > 15
    for pattern in named:
        asked = {name: known[name] for name in pattern.pattern.regex.groupindex}
        address = reverse(pattern.name, kwargs=asked)
        assert client.post(address).status_code == 405, address


# ---- Pages about the site ----


def test_the_desks_pages_are_shown_and_linked_from_everywhere(client: Client) -> None:
    desk = FlatPage.objects.create(url="/about/people/", title="Who <we> are", content="<p>Us.</p>")
    desk.sites.add(1)
    text = page(client, "/about/people/")
    assert '<h1 lang="en">Who &lt;we&gt; are</h1>' in text
    assert "<p>Us.</p>" in text
    assert '<a href="/about/people/" lang="en">Who &lt;we&gt; are</a>' in page(client, "/topics/")
    assert client.get("/about/nobody/").status_code == 404


# ---- Languages ----


def test_the_choice_of_a_language_is_kept_and_leads_back(client: Client) -> None:
    response = client.get("/language/ko/?next=/quotes/%3Fq%3Da%26b")
    assert (response.status_code, response["Location"]) == (302, "/quotes/?q=a&b")
    assert response.cookies["django_language"].value == "ko"
    assert "no-store" in response["Cache-Control"]
    assert '<html lang="ko"' in page(client, "/")


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "http:///evil.example",
        "quotes",
        "",
        "/\r\nSet-Cookie:a=b",
        "\t//evil.example",
    ],
)
def test_the_choice_of_a_language_never_leads_off_the_site(client: Client, target: str) -> None:
    response = client.get("/language/en/", {"next": target})
    assert response.status_code == 302
    location = response["Location"]
    assert location == "/" or re.fullmatch(r"/(?![/\\])[!-~]*", location)
    assert "evil" not in location


def test_an_unknown_language_is_not_found(client: Client) -> None:
    assert client.get("/language/xx/").status_code == 404


def test_each_language_is_offered_in_its_own_words_for_this_very_page(client: Client) -> None:
    text = page(client, "/articles/?page=1")
    assert 'href="/language/ko/?next=%2Farticles%2F%3Fpage%3D1" lang="ko"' in text
    assert ">한국어</a>" in text


# ---- Errors ----


def test_what_is_not_there_is_said_in_the_sites_own_looks(client: Client) -> None:
    response = client.get("/nothing/here/")
    text = response.content.decode()
    assert response.status_code == 404
    assert "Nothing is recorded at this address." in text
    assert 'class="masthead"' in text
    assert 'content="noindex"' in text
    assert "canonical" not in text


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (PermissionDenied("no"), 403, "This page is not open to you."),
        (SuspiciousOperation("odd"), 400, "The server could not read this request."),
        (RuntimeError("broken"), 500, "Something went wrong here."),
    ],
)
def test_a_failure_is_said_in_the_sites_own_looks(error: Exception, status: int, says: str) -> None:
    careless = Client(raise_request_exception=False)
    with patch("tracker.views.pages._numbers", side_effect=error):
        response = careless.get("/")
    assert response.status_code == status
    assert says in response.content.decode()
    assert "On Record" in response.content.decode()


def test_the_page_for_our_own_failures_needs_no_request_and_no_database(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0), translation.override("ko"):
        assert '<html lang="ko"' in render_to_string("500.html")


def test_a_refused_form_says_that_nothing_was_changed() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "The form was not accepted." in response.content.decode()


@override_settings(ALLOWED_HOSTS=["quotes.example.org"])
def test_a_request_for_another_host_gets_a_readable_answer() -> None:
    careless = Client(raise_request_exception=False)
    response = careless.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "The server could not read this request." in response.content.decode()


# ---- For machines ----


def test_a_healthy_site_says_so_and_is_asked_again_each_time(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "cache": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("tracker.views.health.connection", "database"),
        ("tracker.views.health.MigrationExecutor", "migrations"),
        ("tracker.views.health.cache", "cache"),
    ],
)
def test_what_is_down_is_named_without_any_detail(client: Client, broken: str, name: str) -> None:
    failure = DatabaseError("password=hunter2 at 10.0.0.1")
    with patch(broken) as part:
        part.side_effect = part.cursor.side_effect = part.set.side_effect = failure
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()[name] == "down"
    assert b"hunter2" not in response.content


def test_missing_migrations_are_a_failure(client: Client) -> None:
    with patch("tracker.views.health.MigrationExecutor") as executor:
        executor.return_value.migration_plan.return_value = [("tracker", "0002")]
        response = client.get("/healthz")
    assert (response.status_code, response.json()["migrations"]) == (503, "missing")


def test_robots_may_read_all_but_the_desk(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    assert "Disallow: /" not in lines
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines


def test_the_site_map_lists_what_may_be_found_and_nothing_else(
    client: Client, make_quote: Make, make_speaker: Make, make_topic: Make, make_occasion: Make
) -> None:
    shown = make_quote("shown", topics=[make_topic()], occasion=make_occasion())
    draft = make_quote("draft", published=False)
    hidden = make_quote("hidden", speaker=make_speaker("A Private Person", listed=False))
    index = page(client, "/sitemap.xml")
    parts = re.findall("<loc>(.*?)</loc>", index)
    assert all(part.startswith("http://127.0.0.1:8000/sitemap-") for part in parts)
    found = "".join(page(client, part.removeprefix("http://127.0.0.1:8000")) for part in parts)
    wanted = [shown, shown.speaker, shown.topics.get(), shown.occasion, shown.lead.article]
    for record in wanted:
        assert f"<loc>http://127.0.0.1:8000{record.get_absolute_url()}</loc>" in found
    assert "/about/" in found
    for record in (draft, hidden, hidden.speaker):
        assert record.get_absolute_url() not in found


def test_a_section_that_the_site_map_does_not_have_is_not_found(client: Client) -> None:
    assert client.get("/sitemap-users.xml").status_code == 404
    assert client.get("/sitemap-quotes.xml?p=2").status_code == 404


# ---- How pages travel ----


def test_another_method_is_refused_without_asking_for_a_token(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    for method in (strict.post, strict.put, strict.patch, strict.delete):
        assert method("/quotes/").status_code == 405


def test_a_page_is_sent_compressed_to_who_takes_it(client: Client) -> None:
    answer = client.get("/quotes/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert "Content-Encoding" not in client.get("/quotes/")
