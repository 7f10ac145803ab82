"""What became of a record and of its parts: who changed what and when, on one page. It changes nothing.

A part is a row that an editor sees as belonging to a record, such as a quote's citation, with a history of its own.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from simple_history.admin import SimpleHistoryAdmin

from tracker.models.fields import ComputedField, DayField

__all__ = [
    "Change",
    "Entry",
    "HistoryAdmin",
    "Parts",
    "changed_since",
    "entries",
    "last_change",
    "version_of",
]

# The parts of a record: each a model, and its field that names the record.
Parts = tuple[tuple[type[models.Model], str], ...]

# Times and places that follow from what else is told.
_NOT_TOLD = {
    *("id", "created_at", "updated_at", "published_at", "withdrawn_at", "attributed_at"),
    *("selectors", "start", "end", "anchored_in", "checked_in", "checked_at", "fragment"),
    "dismissed_in",
}
_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row: what stood there, what stands there since. '' is nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row added, changed or deleted. `part` is '' for the record itself; `version` its row of history."""

    at: datetime
    who: str
    what: str
    part: str
    changes: list[Change]
    version: int | None
    history_id: int


def version_of(record: models.Model, parts: Parts) -> str:
    """What an open form remembers, to find out on saving whether anybody was faster."""
    return ".".join(str(row.history_id if row else 0) for row in _newest(record, parts))


def last_change(record: models.Model, parts: Parts) -> tuple[str, datetime]:
    """Who changed the record or a part of it last, and when."""
    newest = max(filter(None, _newest(record, parts)), key=lambda row: row.history_date)
    return _who(newest), newest.history_date


def _newest(record: models.Model, parts: Parts) -> list[Any]:
    asked = [(type(record), "id"), *parts]
    return [
        model.history.filter(**{key: record.pk})  # type: ignore[attr-defined]
        .select_related("history_user")
        .order_by("-history_id")
        .first()
        for model, key in asked
    ]


def changed_since(record: models.Model, parts: Parts, version: str) -> list[str]:
    """The fields that were changed since this version: “Said on”, “citation: Words”; [] when it is none."""
    known = version.split(".")
    if len(known) != 1 + len(parts) or not all(map(str.isdecimal, known)):
        return []
    fields: dict[str, None] = {}  # each once, in the order of the form
    for last, told in zip(map(int, known), _by_table(type(record), record.pk, parts), strict=True):
        for entry in (entry for entry in told if entry.history_id > last):
            noun = entry.part.partition(":")[0]
            names = [change.field for change in entry.changes]
            fields |= dict.fromkeys(f"{noun}: {name}" if noun else name for name in names)
    return list(fields)


def entries(model: type[models.Model], pk: int, parts: Parts) -> list[Entry]:
    """All that is known of a record and its parts, newest first."""
    found = [entry for told in _by_table(model, pk, parts) for entry in told]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _by_table(model: type[models.Model], pk: int, parts: Parts) -> Iterator[list[Entry]]:
    yield list(_entries_of(model, model.history.filter(id=pk)))  # type: ignore[attr-defined]
    for part, key in parts:
        ever = part.history.filter(**{key: pk}).values("id")  # type: ignore[attr-defined]
        rows = part.history.filter(id__in=ever)  # type: ignore[attr-defined]
        yield list(_entries_of(part, rows, key=f"{key}_id", pk=pk))


def _entries_of(
    model: type[models.Model], rows: Any, key: str = "", pk: int = 0
) -> Iterator[Entry]:
    """The entries of one table. With a key: only while the row was the record's own, or came or went."""
    told = list(rows.select_related("history_user").order_by("history_date", "history_id"))
    values = _Values(model, told)
    before: dict[int, Any] = {}
    for row in told:
        last = before.get(row.id)
        before[row.id] = row
        if key and pk not in {getattr(row, key), getattr(last, key, None)}:
            continue
        gone = row.history_type == "-"
        changes = values.changes(*((row, None) if gone else (last, row)), without=key)
        if row.history_type == "~" and not changes:
            continue
        yield Entry(
            at=row.history_date,
            who=_who(row),
            what={"+": _("added"), "~": _("changed"), "-": _("deleted")}[row.history_type],
            part=values.name_of(row, without=key) if key else "",
            changes=changes,
            version=None if key else row.history_id,
            history_id=row.history_id,
        )


def _who(row: Any) -> str:
    return str(row.history_user) if row.history_user else _("the system")


class _Values:
    """The values of many rows of history in words, with two queries for each model that they point at."""

    def __init__(self, model: type[models.Model], rows: list[Any]) -> None:
        history = model.history.model  # type: ignore[attr-defined]
        self.fields = [
            field
            for field in history.tracked_fields
            if field.name not in _NOT_TOLD and not isinstance(field, DayField | ComputedField)
        ]
        self.many = list(history._history_m2m_fields)
        self.chosen = {field.name: _chosen(history, field, rows) for field in self.many}
        self.names = self._names(rows)

    def changes(self, old: Any, new: Any, *, without: str = "") -> list[Change]:
        """From one row to the next; what both point at is called as it was at that moment."""
        at = (new or old).history_date
        stays = old is not None and new is not None
        found = [
            Change(capfirst(str(field.verbose_name)), before, after)
            for field in self.fields
            if field.attname != without or stays
            for before, after in [(self.said(old, field, at), self.said(new, field, at))]
            if before != after
        ]
        for field in self.many:
            before, after = (self._listed(field, row, at) for row in (old, new))
            if before != after:
                found.append(Change(capfirst(str(field.verbose_name)), before, after))
        return found

    def said(self, row: Any, field: Any, at: datetime) -> str:
        value = getattr(row, field.attname, None)
        if value is None or value == "":
            return ""
        if field.is_relation:
            return self.names[field.remote_field.model].at(value, at)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        return str(dict(field.flatchoices).get(value, value))

    def all(self, row: Any) -> list[Change]:
        """Every field of a row as it was then."""
        return self.changes(None, row)

    def name_of(self, row: Any, *, without: str) -> str:
        """“citation: infrastructure is destiny”: by its words, or else by what it points at beside its record."""
        own = [getattr(row, name, "") for name in ("title", "name", "text")]
        others = [f for f in self.fields if f.is_relation and f.attname != without]
        name = next(
            filter(None, [*own, *(self.said(row, field, row.history_date) for field in others)]), ""
        )
        noun = str(row.instance_type._meta.verbose_name)
        return f"{noun}: {Truncator(name).chars(60)}" if name else f"{noun} #{row.id}"

    def _listed(self, field: Any, row: Any, at: datetime) -> str:
        names = self.names[field.remote_field.model]
        chosen = self.chosen[field.name][row.history_id] if row else []
        return ", ".join(sorted(names.at(pk, at) for pk in chosen))

    def _names(self, rows: list[Any]) -> dict[type[models.Model], "_Names"]:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for field in (field for field in self.fields if field.is_relation):
            wanted[field.remote_field.model] |= {getattr(row, field.attname) for row in rows}
        for field in self.many:
            wanted[field.remote_field.model].update(*self.chosen[field.name].values())
        return {model: _Names(model, ids - {None}) for model, ids in wanted.items()}


class _Names:
    """What records were called at a time, as their own history has it; without one, what they are called now."""

    def __init__(self, model: type[models.Model], ids: set[Any]) -> None:
        relations = [field.name for field in model._meta.fields if field.many_to_one]
        found = model._default_manager.select_related(*relations).in_bulk(ids)
        self.now = {pk: str(record) for pk, record in found.items()}
        self.then: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        if not hasattr(model, "history"):
            return
        rows = model.history.filter(id__in=found).exclude(history_type="-")
        for row in rows.select_related(*relations).order_by("history_date", "history_id"):
            record = row.instance
            for name in relations:
                if (related := getattr(row, name)) is not None:
                    setattr(record, name, related)
            self.then[row.id].append((row.history_date, str(record)))

    def at(self, pk: int, at: datetime) -> str:
        if pk not in self.now:
            return _("#%(id)d (deleted)") % {"id": pk}
        names = self.then[pk]
        last = bisect_right(names, at, key=lambda name: name[0])
        return names[max(last - 1, 0)][1] if names else self.now[pk]


def _chosen(history: Any, field: Any, rows: list[Any]) -> dict[int, list[int]]:
    """By row of history: the ids that the row was linked with."""
    links = getattr(history, field.name).model.objects.filter(
        history__in=[row.history_id for row in rows]
    )
    chosen: dict[int, list[int]] = defaultdict(list)
    for history_id, pk in links.values_list("history_id", f"{field.m2m_reverse_field_name()}_id"):
        chosen[history_id].append(pk)
    return chosen


class HistoryAdmin(SimpleHistoryAdmin):
    """An admin whose history page tells of the record's parts too. A version can be read, not written."""

    parts: Parts = ()
    object_history_template: Any = "admin/tracker/record_history.html"
    object_history_form_template: Any = "admin/tracker/record_version.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        pk, record = self._known(request, object_id)
        told = entries(self.model, pk, self.parts)
        if record is None and not told:
            raise Http404
        pages = Paginator(told, _PER_PAGE)
        page = pages.get_page(request.GET.get("p"))
        context = {"page": page, "page_range": pages.get_elided_page_range(page.number)}
        return self._told(request, self.object_history_template, pk, record, context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return require_safe(self._version_view)(request, object_id, version_id)

    def _version_view(self, request: HttpRequest, object_id: str, version_id: str) -> HttpResponse:
        pk, record = self._known(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        row = self.model.history.filter(id=pk, history_id=version_id).first()
        if row is None:
            raise Http404
        context = {
            "at": row.history_date,
            "who": _who(row),
            "values": _Values(self.model, [row]).all(row),
        }
        return self._told(request, self.object_history_form_template, pk, record, context)

    def _known(self, request: HttpRequest, object_id: str) -> tuple[int, Any]:
        """The id, and the record unless it is deleted."""
        try:
            pk = self.model._meta.pk.clean(unquote(object_id), None)
        except ValidationError as error:
            raise Http404 from error
        record = self.get_queryset(request).filter(pk=pk).first()
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return pk, record

    def _told(
        self, request: HttpRequest, template: str, pk: int, record: Any, context: dict[str, Any]
    ) -> HttpResponse:
        opts = self.model._meta
        name = str(record) if record else f"{capfirst(str(opts.verbose_name))} #{pk}"
        address = f"admin:{opts.app_label}_{opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": Truncator(name).chars(80)},
            "name": name,
            "object": record,
            "pk": pk,
            "opts": opts,
            "changelist_url": reverse(f"{address}_changelist"),
            "change_url": reverse(f"{address}_change", args=[pk]) if record else "",
            "history_url": reverse(f"{address}_history", args=[pk]),
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context)
