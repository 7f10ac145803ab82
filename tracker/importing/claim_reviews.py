"""Reviews of claims that a page declares (schema.org ClaimReview) come in as drafts, each once for an article and a claim.

Nothing is published here, and a claim on record is not changed.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tracker import dates, sanitizing
from tracker.fetching import Rules
from tracker.models import Article, Claim, Editor, Review
from tracker.models.fields import has_not_come
from tracker.reading import ClaimReview

from .sources import ArticleError, Source, bring

__all__ = ["claim_reviews_at", "record_claim_review", "short_claim"]

_LONGEST_RATING = 200  # characters


def claim_reviews_at(article: Article, *, rules: Rules | None = None) -> tuple[ClaimReview, ...]:
    """What the article's page declares now; it is fetched, and nothing is kept. Raises ArticleError."""
    return bring(Source(url=article.url or ""), rules=rules).read.claim_reviews


def short_claim(text: str) -> str:
    """A claim's text on one line, cut at a word to what a claim may hold."""
    line = sanitizing.plain_line(text)
    if len(line) <= Claim.LONGEST:
        return line
    cut = line[: Claim.LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


@transaction.atomic
def record_claim_review(
    article: Article, declared: ClaimReview, *, claim: Claim | None = None, by: Editor
) -> tuple[Review, bool]:
    """The article's review of a claim as a draft, and whether it is new: of one claim an article has one.

    Without a claim it is of the one with the text that the page reviews, which is made when there is
    none. Raises ArticleError.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.publisher_id is None:
        told = _("This page has no publisher on record: say in its form whose it is.")
        raise ArticleError(told, field="publisher")
    claim = claim or _claim_of(declared, by)
    if there := Review.objects.filter(article=article, claim=claim).order_by("pk").first():
        return there, False
    review = Review(
        claim=claim,
        article=article,
        publisher=article.publisher,
        rating_there=Truncator(sanitizing.plain_line(declared.verdict)).chars(_LONGEST_RATING),
        summary=short_claim(declared.claim),
        reviewed_on=_day_of(declared, article),
        written_by=by,  # type: ignore[misc]
    )
    return _saved(review, by), True


def _claim_of(declared: ClaimReview, by: Editor) -> Claim:
    text = short_claim(declared.claim)
    there = Claim.objects.filter(text=text).order_by("pk").first()
    return there or _saved(Claim(text=text, written_by=by), by)  # type: ignore[misc]


def _day_of(declared: ClaimReview, article: Article) -> date:
    """When the outlet published it: as the review says, or its page; else today."""
    for when in filter(None, (declared.reviewed_on, article.published_on)):
        if not has_not_come(when):
            return dates.parse(when).earliest
    return timezone.localdate()


def _saved(record: Any, by: Editor) -> Any:
    try:
        record.full_clean()
    except ValidationError as error:
        raise ArticleError(" ".join(error.messages), field="claim") from error
    record._history_user = by
    record.save()
    return record
