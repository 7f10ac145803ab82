"""Where a wording stands in a text: to the letter, after folding, or nearly.

Time is bounded whatever the text: it is gone through a fixed number of times, and what is looked at
closely is a window around a place, of a size that the wording gives.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import median_low
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from .comparing import HAN, Word, best_place, seen, words_in

__all__ = [
    "How",
    "Letters",
    "Place",
    "behind_stop",
    "ends_with_stop",
    "fuzzy_in",
    "letters_of",
    "locate",
    "places_in",
]

_MOST_PLACES = 100  # of one wording: more are counted by nobody
_LOOKED_AT = 100_000  # letters that may be compared word for word
_EDGE = 80  # characters beside a place in which its first and last words end
_WHOLE = 200  # letters that are aligned in one go; of longer wordings some stretches are
_PIECE = 1_024  # characters
_STRETCH, _STRETCHES = 100, 9
# A wording with one letter in four changed keeps 75 percent of those of both (two of them count for each).
_CUTOFF = 75
_QUARTER = 4

_NO_LETTER = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"[^\W_]+")
# Letters of which Korean syllables are put together.
_SYLLABLES = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+")
_ONE_HAN = re.compile(f"[{HAN}]")
_STOP = re.compile(r"[.!?…。！？؟।۔]+")
_CLOSING = " \n\"'”’»›」』)]"


class How(StrEnum):
    """How a wording was found."""

    EXACT = "exact"  # to the letter
    FOLDED = "folded"  # word for word; quotation marks, dashes, spaces, case and punctuation aside
    FUZZY = "fuzzy"  # with other letters


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wording stands: from `start` up to, not including, `end`, in characters of the text."""

    start: int
    end: int
    how: How
    distance: int = 0  # letters that are put in, left out or changed (Levenshtein)


def locate(wording: str, text: str, hint: int | None = None) -> tuple[Place, ...]:
    """The places of a wording in a text: all exact ones, else all folded ones, else the nearest fuzzy one.

    Only whole words are found. Fuzzy is what differs in no more than a quarter of its letters. With a
    `hint`, a position in characters, the places nearest to it come first, else the first in the text.
    No words, and words that are not there, have no place. At most 100 places are given.
    """
    found = _exact(wording, text)
    if not found:
        letters = letters_of(text)
        found = _folded(wording, letters) or fuzzy_in(wording, letters)
    near = found if hint is None else sorted(found, key=lambda place: abs(place.start - hint))
    return tuple(near[:_MOST_PLACES])


def places_in(wording: str, letters: "Letters") -> list[Place]:
    """The places with these words, in one piece, exact or folded."""
    return _exact(wording, letters.text) or _folded(wording, letters)


def _exact(wording: str, text: str) -> list[Place]:
    found: list[Place] = []
    wanted, at = wording.strip(), 0
    if not any(map(str.isalnum, wanted)):
        return found
    for _ in range(
        _MOST_PLACES * 10
    ):  # as part of a longer word, it may stand there any number of times
        at = text.find(wanted, at)
        if at < 0 or len(found) == _MOST_PLACES:
            break
        end = at + len(wanted)
        if _is_whole(text, at, end):
            found.append(Place(at, end, How.EXACT))
        at = end
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on before or behind; in Chinese and Japanese every character is a word."""
    return not _joins(text[start - 1 : start + 1] if start else "") and not _joins(
        text[end - 1 : end + 1]
    )


def _joins(two: str) -> bool:
    if len(two) < 2 or _ONE_HAN.match(two[0]) or _ONE_HAN.match(two[1]):
        return False
    return (two[0].isalnum() and two[1].isalnum()) or unicodedata.category(two[1])[0] == "M"


# ---- The letters of a text alone, and where each stands in it ----


class _Piece(NamedTuple):
    at: int  # of its first letter, among the letters
    start: int  # of its first character, in the text
    end: int
    even: bool  # each of its letters stands for one letter of the text


@dataclass(frozen=True, slots=True)
class Letters:
    """A text without all that folding ignores: its letters and digits, folded."""

    text: str
    letters: str
    pieces: tuple[_Piece, ...]

    def position(self, index: int) -> int:
        """Where in the text the letter of this index stands."""
        piece = self.pieces[bisect_right(self.pieces, index, key=lambda each: each.at) - 1]
        if not piece.even:
            return piece.start
        left = index - piece.at
        for run in _LETTERS.finditer(self.text, piece.start, piece.end):
            if left < len(run[0]):
                return run.start() + left
            left -= len(run[0])
        return piece.end


def letters_of(text: str) -> Letters:
    """Fold a text. Where folding makes more letters of one, or fewer, all of these have its position."""
    used = set(text)
    table = {ord(c): _folded_one(c) for c in used}
    in_parts = any(map(unicodedata.combining, used))  # é may be e with its accent
    pieces: list[_Piece] = []
    letters: list[str] = []
    count = 0
    for run_start, run_end, even in _runs(_apart(used), text):
        for start, end in _short(run_start, run_end, text):
            part = text[start:end]
            folded = part.translate(table) if even and not in_parts else _letters(part)
            if folded or not pieces:
                pieces.append(_Piece(count, start, end, even))
                letters.append(folded)
                count += len(folded)
    return Letters(text, "".join(letters), tuple(pieces))


def _apart(used: set[str]) -> re.Pattern[str] | None:
    """What has to be folded apart, of a text with these characters: syllables in letters, and what folds to more
    letters than it is, or fewer (ß, ﬁ, ½)."""
    odd = "".join(c for c in used if _is_odd(c))
    syllables = any("\u1100" <= c <= "\ud7ff" and _SYLLABLES.match(c) for c in used)
    patterns = [f"[{re.escape(odd)}]+"] if odd else []
    patterns += [_SYLLABLES.pattern] if syllables else []
    return re.compile("|".join(patterns)) if patterns else None


def _runs(apart: re.Pattern[str] | None, text: str) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for match in apart.finditer(text) if apart else ():
        if match.start() > at:
            yield at, match.start(), True
        yield match.start(), match.end(), False
        at = match.end()
    yield at, len(text), True


def _short(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """The stretch in short ones, so that a letter is found fast; cut at a space, where there is one."""
    while end - start > _PIECE:
        space = text.find(" ", start + _PIECE, min(end, start + 2 * _PIECE))
        cut = space if space > 0 else start + _PIECE
        yield start, cut
        start = cut
    yield start, end


@lru_cache(maxsize=16_384)
def _is_odd(character: str) -> bool:
    """Whether it folds to more letters than it is, or fewer: ß, ﬁ, ½."""
    return len(_folded_one(character)) != len(_NO_LETTER.sub("", character))


@lru_cache(maxsize=16_384)
def _folded_one(character: str) -> str:
    return _letters(character)


def _letters(text: str) -> str:
    if text.isascii():
        return _NO_LETTER.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _NO_LETTER.sub("", folded)


# ---- Folded, and nearly ----


def _folded(wording: str, letters: Letters) -> list[Place]:
    """Letters in a row are only candidates: the words must be the same ones, and whole (“nowhere”, “now here”)."""
    found: list[Place] = []
    words, wanted = words_in(seen(wording)), _letters(wording)
    if not words or not wanted:
        return found
    keys, at = [word.key for word in words], -1
    # Where a long wording seems to stand a hundred times, it is made to.
    for _ in range(max(8, min(_MOST_PLACES, _LOOKED_AT // len(wanted)))):
        at = letters.letters.find(wanted, at + 1)
        if at < 0:
            break
        start, end = letters.position(at), letters.position(at + len(wanted) - 1) + 1
        there = _words_at(letters.text, start, end)
        if [word.key for word in there] == keys:
            place = _with_stop(wording, letters.text, there)
            found.append(Place(*place, How.FOLDED))
    return found


def _words_at(text: str, start: int, end: int) -> list[Word]:
    """The words of which any character is in this stretch."""
    low = max(0, start - _EDGE)
    words = words_in(text[low : end + _EDGE])
    there = [Word(word.key, low + word.start, low + word.end) for word in words]
    return [word for word in there if word.start < end and word.end > start]


def _with_stop(wording: str, text: str, words: Sequence[Word]) -> tuple[int, int]:
    """From the first word to the last, with the stop behind it where the wording has one too."""
    start, end = words[0].start, words[-1].end
    return start, behind_stop(text, end) if ends_with_stop(wording) else end


def ends_with_stop(wording: str) -> bool:
    return bool(_STOP.match(wording.rstrip(_CLOSING)[-1:]))


def behind_stop(text: str, end: int) -> int:
    """The position behind the full stop, or what stands for one, with which the text goes on here, if it does."""
    stop = _STOP.match(text, end)
    return stop.end() if stop else end


def fuzzy_in(wording: str, letters: Letters) -> list[Place]:
    """The place that is most like it, when no more than a quarter of its letters differ."""
    words, wanted = words_in(seen(wording)), _letters(wording)
    if len(wanted) < _QUARTER or len(wanted) > 2 * len(letters.letters):
        return []
    if (at := _about(wanted, letters.letters)) is None:
        return []
    more = len(wanted) // _QUARTER + 1
    last = max(0, len(letters.letters) - 1)
    start = letters.position(max(0, min(at - more, last)))
    end = letters.position(min(at + len(wanted) + more, last)) + 1
    there = _words_at(letters.text, start, end)
    if not there or not words:
        return []
    first, until = best_place(words, there)
    there = there[first:until]
    most = len(wanted) // _QUARTER
    keys = _letters("".join(word.key for word in there))
    distance = Levenshtein.distance(wanted, keys, score_cutoff=most)
    if distance > most:
        return []
    return [Place(*_with_stop(wording, letters.text, there), How.FUZZY, distance)]


def _about(wanted: str, letters: str) -> int | None:
    """Near which letter these letters begin; a long wording is where most of its stretches are."""
    if len(wanted) <= _WHOLE:
        found = partial_ratio_alignment(wanted, letters, score_cutoff=_CUTOFF)
        return found.dest_start if found and found.score else None
    step = (len(wanted) - _STRETCH) // (_STRETCHES - 1)
    begins: list[int] = []
    for n in sorted(range(_STRETCHES), key=lambda n: n % 2):  # from far apart first
        part = wanted[n * step : n * step + _STRETCH]
        found = partial_ratio_alignment(part, letters, score_cutoff=_CUTOFF)
        if found and found.score:
            begins.append(found.dest_start - n * step)
            agree = [each for each in begins if abs(each - begins[-1]) <= len(wanted) // _QUARTER]
            if len(agree) >= 3:
                return max(0, median_low(agree))
    return max(0, median_low(begins)) if begins else None
