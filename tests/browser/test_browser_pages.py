"""Every page that readers see, in a browser: open to everybody, whatever they look at it with."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from claiming import a_claim, a_review, the_verdicts
from claims_on_record import SIDE_BY_SIDE, over_time, reviewed_claim
from django.apps import apps
from django.db import connection
from playwright.sync_api import Page, expect

from tracker import search
from tracker.models import Capture

# Gone with the first test that empties the database, and needed by every page's foot.
ABOUT = import_module("tracker.migrations.0002_desk_pages")

# Any two of language, colours and width meet in one of these.
LOOKS = (("en", "light", 1280), ("en", "dark", 360), ("ko", "dark", 1280), ("ko", "light", 360))


def altered(record: SimpleNamespace) -> str:
    """The page of a quote of which the newest copy of the source has other words."""
    quote = record.born_free
    text = f"The declaration says: “{quote.text}” Much else is in it."
    for day, words in ((1, text), (2, text.replace("born", "made"))):
        copy = Capture.objects.create(
            article=quote.lead.article, text=words, method="fetched", headline=f"Day {day}",
            taken_at=datetime(2025, 5, day, tzinfo=UTC), archive_url="https://archive.example/1",
        )  # fmt: skip
        quote.lead.check_against(copy, by=None)
    quote.lead.confirm_check(by=None)
    address: str = quote.get_absolute_url()
    return address


def corrected(record: SimpleNamespace, address: str) -> str:
    """This page, when a claim of the quote and the quote were corrected."""
    reviewed_claim(record)
    return address


PAGES: dict[str, Callable[[SimpleNamespace], str]] = {
    "home": lambda _: "/",
    "home, with findings": lambda record: corrected(record, "/"),
    "quotes": lambda _: "/quotes/",
    "quotes, filtered": lambda _: "/quotes/?speaker=jason-kwon&said_from=2025&order=oldest",
    "quotes, wrongly attributed": lambda _: "/quotes/?attribution=misattributed",
    "quotes, none": lambda _: "/quotes/?speaker=jason-kwon&said_to=1900",
    "quotes, unknown filter": lambda _: "/quotes/?speaker=nobody&said_from=soon&q=word",
    "quotes, several of a name": lambda _: "/quotes/?speaker=Adams",
    "quote, in translation": lambda record: record.destiny.get_absolute_url(),
    "quote, in two languages": lambda record: record.both.get_absolute_url(),
    "quote, in two directions": lambda record: record.born_free.get_absolute_url(),
    "quote, altered": altered,
    "quote, reported": lambda record: record.indirect.get_absolute_url(),
    "quote, misattributed": lambda record: record.cake.get_absolute_url(),
    "quote, unnamed speaker": lambda record: record.unnamed.get_absolute_url(),
    "quote, joint": lambda record: record.joint.get_absolute_url(),
    "quote, private source": lambda record: record.private.get_absolute_url(),
    "quote, withdrawn": lambda record: f"/quotes/{record.withdrawn.pk}/",
    "quote, corrected": lambda record: corrected(record, record.destiny.get_absolute_url()),
    "quotes, side by side": lambda _: SIDE_BY_SIDE,
    "claims": lambda record: corrected(record, "/claims/"),
    "claims, filtered": lambda record: corrected(record, "/claims/?verdict=kept&order=oldest"),
    "claims, none": lambda record: corrected(record, "/claims/?recorded_to=1900"),
    "claims, unknown filter": lambda _: "/claims/?verdict=perhaps&recorded_from=soon",
    "claim": lambda record: reviewed_claim(record).get_absolute_url(),
    "claim, not reviewed": lambda record: a_claim(record.unnamed).get_absolute_url(),
    "corrections": lambda record: corrected(record, "/corrections/"),
    "speakers": lambda _: "/speakers/",
    "speakers, none": lambda _: "/speakers/?q=nobody",
    "speaker": lambda record: record.kwon.get_absolute_url(),
    "speaker, in Wikidata": lambda record: record.roosevelt.get_absolute_url(),
    "speaker, wrongly quoted": lambda record: record.antoinette.get_absolute_url(),
    "speaker, over time": over_time,
    "speaker, with claims": lambda record: corrected(record, record.kwon.get_absolute_url()),
    "organisation": lambda record: record.openai.get_absolute_url(),
    "articles": lambda _: "/articles/",
    "article": lambda record: record.aimatters.get_absolute_url(),
    "article, no address": lambda record: record.unaddressed.get_absolute_url(),
    "publisher": lambda record: record.zdnet.get_absolute_url(),
    "occasion": lambda record: record.seoul.get_absolute_url(),
    "topics": lambda _: "/topics/",
    "topic": lambda record: record.infrastructure.get_absolute_url(),
    "topic, a person": lambda _: "/topics/winston-churchill/",
    "check": lambda _: "/check/",
    "check, in other words": lambda _: "/check/?words=infrastructure+is+fate&speaker=Jason+Kwon",
    "check, wrongly attributed": lambda _: "/check/?words=let+them+eat+cake&speaker=nobody",
    "check, not found": lambda _: "/check/?words=nobody+said+such+a+thing&speaker=Adams",
    "check, no words": lambda _: "/check/?words=!",
    "about": lambda _: "/about/",
    "about, method": lambda _: "/about/method/",
    "no such page": lambda _: "/quotes/987654321/",
}
EMPTY_SITE = (
    *("/", "/quotes/", "/speakers/", "/articles/", "/topics/", "/check/"),
    *("/claims/", "/corrections/"),
)
STATUS = {"quote, withdrawn": 410, "no such page": 404}


@pytest.fixture(autouse=True)
def _about_pages(transactional_db: None) -> None:
    ABOUT.add_pages(apps, connection.schema_editor())


def read_in(page: Page, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", language)


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong, each with the first element that shows it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]} "
        f"{each['nodes'][0].get('failureSummary', '')}"
        for each in found
    ]


def in_every_look(page: Page) -> list[str]:
    """The barriers that the page at this address has in any of the looks."""
    found: dict[str, str] = {}
    for language, colours, width in LOOKS:
        if page.locator("html").get_attribute("lang") != language:
            read_in(page, language)
        # No transitions: a colour on its way from light to dark is no colour of ours.
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        found |= dict.fromkeys(barriers(page), f"{language}, {colours}, {width}")
    return [f"{look}: {barrier}" for barrier, look in found.items()]


@pytest.fixture
def opened(page: Page, record: SimpleNamespace, kind: str) -> Page:
    """A page of this kind, which was found there (or, for some kinds, was not)."""
    response = page.goto(PAGES[kind](record))
    assert response is not None
    assert response.status == STATUS.get(kind, 200)
    return page


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_open_to_everybody_in_every_look(opened: Page, kind: str) -> None:
    assert in_every_look(opened) == []
    # Wide things scroll in their own box: nobody has to move the whole page to read a line.
    for language in ("ko", "en"):
        read_in(opened, language)
        opened.set_viewport_size({"width": 320, "height": 640})
        assert opened.evaluate("document.documentElement.scrollWidth") == 320
    for landmark in ("banner", "main", "contentinfo"):
        expect(opened.get_by_role(landmark)).to_have_count(1)
    assert opened.get_by_role("navigation").count() > 0
    expect(opened.locator("h1")).to_have_count(1)
    assert opened.locator("blockquote").evaluate_all(
        "all => all.filter(q => !q.lang || !['ltr', 'rtl'].includes(q.dir)).map(q => q.outerHTML)"
    ) == []  # fmt: skip
    opened.emulate_media(forced_colors="active", reduced_motion="reduce")
    expect(opened.locator("h1")).to_be_visible()


@pytest.mark.parametrize("path", EMPTY_SITE)
def test_a_site_with_nothing_on_record_is_open_to_everybody(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)
    assert in_every_look(page) == []


def test_words_carry_their_language_and_direction(page: Page, record: SimpleNamespace) -> None:
    page.goto(record.born_free.get_absolute_url())
    words = page.locator("main figure blockquote")
    shown = words.evaluate_all(
        "all => all.map(q => [q.lang, q.dir, getComputedStyle(q).direction])"
    )
    assert sorted(shown) == [["ar", "rtl", "rtl"], ["en", "ltr", "ltr"]]


def test_only_words_in_quotation_marks_wear_them(page: Page, record: SimpleNamespace) -> None:
    mark = "q => getComputedStyle(q.querySelector('p'), '::before').content"
    page.goto(record.destiny.get_absolute_url())
    assert page.locator("main blockquote").first.evaluate(mark) == "open-quote"
    page.goto(record.indirect.get_absolute_url())
    assert page.locator("main blockquote").first.evaluate(mark) == "none"


def test_dark_is_dark_and_light_is_light(page: Page, record: SimpleNamespace) -> None:
    page.goto("/quotes/")
    lightness = {}
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        paper = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        lightness[colours] = sum(map(int, paper.removeprefix("rgb(").rstrip(")").split(",")))
    assert lightness["light"] > 600
    assert lightness["dark"] < 150


def test_a_page_in_print_keeps_the_words_and_drops_the_controls(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto(record.destiny.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator("main blockquote").first).to_be_visible()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("contentinfo")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_word_that_is_wider_than_the_screen_breaks(
    page: Page, record: SimpleNamespace, width: int
) -> None:
    long = "w" * 200
    the_verdicts()
    claim = a_claim(record.destiny, text=long, topics=(record.infrastructure,))
    a_review(claim, summary=long, evidence=[{"article": record.aimatters, "note": long}])
    for each, field in (
        (record.destiny.lead, "text"), (record.kwon, "name"), (record.infrastructure, "name"),
        (record.aimatters, "headline"), (record.zdnet, "name"), (record.seoul, "place"),
    ):  # fmt: skip
        setattr(each, field, f"{long} {getattr(each, field)}"[:200])
        each.save()
    search.catch_up()
    page.set_viewport_size({"width": width, "height": 640})
    pages = (
        *(each.get_absolute_url() for each in (claim, record.destiny, record.kwon)),
        *(each.get_absolute_url() for each in (record.infrastructure, record.aimatters)),
        *(each.get_absolute_url() for each in (record.zdnet, record.seoul)),
        *("/", "/claims/", "/quotes/", "/corrections/"),
    )
    for address in pages:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_reader_of_another_language_stays_on_the_page(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/?speaker=jason-kwon")
    page.get_by_role("link", name="한국어", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page).to_have_url("/quotes/?speaker=jason-kwon")
    expect(page.locator("main blockquote", has_text="infrastructure is destiny")).to_be_visible()


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("document.body.setAttribute('style', 'color: red')", "style-src-attr inline"),
        ("fetch('https://example.org/').catch(() => {})", "connect-src https://example.org/"),
        ("fetch('/no-such-page/')", "404 of "),
        ("setTimeout(() => { throw new Error('at work') })", "at work"),
    ],
)
def test_the_watch_on_every_page_hears_what_it_must(
    page: Page, complaints: list[str], deed: str, told: str
) -> None:
    page.goto("/")
    page.evaluate(f"() => {{ {deed} }}")
    page.wait_for_timeout(300)
    assert [complaint for complaint in complaints if told in complaint] != []
    complaints.clear()
