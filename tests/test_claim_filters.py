"""The query string of a list of claims becomes a question, or says what in it is not understood."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from claiming import a_claim, a_review
from django.http import QueryDict

from tracker import search
from tracker.filters import ClaimFilterSet, Standing
from tracker.models import Speaker, Verdict

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


def question(query: str) -> Any:
    return ClaimFilterSet(QueryDict(query)).question


def errors(query: str) -> dict[str, list[str]]:
    form = ClaimFilterSet(QueryDict(query)).form
    return {name: list(texts) for name, texts in form.errors.items()}


def test_an_empty_query_asks_for_everything() -> None:
    assert question("") == question("q=&claimant=&overdue=&order=&speaker=nobody&unheard-of=1")
    assert question("").is_everything


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("claimant=nobody", "No claim here is by “nobody”."),
        ("kind=song", "There is no kind “song”."),
        ("verdict=perhaps", "There is no verdict “perhaps”."),
        ("reviewer=nobody", "No claim here was reviewed by “nobody”."),
        ("topic=nothing", "No claim here is about “nothing”."),
        ("status=never", "There is no status “never”."),
        ("recorded_from=x", "“x” is not a date. Write for example 1947, 2025-05 or 2025-05-26."),
        ("recorded_to=x", "“x” is not a date. Write for example 1947, 2025-05 or 2025-05-26."),
        ("dates=never", "“never” is not one of: may, must, undated."),
        ("overdue=yes", "“yes” is not one of: 1."),
        ("order=random", "“random” is not one of: newest, oldest, best, due."),
        ("after=x", "There is no such page of the list."),
        ("before=-1", "There is no such page of the list."),
        ("q=!", "There is no word in “!” to look for."),
    ],
)
def test_an_unknown_value_says_so_and_asks_nothing(query: str, said: str) -> None:
    assert question(query) is None
    assert errors(query) == {query.split("=")[0]: [said]}


def test_an_unknown_value_among_known_ones_asks_nothing_either() -> None:
    assert question("verdict=true&verdict=perhaps") is None
    assert question("verdict=true") is not None


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    said = {"recorded_to": ["This time ends before it begins."]}
    assert errors("recorded_from=2025&recorded_to=2024") == said


def test_every_filter_is_in_the_question(
    make_quote: Make, make_topic: Make, make_publisher: Make, make_article: Make
) -> None:
    topic, outlet = make_topic("Roads"), make_publisher("The Outlet")
    claim = a_claim(make_quote(said_on="2025"), kind="factual", topics=(topic,))
    a_review(claim, "", publisher=outlet, article=make_article("Checked", publisher=outlet))
    kwon = Speaker.objects.get(name="Jason Kwon")
    with time_machine.travel("2026-06-01T12:00Z", tick=False):
        asked = question(
            "claimant=jason-kwon&kind=factual&verdict=true&verdict=false&reviewer=the-outlet"
            "&reviewer=ours&topic=roads&status=summary&recorded_from=2025&recorded_to=2025-06"
            "&dates=must&overdue=1&order=due&after=7"
        )
    verdicts = [Verdict.objects.get(slug=slug).pk for slug in ("true", "false")]
    assert asked == search.ClaimQuestion(
        claimants=(kwon.pk,),
        kinds=("factual",),
        verdicts=tuple(verdicts),
        reviewers=(outlet.pk, "ours"),
        topics=(topic.pk,),
        standings=("summary",),
        said_from=date(2025, 1, 1),
        said_to=date(2025, 6, 30),
        dates="must",
        overdue=True,
        order="due",
        after=7,
        today=date(2026, 6, 1),
    )


def test_an_old_slug_asks_for_the_record_that_had_it(
    make_quote: Make, make_topic: Make, editor: Any
) -> None:
    topic = make_topic("Roads")
    claim = a_claim(make_quote(), kind="factual", topics=(topic,))
    review = a_review(claim, "true", published=False)
    speaker, verdict = Speaker.objects.get(name="Jason Kwon"), Verdict.objects.get(slug="true")
    for record in (speaker, topic, verdict):
        record.rename(f"Another {record}", by=editor)
    review.publish(by=None)
    asked = question("claimant=jason-kwon&topic=roads&verdict=true")
    assert (asked.claimants, asked.topics, asked.verdicts) == (
        (speaker.pk,),
        (topic.pk,),
        (verdict.pk,),
    )


def test_a_claimant_is_found_by_name_and_several_of_a_name_are_offered(
    make_quote: Make, make_speaker: Make
) -> None:
    a_claim(make_quote(), text="One")
    assert question("claimant=Kwon").claimants
    a_claim(make_quote(speaker=make_speaker("Another Kwon")), text="Two")
    form = ClaimFilterSet(QueryDict("claimant=Kwon")).form
    [problem] = form.errors.as_data()["claimant"]
    assert {offer.label for offer in problem.params["offers"]} == {"Jason Kwon", "Another Kwon"}
    assert errors("claimant=Kwom") == {"claimant": ["No claim here is by “Kwom”. Did you mean:"]}


def test_who_has_quotes_and_no_open_claim_is_no_claimant(
    make_quote: Make, make_topic: Make
) -> None:
    topic = make_topic("Roads")
    draft = a_claim(make_quote(topics=[topic]), topics=(topic,), published=False)
    assert question("claimant=jason-kwon") is question("topic=roads") is None
    draft.publish(by=None)
    assert question("claimant=jason-kwon&topic=roads") is not None
    draft.hold(by=None)
    assert question("claimant=jason-kwon") is question("topic=roads") is None


def test_the_words_for_a_status_are_those_of_the_index() -> None:
    assert tuple(Standing.values) == search.STANDINGS
