"""Says how likely a found quote is right, words and speaker both, and takes the likely ones.

The judge is a logistic regression over what the tagger and the rankers were sure of; it is trained
on articles that those had not seen, so that its chances hold.
"""

from collections.abc import Mapping, Sequence

from tracker.extraction.attributing import Attributed
from tracker.extraction.learning import probabilities
from tracker.extraction.linking import Article
from tracker.extraction.tagging import CONTENT

__all__ = ["NOTHING", "chance", "judge_features", "manner"]

NOTHING: Sequence[str] = ()  # the other choice: that a segment is no quote
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93, 0.97, 0.99, 0.997)
_PLAIN_BEFORE = ("that", ",", ":", "^")
_LENGTHS = (1, 2, 3, 5, 8, 12, 18, 27, 40, 80)


def _step(value: float, steps: Sequence[float] = _STEPS) -> int:
    return sum(value >= step for step in steps)


def manner(article: Article, first: int, last: int, number: int) -> str:
    """How words stand in quotation marks: `direct` (all), `mixed` (some) or `indirect` (none)."""
    words = article.paragraphs[number].words
    letters = inside = 0
    first += words.lower[first] == "that"  # the reporter's word
    for i in range(first, last):
        if words.words[i][0].isalnum():
            size = words.ends[i] - words.starts[i]
            region = words.region_of[i]
            letters += size
            inside += size * (region >= 0)
    share = inside / letters if letters else 0.0
    return "direct" if share >= 0.95 else "mixed" if share > 0.05 else "indirect"


def judge_features(article: Article, found: Attributed) -> list[str]:
    """What speaks for and against a segment with its speaker."""
    segment = found.segment
    kind = manner(article, segment.first, segment.last, segment.paragraph)[0]
    return [
        *_sureness(article, found, kind),
        *_attribution(article, found, kind),
        *_edges(article, found, kind),
    ]


def _sureness(article: Article, found: Attributed, kind: str) -> list[str]:
    """How sure the tagger was of the words, of all of them and of where they begin and end."""
    segment = found.segment
    paragraph = article.paragraphs[segment.paragraph]
    likely, begins = paragraph.likely[CONTENT], paragraph.begins[CONTENT]
    first, last = segment.first, segment.last
    is_tagged = (first, last) in article.tagged[segment.paragraph]
    goes_on = likely[last] - begins[last] if last < len(likely) else 0.0
    lowest, sure = _step(min(likely[first:last])), _step(segment.sureness)
    begin, end = _step(begins[first]), _step(1 - goes_on)
    return [
        f"{kind}{is_tagged}",
        f"{kind}m{sure}",
        f"{kind}l{lowest}",
        f"{kind}b{begin}",
        f"{kind}e{end}",
        f"m{sure}",
        f"l{lowest}b{begin // 2}e{end // 2}",
        f"{kind}n{_step(last - first, _LENGTHS)}",
    ]


def _attribution(article: Article, found: Attributed, kind: str) -> list[str]:
    """How sure the rankers were of the speaker and the cue."""
    speaker, cue = found.speaker, found.cue
    word = "-"
    if cue and cue.paragraph == found.segment.paragraph:
        word = article.paragraphs[cue.paragraph].words.lower[cue.last - 1]
    chance = _step(found.speaker_chance)
    return [
        f"{kind}s{chance}",
        f"s{chance}",
        f"{kind}r{_step(found.speaker_chance - found.runner_up)}",
        f"{kind}S{_step(speaker.sureness if speaker else 0.0)}",
        f"{kind}c{_step(found.cue_chance)}",
        f"{kind}C{_step(cue.sureness) if cue else '-'}",
        f"cue={word}",
    ]


def _edges(article: Article, found: Attributed, kind: str) -> list[str]:
    """What stands beside the words, and whether their edges are those of quotation marks."""
    segment, speaker = found.segment, found.speaker
    words = article.paragraphs[segment.paragraph].words
    regions, first, last = words.region_of, segment.first, segment.last
    before = words.lower[first - 1] if first else "^"
    after = words.lower[last] if last < len(words) else "$"
    opens = regions[first] >= 0 and (not first or regions[first - 1] != regions[first])
    closes = regions[last - 1] >= 0 and (last == len(words) or regions[last] != regions[last - 1])
    level = before if before in _PLAIN_BEFORE else article.cue_words.get(before, "-")
    is_near = speaker.paragraph == segment.paragraph if speaker else "-"
    return [
        f"{kind}a{after if not after.isalnum() else 'w'}",
        f"{kind}p{level}",
        f"{kind}q{opens}{closes}{after == '$'}",
        f"{kind}w{speaker.kind if speaker else '-'}{speaker.is_tagged if speaker else '-'}",
        f"{kind}h{is_near}{found.cue is None}",
    ]


def chance(weights: Mapping[str, float], features: Sequence[str]) -> float:
    """The chance that a segment and its speaker are both right."""
    return probabilities(weights, [features, NOTHING])[0]
