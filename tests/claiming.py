"""Claims with reviews to start from, for the tests of their pages and of what is made of them."""

from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection

from tracker.models import Claim, Evidence, Quote, Review, Topic, Verdict

__all__ = ["a_claim", "a_review", "the_verdicts"]

_SCALES = import_module("tracker.migrations.0010_scales")


def a_claim(
    *quotes: Quote, published: bool = True, topics: tuple[Topic, ...] = (), **fields: Any
) -> Claim:
    """A claim that these quotes make; a promise, if nothing else is said."""
    fields.setdefault("text", "An office opens in Seoul within months")
    fields.setdefault("kind", "promise")
    claim = Claim.objects.create(**fields)
    claim.topics.add(*topics)
    for quote in quotes:
        claim.claim_quotes.create(quote=quote)
    if published:
        claim.publish(by=None)
    return claim


def a_review(
    claim: Claim, verdict: str = "kept", *, published: bool = True, **fields: Any
) -> Review:
    """A review with evidence, of this desk if no publisher is given; with no verdict for ''."""
    fields.setdefault("summary", "The office opened in September.")
    fields.setdefault("reviewed_on", date(2026, 1, 1))
    evidence = fields.pop("evidence", None) or [
        {"bearing": Evidence.Bearing.NOTHING_FOUND, "note": "The register was searched."}
    ]
    rated = Verdict.objects.get(slug=verdict, scale__kind=claim.kind) if verdict else None
    review = Review.objects.create(claim=claim, verdict=rated, **fields)
    for each in evidence:
        review.evidence.create(**each)
    if published:
        review.publish(by=None)
    return review


def the_verdicts() -> None:
    """The scales that come with the database, which a test that empties it leaves without them."""
    _SCALES.add(apps, connection.schema_editor())
