"""The page of one claim."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tracker.models import Claim

from .addresses import elsewhere
from .methods import reading_only

__all__ = ["claim_detail"]


@reading_only
def claim_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """A claim that is open to readers, at its right address; every other address of it leads there."""
    claim = get_object_or_404(Claim.objects.open_to_readers(), pk=pk)
    moved = elsewhere(request, claim.get_absolute_url())
    return moved or render(request, "claims/detail.html", {"text": claim.text})
