"""Corrections: of one record, explained, seen when it is, and written of everything that is withdrawn."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tracker.models import (
    CORRECTABLE,
    Claim,
    Correction,
    FieldChange,
    Quote,
    QuoteLink,
    Refused,
    Review,
)

Make = Callable[..., Any]
Refuses = Callable[..., Any]
Records = dict[str, Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def records(make_quote: Make, make_position: Make, make_speaker: Make) -> Records:
    """One of each that can be corrected, all open to readers."""
    quote = make_quote(said_on="2025")
    later = make_quote(said_on="2026", speaker=quote.speaker)
    claim = Claim.objects.create(text="An office opens")
    claim.claim_quotes.create(quote=quote)
    review = Review.objects.create(claim=claim, summary="So.", reviewed_on=date(2026, 1, 1))
    review.evidence.create(bearing="nothing found", note="The register.")
    link = QuoteLink.objects.create(later=later, earlier=quote, kind="repeats", note="-")
    for each in (claim, review, link):
        each.publish(by=None)
    position = make_position(quote.speaker)
    return {
        "quote": quote,
        "speaker": quote.speaker,
        "position": position,
        "article": quote.lead.article,
        "link": link,
        "claim": claim,
        "review": review,
    }


def note(record: models.Model, **how: Any) -> list[Correction]:
    return Correction.objects.note(
        record, **{"kind": "correction", "text": "It was wrong.", "by": None, **how}
    )


@pytest.mark.parametrize("name", CORRECTABLE)
def test_each_kind_of_record_is_corrected_and_readers_are_told(
    records: Records, editor: Any, name: str
) -> None:
    changes = [FieldChange("said on", "2025", "2026"), FieldChange("title", "a", "b")]
    made = note(records[name], by=editor, changes=changes)
    assert [(each.field, each.before, each.after) for each in made] == [
        ("said on", "2025", "2026"),
        ("title", "a", "b"),
    ]
    assert {each.record for each in made} == {records[name]}
    assert set(Correction.objects.of(records[name])) == set(made)
    assert set(Correction.objects.open_to_readers()) == set(made)
    assert {each.made_by for each in made} == {editor}
    assert [each.history.get().history_user for each in made] == [editor, editor]
    with pytest.raises((Refused, models.ProtectedError)):
        records[name].delete()


@pytest.mark.parametrize("name", ["quote", "link", "claim", "review"])
def test_of_what_is_hidden_no_correction_is_told(records: Records, name: str) -> None:
    note(records[name])
    records[name].hold(by=None)
    assert not Correction.objects.open_to_readers().exists()


def test_of_a_private_source_no_correction_is_told(records: Records) -> None:
    note(records["article"])
    records["article"].access = "private"
    records["article"].save()
    assert not Correction.objects.open_to_readers().exists()


def test_a_typing_error_is_logged_and_not_listed(records: Records) -> None:
    (made,) = note(records["quote"], kind="typo", text="")
    assert Correction.objects.of(records["quote"]).get() == made
    assert not Correction.objects.open_to_readers().exists()


@pytest.mark.parametrize("kind", ["correction", "clarification", "update"])
def test_a_correction_is_explained(
    records: Records, the_database_refuses: Refuses, kind: str
) -> None:
    with pytest.raises(ValidationError, match="what was wrong"):
        note(records["quote"], kind=kind, text="")
    (made,) = note(records["quote"], kind=kind)
    with the_database_refuses("correction_is_explained"):
        Correction.objects.filter(pk=made.pk).update(text="")


def test_nothing_is_noted_when_one_of_the_changes_cannot_be(records: Records) -> None:
    changes = [FieldChange("said on", "2025", "2026"), FieldChange("x" * 101, "a", "b")]
    with pytest.raises(ValidationError):
        note(records["quote"], changes=changes)
    assert not Correction.objects.exists()


def test_a_correction_is_of_one_record(records: Records, the_database_refuses: Refuses) -> None:
    (made,) = note(records["quote"])
    for columns in ({"claim": records["claim"]}, {"quote": None}):
        with the_database_refuses("correction_is_of_one_record"):
            Correction.objects.filter(pk=made.pk).update(**columns)


def test_corrections_come_newest_first(records: Records) -> None:
    (old,), (new,) = note(records["quote"]), note(records["claim"])
    Correction.objects.filter(pk=new.pk).update(made_on=date(2020, 1, 1))
    assert list(Correction.objects.all()) == [old, new]


# --- What is withdrawn ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["quote", "link", "claim", "review"])
@pytest.mark.parametrize("many", [False, True])
def test_what_is_withdrawn_is_told_without_words(
    records: Records, editor: Any, name: str, many: bool
) -> None:
    record = records[name]
    withdraw = type(record).objects.filter(pk=record.pk).withdraw if many else record.withdraw
    withdraw(by=editor, category="our error", reason="A secret.")
    (told,) = Correction.objects.open_to_readers()
    assert (told.kind, told.record, told.made_by) == ("withdrawal", record, editor)
    assert (told.field, told.before, told.after, told.text) == ("", "", "", "")
    (row,) = told.history.all()
    assert (row.history_type, row.history_user) == ("+", editor)


def test_many_are_withdrawn_with_two_more_statements(make_quote: Make, editor: Any) -> None:
    def withdrawing(number: int) -> int:
        ids = [make_quote().pk for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            Quote.objects.filter(pk__in=ids).withdraw(by=editor, category="legal", reason="So.")
        told = [each["sql"] for each in queries if "correction" in each["sql"]]
        assert Correction.objects.filter(quote__in=ids).count() == number
        return len(told)

    assert withdrawing(2) == withdrawing(12) == 2


def test_what_is_held_or_refused_is_no_withdrawal(make_quote: Make, editor: Any) -> None:
    quote, draft = make_quote(), make_quote(published=False)
    quote.hold(by=editor)
    moved = Quote.objects.filter(pk=draft.pk).withdraw(by=editor, category="legal", reason="So.")
    assert (moved.done, len(moved.refused)) == (0, 1)
    assert not Correction.objects.exists()


def test_what_is_blanked_for_good_is_told_as_withdrawn(make_quote: Make, editor: Any) -> None:
    quote, draft = make_quote(), make_quote(published=False)
    for each in (quote, draft):
        each.redact(by=editor, category="privacy")
    assert [each.quote for each in Correction.objects.open_to_readers()] == [quote]
