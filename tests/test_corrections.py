"""Corrections: what they tell, where they stand, and that they tell nothing of what is hidden."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from claiming import a_claim, a_review
from django.core.cache import caches
from django.test import Client
from django.utils import translation

from tracker import records, search
from tracker.models import Correction, FieldChange, Position, Quote, QuoteLink, Speaker

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def note(record: Any, text: str = "It was wrong.", **how: Any) -> list[Correction]:
    how.setdefault("kind", "correction")
    return Correction.objects.note(record, text=text, by=None, **how)


def listed() -> tuple[records.CorrectionRecord, ...]:
    return records.correction_records(Correction.objects.to_list())


@pytest.fixture
def quote(make_quote: Make) -> Quote:
    return make_quote("infrastructure is destiny", said_on="2025-05-26")


# ---- What one tells ----


def test_a_correction_tells_before_and_after_by_the_words_that_changed(quote: Quote) -> None:
    note(
        quote, changes=[FieldChange("words", "infrastructure destiny", "infrastructure is destiny")]
    )
    (record,) = listed()
    assert [(part.kind, part.words) for part in record.parts] == [
        ("same", "infrastructure"),
        ("left out", "is"),
        ("same", "destiny"),
    ]
    assert (record.field, record.noun) == ("words", "Quote")
    assert record.about == records.Link(
        "Jason Kwon, 26 May 2025: “infrastructure is destiny”", quote.get_absolute_url()
    )


def test_words_that_have_nothing_in_common_stand_one_after_the_other(
    client: Client, quote: Quote
) -> None:
    note(quote, changes=[FieldChange("said on", "May", "26.05.2025")])
    assert listed()[0].parts == ()
    text = page(client, "/corrections/")
    assert '<dt>Before</dt> <dd dir="auto"> May </dd>' in text
    assert '<dt>Now</dt> <dd dir="auto"> 26.05.2025 </dd>' in text


def test_what_was_corrected_is_named_in_the_readers_language(quote: Quote) -> None:
    note(quote, changes=[FieldChange("attribution", "Confirmed", "Unverified")])
    note(quote, changes=[FieldChange("a part that only the desk knows", "Confirmed", "Unverified")])
    with translation.override("ko"):
        own, known = listed()
    assert (known.field, known.before, known.after) == ("발언자 확인", "확인됨", "미확인")
    told = ("a part that only the desk knows", "Confirmed", "Unverified")
    assert (own.field, own.before, own.after) == told
    assert (known.field_is_known, own.field_is_known) == (True, False)


def test_long_words_are_not_compared(quote: Quote) -> None:
    note(quote, changes=[FieldChange("context", "word " * 500, "words " * 500)])
    assert listed()[0].parts == ()


def test_words_that_are_reported_wear_no_quotation_marks_and_misattributed_ones_the_word(
    make_quote: Make,
) -> None:
    note(make_quote("it would open", kind="indirect", said_on="2025"))
    wrong = {"attribution": "misattributed", "attribution_reason": "Invented later."}
    note(make_quote("let them eat cake", **wrong))
    assert [each.about.name for each in listed()] == [
        "Wrongly attributed to Jason Kwon: “let them eat cake”",
        "Jason Kwon, 2025: it would open",
    ]


# ---- The list ----


def test_the_list_has_the_newest_first_in_pages_and_leads_to_what_was_corrected(
    client: Client, quote: Quote
) -> None:
    for day in range(1, 32):
        (made,) = note(quote, f"Text of day {day}.")
        Correction.objects.filter(pk=made.pk).update(made_on=date(2026, 1, day))
    first, second = page(client, "/corrections/"), page(client, "/corrections/?page=2")
    assert first.index("Text of day 31.") < first.index("Text of day 30.")
    assert "Text of day 1." in second
    assert "Text of day 2." not in second
    assert f'href="{quote.get_absolute_url()}"' in first
    assert client.get("/corrections/?page=3").status_code == 404


def test_an_empty_list_says_so_and_the_footer_leads_there(client: Client) -> None:
    assert "Nothing has been corrected yet." in page(client, "/corrections/")
    assert '<a href="/corrections/">Corrections made</a>' in page(client, "/")


def test_the_list_of_corrections_and_the_desks_page_on_them_are_called_differently(
    client: Client,
) -> None:
    footer = page(client, "/").partition("<footer")[2]
    links = re.findall(r'<a href="(/[^"]*corrections/)"[^>]*>([^<]+)</a>', footer)
    assert dict(links) == {
        "/about/corrections/": "Corrections",
        "/corrections/": "Corrections made",
    }
    assert "<h1>Corrections made</h1>" in page(client, "/corrections/")


def test_it_leads_to_the_page_on_how_mistakes_are_put_right(client: Client) -> None:
    from django.contrib.flatpages.models import FlatPage

    how = FlatPage.objects.get_or_create(url="/about/corrections/")[0]
    how.sites.set([1])
    caches["default"].clear()
    assert 'href="/about/corrections/">How mistakes are put right</a>' in page(
        client, "/corrections/"
    )


def test_a_typing_error_is_listed_nowhere(client: Client, quote: Quote) -> None:
    note(quote, "A letter.", kind="typo")
    for address in ("/corrections/", "/", quote.get_absolute_url()):
        assert "A letter." not in page(client, address)


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_takes_two_queries_whatever_it_lists(
    client: Client, quote: Quote, many: int, make_position: Make, django_assert_num_queries: Any
) -> None:
    position, claim = make_position(quote.speaker), a_claim(quote)
    review = a_review(claim)
    for _number in range(many):
        for record in (quote, quote.speaker, position, quote.lead.article, claim, review):
            note(record)
    client.get("/about/")
    with django_assert_num_queries(1):
        client.get("/corrections/")


# ---- Where they stand ----


def test_what_was_corrected_says_so_on_its_page(
    client: Client, quote: Quote, make_quote: Make, make_position: Make
) -> None:
    position = make_position(quote.speaker)
    later = make_quote("it is fate", said_on="2026", speaker=quote.speaker)
    link = QuoteLink.objects.create(later=later, earlier=quote, kind="repeats", note="The same.")
    link.publish(by=None)
    article = quote.lead.article
    note(quote, "The quote was wrong.")
    note(link, "The link was wrong.")
    note(article, "The article was wrong.")
    note(quote.speaker, "The speaker was wrong.")
    note(position, "The position was wrong.")
    Correction.objects.update(made_on=date(2026, 5, 3))
    expected = {
        quote.get_absolute_url(): {"quote", "link"},
        later.get_absolute_url(): {"link"},
        article.get_absolute_url(): {"article"},
        quote.speaker.get_absolute_url(): {"speaker", "position"},
    }
    for address, nouns in expected.items():
        text = page(client, address)
        assert "Corrected on 3 May 2026" in text
        for noun in ("quote", "link", "article", "speaker", "position"):
            assert (f"The {noun} was wrong." in text) == (noun in nouns), (address, noun)


def test_of_several_findings_only_the_one_that_was_corrected_says_so(
    client: Client, quote: Quote, make_publisher: Make, make_article: Make
) -> None:
    outlet = make_publisher("PolitiFact")
    claim = a_claim(quote)
    earlier = a_review(claim, "in-the-works", reviewed_on=date(2025, 9, 1))
    ours = a_review(claim, supersedes=earlier)
    there = a_review(claim, "", publisher=outlet, article=make_article(publisher=outlet))

    def told(review: Any) -> list[str]:
        (part,) = re.findall(
            rf'<(?:section|details)[^>]*id="review-{review.pk}".*?</(?:section|details)>',
            page(client, claim.get_absolute_url()),
        )
        return re.findall(r'<a href="#corrections">Corrections</a>|No corrections', part)

    note(claim)
    assert [told(each) for each in (ours, there, earlier)] == [[], [], []]
    note(earlier)
    assert [len(told(each)) for each in (ours, there, earlier)] == [0, 0, 1]
    note(ours)
    assert [len(told(each)) for each in (ours, there, earlier)] == [1, 0, 1]


def test_a_page_that_is_kept_shows_a_correction_at_once(
    client: Client, quote: Quote, settings: Any
) -> None:
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": kept}
    address = quote.speaker.get_absolute_url()
    assert "It was wrong." not in page(client, address)
    (made,) = note(quote.speaker)
    assert "It was wrong." in page(client, address)
    made.text = "It was not right."
    made.save()
    assert "It was not right." in page(client, address)


def test_the_front_page_has_the_five_latest_reviews_and_corrections(
    client: Client, quote: Quote
) -> None:
    for number in range(6):
        claim = a_claim(quote, text=f"Claim {number} is made")
        a_review(claim, reviewed_on=date(2026, 1, 1 + number))
        note(claim, f"Wrong {number}.")
    text = page(client, "/")
    reviews, _heading, corrections = text.partition('id="corrections"')
    reviews = reviews.partition('id="reviews"')[2]
    assert [f"Claim {n} is made" in reviews for n in range(6)] == [False, *[True] * 5]
    assert [f"Claim {n} is made" in corrections for n in range(6)] == [False, *[True] * 5]
    assert '<b class="ball promise q4" aria-hidden="true"></b> Kept' in reviews
    assert "Jason Kwon" in reviews
    assert "6 January 2026" in reviews


def test_the_latest_reviews_stand_in_the_order_of_the_days_that_they_show(
    client: Client, quote: Quote
) -> None:
    for number, day in enumerate((9, 3, 9, 6)):
        claim = a_claim(quote, text=f"Claim {number} is made")
        a_review(claim, reviewed_on=date(2026, 1, day))
    reviews = page(client, "/").partition('id="reviews"')[2].partition("</section>")[0]
    assert re.findall(r"Claim (\d) is made", reviews) == ["2", "0", "3", "1"]


def test_a_superseded_review_is_not_among_the_latest(client: Client, quote: Quote) -> None:
    claim = a_claim(quote)
    first = a_review(claim, "in-the-works")
    a_review(claim, supersedes=first)
    reviews = page(client, "/").partition('id="reviews"')[2]
    assert "In the works" not in reviews
    assert "Kept" in reviews


# ---- What was withdrawn, and what is hidden ----


def test_what_was_withdrawn_is_told_by_its_category_and_bare_address_alone(
    client: Client, quote: Quote, make_quote: Make
) -> None:
    other = make_quote("secret words", speaker=quote.speaker)
    claim = a_claim(quote, text="Secret claim")
    claims_page = f"/claims/{claim.pk}/"
    note(other, "Secret text.", changes=[FieldChange("words", "secret before", "secret words")])
    other.withdraw(by=None, category="privacy", reason="Secret reason.")
    claim.withdraw(by=None, category="our error", reason="Secret reason.")
    text = page(client, "/corrections/")
    assert f'<a href="/quotes/{other.pk}/">A quote was withdrawn: Privacy</a>' in text
    assert f'<a href="{claims_page}">A claim was withdrawn: Our error</a>' in text
    for address in ("/corrections/", "/", quote.speaker.get_absolute_url()):
        assert "secret" not in page(client, address).lower()


def test_a_withdrawal_with_words_of_its_own_tells_none_of_them(quote: Quote) -> None:
    quote.withdraw(by=None, category="legal", reason="-")
    correction = Correction.objects.get()
    correction.text, correction.before = "Secret text.", "Secret before"
    correction.save()
    (record,) = listed()
    assert (record.text, record.before, record.about.name) == ("", "", "")


def test_what_was_published_again_has_its_name_back_and_what_is_held_no_address(
    quote: Quote,
) -> None:
    quote.withdraw(by=None, category="legal", reason="-")
    quote.publish(by=None)
    (record,) = listed()
    assert (record.withdrawn, record.about.url) == (
        "A quote was withdrawn",
        quote.get_absolute_url(),
    )
    quote.hold(by=None)
    (record,) = listed()
    assert (record.withdrawn, record.about) == ("A quote was withdrawn", records.Link(""))


def test_a_review_that_was_withdrawn_is_told_on_its_claims_page(
    client: Client, quote: Quote
) -> None:
    claim = a_claim(quote)
    review = a_review(claim, summary="Secret summary.")
    review.withdraw(by=None, category="our error", reason="-")
    text = page(client, claim.get_absolute_url())
    assert "A review of a claim was withdrawn: Our error" in text
    assert "Secret" not in text


def test_corrections_of_what_is_hidden_are_nowhere(
    client: Client, quote: Quote, make_quote: Make, make_speaker: Make, make_article: Make
) -> None:
    hidden = make_speaker("Hidden Person")
    draft = make_quote("a draft", speaker=hidden, published=False)
    organisation = make_speaker("Office", kind="organisation")
    post = Position.objects.create(person=hidden, organisation=organisation, title="Hidden post")
    private = make_article("Hidden headline", access="private")
    claim = a_claim(quote, text="Hidden claim")
    review = a_review(claim, published=False)
    link = QuoteLink.objects.create(later=draft, earlier=quote, kind="repeats", note="-")
    held = a_claim(quote, text="Hidden too")
    held.hold(by=None)
    for record in (hidden, draft, draft.lead.article, post, private, review, link, held):
        note(record, "Hidden text.")
    assert listed() == ()
    for address in ("/corrections/", "/", quote.get_absolute_url(), claim.get_absolute_url()):
        assert "Hidden text." not in page(client, address)


def test_what_was_corrected_of_a_speaker_who_is_not_listed_stands_on_their_page_alone(
    client: Client, quote: Quote
) -> None:
    Speaker.objects.filter(pk=quote.speaker_id).update(listed=False)
    note(quote.speaker, "About somebody.")
    for address in ("/corrections/", "/"):
        assert "About somebody." not in page(client, address)
    assert "About somebody." in page(client, quote.speaker.get_absolute_url())


def test_of_a_source_that_only_a_review_rests_on_a_correction_is_told(
    client: Client, quote: Quote, make_article: Make
) -> None:
    article = make_article("Public Law 101-508")
    review = a_review(a_claim(quote), evidence=[{"article": article}])
    note(article, "The day was wrong.")
    (record,) = listed()
    assert record.about == records.Link("Public Law 101-508")
    review.hold(by=None)
    assert listed() == ()


def test_a_quote_says_that_the_position_under_it_was_corrected_since(
    client: Client, make_quote: Make, make_position: Make, make_speaker: Make
) -> None:
    position = make_position()
    alone = make_quote("alone", speaker=position.person, position=position)
    joint = make_quote("with others", speaker=make_speaker("Another"))
    joint.joint_speakers.create(speaker=position.person, position=position)
    other = make_quote("other", speaker=position.person)
    note(position, "The title was wrong.")
    for quote, told in ((alone, True), (joint, True), (other, False)):
        assert ("The title was wrong." in page(client, quote.get_absolute_url())) == told
    Correction.objects.update(made_on=date(2020, 1, 1))  # before readers had the quotes
    search.catch_up()
    assert "The title was wrong." not in page(client, alone.get_absolute_url())
