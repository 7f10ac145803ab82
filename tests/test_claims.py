"""Claims, what quotes do with them, and who may publish what an editor wrote."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pytest
from claiming import a_claim
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tracker.models import (
    Claim,
    ClaimQuote,
    Correction,
    Evidence,
    JointSpeaker,
    QuoteLink,
    Refused,
    Review,
    Verdict,
)

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return get_user_model().objects.create_user("writer")


@pytest.fixture
def second() -> Any:
    return get_user_model().objects.create_user("second")


@pytest.fixture
def claim(make_quote: Make) -> Claim:
    made = Claim.objects.create(text="An office opens in Seoul within months", kind="promise")
    made.claim_quotes.create(quote=make_quote(published=True))
    return made


def review_of(claim: Claim, verdict: str = "in-the-works", **how: Any) -> Review:
    day = how.pop("reviewed_on", date(2026, 1, 1))
    rated = Verdict.objects.get(slug=verdict)
    review = Review.objects.create(
        claim=claim, verdict=rated, summary="It was found.", reviewed_on=day, **how
    )
    review.evidence.create(
        bearing=Evidence.Bearing.NOTHING_FOUND, note="The register was searched."
    )
    return review


def test_a_claim_without_a_quote_cannot_be_published() -> None:
    bare = Claim.objects.create(text="Something")
    with pytest.raises(Refused, match="no quote"):
        bare.publish(by=None)


def test_a_claim_is_open_while_a_quote_that_makes_it_is_published(claim: Claim) -> None:
    claim.publish(by=None)
    assert claim in Claim.objects.open_to_readers()
    claim.claim_quotes.get().quote.hold(by=None)
    assert claim not in Claim.objects.open_to_readers()


def test_the_words_of_a_claim_stay_once_a_review_was_published(claim: Claim) -> None:
    claim.publish(by=None)
    review = review_of(claim)
    claim.text = "Another claim"
    claim.full_clean()  # nothing is published yet
    review.publish(by=None)
    with pytest.raises(ValidationError, match="stay as they are"):
        claim.full_clean()


def test_a_review_without_evidence_cannot_be_published(claim: Claim) -> None:
    claim.publish(by=None)
    review = review_of(claim)
    review.evidence.all().delete()
    with pytest.raises(Refused, match="no evidence"):
        review.publish(by=None)


def test_of_one_desk_one_review_is_current_and_supersedes_the_earlier(claim: Claim) -> None:
    claim.publish(by=None)
    first, second = review_of(claim), review_of(claim, "kept", reviewed_on=date(2026, 5, 1))
    first.publish(by=None)
    with pytest.raises(Refused, match="supersedes"):
        second.publish(by=None)
    second.supersedes = first
    second.full_clean()
    second.save()
    second.publish(by=None)
    assert list(Review.objects.current()) == [second]
    assert set(Review.objects.published()) == {first, second}
    second.hold(by=None)
    assert list(Review.objects.current()) == [first]


def test_many_reviews_are_published_in_their_order(claim: Claim) -> None:
    claim.publish(by=None)
    first = review_of(claim)
    review_of(claim, "kept", supersedes=first)
    assert Review.objects.all().publish(by=None).done == 2
    assert [each.verdict.slug for each in Review.objects.current() if each.verdict] == ["kept"]


def test_the_database_holds_one_current_review_of_a_desk(claim: Claim) -> None:
    claim.publish(by=None)
    review_of(claim).publish(by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review_of(claim).pk).update(status="published", is_current=True)


def test_what_an_editor_wrote_another_one_publishes_when_the_setting_asks_it(
    claim: Claim, editor: Any, second: Any, settings: Any
) -> None:
    claim.written_by = editor
    claim.save()
    settings.TWO_EDITORS = True
    with pytest.raises(Refused, match="another editor"):
        claim.publish(by=editor)
    claim.publish(by=second)
    assert claim.is_published


def test_that_somebody_says_otherwise_always_needs_two_editors(
    make_quote: Make, editor: Any, second: Any
) -> None:
    earlier = make_quote(published=True, said_on="2025-05-26")
    later = make_quote(published=True, said_on="2025-06", speaker=earlier.speaker)
    link = QuoteLink(later=later, earlier=earlier, kind="says otherwise", note="A change.")
    link.written_by = editor
    link.full_clean()
    link.save()
    with pytest.raises(Refused, match="another editor"):
        link.publish(by=editor)
    link.publish(by=second)
    assert list(QuoteLink.objects.open_to_readers()) == [link]


@pytest.mark.parametrize(
    ("later", "earlier", "possible"),
    [
        ("2025-06", "2025-05-26", True),
        ("2025-05", "2025-05-26", True),
        ("2025-05-26", "2025-05-26", True),
        ("", "2025-05-26", True),
        ("2024", "2025-05-26", False),
    ],
)
def test_a_link_is_refused_when_its_dates_cannot_be_so(
    make_quote: Make, later: str, earlier: str, possible: bool
) -> None:
    first = make_quote(said_on=earlier)
    link = QuoteLink(
        later=make_quote(said_on=later, speaker=first.speaker),
        earlier=first,
        kind="answers",
        note="So.",
    )
    if possible:
        link.full_clean()
    else:
        with pytest.raises(ValidationError, match="cannot be so"):
            link.full_clean()


def test_words_are_withdrawn_in_the_speakers_own_words(make_quote: Make) -> None:
    earlier = make_quote(said_on="2025")
    reported = make_quote(said_on="2026", speaker=earlier.speaker, kind="indirect")
    link = QuoteLink(later=reported, earlier=earlier, kind="withdraws", note="So.")
    with pytest.raises(ValidationError, match="own words"):
        link.full_clean()
    link.later = make_quote(said_on="2026", speaker_described_as="a spokesman")
    with pytest.raises(ValidationError, match="Only whoever said"):
        link.full_clean()


def test_a_withdrawal_is_noted_and_tells_no_words(claim: Claim) -> None:
    claim.publish(by=None)
    claim.withdraw(by=None, category="our error", reason="A mistake.")
    (note,) = Correction.objects.open_to_readers()
    assert (note.kind, note.claim, note.text) == ("withdrawal", claim, "")


def test_a_correction_is_of_one_record_and_explained(claim: Claim, make_quote: Make) -> None:
    with pytest.raises(ValidationError, match="what was wrong"):
        Correction.objects.note(claim, kind="correction", text="", by=None)
    with pytest.raises(ValidationError, match="one record"):
        Correction(claim=claim, quote=make_quote(), text="Wrong.").full_clean()
    Correction.objects.note(claim, kind="typo", text="", by=None)
    assert not Correction.objects.listed().exists()


def test_one_quote_does_one_thing_with_a_claim(claim: Claim) -> None:
    quote = claim.claim_quotes.get().quote
    with pytest.raises(ValidationError):
        ClaimQuote(claim=claim, quote=quote, role="denies").full_clean()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("claim_has_a_text", {"text": ""}),
        ("only_promises_and_predictions_are_due", {"kind": "factual", "due": "2026"}),
        ("withdrawn_claim_has_a_category", {"status": "withdrawn"}),
    ],
)
def test_the_database_refuses_what_a_claim_cannot_be(
    claim: Claim, the_database_refuses: Any, constraint: str, fields: dict[str, Any]
) -> None:
    with the_database_refuses(constraint):
        Claim.objects.filter(pk=claim.pk).update(**fields)


def test_a_claim_has_a_quote_once_and_appeared_first_once(
    claim: Claim, make_quote: Make, the_database_refuses: Any
) -> None:
    first = claim.claim_quotes.get()
    columns = "tracker_claimquote.claim_id, tracker_claimquote.quote_id"
    with the_database_refuses("a_claim_has_a_quote_once", columns=columns):
        claim.claim_quotes.create(quote=first.quote, role="denies")
    claim.claim_quotes.update(first_appearance=True)
    columns = "tracker_claimquote.claim_id"
    with the_database_refuses("a_claim_appeared_first_once", columns=columns):
        claim.claim_quotes.create(quote=make_quote(), first_appearance=True)
    with the_database_refuses("first_appearance_makes_the_claim"):
        claim.claim_quotes.update(role="repeats")


def test_words_that_are_not_theirs_make_no_claim(make_quote: Make) -> None:
    claim = Claim.objects.create(text="Cake is to be eaten")
    wrong = make_quote(attribution="misattributed", attribution_reason="Older.")
    claim.claim_quotes.create(quote=wrong)
    with pytest.raises(Refused, match="not theirs"):
        claim.publish(by=None)


def test_a_claim_is_withdrawn_by_who_makes_it_alone_or_with_others_in_own_words(
    claim: Claim, make_quote: Make, make_speaker: Make
) -> None:
    other = make_speaker("Another")
    theirs = make_quote("No.", speaker=other)
    row = ClaimQuote(claim=claim, quote=theirs, role="withdraws")
    with pytest.raises(ValidationError, match="Only somebody who makes") as error:
        row.full_clean()
    assert set(error.value.message_dict) == {"role"}
    row.save()
    with pytest.raises(Refused, match="Only somebody who makes"):
        claim.publish(by=None)
    JointSpeaker.objects.create(quote=claim.claim_quotes.get(role="makes").quote, speaker=other)
    row.full_clean()
    claim.publish(by=None)
    row.quote = make_quote("It was taken back.", kind="indirect")
    with pytest.raises(ValidationError, match="own words"):
        row.full_clean()


def test_whom_words_are_wrongly_attributed_to_does_not_withdraw_a_claim(make_quote: Make) -> None:
    claim = Claim.objects.create(text="Cake is to be eaten")
    wrong = make_quote(attribution="misattributed", attribution_reason="Older.")
    claim.claim_quotes.create(quote=wrong)
    back = make_quote("I never said so.")
    with pytest.raises(ValidationError, match="Only somebody who makes"):
        ClaimQuote(claim=claim, quote=back, role="withdraws").full_clean()


def test_the_same_text_is_one_claim_unless_the_other_was_withdrawn(claim: Claim) -> None:
    again = Claim(text=claim.text.upper(), kind="factual")
    with pytest.raises(ValidationError, match=f"Claim {claim.pk} has the same text") as error:
        again.full_clean()
    assert set(error.value.message_dict) == {"text"}
    claim.full_clean()
    claim.publish(by=None)
    claim.withdraw(by=None, category="our error", reason="A mistake.")
    again.full_clean()


@pytest.mark.parametrize(
    ("text", "again"),
    [("Été 2025 opens", "ÉTÉ 2025 OPENS"), ("It is “so”", "it is 'so'"), ("Ｓeoul", "seoul")],
)
def test_the_same_text_is_one_claim_in_any_script_and_stays_so_when_it_is_changed(
    text: str, again: str
) -> None:
    claim = Claim.objects.create(text="Another")
    claim.text = text
    claim.save(update_fields=["text"])
    assert list(Claim.objects.worded(again)) == [claim]
    with pytest.raises(ValidationError, match=f"Claim {claim.pk} has the same text"):
        Claim(text=again).full_clean()


def test_claims_that_were_there_before_are_compared_too(editor: Any) -> None:
    claims = Claim.objects.bulk_create(Claim(text=f"Été {n}") for n in range(3))
    Claim.history.bulk_history_create(claims, default_user=editor)  # type: ignore[attr-defined]
    for model in (Claim, Claim.history.model):  # type: ignore[attr-defined]
        model.objects.update(folded="")
    migration = import_module("tracker.migrations.0015_claims_compared")
    with patch.object(migration, "_AT_ONCE", 2):
        migration.fill(apps, connection.schema_editor())
    folded = ["été 0", "été 1", "été 2"]
    assert [each.folded for each in Claim.objects.order_by("pk")] == folded
    assert sorted(Claim.history.values_list("folded", flat=True)) == folded  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("False: an office opens in Seoul", True),
        ("FALSE — an office opens in Seoul", True),
        ("Kept – an office opens", True),
        ("In the works - an office", True),
        ("이행: 사무소가 열린다", True),
        ("False alarms are rare", False),
        ("True-crime podcasts are popular", False),
        ("It is false: an office opens", False),
    ],
)
def test_a_claim_does_not_begin_with_a_verdict(text: str, refused: bool) -> None:
    claim = Claim(text=text)
    if not refused:
        claim.full_clean()
        return
    with pytest.raises(ValidationError, match="begins with a verdict") as error:
        claim.full_clean()
    assert set(error.value.message_dict) == {"text"}


def test_a_promise_is_not_due_before_it_was_made(make_quote: Make) -> None:
    claim = a_claim(make_quote(said_on="1940-12-29"), due="1930", published=False)
    with pytest.raises(ValidationError, match="due before it was made") as error:
        claim.full_clean()
    assert set(error.value.message_dict) == {"due"}
    with pytest.raises(Refused, match="due before it was made"):
        claim.publish(by=None)
    claim.due = "1940"  # it may still come
    claim.full_clean()
    claim.due = "some day"
    with pytest.raises(ValidationError) as error:
        claim.full_clean()
    assert set(error.value.message_dict) == {"due"}
