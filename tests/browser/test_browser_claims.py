"""A claim's page in Chromium: its data, its earlier findings, and that no hostile explanation ever runs."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from claiming import a_claim, a_review, the_verdicts
from claims_on_record import over_time, reviewed_claim
from django.core.exceptions import ValidationError
from playwright.sync_api import Dialog, Page, Request, expect

from tracker.models import Claim

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
SAMPLE = 200
AT_ONCE = 25  # findings of one page, each with an explanation

# What a payload would call, it leaves a trace with.
_TRACE = """
    window.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "open"])
        window[name] = (...said) => { window.ran.push(`${name}: ${said}`); };
"""
# What a reader does to a page, and what it does by itself, on everything that a payload left.
_PROVOKE = """() => {
    document.querySelectorAll("details").forEach((each) => { each.open = true; });
    const kinds = ["mouseover", "mouseenter", "focus", "blur", "load", "error", "toggle", "scroll",
        "animationstart", "transitionend", "pointerover", "keydown", "input", "copy"];
    for (const each of document.querySelectorAll("main .prose, main .prose *"))
        for (const kind of kinds) each.dispatchEvent(new Event(kind, {bubbles: false}));
}"""


@pytest.fixture
def claim(record: SimpleNamespace) -> Claim:
    """A promise with a current and an earlier finding, evidence of every sort, a denial, and corrections."""
    return reviewed_claim(record)


def test_the_data_of_a_claim_breaks_no_policy_and_can_be_read(page: Page, claim: Claim) -> None:
    page.goto(claim.get_absolute_url())
    blocks = page.locator('script[type="application/ld+json"]').all_text_contents()
    assert [json.loads(block)["@type"] for block in blocks] == ["ClaimReview"]


def test_an_earlier_finding_opens_by_its_address(page: Page, claim: Claim) -> None:
    earlier = claim.reviews.earliest("reviewed_on")
    page.goto(claim.get_absolute_url())
    page.get_by_role("link", name="supersedes the finding of 1 June 2025").click()
    expect(page.locator(f"#review-{earlier.pk} summary")).to_be_in_viewport()


def test_a_claim_in_print_has_its_earlier_findings_and_the_addresses_of_its_sources(
    page: Page, claim: Claim
) -> None:
    page.set_viewport_size({"width": 800, "height": 1000})
    page.goto(claim.get_absolute_url())
    page.emulate_media(media="print")
    for shut in page.locator("main details").all():
        inside = shut.locator("> :not(summary)").bounding_box()
        assert inside is not None
        assert inside["height"] > 0
    after = "(link) => getComputedStyle(link, '::after').content"
    sources = page.locator('.timeline a[href^="http"]').all()
    assert sources != []
    for source in sources:
        assert str(source.get_attribute("href")) in source.evaluate(after)
    own = page.locator(".timeline [data-address]").all()
    assert own != []
    for source in own:
        assert str(source.get_attribute("data-address")) in source.evaluate(after)
    page.emulate_media(media="screen")
    assert own[0].evaluate(after) == "none"
    page.emulate_media(media="print")
    timeline = page.locator(".timeline").bounding_box() or {}
    evidence = page.get_by_role("heading", name="Evidence").bounding_box() or {}
    assert evidence["y"] - timeline["y"] - timeline["height"] >= 16


def test_a_topics_timeline_in_print_has_the_addresses_of_its_sources(
    page: Page, record: SimpleNamespace
) -> None:
    page.goto(over_time(record))
    page.emulate_media(media="print")
    (source,) = page.locator(".timeline [data-address]").all()
    assert source.get_attribute("data-address") == record.aimatters.url
    after = source.evaluate("(link) => getComputedStyle(link, '::after').content")
    assert record.aimatters.url in after


def sample() -> list[str]:
    every = [
        json.loads(line)["payload"]
        for name in ("xss", "sanitizer_expected")
        for line in (HOSTILE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    step = len(every) // SAMPLE
    return every[::step][:SAMPLE]


@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile inputs are not beside this clone")
def test_no_hostile_explanation_runs_asks_or_sends_anything(
    page: Page, record: SimpleNamespace, base_url: str
) -> None:
    the_verdicts()
    claim, reviews = a_claim(record.destiny), []
    for _number in range(AT_ONCE):
        earlier = reviews[-1] if reviews else None
        reviews.append(a_review(claim, explanation="<p>Fine.</p>", supersedes=earlier))
    dialogs: list[Dialog] = []
    asked: list[Request] = []
    page.on("dialog", lambda each: (dialogs.append(each), each.dismiss()))
    page.on("request", lambda each: asked.append(each))
    page.add_init_script(_TRACE)
    payloads, refused = sample(), 0
    assert len(payloads) == SAMPLE
    for start in range(0, SAMPLE, AT_ONCE):
        for review, payload in zip(reviews, payloads[start:], strict=False):
            review.explanation = payload
            try:
                review.save(update_fields=["explanation"])
            except ValidationError:
                refused += 1
        page.goto(claim.get_absolute_url())
        page.evaluate(_PROVOKE)
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") == [], payloads[start : start + AT_ONCE]
        assert page.url == f"{base_url}{claim.get_absolute_url()}"
    assert refused < SAMPLE / 20
    assert dialogs == []
    ours = (f"{base_url}/static/", f"{base_url}{claim.get_absolute_url()}")
    assert [each.url for each in asked if not each.url.startswith(ours)] == []
