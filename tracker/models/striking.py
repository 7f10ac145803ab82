"""Black bars over words and names: in a text, in the columns of rows and of their history, and in the log of admin.

Which words, names and rows is `redaction.py`'s and `repeated.py`'s to say.
"""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models

from tracker import anchoring

from .statuses import Editor

__all__ = [
    "FILL",
    "Strike",
    "blank_log",
    "set_columns",
    "strike_html",
    "strike_log",
    "strike_rows",
    "striker",
]

Strike = Callable[[str], str]
FILL = "█" * 8  # where nothing may not stand
_BAR = "█"
_TAG = re.compile(r"<[^>]*>")


def striker(words: set[str], names: set[str]) -> Strike:
    """A function that puts black bars over the words and names in a text, of the same length.

    What else is anchored in the text keeps its place. A text in which the words still stand,
    printed a little differently, is given up whole.
    """
    words, names = words - {""}, names - {""}
    patterns = [_spaced(each) for each in words]
    # A name in Latin letters is no part of a longer word; a Korean one has its particle behind it.
    patterns += [
        rf"(?<![A-Za-z]){_spaced(each)}(?![A-Za-z])" if each.isascii() else _spaced(each)
        for each in names
    ]
    known = re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)
    folded = {anchoring.fold(each) for each in words} - {""}

    def strike(text: str) -> str:
        text = known.sub(lambda match: _BAR * len(match.group()), text)
        still = anchoring.fold(text)
        return "" if any(each in still for each in folded) else text

    return strike


def _spaced(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))


def strike_html(text: str, strike: Strike) -> str:
    """The same in HTML, which is given up whole when tags stand within the words or names."""
    struck = strike(text)
    plain = html.unescape(_TAG.sub("", struck))
    return struck if strike(plain) == plain else ""


def set_columns(row: Any, values: dict[str, Any], by: Editor) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user = by
    return row


def strike_rows(
    rows: models.QuerySet[Any],
    columns: Sequence[str],
    strike: Strike,
    by: Editor = None,
    *,
    filled: bool = False,
) -> None:
    """Strike in these columns of these rows; with `filled`, none is left empty that had a text."""
    for row in rows:
        were = {column: getattr(row, column) for column in columns}
        struck = {
            column: strike(text) or (FILL if text and filled else "")
            for column, text in were.items()
        }
        if struck != were:
            set_columns(row, struck, by).save(update_fields=columns)


def strike_log(model: str, ids: Iterable[int], strike: Strike) -> None:
    """Admin's log repeats the beginning of the words in the name of what was changed."""
    entries = LogEntry.objects.filter(
        content_type__app_label="tracker",
        content_type__model=model,
        object_id__in=[str(pk) for pk in ids],
    )
    strike_rows(entries, ("object_repr",), strike, filled=True)
    entries.update(change_message="")


def blank_log(model: str, ids: Iterable[int]) -> None:
    strike_log(model, ids, lambda _text: FILL)
