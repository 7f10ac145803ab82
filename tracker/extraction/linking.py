"""Describes a quotation's possible cues and speakers, so that a trained ranker can choose.

Nothing is decided here: each possible speaker gets features, strings that say where it stands from
the words and from their cue, what stands between, and who spoke last.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.extraction.features import CueWords
from tracker.extraction.mentions import Mention, mentions
from tracker.extraction.tagging import CUE, Tagged
from tracker.extraction.tokens import Paragraph

__all__ = [
    "Article",
    "Cue",
    "Last",
    "Segment",
    "cue_features",
    "possible_cues",
    "possible_speakers",
    "speaker_features",
]

_FAINT_CUE = 0.08
_MOST_CUES = 12
_MOST_SPEAKERS = 24
_PARAGRAPHS_BACK = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """Words `first` to `last - 1` of a paragraph that are quoted without a break."""

    paragraph: int
    first: int
    last: int
    sureness: float


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that say that something is said: “said”, “according to”, a colon."""

    paragraph: int
    first: int
    last: int
    sureness: float


@dataclass(frozen=True, slots=True)
class Last:
    """Who spoke the segment before, as far as is known."""

    segment: Segment
    speaker: Mention | None


_Placed = TypeVar("_Placed", Cue, Mention)


class Article:
    """A tagged article with what is asked of it again and again, counted once."""

    def __init__(self, paragraphs: Sequence[Tagged], cue_words: CueWords) -> None:
        self.paragraphs = paragraphs
        self.cue_words = cue_words
        self.mentions = [mentions(paragraph, n) for n, paragraph in enumerate(paragraphs)]
        self.names = Counter(m.name for each in self.mentions for m in each if m.name)
        self.cues = [_cues(paragraph, n) for n, paragraph in enumerate(paragraphs)]
        self.tagged = [
            frozenset((span.first, span.last) for span in paragraph.contents)
            for paragraph in paragraphs
        ]
        self._counts: dict[int, dict[str, list[int]]] = {}

    def between(self, paragraph: int, what: str, first: int, last: int) -> int:
        """How many of `what` begin among the words `first` to `last - 1`."""
        if paragraph not in self._counts:
            self._counts[paragraph] = self._counted(paragraph)
        counts = self._counts[paragraph][what]
        return counts[last] - counts[first] if last > first else 0

    def _counted(self, number: int) -> dict[str, list[int]]:
        tagged = self.paragraphs[number]
        n = len(tagged.words)
        marks = {
            "comma": {i for i, word in enumerate(tagged.words.words) if word == ","},
            "content": {span.first for span in tagged.contents},
            "cue": {span.first for span in tagged.cues},
            "speaker": {m.first for m in self.mentions[number] if m.is_tagged},
            "mention": {m.first for m in self.mentions[number]},
        }
        return {what: _running(places, n) for what, places in marks.items()}


def _running(places: set[int], n: int) -> list[int]:
    counts = [0]
    for i in range(n):
        counts.append(counts[-1] + (i in places))
    return counts


def _cues(tagged: Tagged, number: int) -> list[Cue]:
    """Tagged cues, and words that may be one."""
    found = [Cue(number, span.first, span.last, span.sureness) for span in tagged.cues]
    taken = {i for span in tagged.cues for i in range(span.first, span.last)}
    likely, first = tagged.likely[CUE], -1
    for i in range(len(tagged.words) + 1):
        more = i < len(tagged.words) and i not in taken and likely[i] >= _FAINT_CUE
        if first >= 0 and not more:
            found.append(Cue(number, first, i, sum(likely[first:i]) / (i - first)))
            first = -1
        if more and first < 0:
            first = i
    return sorted(found, key=lambda cue: cue.first)


def _bucket(distance: int) -> str:
    if distance < 3:
        return str(distance)
    for edge in (5, 8, 13, 21, 40):
        if distance < edge:
            return f"<{edge}"
    return "far"


def _sure(sureness: float) -> int:
    return min(int(sureness * 6), 5)


def _gap(first: int, last: int, other_first: int, other_last: int) -> tuple[int, int]:
    """The words between two spans."""
    return (last, other_first) if last <= other_first else (other_last, first)


def _kind(article: Article, segment: Segment) -> str:
    """How the segment stands in quotation marks: whole, in part, not at all."""
    words = article.paragraphs[segment.paragraph].words
    inside = [words.region_of[i] >= 0 for i in (segment.first, segment.last - 1)]
    if all(inside):
        return "D"
    if any(inside) or any(number >= 0 for number in words.region_of[segment.first : segment.last]):
        return "M"
    return "I"


# ---- Cues ----


def possible_cues(article: Article, segment: Segment) -> list[Cue]:
    """The cues that may belong to a segment, the nearest ones, and the last one before it."""
    here = article.cues[segment.paragraph]
    near = _nearby(here, segment, _MOST_CUES)
    near = sorted(near, key=lambda cue: _distance(cue, segment))[:_MOST_CUES]
    for number in range(segment.paragraph - 1, max(-1, segment.paragraph - 3), -1):
        if article.cues[number]:
            return [*near, article.cues[number][-1]]
    return near


def _nearby(here: list[_Placed], segment: Segment, most: int) -> list[_Placed]:
    """Those of a paragraph that begin just before or behind the segment's edges, or within."""
    if len(here) <= 2 * most:
        return here
    first = bisect_left(here, segment.first, key=lambda each: each.first)
    last = bisect_left(here, segment.last, key=lambda each: each.first)
    near = list(here[max(0, first - most) : min(last, first + most)])
    near += here[last : last + most]
    return near


def _distance(one: Cue | Mention | Segment, other: Cue | Mention | Segment) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def cue_features(article: Article, segment: Segment, cue: Cue) -> list[str]:
    """What speaks for and against this cue of the segment."""
    words = article.paragraphs[cue.paragraph].words
    sure = _sure(cue.sureness)
    text = " ".join(words.lower[cue.first : min(cue.last, cue.first + 3)])
    kind = _kind(article, segment)
    if cue.paragraph != segment.paragraph:
        colon = words.words[-1] == ":"
        back = segment.paragraph - cue.paragraph
        return [
            "away",
            f"back{back}{segment.first == 0}{kind}{colon}",
            f"rest{_bucket(len(words) - cue.last)}{colon}{back}",
            f"awaysure{sure}{colon}",
            f"awaycue={text}",
        ]
    return [
        f"sure{sure}",
        f"in{segment.first <= cue.first < segment.last}",
        *_cue_to_segment(article, segment, cue, kind, text),
    ]


def _cue_to_segment(
    article: Article, segment: Segment, cue: Cue, kind: str, text: str
) -> list[str]:
    """Of a cue in the segment's own paragraph: where it stands, and what stands between."""
    words = article.paragraphs[cue.paragraph].words
    sure = _sure(cue.sureness)
    order = "q" if cue.first < segment.first else "Q"
    first, last = _gap(cue.first, cue.last, segment.first, segment.last)
    content = min(article.between(cue.paragraph, "content", first, last), 2)
    others = min(article.between(cue.paragraph, "cue", first, last), 2)
    commas = min(article.between(cue.paragraph, "comma", first, last), 3)
    sentence = _sentences_away(words, segment, cue.first)
    far = _bucket(last - first)
    between = " ".join(words.lower[first : min(last, first + 2)]) if last - first < 3 else "..."
    return [
        f"{order}{kind}{far}",
        f"{order}sent{max(-3, min(sentence, 3))}{kind}",
        f"{order}sent{max(-2, min(sentence, 2))}{far}",
        f"{order}cont{content}{others}",
        f"{order}cont{content}{others}{kind}{sure}",
        f"{order}comma{commas}{kind}",
        f"{order}cue={text}",
        f"{order}lex={article.cue_words.get(words.lower[cue.last - 1], '')}{sure}",
        f"{order}btw={between}",
        f"{order}sure{sure}{far}",
    ]


def _sentences_away(words: Paragraph, segment: Segment, word: int) -> int:
    """How many sentences a word stands before (negative) or behind those of the segment."""
    at, starts = words.sentences[word], words.sentences[segment.first]
    ends = words.sentences[segment.last - 1]
    return at - ends if at > ends else at - starts if at < starts else 0


# ---- Speakers ----


def possible_speakers(article: Article, segment: Segment, last: Last | None) -> list[Mention]:
    """Who may have spoken a segment: mentions of its paragraph and before, and who spoke last."""
    here = article.mentions[segment.paragraph]
    near = _nearby(here, segment, 2 * _MOST_SPEAKERS)
    near = sorted(near, key=lambda m: _distance(m, segment) - 6 * m.is_tagged)[:_MOST_SPEAKERS]
    found = sorted(near, key=lambda mention: mention.first)
    for back in range(1, _PARAGRAPHS_BACK + 1):
        number = segment.paragraph - back
        if number < 0:
            break
        before = article.mentions[number]
        found += [m for m in before if m.is_tagged][-3:]
        if back == 1:
            found += [m for m in before if not m.is_tagged][-3:]
    if last and last.speaker and last.speaker not in found:
        found.append(last.speaker)
    return found


def speaker_features(
    article: Article, segment: Segment, cue: Cue | None, mention: Mention, last: Last | None
) -> list[str]:
    """What speaks for and against this speaker of the segment."""
    words = article.paragraphs[mention.paragraph].words
    kind = _kind(article, segment)
    sure = f"{_sure(mention.sureness)}{mention.is_tagged:d}"
    who = words.lower[mention.first] if mention.kind == "pronoun" else mention.kind
    row = [
        f"who={who}",
        f"sure{sure}",
        f"sure{sure}{mention.kind}",
        f"n{min(article.names[mention.name], 5) if mention.name else '-'}{mention.kind}",
        f"len{_bucket(mention.last - mention.first)}",
    ]
    row += _last_features(article, segment, cue, mention, last, kind)
    if mention.paragraph != segment.paragraph:
        return row + _away_features(article, segment, cue, mention, kind, sure)
    row += _around(article, mention)
    row += _to_segment(article, segment, mention, kind, sure)
    if cue and cue.paragraph == mention.paragraph:
        row += _to_cue(article, segment, cue, mention, kind, sure)
    else:
        row.append(f"nocue{sure}{kind}")
    return row


def _last_features(
    article: Article,
    segment: Segment,
    cue: Cue | None,
    mention: Mention,
    last: Last | None,
    kind: str,
) -> list[str]:
    if not last or not last.speaker:
        return ["nolast"]
    before = last.segment
    if mention == last.speaker:
        same = "same"
    elif mention.name and mention.name == last.speaker.name:
        same = "name"
    else:
        same = "other"
    back = segment.paragraph - before.paragraph
    has_cue = "-" if not cue else "." if cue.paragraph != segment.paragraph else "+"
    row = [f"last{same}{min(back, 3)}{kind}{has_cue}", f"last{same}{has_cue}"]
    if back:
        return row
    words = article.paragraphs[segment.paragraph].words
    sentences = words.sentences[segment.first] - words.sentences[before.last - 1]
    cues = article.between(segment.paragraph, "cue", before.last, segment.first)
    speakers = article.between(segment.paragraph, "speaker", before.last, segment.first)
    behind = article.between(segment.paragraph, "cue", segment.last, len(words))
    return [
        *row,
        f"gap{same}{min(sentences, 3)}{min(cues, 2)}{min(speakers, 2)}{kind}",
        f"gap{same}{min(cues, 1)}{min(speakers, 1)}{min(behind, 1)}{kind}",
        f"gapw{same}{_bucket(max(segment.first - before.last, 0))}{min(speakers, 1)}",
    ]


def _away_features(
    article: Article, segment: Segment, cue: Cue | None, mention: Mention, kind: str, sure: str
) -> list[str]:
    """Of somebody in a paragraph before."""
    words = article.paragraphs[mention.paragraph].words
    back = min(segment.paragraph - mention.paragraph, 4)
    colon = words.words[-1] == ":"
    starts, whole = (
        segment.first == 0,
        segment.last >= len(article.paragraphs[segment.paragraph].words) - 1,
    )
    speakers = article.between(mention.paragraph, "speaker", mention.last, len(words))
    tagged_here = article.between(
        segment.paragraph, "speaker", 0, len(article.paragraphs[segment.paragraph].words)
    )
    row = [
        f"away{back}{kind}{starts}{whole}",
        f"away{back}colon{colon}{sure}",
        f"away{back}sure{sure}after{min(speakers, 2)}",
        f"away{back}here{min(tagged_here, 2)}{kind}{starts}",
        f"away{back}end{words.sentences[-1] - words.sentences[mention.first] == 0}{colon}",
        f"away{back}first{mention.first == 0}{mention.kind}",
    ]
    if cue and cue.paragraph == mention.paragraph:
        first, last = _gap(mention.first, mention.last, cue.first, cue.last)
        row += [f"awaycue{_bucket(last - first)}{mention.first < cue.first}{sure}", "awaycue"]
    elif cue:
        row.append(f"awayother{cue.paragraph == segment.paragraph}{_sure(cue.sureness)}")
    return row


def _around(article: Article, mention: Mention) -> list[str]:
    """The words beside a mention: “told him”, “of the president”, “Kwon said”."""
    words = article.paragraphs[mention.paragraph].words
    before = words.lower[mention.first - 1] if mention.first else "^"
    after = words.lower[mention.last] if mention.last < len(words) else "$"
    level = article.cue_words.get(after, "")
    starts = (
        not mention.first or words.sentences[mention.first] != words.sentences[mention.first - 1]
    )
    inside = words.region_of[mention.first] >= 0
    return [
        f"b={before}",
        f"a={after}",
        f"al={level}{mention.kind}",
        f"bl={article.cue_words.get(before, '')}{mention.kind}",
        f"st{starts}{mention.kind}{level}",
        f"in{inside}",
        f"fw={words.lower[mention.first]}",
        f"lw={words.lower[mention.last - 1]}",
    ]


def _to_segment(
    article: Article, segment: Segment, mention: Mention, kind: str, sure: str
) -> list[str]:
    words = article.paragraphs[mention.paragraph].words
    order = "m" if mention.first < segment.first else "M" if mention.first >= segment.last else "i"
    first, last = _gap(mention.first, mention.last, segment.first, segment.last)
    sentence = max(-3, min(_sentences_away(words, segment, mention.first), 3))
    count = article.between
    content = min(count(mention.paragraph, "content", first, last), 2)
    speakers = min(count(mention.paragraph, "speaker", first, last), 2)
    others = min(count(mention.paragraph, "mention", first, last), 3)
    far = _bucket(max(last - first, 0))
    return [
        f"{order}d{far}{kind}",
        f"{order}s{sentence}{kind}",
        f"{order}s{sentence}{sure}",
        f"{order}c{content}{speakers}{sentence}",
        f"{order}o{others}{speakers}{sure}",
        f"{order}k{min(count(mention.paragraph, 'cue', first, last), 2)}{sentence}{content}",
    ]


def _to_cue(
    article: Article, segment: Segment, cue: Cue, mention: Mention, kind: str, sure: str
) -> list[str]:
    words = article.paragraphs[mention.paragraph].words
    order = "".join(
        name for _, name in sorted([(segment.first, "c"), (cue.first, "q"), (mention.first, "m")])
    )
    if segment.first <= mention.first < segment.last:
        order += "i"
    first, last = _gap(mention.first, mention.last, cue.first, cue.last)
    overlaps = last < first
    same = words.sentences[mention.first] == words.sentences[cue.first]
    count = article.between
    speakers = min(count(mention.paragraph, "speaker", first, last), 2)
    others = min(count(mention.paragraph, "mention", first, last), 2)
    content = min(count(mention.paragraph, "content", first, last), 1)
    commas = min(count(mention.paragraph, "comma", first, last), 2)
    cues = min(count(mention.paragraph, "cue", first, last), 1)
    far = "in" if overlaps else _bucket(last - first)
    near = words.lower[first] if last > first else "-"
    final = words.lower[last - 1] if last > first else "-"
    text = words.lower[cue.first]
    return [
        f"Q{order}{far}{same}",
        f"Q{order}{far}{sure}",
        f"Q{order}{speakers}{others}{same}",
        f"Q{order}{speakers}{content}{cues}{sure}",
        f"Q{order}{commas}{content}{same}",
        f"Q{order}{kind}{same}{_sure(cue.sureness)}",
        f"Q{order}n={near}",
        f"Q{order}f={final}",
        f"Q{order}t={text}",
        f"Q{order[:3]}{text}{far}",
        f"Q{mention.first < cue.first}{mention.kind}{far}",
        f"Q{mention.first < cue.first}{speakers}{same}",
    ]
