"""Every address of the site. No logic here: an address names its view."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from tracker.views import (
    checks,
    claim_lists,
    claims,
    corrections,
    health,
    lists,
    names,
    pages,
    places,
    quotes,
    sitemaps,
    sources,
    speakers,
    timelines,
)
from tracker.views.addresses import IdConverter, SlugConverter

register_converter(IdConverter, "id")
register_converter(SlugConverter, "name")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("quotes/", lists.quote_list, name="quotes"),
    path("quotes/<id:pk>/", quotes.quote_detail, name="quote-bare"),
    path("quotes/<id:pk>/<name:slug>/", quotes.quote_detail, name="quote"),
    path("claims/", claim_lists.claim_list, name="claims"),
    path("claims/<id:pk>/", claims.claim_detail, name="claim-bare"),
    path("claims/<id:pk>/<name:slug>/", claims.claim_detail, name="claim"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("check/", checks.check, name="check"),
    path("speakers/", speakers.speaker_list, name="speakers"),
    path("speakers/<name:slug>/", speakers.speaker_detail, name="speaker"),
    path(
        "speakers/<name:slug>/topics/<name:topic_slug>/",
        timelines.speaker_topic,
        name="speaker-topic",
    ),
    path("names/", names.names, name="names"),
    path("articles/", sources.article_list, name="articles"),
    path("articles/<id:pk>/", sources.article_detail, name="article-bare"),
    path("articles/<id:pk>/<name:slug>/", sources.article_detail, name="article"),
    path("publishers/<name:slug>/", sources.publisher_detail, name="publisher"),
    path("occasions/<name:slug>/", places.occasion_detail, name="occasion"),
    path("topics/", places.topic_list, name="topics"),
    path("topics/<name:slug>/", places.topic_detail, name="topic"),
    path("about/", pages.about, {"url": "/about/"}, name="about"),
    re_path(r"^(?P<url>about/.+)$", pages.about, name="about-page"),
    path("language/<slug:code>/", pages.language, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_section, name="sitemap-section"),
    path("admin/", admin.site.urls),
]
