"""What may be seen: the verbs that publish, hold and withdraw, for one quote and for many, and what they refuse."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tracker.models import Citation, Quote, Refused


def _now(quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def _withdraw(quote, editor, category="our error", reason="We quoted the wrong sentence.") -> None:
    quote.withdraw(by=editor, category=category, reason=reason)


# --- One ------------------------------------------------------------------------------------------


def test_a_quote_starts_as_a_draft_that_nobody_sees(make_quote):
    quote = make_quote(published=False)
    assert (quote.status, quote.is_published, quote.published_at) == ("draft", False, None)
    assert not Quote.objects.published().exists()


def test_a_published_quote_is_seen(make_quote, editor):
    quote = make_quote(published=False)
    before = timezone.now()
    quote.publish(by=editor)
    assert quote.is_published
    assert before <= _now(quote).published_at == quote.published_at <= timezone.now()
    assert _now(quote).updated_at >= before
    assert list(Quote.objects.published()) == [quote]


def test_a_draft_goes_through_review(make_quote, editor):
    quote = make_quote(published=False)
    quote.submit(by=editor)
    assert _now(quote).status == "in review"
    with pytest.raises(Refused, match="Only a draft"):
        quote.submit(by=editor)
    quote.publish(by=editor)
    assert _now(quote).is_published


def test_a_held_quote_is_hidden_at_once_and_comes_back_with_its_first_date(make_quote, editor):
    quote = make_quote()
    first = quote.published_at
    quote.hold(by=editor)
    assert not Quote.objects.published().exists()
    with pytest.raises(Refused, match="Only what is published"):
        quote.hold(by=editor)
    quote.publish(by=editor)
    assert _now(quote).published_at == first


@pytest.mark.parametrize("held_first", [False, True])
def test_a_withdrawn_quote_keeps_its_reason_until_it_is_reinstated(make_quote, editor, held_first):
    quote = make_quote()
    if held_first:
        quote.hold(by=editor)
    _withdraw(quote, editor, "misattributed", " Somebody else said it. ")
    kept = _now(quote)
    assert kept.is_withdrawn
    assert (kept.withdrawal_category, kept.withdrawal_reason) == (
        "misattributed",
        "Somebody else said it.",
    )
    assert kept.withdrawn_at >= kept.published_at
    quote.publish(by=editor)
    again = _now(quote)
    assert (again.status, again.withdrawn_at) == ("published", None)
    assert (again.withdrawal_category, again.withdrawal_reason) == ("", "")


def test_a_withdrawal_needs_a_known_category_and_a_reason(make_quote, editor):
    quote = make_quote()
    with pytest.raises(Refused, match="our error, misattributed, privacy, legal, duplicate"):
        _withdraw(quote, editor, category="because")
    with pytest.raises(Refused, match="Give the reason"):
        _withdraw(quote, editor, reason="  \n")
    assert _now(quote).is_published
    assert quote.is_published


def test_what_cannot_be_withdrawn_says_why(make_quote, editor):
    with pytest.raises(Refused, match="delete it instead"):
        _withdraw(make_quote(published=False), editor)
    quote = make_quote()
    _withdraw(quote, editor)
    with pytest.raises(Refused, match="withdrawn already"):
        _withdraw(quote, editor)


def test_what_is_published_is_not_published_twice(make_quote, editor):
    quote = make_quote()
    with pytest.raises(Refused, match="published already"):
        quote.publish(by=editor)
    assert quote.history.filter(status="published").count() == 1


def test_a_quote_without_a_citation_is_not_published(make_quote, editor):
    quote = make_quote(text="")
    with pytest.raises(Refused, match="It has no citation"):
        quote.publish(by=editor)
    assert (quote.status, _now(quote).status) == ("draft", "draft")


def test_a_quote_led_by_another_quotes_citation_is_not_published(make_quote, editor):
    quote, other = make_quote(published=False), make_quote()
    Quote.objects.filter(pk=quote.pk).update(lead=other.lead)
    with pytest.raises(Refused, match="belongs to another quote"):
        quote.publish(by=editor)


def test_a_quote_with_somebody_elses_position_is_not_published(
    make_quote, make_position, make_speaker, editor
):
    position = make_position(make_speaker("Sam Altman"), title="Chief Executive Officer")
    quote = make_quote(position=position, published=False)
    with pytest.raises(Refused, match="position is not the speaker's"):
        quote.publish(by=editor)


def test_a_joint_statement_that_names_one_twice_is_not_published(
    make_quote, make_position, make_speaker, editor
):
    quote = make_quote(published=False)
    joint = quote.joint_speakers.create(speaker=quote.speaker)
    with pytest.raises(Refused, match="each of them once"):
        quote.publish(by=editor)
    joint.speaker = make_speaker("Sam Altman")
    joint.position = make_position(quote.speaker)
    joint.save()
    with pytest.raises(Refused, match="somebody else's"):
        quote.publish(by=editor)
    assert Quote.objects.filter(pk=quote.pk).publish(by=editor).done == 0


def test_a_verb_saves_nothing_but_what_it_moves(make_quote, editor):
    quote = make_quote(published=False)
    quote.context = "Not saved yet."
    quote.publish(by=editor)
    assert _now(quote).context == ""
    assert quote.context == "Not saved yet."


def test_a_verb_looks_at_the_record_as_it_is_now(make_quote, editor):
    stale = make_quote(published=False)
    Quote.objects.filter(pk=stale.pk).update(lead=None)
    with pytest.raises(Refused, match="It has no citation"):
        stale.publish(by=editor)
    withdrawn = make_quote()
    stale = _now(withdrawn)
    _withdraw(withdrawn, editor)
    with pytest.raises(Refused, match="Only what is published"):
        stale.hold(by=editor)
    assert _now(stale).is_withdrawn


# --- Many -----------------------------------------------------------------------------------------


def test_many_are_published_and_those_that_cannot_be_say_why(make_quote, editor):
    ready, bare = make_quote(published=False), make_quote(text="")
    published = make_quote()
    moved = Quote.objects.publish(by=editor)
    assert moved.done == 1
    assert _now(ready).is_published
    assert [record for record, _why in moved.refused] == [bare, published]
    assert [why.split(".")[0] for _record, why in moved.refused] == [
        "It has no citation",
        "It is published already",
    ]


def test_many_go_through_review_hold_and_withdrawal(make_quote, editor):
    for _ in range(3):
        make_quote(published=False)
    quotes = Quote.objects.all()
    assert quotes.submit(by=editor).done == 3
    assert quotes.publish(by=editor).done == 3
    assert quotes.hold(by=editor).done == 3
    assert quotes.withdraw(by=editor, category="legal", reason="A court said so.").done == 3
    for quote in quotes:
        assert (quote.status, quote.withdrawal_category) == ("withdrawn", "legal")
        assert quote.withdrawn_at
    assert quotes.withdraw(by=editor, category="legal", reason="Again.").done == 0


def test_a_wrong_category_moves_none_of_many(make_quote, editor):
    make_quote()
    moved = Quote.objects.withdraw(by=editor, category="because", reason="It is wrong.")
    assert (moved.done, len(moved.refused)) == (0, 1)
    assert Quote.objects.published().count() == 1


def test_a_quote_that_a_join_repeats_is_moved_once(make_quote, make_citation, editor):
    quote = make_quote(published=False)
    make_citation(quote)
    repeated = Quote.objects.filter(citations__language="en")
    assert repeated.count() == 2
    assert repeated.publish(by=editor).done == 1
    assert quote.history.filter(status="published").count() == 1
    assert repeated.distinct().hold(by=editor).done == 1
    assert Quote.objects.order_by("pk")[:1].publish(by=editor).done == 1


def test_the_number_of_queries_does_not_grow_with_the_quotes(
    make_quote, editor, django_assert_max_num_queries
):
    for _ in range(12):
        make_quote(published=False)
    with django_assert_max_num_queries(25):
        assert Quote.objects.publish(by=editor).done == 12


def test_more_than_a_batch_is_moved_whole(make_quote, make_topic, editor, monkeypatch):
    monkeypatch.setattr("tracker.models.statuses._BATCH", 2)
    topic = make_topic()
    quotes = [make_quote(published=False, topics=[topic]) for _ in range(5)]
    assert Quote.objects.publish(by=editor).done == 5
    assert Quote.objects.published().count() == 5
    for quote in quotes:
        row = quote.history.latest()
        assert (row.status, [each.topic for each in row.topics.all()]) == ("published", [topic])


def test_none_moved_is_no_fault(editor):
    moved = Quote.objects.none().publish(by=editor)
    assert (moved.done, moved.refused) == (0, [])


# --- What the database refuses ------------------------------------------------------------------


def test_a_published_quote_has_a_lead_citation(make_quote, the_database_refuses):
    make_quote()
    with the_database_refuses("published_quote_has_a_lead_citation"):
        Quote.objects.update(lead=None)
    bare = make_quote(text="")
    with the_database_refuses("published_quote_has_a_lead_citation"):
        Quote.objects.filter(pk=bare.pk).update(status="published")
    with the_database_refuses("published_quote_has_a_lead_citation"):
        Quote.objects.bulk_create([Quote(speaker=bare.speaker, status="published")])


def test_a_withdrawn_quote_has_a_category(make_quote, the_database_refuses):
    make_quote()
    with the_database_refuses("withdrawn_quote_has_a_category"):
        Quote.objects.update(status="withdrawn")


# --- Deleting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["publish", "hold", "withdraw"])
def test_what_was_ever_published_is_not_deleted(make_quote, editor, verb):
    quote = make_quote()
    if verb == "hold":
        quote.hold(by=editor)
    if verb == "withdraw":
        _withdraw(quote, editor)
    make_quote(published=False)
    for delete in (quote.delete, Quote.objects.all().delete):
        with pytest.raises(Refused, match="never deleted"):
            delete()
    assert Quote.objects.count() == 2


def test_a_draft_that_was_published_meanwhile_is_not_deleted(make_quote, editor):
    stale = make_quote(published=False)
    _now(stale).publish(by=editor)
    with pytest.raises(Refused, match="never deleted"):
        stale.delete()


@pytest.mark.parametrize("many", [False, True])
def test_a_draft_is_deleted_with_its_citations_and_its_lead(
    make_quote, make_citation, make_speaker, make_topic, many
):
    quote = make_quote(published=False, topics=[make_topic()])
    make_citation(quote)
    quote.joint_speakers.create(speaker=make_speaker("Sam Altman"))
    if many:
        Quote.objects.filter(pk=quote.pk).delete()
    else:
        quote.delete()
    assert not Quote.objects.exists()
    assert not Citation.objects.exists()
    connection.check_constraints()


def test_a_draft_into_which_another_was_joined_is_not_deleted(make_quote, editor):
    quote, other = make_quote(published=False), make_quote(published=False)
    quote.absorb(other, by=editor)
    for delete in (quote.delete, Quote.objects.filter(pk=quote.pk).delete):
        with pytest.raises(Refused, match="joined into it"):
            delete()
    other.delete()
    quote.delete()
    assert not Quote.objects.exists()


def test_a_quote_that_is_gone_cannot_be_moved(make_quote, editor):
    stale = make_quote(published=False)
    _now(stale).delete()
    for verb in (lambda: stale.publish(by=editor), stale.delete):
        with pytest.raises(Refused, match="not there any more"):
            verb()


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_publish_at_once_one_is_refused(make_quote, editor):
    quote = make_quote(published=False)
    start, outcomes = threading.Barrier(2), []

    def publish() -> None:
        try:
            mine = _now(quote)
            start.wait(10)
            mine.publish(by=editor)
            outcomes.append("published")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["It is published already.", "published"]
    assert quote.history.filter(status="published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_quote_that_another_editor_holds_meanwhile_stays_hidden(make_quote, editor):
    quote = make_quote()
    outcomes = []

    def publish() -> None:
        try:
            outcomes.append(Quote.objects.publish(by=editor).done)
        finally:
            connection.close()

    with transaction.atomic():
        quote.hold(by=editor)
        _withdraw(quote, editor)
        Quote.objects.filter(pk=quote.pk).update(redacted_at=timezone.now())
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join(0.5)
        assert not outcomes  # it waits for what this transaction comes to
    thread.join(20)
    assert outcomes == [0]
    assert _now(quote).is_withdrawn
