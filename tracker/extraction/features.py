"""What the tagger knows of each word: the word and its neighbours, quotation marks, and nearby cues.

All features are strings. A feature is added here only if it helped articles held out of training.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from tracker.extraction.lexicon import word_set
from tracker.extraction.tokens import Paragraph

__all__ = ["CueWords", "word_features"]

CueWords: TypeAlias = Mapping[str, str]
"""How surely a word outside of quotation marks is a cue: `hi`, `mid` or `lo`."""

_AFTER_CUE = frozenset(("that", ",", ":", "the", "he", "she", "in", "to", '"', "“", "if", "how"))


_FUNCTION_WORDS = word_set(
    "that they them their there these those this than then what when where which while whom whose"
    " with will would could should have been being were does from into over about after before"
    " because between against under during until since though although according also just only"
    " even more most some such like"
)


def _shape(word: str) -> str:
    if word.isalpha():
        if word.islower():
            return "x"
        if word.istitle():
            return "Xx" if len(word) > 1 else "X"
        return "XX" if word.isupper() else "xX"
    if word.isdigit():
        return "9"
    if len(word) == 1:
        return word
    return ("X" if word[0].isupper() else "x" if word[0].islower() else "_") + "-"


def _far(distance: int) -> str:
    """Distances in words, in the steps that matter."""
    if distance < 4:
        return str(distance)
    if distance < 7:
        return "4"
    if distance < 13:
        return "7"
    return "13" if distance < 26 else "26"


@dataclass(frozen=True, slots=True)
class _Cues:
    """The cue words before and behind each word, and what the sentence has of them."""

    classes: Sequence[str]
    before: Sequence[int]
    behind: Sequence[int]
    of_sentence: Mapping[int, str]


def _cues(paragraph: Paragraph, cue_words: CueWords) -> _Cues:
    n = len(paragraph)
    region_of, sentences = paragraph.region_of, paragraph.sentences
    classes = [
        cue_words.get(word, "") if region_of[i] < 0 else ""
        for i, word in enumerate(paragraph.lower)
    ]
    of_sentence: dict[int, str] = {}
    before, behind = [-1] * n, [-1] * n
    last = -1
    for i, level in enumerate(classes):
        before[i] = last
        if level in ("hi", "mid"):
            last = i
            if of_sentence.get(sentences[i]) != "hi":
                of_sentence[sentences[i]] = level
    last = -1
    for i in range(n - 1, -1, -1):
        behind[i] = last
        if classes[i] in ("hi", "mid"):
            last = i
    return _Cues(classes, before, behind, of_sentence)


def word_features(
    paragraph: Paragraph, cue_words: CueWords, names: Counter[str], ends_before: str
) -> list[list[str]]:
    """The features of each word of a paragraph.

    `names` counts the capitalised words of the whole article; `ends_before` is the last character
    of the paragraph before, a colon of which promises a quotation.
    """
    n = len(paragraph)
    cues = _cues(paragraph, cue_words)
    lower, words = paragraph.lower, paragraph.words
    shapes = [_shape(word) for word in words]
    quoted = _quoted(paragraph)
    windows = _windows(lower, shapes, quoted, cues.classes)
    regions = _region_features(paragraph)
    commas = _running(paragraph, ",")
    thats = _running(paragraph, "that")
    quoting = {s for s, r in zip(paragraph.sentences, paragraph.region_of, strict=True) if r >= 0}
    opening = "P" + ends_before + (words[0] if paragraph.is_mark[0] else "")
    coarse = ["^", *map(_coarse, lower, shapes), "$"]
    rows = []
    for i in range(n):
        row = ["b", opening] if i < 12 else ["b"]
        row += _own(lower[i], shapes[i], quoted[i], cues.classes[i])
        row += windows[i]
        row += regions[i]
        row.append("c=" + "|".join(coarse[i : i + 3]))
        sentence = paragraph.sentences[i]
        level = cues.of_sentence.get(sentence, "")
        row.append(f"sn={min(sentence, 2)}{sentence in quoting}{level}")
        if i == 0 or sentence != paragraph.sentences[i - 1]:
            row.append("SS")
        if words[i][0].isupper() and quoted[i] == "o":
            row.append(f"nm={min(names[words[i]], 4)}")
        for side, j in (("p", cues.before[i]), ("n", cues.behind[i])):
            row += (
                _near_cue(side, i, j, paragraph, cues, (commas, thats)) if j >= 0 else [side + "0"]
            )
        rows.append(row)
    return rows


def _own(lower: str, shape: str, quoted: str, level: str) -> tuple[str, ...]:
    return (
        "w=" + lower,
        "s=" + shape + quoted,
        "3=" + lower[-3:],
        "q=" + quoted,
        "l=" + level,
    )


def _coarse(lower: str, shape: str) -> str:
    """A stand-in for the part of speech: short words as they are, others by shape and ending."""
    if len(lower) < 4 or lower in _FUNCTION_WORDS:
        return lower if shape in ("x", "Xx", "X") or not lower.isalnum() else shape
    return shape if shape != "x" else "-" + lower[-2:]


def _windows(
    lower: Sequence[str], shapes: Sequence[str], quoted: Sequence[str], levels: Sequence[str]
) -> list[list[str]]:
    """What stands around each word, up to three words away."""
    n = len(lower)
    rows: list[list[str]] = [[] for _ in range(n)]
    neighbours = list(zip(shapes, levels, quoted, strict=True))
    for d in (-3, -2, -1, 1, 2, 3):
        if d in (-3, 3):
            seen = [[f"w{d}={word}"] for word in lower]
        else:
            seen = [
                [f"w{d}={word}", f"s{d}={shape}", f"l{d}={level}", f"q{d}={mark}"]
                for word, (shape, level, mark) in zip(lower, neighbours, strict=True)
            ]
        edge = [f"E{d}"] if d in (-1, 1) else []
        for i, row in enumerate(rows):
            row += seen[i + d] if 0 <= i + d < n else edge
    pairs = [f"{one}_{other}" for one, other in pairwise(lower)]
    for i, row in enumerate(rows):
        if i:
            row.append("<" + pairs[i - 1])
        if i + 1 < n:
            row.append(">" + pairs[i])
    return rows


def _near_cue(
    side: str,
    i: int,
    j: int,
    paragraph: Paragraph,
    cues: _Cues,
    running: tuple[Sequence[int], Sequence[int]],
) -> list[str]:
    """How far the cue at `j` is from the word at `i`, what it is, and what stands between them.

    `running` counts the commas and the “that” before each word.
    """
    far = _far(abs(i - j))
    if paragraph.sentences[i] != paragraph.sentences[j]:
        return [f"{side}d={far}-"]
    after = paragraph.lower[j + 1] if j + 1 < len(paragraph) else "."
    first, last = min(i, j), max(i, j)
    commas = running[0][last] - running[0][first + 1]
    thats = running[1][last + 1] - running[1][first + 1]
    return [
        f"{side}d={far}",
        f"{side}w={paragraph.lower[j]}",
        f"{side}l={cues.classes[j]}{far}",
        f"{side}a={after if after in _AFTER_CUE else '-'}{min(commas, 2)}{thats > 0}",
    ]


def _running(paragraph: Paragraph, word: str) -> list[int]:
    """How often `word` stands before each place, so that a difference counts it between two."""
    counts = [0]
    for each in paragraph.lower:
        counts.append(counts[-1] + (each == word))
    return counts


def _quoted(paragraph: Paragraph) -> list[str]:
    """`o` outside of marks, `m` for an outer mark, `i` within; capitals within single marks."""
    marked = []
    for i, number in enumerate(paragraph.region_of):
        if number < 0:
            marked.append("o")
            continue
        region = paragraph.regions[number]
        outer = paragraph.is_mark[i] and (
            paragraph.starts[i] == region.start or paragraph.ends[i] == region.end
        )
        kind = "m" if outer else "i"
        marked.append(kind.upper() if region.is_minor else kind)
    return marked


def _region_features(paragraph: Paragraph) -> list[list[str]]:
    """For words within marks what their region is like; for others how near the next ones are."""
    n = len(paragraph)
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for i, number in enumerate(paragraph.region_of):
        if number >= 0:
            first.setdefault(number, i)
            last[number] = i
    described = {
        number: _described(paragraph, number, first[number], last[number]) for number in first
    }
    rows: list[list[str]] = []
    upcoming = [-1] * n
    seen = -1
    for i in range(n - 1, -1, -1):
        if paragraph.region_of[i] >= 0:
            seen = i
        upcoming[i] = seen
    seen = -1
    for i, number in enumerate(paragraph.region_of):
        if number >= 0:
            seen = i
            rows.append(described[number])
            continue
        row = []
        for name, j in (("rb", seen), ("ra", upcoming[i])):
            if j >= 0 and paragraph.sentences[j] == paragraph.sentences[i]:
                row.append(name + _far(abs(i - j)))
        rows.append(row)
    return rows


def _described(paragraph: Paragraph, number: int, first: int, last: int) -> list[str]:
    length = _far(last - first)
    before = paragraph.lower[first - 1] if first else "^"
    after = paragraph.lower[last + 1] if last + 1 < len(paragraph) else "$"
    inner = paragraph.words[first + 1] if first < last else ""
    final = paragraph.words[last - 1] if last > first else ""
    final = final if final in ",.?!" else "x"
    return [
        f"rl={length}{inner[:1].isupper()}",
        f"rb={before}",
        f"rf={after}",
        f"re={final}{length}",
        f"rn={min(number, 2)}{before == '^'}{after == '$'}{paragraph.regions[number].is_closed}",
    ]
