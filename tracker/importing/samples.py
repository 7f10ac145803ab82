"""What editors confirmed and corrected, as articles that the extractor learns from (`manage.py train_extractor --desk`)."""

import json
from collections.abc import Iterator
from typing import Any

from tracker.models import Article, Capture, Finding

__all__ = ["decided_samples"]

_OPENING, _CLOSING = '“"„‟«‹「『《', '”"“»›」』》'


def decided_samples() -> Iterator[str]:
    """A line of JSON for each article of whose newest copy all findings were decided, rejected ones left out.

    One object a line: doc_id, source, lang, publisher, date, title, text, and quotes, each with parts
    (offsets in code points, the quotation marks around them included), kind, and where these are known
    the places of speaker and cue, and the names of the speaker that are right.
    """
    for article in Article.objects.filter(findings__isnull=False).distinct().order_by("pk"):
        findings = list(
            article.findings.select_related("speaker")
            .prefetch_related("capture")
            .order_by("start", "pk")
        )
        capture = max((each.capture for each in findings), key=lambda c: (c.taken_at, c.pk))
        here = [each for each in findings if each.capture_id == capture.pk]
        if capture.text and not any(each.is_open for each in here):
            quotes = [
                _quote(each, capture.text) for each in here if each.is_accepted and each.parts
            ]
            yield json.dumps(_sample(article, capture, quotes), ensure_ascii=False)


def _sample(article: Article, capture: Capture, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "doc_id": f"article:{article.pk}",
        "source": "decided",
        "lang": article.language or "und",
        "publisher": str(article.publisher or ""),
        "date": article.published_on,
        "title": article.headline,
        "text": capture.text,
        "quotes": quotes,
    }


def _quote(finding: Finding, text: str) -> dict[str, Any]:
    parts = [_with_marks(text, start, end) for start, end in finding.spans]
    start, end = parts[0][0], parts[-1][1]
    quote: dict[str, Any] = {"start": start, "end": end, "parts": parts, "kind": finding.kind}
    if finding.speaker:
        aliases = finding.speaker.aliases.values_list("name", flat=True)
        quote["speaker_names"] = [finding.speaker.name, *aliases]
    for what, words in (("speaker", finding.mention), ("cue", finding.cue)):
        first, last = _offsets(finding, what)
        if first is not None and text[first:last] == words and _is_right(finding, what):
            quote |= {what: words, f"{what}_start": first, f"{what}_end": last}
    return quote | {"text": text[start:end], "speech": True}


def _offsets(finding: Finding, what: str) -> tuple[int | None, int | None]:
    if what == "cue":
        return finding.cue_start, finding.cue_end
    return finding.mention_start, finding.mention_end


def _is_right(finding: Finding, what: str) -> bool:
    """Whether the mention that was found is of the speaker that an editor confirmed."""
    if what == "cue" or finding.speaker is None or not finding.name:
        return True
    return finding.name.split()[-1].casefold() in finding.speaker.name.casefold()


def _with_marks(text: str, start: int, end: int) -> list[int]:
    if start > 0 and text[start - 1] in _OPENING:
        start -= 1
    rest = text[end : end + 2]
    for n, character in enumerate(rest, 1):
        if character in _CLOSING:
            return [start, end + n]
        if character not in ",.":
            break
    return [start, end]
