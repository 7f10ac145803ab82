"""Claim reviews that a page declares: read in every form, offered at the desk, and recorded once as drafts."""

import json
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from desk import said, tools, who_may
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tracker import reading
from tracker.importing import (
    ArticleError,
    declared_by,
    keep_declared,
    record_claim_review,
    short_claim,
)
from tracker.models import Article, Claim, Publisher, Review
from tracker.reading import ClaimReview

Make = Callable[..., Any]
WORDS = " ".join(["The managers of the company told members of parliament so."] * 12)
FOUND = "The office opened in September."
CLAIM = "OpenAI has opened an office in Seoul"


def a_page(**changes: Any) -> str:
    declared = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": CLAIM,
        "datePublished": "2025-09-12",
        "author": {"@type": "Organization", "name": "Fact Desk"},
        "reviewRating": {"@type": "Rating", "ratingValue": 4, "alternateName": "Mostly so"},
        "itemReviewed": {"@type": "Claim", "appearance": "https://example.org/said"},
    }
    script = json.dumps(declared | changes).replace("<", "\\u003c")
    return (
        "<html><head><title>Checked</title>"
        f'<script type="application/ld+json">{script}</script></head>'
        f"<body><article><h1>Checked</h1><p>{WORDS}</p></article></body></html>"
    )


@pytest.fixture
def article(db: None) -> Article:
    outlet = Publisher.objects.create(name="Fact Desk", domain="facts.example.org")
    return Article.objects.create(
        url_as_typed="https://facts.example.org/1", headline="Checked", publisher=outlet
    )


# --- Reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "appearance",
    [
        "https://example.org/said",
        {"@type": "CreativeWork", "url": "https://example.org/said"},
        {"@id": "https://example.org/said"},
        ["https://example.org/said", "https://example.org/again"],
        [{"@type": "CreativeWork"}, {"url": "https://example.org/said"}],
        [None, 5, {"url": {"@id": "https://example.org/said"}}],
    ],
)
def test_where_a_claim_appeared_is_read_in_every_form(appearance: Any) -> None:
    (found,) = reading.read(a_page(itemReviewed={"appearance": appearance})).claim_reviews
    assert found.claim_url == "https://example.org/said"
    assert (found.claim, found.verdict, found.reviewed_on) == (CLAIM, "Mostly so", "2025-09-12")


@pytest.mark.parametrize(
    "appearance", ["javascript:alert(1)", [], {}, 7, None, [[]], [{"url": []}]]
)
def test_what_is_no_address_is_none(appearance: Any) -> None:
    (found,) = reading.read(a_page(itemReviewed={"appearance": appearance})).claim_reviews
    assert found.claim_url == ""


# --- Recording ------------------------------------------------------------------------------------------


def test_a_declared_review_is_recorded_once_as_a_draft_of_a_draft_claim(
    article: Article, editor: Any
) -> None:
    declared = ClaimReview(claim=CLAIM, verdict="Mostly so", reviewed_on="2025-09-12")
    review, is_new = record_claim_review(article, declared, summary="So.", by=editor)
    assert is_new
    assert (review.status, review.claim.status, review.claim.text) == ("draft", "draft", CLAIM)
    assert (review.publisher, review.rating_there) == (article.publisher, "Mostly so")
    assert (review.reviewed_on, review.written_by) == (date(2025, 9, 12), editor)
    assert record_claim_review(article, declared, summary="So.", by=editor) == (review, False)
    assert (Claim.objects.count(), Review.objects.count()) == (1, 1)


def test_a_long_claim_is_cut_at_a_word(article: Article, editor: Any) -> None:
    long = "words of a claim " * 40
    cut = short_claim(long)
    assert len(cut) <= Claim.LONGEST
    assert long.startswith(cut.removesuffix("…"))
    assert cut.removesuffix("…").rsplit(" ", 1)[-1] in {"words", "of", "a", "claim"}
    assert len(short_claim("x" * 1000)) <= Claim.LONGEST
    declared = ClaimReview(claim=long, verdict="v" * 500)
    review, _new = record_claim_review(article, declared, summary="So.", by=editor)
    assert (review.claim.text, len(review.rating_there)) == (cut, 200)


def test_days_to_come_and_unknown_ones_are_not_believed(article: Article, editor: Any) -> None:
    article.published_on = "2025-09"
    article.save()
    told = ClaimReview(claim=CLAIM, reviewed_on="3000-01-01")
    assert record_claim_review(article, told, summary="So.", by=editor)[0].reviewed_on == date(
        2025, 9, 1
    )


def test_a_page_without_a_publisher_is_told(make_article: Make, editor: Any) -> None:
    with pytest.raises(ArticleError, match="no publisher on record"):
        record_claim_review(make_article(), ClaimReview(claim=CLAIM), summary="So.", by=editor)
    assert not Claim.objects.exists()


# --- At the desk ----------------------------------------------------------------------------------------


def bring(desk: Client, page: str) -> Any:
    given = {"text": page, "url": "https://facts.example.org/1"}
    answer = desk.post(reverse("admin:tracker_article_import"), given, follow=True)
    assert answer.status_code == 200
    return answer


def recorded(desk: Client, here: str, **fields: Any) -> Any:
    """The answer to “Record it” below the first declared review, with these fields filled in."""
    (first, *_rest) = desk.get(here).context["offered"]
    given = {f"{first.prefix}-{name}": value for name, value in fields.items()}
    return desk.post(here, given | {"_record": first.prefix})


def test_an_imported_page_offers_its_claim_reviews_and_records_a_draft(
    desk: Client, article: Article
) -> None:
    shown = unescape(bring(desk, a_page()).content.decode())
    assert f"This page declares a claim review: {CLAIM}" in shown
    assert "Mostly so" in shown
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert here in shown
    for _ in range(2):
        answer = recorded(desk, here, summary=FOUND)
        review = Review.objects.get()
        assert answer.url == reverse("admin:tracker_review_change", args=[review.pk])
    assert (review.claim.text, review.summary) == (CLAIM, FOUND)
    change = desk.get(reverse("admin:tracker_article_change", args=[article.pk]))
    assert "Claim reviews that it declares" in tools(change)


def test_an_editor_chooses_a_claim_that_is_there(desk: Client, article: Article) -> None:
    like = Claim.objects.create(text=f"{CLAIM} city")
    other = Claim.objects.create(text="Something else")
    bring(desk, a_page())
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert like.text in desk.get(here).content.decode()
    recorded(desk, here, summary=FOUND, like=like.pk)
    recorded(desk, here, summary=FOUND, like="", claim=other.pk)
    assert {review.claim for review in Review.objects.all()} == {like, other}
    for wrong in ({"like": "9" * 40}, {"claim": "9" * 40}):
        assert recorded(desk, here, summary=FOUND, **wrong).status_code == 200
    assert desk.post(here, {"_record": "9" * 40}).status_code == 200
    assert Review.objects.count() == 2


def test_what_a_page_declares_is_kept_for_every_editor_and_waits_until_one_records_it(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page())
    desk.force_login(get_user_model().objects.create_superuser("another"))
    told = "1 article declares claim reviews that nobody has recorded"
    waiting = f"{reverse('admin:tracker_article_changelist')}?queue=declared"
    front = desk.get(reverse("admin:index")).content.decode()
    assert told in front
    assert waiting in front
    assert "Checked" in desk.get(waiting).content.decode()
    recorded(desk, reverse("admin:tracker_article_claim_reviews", args=[article.pk]), summary=FOUND)
    assert Review.objects.get().written_by.username == "another"
    assert told not in desk.get(reverse("admin:index")).content.decode()
    assert "Checked" not in desk.get(waiting).content.decode()


def test_what_nobody_wants_to_record_is_left_out_and_waits_no_more(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page())
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert "Leave them out" in desk.get(here).content.decode()
    assert said(desk.post(here, {"_leave": "1"})) == [
        "Left out. Reading the page again brings them back."
    ]
    assert "nobody has recorded" not in desk.get(reverse("admin:index")).content.decode()
    assert "Leave them out" not in desk.get(here).content.decode()
    assert not Review.objects.exists()


def test_text_alone_declares_nothing_and_takes_nothing_away(desk: Client, article: Article) -> None:
    bring(desk, a_page())
    bring(desk, f"Checked\n\n{WORDS}")
    article.refresh_from_db()
    assert len(article.declares) == 1
    bring(desk, a_page(**{"@type": "NewsArticle"}))
    article.refresh_from_db()
    assert article.declares is None


def test_no_other_review_is_recorded_when_the_page_was_read_again_meanwhile(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page())
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    (form,) = desk.get(here).context["offered"]
    bring(desk, a_page(claimReviewed="The office has closed"))
    given = {"_record": form.prefix, f"{form.prefix}-summary": FOUND}
    answer = desk.post(here, given)
    assert answer.status_code == 200
    assert "read again meanwhile" in answer.content.decode()
    assert not Review.objects.exists()


def test_what_a_page_declares_is_kept_within_bounds(article: Article) -> None:
    many = [ClaimReview(claim="c" * 5_000, appearances=("https://example.org/",))] * 50
    keep_declared(article, many)
    article.refresh_from_db()
    assert len(article.declares) == 20
    assert declared_by(article)[0].claim == "c" * 1_000
    assert declared_by(article)[0].appearances == ("https://example.org/",)
    assert not hasattr(article.history.first(), "declares")


def test_words_that_are_blanked_for_good_leave_nothing_declared(
    article: Article, make_quote: Make, editor: Any
) -> None:
    quote = make_quote(article=article)
    keep_declared(article, [ClaimReview(claim=CLAIM)])
    quote.redact(by=editor, category="legal")
    article.refresh_from_db()
    assert article.declares is None


def test_hostile_text_of_a_page_stays_text(desk: Client, article: Article) -> None:
    evil = "</script><script>alert(1)</script>"
    bring(desk, a_page(claimReviewed=evil, author={"name": evil}, reviewRating={"name": evil}))
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert "<script>alert(1)" not in desk.get(here).content.decode()
    recorded(desk, here, summary=evil)
    review = Review.objects.get()
    assert review.summary == evil
    page = desk.get(reverse("admin:tracker_review_change", args=[review.pk]))
    assert "<script>alert(1)" not in page.content.decode()


def test_a_page_that_cannot_be_read_again_is_told(desk: Client, article: Article) -> None:
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    article.url_as_typed = "http://127.0.0.1:9/"
    article.save()
    answer = desk.post(here, {"_look": "1"})
    assert answer.status_code == 302
    assert said(answer)


def test_who_may_not_write_reviews_is_refused(client: Client, article: Article) -> None:
    client.force_login(get_user_model().objects.create_user("new", is_staff=True))
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert client.get(here).status_code == 403
    # It names claims, drafts among them, that are like the declared ones.
    assert who_may("view_article", "add_claim", "add_review").get(here).status_code == 403


# --- What the editor adds -------------------------------------------------------------------------------


def test_all_places_where_a_claim_appeared_are_linked_and_nothing_else(
    desk: Client, article: Article
) -> None:
    places = ["https://example.org/said", {"url": "https://example.org/again"}, "javascript:x()"]
    first = {"@id": "https://example.org/first"}
    bring(desk, a_page(itemReviewed={"appearance": places, "firstAppearance": first}))
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    page = desk.get(here).content.decode()
    for place in ("said", "again", "first"):
        assert f'<a href="https://example.org/{place}"' in page
    assert page.count('rel="nofollow') == 3
    assert "javascript:x()" not in page


def test_the_summary_is_the_editors_to_write_unless_the_page_describes_its_review(
    desk: Client, article: Article
) -> None:
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    bring(desk, a_page())
    (form,) = desk.get(here).context["offered"]
    assert form["summary"].value() == ""
    answer = recorded(desk, here)
    assert "required" in answer.context["offered"][0].errors["summary"][0]
    assert "This field is required" in answer.content.decode()
    assert not Review.objects.exists()
    bring(desk, a_page(description="It has a lease. " * 40))
    (form,) = desk.get(here).context["offered"]
    assert form["summary"].value().startswith("It has a lease. It has")
    assert len(form["summary"].value()) <= 300
    assert recorded(desk, here, summary=form["summary"].value()).status_code == 302


@pytest.mark.parametrize("name", ["Another Desk", "<script>alert(1)</script>"])
def test_a_page_without_a_publisher_is_offered_the_declared_authors_name(
    desk: Client, article: Article, name: str
) -> None:
    bring(desk, a_page(author={"name": name}))
    Article.objects.update(publisher=None)
    Publisher.objects.all().delete()
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    page = desk.get(here)
    (form,) = page.context["offered"]
    offered = form["publisher"].value()
    assert "<script>alert(1)" not in page.content.decode()
    assert not Publisher.objects.exists()
    refused = recorded(desk, here, summary=FOUND, publisher="")
    assert "publisher" in refused.context["offered"][0].errors
    assert recorded(desk, here, summary=FOUND, publisher=offered or name).status_code == 302
    review = Review.objects.get()
    article.refresh_from_db()
    assert review.publisher == article.publisher == Publisher.objects.get()
    assert article.history.first().history_user.username == "editor"


def test_the_publisher_of_a_name_is_found_and_not_made_again(
    make_article: Make, article: Article, editor: Any
) -> None:
    page = make_article()
    declared = ClaimReview(claim=CLAIM)
    record_claim_review(page, declared, summary=FOUND, publisher="FACT desk", by=editor)
    page.refresh_from_db()
    assert page.publisher == article.publisher
    assert Publisher.objects.filter(folded="fact desk").count() == 1


def test_what_is_refused_is_told_beside_the_field_and_nothing_is_lost(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page(claimReviewed="False: the office has opened"))
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    answer = recorded(desk, here, summary=FOUND)
    assert "begins with a verdict" in answer.context["offered"][0].errors["claim"][0]
    assert FOUND in answer.content.decode()
    assert not Claim.objects.exists()


# --- What is on record ----------------------------------------------------------------------------------


def test_a_declared_review_that_is_on_record_is_linked_and_not_offered_again(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page())
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    cards = reverse("admin:tracker_article_review", args=[article.pk])
    for page in (here, cards):
        assert "Record it" in desk.get(page).content.decode()
    claim = Claim.objects.create(text=CLAIM.upper())
    recorded(desk, here, summary=FOUND, claim=claim.pk)
    review = Review.objects.get()
    assert review.claim == claim
    link = f'<a href="{reverse("admin:tracker_review_change", args=[review.pk])}">'
    for page in (here, cards):
        text = desk.get(page).content.decode()
        assert f"{link}Recorded as review {review.pk}</a>" in text
        assert "Record it" not in text
        assert "Recorded from this page:" not in text
    (form,) = desk.get(here).context["offered"]
    assert form["summary"].html_name not in desk.get(here).content.decode()


def test_of_two_declared_reviews_the_one_that_is_not_on_record_is_offered(
    desk: Client, article: Article, editor: Any
) -> None:
    first, second = ClaimReview(claim=CLAIM), ClaimReview(claim="The office has closed")
    keep_declared(article, [first, second])
    record_claim_review(article, second, summary="So.", by=editor)
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    text = desk.get(here).content.decode()
    assert text.index("Record it") < text.index("Recorded as review")
    assert text.count("Record it") == 1
    assert text.count("Recorded as review") == 1


def test_reviews_of_other_claims_that_the_article_has_are_linked_above_the_forms(
    desk: Client, article: Article
) -> None:
    bring(desk, a_page())
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    other = Claim.objects.create(text="Something <b>else</b>")
    recorded(desk, here, summary=FOUND, claim=other.pk)
    link = reverse("admin:tracker_review_change", args=[Review.objects.get().pk])
    text = desk.get(here).content.decode()
    above, _record, _below = text.partition("Record it")
    assert "Recorded from this page:" in above
    assert f'<a href="{link}">Something &lt;b&gt;else&lt;/b&gt;</a>' in above
    assert _record


def test_a_review_of_a_withdrawn_claim_does_not_keep_a_declared_one_from_being_recorded(
    desk: Client, article: Article, make_quote: Make, editor: Any
) -> None:
    declared = ClaimReview(claim=CLAIM)
    keep_declared(article, [declared])
    review, _new = record_claim_review(article, declared, summary="So.", by=editor)
    here = reverse("admin:tracker_article_claim_reviews", args=[article.pk])
    assert "Record it" not in desk.get(here).content.decode()
    review.claim.claim_quotes.create(quote=make_quote(), role="makes")
    review.claim.publish(by=editor)
    review.claim.withdraw(by=editor, category="our error", reason="Worded wrongly.")
    text = desk.get(here).content.decode()
    assert "Record it" in text
    assert "Recorded from this page:" in text
