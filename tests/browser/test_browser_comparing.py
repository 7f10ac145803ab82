"""What somebody said over time, and what several said side by side: read with and without scripts, by keyboard, on a phone."""

from types import SimpleNamespace

import pytest
from claims_on_record import SIDE_BY_SIDE, over_time
from playwright.sync_api import Page, expect

NO_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)
NARROW = {"width": 320, "height": 640}

with_and_without_scripts = pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=NO_SCRIPTS)]
)


def follow(page: Page, name: str, inside: str = "main") -> None:
    """By keyboard, and what has the focus is seen."""
    page.emulate_media(reduced_motion="reduce")  # no smooth scrolling while we look
    link = page.locator(inside).get_by_role("link", name=name, exact=True)
    link.focus()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")


@with_and_without_scripts
def test_a_reader_goes_from_a_speaker_to_their_words_over_time_and_to_what_they_answer(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    there = over_time(record)
    page.set_viewport_size(NARROW)
    page.goto(record.kwon.get_absolute_url())
    follow(page, "AI infrastructure", "section[aria-labelledby=over-time]")
    expect(page).to_have_url(there)
    moments = page.locator("ol.timeline > li[id]")
    expect(moments.locator("blockquote")).to_contain_text(
        ["infrastructure is destiny", "the most paid ChatGPT users"]
    )
    follow(page, "Says otherwise than on 26 May 2025")
    expect(page).to_have_url(f"{there}#quote-{record.destiny.pk}")
    expect(moments.first.locator("blockquote")).to_be_in_viewport()
    follow(page, "Said otherwise later: 10 September 2025")
    expect(moments.last.locator("blockquote")).to_be_in_viewport()


@with_and_without_scripts
def test_a_list_of_two_speakers_is_put_side_by_side_and_stays_so(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    page.goto(SIDE_BY_SIDE.removesuffix("&view=side"))
    follow(page, "Side by side")
    expect(page).to_have_url(SIDE_BY_SIDE)
    day = page.locator(".side-row", has_text="26 May 2025")
    expect(day.locator(".in-1 blockquote")).to_have_count(3)
    expect(day.locator(".in-2 blockquote")).to_have_text(["it would open an office in Seoul"])
    follow(page, "Oldest")
    expect(page.locator(".side")).to_have_count(1)
    page.get_by_role("checkbox", name="Reported, not word for word").press("Space")
    if not scripts:
        page.get_by_role("button", name="Show quotes").press("Enter")
    expect(page.locator(".side blockquote")).to_have_count(2)
    follow(page, "List")
    expect(page.locator(".entries .entry")).to_have_count(2)


@with_and_without_scripts
def test_on_a_phone_those_who_are_compared_stand_below_each_other(
    page: Page, record: SimpleNamespace, scripts: bool
) -> None:
    page.goto(SIDE_BY_SIDE)
    day = page.locator(".side-row", has_text="26 May 2025")
    for width, beside in ((1280, True), (320, False)):
        page.set_viewport_size({"width": width, "height": 640})
        boxes = [day.locator(each).bounding_box() for each in (".in-1", ".in-2")]
        one, other = (box or {} for box in boxes)
        assert (other["x"] >= one["x"] + one["width"]) is beside
        assert (other["y"] >= one["y"] + one["height"]) is not beside
        assert page.evaluate("document.documentElement.scrollWidth") == width
