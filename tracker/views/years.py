"""Quotes or claims by year as a small bar chart: bars of one year, a decade or more, never over twelve, without gaps in time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.search import YearCount

__all__ = ["CLAIMS_BY_YEAR", "QUOTES_BY_YEAR", "ChartWords", "YearBar", "YearBars", "year_bars"]

_MOST_BARS = 12
_STEPS = (1, 10, 25, 50, 100, 250, 1000)
_TALLEST = 60  # pixels
_TALLEST_OF_ONE = 24  # pixels a quote: a few quotes must not look like many
_OPEN_START, _OPEN_END = 1, 9999


@dataclass(frozen=True, slots=True)
class YearBar:
    first: int
    last: int
    count: int
    height: int  # pixels
    label: str  # under the bar
    span: str  # its years
    reading: str  # in full, for who hears it
    url: str  # lists these quotes; '' where there are none


@dataclass(frozen=True, slots=True)
class YearBars:
    bars: list[YearBar]
    step: int  # years in a bar
    title: str
    beside: str  # how many have dates that are too wide for one bar, in words; '' when none has


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What is said of the bars of one noun."""

    many: Callable[[int], str]
    title: Callable[[int], str]  # of bars of so many years
    beside: Callable[[int], str]


def year_bars(
    years: list[YearCount], url: Callable[[int, int], str], words: ChartWords
) -> YearBars | None:
    """The chart of these counts, or None when it would have fewer than two bars.

    What is counted stands in a bar when all of its possible days do, so that a bar lists just what it counts.
    """
    closed = [year for year in years if year.first > _OPEN_START and year.last < _OPEN_END]
    if not closed:
        return None
    first, last = min(year.first for year in closed), max(year.last for year in closed)
    step = next((step for step in _STEPS if last // step - first // step < _MOST_BARS), _STEPS[-1])
    counts: Counter[int] = Counter()
    for year in closed:
        if year.first // step == year.last // step:
            counts[year.first // step] += year.count
    spans = range(first // step, last // step + 1)
    if len(spans) < 2:
        return None
    most = max(counts.values(), default=1)
    bars = [_bar(span * step, step, counts[span], most, (url, words)) for span in spans]
    beside = sum(year.count for year in years) - counts.total()
    return YearBars(bars, step, words.title(step), words.beside(beside) if beside else "")


def _bar(
    first: int,
    step: int,
    count: int,
    most: int,
    made_by: tuple[Callable[[int, int], str], ChartWords],
) -> YearBar:
    url, words = made_by
    first, last = max(first, 1), first + step - 1
    height = min(round(_TALLEST * count / most), _TALLEST_OF_ONE * count)
    span = str(first) if step == 1 else _("%(first)d to %(last)d") % {"first": first, "last": last}
    reading = _("%(years)s: %(quotes)s") % {"years": span, "quotes": words.many(count)}
    return YearBar(
        first, last, count, height, str(first), span, reading, url(first, last) if count else ""
    )


def _quotes(count: int) -> str:
    return ngettext("%(count)d quote", "%(count)d quotes", count) % {"count": count}


def _claims(count: int) -> str:
    return ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}


def _quotes_beside(many: int) -> str:
    return ngettext(
        "%(many)s quote is in no bar: its date is not known that precisely.",
        "%(many)s quotes are in no bar: their dates are not known that precisely.",
        many,
    ) % {"many": many}


def _claims_beside(many: int) -> str:
    return ngettext(
        "%(many)s claim is in no bar: its date is not known that precisely.",
        "%(many)s claims are in no bar: their dates are not known that precisely.",
        many,
    ) % {"many": many}


def _claims_title(step: int) -> str:
    named = {
        1: _("Claims by year, of the earliest quote on record"),
        10: _("Claims by decade, of the earliest quote on record"),
    }
    several = _("Claims by %(years)d years, of the earliest quote on record")
    return named.get(step) or several % {"years": step}


def _quotes_title(step: int) -> str:
    named = {
        1: _("Quotes by year"),
        10: _("Quotes by decade"),
        25: _("Quotes by quarter of a century"),
        100: _("Quotes by century"),
    }
    return named.get(step) or _("Quotes by %(years)d years") % {"years": step}


QUOTES_BY_YEAR = ChartWords(_quotes, _quotes_title, _quotes_beside)
CLAIMS_BY_YEAR = ChartWords(_claims, _claims_title, _claims_beside)
