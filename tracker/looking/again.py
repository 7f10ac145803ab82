"""Many articles are looked at again: politely, each in its own transaction, so that whatever stops it loses nothing."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import reset_queries
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.fetching import Page, Rules, fetch
from tracker.models import Article, Capture

from .looks import look_at
from .visiting import Manners, Visit, visit

__all__ = ["PUT_OFF", "Looked", "Looks", "look_again"]

PUT_OFF = "put off"  # the site is to be left alone for now
_SKIPPED = "skipped"  # somebody else has looked at it meanwhile


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one article: an outcome of `Capture`, or “put off” or “skipped”; and why nothing was seen."""

    article: Article
    outcome: str
    why: str = ""
    correction_note: str = ""

    @property
    def was_seen(self) -> bool:
        return self.outcome in Capture.SEEN


@dataclass(slots=True)
class Looks:
    """What came of many, so far."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return self.counts.total()


def look_again(
    articles: Iterable[Article],
    *,
    rules: Rules,
    manners: Manners | None = None,
    not_since: datetime | None = None,
    after_each: Callable[[Looked, Looks], None] = lambda _looked, _looks: None,
    beat: Callable[[], None] = lambda: None,
) -> Looks:
    """Look at the pages of these articles, in this order as far as their sites allow, and record what is seen.

    One that somebody has looked at since `not_since` (else: since this was called) is skipped.
    """
    looks, since = Looks(), not_since or timezone.now()
    visits = visit(
        ((each, each.url or "") for each in articles),
        lambda article: fetch(article.url or "", rules=rules),
        rules=rules,
        manners=manners or Manners(),
        still_wanted=lambda article: not _was_looked_at(article, since),
        beat=beat,
    )
    for each in visits:
        looked = _looked(each)
        looks.counts[looked.outcome] += 1
        reset_queries()  # which DEBUG keeps
        after_each(looked, looks)
    return looks


def _was_looked_at(article: Article, since: datetime) -> bool:
    looks = Capture.objects.filter(article=article, method=Capture.Method.FETCHED)
    return looks.filter(taken_at__gte=since).exists()


def _looked(came: Visit[Article, Page]) -> Looked:
    answer = came.answer or came.error
    if came.put_off is not None:
        told = _("The site asks to be left alone for %(minutes)d minutes more.")
        return Looked(came.wanted, PUT_OFF, told % {"minutes": came.put_off // 60 + 1})
    if answer is None:
        return Looked(came.wanted, _SKIPPED)
    capture = look_at(came.wanted, answer)
    why = str(answer) if came.error else capture.get_failure_display()
    if capture.outcome == Capture.Outcome.WALL:
        why = why or capture.get_outcome_display()
    return Looked(came.wanted, capture.outcome, why, capture.correction_note)
