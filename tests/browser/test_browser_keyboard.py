"""Readers who use no mouse: everything is reached, seen and worked by keyboard, in the order of the page."""

from types import SimpleNamespace
from typing import Any

import pytest
from claims_on_record import SIDE_BY_SIDE, over_time, reviewed_claim
from playwright.sync_api import Page, expect

# The element that has the focus, and whether it can be seen that it has it.
FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return {
        tag: at.tagName.toLowerCase(),
        text: (at.labels?.[0] ?? at).textContent.trim().replace(/\\s+/g, " "),
        name: at.name || "",
        where: at.closest(".skip, header.masthead, nav.crumbs, #filters, .entries, footer")?.className
            ?? at.closest("main")?.tagName.toLowerCase() ?? "",
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
            && box.top < innerHeight && box.left < innerWidth,
    };
}"""


def tabbed_through(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, once around: back at the skip link, or out of the page."""
    stops: list[dict[str, Any]] = []
    for _ in range(300):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if (stops and stop["tag"] == "body") or (stop["where"] == "skip" and len(stops) > 1):
            return stops
        stops.append(stop)
    raise AssertionError(f"Tab never left the page; the last stops were {stops[-3:]}")


PATHS = (
    *("/", "/quotes/", "/speakers/jason-kwon/", "/topics/", "/no-such-page/", SIDE_BY_SIDE),
    *("/claims/", "/corrections/", "/speakers/jason-kwon/topics/ai-infrastructure/"),
)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PATHS)
def test_the_focus_is_always_seen_and_never_trapped(
    page: Page, record: SimpleNamespace, path: str, width: int
) -> None:
    over_time(record)
    reviewed_claim(record)
    page.emulate_media(reduced_motion="reduce")  # no smooth scrolling while we look
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    stops = tabbed_through(page)
    assert stops[0]["where"] == "skip"
    assert len(stops) > 10
    assert [stop for stop in stops if stop["outline"] < 2 or not stop["inView"]] == []


def test_every_link_button_and_field_that_is_shown_is_a_stop(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/")
    can = page.locator("a[href], button, input:not([type=hidden]), select, summary")
    shown = can.evaluate_all("all => all.filter(each => each.checkVisibility()).length")
    assert len(tabbed_through(page)) == shown


def test_tab_goes_from_the_filters_to_the_quotes_to_the_foot(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/")
    places = [stop["where"] for stop in tabbed_through(page)]
    order = ["skip", "masthead", "filters", "main", "entries", "footer"]
    assert list(dict.fromkeys(places)) == order
    assert [order.index(place) for place in places] == sorted(map(order.index, places))


def test_the_skip_link_leads_past_the_head(page: Page, record: SimpleNamespace) -> None:
    page.goto("/quotes/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_enter_in_the_search_field_searches(page: Page, record: SimpleNamespace) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Search all quotes").focus()
    page.keyboard.type("born free")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/quotes/?q=born+free")
    expect(page.locator(".entries .entry")).to_have_count(1)
    expect(page.get_by_label("Words", exact=True)).to_have_value("born free")


def test_a_speaker_is_ticked_and_unticked_with_the_space_bar(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/")
    box = page.get_by_role("checkbox", name="Jason Kwon")
    box.focus()
    for count in (4, 10, 4):
        page.keyboard.press("Space")
        expect(page.locator(".entries .entry")).to_have_count(count)
        expect(box).to_be_focused()
    # The next stop is the next value, as if nothing had been swapped.
    page.keyboard.press("Tab")
    expect(page.locator("input[name=speaker]:focus")).to_have_count(1)
    expect(box).not_to_be_focused()


def test_on_a_phone_the_filters_are_opened_and_used_by_keyboard(
    page: Page, record: SimpleNamespace
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/quotes/")
    page.locator("#filters > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Words", exact=True)).to_be_focused()
    page.keyboard.type("born free")
    page.keyboard.press("Enter")
    expect(page.locator(".entries .entry")).to_have_count(1)
    expect(page.get_by_label("Words", exact=True)).to_be_focused()


def test_a_filter_and_a_bar_of_years_are_links_that_enter_follows(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto("/quotes/?speaker=john-adams&speaker=united-nations")
    page.get_by_role("link", name="1925 to 1949: 1 quote").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".entries .entry")).to_have_count(1)
    page.get_by_role("link", name="Remove filter: Dates").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: Dates")).to_have_count(0)
