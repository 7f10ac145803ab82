"""Plain text in, quotes with their speakers out: the extractor as the rest of the project sees it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.extraction.assembling import Judged, assemble
from tracker.extraction.attributing import Attributed, attribute
from tracker.extraction.found import DIRECT, INDIRECT, MIXED, FoundQuote
from tracker.extraction.judging import chance, judge_features, manner
from tracker.extraction.linking import Article
from tracker.extraction.naming import KnownSpeaker, Registry
from tracker.extraction.patterns import find_by_patterns
from tracker.extraction.running_on import with_earlier_parts
from tracker.extraction.tagging import read
from tracker.extraction.transcripts import find_in_transcript
from tracker.extraction.weights import SHIPPED, Extractor, load

__all__ = ["TICKED_FROM", "find_quotes"]

TICKED_FROM = 0.9
"""The confidence from which the desk ticks a quote by default: 95 of 100 such are right, words and speaker."""

# The chance from which a segment is taken. The best F1 is where a segment is taken that is right
# half as often as F1 itself (Lipton et al. 2014); what stands in marks is right far more often.
_TAKEN_FROM = {DIRECT: 0.2, MIXED: 0.2, INDIRECT: 0.3}
_MOST_WORDS = 10_000  # that the model reads of one article: about half a second
_ENGLISH = frozenset(("the", "and", "of", "to", "said"))


def find_quotes(
    text: str,
    *,
    language: str,
    speakers: Iterable[KnownSpeaker | str] | Registry = (),
    weights: Path | None = None,
) -> list[FoundQuote]:
    """The quotes of an article, in the order of its text.

    `language` is a BCP 47 tag. English is read by the trained model, all else by quotation marks
    and patterns; for `und` the text decides. `speakers` are those on record, a plain name being one
    without aliases; a `Registry` of them may be kept and used for many articles. `weights` is a
    directory other than the shipped one; `WeightsError` where it has none. Offsets are of `text`,
    in code points.

    The time grows with the length of the text and is bounded: of a very long text the model reads
    the beginning, and what it did not read is found by patterns, and says so.
    """
    registry = speakers if isinstance(speakers, Registry) else Registry(speakers)
    tag = language.lower().replace("_", "-").split("-")[0]
    if tag in ("", "und", "mul"):
        tag = "en" if _looks_english(text) else tag
    if tag != "en":
        return find_by_patterns(text, language=tag, registry=registry)
    paragraphs = read(text, most_words=_MOST_WORDS)
    extractor = load(weights or SHIPPED)
    article = Article(extractor.tagger.tag(text, paragraphs), extractor.tagger.cue_words)
    chosen = with_earlier_parts(article, _chosen(article, extractor))
    found = assemble(text, article, chosen, registry)
    found = find_in_transcript(text, article, found, registry)
    rest = paragraphs[-1].end if paragraphs else len(text)
    if text[rest:].strip():
        found += find_by_patterns(text, language=tag, registry=registry, start=rest)
    return found


def _looks_english(text: str) -> bool:
    words = text[:20_000].lower().split()
    return sum(word in _ENGLISH for word in words) > len(words) / 20


def _chosen(article: Article, extractor: Extractor) -> list[Judged]:
    """The segments that are taken, in order; of those that overlap the likeliest."""
    weights = extractor.weights
    found = attribute(article, weights.cues, weights.speakers)
    return _choose(
        article, [Judged(one, chance(weights.judge, judge_features(article, one))) for one in found]
    )


def _choose(article: Article, judged: Sequence[Judged]) -> list[Judged]:
    """Those likely enough to be taken, in order; of those that overlap the likeliest."""
    taken: dict[int, set[int]] = {}
    chosen = []
    for one in sorted(judged, key=lambda each: -each.chance):
        segment = one.found.segment
        if one.chance < _least(article, one.found):
            continue
        words = taken.setdefault(segment.paragraph, set())
        if words.isdisjoint(range(segment.first, segment.last)):
            words.update(range(segment.first, segment.last))
            chosen.append(one)
    chosen.sort(key=lambda each: (each.found.segment.paragraph, each.found.segment.first))
    return chosen


def _least(article: Article, found: Attributed) -> float:
    segment = found.segment
    kind = manner(article, segment.first, segment.last, segment.paragraph)
    return _TAKEN_FROM[kind]
