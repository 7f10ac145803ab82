"""The page of a claim: where it is, what stands on it, and what stands there when it may not be shown."""

import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from claiming import a_claim, a_review
from django.core.exceptions import ValidationError
from django.test import Client

from tracker import search
from tracker.models import Claim, Correction, JointSpeaker, Quote, QuoteLink

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hostile"
RUNNING = {"script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "base"}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def quote(make_quote: Make) -> Quote:
    return make_quote("we will open an office in Seoul", said_on="2025-05-26")


# ---- Where it is ----


def test_a_claim_is_at_its_address_and_every_other_one_leads_there(
    client: Client, quote: Quote
) -> None:
    claim = a_claim(quote)
    url = claim.get_absolute_url()
    assert url == f"/claims/{claim.pk}/an-office-opens-in-seoul-within-months/"
    assert client.get(url).status_code == 200
    for other in (f"/claims/{claim.pk}/", f"/claims/{claim.pk}/another/"):
        response = client.get(f"{other}?x=1")
        assert (response.status_code, response["Location"]) == (301, f"{url}?x=1")


def test_a_withdrawn_claim_says_why_at_its_bare_address_and_no_word_of_it(
    client: Client, quote: Quote
) -> None:
    claim = a_claim(quote)
    url = claim.get_absolute_url()
    claim.withdraw(by=None, category="our error", reason="Secret reason.")
    assert client.get(url)["Location"] == f"/claims/{claim.pk}/"
    gone = client.get(f"/claims/{claim.pk}/")
    assert gone.status_code == 410
    text = gone.content.decode()
    assert "Our error" in text
    assert 'content="noindex"' in text
    for address in ("/claims/", "/corrections/"):
        assert f'href="{address}"' in text.partition("<main")[2].partition("</main>")[0]
    for word in ("office", "Seoul", "Kwon", "Secret"):
        assert word not in text


@pytest.mark.parametrize("state", ["draft", "in review", "held", "its quote held", "not theirs"])
def test_a_claim_that_readers_may_not_see_is_not_there(
    client: Client, quote: Quote, state: str
) -> None:
    claim = a_claim(quote, published=state not in ("draft", "in review"))
    if state == "in review":
        claim.submit(by=None)
    if state == "held":
        claim.hold(by=None)
    if state == "its quote held":
        quote.hold(by=None)
    if state == "not theirs":
        Quote.objects.filter(pk=quote.pk).update(
            attribution="misattributed", attribution_reason="Invented later."
        )
    for address in (claim.get_absolute_url(), f"/claims/{claim.pk}/"):
        assert client.get(address).status_code == 404


def test_search_engines_are_kept_from_claims_of_who_is_not_listed(
    client: Client, quote: Quote, make_speaker: Make
) -> None:
    claim = a_claim(quote)
    assert claim.get_absolute_url() in page(client, "/sitemap-claims.xml")
    assert "noindex" not in page(client, claim.get_absolute_url())
    JointSpeaker.objects.create(quote=quote, speaker=make_speaker("Private", listed=False))
    assert claim.get_absolute_url() not in page(client, "/sitemap-claims.xml")
    assert '<meta name="robots" content="noindex">' in page(client, claim.get_absolute_url())


# ---- What stands on it ----


def test_the_page_has_the_claim_the_finding_the_evidence_and_the_timeline(
    client: Client, quote: Quote, make_quote: Make, make_article: Make
) -> None:
    claim = a_claim(quote, due="2025-12")
    claim.claim_quotes.create(quote=make_quote("it is not so", said_on="2026"), role="denies")
    article = make_article("Opened", url_as_typed="https://news.example/opened")
    evidence = [{"article": article, "note": "It opened.", "happened_on": "2025-09-10"}]
    a_review(
        claim,
        evidence=evidence,
        reply_asked_on=date(2025, 9, 1),
        explanation="<p>As <b>seen</b>.</p>",
    )
    text = page(client, claim.get_absolute_url())
    parts = (
        *("earliest on record here", "26 May 2025", claim.text, "December 2025", "Kept"),
        *("The office opened in September.", "In the works", "As <b>seen</b>.", "Asked on"),
        *("no reply so far", "the editors of On Record", "1 January 2026", "No corrections"),
        *("Makes the claim", "we will open", "What happened", "It opened.", "Denies it"),
        *("it is not so", "Supports", 'href="https://news.example/opened"'),
    )
    places = [text.find(part, text.find("<main")) for part in parts]
    assert dict(zip(parts, places, strict=True)) == {
        part: place for part, place in zip(parts, places, strict=True) if place > 0
    }
    assert "Past its day" not in text


def test_a_promise_whose_day_has_passed_without_a_finding_is_overdue(
    client: Client, quote: Quote
) -> None:
    text = page(client, a_claim(quote, due="2025").get_absolute_url())
    assert "Past its day, no final verdict yet" in text
    assert "Not reviewed yet" in text


def test_who_only_repeats_it_does_not_make_it(
    client: Client, quote: Quote, make_quote: Make, make_speaker: Make
) -> None:
    claim = a_claim(quote)
    assert "Who makes it" in page(client, claim.get_absolute_url())
    claim.claim_quotes.create(
        quote=make_quote("as he says", speaker=make_speaker("Sam Altman")), role="repeats"
    )
    text = page(client, claim.get_absolute_url())
    assert "Who makes it" not in text
    assert "Who makes or repeats it" in text


def test_what_the_desk_writes_runs_in_the_direction_of_its_script(
    client: Client, quote: Quote
) -> None:
    arabic = "يفتح مكتب في سيول خلال أشهر"
    claim = a_claim(quote, text=arabic)
    evidence = [{"bearing": "nothing found", "note": arabic}]
    earlier = a_review(claim, "in-the-works", summary=arabic, evidence=evidence)
    a_review(
        claim, supersedes=earlier, summary=arabic, evidence=evidence, explanation=f"<p>{arabic}</p>"
    )
    Correction.objects.note(claim, kind="update", text=arabic, by=None)
    for address in (
        claim.get_absolute_url(),
        "/claims/",
        "/",
        quote.get_absolute_url(),
        quote.speaker.get_absolute_url(),
        "/corrections/",
    ):
        main = page(client, address).partition("<body")[2]
        around = re.findall(rf"<\w+[^>]*>\s*(?:<(?:p|a)\b[^>]*>\s*)?{arabic}", main)
        assert around, address
        told = [held for held in around if 'dir="auto"' not in held]
        assert not told, address


def test_earlier_findings_stay_as_history_each_with_its_day(client: Client, quote: Quote) -> None:
    claim = a_claim(quote)
    first = a_review(
        claim, "in-the-works", reviewed_on=date(2025, 6, 1), summary="Nothing was seen yet."
    )
    a_review(claim, supersedes=first)
    text = page(client, claim.get_absolute_url())
    current, _heading, earlier = text.partition('id="earlier"')
    assert "Nothing was seen yet." not in current
    assert f'<details id="review-{first.pk}">' in earlier
    assert "1 June 2025" in earlier
    assert "superseded by the finding of 1 January 2026" in earlier


def test_a_reply_stands_with_its_day(client: Client, quote: Quote) -> None:
    claim = a_claim(quote)
    a_review(claim, reply="We have opened it.", replied_on=date(2025, 9, 3))
    text = page(client, claim.get_absolute_url())
    assert 'Answered on <time datetime="2025-09-03">3 September 2025</time>' in text
    assert "We have opened it." in text
    assert "no reply so far" not in text


def test_a_corrected_claim_says_so(client: Client, quote: Quote) -> None:
    claim = a_claim(quote)
    a_review(claim)
    Correction.objects.note(claim, kind="correction", text="The day was wrong.", by=None)
    Correction.objects.update(made_on=date(2026, 5, 3))
    text = page(client, claim.get_absolute_url())
    assert "Corrected on 3 May 2026" in text
    assert "The day was wrong." in text.partition('id="corrections"')[2]
    assert "No corrections" not in text


@pytest.mark.parametrize("where", ["quote", "claims", "corrections", "home", "speaker", "claim"])
def test_our_own_words_are_in_our_language_on_the_korean_pages(
    client: Client, quote: Quote, make_quote: Make, where: str
) -> None:
    claim = a_claim(quote, text="An office opens")
    review = a_review(claim, "kept")
    for record in (claim, review):
        Correction.objects.note(record, kind="correction", text="So.", by=None)
    later = make_quote("again", said_on="2026")
    link = QuoteLink.objects.create(later=later, earlier=quote, kind="answers", note="A reply.")
    link.publish(by=None)
    search.catch_up()
    address = {
        "quote": quote.get_absolute_url(),
        "speaker": quote.speaker.get_absolute_url(),
        "claim": claim.get_absolute_url(),
        "home": "/",
    }.get(where, f"/{where}/")
    body = client.get(address, headers={"accept-language": "ko"}).content.decode()
    text = body.partition("<main")[2]
    ours = re.findall(r"(?:An office opens|A reply\.)(?=\s*</)", text)
    told = re.findall(
        r'lang="en"[^>]*>\s*(?:<a [^>]*>)?\s*(?:An office opens|A reply\.)(?=\s*</)', text
    )
    assert ours
    assert len(told) == len(ours)


def test_the_page_takes_at_most_eight_queries(
    client: Client,
    quote: Quote,
    make_quote: Make,
    make_speaker: Make,
    make_article: Make,
    make_publisher: Make,
    django_assert_max_num_queries: Any,
) -> None:
    claim = a_claim(quote)
    JointSpeaker.objects.create(quote=quote, speaker=make_speaker("Another"))
    checked = make_article("Checked", publisher=make_publisher("Fact Desk"))
    a_review(claim, "", article=checked, publisher=checked.publisher, rating_there="Half so")
    Correction.objects.note(claim, kind="correction", text="The day was wrong.", by=None)
    earlier = None
    for number in range(5):
        other = make_quote(f"words {number}", said_on=f"{2010 + number}")
        claim.claim_quotes.create(quote=other, role="repeats")
        answer = make_quote(f"not {number}", said_on=f"{2020 + number}")
        link = QuoteLink.objects.create(
            later=answer, earlier=other, kind="says otherwise", note="It is not so."
        )
        link.publish(by=None)
        earlier = a_review(claim, supersedes=earlier)
    client.get("/about/")  # the names of the pages about the site are looked up once a minute
    with django_assert_max_num_queries(8):
        text = page(client, claim.get_absolute_url())
    assert text.count("It is not so.") == 5
    assert "Half so" in text
    assert "The day was wrong." in text


def test_who_only_repeats_it_is_said_to_and_when_it_was_published_here(
    client: Client, quote: Quote, make_quote: Make, make_speaker: Make
) -> None:
    claim = a_claim(quote)
    again = make_quote("as they say", speaker=make_speaker("Echo"), said_on="2026")
    claim.claim_quotes.create(quote=again, role="repeats")
    Claim.objects.filter(pk=claim.pk).update(
        published_at="2026-11-26T03:00Z", updated_at="2026-11-27T03:00Z"
    )
    text = page(client, claim.get_absolute_url())
    who = text.partition('id="claimants"')[2].partition("</section>")[0]
    assert who.index("Echo") < who.index("Repeats it")
    assert who.count("Repeats it") == 1
    kept = re.sub(r"<[^>]+>", " ", text.partition('id="kept"')[2].partition("</section>")[0])
    kept = " ".join(kept.split())
    assert "Published here 26 November 2026 Last changed 27 November 2026" in kept


# ---- Hostile explanations ----


class _Runs(HTMLParser):
    """What a browser would run, load or send of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RUNNING:
            self.found.append(tag)
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("style", "src", "srcset", "action", "formaction"):
                self.found.append(f"{tag} {name}")
            scheme = re.match("[a-z][a-z0-9+.-]*:", address)
            if name == "href" and scheme and scheme[0] not in ("http:", "https:", "mailto:"):
                self.found.append(f"{tag} {name}={value}")


def explanations() -> list[str]:
    lines = [
        json.loads(line)["payload"]
        for name in ("xss", "sanitizer_expected")
        for line in (HOSTILE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return list(dict.fromkeys(lines))


def running(text: str) -> list[str]:
    reader = _Runs()
    reader.feed(text)
    return reader.found


@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile inputs are not beside this clone")
def test_no_hostile_explanation_runs_anything(client: Client, quote: Quote) -> None:
    """Fifty at a time, each in a finding of its own."""
    claim, reviews = a_claim(quote), []
    for _number in range(50):
        earlier = reviews[-1] if reviews else None
        reviews.append(a_review(claim, explanation="<p>Fine.</p>", supersedes=earlier))
    harmless = running(client.get(claim.get_absolute_url()).content.decode())
    assert harmless
    every, refused = explanations(), 0
    for start in range(0, len(every), len(reviews)):
        for review, payload in zip(reviews, every[start:], strict=False):
            review.explanation, review.skip_history_when_saving = payload, True
            try:
                review.save(update_fields=["explanation"])
            except ValidationError:  # too deep or too long: an editor is told so
                refused += 1
        text = client.get(claim.get_absolute_url()).content.decode()
        assert running(text) == harmless, every[start : start + len(reviews)]
        assert text.count("<summary>Explanation</summary>") > 0
    assert refused < len(every) / 20
