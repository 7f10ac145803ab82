"""Links that lead a browser to the very words: text fragments (WICG, URL Fragment Text Directives, section 3).

`#:~:text=[prefix-,]start[,end][,-suffix]`. What browsers do with one, and Chromium was tried with: each of its terms
stands within one block of the page, begins and ends with whole words, case, accents and the width of spaces aside; the
first place in the page that fits is scrolled to; a link that fits nowhere opens the page as if it had no fragment.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote

from .comparing import HAN
from .folding import without_unseen
from .selecting import Selector

__all__ = ["text_fragment"]

_LONG = 300  # characters: a longer quote is given by its first and its last words
_TERM = (
    40  # characters of each of these, at least; or up to four times as many, until they lead there
)
_MOST_CONTEXT = 8  # words before or behind
_CONTEXT = 400  # characters, which are enough for so many words
_MOST_DIRECTIVES = 8  # parts of one quote: an address is not endless
_DIRECTIVE = re.compile(r":~:.*\Z", re.DOTALL)
# What is one space to a browser; one that does not break stays one of its own.
_SPACE = re.compile(r"[ \t\n\r\f]+")
# Scripts without spaces: where a word ends, only a dictionary knows; a mark or the end of a line ends one for sure.
_UNSPACED = re.compile(f"[{HAN}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def text_fragment(url: str, selectors: Sequence[Selector], text: str) -> str:
    """The address with a text directive for each part of the words; as it is, when there are none.

    `text` is the copy in which the words were anchored, each block of the page on a line of its own. Prefix and
    suffix are given only where the words alone would lead to another place of it. A fragment that the address has
    stays; the browser scrolls there when it does not find the words.
    """
    if not url or not selectors:
        return url
    page = _Page(text)
    terms = [_directive(each, page) for each in selectors[:_MOST_DIRECTIVES]]
    directives = "&".join(f"text={each}" for each in dict.fromkeys(terms) if each)
    if not directives:
        return url
    address = _DIRECTIVE.sub("", url)
    return f"{address}{'' if '#' in address else '#'}:~:{directives}"


def _directive(selector: Selector, page: "_Page") -> str:
    """The directive without its name; of words that the text does not have, by these words alone."""
    start = _start_of(selector, page.text)
    if start is None:
        page = _Page(selector.exact)
        start = 0
    span = page.whole_words(start, start + len(selector.exact))
    if span[0] >= span[1]:
        return ""
    first = None
    for target in _targets(*span, page):
        first = first or target
        if page.leads_to(target):
            return target.written(page)
    return first.written(page) if first else ""


def _start_of(selector: Selector, text: str) -> int | None:
    """Where the words stand in the text, nearest to where they stood."""
    at = selector.start or 0
    if text.startswith(selector.exact, at):
        return at
    before, behind = text.rfind(selector.exact, 0, at), text.find(selector.exact, at)
    found = [each for each in (before, behind) if each >= 0]
    return min(found, key=lambda each: abs(each - at)) if found else None


_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Target:
    """A directive: its terms as stretches of the text. The whole of the words is from `start` to `end`."""

    start: _Span
    end: _Span | None = None
    prefix: _Span | None = None
    suffix: _Span | None = None

    def written(self, page: "_Page") -> str:
        prefix = f"{page.encoded(self.prefix)}-," if self.prefix else ""
        end = f",{page.encoded(self.end)}" if self.end else ""
        suffix = f",-{page.encoded(self.suffix)}" if self.suffix else ""
        return f"{prefix}{page.encoded(self.start)}{end}{suffix}"


def _targets(start: int, end: int, page: "_Page") -> Iterator[_Target]:
    """What may lead to these words, the shortest first."""
    several_lines = "\n" in page.text[start:end]
    if not several_lines and end - start <= _LONG:
        yield from _in_context(_Target((start, end)), page)
        return
    ranges = []
    for size in (_TERM, 2 * _TERM, 4 * _TERM):
        first, last = page.first_words(start, end, size), page.last_words(start, end, size)
        if first[1] <= last[0]:
            ranges.append(_Target(first, last))
    yield from ranges
    yield from _in_context(ranges[0] if ranges else _Target((start, end)), page)


def _in_context(target: _Target, page: "_Page") -> Iterator[_Target]:
    """Bare, then with more and more words of the same line behind and before, then with other lines."""
    yield target
    tried = {target}
    first, last = target.start[0], (target.end or target.start)[1]
    for same_line in (True, False):
        for words in range(1, _MOST_CONTEXT + 1):
            behind = page.behind(last, words, same_line)
            before = page.before(first, words, same_line)
            for prefix, suffix in ((None, behind), (before, None), (before, behind)):
                widened = _widened(target, prefix, suffix, page)
                if widened not in tried:
                    tried.add(widened)
                    yield widened


def _widened(target: _Target, before: _Span | None, behind: _Span | None, page: "_Page") -> _Target:
    """With context; a mark between the words and another line belongs to the words: it is in their block."""
    start, end = target.start, target.end
    if before:
        start = (page.next_sign(before[1]), start[1])
    if behind and end:
        end = (end[0], page.last_sign(behind[0]))
    elif behind:
        start = (start[0], page.last_sign(behind[0]))
    return replace(target, start=start, end=end, prefix=before, suffix=behind)


class _Page:
    """The text as a browser that looks for words sees it."""

    def __init__(self, text: str) -> None:
        self.text = text
        table = {ord(c): _base(c) for c in set(text)}
        self._plain = text.translate(table)

    def encoded(self, span: _Span) -> str:
        words = _SPACE.sub(" ", without_unseen(self.text[slice(*span)])).replace("\xa0", " ")
        return quote(words, safe="").replace("-", "%2D")

    # ---- Where terms may begin and end ----

    def whole_words(self, start: int, end: int) -> _Span:
        """The stretch from its first word to its last, each of them whole."""
        text = self.text
        while start < end and not text[start].isalnum():
            start += 1
        while start < end and not _is_of_a_word(text[end - 1]):
            end -= 1
        first, last = start, end
        while 0 < start < end and first - start < _LONG and self._joins(start):
            start -= 1
        while start < end < len(text) and end - last < _LONG and self._joins(end):
            end += 1
        # No word is so long: what looks like one has no end that a browser would find.
        return (start, end) if first - start < _LONG > end - last else (first, first)

    def _joins(self, at: int) -> bool:
        """Whether a word goes on here."""
        two = self.text[at - 1 : at + 1]
        return len(two) == 2 and all(map(_is_of_a_word, two)) and not _UNSPACED.search(two)

    def _is_edge(self, at: int) -> bool:
        """Whether words end here for sure."""
        two = self.text[max(0, at - 1) : at + 1]
        return at in (0, len(self.text)) or not all(map(_is_of_a_word, two))

    def first_words(self, start: int, end: int, size: int) -> _Span:
        """At least `size` characters of the first line, cut behind a word; all of it when that is not possible."""
        line_end = self.text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        at = start + size
        while at < line_end and not (self._is_edge(at) and _is_of_a_word(self.text[at - 1])):
            at += 1
        return self.whole_words(start, min(at, line_end))

    def last_words(self, start: int, end: int, size: int) -> _Span:
        line_start = max(start, self.text.rfind("\n", start, end) + 1)
        at = end - size
        while at > line_start and not (self._is_edge(at) and _is_of_a_word(self.text[at])):
            at -= 1
        return self.whole_words(max(at, line_start), end)

    def behind(self, end: int, words: int, same_line: bool) -> _Span | None:
        """So many words behind, or as many as their line has, with the marks between; None when there are none."""
        text, line_end = self.text, self._line_end(end)
        if not any(map(str.isalnum, text[end:line_end])):
            if same_line:
                return None
            start = self.next_sign(line_end)
            line_end = self._line_end(start)
        else:
            start = self.next_sign(end)
        at = start
        for _ in range(words):
            while at < line_end and not _is_of_a_word(text[at]):
                at += 1
            while at < line_end and not (self._is_edge(at) and _is_of_a_word(text[at - 1])):
                at += 1
        return (start, at) if any(map(str.isalnum, text[start:at])) else None

    def before(self, start: int, words: int, same_line: bool) -> _Span | None:
        text, line_start = self.text, self._line_start(start)
        if not any(map(str.isalnum, text[line_start:start])):
            if same_line or not line_start:
                return None
            end = self.last_sign(line_start)
            line_start = self._line_start(end)
        else:
            end = self.last_sign(start)
        at = end
        for _ in range(words):
            while at > line_start and not _is_of_a_word(text[at - 1]):
                at -= 1
            while at > line_start and not (self._is_edge(at) and _is_of_a_word(text[at])):
                at -= 1
        return (at, end) if any(map(str.isalnum, text[at:end])) else None

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at, at + _CONTEXT)
        return min(len(self.text), at + _CONTEXT) if end < 0 else end

    def _line_start(self, at: int) -> int:
        low = max(0, at - _CONTEXT)
        start = self.text.rfind("\n", low, at)
        return low if start < 0 else start + 1

    def next_sign(self, at: int) -> int:
        """The first position from here on without white space."""
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        return at

    def last_sign(self, at: int) -> int:
        """The last position up to here that has none before it."""
        while at > 0 and self.text[at - 1].isspace():
            at -= 1
        return at

    # ---- Where a browser goes ----

    def leads_to(self, target: _Target) -> bool:
        """Whether the first place that fits is this one."""
        return next(self._found(target), None) == (
            target.start[0],
            (target.end or target.start)[1],
        )

    def _found(self, target: _Target) -> Iterator[_Span]:
        """The places that fit, in order."""
        lead = self._pattern(target.prefix, target.start, None if target.end else target.suffix)
        for match in lead.finditer(self._plain):
            start, end = match.span("start")
            if self._may_cut(match.start()) and self._may_cut(match.end()):
                until = self._end_of(target, end)
                if until is not None:
                    yield start, until

    def _end_of(self, target: _Target, start_ends: int) -> int | None:
        """Where the words end whose first term ends there. Browsers look for the last term from one to the next."""
        if not target.end:
            return start_ends
        behind = self._pattern(target.suffix, None, None) if target.suffix else None
        for match in self._pattern(None, target.end, None).finditer(self._plain, start_ends):
            follows = self.next_sign(match.end())
            fits = behind is None or behind.match(self._plain, follows)
            if fits and self._may_cut(match.start()) and self._may_cut(match.end()):
                return match.end()
        return None

    def _may_cut(self, at: int) -> bool:
        """Whether a word may end here; in scripts without spaces, anywhere."""
        return self._is_edge(at) or bool(_UNSPACED.search(self.text[max(0, at - 1) : at + 1]))

    def _pattern(
        self, prefix: _Span | None, start: _Span | None, suffix: _Span | None
    ) -> re.Pattern[str]:
        before, term, behind = (
            self._term(span) if span else "" for span in (prefix, start, suffix)
        )
        lead, tail = before and rf"{before}\s*", behind and rf"\s*{behind}"
        return re.compile(f"{lead}(?P<start>{term}){tail}")

    def _term(self, span: _Span) -> str:
        return r"[ \t\r]+".join(map(re.escape, _SPACE.split(self._plain[slice(*span)])))


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=16_384)
def _base(character: str) -> str:
    """The character without case and accent, of which browsers make no difference; always one."""
    if "\uac00" <= character <= "\ud7a3" or character.isascii():
        return character.lower()
    if "\u30a1" <= character <= "\u30f6":  # katakana, as hiragana
        character = chr(ord(character) - 0x60)
    return unicodedata.normalize("NFKD", character)[:1].lower()[:1] or character
