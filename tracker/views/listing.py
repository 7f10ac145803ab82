"""A list of quotes as a reader meets it: what was asked, what was found, and what could be asked next.

Takes a query string in and hands a QuoteList on to a template; it renders nothing itself.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.forms.utils import ErrorList
from django.http import QueryDict
from django.utils.translation import get_language, get_language_info, ngettext, npgettext
from django.utils.translation import gettext as _

from tracker import records, search
from tracker.filters import MOST_VALUES, Chosen, QuoteFilterSet
from tracker.models import Quote

from .comparing import Comparison, can_compare, compared, why_not
from .years import YearBars, year_bars

__all__ = ["QuoteList", "Tick", "list_quotes"]

# The filters in the order in which they are shown; a paging filter is none.
_FACETS = (
    "speaker",
    "kind",
    "attribution",
    "language",
    "organisation",
    "topic",
    "publisher",
    "occasion",
    "place",
)
_FIELDS = ("q", "said_from", "said_to", "dates")
_DAYS = ("said_from", "said_to")
_PAGING = ("after", "before")
_WRONGLY = str(Quote.Attribution.MISATTRIBUTED)


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be understood in one filter; `offers` are values that may have been meant."""

    text: str
    offers: list[tuple[str, str]] = field(default_factory=list)  # name, address


@dataclass(frozen=True, slots=True)
class Tick:
    """One value of a facet."""

    id: str
    value: str
    label: str
    count: int
    number: str  # the count in figures, "10,000+" where there may be more
    noun: str  # what is counted: "quote" or "quotes"
    share: int  # of the largest count, in percent
    ticked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    ticks: list[Tick]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Instead:
    """For an empty list: what could be asked, its address, and how many quotes that lists."""

    label: str
    url: str
    count: int
    number: str


@dataclass(frozen=True, slots=True)
class Guessed:
    """For a list with hardly any quotes: what may have been meant, its address, and how many quotes that lists."""

    text: str
    url: str
    count: int
    number: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Quotes that the list leaves out by itself, in words, and the address that lists them."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class QuoteList:
    """All that a template needs to show a list of quotes with its filters."""

    path: str
    rows: list[records.QuoteRow]
    total: int
    summary: str
    order: str
    fields: dict[str, str]  # what stands in the plain fields, by name
    facets: list[Facet]
    chips: list[Chip]
    problems: dict[str, list[Problem]]
    instead: list[Instead]
    guessed: Guessed | None
    years: YearBars | None
    years_note: str  # when they are not those of all quotes found
    undated: int
    left_out: list[LeftOut]
    orders: list[tuple[str, str, bool]]
    view: str  # "side", or ''
    views: list[tuple[str, str, bool]]  # the ways in which these quotes can be arranged
    side: Comparison | None  # the rows side by side, when that is asked for and can be
    not_side: str  # why they are not, when that is asked for
    next_url: str
    previous_url: str
    url: str  # of this very list, without what is empty
    clear_url: str
    is_narrowed: bool
    is_whole: bool  # nothing is missing for want of time
    beside: list[records.QuoteRow]


def list_quotes(
    path: str,
    query: QueryDict,
    *,
    fixed: Mapping[str, Chosen] | None = None,
    beside: search.Question | None = None,
    stamp: int | None = None,
) -> QuoteList:
    """The list at this address; `fixed` filters belong to the page and cannot be taken away.

    The quotes that answer the question `beside` come along. `stamp` is the index's, if that was asked already.
    """
    return _Asked(path, query, fixed or {}, stamp).listed(beside)


class _Asked:
    """One request on its way from query string to QuoteList."""

    def __init__(
        self, path: str, query: QueryDict, fixed: Mapping[str, Chosen], stamp: int | None
    ) -> None:
        self.path, self.fixed = path, fixed
        self.query = _without_blanks(query, but=fixed)
        self.filters = QuoteFilterSet(self.query, fixed=fixed)
        self.question = self.filters.question
        self.too_slow = self.cut_short = False
        self.answer = search.Answer()
        if self.question:
            try:
                self.answer = search.answer(self.question, stamp=stamp)
            except search.TooSlow:
                self.too_slow = self.cut_short = True

    def listed(self, beside: search.Question | None) -> QuoteList:
        apart = self._apart(beside) if beside else []
        own = self.fixed["speaker"].key if "speaker" in self.fixed else None
        asked = self.question.query if self.question else None
        order = self.query.get("order", "newest")
        chips = list(self._chips())
        rows = records.rows(self.answer.quotes, own=own, asked=asked)
        speakers, is_side = self.filters.chosen("speaker"), bool(self.filters.chosen("view"))
        return QuoteList(
            path=self.path,
            rows=rows,
            beside=records.rows(apart, own=own),
            total=self.answer.total,
            summary=self._summary(order, bool(chips)),
            order=order,
            fields={name: self.query.get(name, "") for name in _FIELDS},
            facets=list(self._facets()),
            chips=chips,
            problems=self._problems(),
            instead=[] if self.answer.total or self.too_slow else self._instead(),
            guessed=self._guessed(),
            years=year_bars(self.answer.years, self._years_url),
            years_note="" if self.answer.years_are_all else self._of_the_newest(),
            undated=self.answer.undated,
            left_out=list(self._left_out()) if self.question else [],
            orders=list(self._orders(order)),
            view="side" if is_side else "",
            views=list(self._views(is_side)) if can_compare(speakers) else [],
            side=compared(speakers, self.answer.quotes, rows) if is_side else None,
            not_side=why_not(speakers) if is_side else "",
            next_url=self._page("after", -1) if self.answer.has_next else "",
            previous_url=self._page("before", 0) if self.answer.has_previous else "",
            url=self._url(),
            clear_url=self.path,
            is_narrowed=bool(chips or self.filters.form.errors),
            is_whole=not self.cut_short,
        )

    def _apart(self, beside: search.Question) -> list[search.ShownQuote]:
        """The quotes beside the list. Where nothing narrows it, its own numbers tell whether there are any wrongly attributed."""
        asked = self.question
        alike = (
            asked and replace(asked, attributions=beside.attributions, size=beside.size) == beside
        )
        if alike and not self.too_slow and not self._wrongly():
            return []
        return search.answer(beside, facets=False).quotes

    def _wrongly(self) -> int:
        """How many quotes that are wrongly attributed match too."""
        counted = self.answer.facets.get("attribution", [])
        return next((each.count for each in counted if each.value == _WRONGLY), 0)

    def _summary(self, order: str, filtered: bool) -> str:
        if self.question is None:
            return _("Nothing is listed, since a filter is not understood.")
        if self.too_slow:
            return _("This takes too long to find. Ask for rarer words, or choose a filter.")
        if not self.answer.total:
            return _("No quotes match these filters.") if filtered else _("No quotes yet.")
        in_order = {
            "newest": _("newest first"),
            "oldest": _("oldest first"),
            "best": _("best match first") if self._is_ranked() else _("newest first"),
        }[order]
        many = self.answer.total
        if filtered:
            text = ngettext(
                "%(count)s quote matches these filters, %(order)s.",
                "%(count)s quotes match these filters, %(order)s.",
                many,
            )
        else:
            text = ngettext("%(count)s quote, %(order)s.", "%(count)s quotes, %(order)s.", many)
        text %= {"count": _figures(many, self.answer.at_least), "order": in_order}
        if self.answer.ranked_among:
            among = _("The best are found among the newest %(count)s.")
            text = f"{text} {among % {'count': f'{self.answer.ranked_among:,}'}}"
        return text

    def _is_ranked(self) -> bool:
        return self.question is not None and self.question.ranked

    def _orders(self, order: str) -> Iterator[tuple[str, str, bool]]:
        """The orders that can be asked for: the best match is one only where words are."""
        yield _("Newest"), self._url(order="newest"), order == "newest"
        yield _("Oldest"), self._url(order="oldest"), order == "oldest"
        if self.question and self.question.query and self.question.query.wanted:
            yield _("Best match"), self._url(order="best"), order == "best"

    def _views(self, is_side: bool) -> Iterator[tuple[str, str, bool]]:
        yield _("List"), self._url(drop=["view"]), not is_side
        yield _("Side by side"), self._url(view="side"), is_side

    def _of_the_newest(self) -> str:
        return _("The chart shows the newest %(count)s.") % {"count": f"{search.SAMPLE:,}"}

    # Addresses

    def _url(self, *, drop: Sequence[str] = (), without: str = "", **put: str) -> str:
        """This list with other values, and without some; never on a further page, unless that is put.

        Of the filter in `drop` only the value `without` is taken away, when that is given.
        """
        asked = {name: values for name, values in self.query.lists() if name not in _PAGING}
        for name in drop:
            kept = [text for text in asked.get(name, []) if without and text != without]
            if kept:
                asked[name] = kept  # in its place
            else:
                asked.pop(name, None)
        asked |= {name: [value] for name, value in put.items()}
        if asked.get("order") == ["newest"]:
            del asked["order"]
        return f"{self.path}?{urlencode(asked, doseq=True)}" if asked else self.path

    def _page(self, way: str, which: int) -> str:
        return self._url(**{way: str(self.answer.quotes[which].id)})

    def _years_url(self, first: int, last: int) -> str:
        return self._url(said_from=f"{first:04}", said_to=f"{last:04}", dates="must")

    def _left_out(self) -> Iterator[LeftOut]:
        """What a reader would not think of asking for: quotes without a date, and those of nobody's."""
        if (many := self.answer.undated) and self.query.get("dates") != "undated":
            label = ngettext("%(count)d quote has no date", "%(count)d quotes have no date", many)
            yield LeftOut(label % {"count": many}, self._url(drop=_DAYS, dates="undated"))
        asked_for = "speaker" in self.fixed or self.query.getlist("attribution")
        if (many := self._wrongly()) and not asked_for:
            label = ngettext(
                "%(count)d quote that is wrongly attributed matches too",
                "%(count)d quotes that are wrongly attributed match too",
                many,
            )
            yield LeftOut(label % {"count": many}, self._url(attribution=_WRONGLY))

    # What is in use

    def _chips(self) -> Iterator[Chip]:
        for name in (*_FIELDS, *_FACETS):
            if name == "dates" and not self._dates_matter():
                continue
            label = self.filters.filters[name].label
            known = {each.value: each.label for each in self.filters.chosen(name)}
            for value in dict.fromkeys(text.strip() for text in self.query.getlist(name)):
                text = _("%(filter)s: %(value)s") % {
                    "filter": label,
                    "value": known.get(value, value),
                }
                yield Chip(text, self._url(drop=[name], without=value))

    def _dates_matter(self) -> bool:
        """Whether `dates` narrows the list: on its own, that a date must lie within says nothing."""
        asked = self.query.get("dates")
        return asked != "may" and (asked != "must" or any(self.query.get(day) for day in _DAYS))

    def _problems(self) -> dict[str, list[Problem]]:
        errors: dict[str, ErrorList] = self.filters.form.errors
        return {
            name: [
                Problem(str(text), self._offers(name, error.params or {}))
                for error in problems.as_data()
                for text in error.messages
            ]
            for name, problems in errors.items()
        }

    def _offers(self, name: str, said: dict[str, Any]) -> list[tuple[str, str]]:
        offers: list[Chosen] = said.get("offers", [])
        query = self.query.copy()
        kept = [text for text in query.getlist(name) if text.strip() != said.get("name")]
        addresses = []
        for offer in offers:
            query.setlist(name, [*kept, offer.value])
            addresses.append((offer.label, f"{self.path}?{query.urlencode()}"))
        return addresses

    def _guessed(self) -> Guessed | None:
        """The query with its misspelt words as they may have been meant, where that lists more."""
        if self.question is None or self.too_slow or self.answer.total >= search.FEW:
            return None
        try:
            found = search.guess(self.question, self.answer.total)
        except search.TooSlow:
            self.cut_short = True
            return None
        if found is None:
            return None
        number = _figures(found.count, found.at_least)
        return Guessed(found.text, self._url(q=found.text), found.count, number)

    def _instead(self) -> list[Instead]:
        """The same without each of its filters, where that lists something."""
        ways = []
        for name in (*_FIELDS, *_FACETS, "order", "view"):
            if self.query.getlist(name) and (fewer := self.filters.without(name)):
                query = self.query.copy()
                for gone in (name, *_PAGING):
                    query.pop(gone, None)
                ways.append((name, f"{self.path}?{query.urlencode()}", fewer))
        try:
            counts = search.totals([question for _name, _url, question in ways])
        except search.TooSlow:
            self.cut_short = True
            return []
        label = _("Without the filter “%(filter)s”")
        return [
            Instead(
                label % {"filter": self.filters.filters[name].label},
                url,
                found.count,
                _figures(found.count, found.at_least),
            )
            for (name, url, _question), found in zip(ways, counts, strict=True)
            if found.count
        ]

    # What could be asked

    def _facets(self) -> Iterator[Facet]:
        for name in _FACETS:
            if name in self.fixed:
                continue
            ticks = self._ticks(name)
            if ticks or name == "speaker":
                yield Facet(name, str(self.filters.filters[name].label), ticks)

    def _ticks(self, name: str) -> list[Tick]:
        counts = self.answer.facets.get(name, [])
        chosen = {each.canonical: each for each in self.filters.chosen(name)}
        ticks = []
        for each in counts:
            used = chosen.pop(each.value, None)
            value = used.value if used else each.value
            ticks.append((value, _label(name, each), each.count, each.at_least, used is not None))
        # What is asked for and lists nothing, and what is unknown, can still be unticked.
        ticks += [(each.value, each.label, 0, False, True) for each in chosen.values()]
        if name in self.filters.form.errors:
            asked = dict.fromkeys(text.strip() for text in self.query.getlist(name))
            unknown = _("%(value)s (not understood)")
            ticks += [(value, unknown % {"value": value}, 0, False, True) for value in asked]
        most = max((each.count for each in counts), default=1)
        language = get_language() or "en"
        return [
            Tick(
                f"{name}-{n}",
                value,
                label,
                count,
                _figures(count, more),
                _noun(count, language),
                round(100 * count / most),
                ticked,
            )
            for n, (value, label, count, more, ticked) in enumerate(ticks)
        ]


@lru_cache(maxsize=1_000)
def _noun(count: int, _language: str) -> str:
    """What stands after a number of quotes, in the language in use."""
    return npgettext("after a number", "quote", "quotes", count)


def _figures(count: int, at_least: bool) -> str:
    """“1,234”, or “10,000+” of what there may be more of."""
    return f"{count:,}{'+' if at_least else ''}"


def _label(name: str, each: search.FacetCount) -> str:
    if name == "kind":
        return str(Quote.Kind(each.value).label)
    if name == "attribution":
        return str(Quote.Attribution(each.value).label)
    if name == "language":
        return _language(each.value)
    return each.label or each.value


def _language(tag: str) -> str:
    """“한국어 Korean”: its own name, and the reader's when that is another."""
    try:
        info = get_language_info(tag)
    except KeyError:
        return tag
    own, ours = info["name_local"], info["name_translated"]
    return own if own.casefold() == ours.casefold() else f"{own} {ours}"


def _without_blanks(query: QueryDict, but: Container[str] = ()) -> QueryDict:
    """What is asked and means something: no empty values, no names that are no filter's.

    Of the values of one filter, one too many stays, and is refused. Every address on the page carries
    all of them, so that without a limit the page would grow with the square of their number.
    """
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        filled = [text for value in values if (text := value.strip())]
        if filled and name in QuoteFilterSet.base_filters and name not in but:
            several = name in _FACETS
            some = list(dict.fromkeys(filled))[: MOST_VALUES + 1] if several else filled[-1:]
            kept.setlist(name, some)
    return kept
