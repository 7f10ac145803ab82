"""The desk's forms for occasions and topics."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import dates
from tracker.models import Occasion, Quote, Topic

from .desk import AddressedAdmin

__all__ = ["OccasionAdmin", "TopicAdmin"]


class OccasionAdmin(AddressedAdmin):
    fields = ("name", "kind", "held_on", ("place", "city", "country"), "time_zone")
    list_display = ("named", "kind", "where", "held")
    list_filter = ("kind",)
    search_fields = ("name", "place", "city", "country", "held_on")

    @admin.display(description=_("name"), ordering="name")
    def named(self, occasion: Occasion) -> str:
        return occasion.named()

    @admin.display(description=_("place"), ordering="place")
    def where(self, occasion: Occasion) -> str:
        return occasion.where

    @admin.display(description=_("held on"), ordering="held_earliest")
    def held(self, occasion: Occasion) -> str:
        return (
            dates.reading(occasion.held_on, get_language() or "en", short=True)
            if occasion.held_on
            else ""
        )

    def choice_label(self, record: Occasion) -> str:
        return " · ".join(filter(None, [record.named(), record.city, self.held(record)]))


class TopicAdmin(AddressedAdmin):
    fields = ("name", "subject")
    autocomplete_fields = ("subject",)
    list_display = ("name", "subject")
    list_select_related = ("subject",)
    search_fields = ("name", "subject__name", "subject__aliases__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return super().get_queryset(request).select_related("subject")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With the quotes that are about them, which would lose it: they need it as they need a speaker."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        quotes = Quote.objects.filter(topics__in=[topic.pk for topic in objs]).distinct()
        needing = [
            format_html(
                '{}: <a href="{}">{}</a>',
                capfirst(Quote._meta.verbose_name),
                reverse("admin:tracker_quote_change", args=[quote.pk]),
                quote,
            )
            for quote in quotes.select_related("speaker", "lead")
        ]
        return found, counts, lacking, [*protected, *needing]
