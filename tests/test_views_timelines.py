"""What somebody said on one topic over time, and the claims and topics on a speaker's page."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tracker import search
from tracker.models import (
    Claim,
    ClaimQuote,
    JointSpeaker,
    Position,
    Quote,
    QuoteLink,
    Review,
    Speaker,
    Topic,
    Verdict,
)
from tracker.views import timelines

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
THERE = "/speakers/george-h-w-bush/topics/taxes/"


def page(address: str = THERE) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def taxes(make_topic: Make) -> Topic:
    return make_topic("Taxes")


@pytest.fixture
def bush(make_speaker: Make) -> Speaker:
    return make_speaker("George H. W. Bush")


@pytest.fixture
def offices(bush: Speaker, make_position: Make, make_speaker: Make) -> tuple[Position, Position]:
    usa = make_speaker("United States", kind="organisation")
    vice = make_position(bush, usa, title="Vice President of the United States", since="1981-01-20")
    return vice, make_position(
        bush, usa, title="President of the United States", since="1989-01-20"
    )


@pytest.fixture
def say(make_quote: Make, bush: Speaker, taxes: Topic) -> Callable[..., Quote]:
    def make(text: str, said_on: str, position: Position | None = None, **more: Any) -> Quote:
        return make_quote(
            text, **{"speaker": bush} | more, said_on=said_on, position=position, topics=[taxes]
        )

    return make


def linked(later: Quote, earlier: Quote, kind: str) -> QuoteLink:
    link = QuoteLink.objects.create(later=later, earlier=earlier, kind=kind, note="It is so.")
    link.publish(by=None)
    return link


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


# ---- The timeline ----


def test_quotes_stand_in_order_of_time_and_undated_ones_last_and_apart(say: Make) -> None:
    say("in ninety-two", "1992-08-20")
    say("no day known", "")
    say("about eighty-five", "1985~")
    say("some time in ninety", "1990")
    say("in June ninety", "1990-06-26")
    dated, undated = page().split('id="undated"')
    assert in_order(
        dated, "about eighty-five", "some time in ninety", "in June ninety", "in ninety-two"
    )
    assert "no day known" in undated
    assert "no day known" not in dated


def test_a_change_of_office_is_a_line_in_the_timeline(
    say: Make, offices: tuple[Position, Position]
) -> None:
    vice, president = offices
    say("a first one", "1988-08-18", vice)
    say("not known as what", "1988-12")
    say("a second one", "1988-12-31", vice)
    say("a third one", "1989-02-09", president)
    say("a fourth one", "1990-06-26", president)
    text = page()
    line = "From 20 January 1989: President of the United States"
    assert text.count('class="office"') == text.count(line) == 1
    assert in_order(text, "a second one", line, "a third one")


def test_two_terms_of_one_office_are_no_change(
    say: Make, offices: tuple[Position, Position]
) -> None:
    _vice, president = offices
    again = Position.objects.create(
        person=president.person, organisation=president.organisation, title=president.title
    )
    say("a first one", "1990", president)
    say("a second one", "1991", again)
    assert 'class="office"' not in page()


def test_an_office_without_a_recorded_beginning_is_told_without_a_day(
    say: Make, offices: tuple[Position, Position], make_position: Make
) -> None:
    vice, _president = offices
    later = make_position(vice.person, vice.organisation, title="Envoy")
    say("a first one", "1988", vice)
    say("a second one", "1990", later)
    assert "From then on: Envoy, United States" in page()


def test_a_quote_says_which_earlier_one_it_answers_and_leads_there(say: Make) -> None:
    pledge, repeat = say("no new taxes", "1988-08-18"), say("still none", "1989-02")
    turn = say("tax revenue increases", "1990-06-26")
    linked(repeat, pledge, "repeats")
    linked(turn, pledge, "says otherwise")
    text = page()
    there = f'<a href="#quote-{pledge.pk}">'
    assert f"{there}Says otherwise than on 18 August 1988</a>" in text
    assert f"{there}Repeats what was said on 18 August 1988</a>" in text
    assert f'<a href="#quote-{turn.pk}">Said otherwise later: 26 June 1990</a>' in text
    assert f'<li id="quote-{turn.pk}" class="turn">' in text
    assert text.count('class="turn"') == 1
    assert f'id="quote-{pledge.pk}"' in text


def test_links_that_are_not_published_or_leave_the_topic_are_not_drawn(
    say: Make, make_quote: Make, bush: Speaker
) -> None:
    one, two = say("no new taxes", "1988"), say("some new taxes", "1990")
    held = linked(two, one, "says otherwise")
    held.hold(by=None)
    elsewhere = make_quote("on something else", speaker=bush, said_on="1991")
    linked(elsewhere, one, "withdraws")
    text = page()
    assert "Says otherwise" not in text
    assert "Withdrawn later" not in text
    assert "turn" not in re.findall(r'class="(\w+)"', text)


def test_what_is_hidden_or_another_topics_or_anothers_is_not_in_it(
    say: Make, make_quote: Make, make_speaker: Make, bush: Speaker
) -> None:
    say("shown", "1988")
    say("a hidden draft", "1989", published=False)
    say("held words", "1990").hold(by=None)
    say("wrongly attributed", "1991", attribution="misattributed", attribution_reason="By another.")
    say("by somebody else", "1992", speaker=make_speaker("Michael Dukakis"))
    make_quote("on another topic", speaker=bush)
    text = page()
    assert text.count("<blockquote") == 1
    assert "shown" in text


def test_how_sure_it_is_stands_at_each_quote(say: Make) -> None:
    reason = {"attribution_reason": "A recording."}
    say("surely said", "1988", attribution="confirmed", **reason)
    say("perhaps said", "1989", attribution="disputed", **reason)
    text = page()
    assert "Confirmed" in text
    assert re.search(r'class="sign loud"><b aria-hidden="true">!</b> Disputed', text)


def test_joint_words_are_in_the_timeline_of_each(
    say: Make, make_speaker: Make, offices: tuple[Position, Position]
) -> None:
    other = make_speaker("Michael Dukakis")
    quote = say("said by both", "1988", speaker=other)
    JointSpeaker.objects.create(quote=quote, speaker=offices[0].person, position=offices[0])
    search.catch_up()
    for there in (THERE, "/speakers/michael-dukakis/topics/taxes/"):
        assert "said by both" in page(there)
    assert "Vice President of the United States" in page()


def test_words_keep_their_language_and_direction(say: Make) -> None:
    say("لا ضرائب جديدة", "1991", citation={"language": "ar"})
    say("新しい税はない", "1992", citation={"language": "ja"})
    text = page()
    assert re.search(r'lang="ar" dir="rtl"><p><a [^>]*>لا ضرائب جديدة', text)
    assert re.search(r'lang="ja" dir="ltr"><p><a [^>]*>新しい税はない', text)


@pytest.mark.parametrize(
    "address",
    [
        "/speakers/george-h-w-bush/topics/nothing/",
        "/speakers/george-h-w-bush/topics/roads/",
        "/speakers/nobody/topics/taxes/",
        f"{THERE}?after=999999",
        f"{THERE}?after=x",
        f"{THERE}?before=-1",
    ],
)
def test_what_is_not_there_is_not_found(
    say: Make, make_quote: Make, make_topic: Make, address: str
) -> None:
    say("no new taxes", "1988")
    make_quote("by another", topics=[make_topic("Roads")])
    assert Client().get(address).status_code == 404


def test_an_old_name_leads_to_the_right_address(say: Make, bush: Speaker) -> None:
    say("no new taxes", "1988")
    bush.rename("George Bush", by=None)
    answer = Client().get(f"{THERE}?after=5")
    assert answer.status_code == 301
    assert answer["Location"] == "/speakers/george-bush/topics/taxes/?after=5"


def test_a_long_timeline_has_pages(say: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "_ON_A_PAGE", 2)
    one, two, three = (say(f"words of {year}", year) for year in ("1988", "1989", "1990"))
    linked(three, one, "repeats")
    first, second = page(), page(f"{THERE}?after={two.pk}")
    assert ("words of 1989" in first, "words of 1990" in first) == (True, False)
    assert f'href="?after={two.pk}"' in first
    assert "words of 1990" in second
    assert f'href="?before={three.pk}"' in second
    assert f'<a href="/quotes/{one.pk}/">Repeats what was said in 1988</a>' in second
    assert "words of 1989" in page(f"{THERE}?before={three.pk}")


@pytest.mark.parametrize("many", [2, 25])
def test_a_timeline_takes_the_same_queries_whatever_its_length(
    say: Make, offices: tuple[Position, Position], django_assert_max_num_queries: Any, many: int
) -> None:
    first = say("the first", "1980", offices[0])
    for number in range(many):
        linked(say(f"number {number}", "1990", offices[1]), first, "answers")
    client = Client()
    client.get("/about/")
    with django_assert_max_num_queries(12):
        text = client.get(THERE).content.decode()
    assert text.count("<blockquote") == many + 1


def test_a_timeline_is_kept_while_nothing_changes(
    say: Make, settings: Any, django_assert_num_queries: Any
) -> None:
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": kept}
    caches["pages"].clear()
    say("no new taxes", "1988")
    made = Client().get(THERE)
    with django_assert_num_queries(1):
        assert Client().get(THERE).content == made.content
    say("some new taxes", "1990")
    assert "some new taxes" in page()


# ---- On the page of the speaker ----


def test_the_speakers_page_leads_to_topics_with_two_dated_quotes(
    say: Make, make_quote: Make, make_topic: Make, bush: Speaker
) -> None:
    say("no new taxes", "1988")
    say("undated words", "")
    assert THERE not in page("/speakers/george-h-w-bush/")
    say("some new taxes", "1990")
    make_quote("on roads", speaker=bush, said_on="1990", topics=[make_topic("Roads")])
    text = page("/speakers/george-h-w-bush/")
    assert f'<a href="{THERE}">Taxes</a> <span class="n"> 2 dated quotes </span>' in text
    assert "/topics/roads/" not in text.split('id="over-time"')[1].split("</section>")[0]


def claimed(quote: Quote, text: str, role: str = "makes", **more: Any) -> Claim:
    claim = Claim.objects.create(text=text, **more)
    claim.claim_quotes.create(quote=quote, role=role)
    if role != "makes":
        return claim
    claim.publish(by=None)
    return claim


def test_the_speakers_page_tells_their_newest_claims_without_any_score(
    say: Make, make_quote: Make
) -> None:
    for year in range(1981, 1989):
        claimed(say(f"words of {year}", str(year)), f"Claim of {year}", kind="promise")
    review = Review.objects.create(
        claim=Claim.objects.get(text="Claim of 1988"),
        verdict=Verdict.objects.get(slug="broken"),
        summary="It was.",
        reviewed_on=date(2026, 1, 1),
    )
    review.evidence.create(bearing="nothing found", note="All was searched.")
    review.publish(by=None)
    text = page("/speakers/george-h-w-bush/").split('id="claims"')[1].split("</section>")[0]
    assert "Claims are selected by the desk; this says nothing about honesty." in text
    assert re.findall(r"Claim of (\d+)", text) == ["1988", "1987", "1986", "1985", "1984"]
    assert text.count("No review yet") == 4
    assert text.count("Broken") == 1
    assert '<a href="/claims/?claimant=george-h-w-bush"> All 8 claims, with filters </a>' in text


def test_claims_that_are_not_theirs_or_hidden_are_not_told(
    say: Make, make_speaker: Make, make_quote: Make
) -> None:
    other = make_speaker("Michael Dukakis")
    theirs = claimed(make_quote("made", speaker=other, said_on="1987"), "Made by another")
    theirs.claim_quotes.create(quote=say("denied", "1988"), role="denies")
    Claim.objects.create(text="A draft").claim_quotes.create(quote=say("a draft", "1989"))
    hidden = claimed(say("held", "1990"), "Made by held words")
    ClaimQuote.objects.get(claim=hidden).quote.hold(by=None)
    wrongly = {"attribution": "misattributed", "attribution_reason": "By another."}
    repeated = claimed(make_quote("again", speaker=other, said_on="1990"), "Repeated wrongly")
    repeated.claim_quotes.create(quote=say("not his", "1991", **wrongly), role="repeats")
    assert 'id="claims"' not in page("/speakers/george-h-w-bush/")
    assert "Made by another" in page("/speakers/michael-dukakis/")


def test_who_repeats_a_claim_or_makes_it_with_others_is_told_it(
    say: Make, make_speaker: Make, make_quote: Make
) -> None:
    other, third = make_speaker("Michael Dukakis"), make_speaker("A Third")
    claim = claimed(say("made", "1987"), "No new taxes")
    repeat = make_quote("again", speaker=other, said_on="1990-06")
    JointSpeaker.objects.create(quote=repeat, speaker=third)
    claim.claim_quotes.create(quote=repeat, role="repeats")
    search.catch_up()
    for slug in ("michael-dukakis", "a-third"):
        text = page(f"/speakers/{slug}/").split('id="claims"')[1]
        assert "Repeats it" in text
        assert "June 1990" in text
        assert "The 1 claim, with filters" in text


def test_where_a_filter_narrows_the_list_the_page_is_about_that(say: Make) -> None:
    claimed(say("no new taxes", "1988"), "No new taxes")
    say("some new taxes", "1990")
    assert "No new taxes" in page("/speakers/george-h-w-bush/?order=oldest")
    narrowed = page("/speakers/george-h-w-bush/?said_from=1990")
    assert 'id="claims"' not in narrowed
    assert 'id="over-time"' not in narrowed


@pytest.mark.parametrize("many", [1, 12])
@pytest.mark.parametrize(("undated", "most"), [(False, 9), (True, 11)])
def test_the_speakers_page_takes_the_same_queries_whatever_their_claims(
    say: Make, django_assert_max_num_queries: Any, many: int, undated: bool, most: int
) -> None:
    for number in range(many):
        claimed(say(f"words {number}", "1988"), f"Claim {number}")
    if undated:  # the topics told over time are then counted apart
        say("undated words", "")
    client = Client()
    client.get("/about/")
    with django_assert_max_num_queries(most):
        assert client.get("/speakers/george-h-w-bush/").status_code == 200
