"""Finds what stands in quotation marks, of all kinds, in one pass over each paragraph.

It knows marks and the characters beside them, no words: whether the words between two marks are a
quotation, a title or a scare quote is not decided here.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Region", "paragraphs", "quoted_regions"]

# What may close each opening mark. German closes „ with “ or a typewriter's mark, Danish turns
# guillemets round; a “ that stands where only a closing mark can is a common slip.
_CLOSES = {
    "“": '”“"',
    "‟": "”",
    "„": '“”"',
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    '"': '"”',
    "＂": "＂",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "'": "'",
}
_SINGLE = "‘‚‹'"
_MARKS = re.compile("``|''|[" + re.escape("".join({*_CLOSES, *"".join(_CLOSES.values())})) + "]")
_TYPEWRITTEN = {"``": '"', "''": '"'}
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_Mark: TypeAlias = tuple[int, int, str, str, str]
_MOST_IN_SINGLE = 1_200  # characters: a longer stretch between single marks is two apostrophes
_LONG = 25  # characters: titles and scare quotes are shorter


@dataclass(frozen=True, slots=True)
class Region:
    """Words between two marks, the marks included: `text[start:end]`, within one paragraph."""

    start: int
    end: int
    mark: str  # the opening one
    is_closed: bool  # an open one runs to the end of its paragraph
    is_minor: bool  # in single marks, in an article that sets its quotations in double ones


def paragraphs(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[int, int]]:
    """The offsets of the lines of `text[start:end]` that have anything on them."""
    for line in _LINE.finditer(text, start, end):
        if not line[0].isspace():
            yield line.span()


def quoted_regions(text: str, start: int = 0, end: int = sys.maxsize) -> list[Region]:
    """What stands in quotation marks, in order; marks within marks belong to the outer ones.

    An article that sets most of its quotations in single marks, as British ones do, is read so.
    Time grows with the length of the text, whatever the marks: each is looked at twice.
    """
    lines = list(paragraphs(text, start, end))
    double = [region for line in lines for region in _doubles_first(text, *line)]
    if not any(region.is_minor for region in double):
        return double
    single = [region for line in lines for region in _singles_first(text, *line)]
    major = [region for region in double if not region.is_minor]
    return single if not major or _long(single) > 1.5 * _long(major) else double


def _long(regions: Iterable[Region]) -> int:
    """The characters of regions that are too long for a title or a scare quote."""
    lengths = (region.end - region.start for region in regions)
    return sum(length for length in lengths if length > _LONG)


def _doubles_first(text: str, start: int, end: int) -> Iterator[Region]:
    """The regions of a paragraph; single marks count only outside of double ones."""
    opened, mark, single, inner = -1, "", -1, 0
    for here, there, char, before, after in _marks(text, start, end):
        if opened >= 0:
            if mark == '"' and char in "“”" and (char == "“" or inner):
                inner += 1 if char == "“" else -1  # curly marks within typewritten ones
            elif char in _CLOSES[mark] and _may_close(char, mark, before, after):
                yield Region(opened, there, mark, is_closed=True, is_minor=False)
                opened = -1
        elif single >= 0 and char in _CLOSES[text[single]] and _ends_word(before, after):
            yield Region(single, there, text[single], is_closed=True, is_minor=True)
            single = -1
        elif char in _SINGLE:
            if single < 0 and _starts_word(before, after):
                single = here
        elif char in _CLOSES and _may_open(char, before, after):
            opened, mark, single, inner = here, char, -1, 0
        if single >= 0 and there - single > _MOST_IN_SINGLE:
            single = -1
    if opened >= 0:
        yield Region(opened, end, mark, is_closed=False, is_minor=False)


def _singles_first(text: str, start: int, end: int) -> Iterator[Region]:
    """The regions of a paragraph; double marks count only outside of single ones."""
    marks = list(_marks(text, start, end))
    opened, mark = -1, ""
    for mark_after, (here, there, char, before, after) in zip(_firm(marks), marks, strict=True):
        if opened >= 0:
            closes = char in _CLOSES[mark] and _may_close(char, mark, before, after)
            if closes and mark in _SINGLE:
                plural = before == "s" and mark_after == "closes"  # the voters’ right
                closes = _ends_word(before, after) and not plural
            if closes:
                yield Region(opened, there, mark, is_closed=True, is_minor=False)
                opened = -1
        elif (char in _SINGLE and _starts_word(before, after)) or (
            char in _CLOSES and char not in _SINGLE and _may_open(char, before, after)
        ):
            opened, mark = here, char
    if opened >= 0 and (mark not in _SINGLE or opened == start):
        yield Region(opened, end, mark, is_closed=False, is_minor=False)


def _firm(marks: Sequence[_Mark]) -> list[str]:
    """For each mark what the next single mark does that leaves no doubt: `opens` or `closes`."""
    following, found = "", []
    for _here, _there, char, before, after in reversed(marks):
        found.append(following)
        if char in "’'" and before in ",.?!…" and not after.isalnum():
            following = "closes"
        elif char in _SINGLE and _starts_word(before, after):
            following = "opens"
    return found[::-1]


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """Each mark: where it is, what it is, and the characters beside it."""
    for match in _MARKS.finditer(text, start, end):
        here, there = match.span()
        before = text[here - 1] if here > start else " "
        after = text[there] if there < end else " "
        yield here, there, _TYPEWRITTEN.get(match[0], match[0]), before, after


_FIRST_OF_THE_EAST = "\u3040"


def _may_open(char: str, before: str, after: str) -> bool:
    """Not a sign of inches (6'2"), and no guillemet or mark that closes what was never opened."""
    if char == '"':
        return not (before.isdigit() and not after.isalnum())
    if char == "»":
        return not after.isspace() and not before.isalnum()
    return True


def _may_close(char: str, mark: str, before: str, after: str) -> bool:
    """A mark of the opening kind closes only where no word begins: “the best“, “the most“."""
    if char == "“" and mark == "“":
        return not before.isspace() and not after.isalnum()
    return True


def _starts_word(before: str, after: str) -> bool:
    return not before.isalnum() and (after.isalnum() or after in '“"[($£€…')


def _ends_word(before: str, after: str) -> bool:
    """Korean and Japanese set their particles right behind the mark."""
    return not before.isspace() and (not after.isalnum() or after >= _FIRST_OF_THE_EAST)
