"""The scales that the desk edits: what they refuse, and that what a review has stays."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from tracker.models import Claim, Refused, Review, Scale, Verdict, VerdictName

Refuses = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def facts() -> Scale:
    return Scale.objects.get(kind="factual")


def rated(slug: str) -> Review:
    claim = Claim.objects.create(text="An office opens")
    verdict = Verdict.objects.get(slug=slug)
    return Review.objects.create(
        claim=claim, verdict=verdict, summary="So.", reviewed_on=date(2026, 1, 1)
    )


@pytest.mark.parametrize(("worst", "best"), [(5, 1), (3, 3)])
def test_a_scale_runs_from_worst_to_best(
    facts: Scale, worst: int, best: int, the_database_refuses: Refuses
) -> None:
    with the_database_refuses("scale_runs_from_worst_to_best"):
        Scale.objects.filter(pk=facts.pk).update(worst=worst, best=best)
    facts.worst, facts.best = worst, best
    with pytest.raises(ValidationError):
        facts.full_clean()


def test_a_scale_is_not_made_shorter_than_its_ratings(facts: Scale) -> None:
    facts.best = 6
    with pytest.raises(ValidationError, match="“True” has the rating 7, which lies beyond"):
        facts.full_clean()
    facts.best = 9
    facts.full_clean()
    facts.save()
    assert facts.history.first().best == 9


def test_a_new_scale_and_one_without_bounds_are_told_of_their_fields() -> None:
    with pytest.raises(ValidationError, match="already exists"):
        Scale(kind="factual").full_clean()
    with pytest.raises(ValidationError) as error:
        Scale(kind="prediction", worst=None, best=5).full_clean()
    assert "worst" in error.value.message_dict


@pytest.mark.parametrize("rating", [0, 8])
def test_a_rating_lies_on_the_scale(facts: Scale, rating: int) -> None:
    verdict = Verdict(scale=facts, name="New", rating=rating)
    with pytest.raises(ValidationError, match="run from 1 to 7") as error:
        verdict.full_clean()
    assert set(error.value.message_dict) == {"rating"}


def test_a_scale_has_a_verdict_once(facts: Scale, the_database_refuses: Refuses) -> None:
    columns = "tracker_verdict.scale_id, tracker_verdict.name"
    with the_database_refuses("a_scale_has_a_verdict_once", columns=columns):
        Verdict.objects.filter(slug="false").update(name="True")
    Verdict(scale=Scale.objects.get(kind="promise"), name="True").full_clean()


def test_a_verdict_has_a_name(the_database_refuses: Refuses) -> None:
    with the_database_refuses("verdict_has_a_name"):
        Verdict.objects.filter(slug="false").update(name="")


def test_only_a_final_verdict_has_a_rating(the_database_refuses: Refuses) -> None:
    with the_database_refuses("only_a_final_verdict_has_a_rating"):
        Verdict.objects.filter(slug="false").update(final=False)
    verdict = Verdict.objects.get(slug="false")
    verdict.final = False
    with pytest.raises(ValidationError, match="not final has no rating"):
        verdict.full_clean()


def test_a_verdict_has_one_name_in_a_language(the_database_refuses: Refuses) -> None:
    verdict = Verdict.objects.get(slug="false")
    columns = "tracker_verdictname.verdict_id, tracker_verdictname.language"
    with the_database_refuses("a_verdict_has_one_name_in_a_language", columns=columns):
        VerdictName.objects.create(verdict=verdict, language="ko", name="거짓말")


def test_a_verdict_is_called_by_its_name_in_the_readers_language() -> None:
    verdict = Verdict.objects.get(slug="false")
    names = {}
    for language in ("en", "ko", "fr"):
        with translation.override(language):
            names[language] = str(verdict)
    assert names == {"en": "False", "ko": "거짓", "fr": "False"}


def test_a_retired_verdict_stays_with_the_reviews_that_have_it_and_is_in_no_new_one() -> None:
    review = rated("false")
    Review.objects.update(status="published", published_at=timezone.now())
    Verdict.objects.filter(slug="false").update(retired=True)
    review.refresh_from_db()
    review.full_clean()
    review.pk, review.id = None, None
    with pytest.raises(ValidationError, match="retired") as error:
        review.full_clean()
    assert set(error.value.message_dict) == {"verdict"}


@pytest.mark.parametrize("many", [False, True])
def test_a_verdict_that_reviews_have_is_not_deleted(many: bool) -> None:
    used = rated("false").verdict
    assert used is not None
    delete = Verdict.objects.filter(pk=used.pk).delete if many else used.delete
    with pytest.raises(Refused, match="retire it instead"):
        delete()
    Verdict.objects.get(slug="misleading").delete()
    assert Verdict.objects.filter(slug__in=("false", "misleading")).get() == used


def test_a_review_has_a_verdict_of_the_claims_own_scale() -> None:
    review = rated("false")
    review.verdict = Verdict.objects.get(slug="kept")
    with pytest.raises(ValidationError, match="of another scale") as error:
        review.full_clean()
    assert set(error.value.message_dict) == {"verdict"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", "So"), ("sign", "q0"), ("final", False), ("rating", 6), ("scale", "promise")],
)
def test_what_a_verdict_says_stays_once_reviews_with_it_were_published(
    name: str, value: Any
) -> None:
    Review.objects.filter(pk=rated("true").pk).update(published_at=timezone.now())
    verdict = Verdict.objects.get(slug="true")
    value = Scale.objects.get(kind=value) if name == "scale" else value
    setattr(verdict, name, value)
    with pytest.raises(ValidationError, match="1 published review has it") as error:
        verdict.full_clean()
    assert name in error.value.message_dict
    Review.objects.update(published_at=None)
    if name == "name":
        verdict.full_clean()


@pytest.mark.parametrize(("name", "value"), [("name", "진실"), ("language", "ja")])
def test_what_a_verdict_is_called_elsewhere_stays_once_reviews_with_it_were_published(
    name: str, value: str
) -> None:
    review = rated("true")
    korean = VerdictName.objects.get(verdict=review.verdict, language="ko")
    korean.full_clean()
    setattr(korean, name, value)
    korean.full_clean()
    Review.objects.filter(pk=review.pk).update(published_at=timezone.now())
    with pytest.raises(ValidationError, match="1 published review has this verdict: “사실” stays"):
        korean.full_clean()
    VerdictName(verdict=review.verdict, language="fr", name="Vrai").full_clean()


@pytest.mark.parametrize(("name", "value"), [("worst", 0), ("best", 9)])
def test_a_scale_stays_as_long_as_it_is_once_reviews_on_it_were_published(
    facts: Scale, name: str, value: int
) -> None:
    Review.objects.filter(pk=rated("true").pk).update(published_at=timezone.now())
    setattr(facts, name, value)
    with pytest.raises(ValidationError, match="1 published review is rated on it") as error:
        facts.full_clean()
    assert set(error.value.message_dict) == {name}
    facts.refresh_from_db()
    facts.note = "Judged on outcomes."
    facts.full_clean()


def test_a_new_verdict_stands_last_on_its_scale(db: None) -> None:
    scale = Scale.objects.get(kind="factual")
    last = scale.verdicts.order_by("order").last().order
    assert Verdict.objects.create(scale=scale, name="Undecided").order == last + 1
    assert Verdict.objects.create(scale=scale, name="First of all", order=1).order == 1
