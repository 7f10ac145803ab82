"""Whether words stand in a text one after the other, where only marked editing and cues may come between.

Strict: a word is the same or it is not. A negation is never passed over, nor cut off at either end.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from .comparing import ONE_HAN, Word, words_in
from .folding import fold

__all__ = [
    "Match",
    "Pattern",
    "Words",
    "cut_off",
    "loses_a_negation",
    "match",
    "pattern_of",
]

_MOST_STEPS = 20_000  # a hostile text could make the search go back for ever
_MOST_STARTS = 200
_OMITTED = 1_500  # characters that one mark may stand for
_REPLACED = 12  # words that one bracket may stand for
_CUE = 40  # words
# Between scare quotes stand few words, and no comma or stop before them: “is” not “destiny”, “is” in no way “fate”.
_SHORT_CUE = 3
_STOPPED = re.compile(r"[,.!?…—–，。、]")

# ---- Negations: what may not be lost ----

# English, German, Dutch and Nordic; Romance; Slavic and Turkish; Arabic, Hebrew and Korean. Without those that are
# other words elsewhere (Spanish “sin”, Italian “mai”): a source's language is not always known.
_NEGATING_WORDS = """
    not no never none nobody nothing nowhere neither nor cannot without hardly scarcely
    nicht nichts nie niemals niemand kein keine keinen keinem keiner keines ohne
    niet niets nooit geen inte icke ikke ikkje aldrig aldri ingen inget ingenting
    ne pas jamais rien aucun aucune sans nunca jamás nada nadie ningún ninguno ninguna
    non nessuno nessuna niente senza não nem
    nigdy не нет ни никогда без ні немає değil
    لا لم لن ليس ليست غير לא אין 안 못
"""
_NEGATIONS = frozenset(_NEGATING_WORDS.split())
_NEGATING_SYLLABLES = re.compile(r"n't$|^n'|않|없|아니|아닌|아닙|못하|못한|못해")
_NEGATING_CHARACTERS = re.compile(r"[不没沒無无未勿莫]|非(?!常)|ない|なかった|なく|ません|まい")
# Behind words they negate these; “without delay” or “no one” begins something else.
_BACKWARDS = """
    not never nicht nie niemals niet nooit inte ikke ikkje icke aldrig aldri pas jamais değil
"""
_NEGATE_BACKWARDS = frozenset(_BACKWARDS.split())


def _is_negation(key: str) -> bool:
    return key in _NEGATIONS or bool(_NEGATING_SYLLABLES.search(key))


def _negations_in(words: Sequence[Word]) -> list[int]:
    """For each word, and for the end, how many negations stand before it."""
    line, begins = "", []
    for word in words:
        begins.append(len(line))
        line += word.key if ONE_HAN.fullmatch(word.key) else f" {word.key} "
    negating = {bisect_right(begins, m.start()) - 1 for m in _NEGATING_CHARACTERS.finditer(line)}
    negating |= {n for n, word in enumerate(words) if _is_negation(word.key)}
    return list(accumulate((n in negating for n in range(len(words))), initial=0))


def _negates(words: Sequence[Word]) -> bool:
    return bool(_negations_in(words)[-1])


def cut_off(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the negation that stands right before or behind it; the same one when there is none.

    With a mark between, such as a quotation mark or a comma, it is not the words' own.
    """
    before = re.search(r"(\S{1,40})[^\S\n]{0,3}\Z", text[max(0, start - 44) : start])
    if before and (words := words_in(before[1])) and before[1][-1].isalnum():
        last, apart = words[-1], before.end(1) < before.end()
        if (apart and _is_negation(last.key)) or _NEGATING_CHARACTERS.match(last.key):
            start -= before.end() - before.start(1) - last.start
    behind = re.match(r"[^\S\n]{0,3}(\S{1,40})", text[end : end + 44])
    if behind and behind[1][0].isalnum() and (words := words_in(behind[1])):
        first = words[0].key
        backwards = first in _NEGATE_BACKWARDS or _NEGATING_SYLLABLES.search(first)
        characters = _NEGATING_CHARACTERS.match(behind[1])
        if backwards or (characters and len(characters[0]) > 1):
            end += behind.start(1) + (characters.end() if characters else words[0].end)
    return start, end


def loses_a_negation(text: str, start: int, end: int) -> bool:
    """Whether a negation of the speaker's may be lost with this stretch: in a longer cue it is the reporter's own."""
    gap = text[start:end]
    words = words_in(gap)
    if not _negates(words):
        return False
    told = len(words) > _SHORT_CUE and sum(map(gap.count, '“”"«»「」')) >= 2
    return not (told and _STOPPED.search(gap[: words[0].start]))


# ---- A wording as a pattern ----

_DOTS = r"…+|⋯+|\.{3,}|\.(?:\s\.){2,}"
_MARK = re.compile(
    rf"[\[(［（〔]\s?(?:{_DOTS}|중략|생략|中略|略|前略|後略)\s?[\])］）〕](?!\w)"
    rf"|{_DOTS}"
    r"|\w{0,40}[\[［]\w{1,40}[\]］]\w{0,40}"
    r"|[\[［〔][^\[\]［］〔〕]{1,200}[\]］〕]"
)
_SENTENCE_END = re.compile(r"[.!?。！？]|\n")
_BRACKETED = re.compile(r"[\[［](\w+)[\]］]")


@dataclass(frozen=True, slots=True)
class _Item:
    """A word; or a mark of editing: of words left out, of others put in, or of letters changed within a word."""

    kind: str  # word, omission, insertion, within
    key: str = ""
    negates: bool = False
    before: str = ""  # of a word with bracketed letters: what stands before and behind them
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The words and marks of a wording, in order; and the stretches of it that have no marks."""

    items: tuple[_Item, ...]
    pieces: tuple[str, ...]

    @property
    def marks(self) -> int:
        return sum(item.kind != "word" for item in self.items)

    @property
    def omissions(self) -> int:
        return sum(item.kind == "omission" for item in self.items)


def pattern_of(wording: str) -> Pattern:
    items: list[_Item] = []
    pieces: list[str] = []
    at = 0
    for mark in [*_MARK.finditer(wording), None]:
        piece = wording[at : mark.start() if mark else len(wording)]
        words = words_in(piece)
        items += [_Item("word", word.key) for word in words]
        pieces += [piece.strip()] if words else []
        if mark:
            items.append(_marked(mark[0]))
            at = mark.end()
    return Pattern(tuple(items), tuple(pieces))


def _marked(mark: str) -> _Item:
    inner = mark.strip("[](){}［］（）〔〕 ")
    if re.fullmatch(_DOTS, inner) or inner in ("중략", "생략", "中略", "略", "前略", "後略"):
        return _Item("omission")
    bracketed = _BRACKETED.search(mark)
    if bracketed and (bracketed.start() or bracketed.end() < len(mark)):
        before, behind = mark[: bracketed.start()], mark[bracketed.end() :]
        whole = fold(before + bracketed[1] + behind)
        return _Item("within", whole, before=fold(before), behind=fold(behind))
    return _Item("insertion", negates=_negates(words_in(mark)))


# ---- The words of a stretch of a text ----


@dataclass(frozen=True)
class Words:
    """The words of a text from `low` to `high`, at their positions in the whole of it."""

    text: str
    low: int
    high: int

    @cached_property
    def words(self) -> list[Word]:
        found = words_in(self.text[self.low : self.high])
        return [Word(word.key, self.low + word.start, self.low + word.end) for word in found]

    @cached_property
    def at(self) -> dict[str, list[int]]:
        """Where each word stands."""
        places: dict[str, list[int]] = {}
        for n, word in enumerate(self.words):
            places.setdefault(word.key, []).append(n)
        return places

    def negates(self, n: int, m: int) -> bool:
        """Whether a negation stands from this word up to that one."""
        return self._negations[m] > self._negations[n]

    @cached_property
    def _negations(self) -> list[int]:
        return _negations_in(self.words)

    @cached_property
    def ends(self) -> list[int]:
        """The words before which a sentence or a paragraph has ended."""
        return [n for n in range(1, len(self.words) + 1) if _SENTENCE_END.search(self.between(n))]

    @cached_property
    def _cues(self) -> dict[int, int | None]:
        return {}

    def between(self, n: int) -> str:
        """What stands between the word before this one and this one."""
        words = self.words
        start = words[n - 1].end if n else self.low
        return self.text[start : words[n].start if n < len(words) else self.high]

    def behind_cue(self, n: int) -> int | None:
        """The word with which the quotation goes on, when a cue begins with this one: “A,” he said, “b.”"""
        if n not in self._cues:
            self._cues[n] = self._behind_cue(n) if 0 < n < len(self.words) else None
        return self._cues[n]

    def _behind_cue(self, n: int) -> int | None:
        words = self.words
        for kind, opened, closed in _CUES:
            if opened.search(self.between(n)):
                for m in range(n + 1, min(n + _CUE, len(words))):
                    if closed.search(self.between(m)):
                        return m if self._is_cue(kind, n, m) else None
        return None

    def _is_cue(self, kind: str, n: int, m: int) -> bool:
        """The speaker's own words are not outside quotation marks; but between scare quotes is no cue."""
        if kind == "marks":
            return not self.negates(n, m) or (
                m - n > _SHORT_CUE and bool(_STOPPED.search(self.between(n)))
            )
        told = self.text[self.words[n].start : self.words[m - 1].end]
        return not self.negates(n, m) and (kind == "dashes" or bool(_INVERTED.search(told)))


# What ends the words before a cue, and what begins those behind it.
_CUES = (
    ("marks", re.compile('[”"»」』“]'), re.compile('[“"«「『„]')),
    ("marks", re.compile("[,.!?…]['’]"), re.compile("(?<=\\s)['‘]")),
    ("dashes", re.compile(r"[,.!?…]\s?[—–]\s"), re.compile(r"\s[—–]\s")),  # — А, — сказал он, — б
    ("commas", re.compile(r"^,\s"), re.compile(r"^,\s")),  # « A, dit-il, b »
)
_INVERTED = re.compile(r"\w-(?:t-)?(?:il|elle|on|ils|elles|je|nous)\b", re.IGNORECASE)


# ---- Matching ----


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words of a pattern stand: each stretch from its start to its end, and whether marks were needed."""

    spans: tuple[tuple[int, int], ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class _State:
    """How far the search has come: items done, the next word, the words that each finished stretch begins and
    ends with, where the open one begins."""

    item: int
    word: int
    spans: tuple[tuple[int, int], ...]
    first: int
    marked: bool


def match(pattern: Pattern, words: Words) -> Match | None:
    """The first place where all items follow each other, or None; also None when the search takes too long."""
    items = pattern.items
    steps = 0
    for begin in _starts(items, words):
        stack = [iter((begin,))]
        while stack:
            steps += 1
            if steps > _MOST_STEPS:
                return None
            if (state := next(stack[-1], None)) is None:
                stack.pop()
            elif state.item < len(items):
                stack.append(_next(state, items, words))
            elif found := _matched(state, words):
                return found
    return None


def _starts(items: Sequence[_Item], words: Words) -> Iterator[_State]:
    """Where the first word stands; marks before it say that something was left out or replaced there."""
    lead = next((n for n, item in enumerate(items) if item.kind in ("word", "within")), None)
    if lead is None:
        return
    first = items[lead]
    if first.kind == "word":
        places = words.at.get(first.key, [])
    else:
        places = [n for n, word in enumerate(words.words) if _fits(first, word)]
    for n in places[:_MOST_STARTS]:
        yield _State(lead, n, (), n, lead > 0 and not _has_dots(words.between(n)))


def _next(state: _State, items: Sequence[_Item], words: Words) -> Iterator[_State]:
    """The states that this one may lead to, the likeliest first."""
    item, n, every = items[state.item], state.word, words.words
    if item.kind in ("omission", "insertion"):
        yield from _over(state, item, items, words)
        return
    behind = words.behind_cue(n) if n > state.first else None
    if behind is not None:
        yield _State(state.item, behind, (*state.spans, (state.first, n - 1)), behind, state.marked)
    if n < len(every) and _fits(item, every[n]):
        marked = state.marked or item.kind == "within"
        yield _State(state.item + 1, n + 1, state.spans, state.first, marked)


def _fits(item: _Item, word: Word) -> bool:
    if item.key == word.key or item.kind == "word":
        return item.key == word.key
    return (
        len(item.before + item.behind) > 1
        and word.key.startswith(item.before)
        and word.key.endswith(item.behind)
        and len(word.key) >= len(item.before + item.behind)
        and not _is_negation(word.key)
    )


def _over(state: _State, item: _Item, items: Sequence[_Item], words: Words) -> Iterator[_State]:
    """Pass over what a mark stands for, up to each place where the next word is."""
    n, every = state.word, words.words
    left = state.item + 1
    follows = items[left] if left < len(items) else None
    if follows is None or follows.kind != "word":  # at the end, or more marks: those decide
        dots = item.kind == "omission" and _has_dots(words.between(n))
        yield _State(left, n, state.spans, state.first, state.marked or not dots)
        return
    places = words.at.get(follows.key, [])
    for m in places[bisect_left(places, n) :]:
        gap = m - n
        if item.kind == "insertion" and gap > _REPLACED:
            break
        if gap and every[m].start - every[n - 1].end > _OMITTED:
            break
        if item.kind == "omission" and not gap:
            dots = _has_dots(words.between(m))
            yield _State(left, m, state.spans, state.first, state.marked or not dots)
        elif item.kind == "omission" and not _loses_a_negation(n, m, words):
            yield _State(left, m, (*state.spans, (state.first, n - 1)), m, True)
        elif item.kind == "insertion" and item.negates == words.negates(n, m):
            yield _State(left, m, state.spans, state.first, True)


def _loses_a_negation(n: int, m: int, words: Words) -> bool:
    """Whether a part of a sentence with a negation is left out; whole sentences may be."""
    if not words.negates(n, m):
        return False
    ends = words.ends[bisect_left(words.ends, n) : bisect_right(words.ends, m)]
    if not ends:
        return True
    # What is left out of the sentence that goes on before the mark, and of the one that goes on behind it.
    return words.negates(n, ends[0]) or words.negates(ends[-1], m)


def _has_dots(between: str) -> bool:
    return bool(re.search(_DOTS, between))


def _matched(state: _State, words: Words) -> Match | None:
    """The stretches in characters; none when a negation is cut off at either end."""
    every = words.words
    ranges = (*state.spans, (state.first, state.word - 1))
    spans = tuple((every[first].start, every[last].end) for first, last in ranges)
    start, end = spans[0][0], spans[-1][1]
    if cut_off(words.text, start, end) != (start, end):
        return None
    return Match(spans, state.marked)
