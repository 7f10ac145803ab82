"""How alike two wordings are: word for word, in other words, or not at all; and which words differ."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio, partial_ratio_alignment, ratio

from .folding import ONE_KIND, fold, without_unseen

__all__ = [
    "HAN",
    "ONE_HAN",
    "Likeness",
    "Part",
    "Word",
    "best_place",
    "compare",
    "parts_of",
    "runs_of",
    "seen",
    "words_in",
]

# Letters and digits with what belongs to them: the apostrophe of “don't”, the point of “3.5”, a sign
# that makes another number of one. Chinese and Japanese set no spaces: each of their characters is a word.
HAN = "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"[{HAN}%‰°]"
    # A run of signs is gone through once, from its start: tried from each of them, a long one takes for ever.
    rf"|(?:(?<!\w)[-+]\s*(?=\d))?(?:(?<![$€£¥₩#@])[$€£¥₩#@]+)?"
    rf"(?:[^\W_{HAN}][\u0300-\u036f]*|(?<=[a-zà-ɏ])'(?=[a-zà-ɏ])|(?<=\d)[.,:](?=\d))+",
    re.IGNORECASE,
)
_HANGUL = re.compile("[\uac00-\ud7a3]")
ONE_HAN = re.compile(f"[{HAN}]")

# Of the letters of both. Sentences of one length that have nothing to do with each other share half of
# them, and up to seven tenths where they are full of common words: tried on 20,000 quotes from the news.
_NEAR = 75
# Letters stand in any two texts; words do not. So most letters must be those of words that both have:
# “is destiny” would else be near to any infrastructure that is something.
_NEAR_IN_WORDS = 62
_SLIP = 60  # of its letters: a word that keeps so many is the same one, misspelt or inflected
FEW_WORDS = 3  # fewer stand in many texts: they are on record only where they are a whole wording
_UNLIKE = 50  # below this nobody wants to know which words differ
_LONG_LINE = 1_000  # characters
_LONG_WORD = 40  # characters: no longer ones are remembered
_AROUND = 200  # characters beside the place that was found, where it may go on


class Part(NamedTuple):
    """Some words of a comparison: the `same` in both, `put in` by who asks, or `left out` by them."""

    kind: str
    words: str
    spaced: bool  # a space stands behind them


@dataclass(frozen=True, slots=True)
class Likeness:
    """How words that are asked about compare with the place in a wording that is most like them."""

    similarity: int = 0  # percent of the letters of both that are the same
    is_exact: bool = False  # word for word
    is_near: bool = False  # exact, or alike enough to be the same statement in other words
    is_part: bool = False  # the wording goes on before or behind them
    different: int = 0  # words
    parts: tuple[Part, ...] = ()


class Word(NamedTuple):
    key: str  # folded
    start: int
    end: int


def compare(asked: str, wording: str) -> Likeness:
    """Compare the words that are asked about with a wording on record.

    They are exact when they are the wording or whole words of it in one piece, case and punctuation
    aside; few words are only when they are all of it. Of longer wordings the best place is compared.
    """
    mine, theirs = words_in(text := seen(asked)), words_in(record := seen(wording))
    if not mine or not theirs:
        return Likeness()
    place, exact = _exact_place(mine, theirs)
    if not exact and partial_ratio(line_of(mine), line_of(theirs)) < _UNLIKE:
        return Likeness(round(ratio(line_of(mine), line_of(theirs))))
    first, last = place or best_place(mine, theirs)
    there = theirs[first:last]
    similarity, runs = ratio(line_of(mine), line_of(there)), runs_of(mine, there)
    return Likeness(
        similarity=100 if exact else min(99, round(similarity)),
        is_exact=exact,
        is_near=exact or (not place and _is_near(mine, there, similarity, runs)),
        is_part=last - first < len(theirs),
        different=sum(max(b - a, d - c) for same, a, b, c, d in runs if not same),
        parts=tuple(parts_of(text, mine, record, theirs, first, runs)),
    )


def seen(text: str) -> str:
    return without_unseen(unicodedata.normalize("NFC", text))


def words_in(text: str) -> list[Word]:
    """The words of a text, as they are compared; a character of Chinese or Japanese is one."""
    plain = text.translate(ONE_KIND)
    found = [
        Word(_key(m[0]) if len(m[0]) <= _LONG_WORD else fold(m[0]), *m.span())
        for m in _WORD.finditer(plain)
    ]
    return [word for word in found if word.key]


_key = lru_cache(maxsize=16_384)(fold)  # a text has few different words


def line_of(words: Sequence[Word]) -> str:
    """The words as letters are compared in them: with a space between two, but for Chinese and Japanese."""
    return _joined(list(map(_spaced, words)))


def _spaced(word: Word) -> str:
    return word.key if ONE_HAN.fullmatch(word.key) else f" {word.key} "


def _joined(spaced: list[str]) -> str:
    return "".join(spaced).replace("  ", " ").strip()


def _size(words: Sequence[Word]) -> float:
    """How many words they are, as English counts: two characters of Chinese, Japanese or Korean are one."""
    pairs = (ONE_HAN.match(word.key) or _HANGUL.match(word.key) for word in words)
    return sum(
        len(word.key) / 2 if paired else 1 for word, paired in zip(words, pairs, strict=True)
    )


def _exact_place(
    mine: Sequence[Word], theirs: Sequence[Word]
) -> tuple[tuple[int, int] | None, bool]:
    """Where the words stand in one piece, and whether that tells anything."""
    keys, within = ([f"\0{word.key}\0" for word in words] for words in (mine, theirs))
    text = "".join(within)
    at = text.find("".join(keys))
    if at < 0:
        return None, False
    first = text.count("\0", 0, at) // 2
    place = first, first + len(mine)
    return place, len(mine) == len(theirs) or _size(mine) >= FEW_WORDS


def best_place(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[int, int]:
    """The stretch of their words that is most like mine: all of them, where they are not longer."""
    line, whole = line_of(mine), line_of(theirs)
    if len(line) > _LONG_LINE:
        return _between_ends(mine, theirs)
    found = partial_ratio_alignment(line, whole) if len(whole) > len(line) else None
    if found is None:
        return 0, len(theirs)
    around = min(len(line) // 2 + 10, _AROUND)
    spaced = list(map(_spaced, theirs))
    ends, at = [], 0
    for each, word in zip(spaced, theirs, strict=True):
        at += len(word.key) + (len(each) > len(word.key))
        ends.append(at)
    low = bisect_left(ends, found.dest_start - around)
    high = min(bisect_left(ends, found.dest_end + around) + 1, len(theirs))
    latest = max(low + 1, min(bisect_left(ends, found.dest_start + around) + 1, high))

    def alike(first: int, last: int) -> float:
        return ratio(line, _joined(spaced[first:last]))

    first = max(range(low, latest), key=lambda n: alike(n, high))
    ending = range(max(first + 1, bisect_left(ends, found.dest_end - around)), high + 1)
    last = max(ending, key=lambda n: alike(first, n))
    first = max(range(low, last), key=lambda n: alike(n, last))
    return _level(mine, theirs, first, last)


def _between_ends(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[int, int]:
    """The same for many words, of which comparing all at every place would take for ever: by the first and the last."""
    head, tail = list(_ending(mine, _AROUND)), list(_ending(mine[::-1], _AROUND))[::-1]
    if max(len(line_of(head)), len(line_of(tail))) > _LONG_LINE:
        return 0, len(theirs)
    first, last = best_place(head, theirs)[0], best_place(tail, theirs)[1]
    return (first, last) if first < last else (0, len(theirs))


def _ending(words: Sequence[Word], letters: int) -> Iterator[Word]:
    """The first words, until they have so many letters."""
    for word in words:
        yield word
        letters -= len(word.key)
        if letters <= 0:
            return


def _level(mine: Sequence[Word], theirs: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The stretch with as many words more at either end as mine has others there, but few: fate, for destiny."""
    runs = runs_of(mine, theirs[first:last])
    before, after = runs[0], runs[-1]
    if not before[0]:
        more = before[2] - before[1] - (before[4] - before[3])
        first = max(0, first - max(0, min(more, FEW_WORDS)))
    if not after[0]:
        more = after[2] - after[1] - (after[4] - after[3])
        last += max(0, min(more, FEW_WORDS))
    return first, min(last, len(theirs))


# Whether words are the same, and from where to where they stand in mine and in theirs.
Run = tuple[bool, int, int, int, int]


def runs_of(mine: Sequence[Word], theirs: Sequence[Word]) -> list[Run]:
    runs: list[Run] = []
    for op in Indel.opcodes([word.key for word in mine], [word.key for word in theirs]):
        same = op.tag == "equal"
        a, b, c, d = op.src_start, op.src_end, op.dest_start, op.dest_end
        if runs and runs[-1][0] == same:
            _same, start, _b, other, _d = runs.pop()
            runs.append((same, start, b, other, d))
        else:
            runs.append((same, a, b, c, d))
    return runs


def _is_near(
    mine: Sequence[Word], theirs: Sequence[Word], similarity: float, runs: Sequence[Run]
) -> bool:
    """Whether these may be one statement: the same words in another order, or alike in letters and words."""
    if min(_size(mine), _size(theirs)) < FEW_WORDS:
        return False
    if sorted(word.key for word in mine) == sorted(word.key for word in theirs):
        return True
    kept = sum(
        len(word.key)
        for same, a, b, c, d in runs
        if same or ratio(line_of(mine[a:b]), line_of(theirs[c:d])) >= _SLIP
        for word in (*mine[a:b], *theirs[c:d])
    )
    letters = sum(len(word.key) for word in (*mine, *theirs))
    return similarity >= _NEAR and 100 * kept / letters >= _NEAR_IN_WORDS


def parts_of(
    text: str,
    mine: Sequence[Word],
    record: str,
    theirs: Sequence[Word],
    first: int,
    runs: Sequence[Run],
) -> Iterator[Part]:
    """The comparison in reading order; where words differ, those that were put in come first."""
    for same, a, b, c, d in runs:
        if b > a and not same:
            yield _part("put in", text, mine, a, b, c == d)
        if d > c:
            yield _part("same" if same else "left out", record, theirs, first + c, first + d, False)


def _part(kind: str, text: str, words: Sequence[Word], first: int, last: int, alone: bool) -> Part:
    """These words with the punctuation around them."""
    start, end = words[first].start, words[last - 1].end
    until = words[last].start if last < len(words) else len(text)
    behind = text[end:until]
    # Of two words for one, the punctuation is the record's; but a bracket belongs to its word.
    closing = re.match(r"[\])]*" if kind == "put in" and not alone else r"\S*", behind)
    end += closing.end() if closing else 0
    opening = re.search(r"(?<!\S)[^\s\w]+$", text[:start])
    if opening and (first == 0 or opening.start() >= words[first - 1].end):
        start = opening.start()
    spaced = not behind or bool(re.search(r"\s", behind))
    if kind == "put in" and not alone:  # the record's words follow
        spaced = spaced or not ONE_HAN.fullmatch(words[last - 1].key)
    return Part(kind, " ".join(text[start:end].split()), spaced)
