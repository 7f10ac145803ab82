"""Loading claims, reviews, links and corrections: known again, in their order, and nothing new upon what is hidden."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AbstractBaseUser

from tracker.importing import Loaded, RecordError, load_record
from tracker.models import (
    Claim,
    ClaimQuote,
    Correction,
    Evidence,
    Quote,
    QuoteLink,
    Review,
    Verdict,
)

pytestmark = pytest.mark.django_db

Record = dict[str, list[dict[str, Any]]]


def _quote(reference: str, said_on: str, **how: Any) -> dict[str, Any]:
    cited = {"article": "page", "text": f"Words of {said_on}.", "locator": reference}
    return {"reference": reference, "speaker": "A. Speaker", "said_on": said_on, "citations": [cited]} | how  # fmt: skip


RECORD: Record = {
    "publishers": [{"name": "The Gazette"}],
    "speakers": [
        {"name": "A. Speaker", "positions": [{"organisation": "The Office", "title": "Head"}]},
        {"name": "The Office", "kind": "organisation"},
    ],
    "topics": [{"name": "Offices"}],
    "articles": [
        {"key": "page", "url": "https://example.org/page"},
        {"key": "finding", "url": "https://example.org/finding", "publisher": "The Gazette"},
    ],
    "quotes": [_quote("q-1", "2020-01-01"), _quote("q-2", "2021-01-01")],
    "claims": [
        {
            "key": "office",
            "kind": "promise",
            "text": "An office opens within the year",
            "due": "2020",
            "topics": ["Offices"],
            "quotes": [
                {"quote": "q-1", "first_appearance": True},
                {"quote": "q-2", "role": "withdraws"},
            ],
        }
    ],
    "reviews": [  # the later one stands first: they are loaded in their order
        {
            "key": "second",
            "claim": "office",
            "verdict": "broken",
            "summary": "No office had opened.",
            "explanation": "<p>It <em>was</em> looked at.</p>",
            "evidence": [
                {
                    "article": "page",
                    "bearing": "contradicts",
                    "note": "The door was shut.",
                    "happened_on": "2020-12-31",
                },
                {"bearing": "nothing found", "note": "The register was searched."},
            ],
            "reply_asked_on": "2021-01-02",
            "reply": "No comment.",
            "replied_on": "2021-01-03",
            "reviewed_on": "2021-01-10",
            "as_of": "2021-01-09",
            "supersedes": "first",
        },
        {
            "key": "first",
            "claim": "office",
            "verdict": "in-the-works",
            "summary": "A lease is signed.",
            "evidence": [{"article": "page", "kind": "report"}],
            "reviewed_on": "2020-06-01",
        },
        {
            "key": "theirs",
            "claim": "office",
            "summary": "The Gazette rates it.",
            "reviewed_on": "2021-02-01",
            "article": "finding",
            "rating_there": "Nope",
        },
    ],
    "links": [{"later": "q-2", "kind": "says otherwise", "earlier": "q-1", "note": "The day moved.", "asserted_in": "finding"}],
    "corrections": [
        {"record": "quote", "of": "q-1", "field": "said on", "before": "2020", "after": "1 January 2020", "text": "The day is known now.", "made_on": "2022-01-01"},
        {"record": "position", "of": ["A. Speaker", "Head", "The Office"], "text": "They were head, not chair.", "made_on": "2022-01-02"},
        {"record": "link", "of": ["q-2", "says otherwise", "q-1"], "kind": "clarification", "text": "The note says more.", "made_on": "2022-01-03"},
        {"record": "claim", "of": "office", "kind": "update", "text": "A topic was added.", "made_on": "2022-01-04"},
        {"record": "review", "of": "second", "text": "A source was added.", "made_on": "2022-01-05"},
        {"record": "article", "of": "page", "text": "Its date was put right.", "made_on": "2022-01-06"},
        {"record": "speaker", "of": "A. Speaker", "text": "The name has an initial.", "made_on": "2022-01-07"},
    ],
}  # fmt: skip
MODELS = (Claim, ClaimQuote, Review, Evidence, QuoteLink, Correction)


@pytest.fixture
def record() -> Record:
    return copy.deepcopy(RECORD)


@pytest.fixture
def loaded(record: Record, editor: AbstractBaseUser) -> Loaded:
    return load_record(record, by=editor)


def test_claims_reviews_links_and_corrections_come_in_and_are_published(loaded: Loaded):
    counted = (loaded.claims, loaded.reviews, loaded.links, loaded.corrections)
    assert counted == (1, 3, 1, 7)
    claim = Claim.objects.open_to_readers().get()
    assert (claim.kind, claim.due, claim.topics.get().name) == ("promise", "2020", "Offices")
    roles = claim.claim_quotes.values_list("quote__reference", "role", "first_appearance")
    assert list(roles) == [("q-1", "makes", True), ("q-2", "withdraws", False)]
    link = QuoteLink.objects.open_to_readers().get()
    assert (link.later.reference, link.earlier.reference) == ("q-2", "q-1")
    assert link.asserted_in.publisher.name == "The Gazette"
    assert Correction.objects.open_to_readers().count() == 7


def test_of_the_reviews_of_one_desk_the_last_is_current_whatever_their_order(loaded: Loaded):
    ours = {each.verdict.slug: each for each in Review.objects.published().ours() if each.verdict}
    assert ours["broken"].supersedes == ours["in-the-works"]
    assert (ours["broken"].is_current, ours["in-the-works"].is_current) == (True, False)
    assert ours["broken"].explanation == "<p>It <em>was</em> looked at.</p>"
    days = [getattr(ours["broken"], name) for name in ("reply_asked_on", "replied_on", "as_of")]
    assert days == [date(2021, 1, 2), date(2021, 1, 3), date(2021, 1, 9)]
    evidence = ours["broken"].evidence.values_list("order", "bearing", "happened_on")
    assert list(evidence) == [(1, "contradicts", "2020-12-31"), (2, "nothing found", "")]


def test_a_finding_of_an_outlet_has_its_publisher_and_its_own_word(loaded: Loaded):
    review = Review.objects.get(verdict=None)
    assert (review.publisher.name, review.rating_there) == ("The Gazette", "Nope")
    assert review.is_current


def test_history_and_corrections_say_who_loaded_them(loaded: Loaded, editor: AbstractBaseUser):
    assert {each.made_by for each in Correction.objects.all()} == {editor}
    for model in (Claim, ClaimQuote, Evidence, Correction):
        assert {row.history_user for row in model.history.all()} == {editor}, model


@pytest.mark.parametrize("two", [True, False])
def test_what_comes_from_a_file_needs_no_second_editor(
    two: bool, record: Record, editor: AbstractBaseUser, settings: LazySettings
):
    settings.TWO_EDITORS = two
    load_record(record, by=editor)
    assert Claim.objects.published().count() == QuoteLink.objects.published().count() == 1


def test_it_loads_without_an_editor_too(record: Record):
    assert load_record(record, by=None).claims == 1
    assert load_record(record, by=None) == Loaded()


def test_a_misattributed_quote_names_the_true_one_whatever_their_order(
    record: Record, editor: AbstractBaseUser
):
    wrong = _quote("q-0", "", attribution="misattributed", attribution_reason="Theirs.")
    wrong["citations"][0] |= {"role": "attributes wrongly"}
    wrong["citations"].append({"article": "finding", "text": "Not hers.", "role": "evidence on attribution"})  # fmt: skip
    record["quotes"].insert(0, wrong | {"true_quote": "q-2"})
    load_record(record, by=editor)
    assert Quote.objects.get(reference="q-0").true_quote.reference == "q-2"
    assert load_record(record, by=editor) == Loaded()
    record["quotes"][0]["true_quote"] = "q-9"
    with pytest.raises(RecordError, match="quote q-0: there is no quote “q-9” in this record"):
        load_record(record, by=editor)


# --- Known again ----------------------------------------------------------------------------------


def _rows() -> list[int]:
    return [model.history.count() for model in MODELS]


def test_the_second_time_changes_nothing(loaded: Loaded, record: Record, editor: AbstractBaseUser):
    rows = _rows()
    assert load_record(record, by=editor) == Loaded()
    assert _rows() == rows


def test_what_an_editor_changed_is_known_again(
    loaded: Loaded, record: Record, editor: AbstractBaseUser
):
    claim = Claim.objects.get()
    claim.due = "2021"
    claim.save()
    review = Review.objects.get(verdict__slug="broken")
    review.reviewed_on, review.summary = date(2021, 1, 11), "No office was open."
    review.save()
    link = QuoteLink.objects.get()
    link.kind, link.note = "withdraws", "It is taken back."
    link.save()
    correction = Correction.objects.get(quote__isnull=False)
    correction.text = "Another sentence."
    correction.save()
    # While reviews with it are published its name stays; a record may be older than that name.
    seen = dict(Review.objects.values_list("pk", "published_at"))
    Review.objects.update(published_at=None)
    Verdict.objects.get(slug="broken").rename("Not kept", by=editor)
    for pk, at in seen.items():
        Review.objects.filter(pk=pk).update(published_at=at)
    rows = _rows()
    assert load_record(record, by=editor) == Loaded()
    assert _rows() == rows
    assert Review.objects.get(pk=review.pk).summary == "No office was open."


def test_a_claim_that_was_reworded_before_its_review_is_known_again(
    record: Record, editor: AbstractBaseUser
):
    del record["reviews"], record["corrections"]
    load_record(record, by=editor)
    claim = Claim.objects.get()
    claim.text = "An office opens within twelve months"
    claim.save()
    assert load_record(record, by=editor) == Loaded()


def test_deleted_corrections_and_quotes_of_a_claim_stay_deleted(
    loaded: Loaded, record: Record, editor: AbstractBaseUser
):
    Correction.objects.get(quote__isnull=False).delete()
    ClaimQuote.objects.get(role="withdraws").delete()
    assert load_record(record, by=editor) == Loaded()
    assert (ClaimQuote.objects.count(), Correction.objects.count()) == (1, 6)


def test_a_published_claim_gains_new_quotes_and_reviews(
    loaded: Loaded, record: Record, editor: AbstractBaseUser
):
    record["quotes"].append(_quote("q-3", "2022-01-01"))
    record["claims"][0]["quotes"].append({"quote": "q-3", "role": "repeats"})
    record["reviews"].append(
        record["reviews"][0] | {"key": "third", "supersedes": "second", "reviewed_on": "2022-02-01"}
    )
    again = load_record(record, by=editor)
    assert (again.claims, again.reviews) == (0, 1)
    assert ClaimQuote.objects.get(role="repeats").quote.reference == "q-3"
    assert Review.objects.current().ours().get().reviewed_on == date(2022, 2, 1)


def test_a_desk_may_review_a_claim_twice_on_one_day(record: Record, editor: AbstractBaseUser):
    second, first = record["reviews"][:2]
    first["reviewed_on"] = second["reviewed_on"]
    assert load_record(record, by=editor).reviews == 3
    assert Review.objects.current().ours().get().verdict.slug == "broken"
    for review in Review.objects.ours():
        review.summary += " It was looked at again."
        review.save()
    assert load_record(record, by=editor) == Loaded()
    third = second | {"key": "third", "supersedes": "second", "summary": "Still no office."}
    record["reviews"].append(third)
    assert load_record(record, by=editor).reviews == 1
    assert Review.objects.current().ours().get().summary == "Still no office."


def test_a_quote_joined_into_another_is_followed(record: Record, editor: AbstractBaseUser):
    links = record.pop("links")
    record["corrections"] = []
    record["quotes"].append(_quote("q-1b", "2020-01-01"))
    load_record(record, by=editor)
    kept = Quote.objects.get(reference="q-1b")
    kept.absorb(Quote.objects.get(reference="q-1"), by=editor)
    assert load_record(record | {"links": links}, by=editor) == Loaded(links=1)
    assert QuoteLink.objects.get().earlier == kept
    assert load_record(record | {"links": links}, by=editor) == Loaded()


# --- What an editor has hidden --------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["hold", "withdraw"])
def test_a_hidden_claim_stays_hidden_and_nothing_is_added_to_it(
    verb: str, loaded: Loaded, record: Record, editor: AbstractBaseUser
):
    how = {"withdraw": {"category": "our error", "reason": "No claim."}}
    getattr(Claim.objects.get(), verb)(by=editor, **how.get(verb, {}))
    record["quotes"].append(_quote("q-3", "2022-01-01"))
    record["claims"][0]["quotes"].append({"quote": "q-3", "role": "repeats"})
    record["reviews"].append(
        record["reviews"][0] | {"key": "third", "supersedes": "second", "reviewed_on": "2022-02-01"}
    )
    again = load_record(record, by=editor)
    assert (again.claims, again.reviews) == (0, 0)
    assert not Claim.objects.published().exists()
    assert ClaimQuote.objects.count() == 2


def test_what_is_new_and_would_rest_on_a_hidden_quote_is_left_out(
    record: Record, editor: AbstractBaseUser
):
    load_record({name: record[name] for name in record if name in ("publishers", "speakers", "topics", "articles", "quotes")}, by=editor)  # fmt: skip
    Quote.objects.get(reference="q-1").hold(by=editor)
    again = load_record(record, by=editor)
    assert (again.claims, again.reviews, again.links) == (0, 0, 0)
    assert set(Correction.objects.values_list("quote__reference", flat=True)) == {"q-1", None}


def test_a_review_that_supersedes_a_hidden_one_is_left_out(
    loaded: Loaded, record: Record, editor: AbstractBaseUser
):
    Review.objects.get(verdict__slug="broken").hold(by=editor)
    record["reviews"].append(
        record["reviews"][0] | {"key": "third", "supersedes": "second", "reviewed_on": "2022-02-01"}
    )
    assert load_record(record, by=editor) == Loaded()
    assert Review.objects.current().ours().get().verdict.slug == "in-the-works"


# --- What is refused ------------------------------------------------------------------------------


def _with(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        *way, last = path
        for step in way:
            record = record[step]
        record[last] = value

    return change


CLAIM, REVIEW, LINK = ("claims", 0), ("reviews", 0), ("links", 0)
CORRECTION = ("corrections", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_with(" ", *CLAIM, "key"), "claim #1: it has no key."),
        (_with("", *CLAIM, "text"), "claim office: claim: "),
        (_with("x", *CLAIM, "verdict"), "claim office: there is no key “verdict”."),
        (_with("rumour", *CLAIM, "kind"), "claim office: kind: "),
        (_with("soon", *CLAIM, "due"), "claim office: due: "),
        (_with(["x"], *CLAIM, "topics"), "claim office: there is no topic “x” in this record."),
        (_with([], *CLAIM, "quotes"), "claim office: It has no quote."),
        (_with("x", *CLAIM, "quotes", 0, "quote"), "claim office, x: there is no quote “x”"),
        (_with("", *CLAIM, "quotes", 0, "quote"), "claim office, : there is no quote “”"),
        (_with("hints", *CLAIM, "quotes", 1, "role"), "claim office, q-2: what it does: "),
        (_with(True, *CLAIM, "quotes", 1, "first_appearance"), "claim office, q-2: "),
        (_with("x", *REVIEW, "claim"), "review second: there is no claim “x” in this record."),
        (_with("", *REVIEW, "claim"), "review second: there is no claim “” in this record."),
        (_with("true", *REVIEW, "verdict"), "review second: verdict: This verdict is of another scale"),
        (_with("so-so", *REVIEW, "verdict"), "review second: there is no verdict “so-so”. Known are not-yet-rated,"),
        (_with("", *REVIEW, "summary"), "review second: summary: "),
        (_with("2021-01", *REVIEW, "reviewed_on"), "review second: reviewed on: "),
        (_with("", *REVIEW, "replied_on"), "review second: A reply has its words and its day."),
        (_with("2019-01-01", *REVIEW, "reviewed_on"), "review second: supersedes: That review is a later one."),
        (_with("x", *REVIEW, "supersedes"), "review second: there is no review “x” in this record."),
        (_with(None, *REVIEW, "supersedes"), "review first: This desk's review of 2021-01-10 stands"),
        (_with([], *REVIEW, "evidence"), "review second: It has no evidence."),
        (_with("x", *REVIEW, "evidence", 0, "article"), "review second, evidence 1: there is no article “x”"),
        (_with("", *REVIEW, "evidence", 1, "note"), "review second, evidence 2: Say what was searched"),
        (_with("second", "reviews", 1, "supersedes"), "review "),
        (_with("x", *LINK, "later"), "link between quotes x says otherwise q-1: there is no quote “x”"),
        (_with("", *LINK, "earlier"), "link between quotes q-2 says otherwise: there is no quote “”"),
        (_with("argues", *LINK, "kind"), "link between quotes q-2 argues q-1: what it does: "),
        (_with("", *LINK, "note"), "link between quotes q-2 says otherwise q-1: note: "),
        (_with("2019", "quotes", 1, "said_on"), "link between quotes q-2 says otherwise q-1: later quote: It was said before"),
        (_with("page", *CORRECTION, "record"), "correction page q-1 said on 2022-01-01: there is no record of the kind “page”. Known are quote, "),
        (_with("x", *CORRECTION, "of"), "correction quote x said on 2022-01-01: there is no quote “x”"),
        (_with("", *CORRECTION, "of"), "correction quote said on 2022-01-01: there is no quote “”"),
        (_with(["Nobody"], "corrections", 1, "of"), "correction position Nobody 2022-01-02: there is no position “Nobody”"),
        (_with("", *CORRECTION, "text"), "correction quote q-1 said on 2022-01-01: Say in a sentence"),
        (_with("withdrawal", *CORRECTION, "kind"), "correction quote q-1 said on 2022-01-01: a withdrawal is noted"),
        (_with("soon", *CORRECTION, "made_on"), "correction quote q-1 said on soon: made on: "),
    ],
)  # fmt: skip
def test_a_faulty_entry_is_named_and_nothing_is_loaded(
    change: Callable[[Any], None], message: str, record: Record, editor: AbstractBaseUser
):
    change(record)
    with pytest.raises(RecordError) as refusal:
        load_record(record, by=editor)
    assert str(refusal.value).startswith(message)
    assert not Quote.objects.exists()
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("section", "changed"),
    [
        ("claims", {}),
        ("claims", {"key": "again"}),
        ("reviews", {}),
        ("reviews", {"key": "again"}),
        ("links", {}),
        ("corrections", {}),
    ],
)
def test_an_entry_that_is_there_twice_is_refused(
    section: str, changed: dict[str, str], record: Record, editor: AbstractBaseUser
):
    record[section].append(copy.deepcopy(record[section][0]) | changed)
    with pytest.raises(RecordError, match="it is in this record twice"):
        load_record(record, by=editor)


def test_reviews_that_supersede_each_other_in_a_circle_are_refused(
    record: Record, editor: AbstractBaseUser
):
    record["reviews"][1]["supersedes"] = "second"
    with pytest.raises(RecordError, match="a chain cannot run in a circle"):
        load_record(record, by=editor)
