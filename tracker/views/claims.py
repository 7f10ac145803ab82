"""The address of a claim; its page is made elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from tracker.models import Claim

from .methods import reading_only

__all__ = ["claim_detail", "claim_list"]


@reading_only
def claim_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    claim = get_object_or_404(Claim.objects.open_to_readers(), pk=pk)
    return HttpResponse(claim.text, content_type="text/plain; charset=utf-8")


@reading_only
def claim_list(request: HttpRequest) -> HttpResponse:
    texts = Claim.objects.open_to_readers().values_list("text", flat=True)
    return HttpResponse("\n".join(texts), content_type="text/plain; charset=utf-8")
