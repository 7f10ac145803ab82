"""Claims in the index: which are found and how, and that it stays true whatever is done to a claim, its quotes and reviews."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from claiming import a_claim, a_review
from django.db import connection

from tracker import search
from tracker.models import (
    Claim,
    JointSpeaker,
    Position,
    Quote,
    Review,
    Speaker,
    Topic,
    Verdict,
)
from tracker.search import ClaimQuestion, answer_claims, parse

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def agree() -> bool:
    return list(search.disagreements()) == []


def found(typed: str = "", **how: Any) -> list[int]:
    """What readers find now; nothing is caught up with."""
    return answer_claims(ClaimQuestion(query=parse(typed) if typed else None, **how)).ids


def counts(facet: str, **how: Any) -> dict[str, int]:
    facets = answer_claims(ClaimQuestion(today=TODAY, **how)).facets
    return {each.value: each.count for each in facets.get(facet, [])}


@pytest.fixture
def make_claim(make_quote: Make) -> Make:
    """`make_claim("An office opens", said_on="2025-05")`: published, with one quote that makes it."""

    def make(
        text: str = "An office opens in Seoul",
        *,
        quote: Quote | None = None,
        said_on: str = "2025-05-26",
        **fields: Any,
    ) -> Claim:
        fields.setdefault("kind", "factual")
        return a_claim(quote or make_quote("destiny", said_on=said_on), text=text, **fields)

    return make


# ---- Who is found ----


def test_a_claim_is_found_by_its_words_its_findings_and_what_was_said(make_claim: Make) -> None:
    claim = make_claim("Taxes will not rise")
    a_review(claim, "true", summary="The budget agrees.")
    for typed in ("tax", '"will not rise"', "budget", "destiny", "ris*", "speaker:kwon", "jason"):
        assert found(typed) == [claim.pk], typed
    assert found("nothing") == []


def test_the_words_of_the_claim_rank_before_those_of_its_quotes(
    make_claim: Make, make_quote: Make
) -> None:
    named = make_claim("A harvest came in early", said_on="2019")
    make_claim("Something else", quote=make_quote("the harvest was good", said_on="2025"))
    assert found("harvest", order="best")[0] == named.pk
    assert found("harvest")[1] == named.pk


def test_a_renamed_claimant_is_found_at_once_by_the_new_name(make_claim: Make, editor: Any) -> None:
    claim = make_claim()
    claim.claim_quotes.get().quote.speaker.rename("Another Name", by=editor)
    assert found("another") == [claim.pk]
    assert found("kwon") == []
    assert answer_claims(ClaimQuestion()).claims[0].claimants[0].name == "Another Name"
    assert agree()


def test_a_claim_is_found_by_the_organisation_of_who_made_it(
    make_claim: Make, make_quote: Make, make_position: Make
) -> None:
    position = make_position()
    quote = make_quote("words", speaker=position.person, position=position)
    claim = make_claim(quote=quote)
    assert found("openai") == [claim.pk]
    other = Speaker.objects.create(name="Newco", kind="organisation")
    Position.objects.filter(pk=position.pk).update(organisation=other)
    search.catch_up()
    assert (found("openai"), found("newco")) == ([], [claim.pk])
    assert agree()


@pytest.mark.parametrize("verb", ["hold", "withdraw"])
@pytest.mark.parametrize("of", ["claim", "quote"])
def test_what_is_hidden_is_in_no_list_and_no_number(make_claim: Make, verb: str, of: str) -> None:
    claim = make_claim()
    a_review(claim, "true")
    hidden = claim if of == "claim" else claim.claim_quotes.get().quote
    how = {"category": "our error", "reason": "Wrong."} if verb == "withdraw" else {}
    getattr(hidden, verb)(by=None, **how)
    answer = answer_claims(ClaimQuestion(today=TODAY))
    assert (answer.ids, answer.total, answer.facets, answer.years) == ([], 0, {}, [])
    assert search.shown_claims([claim.pk]) == []
    assert found("office") == []
    assert agree()
    hidden.publish(by=None)
    assert found("office") == [claim.pk]
    assert agree()


def test_a_draft_is_not_found(make_claim: Make) -> None:
    make_claim(published=False)
    search.catch_up()
    assert found() == []
    assert agree()


def test_a_quote_that_turns_out_not_to_be_theirs_takes_its_claim_along(make_claim: Make) -> None:
    claim = make_claim()
    quote = claim.claim_quotes.get().quote
    Quote.objects.filter(pk=quote.pk).update(
        attribution="misattributed", attribution_reason="Older than they are."
    )
    search.catch_up()
    assert found() == []
    assert agree()


def test_a_hidden_quote_is_neither_shown_nor_counted_nor_found(
    make_claim: Make, make_quote: Make, make_speaker: Make
) -> None:
    claim = make_claim(said_on="2025-05-26")
    earlier = make_quote("unmistakable", said_on="2001", speaker=make_speaker("Somebody Else"))
    claim.claim_quotes.create(quote=earlier, role="repeats")
    search.catch_up()
    [shown] = answer_claims(ClaimQuestion()).claims
    assert (shown.said_on, shown.quotes) == ("2001", 2)
    earlier.hold(by=None)
    [shown] = answer_claims(ClaimQuestion()).claims
    assert (shown.said_on, shown.quotes) == ("2025-05-26", 1)
    assert [each.name for each in shown.claimants] == ["Jason Kwon"]
    assert found("unmistakable") == found("somebody") == []
    assert agree()


# ---- The filters, and their numbers ----


@pytest.fixture
def several(
    make_claim: Make,
    make_quote: Make,
    make_speaker: Make,
    make_topic: Make,
    make_publisher: Make,
    make_article: Make,
) -> dict[str, Claim]:
    """One claim of every standing, of several kinds, claimants, topics, verdicts and reviewers."""
    topic, other = make_topic("Roads"), make_topic("Taxes")
    mayor = make_speaker("The Mayor")
    by_mayor = make_quote("roads", speaker=mayor, said_on="2023")
    JointSpeaker.objects.create(quote=by_mayor, speaker=make_speaker("The Deputy"))
    claims = {
        "unreviewed": make_claim("One", topics=(topic,), said_on="2024-02-03"),
        "interim": make_claim("Two", kind="promise", due="2026-03", quote=by_mayor),
        "final": make_claim("Three", topics=(topic, other), said_on="2023-07"),
        "summary": make_claim("Four", kind="prediction", due="2030", said_on=""),
    }
    a_review(claims["interim"], "in-the-works")
    a_review(claims["final"], "false")
    outlet = make_publisher("The Outlet")
    page = {"publisher": outlet, "article": make_article("Four checked", publisher=outlet)}
    a_review(claims["summary"], "", rating_there="Maybe", **page)
    page["article"] = make_article("Three checked", publisher=outlet)
    a_review(claims["final"], "", rating_there="Wrong", **page)
    back = make_quote("I was wrong", said_on="2025")
    claims["final"].claim_quotes.create(quote=back, role="withdraws")
    search.catch_up()
    return claims


def values_of(facet: str, value: str) -> Any:
    """What the question asks by where the address has this value."""
    if facet == "claimant":
        return Speaker.objects.get(slug=value).pk
    if facet == "topic":
        return Topic.objects.get(slug=value).pk
    if facet == "verdict":
        return Verdict.objects.get(slug=value).pk
    if facet == "reviewer" and value != search.OURS:
        return Review.objects.exclude(publisher=None).get(publisher__slug=value, claim__text="Four").publisher_id  # fmt: skip
    return value


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kinds": ("factual",)},
        {"standings": ("final",)},
        {"said_from": date(2023, 1, 1), "said_to": date(2023, 12, 31)},
        {"overdue": True},
        {"query": parse("kwon or mayor")},
    ],
)
def test_the_number_of_each_value_is_what_choosing_it_lists(
    several: dict[str, Claim], asked: dict[str, Any]
) -> None:
    question = ClaimQuestion(today=TODAY, **asked)
    answer = answer_claims(question)
    assert answer.total == len(answer.ids)
    assert answer.facets.keys() >= {"claimant", "kind", "status"}
    for facet, values in answer.facets.items():
        for each in values:
            if facet == "overdue":
                chosen = replace(question, overdue=True)
            else:
                field: dict[str, Any] = {
                    search.CLAIMS.fields[facet]: (values_of(facet, each.value),)
                }
                chosen = replace(question, **field)
            listed = answer_claims(chosen)
            assert each.count == len(listed.ids) == listed.total, (facet, each.value)
            assert search.count(chosen).count == each.count


def test_every_filter_has_its_values(several: dict[str, Claim]) -> None:
    assert counts("status") == {
        "unreviewed": 1, "interim": 1, "final": 1, "summary": 1, "taken-back": 1,
    }  # fmt: skip
    assert counts("verdict") == {"in-the-works": 1, "false": 1}
    assert counts("reviewer") == {"ours": 2, "the-outlet": 2}
    assert counts("claimant") == {"jason-kwon": 3, "the-mayor": 1, "the-deputy": 1}
    assert counts("topic") == {"roads": 2, "taxes": 1}
    assert counts("kind") == {"factual": 2, "promise": 1, "prediction": 1}


def test_days_mean_those_of_the_earliest_quote_on_record(several: dict[str, Claim]) -> None:
    july = {"said_from": date(2023, 7, 5), "said_to": date(2023, 7, 5)}
    assert set(found(**july)) == {several["final"].pk, several["interim"].pk}  # both may be then
    assert found(**july, dates="must") == []
    assert found(dates="undated") == [several["summary"].pk]
    answer = answer_claims(ClaimQuestion())
    assert {(each.first, each.count) for each in answer.years} == {(2024, 1), (2023, 2)}
    assert answer.undated == 1


def test_a_claim_is_overdue_from_the_day_after_until_it_is_settled(
    several: dict[str, Claim],
) -> None:
    claim = several["interim"]
    assert found(overdue=True, today=date(2026, 3, 31)) == []
    assert found(overdue=True, today=date(2026, 4, 1)) == [claim.pk]
    assert counts("overdue") == {"1": 1}
    assert list(Claim.objects.overdue()) == [claim]
    a_review(claim, "kept", supersedes=claim.reviews.get(), reviewed_on=date(2026, 4, 2))
    assert found(overdue=True, today=date(2026, 4, 1)) == []
    assert agree()


@pytest.mark.parametrize("order", ["newest", "oldest", "due", "best"])
@pytest.mark.parametrize("typed", ["", "kwon"])
def test_going_through_the_pages_gives_each_claim_once(
    make_claim: Make, order: str, typed: str
) -> None:
    dues = ["2026-03", "2027", "", "2025", "2025", ""]
    for n, due in enumerate(dues):
        said = "" if n in (1, 2) else f"20{10 + n}"
        make_claim(f"Claim {n}", kind="promise", due=due, said_on=said)
    question = ClaimQuestion(query=parse(typed) if typed else None, order=order)
    whole = answer_claims(question).ids
    assert len(whole) == len(dues)
    pages: list[list[int]] = []
    page = answer_claims(replace(question, size=2))
    while page.ids:
        pages.append(page.ids)
        assert page.has_previous is (len(pages) > 1)
        page = answer_claims(replace(question, size=2, after=page.ids[-1]))
    assert [pk for ids in pages for pk in ids] == whole
    before = answer_claims(replace(question, size=2, before=pages[2][0]))
    assert (before.ids, before.has_previous, before.has_next) == (pages[1], True, True)
    first = answer_claims(replace(question, size=2, before=pages[1][0]))
    assert (first.ids, first.has_previous) == (pages[0], False)


def test_what_is_due_first_comes_first_and_what_is_settled_last(several: dict[str, Claim]) -> None:
    ordered = found(order="due")
    assert ordered[:2] == [several["interim"].pk, several["summary"].pk]
    assert ordered[2:] == [several["unreviewed"].pk, several["final"].pk]


def test_a_page_behind_a_hidden_claim_is_empty(make_claim: Make) -> None:
    make_claim()
    draft = make_claim("Hidden", published=False)
    for order in ("newest", "due"):
        assert found(after=draft.pk, order=order) == []


def test_an_answer_takes_few_statements(
    several: dict[str, Claim], django_assert_max_num_queries: Any
) -> None:
    question = ClaimQuestion(
        query=parse("kwon"), standings=("final", "unreviewed"), order="best", today=TODAY, size=1
    )
    first = answer_claims(question).ids[-1]
    with django_assert_max_num_queries(6):
        answer_claims(replace(question, after=first))


# ---- Kept true ----


def test_a_review_is_in_the_index_while_it_counts(make_claim: Make) -> None:
    claim = make_claim(kind="promise")
    first = a_review(claim, "in-the-works")
    assert counts("verdict") == {"in-the-works": 1}
    second = a_review(claim, "kept", supersedes=first, reviewed_on=date(2026, 2, 1))
    assert counts("verdict") == {"kept": 1}
    assert counts("status") == {"final": 1}
    second.hold(by=None)
    assert counts("verdict") == {"in-the-works": 1}
    first.withdraw(by=None, category="our error", reason="Wrong.")
    assert counts("status") == {"unreviewed": 1}
    assert agree()


def test_another_date_speaker_or_joint_speaker_of_a_quote_moves_its_claim(
    make_claim: Make, make_speaker: Make
) -> None:
    one, other = make_claim("One", said_on="2020"), make_claim("Two", said_on="2021")
    assert found() == [other.pk, one.pk]
    quote = one.claim_quotes.get().quote
    quote.said_on, quote.speaker = "2022", make_speaker("Somebody Else")
    quote.save()
    JointSpeaker.objects.create(quote=quote, speaker=make_speaker("With Them"))
    search.catch_up()
    assert found() == [one.pk, other.pk]
    assert counts("claimant") == {"jason-kwon": 1, "somebody-else": 1, "with-them": 1}
    assert agree()


def test_a_verdict_that_becomes_final_settles_what_it_was_given_to(make_claim: Make) -> None:
    claim = make_claim(kind="promise", due="2025")
    a_review(claim, "stalled")
    assert found(overdue=True, today=TODAY) == [claim.pk]
    Verdict.objects.filter(slug="stalled").update(final=True)
    search.catch_up()
    assert found(overdue=True, today=TODAY) == []
    assert counts("status") == {"final": 1}
    assert agree()


def test_what_happens_to_a_row_between_is_noted(make_claim: Make, make_topic: Make) -> None:
    claim, topic = make_claim(), make_topic("Roads")
    claim.topics.add(topic)
    search.catch_up()
    assert found(topics=(topic.pk,)) == [claim.pk]
    claim.topics.clear()
    claim.claim_quotes.get().delete()
    search.catch_up()
    assert found() == []
    assert agree()


@pytest.mark.parametrize(
    "change",
    [
        lambda claim: Verdict.objects.get(slug="true").names.update(name="참"),
        lambda claim: Verdict.objects.filter(slug="true").update(name="Right"),
        lambda claim: claim.reviews.get().evidence.update(note="Elsewhere."),
        lambda claim: claim.corrections.create(text="A word was wrong."),
        lambda claim: Verdict.objects.get(slug="true").scale.save(),
    ],
)
def test_the_stamp_changes_with_all_that_pages_of_claims_show(
    make_claim: Make, change: Callable[[Claim], object]
) -> None:
    claim = make_claim()
    a_review(claim, "true")
    search.catch_up()  # the evidence
    before = search.standing()
    assert before is not None
    change(claim)
    search.catch_up()
    assert search.standing() not in (None, before)


def test_a_rebuild_gives_the_same_index(several: dict[str, Claim]) -> None:
    tables = ("search_claim_count", "search_claim_shown")

    def rows() -> list[Any]:
        with connection.cursor() as cursor:
            kept = []
            for table in tables:
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
                kept.append(cursor.fetchall())
            return kept

    before, many = rows(), Quote.objects.published().count() + len(several)
    assert search.rebuild() == many
    assert rows() == before
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_claim_shown")
    assert "search_claim_shown holds 0 claims, 4 are published" in list(search.disagreements())


def test_a_word_of_a_claim_alone_is_known_until_it_is_gone(make_claim: Make) -> None:
    claim = make_claim("Unmistakable words")
    question = ClaimQuestion(query=parse("unmistakabel"))
    offered = search.guess(question, 0)
    assert offered is not None
    assert (offered.text, offered.count) == ("unmistakable", 1)
    assert search.guess(search.Question(query=parse("unmistakabel")), 0) is None
    claim.hold(by=None)
    assert search.guess(question, 0) is None


# ---- Claims like these words ----


def test_claims_like_these_words_are_offered_the_most_alike_first(make_claim: Make) -> None:
    same = make_claim("An office will open in Seoul within months")
    near = make_claim("An office will open in Seoul within two years, not months")
    make_claim("Taxes will not rise")
    hidden = make_claim("An office will open in Seoul within weeks")
    hidden.hold(by=None)
    alike = [each.id for each in search.claims_like("An office will open in Seoul within months")]
    assert alike == [same.pk, near.pk]
    assert [each.id for each in search.claims_like("offices opening in Seoul within months, it will", most=1)] == [same.pk]  # fmt: skip
    assert search.claims_like("") == search.claims_like("Nothing of the kind") == []


def test_the_claims_of_one_speaker_are_counted_by_heart(
    several: dict[str, Claim], django_assert_num_queries: Any
) -> None:
    kwon = Speaker.objects.get(name="Jason Kwon").pk
    assert search.claims_counted("claimant", [kwon]) == {kwon: 3}
    with django_assert_num_queries(1):
        assert search.count(ClaimQuestion(claimants=(kwon,))).count == 3
    assert answer_claims(ClaimQuestion(claimants=(kwon,), size=2)).total == 3
