"""The pages of occasions and topics: what quotes have in common."""

from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import records, search
from tracker.models import Occasion, Quote, Speaker, Topic

from .addresses import at_slug_or_404, elsewhere
from .methods import reading_only
from .paging import page_of

__all__ = ["occasion_detail", "topic_detail", "topic_list"]

_LATEST = 20


@reading_only
def topic_list(request: HttpRequest) -> HttpResponse:
    """Every topic with a quote, by name, with the number of quotes."""
    page = page_of(request, Topic.objects.with_quotes().select_related("subject"), size=200)
    counts = search.counted("topic", [each.pk for each in page.rows])
    most = max(counts.values(), default=1)
    found = [
        (records.topic_record(each), count, round(100 * count / most))
        for each in page.rows
        for count in [counts.get(each.pk, 0)]
    ]
    return render(request, "topics/list.html", {"topics": found, "page": page})


@reading_only
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic and its latest quotes; the whole list, with filters, is one link away."""
    subjects = Speaker.objects.known_to_readers().filter(pk=OuterRef("subject"))
    topics = Topic.objects.with_quotes().select_related("subject")
    topic = at_slug_or_404(topics.annotate(subject_has_page=Exists(subjects)), slug)
    if moved := elsewhere(request, topic.get_absolute_url()):
        return moved
    theirs = search.Question(topics=(topic.pk,), size=_LATEST)
    wrongly = replace(theirs, attributions=(str(Quote.Attribution.MISATTRIBUTED),))
    context = {
        "topic": records.topic_record(topic),
        "rows": records.rows(search.answer(theirs, facets=False).quotes),
        "count": search.count(theirs).count,
        "wrongly": search.count(wrongly).count,
    }
    return render(request, "topics/detail.html", context)


@reading_only
def occasion_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Where and when words were spoken, and its quotes in their order."""
    occasion = at_slug_or_404(Occasion.objects.with_quotes(), slug)
    if moved := elsewhere(request, occasion.get_absolute_url()):
        return moved
    quotes = Quote.objects.published().filter(occasion=occasion)
    ids = quotes.order_by("said_earliest", "pk").values_list("pk", flat=True)
    page = page_of(request, ids)
    context = {
        "occasion": records.occasion_record(occasion),
        "rows": records.rows(search.shown(page.rows)),
        "page": page,
    }
    return render(request, "occasions/detail.html", context)
