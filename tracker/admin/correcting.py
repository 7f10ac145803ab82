"""What readers have seen is not changed unseen: the desk asks what kind of change it is, and notes it for readers.

What a correction is, and where it is told, the model says; here it is asked for when a form is saved.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker.models import CORRECTABLE, Correction, FieldChange, Seen, seen_changed

from .desk import RecordForm, Tool

__all__ = [
    "CorrectingAdmin",
    "CorrectingForm",
    "correction_tool",
    "quotes_changed",
]

_NAMES = ("correction_kind", "correction_text")
_KINDS = [
    (kind.value, kind.label) for kind in Correction.Kind if kind != Correction.Kind.WITHDRAWAL
]
_LONGEST_SHOWN = 300


class _Unexplained(Exception):
    """What was to be saved changes what readers have seen, and they are not told why."""

    def __init__(
        self, changes: list[FieldChange], reach: str, no_typo: str, must_hold: str = ""
    ) -> None:
        super().__init__()
        self.changes, self.reach, self.no_typo = changes, reach, no_typo
        self.must_hold = must_hold  # why no explanation is enough


def correction_tool(request: HttpRequest, record: Any) -> list[Tool]:
    """The button that opens a correction of this record."""
    if not request.user.has_perm("tracker.add_correction"):
        return []
    name = next(name for name, model in CORRECTABLE.items() if isinstance(record, model))
    address = f"{reverse('admin:tracker_correction_add')}?{urlencode({name: record.pk})}"
    return [Tool(gettext("Add a correction"), address)]


class CorrectingForm(RecordForm):
    """A form with room for a note to readers. `unexplained` is what was to be saved without one."""

    unexplained: _Unexplained | None = None

    correction_kind = forms.ChoiceField(
        label=_("What kind of change is it?"), choices=[("", "---------"), *_KINDS], required=False
    )
    correction_text = forms.CharField(
        label=_("For readers: what was wrong"),
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        required=False,
        help_text=_("In a sentence. Of a typo readers are told nothing."),
    )

    @property
    def changed_data(self) -> list[str]:
        """Without the note, which is no part of the record."""
        return [name for name in super().changed_data if name not in _NAMES]

    def clean_correction_text(self) -> str:
        return Correction.sentence(self.cleaned_data["correction_text"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, text = (cleaned.get(name, "") for name in _NAMES)
        broken = any(name in self.errors for name in _NAMES)
        if self.unexplained and self.unexplained.must_hold:
            self.add_error(None, self.unexplained.must_hold)
        elif kind and not text and kind != Correction.Kind.TYPO and not broken:
            self.add_error(_NAMES[1], _("Say in a sentence for readers what was wrong."))
        elif text and not kind and not broken:
            self.add_error(_NAMES[0], _("Choose what kind of change it is."))
        elif self.unexplained and not kind:
            self.add_error(_NAMES[0], _("Choose what kind of change it is."))
            self.add_error(None, ValidationError(_told(self.unexplained)))
        elif self.unexplained and self.unexplained.no_typo and kind == Correction.Kind.TYPO:
            self.add_error(_NAMES[0], self.unexplained.no_typo)
        return cleaned


class CorrectingAdmin(admin.ModelAdmin):
    """For records of which some words are not changed unseen: a mixin, before the admins that it extends."""

    what_readers_see: Callable[[Any], list[Seen]]  # of a record, what is not changed without a note

    def readers_have_seen(self, record: Any) -> bool:
        """Whether readers saw it as it stood, or may have: what is held was published before."""
        return record is not None and record.published_at is not None

    def must_hold(self, record: Any) -> str:
        """Why what readers were told of a record is not changed before it is held; '' when it may be."""
        return ""

    def reach(self, record: Any) -> str:
        """How far a change of it goes, in a sentence."""
        return ""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.unexplained = getattr(request, "unexplained", None)
        if not self._asks(request, obj):
            form.base_fields = {n: f for n, f in form.base_fields.items() if n not in _NAMES}
        return form

    def with_note(self, fieldsets: Any, request: HttpRequest, obj: Any) -> Any:
        """These fieldsets, and of what readers have seen one more, for the note."""
        if not self._asks(request, obj):
            return fieldsets
        told = _(
            "Readers have seen it. When what they were told is changed, say why: it is listed with the corrections."
        )
        note = {"fields": _NAMES, "description": told, "classes": ("collapse", "desk-correcting")}
        return (*fieldsets, (_("Correction"), note))

    def _asks(self, request: HttpRequest, obj: Any) -> bool:
        locked = self.is_locked(obj)  # type: ignore[attr-defined]
        may_change = self.has_change_permission(request, obj)
        return self.readers_have_seen(obj) and may_change and not locked

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (
            _Unexplained
        ) as unexplained:  # nothing is saved: the same form again, with the question
            request.unexplained = unexplained  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self._fresh(obj) if change else None
        form.seen_before = self._seen(before) if self.readers_have_seen(before) else None
        super().save_model(request, obj, form, change)

    def explain(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Note for readers what was changed, or refuse to change it."""
        super().explain(request, form, change)  # type: ignore[misc]
        if form.seen_before is None:
            return
        record = self._fresh(form.instance)
        compared = seen_changed(form.seen_before, self._seen(record))
        changes = [FieldChange(now.label, then.words, now.words) for then, now in compared]
        no_typo = _no_typo([now.label for _then, now in compared if not now.is_text])
        kind, text = (form.cleaned_data.get(name, "") for name in _NAMES)
        must_hold = self.must_hold(record) if changes else ""
        if must_hold or (changes and not kind) or (no_typo and kind == Correction.Kind.TYPO):
            raise _Unexplained(changes, self.reach(record), no_typo, must_hold)
        if kind and (changes or kind != Correction.Kind.TYPO):
            by: Any = request.user
            Correction.objects.note(record, kind=kind, text=text, by=by, changes=changes)

    def _fresh(self, record: Any) -> Any:
        return self.model._base_manager.get(pk=record.pk)

    def _seen(self, record: Any) -> list[Seen]:
        with translation.override("en"):  # as it is stored: pages say it in the reader's language
            return self.what_readers_see(record)


def _no_typo(labels: list[str]) -> str:
    """Why what is changed is more than a typing error; '' when it may be one."""
    if not labels:
        return ""
    told = gettext("More than spelling is changed: %(fields)s. Choose another kind of change.")
    return told % {"fields": ", ".join(gettext(label) for label in labels)}


def _told(unexplained: _Unexplained) -> str:
    """What readers have seen and will see, and what is asked for."""
    nothing = gettext("nothing")
    each = format_html_join(
        " ",
        "{}",
        (
            (
                gettext("%(field)s: readers have seen “%(before)s” and will see “%(after)s”.")
                % {
                    "field": capfirst(gettext(change.field)),
                    "before": Truncator(change.before).chars(_LONGEST_SHOWN) or nothing,
                    "after": Truncator(change.after).chars(_LONGEST_SHOWN) or nothing,
                },
            )
            for change in unexplained.changes
        ),
    )
    asked = gettext(
        "Nothing is saved yet. Say below, under “Correction”, what kind of change it is and what was wrong; then save again."
    )
    there = gettext("To the correction")
    link = format_html('<a href="#id_correction_kind">{}</a>', there)
    return format_html("{} {} {} {}", each, unexplained.reach, asked, link)


def quotes_changed(count: int) -> str:
    """“It changes 41 published quotes.”"""
    told = ngettext(
        "It changes %(count)d published quote.", "It changes %(count)d published quotes.", count
    )
    return told % {"count": count}
