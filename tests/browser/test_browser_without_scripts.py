"""The desk where no scripts run: records are chosen by their numbers. Where scripts run, nothing of that is there."""

from types import SimpleNamespace
from typing import Any

import pytest
from claiming import a_claim, the_verdicts
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from tracker.models import QuoteLink, Review


@pytest.fixture
def plain(new_context: Any, editor: User, log_in: Any) -> Page:
    """A page of an editor whose browser runs no scripts."""
    page: Page = log_in(new_context(java_script_enabled=False), editor)
    return page


def number(page: Page, field: str) -> Locator:
    return page.locator(f"noscript input[name='{field}']")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()


def test_a_link_between_two_quotes_is_entered_by_numbers(
    plain: Page, record: SimpleNamespace
) -> None:
    plain.goto("/admin/tracker/quotelink/add/")
    expect(plain.get_by_label("Number of the quote")).to_have_count(2)
    number(plain, "later").fill(str(record.private.pk))
    plain.locator("#id_kind").select_option(value="says otherwise")
    for wrong in ("abc", "999999"):
        number(plain, "earlier").fill(wrong)
        save(plain)
        expect(plain.locator(".field-earlier .errorlist")).to_contain_text("Select a valid choice")
        expect(number(plain, "earlier")).to_have_value(wrong)
        expect(number(plain, "later")).to_have_value(str(record.private.pk))
    number(plain, "earlier").fill(str(record.destiny.pk))
    plain.locator("#id_note").fill("Of markets.")
    save(plain)
    expect(plain.locator(".messagelist .success")).to_be_visible()
    link = QuoteLink.objects.get()
    assert (link.later, link.earlier) == (record.private, record.destiny)
    expect(number(plain, "earlier")).to_have_value(str(record.destiny.pk))
    number(plain, "earlier").fill(str(record.both.pk))
    save(plain)
    expect(number(plain, "earlier")).to_have_value(str(record.both.pk))
    link.refresh_from_db()
    assert link.earlier == record.both


def test_a_review_with_an_article_as_evidence_is_entered_by_numbers(
    plain: Page, record: SimpleNamespace
) -> None:
    the_verdicts()
    claim = a_claim(record.destiny)
    plain.goto("/admin/tracker/review/add/")
    number(plain, "claim").fill(str(claim.pk))
    plain.locator("#id_summary").fill("No office has opened.")
    plain.locator("#id_evidence-0-note").fill("It tells of the office.")
    number(plain, "evidence-0-article").fill("999999")
    save(plain)
    told = plain.locator("#evidence-0 .field-article .errorlist")
    expect(told).to_contain_text("Select a valid choice")
    number(plain, "evidence-0-article").fill(str(record.aimatters.pk))
    save(plain)
    expect(plain.locator(".messagelist .success")).to_be_visible()
    review = Review.objects.get()
    assert review.claim == claim
    assert [each.article for each in review.evidence.all()] == [record.aimatters]


def test_a_number_is_looked_up_in_the_list_that_the_field_names(
    plain: Page, record: SimpleNamespace
) -> None:
    plain.goto("/admin/tracker/quotelink/add/")
    with plain.context.expect_page() as opened:
        plain.locator(".field-later").get_by_role("link", name="Find it in the list").click()
    row = opened.value.locator("#result_list").get_by_role("link", name="infrastructure is destiny")
    expect(row).to_have_attribute("href", f"/admin/tracker/quote/{record.destiny.pk}/change/")


def test_no_number_is_asked_for_where_scripts_run(desk: Page, record: SimpleNamespace) -> None:
    desk.goto("/admin/tracker/review/add/")
    desk.locator("#evidence-group .add-row a").click()
    for field in ("claim", "evidence-0-article", "evidence-1-article"):
        box = desk.locator(f"[name='{field}']")
        expect(box).to_have_count(1)
        expect(desk.locator(f"#id_{field} + .select2-container")).to_be_visible()
    expect(desk.get_by_text("Number of the")).to_have_count(0)
    sent = desk.evaluate("[...new FormData(document.querySelector('#review_form')).keys()]")
    assert sent.count("evidence-1-article") == 1
