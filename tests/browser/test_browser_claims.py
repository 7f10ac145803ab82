"""Claims and corrections in Chromium: open to everybody in every look, and no hostile explanation ever runs."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from claiming import a_claim, a_review, the_verdicts
from django.core.exceptions import ValidationError
from playwright.sync_api import Dialog, Page, Request, expect

from tracker.models import Claim, Correction, FieldChange

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
LOOKS = (("en", "light", 1280), ("en", "dark", 320), ("ko", "light", 320), ("ko", "dark", 1280))
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
    the_verdicts()
    made = a_claim(record.destiny, due="2025-12")
    for quote, role in (
        (record.both, "repeats"),
        (record.born_free, "denies"),
        (record.cake, "repeats"),
    ):
        made.claim_quotes.create(quote=quote, role=role)
    made.topics.add(record.infrastructure)
    first = a_review(made, "in-the-works", reviewed_on=date(2025, 6, 1))
    evidence = [
        {"article": record.aimatters, "note": "It opened.", "happened_on": "2025-09-10"},
        {"article": record.private.lead.article, "bearing": "contradicts", "note": "It did not."},
        {"bearing": "nothing found", "note": "The register was searched."},
    ]
    a_review(
        made,
        supersedes=first,
        evidence=evidence,
        explanation="<p>As <b>two</b> papers say.</p><ul><li>One</li></ul>",
        reply_asked_on=date(2025, 9, 1),
    )
    change = FieldChange("words", "infrastructure destiny", "infrastructure is destiny")
    for each in (made, record.destiny):
        Correction.objects.note(
            each, kind="correction", text="A word was missing.", by=None, changes=[change]
        )
    return made


def look(page: Page, language: str, colours: Any, width: int) -> None:
    cookie = {"name": "django_language", "value": language, "url": page.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", language)


PAGES: dict[str, Callable[[Claim, SimpleNamespace], str]] = {
    "claim": lambda claim, _: claim.get_absolute_url(),
    "claim, not reviewed": lambda _, record: a_claim(record.unnamed).get_absolute_url(),
    "corrections": lambda _, record: "/corrections/",
    "quote, corrected": lambda _, record: record.destiny.get_absolute_url(),
    "home": lambda _, record: "/",
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_open_to_everybody_in_every_look(
    page: Page, claim: Claim, record: SimpleNamespace, kind: str
) -> None:
    page.goto(PAGES[kind](claim, record))
    for language, colours, width in LOOKS:
        look(page, language, colours, width)
        found = Axe().run(page).response["violations"]
        told = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
        assert told == [], (language, colours, width)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        expect(page.locator("h1")).to_have_count(1)


def test_the_data_of_a_claim_breaks_no_policy_and_can_be_read(page: Page, claim: Claim) -> None:
    page.goto(claim.get_absolute_url())
    blocks = page.locator('script[type="application/ld+json"]').all_text_contents()
    assert [json.loads(block)["@type"] for block in blocks] == ["ClaimReview"]


def test_an_earlier_finding_opens_by_its_address(page: Page, claim: Claim) -> None:
    earlier = claim.reviews.earliest("reviewed_on")
    page.goto(claim.get_absolute_url())
    page.get_by_role("link", name="supersedes the finding of 1 June 2025").click()
    expect(page.locator(f"#review-{earlier.pk} summary")).to_be_in_viewport()


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
