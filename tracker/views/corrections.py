"""The page that lists every correction."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import records
from tracker.models import Correction

from .methods import reading_only
from .paging import page_of

__all__ = ["correction_list"]

_ON_A_PAGE = 30


@reading_only
def correction_list(request: HttpRequest) -> HttpResponse:
    """What was put right here, the newest first."""
    page = page_of(request, Correction.objects.to_list(), size=_ON_A_PAGE)
    context = {"corrections": records.correction_records(page.rows), "page": page}
    return render(request, "corrections/list.html", context)
