"""What a claim's page says to machines: a schema.org Claim, inside a ClaimReview where a finding of ours settles it.

Takes records and returns JSON-LD as text that is safe inside a `script` element; asks nothing.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from .records import Appearance, By, ClaimRecord, DateReading, ReviewRecord

__all__ = ["claim_data"]

_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Neither a tag nor the end of the script can then stand in it (HTML, 4.12.1.3), nor what ends a line in old scripts.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def claim_data(claim: ClaimRecord) -> str:
    """The JSON-LD of a claim's page; one ClaimReview at most, and none of a finding that is not final."""
    ours = claim.finding
    settles = ours if ours and ours.is_final else None
    data = _claim_review(claim, settles) if settles else _claim(claim)
    whole = {"@context": "https://schema.org", **data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _claim_review(claim: ClaimRecord, review: ReviewRecord) -> dict[str, Any]:
    return _filled(
        {
            "@type": "ClaimReview",
            "url": _full(claim.url),
            "claimReviewed": claim.text,
            "reviewRating": _rating(review),
            "author": _reviewer(review),
            "datePublished": _day(review.published) if review.published else "",
            "itemReviewed": _claim(claim),
        }
    )


def _rating(review: ReviewRecord) -> dict[str, Any]:
    named = {"@type": "Rating", "alternateName": review.verdict.name if review.verdict else ""}
    if review.rating is None:
        return _filled(named)
    rating = review.rating
    numbers = {
        "ratingValue": rating.value,
        "worstRating": rating.worst,
        "bestRating": rating.best,
    }
    return _filled(named | numbers)


def _reviewer(review: ReviewRecord) -> dict[str, Any]:
    if review.is_person:
        return {"@type": "Person", "name": review.by}
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": _full("/")}


def _claim(claim: ClaimRecord) -> dict[str, Any]:
    first = [each for each in claim.appearances if each.is_first]
    return _filled(
        {
            "@type": "Claim",
            "name": claim.text,
            "url": _full(claim.url),
            "author": _one_or_more(_claimant(each) for each in claim.makers if each.url),
            "datePublished": _day(claim.earliest),
            "appearance": _one_or_more(_page(each) for each in claim.appearances),
            "firstAppearance": _one_or_more(_page(each) for each in first[:1]),
        }
    )


def _claimant(by: By) -> dict[str, Any]:
    kind = "Organization" if by.is_organisation else "Person"
    return {"@type": kind, "name": by.name, "url": _full(by.url)}


def _page(appearance: Appearance) -> dict[str, Any]:
    return _filled(
        {
            "@type": "CreativeWork",
            "url": appearance.address,
            "headline": appearance.headline,
            "datePublished": _day(appearance.published),
        }
    )


def _full(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _day(date: DateReading) -> str:
    """A day (ISO 8601); '' of a date that is not known to the day, which no range or year can stand for."""
    return date.html if _A_DAY.fullmatch(date.html) else ""


def _one_or_more(found: Iterable[dict[str, Any]]) -> Any:
    every = list(found)
    return every[0] if len(every) == 1 else every


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known: an empty value says something else than none."""
    return {name: value for name, value in data.items() if value not in ("", [], {}, None)}
