"""The page /claims/: what it lists, how it is filtered, and that nothing hidden is on it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from claiming import a_claim, a_review
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import Claim, VerdictName

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

MOST = 8  # queries of the list


@pytest.fixture(autouse=True)
def _a_day() -> Iterator[None]:
    with time_machine.travel("2026-06-01T12:00Z", tick=False):
        yield


@pytest.fixture
def _kept(settings: LazySettings) -> None:
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "claims"}
    settings.CACHES = {**settings.CACHES, "pages": kept}
    caches["pages"].clear()


def page(query: str = "", **headers: str) -> str:
    response = Client().get(f"/claims/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def text(query: str = "") -> str:
    """What stands on the page, without tags and with single spaces."""
    main = page(query).partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def promise(make_quote: Make, make_topic: Make) -> Claim:
    """In the works, due by March 2026, with a topic; made in May 2025."""
    quote = make_quote("We will open an office.", said_on="2025-05-26")
    made = a_claim(quote, text="An office opens in Seoul", due="2026-03", topics=(make_topic(),))
    a_review(made, "in-the-works")
    return made


def test_a_row_says_what_who_when_and_what_was_found(
    promise: Claim, make_publisher: Make, make_article: Make
) -> None:
    outlet = make_publisher("The Outlet")
    source = {"publisher": outlet, "article": make_article("Checked", publisher=outlet)}
    a_review(promise, "", rating_there="Not yet", **source)
    row = page().partition('<article class="entry claim">')[2].partition("</article>")[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert words == (
        "Earliest on record here: 26 May 2025 An office opens in Seoul Jason Kwon "
        "In the works · Our editors “Not yet” · The Outlet "
        "Promise · due March 2026 · 1 quote … Past its day, no final verdict yet"
    )
    assert f'href="/claims/{promise.pk}/an-office-opens-in-seoul/"' in row
    assert 'href="/speakers/jason-kwon/"' in row
    assert 'class="ball promise q2" aria-hidden="true"' in row


def test_a_review_with_a_summary_alone_is_told_as_one_without_a_verdict(make_quote: Make) -> None:
    made = a_claim(
        make_quote("We registered.", said_on="2025-05-26"),
        text="A company is registered",
        kind="factual",
    )
    a_review(made, "")
    assert "Jason Kwon Reviewed, no verdict · Our editors Factual" in text()


def test_the_page_says_that_claims_are_selected(promise: Claim) -> None:
    assert "Claims are selected by the desk" in text()
    assert "says nothing about honesty" in text()


def test_an_unknown_verdict_lists_nothing_and_says_so(promise: Claim) -> None:
    for query in ("?verdict=perhaps", "?verdict=in-the-works&verdict=perhaps"):
        found = text(query)
        assert "An office opens in Seoul" not in found
        assert "There is no verdict “perhaps”." in found
        assert "Nothing is listed, since a filter is not understood." in found
        assert "perhaps (not understood)" in found


def test_a_review_without_a_verdict_says_so_in_the_list(make_quote: Make) -> None:
    a_review(a_claim(make_quote(), text="Korea is large", kind="factual"), "")
    assert "Reviewed, no verdict · Our editors" in text()


def test_a_speaker_asked_of_the_claims_is_who_said_it(promise: Claim, make_speaker: Make) -> None:
    a_claim(promise.claim_quotes.get().quote, text="Another of his")
    assert text("?speaker=jason-kwon") == text("?claimant=jason-kwon")
    assert "Who said it: Jason Kwon" in text("?speaker=jason-kwon")
    for query in ("?speaker=nobody", "?claimant=nobody", "?speaker=nobody&claimant=jason-kwon"):
        found = text(query)
        assert "No claim here is by “nobody”." in found
        assert "Nothing is listed, since a filter is not understood." in found
        assert "An office opens in Seoul" not in found


def test_a_claimant_asked_of_the_quotes_is_their_speaker(promise: Claim) -> None:
    known = Client().get("/quotes/?claimant=jason-kwon").content.decode()
    assert "We will open an office." in known
    assert "Speaker: Jason Kwon" in known
    unknown = Client().get("/quotes/?claimant=nobody").content.decode()
    assert "There is no speaker “nobody”." in unknown
    assert "We will open an office." not in unknown


def test_an_empty_list_says_what_could_be_asked_instead(promise: Claim) -> None:
    found = text("?verdict=kept")
    assert "No claims match these filters." in found
    assert "Without the filter “Verdict” 1 claim" in found
    assert "Did you mean office ? 1 claim" in text("?q=ofice")


def test_a_verdict_is_said_in_the_readers_language(promise: Claim) -> None:
    name = VerdictName.objects.get(verdict__slug="in-the-works", language="ko")
    client = Client()
    client.cookies["django_language"] = "ko"
    for query in ("", "?verdict=in-the-works"):
        korean = client.get(f"/claims/{query}", headers={"Accept-Language": "ko"}).content.decode()
        assert name.name in korean
        assert "In the works" not in korean


def test_the_numbers_of_the_filters_lead_to_as_many_rows(promise: Claim, make_quote: Make) -> None:
    a_claim(make_quote(said_on="2024"), text="Something factual", kind="factual")
    ticks = re.findall(
        r'name="(\w+)" value="([^"]+)">\s*<span>[^<]+</span> <span class="n">(\d+)', page()
    )
    assert {name for name, _value, _n in ticks} >= {
        "claimant", "kind", "verdict", "status", "overdue", "reviewer", "topic",
    }  # fmt: skip
    for name, value, number in ticks:
        assert page(f"?{name}={value}").count('class="entry claim"') == int(number), (name, value)


def test_the_bars_of_the_years_list_what_they_count(promise: Claim, make_quote: Make) -> None:
    for said in ("2023-04", "2023", "2024/2025"):
        a_claim(make_quote(said_on=said), text=f"Of {said}")
    bars = re.findall(r'href="([^"]+dates=must)"><span aria-hidden="true">(\d+)', page())
    assert [number for _url, number in bars] == ["2", "1"]
    for url, number in bars:
        assert page(url.partition("/claims/")[2].replace("&amp;", "&")).count(
            'class="entry claim"'
        ) == int(number)
    assert "1 claim is in no bar" in text()


def test_a_promise_is_overdue_on_the_day_after_and_not_before(promise: Claim) -> None:
    with time_machine.travel("2026-03-31T12:00Z", tick=False):
        assert "Past its day" not in text()
        assert "No claims match these filters." in text("?overdue=1")
    with time_machine.travel("2026-04-01T12:00Z", tick=False):
        assert "… Past its day, no final verdict yet" in text()
        assert "Past its day, no final verdict yet 1 claim" in text()
        assert "An office opens in Seoul" in text("?overdue=1")


@pytest.mark.usefixtures("_kept")
def test_a_kept_page_does_not_outlive_the_day_that_it_was_made_on(
    promise: Claim, django_assert_num_queries: Any
) -> None:
    search.catch_up()
    with time_machine.travel("2026-03-31T23:59:30Z", tick=False):
        assert "Past its day" not in text()
        with django_assert_num_queries(1):
            text()
    with time_machine.travel("2026-04-01T00:00:30Z", tick=False):
        assert "Past its day" in text()


@pytest.mark.usefixtures("_kept")
def test_what_changes_is_on_the_kept_page_at_once(promise: Claim) -> None:
    search.catch_up()
    assert "In the works" in text()
    verdict = promise.reviews.get().verdict
    assert verdict is not None
    verdict.names.create(language="en", name="Moving")
    search.catch_up()
    assert "Moving" in text()
    promise.hold(by=None)
    assert "An office" not in text()


@pytest.mark.parametrize("of", ["claim", "quote", "review"])
def test_what_is_hidden_is_on_no_list_and_in_no_number(promise: Claim, of: str) -> None:
    hidden = {
        "claim": promise,
        "quote": promise.claim_quotes.get().quote,
        "review": promise.reviews.get(),
    }[of]
    hidden.hold(by=None)
    found = page()
    if of == "review":
        assert "In the works" not in found
        assert "Not reviewed yet" in found
    else:
        assert "No claims yet." in found
        assert 'type="checkbox"' not in found
        assert Client().get(promise.get_absolute_url()).status_code == 404
        for query in ("?q=office", f"?after={promise.pk}", "?order=due", "?overdue=1"):
            assert "An office" not in page(query)


def test_draft_claims_quotes_and_reviews_are_nowhere(
    promise: Claim, make_quote: Make, make_speaker: Make
) -> None:
    before = page()
    draft = make_quote("secret", speaker=make_speaker("Secret Person"), published=False)
    promise.claim_quotes.create(quote=draft, role="repeats")
    a_claim(draft, text="A secret claim", published=False)
    kept = a_review(promise, "kept", published=False, summary="Secretly kept.")
    assert kept.supersedes is None
    search.catch_up()
    assert page() == before
    for query in ("?q=secret", "?verdict=kept"):
        assert "No claims match these filters." in page(query)


def test_htmx_gets_the_list_alone_with_its_address(promise: Claim) -> None:
    response = Client().get("/claims/?kind=promise&q=", headers={"HX-Request": "true"})
    body = response.content.decode()
    assert response["HX-Push-Url"] == "/claims/?kind=promise"
    assert "<html" not in body
    assert 'id="asked"' in body
    assert Client().get("/claims/?kind=promise&q=")["Location"] == "/claims/?kind=promise"


def test_the_form_has_a_way_without_scripts_and_names_its_fields(promise: Claim) -> None:
    found = page("?recorded_from=2025&q=office")
    assert '<form action="/claims/"' in found
    assert 'aria-label="Filter the claims"' in found
    assert re.search(r'id="recorded_from"\s+name="recorded_from"\s+value="2025"', found)
    assert re.search(r'id="who"\s+name="claimant"', found)
    assert "<mark>office</mark>" in found


def test_a_text_that_would_be_markup_stays_text(make_quote: Make) -> None:
    a_claim(make_quote(), text="<script>alert(1)</script> & more")
    assert "<script>alert" not in page()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page()


def test_the_navigation_leads_to_the_claims(promise: Claim) -> None:
    assert '<a href="/claims/">Claims</a>' in Client().get("/").content.decode()
    assert '<a href="/claims/" aria-current="page">Claims</a>' in page()
    assert Client().get(promise.get_absolute_url()).status_code == 200


def test_a_list_takes_at_most_eight_queries_however_many_claims(
    make_quote: Make, make_topic: Make
) -> None:
    topic = make_topic("Roads")

    def asked() -> dict[str, int]:
        last = Claim.objects.latest("pk").pk
        everything = (
            "?q=kwon&claimant=jason-kwon&kind=factual&verdict=true&status=final&reviewer=ours"
            "&topic=roads&recorded_from=2000&recorded_to=2100"
        )
        counted = {}
        for query in (
            "",
            everything,
            f"{everything}&order=best&before={last}",
            f"?after={last}",
            "?order=due",
            "?q=number",
            "?q=number&order=best",
            "?overdue=1",
            "?verdict=perhaps&topic=nothing",
        ):
            caches["default"].clear()
            with CaptureQueriesContext(connection) as queries:
                page(query)
            counted[query.replace(str(last), "…")] = len(queries)
        return counted

    def grow(number: int) -> None:
        for n in range(number):
            quote = make_quote(f"number {n}", said_on=f"{2000 + n % 20}")
            a_review(
                a_claim(quote, text=f"Claim number {n}", kind="factual", topics=(topic,)), "true"
            )
        search.catch_up()

    grow(3)
    Client().get("/about/")
    few = asked()
    grow(9)
    many = asked()
    assert few == many
    assert max(many.values()) <= MOST, many
