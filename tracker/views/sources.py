"""The pages of articles and publishers. Private sources have none, and are counted in none."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import records, search
from tracker.models import Article, Capture, Citation, Correction, Publisher, Quote

from .addresses import at_slug_or_404, elsewhere
from .methods import reading_only
from .paging import page_of

__all__ = ["article_detail", "article_list", "publisher_detail"]

_SHOWN_BESIDE = 10  # other articles on the same occasion, and copies


@reading_only
def article_list(request: HttpRequest) -> HttpResponse:
    """Every article that gives a quote, the newest first."""
    page = page_of(request, _counted(Article.objects.all()))
    context = {"articles": _with_counts(page.rows), "page": page}
    return render(request, "articles/list.html", context)


@reading_only
def article_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """What we know of one article, and its quotes in order of appearance."""
    chain = records.chained([pk]).get(pk, [])
    if not (chain and chain[0].has_page):  # type: ignore[attr-defined]
        raise Http404
    if moved := elsewhere(request, chain[0].get_absolute_url()):
        return moved
    page = page_of(request, _in_order_of_appearance(pk))
    article = records.article_record(chain[0])
    context = {
        "article": article,
        "chain": records.chain_of(chain),
        "page": page,
        "rows": records.rows(search.shown(each.pk for each in page.rows), in_article=pk),
        "occasions": _occasions(page.rows),
        "corrections": _corrections(chain[0]),
        "captures": [records.capture_record(each, article) for each in _captures(pk)],
        "others": [records.article_record(each) for each in _on_the_same_occasion(pk)],
    }
    return render(request, "articles/detail.html", context)


@reading_only
def publisher_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An outlet, archive or library: its articles that give a quote."""
    publisher = at_slug_or_404(Publisher.objects.with_quotes(), slug)
    if moved := elsewhere(request, publisher.get_absolute_url()):
        return moved
    page = page_of(request, _counted(Article.objects.filter(publisher=publisher)))
    open_ones = Article.objects.open_to_readers().filter(publisher=publisher)
    cited = Citation.objects.filter(article__in=open_ones)
    context = {
        "publisher": records.publisher_record(publisher),
        "articles": _with_counts(page.rows),
        "page": page,
        "quotes": Quote.objects.published().theirs().filter(pk__in=cited.values("quote")).count(),
    }
    return render(request, "publishers/detail.html", context)


def _counted(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those with a page of their own, with the number of quotes that each gives."""
    published = Exists(Quote.objects.published().filter(pk=OuterRef("quote")))
    given = Citation.objects.filter(published, article=OuterRef("pk"))
    count = given.order_by().values("article").annotate(n=Count("quote", distinct=True)).values("n")
    open_ones = articles.open_to_readers().with_quotes()  # type: ignore[attr-defined]
    counted: QuerySet[Article] = open_ones.select_related("publisher").annotate(
        has_page=Value(True), number_of_quotes=Subquery(count)
    )
    return counted


def _with_counts(articles: list[Any]) -> list[tuple[records.ArticleRecord, int]]:
    return [(records.article_record(each), each.number_of_quotes) for each in articles]


def _in_order_of_appearance(article: int) -> QuerySet[Quote]:
    there = Citation.objects.filter(article=article, quote=OuterRef("pk"))
    first = there.order_by(F("start").asc(nulls_last=True), "pk")
    cited = Citation.objects.filter(article=article).values("quote")
    quotes = Quote.objects.published().filter(pk__in=cited).select_related("occasion")
    return quotes.annotate(
        appears_at=Subquery(first.values("start")[:1]),
        appears_in=Subquery(first.values("pk")[:1]),
    ).order_by(F("appears_at").asc(nulls_last=True), "appears_in")


def _occasions(quotes: list[Quote]) -> list[records.OccasionRecord]:
    found = {quote.occasion_id: quote.occasion for quote in quotes if quote.occasion}
    return [records.occasion_record(each) for each in found.values()]


def _corrections(article: Article) -> tuple[records.CorrectionRecord, ...]:
    found = Correction.objects.open_to_readers().of(article).to_show()
    return records.correction_records(found, own=article)


def _captures(article: int) -> QuerySet[Capture]:
    return Capture.objects.filter(article=article).defer("text")[:_SHOWN_BESIDE]


def _on_the_same_occasion(article: int) -> QuerySet[Article]:
    published = Quote.objects.published()
    occasions = published.filter(citations__article=article, occasion__isnull=False)
    quotes = published.filter(occasion__in=occasions.values("occasion"))
    cited = Citation.objects.filter(quote__in=quotes).values("article")
    others = Article.objects.open_to_readers().filter(pk__in=cited).exclude(pk=article)
    return others.select_related("publisher").annotate(has_page=Value(True))[:_SHOWN_BESIDE]
