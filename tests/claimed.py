"""Claims and reviews to start from, as tests of several modules need them."""

from datetime import date
from typing import Any

from tracker.models import Claim, Evidence, Quote, Review, Topic, Verdict

__all__ = ["claim_of", "review_of"]


def claim_of(
    quote: Quote,
    text: str = "An office opens in Seoul",
    *,
    published: bool = True,
    topics: tuple[Topic, ...] = (),
    **fields: Any,
) -> Claim:
    """`claim_of(quote, "An office opens", kind="promise", due="2026")`: a claim that this quote makes."""
    claim = Claim.objects.create(text=text, **fields)
    claim.topics.add(*topics)
    claim.claim_quotes.create(quote=quote)
    if published:
        claim.publish(by=None)
    return claim


def review_of(claim: Claim, verdict: str = "", *, published: bool = True, **fields: Any) -> Review:
    """A review, with evidence; of an outlet when a publisher and its article are given."""
    rated = Verdict.objects.get(slug=verdict) if verdict else None
    fields = {"summary": "It was found.", "reviewed_on": date(2026, 1, 1)} | fields
    review: Review = Review.objects.create(claim=claim, verdict=rated, **fields)
    review.evidence.create(
        bearing=Evidence.Bearing.NOTHING_FOUND, note="The register was searched."
    )
    if published:
        review.publish(by=None)
    return review
