"""Ties citations to the words in a copy of their article, and checks them again in a newer one."""

from collections.abc import Mapping, Sequence

from tracker.models import Article, Capture, Citation, Editor

__all__ = ["anchor_in", "check_again"]


def anchor_in(
    citation: Citation, capture: Capture, parts: Sequence[tuple[int, int]], *, by: Editor
) -> None:
    """Anchor a citation in a copy, at these stretches of its text; elsewhere one that has a better copy."""
    if citation.anchored_in_id is None:
        citation.anchor(capture, by=by, parts=parts)


def check_again(article: Article, capture: Capture, *, by: Editor) -> Mapping[str, int]:
    """Check the citations of an article in a newer copy of it; how many came to which result.

    Those that were entered by hand, before there was a copy, are anchored where their words are found.
    """
    return dict(Citation.objects.filter(article=article).check_against(capture, by=by))
