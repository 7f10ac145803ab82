"""The desk's form for a link between two quotes: how later words answer earlier ones."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.models import Quote, QuoteLink, Seen, seen_of_link

from .correcting import CorrectingAdmin, CorrectingForm, correction_tool
from .desk import RecordAdmin, Tool
from .moving import MovingAdmin
from .narrowing import WaitingFilter
from .writing import WrittenAdmin

__all__ = ["QuoteLinkAdmin", "link_tool"]


def link_tool(request: HttpRequest, quote: Quote) -> list[Tool]:
    """The button that opens a link from this quote back to an earlier one."""
    if not request.user.has_perm("tracker.add_quotelink"):
        return []
    address = f"{reverse('admin:tracker_quotelink_add')}?{urlencode({'later': quote.pk})}"
    return [Tool(gettext("Link it to an earlier quote"), address)]


class QuoteLinkAdmin(CorrectingAdmin, WrittenAdmin, MovingAdmin, RecordAdmin):
    form = CorrectingForm
    autocomplete_fields = ("later", "earlier", "asserted_in")
    readonly_fields = (
        *("status", "published_at", "withdrawn_at", "withdrawal_category", "withdrawal_reason"),
        *("created_at", "updated_at", "written_by"),
    )
    list_display = ("later_words", "kind", "earlier_words", "status")
    list_display_links = ("later_words",)
    list_filter = ("status", WaitingFilter, "kind")
    search_fields = (
        *("note", "later__citations__text", "later__speaker__name"),
        *("earlier__citations__text", "earlier__speaker__name", "=id"),
    )
    search_help_text = _("Words of the note or of either quote, the name of a speaker or a number.")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        what = (None, {"fields": ("later", "kind", "earlier", "note", "asserted_in")})
        if obj is None:
            return (what,)
        desk: tuple[Any, ...] = (("status", "written_by"), ("published_at", "updated_at"))
        if obj.is_withdrawn:
            desk = (*desk, ("withdrawn_at", "withdrawal_category", "withdrawal_reason"))
        return self.with_note((what, (_("For the desk"), {"fields": desk})), request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuoteLink]:
        quotes = [
            f"{each}__{name}" for each in ("later", "earlier") for name in ("speaker", "lead")
        ]
        return super().get_queryset(request).select_related(*quotes)

    def is_locked(self, record: Any) -> bool:
        """As it is stored: the record of a form that was refused holds what was typed."""
        if not super().is_locked(record):
            return False
        stored = QuoteLink.objects.filter(pk=record.pk).first()
        return stored is None or stored.needs_two()

    def has_page(self, record: QuoteLink) -> bool:
        return QuoteLink.objects.open_to_readers().filter(pk=record.pk).exists()

    def tools(self, request: HttpRequest, record: QuoteLink) -> list[Tool]:
        tools = super().tools(request, record)
        return tools + correction_tool(request, record) if record.is_published else tools

    def what_readers_see(self, record: QuoteLink) -> list[Seen]:
        return seen_of_link(record)

    @admin.display(description=_("later quote"), ordering="later__said_earliest")
    def later_words(self, link: QuoteLink) -> str:
        return Truncator(str(link.later)).chars(80)

    @admin.display(description=_("earlier quote"), ordering="earlier__said_earliest")
    def earlier_words(self, link: QuoteLink) -> str:
        return Truncator(str(link.earlier)).chars(80)
