"""One look at an article: what was seen becomes a capture, and its citations are checked again, in one transaction.

What a page is, and what it says of its changes, the modules beside this one tell.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import reading
from tracker.fetching import FetchError, Page
from tracker.models import Article, Capture, Citation, Quote
from tracker.reading import ReadArticle, ReadingError

from .changes import correction_note, updated_on
from .walls import Known, recognise

__all__ = ["Look", "known_of", "look_at"]

_log = logging.getLogger(__name__)

_COPIES = 5  # of an article's newest texts, that tell how long it usually is
_WALL_STATUSES = (401, 402, 407)
_GONE_STATUSES = (404, 410)
_FOUND = (Citation.Check.EXACT, Citation.Check.ABRIDGED, Citation.Check.MOVED)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the columns of a capture, and why, in words, when no article was."""

    outcome: str
    taken_at: datetime
    why: str = ""
    failure: str = ""
    http_status: int | None = None
    read: ReadArticle | None = None
    page: Page | None = None


def look_at(article: Article, page: Page | Exception) -> Capture:
    """Record what came of asking for the page of this article: a page, or the error that there was instead."""
    known = known_of(article)
    look = _failed(page) if isinstance(page, Exception) else _seen(page, known)
    return _record(article, look, known)


def _failed(error: Exception) -> Look:
    """An error that nobody foresaw is told, too, and logged: the other articles are looked at all the same."""
    outcome = Capture.Outcome
    if not isinstance(error, FetchError):
        _log.error("A look failed", exc_info=error)
        why, failure = _("A fault of ours: see the log."), Capture.Failure.FAILED.value
        return Look(outcome.FAILED.value, timezone.now(), why, failure)
    if error.http_status in _GONE_STATUSES and error.status in ("not-found", "gone"):
        result = outcome.GONE
    elif error.http_status in _WALL_STATUSES:
        result = outcome.WALL
    else:
        result = outcome(error.outcome)
    failure = error.status if error.status in Capture.Failure else Capture.Failure.FAILED.value
    return Look(result.value, timezone.now(), str(error), failure, error.http_status)


def _seen(page: Page, known: Known) -> Look:
    status, why, read = "", "", None
    try:
        read = reading.read(
            page.body, url=page.final_url, charset=page.charset, content_type=page.content_type
        )
    except ReadingError as error:
        status, why = error.status, str(error)
    if read and _is_known(read.text, known):
        unchanged = Capture.Outcome.UNCHANGED.value
        return Look(unchanged, page.fetched_at, http_status=page.status, read=read, page=page)
    what = recognise(page, read, known)
    told = Look("", page.fetched_at, why, http_status=page.status, read=read, page=page)
    if what == "wall":
        why = _("The page asks for log-in or consent.")
        return replace(told, outcome=Capture.Outcome.WALL.value, why=why)
    if what != "article":
        why = str(Capture.Failure(what).label)
        return replace(told, outcome=Capture.Outcome.FAILED.value, why=why, failure=what)
    if read is None:
        failure = status if status in Capture.Failure else Capture.Failure.READING_FAILED.value
        return replace(told, outcome=Capture.Outcome.FAILED.value, failure=failure)
    outcome = Capture.Outcome.CHANGED if known.texts else Capture.Outcome.KEPT
    return replace(told, outcome=outcome.value)


def _is_known(text: str, known: Known) -> bool:
    """Whether the newest copy has the same words."""
    return bool(known.texts) and text.split() == known.texts[0].split()


# --- What is known, and what is recorded --------------------------------------------------------------


def known_of(article: Article) -> Known:
    """What its copies and citations tell of it."""
    return Known([each.text for each in _copies(article)], _wordings(article))


def _copies(article: Article) -> QuerySet[Capture]:
    """Of the page as it was seen on the web: what an editor typed is of another length and make."""
    seen = (Capture.Method.FETCHED, Capture.Method.WEB_ARCHIVE)
    copies = Capture.objects.filter(article=article, method__in=seen).exclude(text="")
    return copies.order_by("-taken_at", "-id")[:_COPIES]


def _wordings(article: Article) -> list[str]:
    """Those that were there: one that no copy ever had says nothing of a page that has it not."""
    cited = Citation.objects.filter(article=article).exclude(text="")
    there = cited.filter(check_result__in=_FOUND) | cited.filter(anchored_in__isnull=False)
    return list(there.values_list("text", flat=True)) or list(cited.values_list("text", flat=True))


@transaction.atomic
def _record(article: Article, look: Look, known: Known) -> Capture:
    capture = Capture(
        article=article,
        method=Capture.Method.FETCHED,
        taken_at=look.taken_at,
        outcome=look.outcome,
        failure=look.failure,
        http_status=look.http_status,
    )
    if look.outcome in Capture.SEEN and look.page and look.read:
        _keep(capture, look.page, look.read, known)
    # A look that keeps no text is a row of a log itself, and would make an editor's open form look overtaken.
    if not capture.text:
        capture.skip_history_when_saving = True  # type: ignore[attr-defined]
    capture.save()
    _check_citations(article, capture)
    return capture


def _keep(capture: Capture, page: Page, read: ReadArticle, known: Known) -> None:
    """Nothing is kept of a source from which words were blanked for good: they would come back with it."""
    blanked = Quote.objects.filter(redacted_at__isnull=False, citations__article=capture.article)
    if blanked.exists():
        capture.outcome = Capture.Outcome.ANSWERED.value
        return
    capture.headline = read.headline[: Capture._meta.get_field("headline").max_length or 500]
    capture.raw_sha256 = page.sha256
    capture.updated_on = updated_on(page.body)
    if capture.outcome != Capture.Outcome.UNCHANGED:
        capture.text = read.text
    if capture.outcome == Capture.Outcome.CHANGED:
        capture.correction_note = correction_note(read.paragraphs, known.texts[0])


def _check_citations(article: Article, capture: Capture) -> None:
    """In the new copy; or in the old one, seen again: what is altered there still is altered a day later."""
    citations: Any = Citation.objects.filter(article=article)
    copy: Capture | None = capture
    if capture.outcome == Capture.Outcome.UNCHANGED:
        copy = _copies(article).first()
        if copy is not None:
            copy.taken_at = capture.taken_at  # which is not saved
    if copy is not None and copy.text:
        citations.check_against(copy, by=None)
