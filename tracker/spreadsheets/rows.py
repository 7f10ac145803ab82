"""What a row of a spreadsheet may hold: every cell passes the rules of the column that it is for. It asks the database nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker import anchoring
from tracker.models import (
    RECORDABLE,
    Article,
    Citation,
    Occasion,
    Position,
    Publisher,
    Quote,
    Speaker,
    Topic,
)
from tracker.models.addresses import AddressError, normalise_url
from tracker.models.citations import NO_OUTER_MARKS, is_in_quotation_marks
from tracker.models.fields import NOT_COME_YET, has_not_come

__all__ = ["COLUMNS", "Problem", "Row", "row_from", "shown", "words_key"]

words_key = lru_cache(maxsize=10_000)(anchoring.wording_key)  # asked for a row more than once

_UNVERIFIED, _ORGANISATION = Quote.Attribution.UNVERIFIED.value, Speaker.Kind.ORGANISATION.value
_OWN_KEY = re.compile(r"#([1-9][0-9]{0,17})")


def shown(text: str) -> str:
    """A text of the file as a message may repeat it: nothing in it steers a terminal, or cannot be encoded."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, or, when it is not `refused`, what it says in vain. `field` is '' for the whole row."""

    line: int
    field: str
    message: str
    refused: bool = True

    def __post_init__(self) -> None:
        """What it repeats of the file may be anything, and is shown in a terminal too."""
        for name in ("field", "message"):
            object.__setattr__(self, name, shown(getattr(self, name)))

    def __str__(self) -> str:
        where = _("line %(line)d") % {"line": self.line}
        return (
            f"{where}, {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One quote as one source gives it; every value is as its column stores it, '' where nothing is given."""

    line: int = dataclass_field(compare=False)  # two rows may say the same
    reference: str = ""
    text: str = ""
    kind: str = ""
    language: str = ""
    translated_by: str = ""
    said_on: str = ""
    speaker: str = ""
    speaker_kind: str = ""
    described_as: str = ""
    organisation: str = ""
    title: str = ""
    article_url: str = ""  # normalised
    headline: str = ""
    publisher: str = ""
    published_on: str = ""
    locator: str = ""
    basis: str = ""
    occasion: str = ""
    place: str = ""
    topics: tuple[str, ...] | str = ()
    attribution: str = ""
    attribution_reason: str = ""
    status: str = ""

    @property
    def own_id(self) -> int | None:
        """The number of our own quote that the reference names: #123."""
        match = _OWN_KEY.fullmatch(self.reference)
        return int(match[1]) if match else None


COLUMNS = tuple(each.name for each in fields(Row) if each.name != "line")


def row_from(line: int, cells: list[str]) -> Row | list[Problem]:
    """The row, cleaned, or everything that is wrong with it."""
    values: list[Any] = []
    problems = []
    for name, clean, cell in zip(COLUMNS, _CLEANERS, cells, strict=True):
        value: Any = cell.strip() if cell else ""
        if value:
            try:
                value = clean(value)
            except ValidationError as error:
                problems.append(Problem(line, name, " ".join(error.messages)))
            except ValueError as error:
                problems.append(Problem(line, name, str(error)))
        values.append(value)
    row = Row(line, *values)
    problems += [Problem(line, *each) for each in _contradictions(row)]
    return problems or row


# --- One cell -----------------------------------------------------------------------------------------

_Cleaner = Callable[[str], Any]


def _by(model: Any, name: str) -> _Cleaner:
    column = model._meta.get_field(name)
    return lambda text: column.clean(text, None)


def _one_of(known: list[str]) -> _Cleaner:
    def clean(text: str) -> str:
        if (value := text.casefold()) in known:
            return value
        raise ValueError(
            _("“%(value)s” is not known here. Write one of: %(known)s.")
            % {"value": text[:50], "known": ", ".join(known)}
        )

    return clean


def _day(model: Any, name: str) -> _Cleaner:
    clean_text = _by(model, name)

    def clean(text: str) -> Any:
        day = clean_text(text)
        if has_not_come(day):
            raise ValueError(str(NOT_COME_YET))
        return day

    return clean


def _reference(text: str) -> str:
    if text.startswith("#") and not _OWN_KEY.fullmatch(text):
        raise ValueError(_("With # it is the number of one of our quotes, such as #123."))
    return str(Quote._meta.get_field("reference").clean(text, None))


def _topics(text: str) -> tuple[str, ...]:
    clean = _by(Topic, "name")
    return tuple(dict.fromkeys(clean(each.strip()) for each in text.split(";") if each.strip()))


def _url(text: str) -> str:
    try:
        return normalise_url(text)
    except AddressError as error:
        raise ValueError(str(error)) from error


_BY_COLUMN: dict[str, _Cleaner] = {
    "reference": _reference,
    "text": _by(Citation, "text"),
    "kind": _one_of(Quote.Kind.values),
    "language": _by(Citation, "language"),
    "translated_by": _by(Citation, "translated_by"),
    "said_on": _day(Quote, "said_on"),
    "speaker": _by(Speaker, "name"),
    "speaker_kind": _one_of(Speaker.Kind.values),
    "described_as": _by(Quote, "speaker_described_as"),
    "organisation": _by(Speaker, "name"),
    "title": _by(Position, "title"),
    "article_url": _url,
    "headline": _by(Article, "headline"),
    "publisher": _by(Publisher, "name"),
    "published_on": _day(Article, "published_on"),
    "locator": _by(Citation, "locator"),
    "basis": _one_of(Citation.Basis.values),
    "occasion": _by(Occasion, "name"),
    "place": _by(Occasion, "place"),
    "topics": _topics,
    "attribution": _one_of(Quote.Attribution.values),
    "attribution_reason": _by(Quote, "attribution_reason"),
    "status": _one_of([str(each.value) for each in RECORDABLE]),
}
_HARDLY_REPEATED = {"reference", "text"}
_CLEANERS = tuple(
    _BY_COLUMN[name] if name in _HARDLY_REPEATED else lru_cache(maxsize=20_000)(_BY_COLUMN[name])
    for name in COLUMNS
)


# --- The whole row ------------------------------------------------------------------------------------


def _contradictions(row: Row) -> list[tuple[str, str]]:
    found = []
    if not row.text:
        found.append(("text", _("Give the words.")))
    elif is_in_quotation_marks(row.text):
        found.append(("text", str(NO_OUTER_MARKS)))
    if not row.article_url and not (row.headline and row.publisher):
        found.append(
            ("article_url", _("Give the source: its address, or its headline and publisher."))
        )
    if row.attribution not in ("", _UNVERIFIED) and not row.attribution_reason:
        why = _("Give the reason: what confirms it, who disputes it, or why it is not theirs.")
        found.append(("attribution_reason", why))
    found += _named_wrongly(row)
    return found


def _named_wrongly(row: Row) -> list[tuple[str, str]]:
    if row.speaker and row.described_as:
        return [("described_as", _("Give a speaker or a description of an unnamed one, not both."))]
    if row.described_as:
        if row.title:
            return [("title", _("Who is not named has no position: put it into described_as."))]
        if row.speaker_kind:
            return [("speaker_kind", _("It goes with a speaker, and none is given."))]
        return []
    if not row.speaker:
        return [("speaker", _("Give the speaker, or describe one whom the source does not name."))]
    if bool(row.organisation) != bool(row.title):
        missing = "title" if row.organisation else "organisation"
        return [(missing, _("A position has a title and an organisation: give both."))]
    if row.title and row.speaker_kind == _ORGANISATION:
        return [("title", _("Only a person holds a position."))]
    return []
