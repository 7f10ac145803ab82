"""Quotes by year as a small bar chart: bars of one year, a decade or more, never over twelve, without gaps in time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.search import YearCount

__all__ = ["YearBar", "YearBars", "year_bars"]

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
    beside: int  # quotes whose dates are too wide for one bar


def year_bars(years: list[YearCount], url: Callable[[int, int], str]) -> YearBars | None:
    """The chart of these counts, or None when it would have fewer than two bars.

    A quote stands in a bar when all of its possible days do, so that a bar lists just what it counts.
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
    bars = [_bar(span * step, step, counts[span], most, url) for span in spans]
    return YearBars(bars, step, _title(step), sum(year.count for year in years) - counts.total())


def _bar(first: int, step: int, count: int, most: int, url: Callable[[int, int], str]) -> YearBar:
    first, last = max(first, 1), first + step - 1
    height = min(round(_TALLEST * count / most), _TALLEST_OF_ONE * count)
    many = ngettext("%(count)d quote", "%(count)d quotes", count) % {"count": count}
    span = str(first) if step == 1 else _("%(first)d to %(last)d") % {"first": first, "last": last}
    reading = _("%(years)s: %(quotes)s") % {"years": span, "quotes": many}
    return YearBar(
        first, last, count, height, str(first), span, reading, url(first, last) if count else ""
    )


def _title(step: int) -> str:
    named = {
        1: _("Quotes by year"),
        10: _("Quotes by decade"),
        25: _("Quotes by quarter of a century"),
        100: _("Quotes by century"),
    }
    return named.get(step) or _("Quotes by %(years)d years") % {"years": step}
