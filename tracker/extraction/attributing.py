"""Gives each quoted segment of a tagged article its cue and its speaker, in reading order.

The rankers choose; who was chosen for one segment is told to the next, since a speaker who goes on
is often not named again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.extraction.features import CueWords
from tracker.extraction.learning import probabilities
from tracker.extraction.linking import (
    Article,
    Cue,
    Last,
    Segment,
    cue_features,
    possible_cues,
    possible_speakers,
    speaker_features,
)
from tracker.extraction.mentions import Mention
from tracker.extraction.tagging import CONTENT, Tagged
from tracker.extraction.tokens import Paragraph

__all__ = ["GOES_ON", "Attributed", "attribute", "choose_cue", "possible_segments"]

_FAINT = 0.2  # marginal probability from which words may be quoted though the tagger says no
_BEGINS = 0.35
GOES_ON = 0.5  # sureness from which the next segment may go on with this one's speaker
_SHORTEST = 2  # words outside of marks
_MOST_SEGMENTS = 600  # of an article, and half as many of a paragraph: what is worth the time


@dataclass(frozen=True, slots=True)
class Attributed:
    """A segment with its most likely cue and speaker; chances are those of the rankers."""

    segment: Segment
    cue: Cue | None
    cue_chance: float
    speaker: Mention | None
    speaker_chance: float
    runner_up: float  # the chance of the next speaker who is somebody else


def possible_segments(paragraph: Tagged, number: int, cue_words: CueWords) -> list[Segment]:
    """What may be quoted: what the tagger says, and what it nearly said. They may overlap."""
    likely = paragraph.likely[CONTENT]
    spans = {
        piece
        for span in paragraph.contents
        for piece in _unglued(paragraph.words, span.first, span.last, cue_words)
    }
    taken = [False] * len(likely)
    for first, last in spans:
        taken[first:last] = [True] * (last - first)
    spans |= set(_faint(paragraph, taken))
    spans |= set(_regions(paragraph, taken))
    return [
        Segment(number, first, last, sum(likely[first:last]) / (last - first))
        for first, last in sorted(spans)[: _MOST_SEGMENTS // 2]
    ]


def _unglued(
    words: Paragraph, first: int, last: int, cue_words: CueWords
) -> Iterator[tuple[int, int]]:
    """Two quotes with the second one's cue between them: “A,” adding that “B.”, as two."""
    number = words.region_of[first]
    end = first
    while end < last and words.region_of[end] == number:
        end += 1
    following = end
    while following < last and words.region_of[following] < 0:
        following += 1
    between = range(end, following)
    is_clause = number >= 0 and words.lower[end - 2 : end - 1] and words.lower[end - 2] in ",.?!"
    cues = [i for i in between if cue_words.get(words.lower[i]) in ("hi", "mid")]
    if not is_clause or not cues or following == last:
        yield first, last
        return
    yield first, end
    begins = next((i for i in between if i > cues[-1] and words.lower[i] == "that"), following)
    yield from _unglued(words, begins, last, cue_words)


def _faint(paragraph: Tagged, taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    likely, begins = paragraph.likely[CONTENT], paragraph.begins[CONTENT]
    first = -1
    for i in range(len(taken) + 1):
        more = i < len(taken) and not taken[i] and likely[i] >= _FAINT
        if first >= 0 and (not more or begins[i] >= _BEGINS):
            if i - first >= _SHORTEST:
                yield first, i
            first = -1
        if more and first < 0:
            first = i


def _regions(paragraph: Tagged, taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """What stands in quotation marks and is not taken, as far as it may be quoted at all."""
    first = 0
    numbers = paragraph.words.region_of
    while first < len(numbers):
        last = first + 1
        if numbers[first] >= 0:
            while last < len(numbers) and numbers[last] == numbers[first]:
                last += 1
            inside = paragraph.likely[CONTENT][first:last]
            if not any(taken[first:last]) and sum(inside) >= 0.1 * len(inside):
                yield first, last
        first = last


def choose_cue(
    article: Article, segment: Segment, weights: Mapping[str, float]
) -> tuple[Cue | None, float]:
    """The cue of a segment and its chance; none where no cue nearby belongs to it."""
    cues = possible_cues(article, segment)
    if not cues:
        return None, 1.0
    rows = [cue_features(article, segment, cue) for cue in cues]
    chances = probabilities(weights, [*rows, ["none"]])
    best = max(range(len(chances)), key=chances.__getitem__)
    return (cues[best] if best < len(cues) else None), chances[best]


def attribute(
    article: Article, cue_weights: Mapping[str, float], speaker_weights: Mapping[str, float]
) -> list[Attributed]:
    """Every possible segment of the article with its cue and speaker."""
    found: list[Attributed] = []
    last: Last | None = None
    for number, paragraph in enumerate(article.paragraphs):
        if len(found) >= _MOST_SEGMENTS:
            break
        for segment in possible_segments(paragraph, number, article.cue_words):
            cue, cue_chance = choose_cue(article, segment, cue_weights)
            one = _attribute(article, segment, cue, cue_chance, last, speaker_weights)
            found.append(one)
            if segment.sureness >= GOES_ON:
                last = Last(segment, one.speaker or (last.speaker if last else None))
    return found


def _attribute(
    article: Article,
    segment: Segment,
    cue: Cue | None,
    cue_chance: float,
    last: Last | None,
    weights: Mapping[str, float],
) -> Attributed:
    speakers = possible_speakers(article, segment, last)
    if not speakers:
        return Attributed(segment, cue, cue_chance, None, 0.0, 0.0)
    rows = [speaker_features(article, segment, cue, mention, last) for mention in speakers]
    chances = probabilities(weights, rows)
    best = max(range(len(chances)), key=chances.__getitem__)
    speaker = speakers[best]
    # Mentions of one person share the chance that it was this person.
    same = [bool(speaker.name) and mention.name == speaker.name for mention in speakers]
    chance = sum(
        c for i, (c, is_same) in enumerate(zip(chances, same, strict=True)) if is_same or i == best
    )
    others = [
        c
        for i, (c, is_same) in enumerate(zip(chances, same, strict=True))
        if not is_same and i != best
    ]
    return Attributed(segment, cue, cue_chance, speaker, chance, max(others, default=0.0))
