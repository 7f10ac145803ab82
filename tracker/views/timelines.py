"""What somebody said about one topic over time: in its order, with the office held then, and how words answer words.

The quotes are those that the index answers with; which of them stand beside each other is decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from tracker import records, search
from tracker.filters import Chosen, QuoteFilterSet
from tracker.models import JointSpeaker, Position, Quote, QuoteLink, Speaker, Topic

from .addresses import at_slug_or_404, elsewhere
from .keeping import kept_while_nothing_changes
from .methods import reading_only

__all__ = ["speaker_topic"]

_ON_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """A quote in a timeline. `office` is what its speaker had become since the one before, '' when the same."""

    row: records.QuoteRow
    said: records.DateReading
    office: str
    mentions: list[records.Mention]

    @property
    def is_turn(self) -> bool:
        return any(each.is_back and each.turns for each in self.mentions)


@reading_only
@kept_while_nothing_changes
def speaker_topic(
    request: HttpRequest, slug: str, topic_slug: str, *, stamp: int | None
) -> HttpResponse:
    """The timeline of one speaker and one topic; not found where they said nothing about it.

    It is made anew when the `stamp` changes, and needs it for nothing else.
    """
    speaker = at_slug_or_404(Speaker.objects.known_to_readers(), slug)
    topic = at_slug_or_404(Topic.objects.with_quotes().select_related("subject"), topic_slug)
    if moved := elsewhere(request, reverse("speaker-topic", args=[speaker.slug, topic.slug])):
        return moved
    of_whom = {
        "speaker": records.speaker_link(speaker.name, speaker.slug),
        "listed": speaker.listed,
        "topic": records.topic_record(topic),
        "as_list": urlencode({"speaker": speaker.slug, "topic": topic.slug}),
    }
    page = _page(_question(request.GET, speaker, topic), speaker, topic)
    return render(request, "speakers/topic.html", of_whom | page)


def _page(question: search.Question, speaker: Speaker, topic: Topic) -> dict[str, Any]:
    """The quotes of one page, undated ones apart, and the ways to the pages around it. Raises Http404 for an empty one."""
    found = search.answer(question, facets=False)
    if not found.quotes:
        raise Http404
    moments = list(_moments(found.quotes, speaker, topic))
    return {
        "count": search.count(replace(question, after=None, before=None)),
        "dated": [each for each in moments if each.said.known],
        "undated": [each for each in moments if not each.said.known],
        "previous_url": f"?before={found.ids[0]}" if found.has_previous else "",
        "next_url": f"?after={found.ids[-1]}" if found.has_next else "",
    }


def _question(query: QueryDict, speaker: Speaker, topic: Topic) -> search.Question:
    """One page of their quotes on the topic, the earliest first. Raises Http404 for a page that cannot be."""
    page = QueryDict(mutable=True)
    for name in ("after", "before"):
        page.setlist(name, query.getlist(name))
    fixed = {
        "speaker": Chosen(speaker.slug, speaker.name, speaker.pk, speaker.slug),
        "topic": Chosen(topic.slug, topic.name, topic.pk, topic.slug),
    }
    question = QuoteFilterSet(page, fixed=fixed).question
    if question is None:
        raise Http404
    return replace(question, order="oldest", size=_ON_A_PAGE)


def _moments(quotes: list[search.ShownQuote], speaker: Speaker, topic: Topic) -> Iterator[Moment]:
    ids = [quote.id for quote in quotes]
    links = QuoteLink.objects.open_to_readers().touching(ids).within(speaker.pk, topic.pk)
    mentions = records.mentions(list(links.to_show().in_time()), set(ids))
    held = _held(ids, speaker)
    before: Position | None = None
    for quote, row in zip(quotes, records.rows(quotes, own=speaker.pk), strict=True):
        then = held.get(quote.id) if quote.said_on else None
        office = records.office_since(then) if then and before and _differ(then, before) else ""
        before = then or before  # an office that is not recorded is no change
        yield Moment(row, records.date_reading(quote.said_on), office, mentions.get(quote.id, []))


def _held(quotes: list[int], speaker: Speaker) -> dict[int, Position]:
    """The position that the speaker held at each of these quotes, where it is recorded."""
    own = Quote.objects.filter(pk__in=quotes, speaker=speaker, position__isnull=False)
    joint = JointSpeaker.objects.filter(
        quote__in=quotes, speaker=speaker, position__isnull=False
    ).order_by()
    held = list(
        own.order_by()
        .values_list("pk", "position")
        .union(joint.values_list("quote", "position"), all=True)
    )
    known = Position.objects.select_related("organisation").in_bulk({pk for _quote, pk in held})
    return {quote: known[pk] for quote, pk in held}


def _differ(one: Position, other: Position) -> bool:
    """Whether they are two offices, and not two terms of one."""
    return (one.title, one.organisation_id) != (other.title, other.organisation_id)
