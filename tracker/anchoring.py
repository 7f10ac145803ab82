"""Compares wordings with each other and with the text of a source.

It must not touch Django, the database or the web, and it never changes what is stored: folded text
is for comparing only.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio, partial_ratio_alignment, ratio

__all__ = ["Likeness", "Part", "compare", "fold", "wording_key", "wordings"]

# Quotation marks of all scripts, and the accents, primes and letters that are typed for them.
_QUOTES = "\"'`´ʹʺʻʼʽˈˮ‘’‚‛“”„‟′″‴‵‶«»‹›「」『』《》〈〉〝〞〟❛❜❝❞＂＇｀｢｣׳״"
# Hyphens, dashes, minus and bars, and the Japanese wave dash; not the long vowel mark, a letter.
_DASHES = "‐‑‒–—―⁃−⸺⸻﹘﹣－⎯─━〜～"
_ONE_KIND = str.maketrans(dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_DASHES, "-"))
# What shows nothing beside the format characters (Cf): joiners, fillers, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
# French sets guillemets off with a space that does not break; a common space may be a German one.
_GUILLEMET_SPACE = re.compile("(?<=[«‹])[\u00a0\u2009\u202f]+|[\u00a0\u2009\u202f]+(?=[»›])")

# A single full stop or comma at the end; not the dots of an omission.
_LAST_STOP = re.compile(r"(?<![.,。،۔।])[.,。،۔।]$")


def fold(text: str) -> str:
    """Return `text` as it is compared: two wordings are one when their folded forms are equal.

    Folded away are the kind of quotation marks (and their nesting, and those around the whole),
    the kind of dashes and the space around them, case, width and ligatures (Unicode D147,
    compatibility caseless match), runs of white space and characters that show nothing. Letters,
    accents, numbers and all other punctuation count, a full stop at the end too.

    `text` is expected to have passed `sanitizing.plain_words`, which bounds its length.
    """
    text = _GUILLEMET_SPACE.sub("", text)
    # Quotes go first: NFKC would turn an acute accent typed as one into a space and a mark.
    text = _without_unseen(text.translate(_ONE_KIND))
    for _ in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold())
    text = _without_unseen(text.translate(_ONE_KIND))
    text = re.sub("'+", "'", re.sub(r"\s*-[\s-]*", "-", text))
    return " ".join(text.split()).strip("' ")


def wording_key(text: str) -> str:
    """Return what two texts have in common when they are one wording.

    That is `fold` without a full stop or comma at the end: it is often the quoting sentence's. A
    question mark or dots that stand for words left out count.
    """
    folded = fold(text)
    return _LAST_STOP.sub("", folded).strip("' ") or folded


def wordings(texts: Iterable[str]) -> list[str]:
    """Return the texts that are different wordings, the first of each as it is, in their order."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(wording_key(text), text)
    return list(first.values())


def _without_unseen(text: str) -> str:
    if text.isascii():
        return text
    text = _UNSEEN.sub("", text)
    return "".join(c for c in text if c.isascii() or unicodedata.category(c) != "Cf")


# ---- How alike two wordings are ----

# Letters and digits with what belongs to them: the apostrophe of “don't”, the point of “3.5”, a sign
# that makes another number of one. Chinese and Japanese set no spaces: each of their characters is a word.
_HAN = "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"[{_HAN}%‰°]"
    rf"|(?:(?<!\w)[-+]\s*(?=\d))?[$€£¥₩#@]*"
    rf"(?:[^\W_{_HAN}][\u0300-\u036f]*|(?<=[a-zà-ɏ])'(?=[a-zà-ɏ])|(?<=\d)[.,:](?=\d))+",
    re.IGNORECASE,
)
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ONE_HAN = re.compile(f"[{_HAN}]")

# Of the letters of both. Sentences of one length that have nothing to do with each other share half of
# them, and up to seven tenths where they are full of common words: tried on 20,000 quotes from the news.
_NEAR = 75
# Letters stand in any two texts; words do not. So most letters must be those of words that both have:
# “is destiny” would else be near to any infrastructure that is something.
_NEAR_IN_WORDS = 62
_SLIP = 60  # of its letters: a word that keeps so many is the same one, misspelt or inflected
_FEW_WORDS = 3  # fewer stand in many texts: they are on record only where they are a whole wording
_UNLIKE = 50  # below this nobody wants to know which words differ
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


class _Word(NamedTuple):
    key: str  # folded
    start: int
    end: int


def compare(asked: str, wording: str) -> Likeness:
    """Compare the words that are asked about with a wording on record.

    They are exact when they are the wording or whole words of it in one piece, case and punctuation
    aside; few words are only when they are all of it. Of longer wordings the best place is compared.
    """
    mine, theirs = _words(text := _seen(asked)), _words(record := _seen(wording))
    if not mine or not theirs:
        return Likeness()
    place, exact = _exact_place(mine, theirs)
    if not exact and partial_ratio(_line(mine), _line(theirs)) < _UNLIKE:
        return Likeness(round(ratio(_line(mine), _line(theirs))))
    first, last = place or _best_place(mine, theirs)
    there = theirs[first:last]
    similarity, runs = ratio(_line(mine), _line(there)), _runs(mine, there)
    return Likeness(
        similarity=100 if exact else min(99, round(similarity)),
        is_exact=exact,
        is_near=exact or (not place and _is_near(mine, there, similarity, runs)),
        is_part=last - first < len(theirs),
        different=sum(max(b - a, d - c) for same, a, b, c, d in runs if not same),
        parts=tuple(_parts(text, mine, record, theirs, first, runs)),
    )


def _seen(text: str) -> str:
    return _without_unseen(unicodedata.normalize("NFC", text))


def _words(text: str) -> list[_Word]:
    plain = text.translate(_ONE_KIND)
    found = [_Word(fold(m[0]), *m.span()) for m in _WORD.finditer(plain)]
    return [word for word in found if word.key]


def _line(words: Sequence[_Word]) -> str:
    """The words as letters are compared in them: with a space between two, but for Chinese and Japanese."""
    parts = (word.key if _ONE_HAN.fullmatch(word.key) else f" {word.key} " for word in words)
    return "".join(parts).replace("  ", " ").strip()


def _size(words: Sequence[_Word]) -> float:
    """How many words they are, as English counts: two characters of Chinese, Japanese or Korean are one."""
    pairs = (_ONE_HAN.match(word.key) or _HANGUL.match(word.key) for word in words)
    return sum(
        len(word.key) / 2 if paired else 1 for word, paired in zip(words, pairs, strict=True)
    )


def _exact_place(
    mine: Sequence[_Word], theirs: Sequence[_Word]
) -> tuple[tuple[int, int] | None, bool]:
    """Where the words stand in one piece, and whether that tells anything."""
    keys, within = ([f"\0{word.key}\0" for word in words] for words in (mine, theirs))
    text = "".join(within)
    at = text.find("".join(keys))
    if at < 0:
        return None, False
    first = text.count("\0", 0, at) // 2
    place = first, first + len(mine)
    return place, len(mine) == len(theirs) or _size(mine) >= _FEW_WORDS


def _best_place(mine: Sequence[_Word], theirs: Sequence[_Word]) -> tuple[int, int]:
    """The stretch of their words that is most like mine: all of them, where they are not longer."""
    line, whole = _line(mine), _line(theirs)
    found = partial_ratio_alignment(line, whole) if len(whole) > len(line) else None
    if found is None:
        return 0, len(theirs)
    around = min(len(line) // 2 + 10, _AROUND)
    ends, at = [], 0
    for n in range(len(theirs)):
        at = len(_line(theirs[n : n + 1])) + at + (0 if _ONE_HAN.match(theirs[n].key) else 1)
        ends.append(at)
    low = bisect_left(ends, found.dest_start - around)
    high = min(bisect_left(ends, found.dest_end + around) + 1, len(theirs))
    latest = max(low + 1, min(bisect_left(ends, found.dest_start + around) + 1, high))
    first = max(range(low, latest), key=lambda n: ratio(line, _line(theirs[n:high])))
    last = max(
        range(max(first + 1, bisect_left(ends, found.dest_end - around)), high + 1),
        key=lambda n: ratio(line, _line(theirs[first:n])),
    )
    first = max(range(low, last), key=lambda n: ratio(line, _line(theirs[n:last])))
    return _level(mine, theirs, first, last)


def _level(
    mine: Sequence[_Word], theirs: Sequence[_Word], first: int, last: int
) -> tuple[int, int]:
    """The stretch with as many words more at either end as mine has others there, but few: fate, for destiny."""
    runs = _runs(mine, theirs[first:last])
    before, after = runs[0], runs[-1]
    if not before[0]:
        more = before[2] - before[1] - (before[4] - before[3])
        first = max(0, first - max(0, min(more, _FEW_WORDS)))
    if not after[0]:
        more = after[2] - after[1] - (after[4] - after[3])
        last += max(0, min(more, _FEW_WORDS))
    return first, min(last, len(theirs))


# Whether words are the same, and from where to where they stand in mine and in theirs.
_Run = tuple[bool, int, int, int, int]


def _runs(mine: Sequence[_Word], theirs: Sequence[_Word]) -> list[_Run]:
    runs: list[_Run] = []
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
    mine: Sequence[_Word], theirs: Sequence[_Word], similarity: float, runs: Sequence[_Run]
) -> bool:
    """Whether these may be one statement: the same words in another order, or alike in letters and words."""
    if min(_size(mine), _size(theirs)) < _FEW_WORDS:
        return False
    if sorted(word.key for word in mine) == sorted(word.key for word in theirs):
        return True
    kept = sum(
        len(word.key)
        for same, a, b, c, d in runs
        if same or ratio(_line(mine[a:b]), _line(theirs[c:d])) >= _SLIP
        for word in (*mine[a:b], *theirs[c:d])
    )
    letters = sum(len(word.key) for word in (*mine, *theirs))
    return similarity >= _NEAR and 100 * kept / letters >= _NEAR_IN_WORDS


def _parts(
    text: str,
    mine: Sequence[_Word],
    record: str,
    theirs: Sequence[_Word],
    first: int,
    runs: Sequence[_Run],
) -> Iterator[Part]:
    """The comparison in reading order; where words differ, those that were put in come first."""
    for same, a, b, c, d in runs:
        if b > a and not same:
            yield _part("put in", text, mine, a, b, c == d)
        if d > c:
            yield _part("same" if same else "left out", record, theirs, first + c, first + d, False)


def _part(kind: str, text: str, words: Sequence[_Word], first: int, last: int, alone: bool) -> Part:
    """These words with the punctuation around them."""
    start, end = words[first].start, words[last - 1].end
    until = words[last].start if last < len(words) else len(text)
    behind = text[end:until]
    closing = re.match(r"\S*", behind)
    if not (kind == "put in" and not alone) and closing:
        end += closing.end()
    opening = re.search(r"(?<!\S)[^\s\w]+$", text[:start])
    if opening and (first == 0 or opening.start() >= words[first - 1].end):
        start = opening.start()
    spaced = not behind or bool(re.search(r"\s", behind))
    return Part(kind, " ".join(text[start:end].split()), spaced)
