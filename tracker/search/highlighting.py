"""Finds the words that were asked for in a text, for a page to mark them. It hands on parts of the text and writes no HTML."""

from collections.abc import Iterator

from .querying import Query, Term
from .words import Span, is_cjk, prepared, spans, stem

__all__ = ["marked_parts"]


def marked_parts(text: str, query: Query) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it was asked for; joined they are the text (in Unicode NFC)."""
    text = prepared(text)
    found = list(spans(text))
    alone = {term.tokens[0] for term in query.wanted if len(term.tokens) == 1 and not term.prefix}
    phrases = [term for term in query.wanted if len(term.tokens) > 1 or term.prefix]
    marked = [
        (each.start, each.end)
        for each in found
        if each.token in alone or f"~{stem(each.token)}" in alone
    ]
    for term in phrases:
        marked += _places(term, found)
    parts: list[tuple[str, bool]] = []
    end = 0
    for start, stop in _merged(sorted(marked), text):
        parts += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [part for part in [*parts, (text[end:], False)] if part[0]]


def _places(term: Term, found: list[Span]) -> Iterator[tuple[int, int]]:
    first_token, length = term.tokens[0], len(term.tokens)
    for first, span in enumerate(found):
        if not span.token.startswith(first_token):
            continue
        here = found[first : first + length]
        *before, last = [each.token for each in here]
        asked_before, asked_last = list(term.tokens[:-1]), term.tokens[-1]
        ends = last.startswith(asked_last) if term.prefix else last == asked_last
        if len(here) == length and before == asked_before and ends:
            stop = here[-1].end
            if term.prefix and len(asked_last) == 1 and is_cjk(asked_last):
                stop = here[-1].start + 1  # one character, which the pair begins with
            yield here[0].start, stop


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
