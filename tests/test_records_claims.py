"""The public shape of a claim: what readers are told of it, of its reviews and of their evidence, and what they never are."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from claiming import a_claim, a_review
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from tracker import records
from tracker.models import Claim, ClaimQuote, Correction, JointSpeaker, Quote, QuoteLink, Verdict

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]

WRONG = {"attribution": "misattributed", "attribution_reason": "Invented later."}


def record_of(claim: Claim) -> records.ClaimRecord:
    return records.claim_record(Claim.objects.to_show().get(pk=claim.pk))


def words(claim: records.ClaimRecord) -> list[str]:
    return [
        each.row.words.text if each.row else each.evidence.note  # type: ignore[union-attr]
        for each in claim.timeline
    ]


@pytest.fixture
def promised(make_quote: Make, make_position: Make) -> Quote:
    position = make_position()
    return make_quote(
        "we will open an office in Seoul",
        speaker=position.person,
        position=position,
        said_on="2025-05-26",
    )


# ---- Who makes it, and when ----


def test_the_claimants_are_who_makes_and_repeats_it_and_joint_speakers(
    promised: Quote, make_quote: Make, make_speaker: Make
) -> None:
    claim = a_claim(promised)
    JointSpeaker.objects.create(quote=promised, speaker=make_speaker("Oliver Jay"))
    promised.save()
    for role, name in (("repeats", "OpenAI Korea"), ("denies", "A Rival"), ("withdraws", "Her")):
        quote = make_quote(f"{role} it", speaker=make_speaker(name), said_on="2026")
        claim.claim_quotes.create(quote=quote, role=role)
    wrongly = make_quote("not theirs", speaker=make_speaker("Nobody Really"), **WRONG)
    claim.claim_quotes.create(quote=wrongly, role="repeats")
    names = [each.name for each in record_of(claim).claimants]
    assert names == ["Jason Kwon", "Oliver Jay", "OpenAI Korea"]


def test_the_earliest_on_record_is_the_earliest_that_is_theirs_and_dated(
    promised: Quote, make_quote: Make, make_speaker: Make
) -> None:
    claim = a_claim(promised, make_quote("undated"))
    wrongly = make_quote("not theirs", said_on="1900", speaker=make_speaker("X"), **WRONG)
    claim.claim_quotes.create(quote=wrongly)
    record = record_of(claim)
    assert record.earliest.words == "26 May 2025"
    assert [each.in_full for each in record.earliest_by] == [
        "Jason Kwon, Chief Strategy Officer, OpenAI"
    ]
    assert "earliest on record here: 26 May 2025" in record.description


def test_a_speaker_who_is_not_named_is_a_claimant_without_a_page(make_quote: Make) -> None:
    claim = a_claim(make_quote(speaker_described_as="an official"))
    assert [(each.name, each.url) for each in record_of(claim).claimants] == [
        ("An official, not named", "")
    ]


def test_a_claim_of_a_speaker_who_is_not_listed_is_kept_out_of_search_engines(
    promised: Quote, make_quote: Make, make_speaker: Make
) -> None:
    assert record_of(a_claim(promised)).listed
    hidden = make_speaker("A Private Person", listed=False)
    alone = a_claim(make_quote(speaker=hidden))
    joint = a_claim(promised)
    JointSpeaker.objects.create(quote=promised, speaker=hidden)
    assert not record_of(alone).listed
    assert not record_of(joint).listed
    assert set(Claim.objects.of_unlisted()) >= {alone, joint}


# ---- The timeline ----


def test_the_timeline_has_words_and_events_in_order_of_time_with_their_role_and_the_undated_last(
    promised: Quote, make_quote: Make, make_article: Make, make_occasion: Make
) -> None:
    claim = a_claim(promised, make_quote("some day", said_on=""))
    later = make_quote("as I said", said_on="2025-06", occasion=make_occasion())
    claim.claim_quotes.create(quote=later, role="repeats")
    claim.claim_quotes.create(quote=make_quote("never", said_on="2026"), role="denies")
    a_review(
        claim,
        evidence=[
            {"article": make_article(), "note": "It opened.", "happened_on": "2025-09-10"},
            {"article": make_article(), "note": "Nothing that happened."},
        ],
    )
    record = record_of(claim)
    assert words(record) == [promised.text, "as I said", "It opened.", "never", "some day"]
    assert [(each.sign.glyph, each.sign.word, each.turn) for each in record.timeline] == [
        ("●", "Makes the claim", False),
        ("=", "Repeats it", False),
        ("◆", "What happened", True),
        ("≠", "Denies it", True),
        ("●", "Makes the claim", False),
    ]
    assert record.timeline[1].occasion is not None
    assert record.timeline[-1].when.words == "undated"


def test_what_an_earlier_review_tells_too_happened_once(
    promised: Quote, make_article: Make
) -> None:
    claim = a_claim(promised)
    event = {"article": make_article(), "note": "It opened.", "happened_on": "2025-09-10"}
    first = a_review(claim, "in-the-works", evidence=[event])
    again = event | {"note": "The office opened."}
    a_review(claim, supersedes=first, evidence=[again])
    assert words(record_of(claim)) == [promised.text, "The office opened."]


def test_a_misattributed_quote_carries_the_word_in_the_timeline(
    promised: Quote, make_quote: Make
) -> None:
    claim = a_claim(promised)
    claim.claim_quotes.create(quote=make_quote("not theirs", said_on="2026", **WRONG))
    row = record_of(claim).timeline[-1].row
    assert row is not None
    assert row.beside_the_name is not None
    assert row.beside_the_name.word == "Misattributed"


def test_quotes_that_are_not_published_are_in_no_part_of_it(
    promised: Quote, make_quote: Make, make_speaker: Make
) -> None:
    claim = a_claim(promised)
    for number, verb in enumerate(("draft", "hold")):
        quote = make_quote(
            f"secret {number}", speaker=make_speaker("Hidden"), published=verb == "hold"
        )
        claim.claim_quotes.create(quote=quote, role="repeats")
        if verb == "hold":
            quote.hold(by=None)
    told = str(asdict(record_of(claim)))
    assert "secret" not in told
    assert "Hidden" not in told


def an_answer(later: Quote, earlier: Quote, kind: str, note: str = "It is so.") -> QuoteLink:
    link = QuoteLink.objects.create(later=later, earlier=earlier, kind=kind, note=note)
    link.publish(by=None)
    return link


def test_what_answers_a_claimants_words_stands_in_the_timeline_with_what_it_does(
    promised: Quote, make_quote: Make
) -> None:
    claim = a_claim(promised)
    otherwise = make_quote("no office", said_on="2026-01")
    reply = make_quote("that was a mistake", said_on="2026-03")
    for quote, kind in ((make_quote("as I said", said_on="2025-07"), "repeats"),):
        an_answer(quote, promised, kind)
    an_answer(otherwise, promised, "answers")
    an_answer(otherwise, promised, "says otherwise", "Half a year later there was none.")
    an_answer(reply, otherwise, "answers")
    an_answer(make_quote("a third step", said_on="2026-05"), reply, "answers")
    record = record_of(claim)
    assert words(record) == [promised.text, "no office", "that was a mistake"]
    _made, turn, last = record.timeline
    assert (turn.sign, last.sign) == (
        records.link_signs("says otherwise")[0],
        records.link_signs("answers")[0],
    )
    assert (turn.turn, turn.note, turn.asserted_in) == (
        True,
        "Half a year later there was none.",
        None,
    )
    assert not last.turn
    assert [each.name for each in record.claimants] == ["Jason Kwon"]


def test_what_answers_stands_once_and_not_beside_what_it_does_with_the_claim_itself(
    promised: Quote, make_quote: Make
) -> None:
    again, taken_back = make_quote("again", said_on="2025-06"), make_quote("no", said_on="2026")
    claim = a_claim(promised, again)
    claim.claim_quotes.create(quote=taken_back, role="withdraws")
    otherwise = make_quote("otherwise", said_on="2025-12")
    for earlier in (promised, again):
        an_answer(otherwise, earlier, "says otherwise")
        an_answer(taken_back, earlier, "withdraws")
    record = record_of(claim)
    assert words(record) == [promised.text, "again", "otherwise", "no"]
    assert record.timeline[-1].sign.word == "Withdraws it"


@pytest.mark.parametrize("hidden", ["link", "answer", "answered"])
def test_of_what_is_hidden_nothing_answers(promised: Quote, make_quote: Make, hidden: str) -> None:
    claim = a_claim(promised)
    otherwise, reply = (
        make_quote("otherwise", said_on="2026"),
        make_quote("because", said_on="2027"),
    )
    link = an_answer(otherwise, promised, "says otherwise")
    an_answer(reply, otherwise, "clarifies")
    {"link": link, "answer": reply, "answered": otherwise}[hidden].hold(by=None)
    left = [promised.text, "otherwise"] if hidden == "answer" else [promised.text]
    assert words(record_of(claim)) == left


def test_taking_back_and_saying_otherwise_each_have_one_sign_everywhere() -> None:
    from tracker.records.claim_rows import _signs
    from tracker.records.claims import _ROLES

    withdraws, otherwise = (records.link_signs(each)[0] for each in ("withdraws", "says otherwise"))
    assert withdraws.glyph != otherwise.glyph
    assert _ROLES[ClaimQuote.Role.WITHDRAWS].glyph == withdraws.glyph
    assert _ROLES[ClaimQuote.Role.REPEATS].glyph == records.link_signs("repeats")[0].glyph
    taken_back = SimpleNamespace(standings=("taken-back",))
    assert [each.glyph for each in _signs(taken_back, False)] == [withdraws.glyph]


def test_on_one_day_whoever_makes_it_comes_before_whoever_repeats_it(
    make_quote: Make, make_speaker: Make
) -> None:
    repeats = make_quote("as she says", speaker=make_speaker("Echo"), said_on="2025-05-26")
    makes = make_quote("it opens", speaker=make_speaker("Maker"), said_on="2025-05-26")
    claim = a_claim(makes)
    claim.claim_quotes.create(quote=repeats, role="repeats")
    record = record_of(claim)
    assert words(record) == ["it opens", "as she says"]
    assert [each.name for each in record.claimants] == ["Maker", "Echo"]
    assert [each.name for each in record.repeaters] == ["Echo"]
    assert [each.name for each in record.earliest_by] == ["Maker"]


def test_who_makes_it_at_one_time_and_repeats_it_at_another_makes_it(
    promised: Quote, make_quote: Make
) -> None:
    claim = a_claim(promised)
    earlier = make_quote("soon", speaker=promised.speaker, said_on="2025-01")
    claim.claim_quotes.create(quote=earlier, role="repeats")
    assert record_of(claim).repeaters == ()


def test_the_days_on_which_it_was_published_here_and_changed_are_those_of_this_place(
    promised: Quote,
) -> None:
    claim = a_claim(promised)
    Claim.objects.filter(pk=claim.pk).update(
        published_at=datetime(2026, 11, 25, 20, tzinfo=UTC),
        updated_at=datetime(2026, 11, 27, 1, tzinfo=UTC),
    )
    with timezone.override("Asia/Seoul"):
        record = record_of(claim)
    assert (record.published.words, record.changed.words) == (
        "26 November 2026",
        "27 November 2026",
    )


# ---- Findings ----


def test_the_current_finding_stands_apart_from_earlier_ones_which_know_each_other(
    promised: Quote,
) -> None:
    claim = a_claim(promised)
    first = a_review(claim, "in-the-works", reviewed_on=date(2025, 6, 1))
    second = a_review(claim, "kept", supersedes=first)
    record = record_of(claim)
    assert [each.id for each in record.findings] == [second.pk]
    assert [each.id for each in record.earlier] == [first.pk]
    assert record.finding is not None
    assert record.finding.supersedes == records.Link(
        "1 June 2025", f"{record.url}#review-{first.pk}"
    )
    assert record.earlier[0].superseded_by is not None
    assert record.earlier[0].superseded_by.name == "1 January 2026"
    assert (record.standing, record.title) == ("Kept", f"{claim.text}: Kept")
    assert [each.word for each in record.finding.scale if each.slug == "kept"] == ["Kept"]


def test_reviews_that_are_not_published_are_not_there(promised: Quote) -> None:
    claim = a_claim(promised)
    a_review(claim, published=False, summary="A secret draft.")
    held = a_review(claim, summary="A secret that is held.")
    held.hold(by=None)
    record = record_of(claim)
    assert "secret" not in str(asdict(record))
    assert record.standing == "Not reviewed yet"


def test_a_verdict_is_called_in_the_readers_language(promised: Quote) -> None:
    claim = a_claim(promised)
    verdict = a_review(claim).verdict
    assert verdict is not None
    verdict.names.all().delete()
    verdict.names.create(language="ko", name="지킴")
    with translation.override("ko"):
        record = record_of(claim)
        assert record.standing == "지킴"
        assert Verdict.objects.named().get(pk=verdict.pk).label == verdict.label == "지킴"
    assert record_of(claim).standing == "Kept"


@pytest.mark.parametrize(
    ("named", "name", "by"),
    [
        (True, "Kim Minji", "Kim Minji"),
        (False, "Kim Minji", "the editors of On Record"),
        (True, "", "the editors of On Record"),
    ],
)
def test_a_reviewer_is_named_only_by_choice(
    promised: Quote, named: bool, name: str, by: str
) -> None:
    user = get_user_model().objects.create_user("mk", first_name="Kim Minji")
    claim = a_claim(promised)
    a_review(claim, reviewer=user, reviewer_is_named=named)
    user.first_name = name  # it may be taken away later
    user.save()
    finding = record_of(claim).finding
    assert finding is not None
    assert (finding.by, finding.is_person) == (by, by == name)
    assert "mk" not in {finding.by, finding.summary}


def test_a_named_reviewer_whose_account_is_deleted_leaves_no_empty_name(promised: Quote) -> None:
    user = get_user_model().objects.create_user("mk", first_name="Kim Minji")
    claim = a_claim(promised)
    a_review(claim, reviewer=user, reviewer_is_named=True)
    user.delete()
    finding = record_of(claim).finding
    assert finding is not None
    assert (finding.by, finding.is_person) == ("the editors of On Record", False)


def test_of_another_outlet_its_page_and_its_own_word_are_told(
    promised: Quote, make_publisher: Make, make_article: Make
) -> None:
    outlet = make_publisher("The Checkers")
    page = make_article("So it was", publisher=outlet, url_as_typed="https://checkers.example/1")
    claim = a_claim(promised)
    a_review(claim, "", publisher=outlet, article=page, rating_there="Mostly so")
    record = record_of(claim)
    (finding,) = record.findings
    assert record.finding is None
    assert (finding.by, finding.word_there, finding.verdict) == ("The Checkers", "Mostly so", None)
    assert finding.page is not None
    assert finding.page.address == "https://checkers.example/1"
    assert record.standing == "Reviewed elsewhere"


def test_of_another_outlet_whose_evidence_is_not_recorded_the_finding_is_told(
    promised: Quote, make_publisher: Make, make_article: Make
) -> None:
    claim, outlet = a_claim(promised), make_publisher("The Checkers")
    article = make_article("Kept", publisher=outlet)
    review = a_review(claim, "", publisher=outlet, article=article, rating_there="Kept")
    review.evidence.all().delete()
    (finding,) = record_of(claim).findings
    assert (finding.word_there, finding.evidence) == ("Kept", ())


def test_of_a_private_source_only_medium_and_date_are_told(
    promised: Quote, make_article: Make, make_publisher: Make
) -> None:
    secret = make_article(
        "Leaked minutes",
        byline="Jane Source",
        url_as_typed="https://secret.example.com/minutes",
        publisher=make_publisher("Hidden Gazette"),
        access="private",
        medium="letter",
        published_on="2025-05-27",
    )
    claim = a_claim(promised)
    a_review(claim, evidence=[{"article": secret, "note": "It says so.", "happened_on": "2025-09"}])
    record = record_of(claim)
    source = record.findings[0].evidence[0].source
    assert source is not None
    assert (source.private, source.published.words) == (True, "27 May 2025")
    told = str(asdict(record))
    for hidden in ("Leaked", "Jane", "secret.example", "Hidden Gazette"):
        assert hidden not in told


def test_evidence_says_which_way_it_points_by_a_sign_and_its_word(
    promised: Quote, make_article: Make
) -> None:
    claim = a_claim(promised)
    bearings = ("supports", "contradicts", "context")
    evidence = [
        {"article": make_article(), "bearing": each, "order": n} for n, each in enumerate(bearings)
    ]
    a_review(claim, evidence=[*evidence, {"bearing": "nothing found", "note": "-", "order": 9}])
    found = record_of(claim).findings[0].evidence
    assert [(each.bearing.glyph, each.bearing.word) for each in found] == [
        ("+", "Supports"),
        ("−", "Contradicts"),
        ("i", "Context"),
        ("∅", "Searched, nothing found"),
    ]
    assert [each.kind for each in found] == ["Document", "Document", "Document", ""]


def test_a_promise_is_overdue_until_a_final_verdict(promised: Quote) -> None:
    claim = a_claim(promised, due="2025-12")
    assert record_of(claim).overdue
    first = a_review(claim, "in-the-works")
    assert record_of(claim).overdue
    a_review(claim, "kept", supersedes=first)
    assert not record_of(claim).overdue
    assert not record_of(a_claim(promised, due="2999")).overdue


# ---- Corrections ----


def test_corrections_of_the_claim_its_reviews_and_its_quotes_are_its(promised: Quote) -> None:
    from tracker.models import Correction

    claim, other = a_claim(promised), a_claim(promised)
    review = a_review(claim)
    for record in (claim, review, promised, other):
        Correction.objects.note(record, kind="correction", text=f"Of {record.pk}.", by=None)
    Correction.objects.note(claim, kind="typo", text="A letter.", by=None)
    found = record_of(claim).corrections
    assert [each.noun for each in found] == ["Quote", "Review of a claim", "Claim"]
    assert [each.own for each in found] == [False, False, True]


def test_a_claim_takes_as_many_queries_whatever_the_number_of_quotes_and_reviews(
    promised: Quote, make_quote: Make, make_article: Make, django_assert_num_queries: Any
) -> None:
    claim = a_claim(promised)
    a_review(claim, evidence=[{"article": make_article()}])
    with django_assert_num_queries(7):  # one fewer where there is no correction
        record_of(claim)
    Correction.objects.note(claim, kind="update", text="It was looked at again.", by=None)
    for number in range(12):
        quote = make_quote(f"words {number}", said_on=f"{2000 + number}")
        claim.claim_quotes.create(quote=quote, role="repeats")
        otherwise = make_quote(f"not {number}", said_on=f"{2020 + number}")
        an_answer(otherwise, quote, "says otherwise")
        an_answer(make_quote(f"so {number}", said_on="2033"), otherwise, "answers")
    earlier = claim.reviews.get()
    for number in range(4):
        evidence = [{"article": make_article(f"{number} {n}")} for n in range(3)]
        earlier = a_review(claim, supersedes=earlier, evidence=evidence)
    with django_assert_num_queries(8):
        record = record_of(claim)
    assert (len(record.timeline), len(record.earlier)) == (37, 4)
    assert [len(each.evidence) for each in record.earlier] == [3, 3, 3, 1]
