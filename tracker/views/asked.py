"""A list with filters as a reader meets it, of quotes and of claims alike: what was asked, what was found, and what
could be asked next.

What is particular to quotes and to claims stands in `listing` and `claim_listing`; it renders nothing itself.
"""

from abc import ABC, abstractmethod
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.forms.utils import ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker import search
from tracker.filters import MOST_VALUES, Chosen, ListFilterSet

from .years import ChartWords, YearBars, year_bars

__all__ = [
    "AskedList",
    "Chip",
    "Facet",
    "LeftOut",
    "ListWords",
    "Listed",
    "Problem",
    "Tick",
    "figures",
]

_PAGING = ("after", "before")


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
    noun: str  # what is counted: “quote” or “quotes”
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
    """For an empty list: what could be asked, its address, and how many that lists."""

    label: str
    url: str
    count: int
    found: str  # the number in words


@dataclass(frozen=True, slots=True)
class Guessed:
    """For a list with hardly anything in it: what may have been meant, its address, and how many that lists."""

    text: str
    url: str
    count: int
    found: str  # the number in words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the list leaves out by itself, in words, and the address that lists them."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a list and its filters are called where quotes and claims differ."""

    found: str  # for who hears it: what the list is
    more: str
    previous: str
    form: str  # for who hears it: what its filters are
    days: str  # over the fields for dates
    undated: str
    show: str


@dataclass(frozen=True, slots=True)
class DayField:
    """A plain field for a date."""

    name: str
    value: str
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All that a template needs to show a list with its filters."""

    path: str
    words: ListWords
    rows: list[Any]
    total: int
    summary: str
    order: str
    fields: dict[str, str]  # what stands in the plain fields, by name
    days: tuple[DayField, ...]  # from, to
    facets: list[Facet]
    chips: list[Chip]
    problems: dict[str, list[Problem]]
    instead: list[Instead]
    guessed: Guessed | None
    years: YearBars | None
    years_note: str  # when they are not those of all that was found
    left_out: list[LeftOut]
    orders: list[tuple[str, str, bool]]
    next_url: str
    previous_url: str
    url: str  # of this very list, without what is empty
    clear_url: str
    is_narrowed: bool
    is_whole: bool  # nothing is missing for want of time


class AskedList(ABC):
    """One request on its way from query string to a Listed."""

    filter_set: ClassVar[type[ListFilterSet]]
    fields: ClassVar[tuple[str, ...]]  # the plain ones, the words first
    days: ClassVar[tuple[str, str]]  # from, to
    facets: ClassVar[tuple[str, ...]]  # in the order in which they are shown
    always: ClassVar[str]  # the facet that is there without values too
    chart: ClassVar[ChartWords]
    ways: ClassVar[tuple[str, ...]] = ("order",)  # filters that say how it is shown

    def __init__(
        self, path: str, query: QueryDict, fixed: Mapping[str, Chosen], stamp: int | None
    ) -> None:
        self.path, self.fixed = path, fixed
        self.query = self._without_blanks(query, but=fixed)
        self.filters = self.filter_set(self.query, fixed=fixed)
        self.question = self.filters.question
        self.too_slow = self.cut_short = False
        self.answer = search.AnyAnswer()
        if self.question:
            try:
                self.answer = self.answered(stamp)
            except search.TooSlow:
                self.too_slow = self.cut_short = True

    # What differs

    @abstractmethod
    def answered(self, stamp: int | None) -> Any:
        """The answer to the question. Raises TooSlow."""

    @abstractmethod
    def words(self) -> ListWords:
        """What it is called, in the reader's language."""

    @abstractmethod
    def found(self, filtered: bool) -> str:
        """How many there are, in words: with %(count)s and %(order)s."""

    @abstractmethod
    def nothing(self, filtered: bool) -> str:
        """That there is none, in words."""

    @abstractmethod
    def noun(self, count: int) -> str:
        """What stands after a number of what is counted."""

    @abstractmethod
    def counted(self, many: int, number: str) -> str:
        """So many of them, in words; `number` is the same in figures."""

    @abstractmethod
    def left_out(self) -> Iterator[LeftOut]:
        """What a reader would not think of asking for."""

    @abstractmethod
    def label(self, name: str, each: search.FacetCount) -> str:
        """A value of a facet, in the reader's language."""

    def label_of_chosen(self, _name: str, chosen: Chosen) -> str:
        """A value in use, in the reader's language."""
        return chosen.label

    # What is listed

    def listed(self) -> dict[str, Any]:
        """All of a Listed but its rows."""
        order = self.query.get("order", "newest")
        chips = list(self._chips())
        return {
            "path": self.path,
            "words": self.words(),
            "total": self.answer.total,
            "summary": self._summary(order, bool(chips)),
            "order": order,
            "fields": {name: self.query.get(name, "") for name in self.fields},
            "days": tuple(map(self._day, self.days)),
            "facets": list(self._facets()),
            "chips": chips,
            "problems": self._problems(),
            "instead": [] if self.answer.total or self.too_slow else self._instead(),
            "guessed": self._guessed(),
            "years": year_bars(self.answer.years, self._years_url, self.chart),
            "years_note": "" if self.answer.years_are_all else self._of_the_newest(),
            "left_out": list(self.left_out()) if self.question else [],
            "orders": list(self.orders(order)),
            "next_url": self._page("after", -1) if self.answer.has_next else "",
            "previous_url": self._page("before", 0) if self.answer.has_previous else "",
            "url": self.url(),
            "clear_url": self.path,
            "is_narrowed": bool(chips or self.filters.form.errors),
            "is_whole": not self.cut_short,
        }

    def _summary(self, order: str, filtered: bool) -> str:
        if self.question is None:
            return _("Nothing is listed, since a filter is not understood.")
        if self.too_slow:
            return _("This takes too long to find. Ask for rarer words, or choose a filter.")
        if not self.answer.total:
            return self.nothing(filtered)
        number = figures(self.answer.total, self.answer.at_least)
        text = self.found(filtered) % {"count": number, "order": self._in_order(order)}
        if self.answer.ranked_among:
            among = _("The best are found among the newest %(count)s.")
            text = f"{text} {among % {'count': f'{self.answer.ranked_among:,}'}}"
        return text

    def _day(self, name: str) -> DayField:
        return DayField(name, self.query.get(name, ""), name in self.filters.form.errors)

    def _in_order(self, order: str) -> str:
        in_order = {"oldest": _("oldest first"), "due": _("by the day they are due")}
        if self.question is not None and self.question.ranked:
            in_order["best"] = _("best match first")
        return in_order.get(order) or _("newest first")

    def orders(self, order: str) -> Iterator[tuple[str, str, bool]]:
        """The orders that can be asked for: the best match is one only where words are."""
        yield _("Newest"), self.url(order="newest"), order == "newest"
        yield _("Oldest"), self.url(order="oldest"), order == "oldest"
        if self.question and self.question.query and self.question.query.wanted:
            yield _("Best match"), self.url(order="best"), order == "best"

    def _of_the_newest(self) -> str:
        return _("The chart shows the newest %(count)s.") % {"count": f"{search.SAMPLE:,}"}

    # Addresses

    def url(self, *, drop: Sequence[str] = (), without: str = "", **put: str) -> str:
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
        return self.url(**{way: str(self.answer.ids[which])})

    def _years_url(self, first: int, last: int) -> str:
        start, end = self.days
        return self.url(**{start: f"{first:04}", end: f"{last:04}", "dates": "must"})

    # What is in use

    def _chips(self) -> Iterator[Chip]:
        for name in (*self.fields, *self.facets):
            if name == "dates" and not self._dates_matter():
                continue
            label = self.filters.filters[name].label
            chosen = self.filters.chosen(name)
            known = {each.value: self.label_of_chosen(name, each) for each in chosen}
            for value in dict.fromkeys(text.strip() for text in self.query.getlist(name)):
                text = _("%(filter)s: %(value)s") % {
                    "filter": label,
                    "value": known.get(value, value),
                }
                yield Chip(text, self.url(drop=[name], without=value))

    def _dates_matter(self) -> bool:
        """Whether `dates` narrows the list: on its own, that a date must lie within says nothing."""
        asked = self.query.get("dates")
        return asked != "may" and (asked != "must" or any(self.query.get(day) for day in self.days))

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
        number = figures(found.count, found.at_least)
        words = self.counted(found.count, number)
        return Guessed(found.text, self.url(q=found.text), found.count, words)

    def _instead(self) -> list[Instead]:
        """The same without each of its filters, where that lists something."""
        ways = []
        for name in (*self.fields, *self.facets, *self.ways):
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
                self.counted(found.count, figures(found.count, found.at_least)),
            )
            for (name, url, _question), found in zip(ways, counts, strict=True)
            if found.count
        ]

    # What could be asked

    def _facets(self) -> Iterator[Facet]:
        for name in self.facets:
            if name in self.fixed:
                continue
            ticks = self._ticks(name)
            if ticks or name == self.always:
                yield Facet(name, str(self.filters.filters[name].label), ticks)

    def _ticks(self, name: str) -> list[Tick]:
        counts = self.answer.facets.get(name, [])
        chosen = {each.canonical: each for each in self.filters.chosen(name)}
        ticks = []
        for each in counts:
            used = chosen.pop(each.value, None)
            value = used.value if used else each.value
            ticks.append(
                (value, self.label(name, each), each.count, each.at_least, used is not None)
            )
        # What is asked for and lists nothing, and what is unknown, can still be unticked.
        ticks += [
            (each.value, self.label_of_chosen(name, each), 0, False, True)
            for each in chosen.values()
        ]
        if name in self.filters.form.errors:
            asked = dict.fromkeys(text.strip() for text in self.query.getlist(name))
            unknown = _("%(value)s (not understood)")
            ticks += [(value, unknown % {"value": value}, 0, False, True) for value in asked]
        most = max((each.count for each in counts), default=1)
        return [
            Tick(
                f"{name}-{n}",
                value,
                label,
                count,
                figures(count, more),
                self.noun(count),
                round(100 * count / most),
                ticked,
            )
            for n, (value, label, count, more, ticked) in enumerate(ticks)
        ]

    def _without_blanks(self, query: QueryDict, but: Container[str] = ()) -> QueryDict:
        """What is asked and means something: no empty values, no names that are no filter's.

        Of the values of one filter, one too many stays, and is refused. Every address on the page carries
        all of them, so that without a limit the page would grow with the square of their number.
        """
        kept = QueryDict(mutable=True)
        asked: dict[str, list[str]] = {}
        for name, values in query.lists():
            asked.setdefault(self.filter_set.also.get(name, name), []).extend(values)
        for name, values in asked.items():
            filled = [text for value in values if (text := value.strip())]
            if filled and name in self.filter_set.base_filters and name not in but:
                several = name in self.facets
                some = list(dict.fromkeys(filled))[: MOST_VALUES + 1] if several else filled[-1:]
                kept.setlist(name, some)
        return kept


def figures(count: int, at_least: bool) -> str:
    """“1,234”, or “10,000+” of what there may be more of."""
    return f"{count:,}{'+' if at_least else ''}"
