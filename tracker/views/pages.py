"""The front page, the pages about the site, the choice of language, and what machines ask for."""

from typing import Any

from django.conf import settings
from django.contrib.flatpages.views import flatpage
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from tracker import records, search
from tracker.models import Article, Correction, Quote, Review, Speaker

from .methods import reading_only

__all__ = ["about", "favicon", "home", "language", "robots"]

_LATEST = 6
_LATEST_BESIDE = 5  # reviews, and corrections
_MOST_QUOTED = 8
_LONGEST_FEATURED = 120
_A_YEAR = 365 * 24 * 60 * 60
_MINUTES = 600

about = reading_only(flatpage)


@reading_only
def home(request: HttpRequest) -> HttpResponse:
    """Search, the latest quotes, reviews and corrections, the most quoted speakers, how much is on record."""
    newest = search.answer(search.Question(size=_LATEST), facets=False).quotes
    latest = records.rows(newest)
    featured = min(filter(_can_be_featured, latest), key=_foreign, default=None)
    context = {
        "featured": featured,
        "latest": [row for row in latest if row is not featured],
        "most_quoted": _most_quoted(),
        "numbers": _numbers(),
        "reviews": records.review_rows(_latest_reviews()),
        "corrections": records.correction_records(Correction.objects.to_list()[:_LATEST_BESIDE]),
    }
    return render(request, "home.html", context)


def _latest_reviews() -> QuerySet[Review]:
    """In the order of the days that are shown with them."""
    return Review.objects.newest().order_by("-reviewed_on", "-pk")[:_LATEST_BESIDE]


def _can_be_featured(row: records.QuoteRow) -> bool:
    short = len(row.words.text) <= _LONGEST_FEATURED
    return short and row.words.kind == Quote.Kind.DIRECT and not row.attribution.loud


def _foreign(row: records.QuoteRow) -> bool:
    """Whether the words are in another language than the reader's; of those that are not, the latest goes first."""
    return not records.same_language(row.words.language, get_language() or "en")


def _most_quoted() -> list[tuple[records.SpeakerRow, int, int]]:
    """Speakers with their number of quotes and its share of the largest one, in percent."""
    counts = dict(search.most_counted("speaker", 2 * _MOST_QUOTED))
    listed = Speaker.objects.listed().in_bulk(counts)
    found = sorted(listed.values(), key=lambda each: (-counts[each.pk], each.sort_name, each.pk))
    most = max((counts[each.pk] for each in found), default=1)
    return [
        (records.speaker_in_list(each), counts[each.pk], round(100 * counts[each.pk] / most))
        for each in found[:_MOST_QUOTED]
    ]


def _numbers() -> dict[str, Any]:
    """How many quotes, speakers and articles, and the years in which the quotes were said."""
    known = search.on_record()
    # Of each speaker and article it must be asked whether it has quotes: that may be minutes old.
    counted: Any = cache.get_or_set("speakers-and-articles", _speakers_and_articles, _MINUTES)
    speakers, articles = counted
    return {
        "quotes": known.quotes,
        "speakers": speakers,
        "articles": articles,
        "first": known.first,
        "last": known.last,
    }


def _speakers_and_articles() -> tuple[int, int]:
    articles = Article.objects.open_to_readers().with_quotes()
    return Speaker.objects.listed().with_quotes().count(), articles.count()


@reading_only
@never_cache
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Go back to the page that the reader came from, in another language. Raises Http404 for an unknown one."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = redirect(back if safe and back.startswith("/") else "home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_A_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@reading_only
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers ask by themselves, for pages that do not name it."""
    return redirect(static("favicon.svg"), permanent=False)


@reading_only
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may ask for (RFC 9309)."""
    context = {"base_url": settings.BASE_URL}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")
