"""What readers have seen is not changed unseen: the desk asks what kind of change it is, and notes it for readers.

What a correction is, and where it is told, the model says; here it is asked for when a form is saved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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

from tracker import dates
from tracker.models import (
    CORRECTABLE,
    Claim,
    Correction,
    FieldChange,
    Position,
    Quote,
    QuoteLink,
    Review,
)

from .desk import RecordForm, Tool

__all__ = [
    "CorrectingAdmin",
    "CorrectingForm",
    "Seen",
    "correction_tool",
    "quotes_changed",
    "seen_of_claim",
    "seen_of_link",
    "seen_of_position",
    "seen_of_quote",
    "seen_of_review",
]

_NAMES = ("correction_kind", "correction_text")
_KINDS = [
    (kind.value, kind.label) for kind in Correction.Kind if kind != Correction.Kind.WITHDRAWAL
]
_LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that readers are told of a record: `key` tells whether it is the same, `words` are what they read.

    `part` is the row of the record that it stands in. Only what `is_text` can have a typing error.
    """

    label: str
    key: Any
    words: str
    is_text: bool = False
    part: Any = None


def _text_of(label: str, words: str, part: Any = None) -> Seen:
    return Seen(label, words, words, is_text=True, part=part)


class _Unexplained(Exception):
    """What was to be saved changes what readers have seen, and they are not told why."""

    def __init__(self, changes: list[FieldChange], reach: str, no_typo: str) -> None:
        super().__init__()
        self.changes, self.reach, self.no_typo = changes, reach, no_typo


def seen_of_quote(quote: Quote) -> list[Seen]:
    """Its words, as each source gives them, its speaker, date and position."""
    said = dates.reading(quote.said_on, "en") if quote.said_on else ""
    position = quote.position.title_and_organisation if quote.position else ""
    who = (quote.speaker_id, quote.speaker_described_as)
    others = quote.citations.exclude(pk=quote.lead_id or 0).order_by("pk")
    return [
        _text_of("words", quote.text),
        *(_text_of("words", each.text, each.pk) for each in others if each.gives_the_words),
        Seen("speaker", who, str(quote.speaker or quote.speaker_described_as)),
        Seen("said on", quote.said_on, said),
        Seen("position then", quote.position_id, position),
    ]


def seen_of_position(position: Position) -> list[Seen]:
    """Its title, which stands under quotes."""
    return [_text_of("title", position.title)]


def seen_of_claim(claim: Claim) -> list[Seen]:
    """Its words, its kind and when it is due."""
    due = dates.reading(claim.due, "en") if claim.due else ""
    return [
        _text_of("claim", claim.text),
        Seen("kind", claim.kind, claim.get_kind_display()),
        Seen("due", claim.due, due),
    ]


def seen_of_link(link: QuoteLink) -> list[Seen]:
    """What it does, what we say of it, and its two quotes."""
    return [
        Seen("what it does", link.kind, link.get_kind_display()),
        _text_of("note", link.note),
        Seen("later quote", link.later_id, str(link.later)),
        Seen("earlier quote", link.earlier_id, str(link.earlier)),
    ]


def seen_of_review(review: Review) -> list[Seen]:
    """Its verdict, ours or the outlet's own, its summary and its day."""
    verdict = review.verdict.label if review.verdict else ""
    return [
        Seen("verdict", review.verdict_id, verdict),
        Seen("verdict there", review.rating_there, review.rating_there),
        _text_of("summary", review.summary),
        Seen("reviewed on", review.reviewed_on, dates.reading(str(review.reviewed_on), "en")),
    ]


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
        given = self.cleaned_data["correction_text"].replace("\r\n", "\n").strip()
        return str(Correction._meta.get_field("text").clean(given, None)) if given else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, text = (cleaned.get(name, "") for name in _NAMES)
        broken = any(name in self.errors for name in _NAMES)
        if kind and not text and kind != Correction.Kind.TYPO and not broken:
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

    def what_readers_see(self, record: Any) -> list[Seen]:
        """What is not changed without a note."""
        raise NotImplementedError

    def readers_have_seen(self, record: Any) -> bool:
        """Whether readers saw it as it stood, or may have: what is held was published before."""
        return record is not None and record.published_at is not None

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
        compared = _changed(form.seen_before, self._seen(record))
        changes = [FieldChange(now.label, then.words, now.words) for then, now in compared]
        no_typo = _no_typo([now.label for _then, now in compared if not now.is_text])
        kind, text = (form.cleaned_data.get(name, "") for name in _NAMES)
        if (changes and not kind) or (no_typo and kind == Correction.Kind.TYPO):
            raise _Unexplained(changes, self.reach(record), no_typo)
        if kind and (changes or kind != Correction.Kind.TYPO):
            by: Any = request.user
            Correction.objects.note(record, kind=kind, text=text, by=by, changes=changes)

    def _fresh(self, record: Any) -> Any:
        return self.model._base_manager.get(pk=record.pk)

    def _seen(self, record: Any) -> list[Seen]:
        with translation.override("en"):  # as it is stored: pages say it in the reader's language
            return self.what_readers_see(record)


def _changed(before: Iterable[Seen], after: Iterable[Seen]) -> list[tuple[Seen, Seen]]:
    """What readers were told of and still are, but otherwise: as it was, and as it is."""
    known = {(each.label, each.part): each for each in before}
    both = ((known.get((now.label, now.part)), now) for now in after)
    return [(then, now) for then, now in both if then and then.key != now.key]


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
