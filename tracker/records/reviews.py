"""The public shape of a review: what was found about a claim, on what evidence, by whom, and what they said to it.

Of a source that is private only its medium and date are told; a reviewer is named only who chose it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Evidence, Review, Verdict

from .readings import DateReading, Link, Sign, address, date_reading, day_reading
from .sources import ArticleRecord, article_record
from .speakers import By, bylines
from .verdicts import VerdictSign, scale_signs, verdict_sign

__all__ = [
    "EvidenceRecord",
    "Rating",
    "ReviewRecord",
    "ReviewRow",
    "review_records",
    "review_rows",
]

_BEARINGS = {
    Evidence.Bearing.SUPPORTS: Sign("+", "", loud=True),
    Evidence.Bearing.CONTRADICTS: Sign("−", "", loud=True),
    Evidence.Bearing.CONTEXT: Sign("i", ""),
    Evidence.Bearing.NOTHING_FOUND: Sign("∅", ""),
}


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One thing that a review rests on: a source, or a search that found nothing."""

    id: int
    bearing: Sign
    kind: str  # “Document”; '' of a search that found nothing
    source: ArticleRecord | None
    note: str
    happened: DateReading | None


@dataclass(frozen=True, slots=True)
class Rating:
    """A verdict as a number (schema.org Rating)."""

    value: int
    worst: int
    best: int


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A finding, current or earlier. Another outlet's has a `publisher` and, for a verdict, `word_there`."""

    id: int
    url: str
    verdict: VerdictSign | None
    word_there: str  # an outlet's own word for its verdict
    rating: Rating | None
    scale: tuple[VerdictSign, ...]
    scale_note: str
    summary: str
    explanation: str  # HTML that was sanitised when it was stored
    evidence: tuple[EvidenceRecord, ...]
    asked: DateReading | None  # when they were asked for a reply
    reply: str
    replied: DateReading | None
    by: str  # “the editors of On Record”, a reviewer who is named, or the outlet
    is_person: bool
    is_ours: bool
    publisher: Link | None
    page: ArticleRecord | None  # where the outlet published it
    reviewed: DateReading
    published: DateReading | None  # here
    as_of: DateReading | None
    is_current: bool
    is_final: bool
    supersedes: Link | None
    superseded_by: Link | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review in a list."""

    claim: Link
    claimants: tuple[By, ...]
    verdict: VerdictSign | None
    word: str  # what stands for a verdict where there is none of ours
    by: str  # an outlet; '' of our own
    reviewed: DateReading


def review_rows(reviews: Iterable[Review]) -> list[ReviewRow]:
    """From reviews of `newest()`; one more query when a quote has joint speakers."""
    found = list(reviews)
    said = [each for review in found for each in review.claim.claim_quotes.all()]
    joint: list[Any] = [each for each in said if each.is_joint]  # type: ignore[attr-defined]
    prefetch_related_objects(joint, "quote__joint_speakers__speaker")
    return [
        ReviewRow(
            claim=Link(review.claim.text, review.claim.get_absolute_url()),
            claimants=_claimants(review),
            verdict=_called(review),
            word=review.rating_there,
            by=review.publisher.name if review.publisher else "",
            reviewed=day_reading(review.reviewed_on),
        )
        for review in found
    ]


def _called(review: Any) -> VerdictSign | None:
    """The verdict, by its name in the reader's language, which came along with the review."""
    if review.verdict is None:
        return None
    review.verdict.called = review.verdict_called
    return verdict_sign(review.verdict)


def _claimants(review: Review) -> tuple[By, ...]:
    """The claim's, each once."""
    found: dict[int, By] = {}
    for each in review.claim.claim_quotes.all():
        quote: Any = each.quote
        joint = quote.joint_speakers.all() if each.is_joint else ()  # type: ignore[attr-defined]
        for speaker in filter(None, [quote.speaker, *(other.speaker for other in joint)]):
            found[speaker.pk] = By(speaker.name, address("speaker", speaker.slug))
        if quote.speaker is None:
            found[-quote.pk] = bylines(quote)[0]
    return tuple(found.values())


def review_records(rows: Iterable[Review], claim_url: str) -> tuple[ReviewRecord, ...]:
    """From the rows of `with_evidence()` of one claim: our current finding, then other desks', then earlier ones."""
    reviews: dict[int, Review] = {}
    evidence: dict[int, list[EvidenceRecord]] = {}
    for row in rows:
        reviews.setdefault(row.pk, row)
        if found := _evidence(row):
            evidence.setdefault(row.pk, []).append(found)
    ordered = sorted(reviews.values(), key=lambda each: (not each.is_current, not each.is_ours))
    return tuple(
        _review(each, tuple(evidence.get(each.pk, ())), reviews, claim_url) for each in ordered
    )


def _evidence(row: Any) -> EvidenceRecord | None:
    evidence = getattr(row, "each_evidence", None)  # Django sets nothing where there is none
    if evidence is None:
        return None
    if evidence.article is not None:
        evidence.article.archive, evidence.article.has_page = row.archive, row.has_page
    sign = _BEARINGS[Evidence.Bearing(evidence.bearing)]
    sourceless = evidence.article is None
    return EvidenceRecord(
        id=evidence.pk,
        bearing=Sign(sign.glyph, str(evidence.get_bearing_display()), sign.loud),
        kind="" if sourceless else str(evidence.get_kind_display()),
        source=None if sourceless else article_record(evidence.article),
        note=evidence.note,
        happened=date_reading(evidence.happened_on) if evidence.happened_on else None,
    )


def _review(
    review: Review,
    evidence: tuple[EvidenceRecord, ...],
    others: dict[int, Review],
    claim_url: str,
) -> ReviewRecord:
    verdict, publisher = _verdict(review), review.publisher
    by, is_person = _by(review)
    later = {each.supersedes_id: each for each in others.values()}
    scale = verdict.scale if verdict else None
    outlet = Link(publisher.name, address("publisher", publisher.slug)) if publisher else None
    return ReviewRecord(
        id=review.pk,
        url=_anchor(review, claim_url),
        verdict=verdict_sign(verdict) if verdict else None,
        word_there=review.rating_there,
        rating=_rating(verdict) if verdict else None,
        scale=scale_signs(scale, verdict) if scale else (),
        scale_note=scale.note if scale else "",
        summary=review.summary,
        explanation=review.explanation,
        evidence=evidence,
        asked=day_reading(review.reply_asked_on) if review.reply_asked_on else None,
        reply=review.reply,
        replied=day_reading(review.replied_on) if review.replied_on else None,
        by=by,
        is_person=is_person,
        is_ours=review.is_ours,
        publisher=outlet,
        page=article_record(review.article) if review.article else None,
        reviewed=day_reading(review.reviewed_on),
        published=_here(review),
        as_of=day_reading(review.as_of) if review.as_of else None,
        is_current=review.is_current,
        is_final=verdict is not None and verdict.final,
        supersedes=_link(others.get(review.supersedes_id or 0), claim_url),
        superseded_by=_link(later.get(review.pk), claim_url),
    )


def _here(review: Review) -> DateReading | None:
    """The day that it was here when it was published."""
    return day_reading(timezone.localdate(review.published_at)) if review.published_at else None


def _verdict(review: Review) -> Verdict | None:
    """The verdict, as the scale that came along has it: with its name in the reader's language."""
    if review.verdict is None:
        return None
    return next(each for each in review.verdict.scale.verdicts.all() if each == review.verdict)


def _rating(verdict: Verdict) -> Rating | None:
    if verdict.rating is None:
        return None
    return Rating(verdict.rating, verdict.scale.worst, verdict.scale.best)


def _by(review: Review) -> tuple[str, bool]:
    """Who found it, and whether that is a person who is named."""
    if review.publisher:
        return review.publisher.name, False
    name = review.reviewer.get_full_name() if review.reviewer else ""
    if review.reviewer_is_named and name:
        return name, True
    return _("the editors of %(site)s") % {"site": settings.SITE_NAME}, False


def _anchor(review: Review, claim_url: str) -> str:
    return f"{claim_url}#review-{review.pk}"


def _link(review: Review | None, claim_url: str) -> Link | None:
    """To another finding of the claim, called by its day."""
    if review is None:
        return None
    return Link(day_reading(review.reviewed_on).words, _anchor(review, claim_url))
