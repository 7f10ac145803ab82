"""The site map: every page that search engines may keep, by its full address (sitemaps.org, 0.9)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker.models import (
    Article,
    Claim,
    JointSpeaker,
    Occasion,
    Publisher,
    Quote,
    Speaker,
    Topic,
)

from .methods import reading_only

__all__ = ["sitemap_index", "sitemap_section"]


class _Section(Sitemap):
    """Addresses at BASE_URL, whatever the host that the map was asked at."""

    limit = 10_000
    protocol = urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


class _Pages(_Section):
    def items(self) -> list[str]:
        return ["home", "quotes", "speakers", "articles", "topics", "check", "corrections"]

    def location(self, item: str) -> str:
        return reverse(item)


class _AboutPages(_Section):
    def items(self) -> QuerySet[FlatPage]:
        open_ones = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
        return open_ones.filter(url__startswith="/about/").order_by("url")


class _Quotes(_Section):
    def items(self) -> QuerySet[Quote]:
        unlisted = Speaker.objects.exclude(listed=True)
        joint = JointSpeaker.objects.filter(speaker__in=unlisted)
        quotes = Quote.objects.published().select_related("speaker", "lead").order_by("pk")
        return quotes.exclude(speaker__in=unlisted).exclude(pk__in=joint.values("quote"))

    def lastmod(self, item: Quote) -> datetime:
        return item.updated_at


class _Claims(_Section):
    def items(self) -> QuerySet[Claim]:
        found = Claim.objects.open_to_readers().order_by("pk")
        return found.exclude(pk__in=Claim.objects.of_unlisted())

    def lastmod(self, item: Claim) -> datetime:
        return item.updated_at


class _Speakers(_Section):
    def items(self) -> QuerySet[Speaker]:
        return Speaker.objects.listed().with_quotes().order_by("pk")


class _Articles(_Section):
    def items(self) -> QuerySet[Article]:
        found = Article.objects.open_to_readers().with_quotes()
        return found.select_related("publisher").order_by("pk")

    def lastmod(self, item: Article) -> datetime:
        return item.updated_at


class _Named(_Section):
    """Publishers, occasions or topics with quotes."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def items(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._default_manager.with_quotes()  # type: ignore[attr-defined]
        return found.order_by("pk")


_SECTIONS: dict[str, _Section] = {
    "pages": _Pages(),
    "about": _AboutPages(),
    "quotes": _Quotes(),
    "claims": _Claims(),
    "speakers": _Speakers(),
    "articles": _Articles(),
    "publishers": _Named(Publisher),
    "occasions": _Named(Occasion),
    "topics": _Named(Topic),
}


@reading_only
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The maps of all sections, each in parts of at most 10,000 addresses."""
    parts = [
        f"{settings.BASE_URL}{reverse('sitemap-section', args=[name])}?p={number}"
        for name, section in _SECTIONS.items()
        for paginator in [section.paginator]  # counts once
        for number in paginator.page_range
        if paginator.count
    ]
    return render(request, "sitemap_index.xml", {"parts": parts}, content_type="application/xml")


@reading_only
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One part of one section's map."""
    return views.sitemap(request, _SECTIONS, section=section)  # type: ignore[arg-type]
