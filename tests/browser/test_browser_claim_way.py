"""The whole way of a claim: made of a quote, reviewed, published by a second editor, found by its verdict, superseded, corrected."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from choosing import choose
from claiming import a_claim, the_verdicts
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect
from structured import read_strictly

from tracker.models import Claim, Evidence, Quote, Review

CLAIM = "An office of OpenAI opens in Seoul within months"
HALF, NOT, OPENED = (
    "An entity was registered, and no office opened.",
    "No office has opened.",
    "The office opened in September.",
)
WHY = "The office was overlooked."
WHY_THE_DAY = "The report was taken for the press conference."

# What a correction says it said before and says now: apart, or as a line with what differs.
_BEFORE_AND_NOW = """(note) => {
    const without = (gone) => {
        const line = note.querySelector("p[dir]").cloneNode(true);
        line.querySelectorAll(`${gone}, .vh`).forEach((each) => each.remove());
        return line;
    };
    const apart = [...note.querySelectorAll("dd")];
    return (apart.length ? apart : [without("ins"), without("del")])
        .map((each) => each.textContent.trim().replace(/\\s+/g, " "));
}"""


@dataclass(frozen=True, slots=True)
class People:
    """Two editors, and somebody who has not logged in."""

    writer: Page
    second: Page
    reader: Page


@pytest.fixture
def people(
    new_context: Callable[..., BrowserContext],
    desk: Page,
    log_in: Callable[[BrowserContext, User], Page],
    settings: LazySettings,
) -> People:
    settings.TWO_EDITORS = True
    second = get_user_model().objects.create_superuser("second")
    the_verdicts()
    return People(desk, log_in(new_context(), second), new_context().new_page())


# --- At the desk --------------------------------------------------------------------------------------


def open_form(desk: Page, record: Any) -> None:
    desk.goto(reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk]))


def press(desk: Page, button: str, told: str) -> None:
    desk.get_by_role("button", name=button, exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text(told)


def claim_the_quote(desk: Page, quote: Quote) -> Claim:
    """From the quote's form; a draft."""
    open_form(desk, quote)
    desk.get_by_role("link", name="Make a claim of this quote").click()
    desk.locator("#id_text").fill(CLAIM)
    desk.locator("#id_kind").select_option(label="Promise")
    desk.locator("#id_due").fill("2025-12")
    press(desk, "Save and submit for review", "submitted for review")
    return Claim.objects.get(text=CLAIM)


def write_review(desk: Page, claim: Claim, verdict: str, summary: str) -> None:
    open_form(desk, claim)
    desk.get_by_role("link", name="Write a review").click()
    desk.locator("#id_verdict").select_option(label=verdict)
    desk.locator("#id_summary").fill(summary)


def rest_on_an_article(desk: Page, typed: str, headline: str) -> None:
    choose(desk, "id_evidence-0-article", typed, headline)
    desk.locator("#id_evidence-0-note").fill("It tells of the office.")


def rest_on_a_search_in_vain(desk: Page) -> None:
    desk.locator("#id_evidence-0-bearing").select_option(value=Evidence.Bearing.NOTHING_FOUND)
    desk.locator("#id_evidence-0-note").fill("The register of companies was searched.")


def published_by_another(people: People, record: Any) -> None:
    """Whoever wrote it is refused, and it waits in review; another editor is not."""
    open_form(people.writer, record)
    press(people.writer, "Save and publish", "another editor must publish it")
    open_form(people.second, record)
    press(people.second, "Save and publish", "published")


def reviewed(people: People, claim: Claim, verdict: str, summary: str) -> Review:
    """With an article as evidence, and published."""
    write_review(people.writer, claim, verdict, summary)
    rest_on_an_article(people.writer, "infrastructure", "infrastructure is destiny")
    press(people.writer, "Save and submit for review", "submitted for review")
    review = Review.objects.get(summary=summary)
    published_by_another(people, review)
    return review


def asked_for_a_correction_and_giving_it(desk: Page, seen: str, will_see: str, why: str) -> None:
    """Nothing is saved until readers are told why."""
    desk.get_by_role("button", name="Save", exact=True).click()
    asked = f"readers have seen “{seen}” and will see “{will_see}”."
    expect(desk.locator(".errornote + .errorlist")).to_contain_text(asked)
    desk.get_by_role("link", name="To the correction").click()
    desk.locator("#id_correction_kind").select_option(label="Correction")
    desk.locator("#id_correction_text").fill(why)
    press(desk, "Save", "was changed successfully")


def verdict_corrected(people: People, review: Review, summary: str) -> None:
    """What a second editor published is held first, and published by the second editor again."""
    open_form(people.writer, review)
    expect(people.writer.locator("#id_verdict")).to_have_count(0)
    press(people.writer, "Hold: hide at once", "held")
    open_form(people.writer, review)
    people.writer.locator("#id_verdict").select_option(label="Kept")
    people.writer.locator("#id_summary").fill(summary)
    asked_for_a_correction_and_giving_it(people.writer, "Broken", "Kept", WHY)
    published_by_another(people, review)


def date_corrected(desk: Page, quote: Quote) -> None:
    open_form(desk, quote)
    desk.locator("#id_said_on").fill("2025-05-27")
    asked_for_a_correction_and_giving_it(desk, "26 May 2025", "27 May 2025", WHY_THE_DAY)


# --- As readers see it --------------------------------------------------------------------------------


def ticked(reader: Page, verdict: str) -> Locator:
    """The list of claims with this verdict."""
    reader.goto("/claims/")
    reader.get_by_role("checkbox", name=verdict).check()
    expect(reader).to_have_url(re.compile(r"/claims/\?verdict="))
    expect(reader.get_by_role("link", name="Remove filter:")).to_have_count(1)
    return reader.locator(".entries .entry")


def told_to_machines(reader: Page) -> Any:
    """The one block of the page, which is valid."""
    (block,) = reader.locator('script[type="application/ld+json"]').all_text_contents()
    return read_strictly(block)


def is_found_by_its_verdict(reader: Page, verdict: str) -> None:
    """From the list, the reader goes on to the claim, which says the same to people and to machines."""
    entries = ticked(reader, verdict)
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text(verdict)
    entries.get_by_role("link", name=CLAIM).click()
    expect(reader.locator("h1")).to_have_text(CLAIM)
    expect(reader.locator("h2.verdict")).to_have_text(re.compile(f"^\\W*{verdict}\\W*$"))
    data = told_to_machines(reader)
    assert data["@type"] == "ClaimReview"
    assert (data["claimReviewed"], data["reviewRating"]["alternateName"]) == (CLAIM, verdict)


def is_the_only_finding(reader: Page, headline: str) -> None:
    expect(reader.get_by_role("heading", name="Earlier findings")).to_have_count(0)
    expect(reader.locator("main")).to_contain_text("No corrections")
    expect(reader.get_by_role("heading", name="Evidence")).to_be_visible()
    expect(reader.locator("main")).to_contain_text(headline)


def supersedes_the_earlier(reader: Page, earlier: Review) -> None:
    """Which is history, and no more what the claim is found by."""
    expect(reader.locator(".ruling")).to_have_count(1)
    history = reader.locator(f"details#review-{earlier.pk}")
    expect(history.locator("summary")).to_contain_text("Compromise")
    expect(history.get_by_text(HALF)).to_be_hidden()
    history.locator("summary").click()
    expect(history.get_by_text(HALF)).to_be_visible()
    expect(history).to_contain_text("superseded by the finding of")
    reader.goto("/claims/?verdict=compromise")
    expect(reader.locator(".entries .entry")).to_have_count(0)


def says_it_was_corrected(reader: Page, address: str, before: str, now: str, why: str) -> None:
    reader.goto(address)
    reader.get_by_role("link", name="Corrected on").click()
    notes = reader.locator("section", has=reader.get_by_role("heading", name="Corrections"))
    expect(notes.get_by_role("heading", name="Corrections")).to_be_in_viewport()
    is_noted(notes.locator("article", has_text=why).filter(has_text=now), before, now)


def is_noted(note: Locator, before: str, now: str) -> None:
    expect(note).to_have_count(1)
    assert note.evaluate(_BEFORE_AND_NOW) == [before, now]


# --- The way ------------------------------------------------------------------------------------------


def test_from_a_quote_to_a_finding_that_is_superseded_and_corrected(
    people: People, record: SimpleNamespace
) -> None:
    claim = claim_the_quote(people.writer, record.destiny)
    published_by_another(people, claim)
    people.reader.goto(claim.get_absolute_url())
    assert told_to_machines(people.reader)["@type"] == "Claim"

    first = reviewed(people, claim, "Compromise", HALF)
    is_found_by_its_verdict(people.reader, "Compromise")
    is_the_only_finding(people.reader, record.aimatters.headline)

    later = reviewed(people, claim, "Broken", NOT)
    is_found_by_its_verdict(people.reader, "Broken")
    supersedes_the_earlier(people.reader, first)

    verdict_corrected(people, later, OPENED)
    is_found_by_its_verdict(people.reader, "Kept")
    date_corrected(people.writer, record.destiny)
    notes = (
        (claim.get_absolute_url(), "Broken", "Kept", WHY),
        (record.destiny.get_absolute_url(), "26 May 2025", "27 May 2025", WHY_THE_DAY),
    )
    for address, before, now, why in notes:
        says_it_was_corrected(people.reader, address, before, now, why)
    people.reader.goto("/corrections/")
    for _address, before, now, why in notes:
        is_noted(people.reader.locator("article", has_text=why).filter(has_text=now), before, now)


def test_a_claim_is_made_reviewed_and_published_without_scripts(
    new_context: Any, editor: User, log_in: Any, record: SimpleNamespace
) -> None:
    the_verdicts()
    desk = log_in(new_context(java_script_enabled=False), editor)
    claim = claim_the_quote(desk, record.destiny)
    open_form(desk, claim)
    press(desk, "Save and publish", "published")
    write_review(desk, claim, "Broken", NOT)
    rest_on_a_search_in_vain(desk)
    press(desk, "Save and publish", "published")
    expect(desk.locator("#id_due")).to_have_value("2025-12")  # back at the claim
    reader = new_context(java_script_enabled=False).new_page()
    reader.goto("/claims/")
    reader.get_by_role("checkbox", name="Broken").check()
    reader.get_by_role("button", name="Show claims").click()
    expect(reader).to_have_url(re.compile("verdict=broken"))
    reader.locator(".entries .entry").get_by_role("link", name=CLAIM).click()
    expect(reader.locator("main")).to_contain_text("The register of companies was searched.")


def test_claims_like_one_are_shown_while_it_is_typed(desk: Page, record: SimpleNamespace) -> None:
    there = a_claim(record.destiny, text=CLAIM)
    desk.goto("/admin/tracker/claim/add/")
    field = desk.locator("#id_text")
    hint = desk.locator(".desk-alike").get_by_role("status")
    field.press_sequentially("Nuclear power is cheap")
    expect(desk.locator(".desk-alike")).to_contain_text("22 of 299 characters")
    expect(hint).to_be_empty()
    field.fill("")
    field.press_sequentially("OpenAI opens an office in Seoul, within months")
    expect(hint).to_contain_text("Claims like this one")
    with desk.context.expect_page() as opened:
        hint.get_by_role("link", name=CLAIM).click()
    expect(opened.value).to_have_url(re.compile(f"/admin/tracker/claim/{there.pk}/change/"))
    expect(field).to_have_value("OpenAI opens an office in Seoul, within months")
