"""The pages of who speaks: the list of speakers, and each one's own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import records, search
from tracker.filters import Chosen, SpeakerFilterSet
from tracker.models import Correction, Position, Quote, Speaker

from .addresses import at_slug_or_404, elsewhere
from .keeping import kept_while_nothing_changes
from .listing import list_quotes
from .lists import swap_or_page
from .methods import reading_only

__all__ = ["speaker_detail", "speaker_list"]

_ON_A_PAGE = 100
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
    known = Speaker.objects.known_to_readers().prefetch_related("aliases")
    speaker = at_slug_or_404(known, slug)
    path = speaker.get_absolute_url()
    if moved := elsewhere(request, path):
        return moved
    fixed = {"speaker": Chosen(speaker.slug, speaker.name, speaker.pk, speaker.slug)}
    listed = list_quotes(path, request.GET, fixed=fixed, beside=_wrongly(speaker), stamp=stamp)
    context = {"speaker": records.speaker_record(speaker), "listed": listed, "own_page": True}
    return swap_or_page(request, "speakers/detail.html", context, lambda: _beside(speaker))


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
    corrections = Correction.objects.open_to_readers().to_show().about_speaker(speaker.pk)
    return {
        "positions": _counted(records.position_record, list(rows), counts),
        "corrections": records.correction_records(corrections, own=speaker),
    }
