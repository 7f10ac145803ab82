"""Ties citations to the words in a copy of their article, and checks them again in a newer one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from tracker import anchoring
from tracker.models import Article, Capture, Citation, Editor

__all__ = ["anchor_in", "check_again"]


def anchor_in(
    citation: Citation, capture: Capture, parts: Sequence[tuple[int, int]], *, by: Editor
) -> None:
    """Anchor a citation in a copy, at these stretches of its text."""
    before = anchoring.select(capture.text, parts)
    _kept(citation, capture, anchoring.check(before, citation.text, capture.text), by)


def check_again(article: Article, capture: Capture, *, by: Editor) -> Mapping[str, int]:
    """Check the citations of an article in a newer copy of it; returns how many came to which result."""
    results: Counter[str] = Counter()
    for citation in article.citations.exclude(text="").order_by("pk"):
        before: tuple[anchoring.Selector, ...] = ()
        if citation.start is not None:
            before = (
                anchoring.Selector(
                    citation.exact, citation.prefix, citation.suffix, citation.start, citation.end
                ),
            )
        results[
            _kept(citation, capture, anchoring.check(before, citation.text, capture.text), by)
        ] += 1
    return dict(results)


def _kept(citation: Any, capture: Capture, check: anchoring.Check, by: Editor) -> str:
    if check.selectors and citation.anchored_in_id is None:
        first, last = check.selectors[0], check.selectors[-1]
        citation.exact, citation.prefix, citation.suffix = first.exact, first.prefix, last.suffix
        citation.start, citation.end = first.start, last.end
        citation.anchored_in = capture
    citation.checked_in, citation.checked_at = capture, timezone.now()
    citation.check_result = check.result.value
    citation._history_user = by
    citation.save()
    return str(check.result.value)
