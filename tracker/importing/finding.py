"""Finds the quotes of an article and keeps what was found beside what an editor decided before.

A finding is known again by where its words stand now: a decision stands, however the text around it moved.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from tracker import anchoring, checking, search
from tracker.extraction import FoundQuote, KnownSpeaker, Place, find_quotes
from tracker.models import Article, Capture, Editor, Finding, Quote, Speaker, SpeakerAlias
from tracker.reading import Quotation

from .languages import language_of
from .sources import ArticleError

__all__ = ["Found", "Like", "find_in", "keep_found", "mark_words", "words_of"]

_MOST_DECLARED = 100  # quotations of a page
_OF_THE_DECLARED = 0.5  # their confidence: below what is ticked
_MOST_LIKENED = 150  # quotes of an article that are compared with those on record
_MOST_COMPARED = 25  # quotes on record, with each of them
_SAME_PLACE = 0.5  # of the characters of both
_AS_PRINTED = (anchoring.Result.EXACT, anchoring.Result.MOVED)
_NEW_SENTENCE = re.compile(r"""[.!?…。][”"’»」]*\s+\w""")
_BESIDE = 20  # characters beside the words by which they are known again
_OPENING = '“"„‟«‹「『《‘'
_MUCH_LIKE = 60  # percent of the letters
_Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Like:
    """A quote on record that may be the same, and how alike its words are, in percent."""

    quote: int
    percent: int


@dataclass(frozen=True, slots=True)
class Found:
    """The quotes of a text, and for some of them, by their index, a quote on record that is like it."""

    quotes: tuple[FoundQuote, ...] = ()
    likes: dict[int, Like] = field(default_factory=dict)


def find_in(text: str, language: str, declared: Iterable[Quotation] = ()) -> Found:
    """Find the quotes of a text, who on record said them, and what on record is like them. Changes nothing.

    Quotations that the page declares are found, too, where their words stand in the text.
    """
    speakers = _speakers_in(text)
    quotes = find_quotes(
        text,
        language=language or language_of(text) or "und",
        speakers=speakers,
        weights=settings.EXTRACTOR_WEIGHTS,
    )
    quotes = [each for quote in quotes for each in _apart(quote, text)]
    for quotation in islice(declared, _MOST_DECLARED):
        quotes += _declared(quotation, text, quotes, speakers)
    quotes.sort(key=lambda quote: quote.start)
    return Found(tuple(quotes), _likes(quotes[:_MOST_LIKENED]))


def _declared(
    quotation: Quotation,
    text: str,
    quotes: Sequence[FoundQuote],
    speakers: Sequence[KnownSpeaker],
) -> Iterator[FoundQuote]:
    """The first place of a declared quotation, unless that was found already. How sure it is, nobody knows."""
    places = anchoring.locate(quotation.text, text)
    if not places or places[0].how == anchoring.How.FUZZY:
        return
    start, end = places[0].start, places[0].end
    if any(each.start < end and start < each.end for each in quotes):
        return
    name = anchoring.fold(quotation.speaker)
    known = [
        each
        for each in speakers
        if name in map(anchoring.fold, (each.name, *each.aliases)) and name
    ]
    yield FoundQuote(
        kind="direct",
        parts=(Place(start, end, text[start:end]),),
        speaker=None,
        name=quotation.speaker,
        known=known[0] if len(known) == 1 else None,
        cue=None,
        confidence=_OF_THE_DECLARED,
        doubts=() if quotation.speaker else ("speaker_not_found",),
    )


def _apart(quote: FoundQuote, text: str) -> Iterator[FoundQuote]:
    """The quote; or several, where a sentence begins between two parts and leads to the second: that is no cue."""
    parts = [quote.parts[:1]]
    for before, part in pairwise(quote.parts):
        if _NEW_SENTENCE.search(text[before.end : part.start]):
            parts.append((part,))
        else:
            parts[-1] = (*parts[-1], part)
    for each in parts:
        yield replace(quote, parts=each)


def _likes(quotes: Sequence[FoundQuote]) -> dict[int, Like]:
    """For the quotes that are like one on record, by their index, the likest; what is slow to find is left out."""
    asked = [" ".join(part.text for part in quote.parts)[: checking.LONGEST] for quote in quotes]
    who: list[Any] = [(quote.known.key,) if quote.known else None for quote in quotes]
    ids: list[list[int]] = []
    for words, speakers in zip(asked, who, strict=True):
        try:
            ids.append(search.candidates(words, speakers=speakers or (), most=_MOST_COMPARED))
        except search.TooSlow:
            ids.append([])
    shown = {each.id: each for each in search.shown(list({pk for these in ids for pk in these}))}
    likes = {}
    for n, these in enumerate(ids):
        known = [shown[pk] for pk in these if pk in shown]
        if best := checking.finding(asked[n], known, who[n]).best:
            likes[n] = Like(best.quote.id, best.likeness.similarity)
    return likes


def _speakers_in(text: str) -> list[KnownSpeaker]:
    """The speakers on record whose name or alias may stand in the text; two queries, however many there are."""
    folded = anchoring.fold(text)
    words = set(_words(folded))
    names: dict[int, list[str]] = {}
    for rows in (Speaker.objects.values_list("pk", "name", "folded"), _aliases()):
        for pk, name, compared in rows.iterator():
            if _may_stand_in(compared, words, folded):
                names.setdefault(pk, []).append(name)
    called = Speaker.objects.filter(pk__in=names).values_list("pk", "name")
    return [KnownSpeaker(name, tuple(names[pk]), pk) for pk, name in called.order_by("pk")]


def _aliases() -> Any:
    return SpeakerAlias.objects.values_list("speaker", "name", "folded")


def _words(folded: str) -> Iterator[str]:
    for word in folded.split():
        if word := word.strip("\"'.,;:!?()[]“”‘’—–-"):
            yield word
            yield from (word[:-2],) if word.endswith(("'s", "’s")) else ()


def _may_stand_in(name: str, words: set[str], folded: str) -> bool:
    """Of a name of several words the last one is enough: the text may leave the first out."""
    if not name.isascii():
        return name in folded
    return bool(name) and name.split()[-1] in words


@dataclass(slots=True)
class _Before:
    """A finding of an earlier reading: where its words stood, and where they stand in the copy that is read now."""

    finding: Finding
    stood: tuple[anchoring.Selector, ...]
    stands: list[tuple[int, int]]
    again: FoundQuote | None = None

    @classmethod
    def of(cls, finding: Finding, capture: Capture) -> "_Before":
        text = finding.capture.text  # words that were blanked may have taken it with them
        within = [(start, end) for start, end in finding.spans if start <= end <= len(text)]
        stood = anchoring.select(text, within)
        if finding.capture_id == capture.pk:
            return cls(finding, stood, finding.spans)
        if once := _once(stood, capture.text):
            return cls(finding, stood, once)
        now = anchoring.check(stood, finding.text, capture.text)
        there = now.selectors if now.result is not anchoring.Result.ALTERED else ()
        return cls(finding, stood, _spans(there))

    def is_same(self, now: Sequence[anchoring.Selector]) -> bool:
        """Whether these are its words: in its place, or much like them beside what they stood beside."""
        if self.stands or not self.stood:
            return _overlap(self.stands, _spans(now)) >= _SAME_PLACE
        beside = (
            (self.stood[0].prefix[-_BESIDE:], now[0].prefix[-_BESIDE:]),
            (self.stood[-1].suffix[:_BESIDE], now[-1].suffix[:_BESIDE]),
        )
        if not any(one and anchoring.fold(one) == anchoring.fold(other) for one, other in beside):
            return False
        words = anchoring.recorded_words(now)
        return anchoring.compare(self.finding.text, words).similarity >= _MUCH_LIKE


def keep_found(article: Article, capture: Capture, found: Found) -> None:
    """Keep what was found in a copy. Whoever calls it holds a transaction.

    What was found before stays what it was; of what nobody decided about, that which is no longer
    found is given up.
    """
    if article.findings.filter(capture=capture, by_hand=False).exists():
        return
    before = [_Before.of(f, capture) for f in article.findings.prefetch_related("capture")]
    cited = {Finding.key_of(each.text): each for each in article.citations.order_by("-pk")}
    added: list[Finding] = []
    for n, quote in enumerate(found.quotes):
        now = anchoring.select(capture.text, [(part.start, part.end) for part in quote.parts])
        same = next((each for each in before if now and each.is_same(now)), None)
        if same is None and now:
            added.append(_new(article, capture, now, quote, found.likes.get(n)))
        elif same and same.again is None:
            same.again, same.stands = quote, _spans(now)
    for each in before:
        _keep_or_give_up(each, capture)
    _record(article, added)
    for finding in added:
        if citation := cited.get(finding.key):  # it was entered by hand before
            finding.accept(citation, by=None)


def _once(parts: Sequence[anchoring.Selector], text: str) -> list[tuple[int, int]]:
    """Where the parts stand to the letter, in order, each in one place alone or beside what it stood beside."""
    places: list[tuple[int, int]] = []
    for part in parts:
        starts = [each.start() for each in re.finditer(re.escape(part.exact), text)]
        if len(starts) > 1:
            starts = [n for n in starts if _is_beside(part, text, n)]
        if len(starts) != 1 or (places and starts[0] < places[-1][1]):
            return []
        places.append((starts[0], starts[0] + len(part.exact)))
    return places


def _is_beside(part: anchoring.Selector, text: str, start: int) -> bool:
    end = start + len(part.exact)
    return text[:start].endswith(part.prefix) and text.startswith(part.suffix, end)


def _keep_or_give_up(before: _Before, capture: Capture) -> None:
    finding, again = before.finding, before.again
    if not (again or finding.by_hand or finding.entered or not finding.is_open):
        finding.delete()
    elif before.stands and finding.capture_id != capture.pk:
        finding.capture, finding.start = capture, before.stands[0][0]
        finding.parts = [*map(list, before.stands)]
        if finding.is_open:
            now = anchoring.select(capture.text, before.stands)
            finding.text = words_of(now, capture.text)
        finding.mention_start = finding.mention_end = finding.cue_start = finding.cue_end = None
        if again and (finding.is_open or _is_by_the_same(finding, again)):
            _describe(finding, again)
        finding.save()


def _is_by_the_same(finding: Finding, quote: FoundQuote) -> bool:
    return quote.speaker is not None and quote.speaker.text == finding.mention


def _spans(selectors: Iterable[anchoring.Selector]) -> list[tuple[int, int]]:
    return [(each.start or 0, each.end or 0) for each in selectors]


def _overlap(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> float:
    """How much two places have in common, of all that is in either (Jaccard), in characters."""
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
    either = sum(end - start for start, end in (*one, *other)) - shared
    return shared / either if either else 0.0


def _new(
    article: Article,
    capture: Capture,
    now: Sequence[anchoring.Selector],
    quote: FoundQuote | None = None,
    like: Like | None = None,
) -> Finding:
    words, spans = words_of(now, capture.text), _spans(now)
    finding = Finding(
        article=article,
        capture=capture,
        parts=[*map(list, spans)],
        start=spans[0][0],
        text=words,
        key=Finding.key_of(words),
        by_hand=quote is None,
        kind=_kind_in(capture.text, spans),
    )
    if quote:
        _describe(finding, quote)
    if like:
        finding.like_id, finding.likeness = like.quote, like.percent
    return finding


def _record(article: Article, findings: Sequence[Finding]) -> None:
    """Save these new ones; each of those with the same words is another occurrence of them."""
    same = article.findings.filter(key__in={each.key for each in findings})
    last = dict(same.values_list("key").annotate(Max("occurrence")))
    for each in findings:
        each.occurrence = last[each.key] = last.get(each.key, -1) + 1
    Finding.objects.bulk_create(findings)


def words_of(parts: Sequence[anchoring.Selector], text: str) -> str:
    """The words of the parts as they are recorded.

    Before a cue the comma stands for whatever ended the sentence: where the next part begins another
    one, that is a full stop. An omission is marked where it is no mere cue that stands between.
    """
    joined = ""
    for part in parts:
        words = anchoring.recorded_words([part])
        ends = joined[-1:] and not joined[-1].isalnum()
        joined += (("" if ends or not words[:1].isupper() else ".") + " " if joined else "") + words
    if len(parts) > 1 and anchoring.check(parts, joined, text).result not in _AS_PRINTED:
        return " […] ".join(anchoring.recorded_words([part]) for part in parts)
    return joined


def _kind_in(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """By the mark before the words; of what was found otherwise the extractor says more."""
    start = spans[0][0]
    quoted = start > 0 and text[start - 1] in _OPENING
    return (Quote.Kind.DIRECT if quoted else Quote.Kind.INDIRECT).value


def _describe(finding: Finding, quote: FoundQuote) -> None:
    """What the extractor says of it, beside its words."""
    finding.kind, finding.name = quote.kind, quote.name[:200]
    finding.confidence, finding.doubts = min(1.0, max(0.0, quote.confidence)), list(quote.doubts)
    finding.speaker_id = quote.known.key if quote.known else None  # type: ignore[assignment]
    if quote.speaker:
        finding.mention = quote.speaker.text[:300]
        finding.mention_start, finding.mention_end = quote.speaker.start, quote.speaker.end
    if quote.cue:
        finding.cue = quote.cue.text[:200]
        finding.cue_start, finding.cue_end = quote.cue.start, quote.cue.end


def mark_words(article: Article, capture: Capture, words: str, *, by: Editor) -> Finding:
    """Keep words that an editor marked in a copy; those that are found there already are that finding.

    Raises ArticleError when the words do not stand there.
    """
    now = anchoring.check((), words, capture.text)
    if now.result in (anchoring.Result.MISSING, anchoring.Result.ALTERED):
        told = _("The article’s text does not have these words. Mark or copy them from there.")
        raise ArticleError(told, field="words")
    spans = _spans(now.selectors)
    before: Iterable[Finding] = article.findings.filter(capture=capture)
    same = next((each for each in before if _overlap(each.spans, spans) > 0.9), None)
    if same is None:
        _record(article, [same := _new(article, capture, now.selectors)])
    return same
