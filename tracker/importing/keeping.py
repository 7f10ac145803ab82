"""Keeps what an editor entered on cards that are not decided, so that the page can be left and come back to."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.models import Article, Capture, Editor, Finding

from .cards import Kept, Undecidable
from .finding import mark_words
from .sources import ArticleError

__all__ = ["keep_entered", "mark_of"]


def mark_of(entered: Mapping[str, object]) -> str:
    """What changes when anything entered does; '' while nothing is."""
    written = json.dumps(entered, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16] if entered else ""


@transaction.atomic
def keep_entered(
    article: Article, capture: Capture, kept: Mapping[int, Kept], *, by: Editor
) -> int:
    """Keep what was entered on these cards, by index, and return on how many of them.

    Raises Undecidable, and then nothing is kept: words that are not in the copy, and a card on which
    somebody entered something else meanwhile.
    """
    problems: dict[int, dict[str, str]] = {}
    findings = _locked(article, [each.finding for each in kept.values() if each.finding])
    for n, each in kept.items():
        try:
            finding = findings.get(each.finding or 0) or mark_words(
                article, capture, each.words, by=by
            )
        except ArticleError as error:
            problems[n] = {"words": str(error)}
            continue
        if each.finding and mark_of(finding.entered) not in ("", each.seen, mark_of(each.entered)):
            told = _("Somebody entered something else here meanwhile. Save again to replace it.")
            problems[n] = {"": told}
        elif finding.is_open:
            finding.entered = dict(each.entered)
            finding.save(update_fields=["entered"])
    if problems:
        raise Undecidable(dict(problems))
    return len(kept)


def _locked(article: Article, ids: Sequence[int]) -> dict[int, Finding]:
    rows = Finding.objects.select_for_update().filter(pk__in=ids, article=article)
    return {each.pk: each for each in rows.order_by("pk")}
