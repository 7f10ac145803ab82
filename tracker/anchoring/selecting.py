"""Selectors: which stretches of a text are the words of a quote (W3C Web Annotation Data Model, 23 February 2017).

A quote that its cue breaks (“A,” he said, “b.”) has one for each part, in the order of the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["CONTEXT", "Selector", "from_json", "recorded_words", "select", "to_json"]

CONTEXT = 32  # characters before and behind the words

_SPACE, _COMMAS = " \t\n\r\u00a0\u202f\u3000", ",，،、"
_OPENING, _CLOSING = '"“„‟«‹「『《', '"”“»›」』》'
_FAMILIES = ('"“”„‟', "«»", "‹›", "「」", "『』", "《》")  # marks that open and close each other
_SINGLES = ("‘", "’"), ("'", "'"), ("‚", "‘")


@dataclass(frozen=True, slots=True)
class Selector:
    """One stretch of a text, by its words (section 4.2.4, TextQuoteSelector) and by its position (section 4.2.5,
    TextPositionSelector).

    `exact` are the characters themselves, `prefix` and `suffix` up to 32 characters before and behind them;
    `start` and `end` count characters (code points) from the start of the text, `end` not included. They are
    None where only the words are known.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


def select(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Selector, ...]:
    """The selectors of these stretches of a text, each from its start to its end, in characters.

    Left out at their ends are white space, the quotation marks around them and the comma before a cue; a full
    stop is kept. Stretches without any letter or digit have no selector. Raises ValueError for one that is not
    in the text.
    """
    trimmed = [_trimmed(text, start, end) for start, end in spans]
    return tuple(
        Selector(
            exact=text[start:end],
            prefix=text[max(0, start - CONTEXT) : start],
            suffix=text[end : end + CONTEXT],
            start=start,
            end=end,
        )
        for start, end in trimmed
        if any(map(str.isalnum, text[start:end]))
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"From {start} to {end} is not within a text of {len(text)} characters.")
    while start < end:
        part = text[start:end].lstrip(_SPACE)
        start = end - len(part)
        part = part.rstrip(_SPACE + _COMMAS)
        end = start + len(part)
        if part and part[0] in _OPENING and _is_alone(part, part[0]):
            start += 1
        elif part and part[-1] in _CLOSING and _is_alone(part, part[-1]):
            end -= 1
        elif _are_around(part):
            start, end = start + 1, end - 1
        else:
            break
    return start, end


def _is_alone(part: str, mark: str) -> bool:
    """Whether a mark at an end has no partner within: “a ‘white elephant’” keeps the inner ones."""
    family = next(each for each in _FAMILIES if mark in each)
    return sum(map(part.count, family)) % 2 == 1


def _are_around(part: str) -> bool:
    """Whether the marks at both ends are a pair, rather than one of a pair each."""
    if len(part) < 2:
        return False
    first, last = part[0], part[-1]
    if (first, last) in _SINGLES:  # ‘so’, but not ’tis, nor the workers’
        return len(part) > 2 and (first == last or first not in part[1:])
    if first not in _OPENING or not any(first in each and last in each for each in _FAMILIES):
        return False
    depth = 0
    for n, character in enumerate(part):
        if first == last == character:  # a straight mark opens behind a space
            depth += 1 if n == 0 or part[n - 1].isspace() else -1
        else:
            depth += (character == first) - (character == last)
        if depth == 0:
            return n == len(part) - 1
    return False


def recorded_words(selectors: Iterable[Selector]) -> str:
    """The words as they are recorded: the parts in their order, with a space between two, each paragraph a line."""
    return " ".join(
        "\n".join(" ".join(line.split()) for line in each.exact.splitlines() if line.strip())
        for each in selectors
    )


def to_json(selectors: Sequence[Selector], source: str = "") -> list[dict[str, Any]]:
    """The selectors in the form of the W3C's model: for each part, in order, a resource with its two selectors.

    With the address of the `source` each is a SpecificResource (section 4) that can be the target of an annotation.
    """
    resource = {"type": "SpecificResource", "source": source} if source else {}
    return [resource | {"selector": _pair(each)} for each in selectors]


def _pair(selector: Selector) -> list[dict[str, Any]]:
    """More than one selector of a resource select the same (section 4.2)."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": selector.exact,
        "prefix": selector.prefix,
        "suffix": selector.suffix,
    }
    if selector.start is None or selector.end is None:
        return [quote]
    position = {"type": "TextPositionSelector", "start": selector.start, "end": selector.end}
    return [quote, position]


def from_json(data: object) -> tuple[Selector, ...]:
    """The selectors of what `to_json` gave, of one resource or of several; other kinds of selector are passed over.

    Raises ValueError for what is not of that form, and where the words of a part are not given.
    """
    resources = data if isinstance(data, list) else [data]
    return tuple(_of_resource(each) for each in resources)


def _of_resource(resource: object) -> Selector:
    given = resource.get("selector") if isinstance(resource, Mapping) else None
    known: dict[str, Mapping[str, Any]] = {}
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, Mapping) and isinstance(each.get("type"), str):
            known.setdefault(each["type"], each)
    quote, position = known.get("TextQuoteSelector"), known.get("TextPositionSelector", {})
    if quote is None:
        raise ValueError("A selector needs a TextQuoteSelector, which gives its words.")
    exact, prefix, suffix = (quote.get(key, "") for key in ("exact", "prefix", "suffix"))
    if not exact or not all(isinstance(each, str) for each in (exact, prefix, suffix)):
        raise ValueError("A TextQuoteSelector has exact, and may have prefix and suffix, as text.")
    start, end = position.get("start"), position.get("end")
    if position and not (_is_position(start) and _is_position(end) and start <= end):  # type: ignore[operator]
        raise ValueError("A TextPositionSelector has start and end, which is not before it.")
    return Selector(exact, prefix, suffix, start, end)


def _is_position(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
