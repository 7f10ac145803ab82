"""The desk's forms for occasions and topics."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import dates
from tracker.models import Occasion, Topic

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
