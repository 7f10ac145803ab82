"""Reads articles from JSON Lines: annotated ones to train on, and plain ones to find quotes in.

One object a line: `doc_id`, `text`, and for annotated articles `quotes`, each with `parts` (or
`start` and `end`), and where there are any `speaker_start`, `speaker_end`, `cue_start`, `cue_end`.
Offsets count code points of `text`; ends are exclusive.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "Document",
    "GoldQuote",
    "Sample",
    "SampleError",
    "read_documents",
    "read_samples",
    "samples_in",
]

_LANGUAGE = "en"


class SampleError(ValueError):
    """A file that cannot be read as articles; the message names the line."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article to find quotes in."""

    doc_id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A quote as an annotator or an editor marked it."""

    parts: tuple[tuple[int, int], ...]
    speaker: tuple[int, int] | None
    cue: tuple[int, int] | None
    names: tuple[str, ...]  # full names that are right, where they are known
    is_speech: bool  # false for wants, fears and the like, which are no words of anybody


@dataclass(frozen=True, slots=True)
class Sample:
    """An article with all of its quotes."""

    doc_id: str
    text: str
    quotes: tuple[GoldQuote, ...]


def read_documents(path: Path) -> Iterator[Document]:
    """The articles of a file, one by one; `SampleError` at the first bad line."""
    for place, row in _rows(_lines(path), path.name):
        doc_id, text = _document(place, row)
        language = row.get("language") or row.get("lang") or _LANGUAGE
        if not isinstance(language, str):
            raise SampleError(f"{place}: “lang” must be a language tag such as “en”.")
        yield Document(doc_id, text, language)


def read_samples(path: Path) -> list[Sample]:
    """The annotated articles of a file; `SampleError` at the first bad line."""
    return samples_in(_lines(path), path.name)


def samples_in(lines: Iterable[str], name: str) -> list[Sample]:
    """The annotated articles of these lines; `SampleError`, with the name and the number, at the first bad one."""
    samples = []
    for place, row in _rows(lines, name):
        doc_id, text = _document(place, row)
        quotes = row.get("quotes")
        if not isinstance(quotes, list):
            raise SampleError(f"{place}: “quotes” must be a list; an article without any has [].")
        marked = tuple(
            _quote(f"{place}, quote {number}", quote, len(text))
            for number, quote in enumerate(quotes, 1)
        )
        samples.append(Sample(doc_id, text, marked))
    return samples


def _lines(path: Path) -> Iterator[str]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for line in lines:
                number += 1
                yield line
    except UnicodeDecodeError as error:
        raise SampleError(f"{path.name}, after line {number}: this is not UTF-8.") from error
    except OSError as error:
        raise SampleError(f"{path}: {error.strerror or error}.") from error


def _rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = f"{name}, line {number}"
            yield place, _row(place, line)


def _row(place: str, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SampleError(f"{place}: this is not JSON ({error}).") from error
    if not isinstance(row, dict):
        raise SampleError(f"{place}: a line must be one JSON object, an article.")
    return row


def _document(place: str, row: dict[str, Any]) -> tuple[str, str]:
    doc_id, text = row.get("doc_id"), row.get("text")
    if isinstance(doc_id, int) and not isinstance(doc_id, bool):
        doc_id = str(doc_id)
    if not isinstance(doc_id, str) or not doc_id:
        raise SampleError(f"{place}: “doc_id” must be a name for the article.")
    if not isinstance(text, str):
        raise SampleError(f"{place}: “text” must be the article's text.")
    return doc_id, text


def _quote(place: str, quote: Any, length: int) -> GoldQuote:
    if not isinstance(quote, dict):
        raise SampleError(f"{place}: a quote must be a JSON object.")
    given = quote.get("parts") or [[quote.get("start"), quote.get("end")]]
    if not isinstance(given, list):
        raise SampleError(f"{place}: “parts” must be a list of [start, end].")
    names = quote.get("speaker_names") or ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise SampleError(f"{place}: “speaker_names” must be a list of names.")
    return GoldQuote(
        tuple(sorted(_span(place, "parts", part, length) for part in given)),
        _optional(place, "speaker", quote, length),
        _optional(place, "cue", quote, length),
        tuple(names),
        quote.get("speech") is not False,
    )


def _optional(place: str, what: str, quote: dict[str, Any], length: int) -> tuple[int, int] | None:
    start, end = quote.get(f"{what}_start"), quote.get(f"{what}_end")
    return None if start is None and end is None else _span(place, what, [start, end], length)


def _span(place: str, what: str, given: Any, length: int) -> tuple[int, int]:
    if (
        not isinstance(given, list | tuple)
        or len(given) != 2
        or any(not isinstance(offset, int) or isinstance(offset, bool) for offset in given)
        or not 0 <= given[0] < given[1] <= length
    ):
        raise SampleError(
            f"{place}: {given!r} of “{what}” is no place in the text, which has {length} characters."
        )
    return given[0], given[1]
