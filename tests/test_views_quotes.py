"""The page of a quote: its address, what it says, and what stands there when it may not be shown."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse

from tracker import search
from tracker.models import Article, Capture, Claim, JointSpeaker, Quote, QuoteLink, Review, Verdict

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def bare(quote: Quote) -> str:
    return reverse("quote-bare", args=[quote.pk])


def page(client: Client, quote: Quote) -> str:
    response = client.get(quote.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


# ---- Addresses ----


@pytest.mark.parametrize(
    "wrong", ["", "nobody-said-this/", "Jason-Kwon-Infrastructure-Is-Destiny/"]
)
def test_every_other_address_of_a_quote_leads_to_the_right_one(
    client: Client, make_quote: Make, wrong: str
) -> None:
    quote = make_quote()
    response = client.get(f"{bare(quote)}{wrong}?from=a&b=%20c")
    assert response.status_code == 301
    assert response["Location"] == f"{quote.get_absolute_url()}?from=a&b=%20c"


def test_a_quote_in_korean_has_a_readable_address_that_works(
    client: Client, make_quote: Make
) -> None:
    quote = make_quote("한국은 기술 강국이다", citation={"language": "ko"})
    assert quote.slug.endswith("한국은-기술-강국이다")
    assert client.get(f"/quotes/{quote.pk}/{quote.slug}/").status_code == 200


@pytest.mark.parametrize("number", ["0", "01", "-1", "9" * 19, "９"])
def test_a_number_that_no_quote_can_have_is_not_found(client: Client, number: str) -> None:
    assert client.get(f"/quotes/{number}/").status_code == 404


def test_the_page_answers_only_to_reading(client: Client, make_quote: Make) -> None:
    quote = make_quote()
    assert client.post(quote.get_absolute_url()).status_code == 405
    assert client.head(quote.get_absolute_url()).status_code == 200


# ---- What may not be shown ----


@pytest.mark.parametrize("state", ["draft", "in review", "held"])
def test_what_readers_may_not_see_answers_like_what_never_was(
    client: Client, make_quote: Make, editor: AbstractBaseUser, state: str
) -> None:
    quote = make_quote("unspoken words", published=state == "held")
    if state == "in review":
        quote.submit(by=editor)
    if state == "held":
        quote.hold(by=editor)
    for address in (bare(quote), f"{bare(quote)}wrong/", quote.get_absolute_url()):
        response = client.get(address)
        assert response.status_code == 404
        assert "Location" not in response
        assert b"unspoken words" not in response.content


def test_a_withdrawn_quote_is_gone_without_words_or_name(
    client: Client, make_quote: Make, editor: AbstractBaseUser
) -> None:
    quote = make_quote("unspoken words")
    quote.withdraw(by=editor, category="privacy", reason="The family asked for it.")
    response = client.get(bare(quote))
    text = response.content.decode()
    assert response.status_code == 410
    assert "Privacy" in text
    assert 'name="robots" content="noindex"' in text
    assert [word for word in ("unspoken", "Kwon", "kwon", "family") if word in text] == []


def test_the_old_address_of_a_withdrawn_quote_leads_to_the_bare_one_for_now(
    client: Client, make_quote: Make, editor: AbstractBaseUser
) -> None:
    quote = make_quote()
    address = quote.get_absolute_url()
    quote.withdraw(by=editor, category="our error", reason="Not what the page says.")
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, bare(quote))
    quote.publish(by=editor)
    assert client.get(address).status_code == 200


def test_a_joined_quote_leads_to_the_one_it_is_now_a_part_of(
    client: Client, make_quote: Make, editor: AbstractBaseUser
) -> None:
    kept, joined = make_quote("one"), make_quote("two")
    kept.absorb(joined, by=editor)
    response = client.get(bare(joined))
    assert (response.status_code, response["Location"]) == (301, kept.get_absolute_url())


def test_a_quote_joined_into_a_held_one_does_not_lead_there(
    client: Client, make_quote: Make, editor: AbstractBaseUser
) -> None:
    kept, joined = make_quote("one"), make_quote("two")
    kept.absorb(joined, by=editor)
    kept.hold(by=editor)
    response = client.get(bare(joined))
    assert response.status_code == 410
    assert b"one" not in response.content.split(b"<main")[1].split(b"</main")[0].replace(
        b"longer", b""
    )


# ---- What it says ----


def test_words_carry_their_language_direction_and_kind(client: Client, make_quote: Make) -> None:
    quote = make_quote("لو لم أكن مصريًا", citation={"language": "ar"})
    assert '<blockquote class="words direct anchor unchecked huge"' in page(client, quote)
    assert 'lang="ar"' in page(client, quote)
    assert 'dir="rtl"' in page(client, quote)


def test_the_page_says_all_that_is_known_of_a_quote(
    client: Client, make_quote: Make, make_occasion: Make, make_position: Make, make_topic: Make
) -> None:
    position = make_position()
    quote = make_quote(
        speaker=position.person,
        position=position,
        occasion=make_occasion(place="Four Seasons Hotel Seoul"),
        prompt="Why Korea?",
        context="He spoke of data centres.",
        said_on="2025-05-26",
        said_on_as_given="last Monday",
        spoken_language="ko",
        topics=[make_topic("Infrastructure")],
        attribution="disputed",
        attribution_reason="Another paper has it otherwise.",
        citation={
            "attributed_as": "CSO Kwon",
            "locator": "12",
            "locator_kind": "page",
            "basis": "transcript",
        },
    )
    text = page(client, quote)
    said = [
        "Chief Strategy Officer, OpenAI",
        '<time datetime="2025-05-26">26 May 2025</time>',
        "In the source: “last Monday”",
        "Four Seasons Hotel Seoul",
        "Why Korea?",
        "He spoke of data centres.",
        "Another paper has it otherwise.",
        "Disputed",
        "In quotation marks",
        "Not checked",
        "CSO Kwon",
        "Page 12.",
        "Basis: transcript.",
        "the speaker’s own words are not on record",
        "/topics/infrastructure/",
        "Report an error",
    ]
    assert [each for each in said if each not in text] == []
    assert text.count("<h1") == 1


def test_a_source_is_linked_without_credit_and_with_its_latest_archived_copy(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    article = make_article(url_as_typed="https://www.news1.kr/5794543")
    for year in (2024, 2026, 2025):
        Capture.objects.create(
            article=article,
            method="web archive",
            taken_at=f"{year}-01-01T00:00Z",
            archive_url=f"https://archive.example.org/{year}",
        )
    text = " ".join(page(client, make_quote(article=article)).split())
    assert (
        'rel="noopener nofollow" href="https://www.news1.kr/5794543"> Read it at news1.kr' in text
    )
    assert "https://archive.example.org/2026" in text
    assert "https://archive.example.org/2025" not in text


def test_the_mail_to_the_desk_names_the_page(client: Client, make_quote: Make) -> None:
    quote = make_quote()
    text = page(client, quote)
    subject = f"Error%20on%20http%3A%2F%2F127.0.0.1%3A8000%2Fquotes%2F{quote.pk}%2F"
    assert f"mailto:desk@example.org?subject={subject}" in text


def test_a_preview_has_the_title_and_the_words_in_full(client: Client, make_quote: Make) -> None:
    words = "we consider a long relationship " * 6
    text = page(client, make_quote(words.strip(), said_on="2025-05"))
    assert '<meta property="og:title" content="Jason Kwon, May 2025: “we consider' in text
    assert f"“{words.strip()}” — Jason Kwon" in text
    assert '<meta property="og:type" content="website">' in text


def test_words_that_look_like_html_are_shown_as_they_are(client: Client, make_quote: Make) -> None:
    text = page(client, make_quote('if a <b & "c" then', attribution_reason="5 > 4"))
    assert "if a &lt;b &amp; &quot;c&quot; then" in text
    assert "a <b" not in text


def test_a_quote_of_an_unlisted_speaker_is_kept_from_search_engines(
    client: Client, make_quote: Make, make_speaker: Make
) -> None:
    hidden = make_quote("hidden", speaker=make_speaker("A Private Person", listed=False))
    assert 'content="noindex"' in page(client, hidden)
    assert 'content="noindex"' not in page(client, make_quote())


def test_others_of_the_occasion_and_of_the_source_stand_below(
    client: Client, make_quote: Make, make_occasion: Make, make_article: Make
) -> None:
    occasion, article = make_occasion(), make_article()
    quote = make_quote("this one", occasion=occasion, article=article)
    for number in range(7):
        make_quote(f"there number {number}", occasion=occasion)
    make_quote("elsewhere in the article", article=article)
    make_quote("a draft of the day", occasion=occasion, published=False)
    wrong = {"attribution": "misattributed", "attribution_reason": "Invented."}
    make_quote("never said there", occasion=occasion, **wrong)
    text = " ".join(page(client, quote).split())
    assert text.count("there number") == 5
    assert "All 8 quotes of the occasion" in text
    assert f"/quotes/?occasion={occasion.slug}" in text.replace("%E2%80%99", "’")
    assert "elsewhere in the article" in text
    assert "a draft of the day" not in text
    assert "never said there" not in text


def test_a_private_source_does_not_tie_its_quotes_together(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    private = make_article("Leaked", access="private")
    quote = make_quote("this one", article=private)
    make_quote("from the same hand", article=private)
    assert "from the same hand" not in page(client, quote)


# ---- Cost ----


@pytest.mark.parametrize("many", [1, 12])
def test_a_quotes_page_takes_at_most_twelve_queries(
    client: Client,
    django_assert_max_num_queries: Any,
    make_quote: Make,
    make_citation: Make,
    make_occasion: Make,
    make_article: Make,
    make_speaker: Make,
    make_topic: Make,
    many: int,
) -> None:
    occasion = make_occasion()
    quote = make_quote(occasion=occasion, topics=[make_topic(f"Topic {n}") for n in range(many)])
    for number in range(many):
        article = make_article(f"Far {number}", original=make_article(), relation="re-report")
        make_citation(quote, f"wording {number}", article=article, language="ko")
        JointSpeaker.objects.create(quote=quote, speaker=make_speaker(f"Joint {number}"))
        make_quote(f"other {number}", occasion=occasion)
        make_quote(f"same source {number}", article=article)
        _link_and_claim(quote, make_quote(f"said since {number}"), article)
    search.catch_up()
    client.get("/about/")  # the pages in the footer are looked up once a minute for all
    # Two of them for what the page tells beside the quote itself: its links, and its claims with their findings.
    with django_assert_max_num_queries(12):
        text = client.get(quote.get_absolute_url()).content.decode()
    assert text.count("Clarifies") == text.count("Half true") == many


def _link_and_claim(quote: Quote, later: Quote, article: Article) -> None:
    link = QuoteLink.objects.create(
        later=later, earlier=quote, kind="clarifies", note="It says more.", asserted_in=article
    )
    claim = Claim.objects.create(text=f"What quote {later.pk} clarifies")
    claim.claim_quotes.create(quote=quote)
    verdict = Verdict.objects.get(slug="half-true")
    review = Review.objects.create(
        claim=claim, verdict=verdict, summary="Found.", reviewed_on=date(2026, 1, 1)
    )
    review.evidence.create(article=article)
    for each in (link, claim, review):
        each.publish(by=None)


def test_the_reason_for_leaving_a_name_out_stands_among_the_facts(
    client: Client, make_quote: Make
) -> None:
    quote = make_quote(speaker_described_as="a senior official", anonymity_reason="not allowed")
    heading, _end, facts = page(client, quote).partition("</h1>")
    assert "not allowed" not in heading.partition("<h1")[2]
    assert "Why unnamed" in facts
    assert "not allowed" in facts
    assert "Why unnamed" not in page(client, make_quote())


def test_what_a_speaker_was_then_is_not_asked_of_an_organisation_that_speaks_itself(
    client: Client, make_quote: Make, make_speaker: Make
) -> None:
    organisation = make_speaker("OpenAI", kind="organisation")
    assert "As what, then" not in page(client, make_quote(speaker=organisation))
    assert "As what, then" in page(client, make_quote())


def test_evidence_in_a_private_source_does_not_pass_for_the_leading_wording(
    client: Client, make_quote: Make, make_citation: Make, make_article: Make
) -> None:
    quote, letter = make_quote(), make_article("", access="private", medium="letter")
    make_citation(quote, "told in secret", article=letter, role="evidence on attribution")
    _sources, _heading, evidence = page(client, quote).partition("Evidence on who said these words")
    assert "A private source (letter)" in evidence
    assert "told in secret" not in evidence
    assert "Gives the leading wording above" not in evidence


def test_a_place_in_the_source_ends_with_one_full_stop(client: Client, make_quote: Make) -> None:
    text = page(client, make_quote(citation={"locator": "11.15 a.m.", "locator_kind": "time"}))
    assert "At 11.15 a.m." in text
    assert "a.m.." not in text
    assert "Page 12." in page(
        client, make_quote(citation={"locator": "12", "locator_kind": "page"})
    )


def test_a_byline_that_is_the_publishers_name_is_not_said_after_it(
    client: Client, make_quote: Make, make_article: Make, make_publisher: Make
) -> None:
    publisher = make_publisher("Knowing Korea")
    article = make_article(publisher=publisher, byline="Knowing Korea", language="en")
    assert "<cite>Knowing Korea</cite>" in page(client, make_quote(article=article))
    assert '<span lang="en">Knowing Korea</span>' not in page(client, make_quote(article=article))


# ---- What was found in the source ----

TEXT = "Much else. Mr Kwon said that “infrastructure is destiny,” and more. Much else."
AT = datetime(2025, 5, 26, 9, tzinfo=UTC)


@pytest.fixture
def cited(make_quote: Make, make_article: Make) -> Quote:
    article = make_article(url_as_typed="https://example.org/seoul")
    quote: Quote = make_quote("infrastructure is destiny", article=article)
    return quote


def look(quote: Quote, text: str = TEXT, **fields: Any) -> Capture:
    """A copy of the source, in which its words are looked for."""
    how = {"method": "fetched", "taken_at": AT, "headline": quote.lead.article.headline} | fields
    capture = Capture.objects.create(article=quote.lead.article, text=text, **how)
    if text:
        quote.lead.check_against(capture, by=None)
    return capture


def read(client: Client, quote: Quote) -> str:
    """The page as it is read aloud, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", page(client, quote)).split())


@pytest.mark.parametrize(
    ("how", "where"),
    [
        ({}, "Word for word in a page fetched on 26 May 2025."),
        ({"method": "web archive"}, "Word for word in a copy in a web archive, of 26 May 2025."),
        ({"method": "uploaded"}, "Word for word in a file uploaded on 26 May 2025."),
        ({"method": "screenshot"}, "Word for word in a screenshot of 26 May 2025."),
        ({"method": "typed"}, "in text typed by an editor on 26 May 2025, which is no proof."),
    ],
)
def test_a_check_names_the_copy_and_what_it_proves(
    client: Client, cited: Quote, how: dict[str, str], where: str
) -> None:
    with time_machine.travel(AT, tick=False):
        look(cited, **how)
        assert where in read(client, cited)
        assert "Checked on" not in read(client, cited)


def test_a_check_says_when_it_was_made_if_that_is_another_day(client: Client, cited: Quote) -> None:
    with time_machine.travel(AT + timedelta(days=9), tick=False):
        look(cited)
        assert "fetched on 26 May 2025. Checked on 4 June 2025." in read(client, cited)


def test_a_link_leads_to_the_very_words_on_the_page_and_in_the_archived_copy(
    client: Client, cited: Quote
) -> None:
    look(cited, archive_url="https://archive.example/1")
    html = page(client, cited)
    assert 'href="https://example.org/seoul#:~:text=infrastructure%20is%20destiny"' in html
    assert 'href="https://archive.example/1#:~:text=infrastructure%20is%20destiny"' in html
    assert "Show in source at example.org" in read(client, cited)


def test_words_that_nobody_looked_for_are_not_linked_to(client: Client, cited: Quote) -> None:
    assert ":~:text" not in page(client, cited)
    assert "Read it at example.org" in read(client, cited)


def test_altered_words_are_told_with_the_difference_once_that_is_sure(
    client: Client, cited: Quote
) -> None:
    look(cited)
    changed = TEXT.replace("is destiny", "is not fate")
    look(cited, changed, taken_at=AT + timedelta(days=3))
    before = read(client, cited)
    assert "Altered" not in before
    assert "fate" not in before
    look(cited, changed, taken_at=AT + timedelta(days=4))
    html, text = page(client, cited), read(client, cited)
    assert "Other words than these stand in a page fetched on 30 May 2025." in text
    assert "infrastructure is here: destiny in that copy: not fate" in text
    assert "<del>" in html
    assert "Altered" in text


def test_missing_words_are_told_with_care(client: Client, cited: Quote) -> None:
    look(cited)
    look(cited, "Something else was said. " * 4, taken_at=AT + timedelta(days=3))
    assert "Not found" not in read(client, cited)
    cited.lead.refresh_from_db()
    cited.lead.confirm_check(by=None)
    assert "Not found in a page fetched on 29 May 2025." in read(client, cited)
    assert "Found before in a page fetched on 26 May 2025." in read(client, cited)
    assert "deleted" not in page(client, cited).lower()
    assert ":~:text" not in page(client, cited)


def test_abridged_words_are_shown_with_what_was_abridged(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    article = make_article(url_as_typed="https://example.org/seoul")
    quote = make_quote("We say [it] is destiny", article=article)
    look(quote, "He said: “We say infrastructure is destiny.”")
    assert "We say here: [it] in that copy: infrastructure is destiny" in read(client, quote)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "The page answered on 28 May 2025."),
        ({"outcome": "not found", "http_status": 404}, "On 28 May 2025: the page did not answer (status 404)."),
        ({"outcome": "failed"}, "On 28 May 2025: it could not be fetched."),
    ],
)  # fmt: skip
def test_whether_the_link_is_alive_is_told_as_it_was_seen(
    client: Client, cited: Quote, fields: dict[str, Any], told: str
) -> None:
    look(cited)
    look(cited, "", taken_at=AT + timedelta(days=2), **fields)
    text = read(client, cited)
    assert told in text
    assert "Word for word in a page fetched on 26 May 2025." in text
    assert told in client.get(cited.lead.article.get_absolute_url()).content.decode()


def test_another_headline_then_is_told(client: Client, cited: Quote) -> None:
    look(cited, headline="OpenAI comes to <Seoul>")
    assert "The headline then: “OpenAI comes to &lt;Seoul&gt;”." in read(client, cited)
    article = client.get(cited.lead.article.get_absolute_url()).content.decode()
    assert "OpenAI comes to &lt;Seoul&gt;" in article


def test_other_words_in_another_source_are_another_wording_and_not_altered(
    client: Client, cited: Quote, make_citation: Make
) -> None:
    make_citation(cited, "infrastructure is fate")
    make_citation(cited, "인프라는 운명이다", language="ko")
    text = read(client, cited)
    assert text.count("Another wording") == 1
    assert "Altered" not in text


def test_of_a_private_source_no_copy_is_told(
    client: Client, make_quote: Make, make_article: Make
) -> None:
    letter = make_article("Secret", access="private", url_as_typed="https://example.org/secret")
    quote = make_quote("infrastructure is destiny", article=letter)
    look(quote, archive_url="https://archive.example/secret", headline="Secret then")
    html = page(client, quote)
    for hidden in ("fetched on", "secret", "Secret", ":~:text", "answered"):
        assert hidden not in html
