"""The pages of who speaks: the list of speakers, and each one's own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import records, search
from tracker.filters import Chosen, SpeakerFilterSet
from tracker.models import ClaimQuote, Correction, Position, Quote, Speaker

from .addresses import at_slug_or_404, elsewhere
from .asked import Tick
from .keeping import kept_while_nothing_changes
from .listing import QuoteList, list_quotes
from .lists import swap_or_page
from .methods import reading_only

__all__ = ["speaker_detail", "speaker_list"]

_ON_A_PAGE = 100
_CLAIMS = 5
_FEWEST_IN_TIME, _TIMELINES = 2, 12  # quotes of a topic that are told over time, and such topics
_SHOWN_BESIDE = 10  # of what is wrongly attributed, and of an organisation's people


@dataclass(frozen=True, slots=True)
class Counted:
    """A speaker or a position, how many quotes it has, and the share of the largest number in percent."""

    record: Any
    count: int
    share: int


def _counted(records_of: Any, rows: list[Any], counts: dict[int, int]) -> list[Counted]:
    most = max((counts.get(row.pk, 0) for row in rows), default=0) or 1
    return [
        Counted(records_of(row), count, round(100 * count / most))
        for row in rows
        for count in [counts.get(row.pk, 0)]
    ]


@reading_only
def speaker_list(request: HttpRequest) -> HttpResponse:
    """Everybody with quotes, by name; `q` looks in names and aliases."""
    filters = SpeakerFilterSet(request.GET)
    found = list(filters.speakers().prefetch_related("aliases")[: _ON_A_PAGE + 1])
    page = found[:_ON_A_PAGE]
    counts = search.counted("speaker", [each.pk for each in page])
    further = request.GET.copy()
    if len(found) > _ON_A_PAGE:
        further["after"] = page[-1].slug
    context = {
        "filters": filters,
        "asked": request.GET.get("q", ""),
        "speakers": _counted(records.speaker_record, page, counts),
        "next_url": f"?{further.urlencode()}" if len(found) > _ON_A_PAGE else "",
        "is_further": "after" in request.GET,
    }
    return render(request, "speakers/list.html", context)


@reading_only
@kept_while_nothing_changes
def speaker_detail(request: HttpRequest, slug: str, *, stamp: int | None) -> HttpResponse:
    """One speaker: names, positions, quotes, and apart from them what is wrongly attributed."""
    corrected = Exists(Correction.objects.listed().about_speaker(OuterRef("pk")))
    known = Speaker.objects.known_to_readers().annotate(is_corrected=corrected)
    speaker = at_slug_or_404(known.prefetch_related("aliases"), slug)
    path = speaker.get_absolute_url()
    if moved := elsewhere(request, path):
        return moved
    fixed = {"speaker": Chosen(speaker.slug, speaker.name, speaker.pk, speaker.slug)}
    listed = list_quotes(path, request.GET, fixed=fixed, beside=_wrongly(speaker), stamp=stamp)
    context = {"speaker": records.speaker_record(speaker), "listed": listed, "own_page": True}

    def beside() -> dict[str, Any]:
        glance = {} if listed.is_narrowed else _at_a_glance(speaker, listed, stamp)
        return _beside(speaker) | glance

    return swap_or_page(request, "speakers/detail.html", context, beside)


def _wrongly(speaker: Speaker) -> search.Question:
    """What is attributed to them and is not theirs."""
    misattributed = (str(Quote.Attribution.MISATTRIBUTED),)
    return search.Question(speakers=(speaker.pk,), attributions=misattributed, size=_SHOWN_BESIDE)


def _beside(speaker: Speaker) -> dict[str, Any]:
    """What a person was, or who was with an organisation, each with the number of quotes said then."""
    known = Speaker.objects.known_to_readers().filter(pk=OuterRef("organisation"))
    positions = Position.objects.select_related("person", "organisation")
    positions = positions.annotate(organisation_has_page=Exists(known))
    if speaker.is_organisation:
        theirs = positions.filter(organisation=speaker, person__listed=True)
        rows = theirs.with_number_of_quotes(at_least=1)[:_SHOWN_BESIDE]
    else:
        rows = positions.filter(person=speaker).with_number_of_quotes()
    counts = {row.pk: row.number_of_quotes for row in rows}  # type: ignore[attr-defined]
    return {
        "positions": _counted(records.position_record, list(rows), counts),
        "corrections": _corrections(speaker),
    }


def _corrections(speaker: Any) -> tuple[records.CorrectionRecord, ...]:
    """Few speakers have any."""
    if not speaker.is_corrected:
        return ()
    told = Correction.objects.open_to_readers().to_show().about_speaker(speaker.pk)
    return records.correction_records(told, own=speaker)


def _at_a_glance(speaker: Speaker, listed: QuoteList, stamp: int | None) -> dict[str, Any]:
    """Their claims, and the topics that they spoke of again: where nothing narrows the list, as on their plain page."""
    claims, many = _claims(speaker)
    timelines = _timelines(speaker, listed, stamp)
    return {"claims": claims, "claims_count": many, "timelines": timelines}


def _claims(speaker: Speaker) -> tuple[list[records.ClaimBeside], int]:
    """The newest of what they claimed, and how many claims there are in all."""
    try:
        ids, many = search.claims_of(speaker.pk, _CLAIMS)
    except search.TooSlow:
        return [], 0
    if not ids:
        return [], 0
    quotes = ClaimQuote.objects.claimed_by(speaker.pk).filter(claim__in=ids).with_findings()
    beside = {each.id: each for each in records.claims_beside(quotes)}
    return [beside[pk] for pk in ids if pk in beside], many


def _timelines(
    speaker: Speaker, listed: QuoteList, stamp: int | None
) -> list[Tick] | list[search.FacetCount]:
    """The topics on which they said something more than once, as far as the days are known.

    The numbers beside a list that nothing narrows tell it, unless it has quotes without a date.
    """
    if not listed.undated:
        topics = next((each.ticks for each in listed.facets if each.name == "topic"), [])
        return [each for each in topics if each.count >= _FEWEST_IN_TIME][:_TIMELINES]
    dated = search.Question(speakers=(speaker.pk,), said_from=date.min, size=0)
    try:
        counted = search.answer(dated, stamp=stamp).facets.get("topic", [])
    except search.TooSlow:
        return []
    return [each for each in counted if each.count >= _FEWEST_IN_TIME][:_TIMELINES]
