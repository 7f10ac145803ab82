"""What a claim's page says to machines is true, and valid."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from claiming import a_claim, a_review
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone, translation
from pydantic import ValidationError
from structured import blocks, read, read_strictly

from tracker import linked_data, records
from tracker.models import Claim, JointSpeaker, Quote

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def data_of(claim: Claim) -> Any:
    """What the page says, read strictly: what the models write of it is the very same."""
    text = linked_data.claim_data(records.claim_record(Claim.objects.to_show().get(pk=claim.pk)))
    return read_strictly(text)


@pytest.fixture
def claim(make_quote: Make, make_article: Make, make_position: Make) -> Claim:
    position = make_position()
    article = make_article(
        "OpenAI to open office in Seoul",
        url_as_typed="https://news.example/seoul",
        published_on="2025-05-27",
    )
    quote = make_quote(
        "we will open an office in Seoul",
        speaker=position.person,
        position=position,
        said_on="2025-05-26",
        article=article,
    )
    return a_claim(quote)


# ---- The check itself ----


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "ClaimReview", "claimReviewd": "A letter is missing."},
        {"@type": "ClaimReview", "claimReviewed": 5},
        {"@type": "ClaimReview", "author": {"@type": "Rating", "ratingValue": 5}},
        {"@type": "ClaimReview", "reviewRating": "Kept"},
        {"@type": "Claim", "appearance": "https://news.example/seoul"},
        {"@type": "Claim", "author": {"@type": "Speaker", "name": "Jason Kwon"}},
        {"@type": "Rating", "ratingValue": {"@type": "Rating"}},
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(wrong: Any) -> None:
    with pytest.raises((ValidationError, AttributeError)):
        read(wrong)


# ---- A claim, and a review of it ----


def test_a_claim_without_a_review_is_a_claim(claim: Claim) -> None:
    assert data_of(claim) == {
        "@context": "https://schema.org",
        "@type": "Claim",
        "name": claim.text,
        "url": f"http://127.0.0.1:8000{claim.get_absolute_url()}",
        "author": {
            "@type": "Person",
            "name": "Jason Kwon",
            "url": "http://127.0.0.1:8000/speakers/jason-kwon/",
        },
        "datePublished": "2025-05-26",
        "appearance": {
            "@type": "CreativeWork",
            "url": "https://news.example/seoul",
            "headline": "OpenAI to open office in Seoul",
            "datePublished": "2025-05-27",
        },
    }


def test_a_final_verdict_of_ours_makes_a_claim_review(claim: Claim) -> None:
    with time_machine.travel("2026-02-03T12:00Z", tick=False):
        a_review(claim, reviewed_on=date(2026, 1, 1))
    data = data_of(claim)
    item = data.pop("itemReviewed")
    assert item["@type"] == "Claim"
    assert data == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"http://127.0.0.1:8000{claim.get_absolute_url()}",
        "claimReviewed": claim.text,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Kept",
            "ratingValue": 3,
            "worstRating": 1,
            "bestRating": 3,
        },
        "author": {
            "@type": "Organization",
            "name": "On Record",
            "url": "http://127.0.0.1:8000/",
        },
        "datePublished": "2026-02-03",
    }


def test_it_is_dated_by_the_day_that_it_was_here_when_it_was_published(claim: Claim) -> None:
    with time_machine.travel("2026-02-03T20:00Z", tick=False):
        a_review(claim)
    with timezone.override("Asia/Seoul"):
        assert data_of(claim)["datePublished"] == "2026-02-04"


def test_a_verdict_is_told_to_machines_by_its_own_name_in_every_language(claim: Claim) -> None:
    review = a_review(claim)
    assert review.verdict is not None
    review.verdict.names.update_or_create(language="ko", defaults={"name": "지킴"})
    with translation.override("ko"):
        assert "지킴" in records.claim_record(Claim.objects.to_show().get(pk=claim.pk)).title
        assert data_of(claim)["reviewRating"]["alternateName"] == "Kept"


def test_a_reviewer_who_is_named_is_its_author(claim: Claim) -> None:
    user = get_user_model().objects.create_user("mk", first_name="Minji", last_name="Kim")
    a_review(claim, reviewer=user, reviewer_is_named=True)
    assert data_of(claim)["author"] == {"@type": "Person", "name": "Minji Kim"}


@pytest.mark.parametrize("verdict", ["in-the-works", ""])
def test_an_interim_finding_or_one_with_no_verdict_makes_none(claim: Claim, verdict: str) -> None:
    a_review(claim, verdict)
    assert data_of(claim)["@type"] == "Claim"


def test_another_outlets_finding_makes_none(
    claim: Claim, make_publisher: Make, make_article: Make
) -> None:
    outlet = make_publisher("The Checkers")
    page = make_article(publisher=outlet)
    a_review(claim, "", publisher=outlet, article=page, rating_there="True")
    assert data_of(claim)["@type"] == "Claim"


def test_a_finding_that_is_held_or_superseded_by_an_interim_one_makes_none(claim: Claim) -> None:
    review = a_review(claim)
    later = a_review(claim, "in-the-works", supersedes=review)
    assert data_of(claim)["@type"] == "Claim"
    later.hold(by=None)
    assert data_of(claim)["@type"] == "ClaimReview"
    review.hold(by=None)
    assert data_of(claim)["@type"] == "Claim"


def test_a_verdict_without_a_number_is_told_by_its_name_alone(claim: Claim) -> None:
    claim = a_claim(claim.claim_quotes.get().quote, kind="factual", text="Korea is large")
    a_review(claim, "unverifiable")
    assert data_of(claim)["reviewRating"] == {"@type": "Rating", "alternateName": "Unverifiable"}


# ---- The parts of a claim ----


def test_several_claimants_are_people_and_organisations_and_the_unnamed_are_none(
    claim: Claim, make_quote: Make, make_speaker: Make
) -> None:
    quote = claim.claim_quotes.get().quote
    JointSpeaker.objects.create(
        quote=quote, speaker=make_speaker("OpenAI Korea", kind="organisation")
    )
    quote.save()
    for fields in ({"speaker_described_as": "an official"}, {"speaker": make_speaker("Denier")}):
        role = "repeats" if "speaker_described_as" in fields else "denies"
        claim.claim_quotes.create(quote=make_quote(**fields), role=role)
    authors = data_of(claim)["author"]
    assert [(each["@type"], each["name"]) for each in authors] == [
        ("Person", "Jason Kwon"),
        ("Organization", "OpenAI Korea"),
    ]


def test_who_only_repeats_it_is_not_its_author(
    claim: Claim, make_quote: Make, make_speaker: Make
) -> None:
    repeated = make_quote("as he says", speaker=make_speaker("Sam Altman"))
    claim.claim_quotes.create(quote=repeated, role="repeats")
    assert data_of(claim)["author"]["name"] == "Jason Kwon"


@pytest.mark.parametrize("said", ["2025-05", "2025", "", "2025-05-26~", "2025-05-01/2025-06-01"])
def test_a_date_that_is_not_known_to_the_day_is_left_out(make_quote: Make, said: str) -> None:
    data = data_of(a_claim(make_quote(said_on=said)))
    assert "datePublished" not in data or said.startswith("2025-05-26")


def test_a_private_source_is_no_appearance(make_quote: Make, make_article: Make) -> None:
    secret = make_article(
        "Leaked minutes", access="private", url_as_typed="https://secret.example/1"
    )
    data = data_of(a_claim(make_quote(article=secret)))
    assert "appearance" not in data
    assert "secret" not in str(data)


def test_the_first_appearance_is_told_only_when_an_editor_confirmed_it(claim: Claim) -> None:
    assert "firstAppearance" not in data_of(claim)
    claim.claim_quotes.update(first_appearance=True)
    data = data_of(claim)
    assert data["firstAppearance"] == data["appearance"]


def test_words_that_are_not_theirs_and_denials_are_no_appearance(
    claim: Claim, make_quote: Make, make_article: Make
) -> None:
    wrong = {"attribution": "misattributed", "attribution_reason": "Invented later."}
    for role, fields in (("repeats", wrong), ("denies", {})):
        article = make_article(role, url_as_typed=f"https://{role}.example/1")
        claim.claim_quotes.create(quote=make_quote("x", article=article, **fields), role=role)
    assert data_of(claim)["appearance"]["url"] == "https://news.example/seoul"


# ---- On the page ----


def blocks_of(claim: Claim) -> list[str]:
    return blocks(Client().get(claim.get_absolute_url()).content.decode())


def test_a_page_has_one_block_and_one_review_at_most(claim: Claim) -> None:
    first = a_review(claim, reviewed_on=date(2025, 6, 1))
    a_review(claim, "broken", supersedes=first)
    (block,) = blocks_of(claim)
    assert block.count("ClaimReview") == 1
    assert json.loads(block)["reviewRating"]["alternateName"] == "Broken"


def test_no_name_ends_the_block(make_quote: Make, make_speaker: Make) -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028 \u2029"
    quote: Quote = make_quote(speaker=make_speaker(evil))
    claim = a_claim(quote, text=f"So {evil}")
    (block,) = blocks_of(claim)
    assert not re.search("[<>&\u2028\u2029]", block)
    data = json.loads(block)
    assert (data["name"], data["author"]["name"]) == (claim.text, quote.speaker.name)
    assert "</script>" in data["name"]
