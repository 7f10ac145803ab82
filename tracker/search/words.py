"""Turns text into the tokens that are looked for: one tokenizer for the index of either database and for what readers type.

A token is a word in its folded form, or two neighbouring characters of Chinese, Japanese or Korean.
It knows no query language, no database and no model.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer

__all__ = ["Span", "is_cjk", "prepared", "spans", "stem", "stems", "tokens"]

_LONGEST = (
    64  # characters of a token; what is longer is no word, and is cut alike in text and question
)

# Ideographs, kana (half-width ones too) and Hangul syllables, with the marks that repeat or voice them.
_CJK = (
    "\u3005-\u3007\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"
)
_RUN = re.compile(rf"([{_CJK}]+)|(?:[^\W_{_CJK}][{_MARKS}]*)+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ONLY_CJK = re.compile(rf"[{_CJK}]+")

# Accents, and the points that Hebrew and Arabic are mostly written without. Other marks, such as the
# vowel signs of Hindi, are letters of their words.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# Letters that Unicode does not take apart, as they are typed where the keyboard lacks them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class Span(NamedTuple):
    """A token and the characters of the text that it stands for."""

    token: str
    start: int
    end: int


def prepared(text: str) -> str:
    """The text in the form that is taken apart: Unicode NFC."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order.

    Case, width and diacritics do not matter. A run of Chinese, Japanese or Korean gives each pair of
    neighbouring characters, and its last character: "한국은" gives 한국, 국은, 은. So any part of it
    of two characters or more is found as a phrase of pairs, and a single one as a prefix.
    """
    if text.isascii():
        return [word[:_LONGEST] for word in _ASCII_WORD.findall(text.lower())]
    return [span.token for span in spans(prepared(text))]


def spans(text: str) -> Iterator[Span]:
    """The same with the place of each; the text is expected to be `prepared`."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        if match[1]:
            yield from _pairs(match[1], start)
        else:
            for word in _folded(match[0]):
                yield Span(word, start, end)


def is_cjk(token: str) -> bool:
    return _ONLY_CJK.fullmatch(token) is not None


def stem(token: str) -> str:
    """The English stem of a word (Porter's second algorithm, as Snowball has it); others stay as they are."""
    return _stem(token) if token.isascii() and token.isalpha() else token


def stems(words: list[str]) -> list[str]:
    """The stem of each word, marked as one; pairs of characters have none."""
    return [f"~{stem(word)}" for word in words if word.isascii() or not is_cjk(word)]


def _pairs(run: str, start: int) -> Iterator[Span]:
    folded = unicodedata.normalize("NFKC", run)
    shifted = len(folded) != len(run)  # half-width kana with their marks: the whole run is meant
    for n in range(len(folded)):
        first, last = (start, start + len(run)) if shifted else (start + n, start + n + 2)
        yield Span(folded[n : n + 2], first, min(last, start + len(run)))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> tuple[str, ...]:
    """The word without case, width and diacritics; a sign such as ½ is made of several."""
    if word.isascii():
        return (word.lower()[:_LONGEST],)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(_PLAIN)
    return tuple(match[0][:_LONGEST] for match in _RUN.finditer(plain))


_stemmer = snowballstemmer.stemmer("english")
_one_at_a_time = Lock()  # the stemmer keeps the word that it works on


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    with _one_at_a_time:
        return sys.intern(str(_stemmer.stemWord(word)))
