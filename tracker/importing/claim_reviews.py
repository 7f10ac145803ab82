"""Reviews of claims that a page declares (schema.org ClaimReview) come in as drafts, each once for an article and a claim.

Nothing is published here, and a claim on record is not changed.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tracker import dates, sanitizing, search
from tracker.fetching import Rules
from tracker.models import Article, Claim, Editor, Publisher, Review
from tracker.models.fields import has_not_come
from tracker.reading import ClaimReview

from .sources import ArticleError, Source, bring

__all__ = [
    "LONGEST_SUMMARY",
    "OnRecord",
    "declared_by",
    "keep_declared",
    "key_of",
    "on_record_of",
    "read_declared_again",
    "record_claim_review",
    "short_claim",
    "short_description",
]

LONGEST_SUMMARY = int(Review._meta.get_field("summary").max_length or 0)
_LONGEST_RATING = 200  # characters
_MOST_KEPT = 20  # of one page
_LONGEST_KEPT = 1_000  # characters of each value


def keep_declared(article: Article, found: Sequence[ClaimReview]) -> None:
    """Keep with an article what its page declares, in place of what it did before."""
    article.declares = [_as_kept(each) for each in found[:_MOST_KEPT]] or None
    Article.objects.filter(pk=article.pk).update(declares=article.declares)


def _as_kept(declared: ClaimReview) -> dict[str, Any]:
    return {
        name: value[:_LONGEST_KEPT] if isinstance(value, str) else list(value)
        for name, value in asdict(declared).items()
    }


def declared_by(article: Article) -> list[ClaimReview]:
    """What the article's page declared when it was last read."""
    return [
        ClaimReview(**each | {"appearances": tuple(each["appearances"])})
        for each in article.declares or ()
    ]


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The reviews that an article has: `of` what its page declares, and `others`."""

    of: tuple[tuple[ClaimReview, Review | None], ...]  # each declared one, in the page's order
    others: tuple[Review, ...]


def on_record_of(article: Article) -> OnRecord:
    """A declared review is on record when the article has one of a claim with the same text, in capitals or not.

    A claim that is withdrawn is none: the review would be recorded of another one.
    """
    found = list(Review.objects.filter(article=article).select_related("claim").order_by("pk"))
    oldest_last = [each for each in reversed(found) if not each.claim.is_withdrawn]
    reviews = {each.claim.folded: each for each in oldest_last}
    of = tuple(
        (each, reviews.get(Claim.as_compared(short_claim(each.claim))))
        for each in declared_by(article)
    )
    told = {review.pk for _declared, review in of if review}
    return OnRecord(of, tuple(each for each in found if each.pk not in told))


def key_of(declared: ClaimReview) -> str:
    """What a form calls it by, as the page may be read again while the form is open."""
    return hashlib.sha256(json.dumps(asdict(declared)).encode()).hexdigest()[:12]


def read_declared_again(article: Article, *, rules: Rules | None = None) -> None:
    """Fetch the page, and keep what it declares now. Raises ArticleError."""
    keep_declared(article, bring(Source(url=article.url or ""), rules=rules).read.claim_reviews)


def short_claim(text: str) -> str:
    """A claim's text on one line, cut at a word to what a claim may hold."""
    return _cut(text, Claim.LONGEST)


def short_description(declared: ClaimReview) -> str:
    """What the page itself says of its review, cut at a word to what a summary may hold; '' if it says nothing."""
    return _cut(declared.description, LONGEST_SUMMARY)


def _cut(text: str, longest: int) -> str:
    line = sanitizing.plain_line(text)
    if len(line) <= longest:
        return line
    cut = line[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


@transaction.atomic
def record_claim_review(
    article: Article,
    declared: ClaimReview,
    *,
    summary: str,
    publisher: str = "",
    claim: Claim | None = None,
    by: Editor,
) -> tuple[Review, bool]:
    """The article's review of a claim as a draft, and whether it is new: of one claim an article has one.

    Without a claim it is of the one with the text that the page reviews, which is made when there is
    none. The summary is the editor's. Of an article without a publisher it is the one of this name,
    which is made when there is none. Raises ArticleError.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.publisher_id is None and publisher.strip():
        _publish_by(article, publisher, by)
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
        summary=summary,
        reviewed_on=_day_of(declared, article),
        written_by=by,  # type: ignore[misc]
    )
    review = _saved(review, by, field="summary")
    search.catch_up()
    return review, True


def _publish_by(article: Article, name: str, by: Editor) -> None:
    """Note who published the article: the publisher of this name, made when there is none."""
    same = Publisher.objects.filter(folded=Publisher.as_compared(name)).order_by("pk").first()
    article.publisher = same or _saved(Publisher(name=name.strip()), by, field="publisher")
    article._history_user = by  # type: ignore[attr-defined]
    article.save()


def _claim_of(declared: ClaimReview, by: Editor) -> Claim:
    text = short_claim(declared.claim)
    there = Claim.objects.worded(text).first()
    return there or _saved(Claim(text=text, written_by=by), by)  # type: ignore[misc]


def _day_of(declared: ClaimReview, article: Article) -> date:
    """When the outlet published it: as the review says, or its page; else today."""
    for when in filter(None, (declared.reviewed_on, article.published_on)):
        if not has_not_come(when):
            return dates.parse(when).earliest
    return timezone.localdate()


def _saved(record: Any, by: Editor, *, field: str = "claim") -> Any:
    try:
        record.full_clean()
    except ValidationError as error:
        raise ArticleError(" ".join(error.messages), field=field) from error
    record._history_user = by
    record.save()
    return record
