"""The desk's front: its name, the order of its index, and how a record is told apart in a list of choices.

It arranges Django's own site, with which every app registers, and has no site of its own.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .checks import waiting
from .queues import queues

__all__ = ["arrange"]

# The index in the order of the work; what is not named comes last, as Django groups it.
_GROUPS = (
    (_("What was said"), ("Quote", "Occasion", "Topic")),
    (
        _("What can be checked"),
        ("Claim", "Review", "QuoteLink", "Correction", "Scale", "Verdict"),
    ),
    (_("Who said it"), ("Speaker", "Position")),
    (_("Where it stands"), ("Article", "Publisher", "DoubtedCitation")),
    (_("Work in hand"), ("Job",)),
    (_("Pages of the site"), ("FlatPage", "Site")),
)


def arrange(site: AdminSite) -> None:
    """Make this site the editors' desk."""
    site.site_header = _("On Record: the editors' desk")
    site.site_title = _("On Record")
    site.index_title = _("The editors' desk")
    as_registered = site.get_app_list

    def in_order_of_work(request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps: list[Any] = as_registered(request, app_label)
        return apps if app_label else _grouped(apps)

    as_made = site.index

    def with_what_waits(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        waits = {"waiting": waiting(request), "queues": queues(request)}
        return as_made(request, {**waits, **(extra_context or {})})

    site.index = with_what_waits  # type: ignore[method-assign, assignment]
    site.get_app_list = in_order_of_work  # type: ignore[method-assign]
    site.autocomplete_view = _Choices.as_view(admin_site=site)  # type: ignore[method-assign, assignment]


def _grouped(apps: list[Any]) -> list[Any]:
    homes = {model["object_name"]: (app, model) for app in apps for model in app["models"]}
    groups = []
    for name, members in _GROUPS:
        found = [homes.pop(member) for member in members if member in homes]
        if found:
            groups.append(found[0][0] | {"name": name, "models": [model for _app, model in found]})
    for app in apps:
        app["models"] = [model for model in app["models"] if model["object_name"] in homes]
    return [*groups, *(app for app in apps if app["models"])]


class _Choices(AutocompleteJsonView):
    """What an autocomplete field offers: each with what tells it from others of the same name."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "choice_label", None)
        return result | {"text": label(obj)} if label else result
