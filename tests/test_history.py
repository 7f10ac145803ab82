"""Who changed what, and when: every record keeps its history, verbs for one and for many included."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tracker.models import (
    Article,
    Capture,
    Citation,
    JointSpeaker,
    Occasion,
    Position,
    Publisher,
    Quote,
    Speaker,
    SpeakerAlias,
    Topic,
)


@pytest.fixture
def colleague(db):
    return get_user_model().objects.create_user("colleague")


def _told(record) -> list[tuple[str, str, str]]:
    """Oldest first: what was done, by whom, and the status then."""
    rows = record.history.select_related("history_user").order_by("history_id")
    return [(row.history_type, str(row.history_user or "nobody"), row.status) for row in rows]


@pytest.mark.parametrize(
    "model",
    [
        Article,
        Capture,
        Citation,
        JointSpeaker,
        Occasion,
        Position,
        Publisher,
        Quote,
        Speaker,
        SpeakerAlias,
        Topic,
    ],
)
def test_every_record_keeps_its_history(model):
    kept = {field.attname for field in model.history.model.tracked_fields}
    lost = {field.attname for field in model._meta.concrete_fields} - kept
    # A copy never changes, and what a page declares is material that an editor records or not.
    assert lost == {Capture: {"text"}, Article: {"declares"}}.get(model, set())


def test_what_was_made_changed_and_deleted_is_told_with_its_time(make_speaker):
    before = timezone.now()
    kwon = make_speaker("Jason Kwon")
    kwon.description = "Chief Strategy Officer of OpenAI"
    kwon.save()
    number = kwon.pk
    kwon.delete()
    deleted, changed, made = Speaker.history.filter(id=number)
    assert [row.history_type for row in (made, changed, deleted)] == ["+", "~", "-"]
    assert before <= made.history_date <= changed.history_date <= deleted.history_date
    assert [delta.field for delta in changed.diff_against(made).changes] == ["description"]
    assert deleted.name == "Jason Kwon"


def test_each_verb_tells_who_did_it(make_quote, editor, colleague):
    quote = make_quote(published=False)
    told = _told(quote)
    quote.submit(by=editor)
    quote.publish(by=colleague)
    quote.hold(by=editor)
    quote.publish(by=colleague)
    quote.withdraw(by=editor, category="our error", reason="We quoted the wrong sentence.")
    assert _told(quote)[len(told) :] == [
        ("~", "editor", "in review"),
        ("~", "colleague", "published"),
        ("~", "editor", "held"),
        ("~", "colleague", "published"),
        ("~", "editor", "withdrawn"),
    ]
    row = quote.history.latest()
    assert (row.withdrawal_category, row.withdrawal_reason) == (
        "our error",
        "We quoted the wrong sentence.",
    )


def test_a_verb_does_not_claim_later_changes_for_its_editor(make_quote, colleague):
    quote = make_quote(published=False)
    quote = Quote.objects.get(pk=quote.pk)
    quote.publish(by=colleague)
    quote.context = "About Seoul."
    quote.save()
    assert _told(quote)[-2:] == [("~", "colleague", "published"), ("~", "nobody", "published")]


def test_a_verb_for_many_tells_who_did_it_for_each(make_quote, colleague):
    quotes = [make_quote(published=False) for _ in range(3)]
    bare = make_quote(text="")
    told = len(_told(bare))
    before = timezone.now()
    Quote.objects.publish(by=colleague)
    for quote in quotes:
        assert _told(quote)[-1] == ("~", "colleague", "published")
        row = quote.history.latest()
        assert before <= row.history_date
        assert row.updated_at >= before
        assert row.lead == quote.lead
    assert len(_told(bare)) == told


@pytest.mark.parametrize("many", [False, True])
def test_a_verb_leaves_the_topics_in_the_history(make_quote, make_topic, colleague, many):
    topics = [make_topic("Infrastructure"), make_topic("Korea")]
    quotes = [make_quote(published=False, topics=topics[: n + 1]) for n in range(2)]
    if many:
        Quote.objects.publish(by=colleague)
    else:
        for quote in quotes:
            quote.publish(by=colleague)
    for number, quote in enumerate(quotes):
        latest = quote.history.latest()
        assert latest.status == "published"
        assert {row.topic for row in latest.topics.all()} == set(topics[: number + 1])
        changed = latest.diff_against(latest.prev_record).changes
        assert "topics" not in {delta.field for delta in changed}


def test_a_change_of_lead_tells_who_did_it(make_quote, make_citation, colleague):
    quote = make_quote()
    korean = make_citation(quote, "인공지능", language="ko")
    first = quote.lead
    quote.lead_with(korean, by=colleague)
    latest = quote.history.latest()
    assert (latest.history_user, latest.lead, latest.prev_record.lead) == (colleague, korean, first)


def test_a_change_of_words_is_told_by_the_citation(make_quote, colleague):
    citation = make_quote("infrastructure is destiny").lead
    citation.text = "Infrastructure is destiny."
    citation._history_user = colleague
    citation.save()
    latest, made = citation.history.all()
    assert (made.text, latest.text) == ("infrastructure is destiny", "Infrastructure is destiny.")
    assert latest.history_user == colleague


def test_a_rename_tells_the_name_and_the_address_then(make_speaker, colleague):
    kwon = make_speaker("Jason Kwon")
    kwon.rename("제이슨 권", by=colleague)
    told = list(kwon.history.order_by("history_id").values_list("name", "slug"))
    assert told == [
        ("Jason Kwon", "jason-kwon"),
        ("제이슨 권", "jason-kwon"),
        ("제이슨 권", "제이슨-권"),
    ]
    assert {row.history_user for row in kwon.history.exclude(history_type="+")} == {colleague}


def test_a_join_tells_where_each_record_came_from(
    make_quote, make_topic, make_speaker, editor, colleague
):
    quote, other = make_quote(), make_quote("Infrastructure is our destiny")
    earlier = make_quote("destiny is infrastructure")
    other.absorb(earlier, by=editor)
    other.topics.add(make_topic())
    joint = other.joint_speakers.create(speaker=make_speaker("Sam Altman"))
    moved = other.lead
    quote.absorb(other, by=colleague)
    for record, column in ((moved, "quote"), (joint, "quote"), (earlier, "joined_into")):
        latest = record.history.latest()
        assert latest.history_user == colleague
        assert getattr(latest, column) == quote
        assert getattr(latest.prev_record, column) == other
    assert _told(other)[-1] == ("~", "colleague", "withdrawn")
    latest = quote.history.latest()
    assert latest.history_user == colleague
    assert [row.topic.name for row in latest.topics.all()] == ["Infrastructure"]


def test_a_deleted_draft_leaves_its_citations_in_the_history(make_quote):
    quote = make_quote("infrastructure is destiny", published=False)
    number = quote.pk
    quote.delete()
    assert Quote.history.filter(id=number).latest().history_type == "-"
    kept = Citation.history.filter(quote_id=number).latest()
    assert (kept.history_type, kept.text) == ("-", "infrastructure is destiny")
