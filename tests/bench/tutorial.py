"""An ordinary Django app as tutorials teach it: ListView, django-filter, icontains, Paginator.

It reads the plain database (the variable `PLAIN`), with its ordinary indexes. Gunicorn serves
`tutorial:application`.
"""

# ruff: noqa: DJ008 (its models are never shown by themselves)

import os

import django
import django_filters
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    DEBUG=False,
    SECRET_KEY="for a benchmark on this machine only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"file:{os.environ['PLAIN']}?mode=ro",
            "OPTIONS": {"uri": True},
            "CONN_MAX_AGE": None,
        }
    },
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    INSTALLED_APPS=["django_filters"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {})],
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.db import models  # noqa: E402
from django.db.models import Count, QuerySet  # noqa: E402
from django.db.models.functions import ExtractYear  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import DetailView  # noqa: E402
from django_filters.views import FilterView  # noqa: E402


class _Named(models.Model):
    name = models.TextField()

    class Meta:
        abstract = True
        app_label = "tutorial"


class Speaker(_Named):
    slug = models.TextField()

    class Meta(_Named.Meta):
        managed, db_table = False, "speaker"


class Organisation(_Named):
    class Meta(_Named.Meta):
        managed, db_table = False, "organisation"


class Publisher(_Named):
    class Meta(_Named.Meta):
        managed, db_table = False, "publisher"


class Topic(_Named):
    class Meta(_Named.Meta):
        managed, db_table = False, "topic"


class Article(models.Model):
    url = models.TextField()
    headline = models.TextField()
    publisher = models.ForeignKey(Publisher, models.PROTECT)

    class Meta:
        app_label, managed, db_table = "tutorial", False, "article"


class Quote(models.Model):
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    article = models.ForeignKey(Article, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT)
    kind = models.TextField()
    said_on = models.TextField()
    earliest = models.DateField(null=True)
    text = models.TextField()

    class Meta:
        app_label, managed, db_table = "tutorial", False, "quote"


class QuoteFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="with_words")
    speaker = django_filters.CharFilter(field_name="speaker__slug")
    year = django_filters.NumberFilter(field_name="earliest", lookup_expr="year")

    class Meta:
        model = Quote
        fields: list[str] = []

    def with_words(self, quotes: "QuerySet[Quote]", name: str, words: str) -> "QuerySet[Quote]":
        if words.startswith('"'):
            return quotes.filter(text__icontains=words.strip('"'))
        for word in words.split():
            quotes = quotes.filter(text__icontains=word.strip("*"))
        return quotes


class QuoteList(FilterView):
    filterset_class = QuoteFilter
    paginate_by = 50
    template_name = "list.html"
    queryset = Quote.objects.select_related(
        "speaker", "organisation", "article__publisher", "topic"
    ).order_by(models.F("earliest").desc(nulls_last=True), "-id")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if "facet" in self.request.GET:
            by = self.object_list.order_by().exclude(speaker=None).values("speaker__name")
            context["facet"] = by.annotate(number=Count("id")).order_by("-number")[:20]
        return context


class SpeakerPage(DetailView):
    model = Speaker
    template_name = "speaker.html"

    def get_context_data(self, **kwargs):
        dated = Quote.objects.filter(speaker=self.object, earliest__isnull=False)
        years = dated.values(year=ExtractYear("earliest")).annotate(number=Count("id"))
        return super().get_context_data(**kwargs, years=years.order_by("year"))


_LIST = """<!doctype html><html lang="en"><title>Quotes</title><body>
<form><input name="q" value="{{ filter.form.q.value|default:'' }}"><button>Search</button></form>
<p>{{ paginator.count }} quotes</p>
{% if facet %}<ul>{% for each in facet %}<li class="facet">{{ each.speaker__name }} <b>{{ each.number }}</b></li>{% endfor %}</ul>{% endif %}
{% for quote in object_list %}<article id="quote-{{ quote.pk }}">
<h2><a href="/speakers/{{ quote.speaker.slug }}/">{{ quote.speaker.name }}</a>, {{ quote.organisation.name }}</h2>
<blockquote>{{ quote.text }}</blockquote>
<p>{{ quote.said_on }} · {{ quote.kind }} · {{ quote.topic.name }} ·
<a href="{{ quote.article.url }}">{{ quote.article.headline }}</a>, {{ quote.article.publisher.name }}</p>
</article>{% endfor %}
{% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">Next</a>{% endif %}
</body></html>"""
_SPEAKER = """<!doctype html><html lang="en"><title>{{ object.name }}</title><body><h1>{{ object.name }}</h1>
<ul>{% for each in years %}<li class="year">{{ each.year }} <b>{{ each.number }}</b></li>{% endfor %}</ul></body></html>"""
settings.TEMPLATES[0]["OPTIONS"]["loaders"][0][1][0][1].update(
    {"list.html": _LIST, "speaker.html": _SPEAKER}
)

urlpatterns = [
    path("quotes/", QuoteList.as_view()),
    path("speakers/<str:slug>/", SpeakerPage.as_view()),
]
application = get_wsgi_application()
