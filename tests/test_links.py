"""Links between quotes: what they must say, when they can be, and who sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tracker.models import Quote, QuoteLink, Refused, may_follow

Make = Callable[..., Any]
Refuses = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def link(make_quote: Make) -> QuoteLink:
    earlier = make_quote("never", said_on="2025-05-26")
    later = make_quote("always", said_on="2026", speaker=earlier.speaker)
    return QuoteLink.objects.create(later=later, earlier=earlier, kind="repeats", note="Again.")


def test_a_quote_does_not_answer_itself(link: QuoteLink, the_database_refuses: Refuses) -> None:
    with the_database_refuses("a_quote_does_not_answer_itself"):
        QuoteLink.objects.update(later=link.earlier)
    link.later = link.earlier
    with pytest.raises(ValidationError, match="cannot answer itself"):
        link.full_clean()


def test_a_quote_answers_another_once_in_a_way(
    link: QuoteLink, the_database_refuses: Refuses
) -> None:
    ends = {"later": link.later, "earlier": link.earlier, "note": "-"}
    columns = "tracker_quotelink.later_id, tracker_quotelink.earlier_id, tracker_quotelink.kind"
    with the_database_refuses("a_quote_answers_another_once_in_a_way", columns=columns):
        QuoteLink.objects.create(kind="repeats", **ends)
    QuoteLink.objects.create(kind="clarifies", **ends)


def test_a_link_has_a_note(link: QuoteLink, the_database_refuses: Refuses) -> None:
    with the_database_refuses("link_has_a_note"):
        QuoteLink.objects.update(note="")
    link.note = ""
    with pytest.raises(ValidationError) as error:
        link.full_clean()
    assert "note" in error.value.message_dict


def test_a_withdrawn_link_has_a_category(link: QuoteLink, the_database_refuses: Refuses) -> None:
    with the_database_refuses("withdrawn_link_has_a_category"):
        QuoteLink.objects.update(status="withdrawn")


@pytest.mark.parametrize("end", ["later", "earlier"])
def test_readers_see_a_link_while_they_see_both_quotes(link: QuoteLink, end: str) -> None:
    link.publish(by=None)
    assert list(QuoteLink.objects.open_to_readers()) == [link]
    quote = getattr(QuoteLink.objects.get(), end)
    quote.hold(by=None)
    assert not QuoteLink.objects.open_to_readers().exists()
    assert QuoteLink.objects.published().exists()
    link.hold(by=None)
    with pytest.raises(Refused, match="not published"):
        link.publish(by=None)


@pytest.mark.parametrize("many", [False, True])
def test_a_link_whose_dates_changed_since_is_not_published(link: QuoteLink, many: bool) -> None:
    Quote.objects.filter(pk=link.later_id).update(
        said_on="2024", said_earliest="2024-01-01", said_latest="2024-12-31"
    )
    if many:
        ((_link, why),) = QuoteLink.objects.all().publish(by=None).refused
        assert "cannot be so" in why
    else:
        with pytest.raises(Refused, match="cannot be so"):
            link.publish(by=None)


@pytest.mark.parametrize("kind", QuoteLink.Kind.values)
def test_what_only_one_speaker_can_do_needs_one_speaker(
    link: QuoteLink, make_quote: Make, make_speaker: Make, kind: str
) -> None:
    other = make_quote("no", said_on="2026", speaker=make_speaker("Sam Altman"))
    link.kind, link.later = kind, other
    if kind in QuoteLink.BY_THE_SAME:
        with pytest.raises(ValidationError, match="Only whoever said") as error:
            link.full_clean()
        assert set(error.value.message_dict) == {"kind"}
        other.joint_speakers.create(speaker=link.earlier.speaker)
    QuoteLink(later=other, earlier=link.earlier, kind=kind, note="-").full_clean()


def test_unnamed_speakers_are_not_taken_for_one(make_quote: Make) -> None:
    ends = [make_quote(speaker_described_as="an aide", said_on=f"202{n}") for n in (5, 6)]
    with pytest.raises(ValidationError, match="Only whoever said"):
        QuoteLink(later=ends[1], earlier=ends[0], kind="says otherwise", note="-").full_clean()


@pytest.mark.parametrize(
    ("later", "earlier", "possible"),
    [
        ("", "", True),
        ("2025", "2025", True),
        ("2025-05", "2025-05-31", True),
        ("2025-05-25", "2025-05-26", False),
        ("1948~", "1949", False),
        ("1946/1948", "1948-12-31", True),
        ("2025-05-26", "2025-05-25/..", True),
        ("../2024", "2025", False),
    ],
)
def test_dates_that_may_be_so_are_allowed(
    make_quote: Make, later: str, earlier: str, possible: bool
) -> None:
    ends = [Quote.objects.get(pk=make_quote(said_on=day).pk) for day in (later, earlier)]
    assert may_follow(*ends) == possible


def test_a_link_keeps_its_history(link: QuoteLink, editor: Any) -> None:
    link.publish(by=editor)
    link.withdraw(by=editor, category="our error", reason="Wrong.")
    assert [each.status for each in link.history.all()] == ["withdrawn", "published", "draft"]
    assert link.history.first().history_user == editor


@pytest.mark.parametrize("many", [False, True])
def test_a_link_that_readers_saw_is_not_deleted(link: QuoteLink, many: bool) -> None:
    link.publish(by=None)
    delete = QuoteLink.objects.all().delete if many else link.delete
    with pytest.raises(Refused, match="never deleted"):
        delete()


@pytest.mark.parametrize("end", ["later", "earlier"])
def test_a_quote_that_a_link_needs_is_not_deleted(make_quote: Make, end: str) -> None:
    ends = {name: make_quote(published=False) for name in ("later", "earlier")}
    QuoteLink.objects.create(kind="answers", note="-", **ends)
    for delete in (ends[end].delete, Quote.objects.filter(pk=ends[end].pk).delete):
        with pytest.raises(Refused, match="Other records need it"):
            delete()


def test_two_quotes_are_linked_one_way_round(link: QuoteLink) -> None:
    turned = QuoteLink(later=link.earlier, earlier=link.later, kind="answers", note="So.")
    Quote.objects.update(said_on="", said_earliest=None, said_latest=None)
    turned = QuoteLink(later=now(link.earlier), earlier=now(link.later), kind="answers", note="So.")
    with pytest.raises(ValidationError, match="other way round") as error:
        turned.full_clean()
    assert "earlier" in error.value.message_dict
    link.publish(by=None)
    link.withdraw(by=None, category="our error", reason="Wrong.")
    turned.full_clean()


def now(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)
