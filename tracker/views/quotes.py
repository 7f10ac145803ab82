"""The page of one quote, and what stands there when it may not be shown."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tracker import records, search
from tracker.models import Article, Citation, ClaimQuote, Correction, Quote, QuoteLink

from .addresses import elsewhere
from .methods import reading_only

__all__ = ["quote_detail"]

_SHOWN_BESIDE = 5  # other quotes of the occasion, and of the sources
_TAKEN_FOR = 20  # quotes that are wrongly taken for somebody else's


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
    around = _around(quote)
    links = list(QuoteLink.objects.open_to_readers().touching([quote.pk]).to_show())
    linked = {pk for each in links for pk in (each.earlier_id, each.later_id)} - {quote.pk}
    named = {pk for found in around.values() for pk in found.ids}
    shown = search.shown(sorted(linked | named))
    beside = {row.id: row for row in records.rows(shown)}
    rows = {name: [beside[pk] for pk in around[name].ids if pk in beside] for name in around}
    claims = ClaimQuote.objects.of_open_claims().filter(quote=quote).with_findings()
    return {
        **rows,
        "quote": records.quote_record(quote),
        "corrections": _corrections(quote),
        "links": records.links_of(quote, links, beside),
        "claims": records.claims_beside(claims),
        "of_occasion": around["same_occasion"].total,
    }


def _corrections(quote: Any) -> tuple[records.CorrectionRecord, ...]:
    """Its own and those of its links; few quotes have any."""
    if not quote.is_corrected:
        return ()
    told = Correction.objects.open_to_readers().to_show().about_quote(quote.pk)
    return records.correction_records(told, own=quote)


@dataclass(slots=True)
class _Found:
    """The ids of the first few of some quotes, and how many there are, with the one that is asked for."""

    ids: list[int] = field(default_factory=list)
    total: int = 0


def _around(quote: Quote) -> dict[str, _Found]:
    """What else was said on its occasion and in its sources, what is wrongly attributed of it, and the quote that
    it really is: one statement for all of it.
    """
    parts = (
        _first("same_occasion", _of_the_occasion(quote), _SHOWN_BESIDE + 1),
        _first("same_source", _of_the_sources(quote), _SHOWN_BESIDE + 1),
        _first("taken_for", _taken_for(quote), _TAKEN_FOR),
    )
    found = {"same_occasion": _Found(), "same_source": _Found(), "taken_for": _Found()}
    found["whose"] = _Found([quote.true_quote_id] if quote.true_quote_id else [])
    for name, _place, pk, total in sorted(parts[0].union(*parts[1:], all=True)):
        found[name].total = total
        if pk != quote.pk:
            found[name].ids.append(pk)
    for name in ("same_occasion", "same_source"):
        del found[name].ids[_SHOWN_BESIDE:]
    return found


def _first(name: str, quotes: QuerySet[Quote], most: int) -> QuerySet[Any]:
    """The first of these quotes in order of time: under this name, by its place, with how many there are in all."""
    in_time = [F("said_earliest").asc(nulls_last=True), F("pk").asc()]
    numbered = quotes.order_by().annotate(
        part=Value(name, output_field=CharField()),
        place=Window(RowNumber(), order_by=in_time),
        total=Window(Count("pk")),
    )
    return numbered.filter(place__lte=most).values_list("part", "place", "pk", "total")


def _of_the_occasion(quote: Quote) -> QuerySet[Quote]:
    if quote.occasion_id is None:
        return Quote.objects.none()
    return Quote.objects.published().theirs().filter(occasion=quote.occasion_id)


def _of_the_sources(quote: Quote) -> QuerySet[Quote]:
    """Quotes of its sources that are open to readers, those of its occasion apart, which have a list of their own."""
    sources = Article.objects.open_to_readers().filter(citations__quote=quote)
    cited = Citation.objects.filter(article__in=sources).values("quote")
    found = Quote.objects.published().theirs().filter(pk__in=cited)
    if quote.occasion_id is not None:
        found = found.exclude(occasion=quote.occasion_id)
    return found


def _taken_for(quote: Quote) -> QuerySet[Quote]:
    """The misattributed ones whose words really are this quote."""
    misattributed = Quote.Attribution.MISATTRIBUTED
    return Quote.objects.published().filter(true_quote=quote, attribution=misattributed)
