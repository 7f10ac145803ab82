"""The desk's forms for speakers, their other names and their positions."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.models import Position, Quote, Seen, Speaker, SpeakerAlias, seen_of_position

from . import doubts
from .correcting import (
    CorrectingAdmin,
    CorrectingForm,
    correction_tool,
    quotes_changed,
)
from .desk import (
    AddressedAdmin,
    PartForm,
    PartFormSet,
    RecordAdmin,
    StackedPart,
    TabularPart,
    Tool,
    is_id,
)

__all__ = ["PositionAdmin", "SpeakerAdmin"]


class _AliasFormSet(PartFormSet):
    said_once = ("name",)

    def compared(self, value: str) -> str:
        return SpeakerAlias.as_compared(value or "")


class _AliasInline(TabularPart):
    model = SpeakerAlias
    formset = _AliasFormSet
    fields = ("name", "language")


class _PositionForm(PartForm):
    def clean(self) -> dict[str, Any]:
        """What stands under quotes is changed where readers can be told why."""
        cleaned = super().clean() or self.cleaned_data
        changed = [name for name in ("title", "organisation") if name in self.changed_data]
        if self.instance.pk and changed and _seen_in(self.instance).exists():
            address = reverse("admin:tracker_position_change", args=[self.instance.pk])
            told = gettext("Change it in the position's own form, which asks for the reason.")
            link = format_html('{} <a href="{}">{}</a>', _reach(self.instance), address, told)
            self.add_error(changed[0], ValidationError(link))
        return cleaned


class _PositionInline(StackedPart):
    model = Position
    form = _PositionForm
    fk_name = "person"
    fields = (("title", "organisation"), ("kind", "since", "until"))
    autocomplete_fields = ("organisation",)
    verbose_name_plural = _("Positions: what they were, where, from when to when")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).select_related("person", "organisation")


class SpeakerAdmin(AddressedAdmin):
    parts = ((SpeakerAlias, "speaker"), (Position, "person"))
    inlines = (_AliasInline, _PositionInline)
    fields = ("name", "sort_name", "kind", "description", "wikidata_id", "listed")
    list_display = ("name", "sort_name", "kind", "description", "quotes_here", "listed")
    list_filter = ("kind", "listed")
    search_fields = ("name", "aliases__name", "wikidata_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        theirs = Quote.objects.filter(speaker=OuterRef("pk")).order_by().values("speaker")
        count = Coalesce(Subquery(theirs.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(quote_count=count)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By name or alias as readers find them, whatever the case; or by the Wikidata number."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        named = Speaker.objects.named_like(term).values("pk")
        return queryset.filter(Q(pk__in=named) | Q(wikidata_id__iexact=term)), False

    @admin.display(description=_("quotes"), ordering="quote_count")
    def quotes_here(self, speaker: Any) -> int:
        return int(speaker.quote_count)

    def doubts(self, record: Speaker) -> list[str]:
        return doubts.of_speaker(record)

    def tools(self, request: HttpRequest, record: Speaker) -> list[Tool]:
        return [*super().tools(request, record), *correction_tool(request, record)]

    def choice_label(self, record: Speaker) -> str:
        return f"{record.name} — {record.description}" if record.description else record.name


class PositionAdmin(CorrectingAdmin, RecordAdmin):
    form = CorrectingForm
    autocomplete_fields = ("person", "organisation")
    list_display = ("title", "person", "organisation", "kind", "period")
    list_display_links = ("title",)
    list_filter = ("kind",)
    list_select_related = ("person", "organisation")
    search_fields = (
        *("title", "person__name", "person__aliases__name"),
        *("organisation__name", "organisation__aliases__name"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).select_related("person", "organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Beside a speaker who is chosen already: theirs only. See static/admin-desk.js."""
        person = request.GET.get("person", "")
        if person:
            queryset = queryset.filter(person=person) if is_id(person) else queryset.none()
        return super().get_search_results(request, queryset, search_term)

    def choice_label(self, record: Position) -> str:
        return f"{record} ({record.period})" if record.period else str(record)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ("person", "organisation", "title", "kind", "since", "until")
        return self.with_note(((None, {"fields": fields}),), request, obj)

    def tools(self, request: HttpRequest, record: Position) -> list[Tool]:
        return [*super().tools(request, record), *correction_tool(request, record)]

    # --- what stands under quotes -----------------------------------------------------------------

    def readers_have_seen(self, record: Position | None) -> bool:
        return record is not None and _seen_in(record).exists()

    def what_readers_see(self, record: Position) -> list[Seen]:
        return seen_of_position(record)

    def reach(self, record: Position) -> str:
        return _reach(record)


def _seen_in(position: Position) -> QuerySet[Quote]:
    """The quotes that readers saw as said in it, alone or jointly; what is held was published before."""
    held = Q(position=position) | Q(joint_speakers__position=position)
    return Quote.objects.filter(held, published_at__isnull=False).distinct()


def _reach(position: Position) -> str:
    count = _seen_in(position).published().count()  # type: ignore[attr-defined]
    return quotes_changed(count) if count else ""
