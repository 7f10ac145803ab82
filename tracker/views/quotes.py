"""The page of one quote, and what stands there when it may not be shown."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tracker import records, search
from tracker.models import Article, Citation, ClaimQuote, Correction, Quote, QuoteLink

from .addresses import elsewhere
from .methods import reading_only

__all__ = ["quote_detail"]

_SHOWN_BESIDE = 5  # other quotes of the occasion, and of the sources


@reading_only
def quote_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """A published quote at its right address; every other address of it leads there."""
    corrected = Exists(Correction.objects.listed().about_quote(OuterRef("pk")))
    whole = Quote.objects.to_show().select_related("joined_into__speaker", "joined_into__lead")
    quote = get_object_or_404(whole.annotate(is_corrected=corrected), pk=pk)
    if not quote.is_published:
        return _withdrawn(request, quote)
    moved = elsewhere(request, quote.get_absolute_url())
    return moved or render(request, "quotes/detail.html", _page(quote))


def _withdrawn(request: HttpRequest, quote: Quote) -> HttpResponse:
    """Gone (RFC 9110, 15.5.11), or joined into another quote. What readers never saw is simply not there."""
    if not quote.is_withdrawn:
        raise Http404
    into = quote.joined_into
    if into and into.is_published:
        return redirect(into.get_absolute_url(), permanent=True)
    bare = reverse("quote-bare", args=[quote.pk])
    if request.path != bare:
        # Not for good: it may be published again, and a browser would then go round in circles.
        return redirect(bare)
    gone = {"category": quote.get_withdrawal_category_display()}
    return render(request, "410.html", gone, status=410)


def _page(quote: Quote) -> dict[str, Any]:
    same_occasion, of_occasion = _first(_of_the_occasion(quote), but=quote)
    same_source, _of_sources = _first(_of_the_sources(quote), but=quote)
    links = list(QuoteLink.objects.open_to_readers().touching([quote.pk]).to_show())
    linked = {pk for each in links for pk in (each.earlier_id, each.later_id)} - {quote.pk}
    shown = search.shown(dict.fromkeys([*same_occasion, *same_source, *sorted(linked)]))
    beside = {row.id: row for row in records.rows(shown)}
    claims = ClaimQuote.objects.of_open_claims().filter(quote=quote).with_findings()
    return {
        "quote": records.quote_record(quote),
        "corrections": _corrections(quote),
        "links": records.links_of(quote, links, beside),
        "claims": records.claims_beside(claims),
        "same_occasion": [beside[pk] for pk in same_occasion if pk in beside],
        "of_occasion": of_occasion,
        "same_source": [beside[pk] for pk in same_source if pk in beside],
    }


def _corrections(quote: Any) -> tuple[records.CorrectionRecord, ...]:
    """Its own and those of its links; few quotes have any."""
    if not quote.is_corrected:
        return ()
    told = Correction.objects.open_to_readers().to_show().about_quote(quote.pk)
    return records.correction_records(told, own=quote)


def _first(quotes: QuerySet[Quote], *, but: Quote) -> tuple[list[int], int]:
    """The ids of the first few others, and how many quotes there are with this one."""
    counted = quotes.annotate(total=Window(Count("pk"))).values_list("pk", "total")
    found = list(counted[: _SHOWN_BESIDE + 1])
    others = [pk for pk, _total in found if pk != but.pk]
    return others[:_SHOWN_BESIDE], found[0][1] if found else 0


def _of_the_occasion(quote: Quote) -> QuerySet[Quote]:
    if quote.occasion_id is None:
        return Quote.objects.none()
    same = Quote.objects.published().theirs().filter(occasion=quote.occasion_id)
    return same.order_by("said_earliest", "pk")


def _of_the_sources(quote: Quote) -> QuerySet[Quote]:
    """Quotes of its sources that are open to readers, those of its occasion apart, which have a list of their own."""
    sources = Article.objects.open_to_readers().filter(citations__quote=quote)
    cited = Citation.objects.filter(article__in=sources).values("quote")
    found = Quote.objects.published().theirs().filter(pk__in=cited)
    if quote.occasion_id is not None:
        found = found.exclude(occasion=quote.occasion_id)
    return found.order_by("said_earliest", "pk")
