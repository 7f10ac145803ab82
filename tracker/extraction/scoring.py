"""Scores found quotes against annotated ones, as quotation extraction is scored in the field.

A unit is a segment, the words of a quote without a break. A found segment is right when it shares
four fifths of its characters with an annotated one (Jaccard), one to one; end to end it is right
when its speaker is right too: the very mention, or one with the same last name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.extraction.lexicon import NO_NAME, PRONOUNS, TITLES
from tracker.extraction.marks import quoted_regions
from tracker.extraction.samples import GoldQuote, Sample

__all__ = ["Predicted", "Score", "is_near", "names_agree", "scores", "trimmed"]

_NEAR = 0.8
_WHAT = (
    *("direct", "mixed", "indirect", "words", "words with speaker", "words with speaker, speech"),
    *("in marks", "in marks with speaker"),
)
_KEPT = "$%()£€#@&"
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NAME_ENDS = re.compile(r",| (?:of|from|for|at|who) ")


@dataclass(frozen=True, slots=True)
class Predicted:
    """A found quote as it is scored."""

    parts: tuple[tuple[int, int], ...]
    speaker: tuple[int, int] | None
    name: str  # the full name, as far as it is known


@dataclass(frozen=True, slots=True)
class Score:
    """How many units were right, of how many annotated and how many found."""

    what: str
    right: int
    annotated: int
    found: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        total = self.found + self.annotated
        return 2 * self.right / total if total else 0.0


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without marks, punctuation and a leading “that”."""
    while start < end and not (text[start].isalnum() or text[start] in _KEPT):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in _KEPT):
        end -= 1
    if text[start : start + 5].lower() == "that ":
        start += 5
    return start, end


def is_near(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans are one segment."""
    return _jaccard(trimmed(text, *one), trimmed(text, *other)) >= _NEAR


def _jaccard(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def names_agree(one: str, other: str) -> bool:
    """Whether the last name of one is among the names of the other."""
    one_last, other_last = _last(one), _last(other)
    if not one_last or not other_last:
        return False
    return one_last in _names(other) or other_last in _names(one)


def _bare_words(text: str) -> list[str]:
    return [re.sub(r"['’]s$", "", word) for word in _WORD.findall(text)]


def _names(text: str) -> set[str]:
    return {word.lower() for word in _bare_words(text)} - TITLES - PRONOUNS


def _last(text: str) -> str:
    for part in (_NAME_ENDS.split(text)[0], text):
        names = [word for word in _bare_words(part) if word[:1].isupper()]
        names = [word.lower() for word in names]
        names = [n for n in names if n not in TITLES and n not in PRONOUNS and n not in NO_NAME]
        if names:
            return names[-1]
    return ""


def scores(pairs: Iterable[tuple[Sample, Sequence[Predicted]]]) -> list[Score]:
    """The scores of these articles: words by kind, words with speaker, and within marks."""
    counts: Counter[tuple[str, str]] = Counter()
    for sample, predicted in pairs:
        regions = [r for r in quoted_regions(sample.text) if not r.is_minor]
        quoted = bytearray(len(sample.text))
        for region in regions:
            quoted[region.start : region.end] = b"\1" * (region.end - region.start)
        _count_segments(counts, sample, predicted, quoted)
        for region in regions:
            _count_region(counts, sample, predicted, (region.start, region.end))
    return [
        Score(each, counts[each, "right"], counts[each, "annotated"], counts[each, "found"])
        for each in _WHAT
    ]


def _segments(text: str, quotes: Sequence[GoldQuote | Predicted]) -> list[tuple[int, int, int]]:
    """The segments of quotes, each once, with the number of its quote."""
    found: dict[tuple[int, int], int] = {}
    for number, quote in enumerate(quotes):
        joined: list[list[int]] = []
        for start, end in sorted(quote.parts):
            if joined and not any(char.isalnum() for char in text[joined[-1][1] : start]):
                joined[-1][1] = max(end, joined[-1][1])
            else:
                joined.append([start, end])
        for start, end in joined:
            span = trimmed(text, start, end)
            if span[0] < span[1]:
                found.setdefault(span, number)
    return sorted((start, end, number) for (start, end), number in found.items())


def _count_segments(
    counts: Counter[tuple[str, str]],
    sample: Sample,
    predicted: Sequence[Predicted],
    quoted: bytearray,
) -> None:
    annotated = _segments(sample.text, sample.quotes)
    found = _segments(sample.text, predicted)
    pairs = _matched(annotated, found)
    matched = dict(pairs)
    for segment in annotated:
        counts[_kind(sample.text, segment, quoted), "annotated"] += 1
    for segment in found:
        counts[_kind(sample.text, segment, quoted), "found"] += 1
    right = 0
    for i, j in pairs:
        counts[_kind(sample.text, annotated[i], quoted), "right"] += 1
        right += _agree(sample, sample.quotes[annotated[i][2]], predicted[found[j][2]])
    counts.update({("words", "right"): len(pairs), ("words with speaker", "right"): right})
    for what in ("words", "words with speaker"):
        counts.update({(what, "annotated"): len(annotated), (what, "found"): len(found)})
    _count_speech(counts, sample, predicted, annotated, found, matched)


def _count_speech(
    counts: Counter[tuple[str, str]],
    sample: Sample,
    predicted: Sequence[Predicted],
    annotated: Sequence[tuple[int, int, int]],
    found: Sequence[tuple[int, int, int]],
    matched: dict[int, int],
) -> None:
    """Of speech alone: attitudes are neither missed nor wrongly found."""
    what = "words with speaker, speech"
    attitudes = [each for each in annotated if not sample.quotes[each[2]].is_speech]
    taken = {j for i, j in matched.items() if annotated[i] not in attitudes}
    for j, segment in enumerate(found):
        lies_on = any(
            2 * (min(segment[1], a[1]) - max(segment[0], a[0])) >= segment[1] - segment[0]
            for a in attitudes
        )
        counts[what, "found"] += j in taken or not lies_on
    counts[what, "annotated"] += len(annotated) - len(attitudes)
    counts[what, "right"] += sum(
        _agree(sample, sample.quotes[annotated[i][2]], predicted[found[j][2]])
        for i, j in matched.items()
        if j in taken
    )


def _matched(
    annotated: Sequence[tuple[int, int, int]], found: Sequence[tuple[int, int, int]]
) -> list[tuple[int, int]]:
    """Near segments, one to one, the nearest first."""
    near = sorted(
        (-_jaccard(a[:2], f[:2]), i, j)
        for i, a in enumerate(annotated)
        for j, f in enumerate(found)
        if _jaccard(a[:2], f[:2]) >= _NEAR
    )
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    pairs = []
    for _likeness, i, j in near:
        if i not in taken_i and j not in taken_j:
            taken_i.add(i)
            taken_j.add(j)
            pairs.append((i, j))
    return pairs


def _kind(text: str, segment: tuple[int, int, int], quoted: bytearray) -> str:
    letters = [i for i in range(segment[0], segment[1]) if text[i].isalnum()]
    share = sum(quoted[i] for i in letters) / len(letters) if letters else 0.0
    return "direct" if share >= 0.95 else "mixed" if share > 0.05 else "indirect"


def _agree(sample: Sample, gold: GoldQuote, found: Predicted) -> bool:
    """Whether the speaker is right; where nobody is annotated, any is."""
    if not gold.speaker:
        return True
    if found.speaker:
        shared = min(gold.speaker[1], found.speaker[1]) - max(gold.speaker[0], found.speaker[0])
        lengths = gold.speaker[1] - gold.speaker[0], found.speaker[1] - found.speaker[0]
        if shared > 0 and 2 * shared >= min(lengths):
            return True
    right = [sample.text[slice(*gold.speaker)], *gold.names]
    said = [sample.text[slice(*found.speaker)] if found.speaker else "", found.name]
    return any(names_agree(one, other) for one in right for other in said)


def _count_region(
    counts: Counter[tuple[str, str]],
    sample: Sample,
    predicted: Sequence[Predicted],
    region: tuple[int, int],
) -> None:
    gold = _owner(sample.text, region, sample.quotes)
    found = _owner(sample.text, region, predicted)
    for what in ("in marks", "in marks with speaker"):
        counts[what, "annotated"] += gold is not None
        counts[what, "found"] += found is not None
    if gold is not None and found is not None:
        counts["in marks", "right"] += 1
        agree = _agree(sample, sample.quotes[gold], predicted[found])
        counts["in marks with speaker", "right"] += agree


def _owner(
    text: str, region: tuple[int, int], quotes: Sequence[GoldQuote | Predicted]
) -> int | None:
    """The number of the quote that has half of the letters between two marks, or more."""
    letters = [i for i in range(*region) if text[i].isalnum()]
    best, owner = 0, None
    for number, quote in enumerate(quotes):
        parts = [p for p in quote.parts if p[0] < region[1] and p[1] > region[0]]
        covered = sum(any(a <= i < b for a, b in parts) for i in letters) if parts else 0
        if covered > best:
            best, owner = covered, number
    return owner if 2 * best >= len(letters) else None
