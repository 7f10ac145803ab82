"""The page of one claim, and what stands there when it may not be shown."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tracker import linked_data, records
from tracker.models import Claim

from .addresses import elsewhere
from .methods import reading_only

__all__ = ["claim_detail"]


@reading_only
def claim_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """A published claim that a published quote makes, at its right address; every other one leads there."""
    claim = get_object_or_404(Claim.objects.to_show(), pk=pk)
    if not claim.is_open_to_readers:
        return _withdrawn(request, claim)
    if moved := elsewhere(request, claim.get_absolute_url()):
        return moved
    record = records.claim_record(claim)
    data = linked_data.claim_data(record)
    return render(request, "claims/detail.html", {"claim": record, "linked_data": data})


def _withdrawn(request: HttpRequest, claim: Claim) -> HttpResponse:
    """Gone (RFC 9110, 15.5.11). What readers never saw, or what is held, is simply not there."""
    if not claim.is_withdrawn:
        raise Http404
    bare = reverse("claim-bare", args=[claim.pk])
    if request.path != bare:
        # Not for good: it may be published again, and a browser would then go round in circles.
        return redirect(bare)
    gone = {"category": claim.get_withdrawal_category_display()}
    return render(request, "claims/withdrawn.html", gone, status=410)
