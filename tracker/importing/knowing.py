"""What the entries of a record stand for: what is on record already is known again, what is new is saved.

It loads no entry of its own, and lets whatever the models refuse name the entry that it comes from.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from tracker import models
from tracker.models import Editor, Refused
from tracker.models.addresses import AddressError

from .entries import Named, RecordError, label_of

__all__ = [
    "Known",
    "cleaned",
    "in_order",
    "naming",
    "not_there",
    "part_of",
    "values",
    "was_deleted",
]

_Record = TypeVar("_Record", bound=Model)


class Known:
    """Of one load: what the names in the record stand for, and what is new so far."""

    def __init__(self, by: Editor) -> None:
        self.by = by
        self.named: dict[tuple[type, str], Any] = {}
        self.positions: dict[tuple[str, ...], models.Position | None] = {}
        self.new: dict[tuple[type, int], str] = {}  # the label of every new record

    def recorded(self, label: str, candidate: Any, *keys: dict[str, Any]) -> Any:
        """The record that this entry was loaded as before, or else the candidate, saved."""
        return self.known(label, type(candidate), *keys) or self.save(label, candidate)

    def recorded_once(self, label: str, candidate: Any, *keys: dict[str, Any]) -> Any:
        """The same, but None for what an editor has deleted since."""
        if was_deleted(type(candidate), *keys):
            return None
        return self.recorded(label, candidate, *keys)

    def known(self, label: str, model: Any, *keys: dict[str, Any]) -> Any:
        known = next((record for key in keys if (record := _by_key(model, key))), None)
        if known and (other := self.new.get((model, known.pk))):
            raise RecordError(
                _("%(entry)s: it is in this record twice, also as %(other)s.")
                % {"entry": label, "other": other}
            )
        return known

    def save(self, label: str, record: Any) -> Any:
        record._history_user = self.by
        with naming(label, record):
            record.full_clean()
            record.save()
        self.new[type(record), record.pk] = label
        return record

    def publish(self, label: str, record: Any) -> None:
        """By whoever loads it; by nobody where two editors are asked for, since a record comes from elsewhere."""
        by = None if record.must_not_publish(self.by) else self.by
        with naming(label, record):
            record.publish(by=by)

    def is_new(self, record: Any) -> bool:
        return (type(record), record.pk) in self.new

    def find(self, label: str, model: Any, name: Any) -> Any:
        """What the record names; None for no name."""
        if not name:
            return None
        if isinstance(name, str) and (model, name) in self.named:
            return self.named[model, name]
        raise not_there(label, model, name)

    def need(self, label: str, model: Any, name: Any) -> Any:
        """What the record names, and it must name something; None for what the load has left out."""
        if not name:
            raise not_there(label, model, "")
        return self.find(label, model, name)

    def position(self, label: str, speaker: str | None, given: list | None) -> Any:
        if given is None:
            return None
        held = (speaker or "", *map(str, given))
        if held in self.positions:
            return self.positions[held]
        raise not_there(label, models.Position, ", ".join(held))


def in_order(
    entries: Named, model: Any, earlier: Callable[[Any], str | None], circle: str
) -> list[str]:
    """The keys of entries, each after that of the entry it names; `circle` says why it may not name itself."""
    for key, entry in entries.items():
        if (name := earlier(entry)) and name not in entries:
            raise not_there(label_of(model, key), model, name)
    graph = {key: list(filter(None, [earlier(entry)])) for key, entry in entries.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise RecordError(circle % {"entry": label_of(model, error.args[1][0])}) from error


def was_deleted(model: Any, *keys: dict[str, Any]) -> bool:
    if any(_by_key(model, key) for key in keys):
        return False
    return any(model.history.filter(**key).exists() for key in keys)


def _by_key(model: Any, key: dict[str, Any]) -> Any:
    """The record that has these values, or had them before an editor changed it; None when there is none."""
    had = model.history.filter(**key).values("id")
    return (
        model.objects.filter(**key).order_by("pk").first()
        or model.objects.filter(pk__in=had).order_by("pk").first()
    )


def cleaned(label: str, record: _Record) -> _Record:
    """The record with every column cleaned, so that it can be compared with what is stored."""
    with naming(label, record):
        record.clean_fields()
    return record


@contextmanager
def naming(label: str, record: Any) -> Iterator[None]:
    """Let what the models refuse name the entry that it comes from."""
    try:
        yield
    except ValidationError as error:
        raise RecordError(f"{label}: {_in_words(error, record)}") from error
    except (AddressError, Refused) as error:
        raise RecordError(f"{label}: {error}") from error


def _in_words(error: ValidationError, record: Any) -> str:
    said = []
    for name, messages in error.message_dict.items():
        words = " ".join(messages)
        if name != NON_FIELD_ERRORS:
            words = f"{record._meta.get_field(name).verbose_name}: {words}"
        said.append(words)
    return " ".join(said)


def not_there(label: str, model: Any, name: Any) -> RecordError:
    return RecordError(
        _("%(entry)s: there is no %(kind)s “%(name)s” in this record.")
        % {"entry": label, "kind": model._meta.verbose_name, "name": name}
    )


def values(entry: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        each.name: getattr(entry, each.name) for each in fields(entry) if each.name not in without
    }


def part_of(label: str, raw: Any, goes_by: str) -> str:
    """The label of an entry inside another one."""
    return f"{label}, {raw.get(goes_by) if isinstance(raw, dict) else raw}"
