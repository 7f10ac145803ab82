"""What on record an open finding may be another wording of. It is offered; nothing is merged here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz, process

from tracker import anchoring
from tracker.models import Article, Citation, Finding, Quote

__all__ = ["Offer", "offers"]

_MOST_YOUNG = 1_000  # wordings that are not in the index, or were not when the article was read
_MOST_OFFERED = 3
_LIKE = 55  # percent of the letters, before a closer look
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote on record and how alike it is, in percent of the letters."""

    quote: Quote
    percent: int


def offers(article: Article, findings: Sequence[Finding]) -> dict[int, list[Offer]]:
    """For each finding, by id, the quotes that it may be another wording of, the likest first.

    Found when the article was read are published ones; quotes of the same speakers that are drafts, or
    younger, are looked for now. Quotes that this article is cited for are left out. Two queries,
    whatever the number of findings.
    """
    likes = {each.like_id: 0 for each in findings if each.like_id}
    known = _quotes(article, Q(pk__in=likes))
    found: dict[int, dict[int, int]] = {each.pk: {} for each in findings}
    for each in findings:
        if each.like_id in known:
            found[each.pk][each.like_id] = each.likeness or 0
    young = _young(article, findings)
    known |= {each.quote_id: each.quote for each in young}
    for each in findings:
        for citation, percent in _alike(each, young):
            best = found[each.pk].get(citation.quote_id, 0)
            found[each.pk][citation.quote_id] = max(best, percent)
    return {pk: _ordered(these, known) for pk, these in found.items()}


def _ordered(these: dict[int, int], known: dict[int, Quote]) -> list[Offer]:
    offered = [Offer(known[pk], percent) for pk, percent in these.items()]
    return sorted(offered, key=lambda each: (-each.percent, each.quote.pk))[:_MOST_OFFERED]


def _quotes(article: Article, which: Q) -> dict[int, Quote]:
    quotes = Quote.objects.filter(which, joined_into__isnull=True, redacted_at__isnull=True)
    rows = quotes.exclude(citations__article=article).select_related("speaker", "lead")
    return {each.pk: each for each in rows}


def _young(article: Article, findings: Iterable[Finding]) -> list[Citation]:
    """Wordings of quotes by the speakers of the findings which the index did not have when these were found."""
    speakers = {each.speaker_id for each in findings if each.speaker_id}
    read_at = min((each.capture.taken_at for each in findings), default=None)
    if not speakers or read_at is None:
        return []
    of_speakers = Quote.objects.filter(
        speaker__in=speakers, joined_into__isnull=True, redacted_at__isnull=True
    )
    young = of_speakers.unpublished() | of_speakers.filter(created_at__gte=read_at)
    rows = Citation.objects.filter(quote__in=young.exclude(citations__article=article))
    rows = rows.exclude(text="").select_related("quote__speaker", "quote__lead")
    return list(rows.order_by("-pk")[:_MOST_YOUNG])


def _alike(finding: Finding, young: Sequence[Citation]) -> Iterable[tuple[Citation, int]]:
    theirs = {n: c.text for n, c in enumerate(young) if c.quote.speaker_id == finding.speaker_id}
    near = process.extract(
        finding.text, theirs, scorer=fuzz.ratio, processor=anchoring.fold, score_cutoff=_LIKE
    )
    for _text, _score, n in near[:_MOST_OFFERED]:
        percent = anchoring.compare(finding.text, young[n].text).similarity
        if percent >= _NEAR:
            yield young[n], percent
