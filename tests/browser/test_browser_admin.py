"""An editor at the desk: a quote is entered, published, found by a reader, and taken back; no page breaks the policy."""

import re
from types import SimpleNamespace

import pytest
from choosing import choice, choose
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from tracker.importing import keep_declared
from tracker.models import Article, Quote
from tracker.reading import ClaimReview

WORDS = "한국은 반도체부터 소프트웨어까지 AI 전 영역을 아우르는 풀스택 생태계를 갖추고 있다"


def add_another(page: Page, field: str, **values: str) -> None:
    """Fill in a new record in the window that the plus sign beside a field opens, and save it."""
    with page.expect_popup() as opened:
        page.locator(f"#add_{field}").click()
    window = opened.value
    for name, value in values.items():
        window.locator(f"[name={name}]").fill(value)
    with window.expect_event("close"):
        window.get_by_role("button", name="Save", exact=True).click()


def readers_list(page: Page) -> Locator:
    page.goto("/quotes/")
    return page.locator(".entries .entry")


def test_an_editor_logs_in_and_out(page: Page, db: None) -> None:
    get_user_model().objects.create_superuser("anna", password="a long pass phrase")
    page.goto("/admin/")
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Please enter the correct username and password")).to_be_visible()
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The editors' desk")
    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/tracker/quote/")
    expect(page).to_have_url(re.compile("/admin/login/"))


def test_a_quote_with_a_new_speaker_and_a_new_article_is_entered_from_one_page(
    desk: Page,
) -> None:
    desk.goto("/admin/")
    desk.locator(".model-quote .addlink").click()
    add_another(desk, "id_speaker", name="Jason Kwon")
    expect(choice(desk, "id_speaker")).to_contain_text("Jason Kwon")
    desk.get_by_label("Said on:").fill("2025-05-26")
    add_another(
        desk,
        "id_citations-0-article",
        headline="OpenAI 서울 사무소",
        url_as_typed="https://www.yna.co.kr/view/1?utm_source=rss",
        published_on="2025-05-26",
    )
    expect(choice(desk, "id_citations-0-article")).to_contain_text("OpenAI 서울 사무소")
    desk.locator("#id_citations-0-text").fill(WORDS)
    desk.locator("#id_citations-0-language").fill("ko")
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("was added successfully")
    expect(desk.locator(".field-status .readonly")).to_have_text("Draft")
    expect(desk.locator("#id_lead option:checked")).to_contain_text("한국은")
    change = desk.url
    expect(readers_list(desk)).to_have_count(0)

    desk.goto(change)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".messagelist")).to_contain_text("published")
    expect(readers_list(desk)).to_contain_text([WORDS])
    desk.locator(".entry blockquote a").click()
    expect(desk.locator("h1")).to_contain_text("Jason Kwon")
    source = desk.get_by_role("link", name="OpenAI 서울 사무소")
    expect(source.first).to_have_attribute("href", re.compile("/articles/"))
    expect(desk.locator("a[href='https://www.yna.co.kr/view/1']").first).to_be_visible()


def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    desk: Page, record: SimpleNamespace
) -> None:
    desk.goto("/admin/tracker/quote/add/")
    choose(desk, "id_speaker", "Kwon", "Jason Kwon")
    desk.get_by_label("Said on:").fill("last Monday")
    desk.locator("#id_citations-0-text").fill(WORDS)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".field-said_on .errorlist")).to_contain_text("Write for example 2025-05")
    expect(desk.get_by_label("Said on:")).to_have_value("last Monday")
    expect(desk.locator("#id_citations-0-text")).to_have_value(WORDS)
    expect(choice(desk, "id_speaker")).to_contain_text("Jason Kwon")


def test_a_position_is_offered_among_the_speakers_own(desk: Page, record: SimpleNamespace) -> None:
    desk.goto("/admin/tracker/quote/add/")
    choose(desk, "id_speaker", "John", "John Adams")
    choice(desk, "id_position").click()
    expect(desk.locator(".select2-results__message")).to_have_text("No results found")
    desk.keyboard.press("Escape")
    choose(desk, "id_speaker", "제이슨", "Jason Kwon")  # by an alias, too
    choose(desk, "id_position", "Chief", "Chief Strategy Officer")
    choose(desk, "id_speaker", "John", "John Adams")
    expect(choice(desk, "id_position")).not_to_contain_text("Chief Strategy Officer")


def test_quotes_are_published_and_held_from_their_list(desk: Page, record: SimpleNamespace) -> None:
    shown = Quote.objects.published().theirs().count()
    record.destiny.hold(by=None)
    for action, told, count in (("publish", "published", shown), ("hold", "held", shown - 1)):
        desk.goto("/admin/tracker/quote/")
        row = desk.locator("#result_list tr", has_text="infrastructure is destiny")
        row.locator(".action-select").check()
        desk.get_by_label("Action:").select_option(action)
        desk.locator("#changelist-form button[name=index]").click()
        expect(desk.locator(".messagelist")).to_contain_text(told)
        expect(readers_list(desk)).to_have_count(count)


def test_a_withdrawal_asks_for_its_category_and_reason_first(
    desk: Page, record: SimpleNamespace
) -> None:
    desk.goto(f"/admin/tracker/quote/{record.destiny.pk}/change/")
    desk.get_by_role("link", name="Withdraw …").click()
    desk.get_by_role("button", name="Withdraw").click()
    expect(desk.locator(".errorlist").first).to_be_visible()
    desk.locator("[name=category]").select_option("our error")
    desk.locator("[name=reason]").fill("The page does not give these words.")
    desk.get_by_role("button", name="Withdraw").click()
    expect(desk.locator(".field-status .readonly")).to_have_text("Withdrawn")
    answer = desk.goto(record.destiny.get_absolute_url())
    assert answer is not None
    assert answer.status == 410
    expect(desk.locator("main")).to_contain_text("Our error")
    expect(desk.locator("main")).not_to_contain_text("destiny")


def test_the_next_quote_of_an_article_keeps_what_it_shares(
    desk: Page, record: SimpleNamespace
) -> None:
    desk.goto(f"/admin/tracker/quote/{record.destiny.pk}/change/")
    desk.get_by_role("button", name="Save and add another").click()
    expect(choice(desk, "id_speaker")).to_contain_text("Jason Kwon")
    expect(choice(desk, "id_citations-0-article")).to_contain_text("infrastructure is destiny")
    expect(desk.get_by_label("Said on:")).to_have_value("2025-05-26")
    expect(desk.locator("#id_citations-0-text")).to_have_value("")


DESK_PAGES = (
    *("", "password_change/", "auth/user/", "auth/user/add/", "sites/site/1/change/"),
    *("flatpages/flatpage/", "flatpages/flatpage/add/"),
    *("tracker/quote/", "tracker/quote/?q=Kwon&status__exact=published&said_earliest__year=2025"),
    *("tracker/quote/add/", "tracker/quote/{quote}/change/", "tracker/quote/{quote}/history/"),
    *("tracker/quote/{draft}/delete/", "tracker/quote/{quote}/withdraw/"),
    *("tracker/speaker/", "tracker/speaker/add/", "tracker/speaker/{speaker}/change/"),
    *("tracker/speaker/{speaker}/history/", "tracker/speaker/{speaker}/delete/"),
    *("tracker/article/", "tracker/article/add/", "tracker/article/{article}/change/"),
    *("tracker/article/{article}/history/", "tracker/article/{article}/delete/"),
    *("tracker/occasion/", "tracker/occasion/{occasion}/change/", "tracker/position/"),
    *("tracker/position/add/", "tracker/publisher/", "tracker/publisher/{publisher}/change/"),
    *("tracker/topic/", "tracker/topic/{topic}/change/", "tracker/topic/{topic}/delete/"),
)


def test_every_page_of_the_desk_keeps_to_the_content_security_policy(
    desk: Page, record: SimpleNamespace, editor: User
) -> None:
    draft = Quote.objects.create(speaker=record.kwon)
    records = {
        "quote": record.both.pk,
        "draft": draft.pk,
        "speaker": record.kwon.pk,
        "article": record.aimatters.pk,
        "occasion": record.seoul.pk,
        "publisher": record.zdnet.pk,
        "topic": record.infrastructure.pk,
    }
    for path in DESK_PAGES:
        answer = desk.goto(f"/admin/{path.format(**records)}")
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        expect(desk.locator("#content h1, #content-main").first).to_be_visible()
    # What breaks it is told by the watch that every test is under: see conftest.
    # A version of a quote has the history's number for its address, so it is reached by its link.
    desk.goto(f"/admin/tracker/quote/{record.both.pk}/history/")
    desk.locator("#change-history th a").first.click()
    expect(desk.locator(".desk-history")).to_contain_text("Jason Kwon")


@pytest.mark.parametrize("width", [360, 1280])
def test_claim_reviews_that_a_page_declares_fit_the_screen_whatever_their_length(
    desk: Page, record: SimpleNamespace, width: int
) -> None:
    Article.objects.filter(pk=record.aimatters.pk).update(publisher=None)
    record.aimatters.refresh_from_db()
    long = f"https://news.example.org/2025/{'an-address-' * 12}"
    words = "The office has " + "many more rooms than any other one and " * 4
    keep_declared(record.aimatters, [ClaimReview(claim=words, appearances=(long, long))])
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"/admin/tracker/article/{record.aimatters.pk}/claim-reviews/")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    label = desk.locator(".radiolist label").bounding_box() or {}
    assert label["width"] > width / 2
    field = desk.get_by_label("Publisher of this page").bounding_box() or {}
    told = desk.get_by_text("It has none on record").bounding_box() or {}
    padding = desk.get_by_text("It has none on record").evaluate(
        "(help) => parseFloat(getComputedStyle(help).paddingInlineStart)"
    )
    assert told["y"] >= field["y"] + field["height"]
    assert abs(told["x"] + padding - field["x"]) <= 1
    button = desk.get_by_role("button", name="Record it").bounding_box() or {}
    assert button["height"] >= 30
