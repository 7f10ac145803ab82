"""Whether a wording still stands in a text: exact, abridged as its own marks say, altered, moved or missing.

What decides is strict (`matching`): word for word, in order, where only the wording's own marks (“[...]”,
“[Korea]”, “…”) and the cue between two quotation marks let words of the text be passed over, and never a negation.
Likeness only says where to look, and what to show of a difference.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.fuzz import ratio

from .comparing import Part, best_place, parts_of, runs_of, seen, words_in
from .folding import fold
from .locating import (
    How,
    Letters,
    Place,
    behind_stop,
    ends_with_stop,
    fuzzy_in,
    letters_of,
    places_in,
)
from .matching import Pattern, Words, cut_off, loses_a_negation, match, pattern_of
from .selecting import Selector, select

__all__ = ["Check", "Result", "anchor", "check", "difference"]

_MOST_WINDOWS = 8  # places that are looked at closely
_EACH = 3  # places of one stretch of the words
_AROUND = 600  # characters: what a cue may take up beside the words
_OMITTED = 1_500  # characters more for each mark of an omission, of four at most
_LONGEST = 12_000  # characters of a wording that count for the size of a window
_SAME_CONTEXT = 60  # percent of the letters of what stands beside the words
_LEAST_CONTEXT = 8  # characters: a copy may be no more than the words themselves
_HALF = 50  # percent of the words that must stand there, or else they are not there at all
_MARK = 8  # characters of a mark beside the words
_MARKS = '.,;:!?…。，、！？“”"«»「」『』\n'
_NEAR_MARK = 40  # characters
_UP_TO_A_MARK = re.compile(rf"[^{_MARKS}]{{0,{_NEAR_MARK}}}(?=[{_MARKS}])")


class Result(StrEnum):
    """What comes of looking for a wording in a text."""

    EXACT = "exact"  # word for word; punctuation, case and the kind of marks aside
    ABRIDGED = "abridged"  # what differs is marked as editing: “[...]”, “[Korea]”, “…”
    ALTERED = "altered"  # other words stand there, or more, or fewer
    MOVED = "moved"  # exact, but neither in its old place nor beside the words that it stood beside
    MISSING = "missing"  # not there, nor anything like it


@dataclass(frozen=True, slots=True)
class Check:
    """What was found: the result; the difference, when there is one (the wording's words are `put in`, the text's
    `left out`); and the selectors of where the words, or those that are like them, stand now."""

    result: Result
    parts: tuple[Part, ...] = ()
    selectors: tuple[Selector, ...] = ()


def check(selectors: Sequence[Selector], wording: str, text: str) -> Check:
    """Look for a wording in a text. The selectors say where it stood when it was anchored; there may be none.

    Both may be long and hostile: 10,000 characters of wording are looked for in a million of text in seconds at
    the most. A wording without any letter or digit is missing from every text.
    """
    letters = letters_of(text)
    for look in (_in_one_piece, _in_parts):
        if found := look(selectors, wording, letters):
            return found
    if not any(map(str.isalnum, wording)):
        return Check(Result.MISSING)
    pattern = pattern_of(wording)
    near = [*_between_neighbours(selectors, wording, text), *fuzzy_in(wording, letters)]
    windows = list(_windows([*_seeds(selectors, pattern, letters), *near], wording, pattern, text))
    for window in windows:
        if matched := match(pattern, window):
            now = select(text, _with_stops(matched.spans, wording, text))
            if matched.marked:
                return Check(Result.ABRIDGED, _from(wording, now), now)
            return Check(_exact_or_moved(selectors, now), (), now)
    return _altered(wording, text, near, windows) or Check(Result.MISSING)


def anchor(wording: str, text: str, hint: int | None = None) -> tuple[Selector, ...]:
    """The selectors of a wording in a text: of the place nearest to `hint`, a position in characters, or the first.

    Of words that stand there altered too; none of words that do not.
    """
    near = () if hint is None else (Selector(wording, start=hint, end=hint + len(wording)),)
    return check(near, wording, text).selectors


def _in_one_piece(selectors: Sequence[Selector], wording: str, letters: Letters) -> Check | None:
    """Exact, moved, or abridged by its marks alone, when all words stand in a row and no negation is cut off them."""
    text = letters.text
    places = [
        place
        for place in places_in(wording, letters)
        if cut_off(text, place.start, place.end) == (place.start, place.end)
    ]
    if not places or not any(map(str.isalnum, wording)):
        return None
    place = max(places, key=lambda each: _kept(selectors, each, text))
    now = select(text, [(place.start, place.end)])
    there = text[max(0, place.start - _MARK) : place.end + _MARK]
    if place.how != How.EXACT and pattern_of(wording).marks > pattern_of(there).marks:
        return Check(Result.ABRIDGED, (), now)  # marked as if something were left out or put in
    return Check(_exact_or_moved(selectors, now), (), now)


def _in_parts(selectors: Sequence[Selector], wording: str, letters: Letters) -> Check | None:
    """Exact or moved, when the wording is the parts that were anchored, and these follow each other as they did.

    What breaks them was looked at when they were anchored, and need not be a cue between quotation marks.
    """
    if len(selectors) < 2 or _keys(wording) != _keys(" ".join(each.exact for each in selectors)):
        return None
    text = letters.text
    spans: list[tuple[int, int]] = []
    for selector in selectors:
        places = places_in(selector.exact, letters)
        end = spans[-1][1] if spans else None
        if end is None:
            places.sort(key=lambda each: _kept(selectors, each, text), reverse=True)
        else:
            places = [each for each in places if end <= each.start <= end + _AROUND // 2]
        if not places or (end is not None and loses_a_negation(text, end, places[0].start)):
            return None
        spans.append((places[0].start, places[0].end))
    if cut_off(text, spans[0][0], spans[-1][1]) != (spans[0][0], spans[-1][1]):
        return None
    now = select(text, spans)
    return Check(_exact_or_moved(selectors, now), (), now)


def _keys(words: str) -> list[str]:
    return [word.key for word in words_in(seen(words))]


def _with_stops(spans: Sequence[tuple[int, int]], wording: str, text: str) -> list[tuple[int, int]]:
    """A part keeps its full stop; the last one only where the wording has one too."""
    first = [(start, behind_stop(text, end)) for start, end in spans[:-1]]
    start, end = spans[-1]
    return [*first, (start, behind_stop(text, end) if ends_with_stop(wording) else end)]


# ---- Where it stood, and where it stands ----


def _kept(selectors: Sequence[Selector], place: Place, text: str) -> tuple[float, int]:
    """How much a place is the old one: by what stands beside it, then by its position."""
    if not selectors:
        return 0, -place.start
    (now,) = select(text, [(place.start, place.end)]) or (Selector(""),)
    context = _alike(selectors[0].prefix, now.prefix) + _alike(selectors[-1].suffix, now.suffix)
    return context, -abs(place.start - (selectors[0].start or 0))


def _alike(one: str, other: str) -> float:
    if not one and not other:
        return 100
    return ratio(fold(one), fold(other))


def _exact_or_moved(old: Sequence[Selector], now: Sequence[Selector]) -> Result:
    """Text may be put in before the words, and a neighbour may change: they have not moved for that."""
    if not old or not now or old[0].start == now[0].start:
        return Result.EXACT
    beside = (
        _stays(fold(old[0].prefix)[::-1], fold(now[0].prefix)[::-1]),
        _stays(fold(old[-1].suffix), fold(now[-1].suffix)),
    )
    return Result.MOVED if False in beside and True not in beside else Result.EXACT


def _stays(old: str, now: str) -> bool | None:
    """Whether what stood beside the words still does, from the words on; None where too little did to tell."""
    known = min(len(old), len(now))
    if known < _LEAST_CONTEXT:
        return None
    return ratio(old[:known], now[:known]) >= _SAME_CONTEXT


def _between_neighbours(selectors: Sequence[Selector], wording: str, text: str) -> Iterator[Place]:
    """What stands now between the very words that stood around the wording, where it is at all like it."""
    if not selectors:
        return
    before, behind = selectors[0].prefix, selectors[-1].suffix
    if min(len(before.strip()), len(behind.strip())) < _LEAST_CONTEXT:
        return
    start = text.find(before)
    for _attempt in range(_EACH):
        begin = start + len(before)
        end = text.find(behind, begin, begin + 2 * len(wording) + len(behind)) if start >= 0 else -1
        if end > begin and ratio(fold(text[begin:end]), fold(wording)) >= _HALF:
            yield Place(begin, end, How.FUZZY)
        start = text.find(before, start + 1) if start >= 0 else -1


# ---- Where to look closely ----


def _windows(seeds: Sequence[Place], wording: str, pattern: Pattern, text: str) -> Iterator[Words]:
    """Stretches of the text where the words may stand with something between them, the likeliest first."""
    size = min(len(wording), _LONGEST) + _AROUND + _OMITTED * min(pattern.omissions, 4)
    begins: list[int] = []
    for at in (place.start for place in seeds):
        if len(begins) < _MOST_WINDOWS and all(abs(at - each) > _AROUND // 2 for each in begins):
            begins.append(at)
            yield Words(text, max(0, at - size), min(len(text), at + size))


def _seeds(selectors: Sequence[Selector], pattern: Pattern, letters: Letters) -> Iterator[Place]:
    """Places of anything that stands in the text to the word: parts of old, pieces between marks, halves."""
    hint = selectors[0].start if selectors else None
    pieces = sorted(pattern.pieces, key=len, reverse=True)[:_EACH]
    parts = [each.exact for each in selectors[:_EACH]]
    for part in [*parts, *pieces, *_halves(pieces[0] if pieces else "")]:
        places = places_in(part, letters)
        if hint is not None:
            places.sort(key=lambda place: abs(place.start - hint))
        yield from places[:_EACH]


def _halves(piece: str) -> Iterator[str]:
    """The piece cut in two, four and eight, as long as these have words enough to tell something."""
    words = words_in(piece)
    for cuts in (2, 4, 8):
        size = len(words) // cuts
        if not size or (cuts > 2 and size < 3):
            return
        for n in range(cuts):
            first, last = n * size, len(words) if n == cuts - 1 else (n + 1) * size
            yield piece[words[first].start : words[last - 1].end]


# ---- What differs ----


def _altered(
    wording: str, text: str, near: Sequence[Place], windows: Sequence[Words]
) -> Check | None:
    """Altered, with the difference; None when too little of the words is there."""
    for place in near[:1]:
        start, end = cut_off(text, place.start, place.end)
        return _altered_to(wording, text, start, end)
    mine = words_in(seen(wording))
    letters = sum(len(word.key) for word in mine)
    for window in windows:
        if mine and (theirs := window.words):
            first, last = best_place(mine, theirs)
            kept = sum(
                len(word.key)
                for same, a, b, _c, _d in runs_of(mine, theirs[first:last])
                if same
                for word in mine[a:b]
            )
            if 100 * kept >= _HALF * letters:
                return _altered_to(wording, text, theirs[first].start, theirs[last - 1].end)
    return None


def _altered_to(wording: str, text: str, start: int, end: int) -> Check:
    """The difference to this stretch, or to it without its cues, where these are no words of the wording."""
    start, end = _to_the_mark(wording, text, start, end)
    outside = list(_outside_cues(Words(text, start, end)))
    stretches = ([(start, end)], outside)
    spans = max(stretches, key=lambda each: ratio(wording, _joined(text, each)))
    return Check(Result.ALTERED, difference(wording, _joined(text, spans)), select(text, spans))


def _to_the_mark(wording: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Where the first or the last words differ, on to the mark that ends what was said, if it is near."""
    runs = runs_of(words_in(seen(wording)), words_in(seen(text[start:end])))
    if runs and not runs[-1][0] and (rest := _UP_TO_A_MARK.match(text, end)):
        end = rest.end()
    if runs and not runs[0][0]:
        before = text[max(0, start - _NEAR_MARK) : start]
        mark = max(before.rfind(each) for each in _MARKS)
        start -= len(before[mark + 1 :].lstrip()) if mark >= 0 else 0
    return start, end


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _outside_cues(there: Words) -> Iterator[tuple[int, int]]:
    begin, n = there.low, 0
    while n < len(there.words):
        if (behind := there.behind_cue(n)) is None:
            n += 1
            continue
        yield begin, there.words[n - 1].end
        begin, n = there.words[behind].start, behind + 1
    yield begin, there.high


def _from(wording: str, now: Sequence[Selector]) -> tuple[Part, ...]:
    return difference(wording, " ".join(each.exact for each in now))


def difference(wording: str, record: str) -> tuple[Part, ...]:
    """How all of a wording differs from all of the words on record elsewhere, in reading order: the first are
    `put in`, the second `left out`. `compare` looks for the best place of it instead."""
    wording, record = seen(wording), seen(record)
    mine, theirs = words_in(wording), words_in(record)
    return tuple(parts_of(wording, mine, record, theirs, 0, runs_of(mine, theirs)))
