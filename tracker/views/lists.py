"""The list of quotes, and how any page answers when only its list has changed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from .keeping import kept_while_nothing_changes
from .listing import list_quotes
from .methods import reading_only

__all__ = ["quote_list", "swap_or_page"]


@reading_only
@kept_while_nothing_changes
def quote_list(request: HttpRequest, *, stamp: int | None) -> HttpResponse:
    """All quotes, filtered by the query string."""
    listed = list_quotes(reverse("quotes"), request.GET, stamp=stamp)
    return swap_or_page(request, "quotes/list.html", {"listed": listed, "start": True})


def swap_or_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    rest: Callable[[], dict[str, Any]] = dict,
    part: str = "quotes/_list.html",
) -> HttpResponse:
    """The whole page; or its list alone, when htmx asks for that. `rest` is what only the whole page needs,
    `part` the template of the list.

    The address that the browser then shows is the list's own, without empty filters.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request:
        response = render(request, part, context)
        response["HX-Push-Url"] = context["listed"].url
    elif any(not value.strip() for _name, values in request.GET.lists() for value in values):
        return redirect(context["listed"].url)  # a form without scripts sends its empty fields too
    else:
        response = render(request, template, context | rest())
    if not context["listed"].is_whole:
        add_never_cache_headers(response)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
