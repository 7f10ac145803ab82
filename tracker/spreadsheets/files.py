"""Reads a file of rows, CSV or JSON Lines, a line at a time: cells in the order of the columns. What they mean is not its to say."""

import csv
import json
import re
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from .rows import COLUMNS, Problem, shown

__all__ = ["Given", "Sheet", "SpreadsheetError"]

_LONGEST_CELL = 1_000_000  # characters; words have at most 20,000
_LONGEST_LINE = 20_000_000
_DELIMITERS = ",;\t"
# How files begin that are no text (the first bytes of their formats).
_KINDS = {
    b"PK\x03\x04": "Excel, OpenDocument, zip",
    b"\xd0\xcf\x11\xe0": "Excel 97",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# What is no UTF-8 comes out of the decoder as these.
_UNDECODED = re.compile("[\udc80-\udcff]")
csv.field_size_limit(_LONGEST_CELL)

Given = tuple[int, list[Any]]  # the number of the line that a row begins on, and its cells


class SpreadsheetError(Exception):
    """A file that cannot be read any further; the message tells an editor why."""


class Sheet:
    """A file of rows. Going through it gives each row, or the Problem with it; it can be gone through once.

    Raises SpreadsheetError when it is opened, for what is no spreadsheet of quotes; and later, for bytes
    that are no text.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name or path.name
        try:
            self._file: BinaryIO = path.open("rb")
            self.size = path.stat().st_size
            self._refuse_what_is_no_text(self._file.read(8192))
        except OSError as error:
            raise SpreadsheetError(
                _("%(file)s cannot be read: %(why)s.")
                % {"file": self.name, "why": error.strerror or error}
            ) from error
        self._file.seek(0)
        self._stream = TextIOWrapper(
            self._file, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._line = 0
        self._lines = self._read_lines()
        first = next((line for line in self._lines if line.strip()), "")
        if not first:
            raise SpreadsheetError(_("%(file)s is empty.") % {"file": self.name})
        if first.lstrip()[0] in "{[":
            self._rows = self._json_lines(first)
        else:
            self._rows = self._csv(first)

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Given | Problem]:
        return self._rows

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._file.tell()

    def _refuse_what_is_no_text(self, head: bytes) -> None:
        kind = next((kind for start, kind in _KINDS.items() if head.startswith(start)), "")
        if b"\0" in head.partition(b"\n")[0]:
            kind = kind or "NUL"
        if kind:
            raise SpreadsheetError(
                _("%(file)s is no text in UTF-8 (%(kind)s). Save it as “CSV UTF-8”.")
                % {"file": self.name, "kind": kind}
            )

    def _read_lines(self) -> Iterator[str]:
        while line := self._stream.readline(_LONGEST_LINE):
            self._line += 1
            if len(line) == _LONGEST_LINE:
                raise self._stopped(_("it is longer than 20 million characters"))
            if not line.isascii() and _UNDECODED.search(line):
                raise self._stopped(_("it is not in UTF-8. Save the file as “CSV UTF-8”"))
            yield line

    def _stopped(self, why: str) -> SpreadsheetError:
        return SpreadsheetError(
            _("%(file)s cannot be read from line %(line)d on: %(why)s.")
            % {"file": self.name, "line": self._line, "why": why}
        )

    # --- CSV (RFC 4180) ---------------------------------------------------------------------------

    def _csv(self, header: str) -> Iterator[Given | Problem]:
        delimiter = max(_DELIMITERS, key=header.count)
        try:
            names = next(csv.reader([header], delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise self._stopped(_in_words(error)) from error
        names = [name.strip().casefold() for name in names]
        while names and not names[-1]:  # as a spreadsheet leaves them behind
            names.pop()
        self._refuse_header(names)
        return self._csv_rows(delimiter, names)

    def _refuse_header(self, names: list[str]) -> None:
        known = {"known": ", ".join(COLUMNS)}
        for name in names:
            if name not in COLUMNS:
                raise SpreadsheetError(
                    _("There is no column “%(name)s”. Known are %(known)s.")
                    % {"name": shown(name[:100]), **known}
                )
            if names.count(name) > 1:
                raise SpreadsheetError(_("There are two columns “%(name)s”.") % {"name": name})
        here = set(names)
        if "text" not in here:
            raise SpreadsheetError(_("The column “text” is missing."))
        if not here & {"speaker", "described_as"}:
            raise SpreadsheetError(_("A column is missing: “speaker”, or “described_as”."))
        if "article_url" not in here and not {"headline", "publisher"} <= here:
            raise SpreadsheetError(
                _("A column is missing: “article_url”, or “headline” and “publisher”.")
            )

    def _csv_rows(self, delimiter: str, names: list[str]) -> Iterator[Given | Problem]:
        reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        width = len(names)
        order = [names.index(each) if each in names else width for each in COLUMNS]
        while True:
            start = self._line + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Problem(start, "", _in_words(error))
                continue
            if not any(cells):
                continue
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if len(cells) != width:
                yield Problem(start, "", _ragged(len(cells), width))
                continue
            cells.append("")  # for the columns that are not there
            yield start, [cells[each] for each in order]

    # --- JSON Lines (jsonlines.org) ---------------------------------------------------------------

    def _json_lines(self, first: str) -> Iterator[Given | Problem]:
        if first.lstrip()[0] == "[":
            raise SpreadsheetError(
                _("A list of rows cannot be read: write one object a line (JSON Lines).")
            )
        return self._json_rows(first)

    def _json_rows(self, line: str) -> Iterator[Given | Problem]:
        yield self._json_row(line)
        for line in self._lines:
            if line.strip():
                yield self._json_row(line)

    def _json_row(self, line: str) -> Given | Problem:
        try:
            given = json.loads(line, object_pairs_hook=_Pairs)
        except (ValueError, RecursionError):
            return Problem(self._line, "", _("This line is not JSON."))
        if not isinstance(given, _Pairs):
            return Problem(self._line, "", _("An object is expected."))
        values = dict(given)
        if len(values) < len(given):
            return Problem(self._line, "", _("The same name is there twice."))
        if unknown := values.keys() - set(COLUMNS):
            name = sorted(unknown)[0][:100]
            return Problem(self._line, name, _("There is no column “%(name)s”.") % {"name": name})
        for name, value in values.items():
            text = _text(value)
            if text is None:
                return Problem(self._line, name, _("A text is expected, in quotation marks."))
            values[name] = text
        return self._line, [values.get(name, "") for name in COLUMNS]


class _Pairs(list[Any]):
    """An object as it is written: JSON would let the last of two equal names win (RFC 8259, section 4)."""


def _text(value: Any) -> str | None:
    """The text of a value; None for what is none. A whole number is as good as its digits."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _in_words(error: csv.Error) -> str:
    said = str(error)
    if "field larger" in said:
        return _("A cell is longer than a million characters.")
    if "unexpected end" in said:
        return _("A quotation mark is opened here and never closed.")
    if "expected after" in said:
        return _('A quotation mark inside a cell must be doubled: "".')
    return said


def _ragged(here: int, expected: int) -> str:
    return _("It has %(here)d cells, and the header has %(expected)d.") % {
        "here": here,
        "expected": expected,
    }
