"""The list of claims."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .claim_listing import list_claims
from .keeping import kept_while_nothing_changes
from .lists import swap_or_page
from .methods import reading_only

__all__ = ["claim_list"]


@reading_only
@kept_while_nothing_changes
def claim_list(request: HttpRequest, *, stamp: int | None) -> HttpResponse:
    """All claims that are open to readers, filtered by the query string."""
    listed = list_claims(reverse("claims"), request.GET, stamp=stamp)
    context = {"listed": listed, "start": True}
    return swap_or_page(request, "claims/list.html", context, part="claims/_list.html")
