"""Finds the words that were asked for in a text, for a page to mark them. It hands on parts of the text and writes no HTML."""

from collections.abc import Iterator

from .querying import Query, Term
from .words import Span, is_cjk, prepared, spans, stem

__all__ = ["marked_parts"]


def marked_parts(text: str, query: Query) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it was asked for; joined they are the text (in Unicode NFC)."""
    text = prepared(text)
    found = list(spans(text))
    marked = sorted({place for term in query.wanted for place in _places(term, found)})
    parts: list[tuple[str, bool]] = []
    end = 0
    for start, stop in _merged(marked, text):
        parts += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [part for part in [*parts, (text[end:], False)] if part[0]]


def _places(term: Term, found: list[Span]) -> Iterator[tuple[int, int]]:
    length = len(term.tokens)
    for first in range(len(found) - length + 1):
        here = found[first : first + length]
        if all(map(_same, term.tokens, here, [False] * (length - 1) + [term.prefix])):
            start, stop = here[0].start, here[-1].end
            if term.prefix and len(term.tokens[-1]) == 1 and is_cjk(term.tokens[-1]):
                stop = here[-1].start + 1  # one character, which the pair begins with
            yield start, stop


def _same(asked: str, here: Span, prefix: bool) -> bool:
    if asked.startswith("~"):
        return stem(here.token) == asked[1:]
    return here.token.startswith(asked) if prefix else here.token == asked


def _merged(places: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Places that overlap, or that only spaces part, are one."""
    current: tuple[int, int] | None = None
    for start, stop in places:
        if current and not text[current[1] : start].strip():
            current = current[0], max(current[1], stop)
            continue
        if current:
            yield current
        current = start, stop
    if current:
        yield current
