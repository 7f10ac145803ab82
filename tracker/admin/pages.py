"""The desk's form for the pages that it writes itself: about, method, contact. They are shown as they are typed."""

from typing import Any

from django.contrib.flatpages.admin import FlatPageAdmin
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tracker import sanitizing

__all__ = ["PageAdmin"]


class _PageForm(FlatpageForm):
    def clean_content(self) -> str:
        try:
            return sanitizing.clean_page(str(self.cleaned_data["content"]))
        except sanitizing.UnsafeText as error:
            raise ValidationError(str(error)) from error


class PageAdmin(FlatPageAdmin):
    form = _PageForm

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "sites": [Site.objects.get_current().pk],
            **super().get_changeform_initial_data(request),
        }

    def save_model(self, request: HttpRequest, obj: FlatPage, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        cache.delete("about-pages")  # which every page's footer remembers for a minute

    def get_view_on_site_url(self, obj: FlatPage | None = None) -> str | None:
        return obj.get_absolute_url() if obj else None
