"""A reader narrows the list of quotes: with scripts it changes in place, without them it says the same."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tracker.models import Quote

NO_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)
ALL = 10  # quotes of the record that are listed when nothing is asked
PHONE = {"width": 360, "height": 740}

with_and_without_scripts = pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=NO_SCRIPTS)]
)


def tick(page: Page, label: str) -> Locator:
    return page.get_by_role("checkbox", name=label)


def speaker(page: Page, name: str) -> Locator:
    """The tick of a speaker, whose name may be an organisation's too."""
    return page.get_by_role("group", name="Speaker").get_by_role("checkbox", name=name)


def status(page: Page) -> Locator:
    return page.locator("main").get_by_role("status")


def chip(page: Page, label: str) -> Locator:
    return page.get_by_role("list", name="Filters in use").get_by_role("link", name=label)


def listed(page: Page) -> Locator:
    """The speakers of the quotes in the list, one a quote."""
    return page.locator(".entries .entry .by")


def ask_for(page: Page, name: str) -> None:
    """Type a name into the plain field for speakers, and send it."""
    field = page.get_by_label("Another speaker: name or alias")
    field.fill(name)
    field.press("Enter")


@pytest.fixture
def quotes(page: Page, record: SimpleNamespace) -> Page:
    """The list of quotes, as one comes to it."""
    page.goto("/quotes/")
    expect(listed(page)).to_have_count(ALL)
    return page


def test_ticking_a_speaker_changes_the_list_in_place(quotes: Page) -> None:
    quotes.evaluate("window.mark = 'still here'")
    tick(quotes, "Jason Kwon").check()
    expect(status(quotes)).to_have_text("4 quotes match these filters, newest first.")
    expect(listed(quotes)).to_contain_text(["Jason Kwon"] * 4)
    expect(quotes).to_have_url("/quotes/?speaker=jason-kwon")
    expect(tick(quotes, "Jason Kwon")).to_be_checked()
    expect(tick(quotes, "Jason Kwon")).to_be_focused()
    expect(chip(quotes, "Speaker: Jason Kwon")).to_be_visible()
    assert quotes.evaluate("window.mark") == "still here"


def test_the_box_that_was_ticked_keeps_the_focus_in_every_filter(quotes: Page) -> None:
    for label in ("Jason Kwon", "In quotation marks", "한국어 Korean"):
        tick(quotes, label).check()
        expect(chip(quotes, label.split()[-1])).to_be_visible()
        expect(tick(quotes, label)).to_be_focused()
    tick(quotes, "In quotation marks").uncheck()
    expect(chip(quotes, "In quotation marks")).to_have_count(0)
    expect(tick(quotes, "In quotation marks")).to_be_focused()


def test_a_box_that_lists_nothing_leaves_the_focus_to_its_filter_when_it_goes(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/?speaker=abigail-adams&language=ko")
    expect(status(page)).to_have_text("No quotes match these filters.")
    tick(page, "Korean").uncheck()
    expect(listed(page)).to_have_count(1)
    expect(tick(page, "Korean")).to_have_count(0)
    expect(tick(page, "English")).to_be_focused()


def test_no_tick_is_lost_when_several_follow_each_other_at_once(quotes: Page) -> None:
    tick(quotes, "Jason Kwon").evaluate(
        """kwon => {
            kwon.click();
            document.querySelector("[name=speaker][value=united-nations]").click();
        }"""
    )
    expect(listed(quotes)).to_have_count(5)
    expect(tick(quotes, "Jason Kwon")).to_be_checked()
    expect(speaker(quotes, "United Nations")).to_be_checked()
    expect(quotes).to_have_url(re.compile("speaker=jason-kwon&speaker=united-nations$"))
    # As soon as the list has changed the next tick counts.
    quotes.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
            document.querySelector("[name=speaker][value=jason-kwon]").click();
        }), { once: true })"""
    )
    speaker(quotes, "United Nations").uncheck()
    expect(listed(quotes)).to_have_count(ALL)
    quotes.go_back()
    expect(listed(quotes)).to_have_count(4)


def test_back_and_forward_bring_the_list_and_its_ticks_back(quotes: Page) -> None:
    tick(quotes, "Jason Kwon").check()
    expect(listed(quotes)).to_have_count(4)
    speaker(quotes, "United Nations").check()
    expect(listed(quotes)).to_have_count(5)

    quotes.go_back()
    expect(quotes).to_have_url("/quotes/?speaker=jason-kwon")
    expect(listed(quotes)).to_have_count(4)
    expect(tick(quotes, "Jason Kwon")).to_be_checked()
    expect(speaker(quotes, "United Nations")).not_to_be_checked()
    quotes.go_back()
    expect(quotes).to_have_url("/quotes/")
    expect(listed(quotes)).to_have_count(ALL)
    expect(tick(quotes, "Jason Kwon")).not_to_be_checked()
    quotes.go_forward()
    expect(listed(quotes)).to_have_count(4)
    expect(tick(quotes, "Jason Kwon")).to_be_checked()
    # The list that came back is alive.
    tick(quotes, "Jason Kwon").uncheck()
    expect(listed(quotes)).to_have_count(ALL)


def test_back_from_a_quote_leads_to_the_filtered_list(
    quotes: Page, record: SimpleNamespace
) -> None:
    tick(quotes, "Jason Kwon").check()
    expect(listed(quotes)).to_have_count(4)
    quotes.get_by_text("infrastructure is destiny").click()
    expect(quotes).to_have_url(record.destiny.get_absolute_url())
    quotes.go_back()
    expect(listed(quotes)).to_have_count(4)
    expect(tick(quotes, "Jason Kwon")).to_be_checked()


@NO_SCRIPTS
def test_a_speaker_is_ticked_and_sent_without_scripts(quotes: Page) -> None:
    tick(quotes, "Jason Kwon").check()
    quotes.get_by_role("button", name="Show quotes").click()
    expect(status(quotes)).to_have_text("4 quotes match these filters, newest first.")
    expect(listed(quotes)).to_contain_text(["Jason Kwon"] * 4)
    expect(tick(quotes, "Jason Kwon")).to_be_checked()


@with_and_without_scripts
def test_a_speaker_is_found_by_an_alias(quotes: Page, scripts: bool) -> None:
    ask_for(quotes, "제이슨 권")
    expect(status(quotes)).to_have_text("4 quotes match these filters, newest first.")
    expect(chip(quotes, "Speaker: Jason Kwon")).to_be_visible()
    if scripts:
        expect(quotes).to_have_url(f"/quotes/?speaker={quote('제이슨 권').replace('%20', '+')}")
        quotes.go_back()  # one question, one step, though Enter both changes the field and sends
        expect(quotes).to_have_url("/quotes/")
        expect(listed(quotes)).to_have_count(ALL)


@with_and_without_scripts
def test_several_speakers_of_one_name_are_offered(quotes: Page, scripts: bool) -> None:
    ask_for(quotes, "adams")
    problem = quotes.locator("#problems")
    expect(problem).to_contain_text("Several names hold “adams”. Choose one:")
    expect(status(quotes)).to_have_text("Nothing is listed, since a filter is not understood.")
    expect(listed(quotes)).to_have_count(0)
    problem.get_by_role("link", name="Abigail Adams").click()
    expect(listed(quotes)).to_contain_text(["Abigail Adams"])
    expect(quotes).to_have_url("/quotes/?speaker=abigail-adams")


@with_and_without_scripts
def test_an_unknown_name_says_so_and_lists_nothing(quotes: Page, scripts: bool) -> None:
    ask_for(quotes, "Nobody Inparticular")
    expect(quotes.locator("#problems")).to_contain_text(
        "There is no speaker “Nobody Inparticular”."
    )
    expect(status(quotes)).to_have_text("Nothing is listed, since a filter is not understood.")
    expect(listed(quotes)).to_have_count(0)
    chip(quotes, "Speaker: Nobody Inparticular").click()
    expect(listed(quotes)).to_have_count(ALL)


@with_and_without_scripts
def test_one_filter_is_removed_and_the_others_stay(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    page.goto("/quotes/?speaker=jason-kwon&speaker=united-nations&said_from=1900")
    expect(listed(page)).to_have_count(5)
    chip(page, "Jason Kwon").click()
    expect(page).to_have_url("/quotes/?speaker=united-nations&said_from=1900")
    expect(listed(page)).to_contain_text(["United Nations"])
    expect(page.get_by_label("From", exact=True)).to_have_value("1900")
    chip(page, "Clear all").click()
    expect(page).to_have_url("/quotes/")
    expect(listed(page)).to_have_count(ALL)


@with_and_without_scripts
def test_an_empty_list_says_why_and_what_to_ask_instead(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    page.goto("/quotes/?speaker=jason-kwon&said_to=1900")
    expect(status(page)).to_have_text("No quotes match these filters.")
    page.get_by_role("link", name="Without the filter “Said to”").click()
    expect(page).to_have_url("/quotes/?speaker=jason-kwon")
    expect(listed(page)).to_have_count(4)


def test_a_date_that_is_none_is_told_beside_the_list_and_kept_in_its_field(quotes: Page) -> None:
    field = quotes.get_by_label("From", exact=True)
    field.fill("last summer")
    field.press("Enter")
    expect(quotes.locator("#problems")).to_contain_text("“last summer” is not a date.")
    expect(field).to_have_value("last summer")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("1941")
    field.press("Enter")
    expect(chip(quotes, "Said from: 1941")).to_be_visible()
    expect(quotes.locator("#problems")).to_have_count(0)


@with_and_without_scripts
def test_the_bar_of_some_years_lists_the_quotes_that_it_counts(quotes: Page, scripts: bool) -> None:
    bar = quotes.get_by_role("link", name="1925 to 1949: 2 quotes")
    bar.click()
    expect(quotes).to_have_url("/quotes/?said_from=1925&said_to=1949&dates=must")
    expect(status(quotes)).to_have_text("2 quotes match these filters, newest first.")
    expect(listed(quotes)).to_contain_text(["United Nations", "Franklin D. Roosevelt"])


@with_and_without_scripts
def test_a_long_list_is_read_page_by_page_and_back(
    page: Page, make_quote: Callable[..., Quote], scripts: bool
) -> None:
    for number in range(1, 54):
        make_quote(f"Sentence {number}", said_on=f"19{number + 40}")
    page.goto("/quotes/?said_from=1942")
    first, last = page.locator(".entry").first, page.locator(".entry").last
    expect(first).to_contain_text("Sentence 53")
    expect(last).to_contain_text("Sentence 4")
    page.get_by_role("link", name="More quotes").click()
    expect(first).to_contain_text("Sentence 3")
    expect(last).to_contain_text("Sentence 2")
    expect(status(page)).to_have_text("52 quotes match these filters, newest first.")
    page.get_by_role("link", name="Previous quotes").click()
    expect(first).to_contain_text("Sentence 53")
    expect(page.get_by_role("link", name="Previous quotes")).to_have_count(0)
    page.get_by_role("link", name="Oldest").click()
    expect(first).to_contain_text("Sentence 2")


@pytest.mark.browser_context_args(viewport=PHONE)
def test_on_a_phone_the_filters_open_and_stay_open(quotes: Page) -> None:
    expect(tick(quotes, "Jason Kwon")).to_be_hidden()
    quotes.get_by_text("Filters", exact=True).click()
    tick(quotes, "Jason Kwon").check()
    expect(listed(quotes)).to_have_count(4)
    expect(tick(quotes, "Jason Kwon")).to_be_visible()
    expect(tick(quotes, "Jason Kwon")).to_be_focused()
    expect(quotes.get_by_text("Filters, 1 in use")).to_be_visible()
    quotes.get_by_text("Filters, 1 in use").click()
    chip(quotes, "Jason Kwon").click()
    expect(listed(quotes)).to_have_count(ALL)
    expect(tick(quotes, "Jason Kwon")).to_be_hidden()


@pytest.mark.browser_context_args(viewport=PHONE, java_script_enabled=False)
def test_on_a_phone_the_filters_open_without_scripts(quotes: Page) -> None:
    quotes.get_by_text("Filters", exact=True).click()
    tick(quotes, "Jason Kwon").check()
    quotes.get_by_role("button", name="Show quotes").click()
    expect(listed(quotes)).to_have_count(4)


def test_the_quotes_of_one_speaker_are_narrowed_on_their_own_page(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto(record.kwon.get_absolute_url())
    expect(listed(page)).to_have_count(4)
    tick(page, "Reported, not word for word").check()
    expect(listed(page)).to_have_count(1)
    expect(page).to_have_url("/speakers/jason-kwon/?kind=indirect")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jason Kwon")
    page.reload()
    expect(listed(page)).to_have_count(1)


def test_words_and_filters_are_asked_together(quotes: Page) -> None:
    tick(quotes, "Jason Kwon").check()
    expect(listed(quotes)).to_have_count(4)
    words = quotes.get_by_label("Words", exact=True)
    words.fill("legal entity")
    words.press("Enter")
    expect(quotes).to_have_url("/quotes/?q=legal+entity&speaker=jason-kwon")
    expect(listed(quotes)).to_have_count(1)
    expect(words).to_be_focused()


@pytest.mark.browser_context_args(locale="ko-KR")
def test_a_list_that_changes_in_place_stays_in_the_readers_language(quotes: Page) -> None:
    expect(quotes.locator("html")).to_have_attribute("lang", "ko")
    tick(quotes, "Jason Kwon").check()
    expect(listed(quotes)).to_have_count(4)
    expect(quotes.locator(".entry .date").first).to_have_text("2025년 9월 10일")


def test_a_name_is_offered_while_it_is_typed_and_choosing_it_narrows_the_list(quotes: Page) -> None:
    tick(quotes, "In quotation marks").check()
    expect(chip(quotes, "In quotation marks")).to_be_visible()
    field = quotes.get_by_label("Another speaker: name or alias")
    field.press_sequentially("kw")
    option = quotes.locator("#names option")
    expect(option).to_have_attribute("value", "Jason Kwon")
    expect(tick(quotes, "In quotation marks")).to_be_checked()
    # The browser's own list cannot be reached from here: what it does when a name is chosen is done.
    field.evaluate(
        """(field, name) => {
            field.value = name;
            for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
        }""",
        option.get_attribute("value"),
    )
    expect(chip(quotes, "Speaker: Jason Kwon")).to_be_visible()
    expect(chip(quotes, "In quotation marks")).to_be_visible()
    expect(listed(quotes)).to_contain_text(["Jason Kwon"] * 3)
    expect(listed(quotes)).to_have_count(3)


def test_a_name_is_offered_in_the_search_box_of_any_page(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/about/")
    box = page.get_by_label("Search all quotes")
    box.press_sequentially("제이")
    expect(page.locator("#names option")).to_have_attribute("value", "Jason Kwon")
    expect(box).to_have_value("제이")


@with_and_without_scripts
def test_a_misspelt_word_leads_to_the_one_that_was_meant(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    page.goto("/quotes/?q=infrastucture")
    page.get_by_role("link", name="infrastructure", exact=True).click()
    expect(page).to_have_url("/quotes/?q=infrastructure")
    expect(listed(page).first).to_contain_text("Jason Kwon")
