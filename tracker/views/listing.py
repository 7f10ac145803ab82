"""A list of quotes as a reader meets it: what was asked, what was found, and what could be asked next.

Takes a query string in and hands a QuoteList on to a template; it renders nothing itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import QueryDict
from django.utils.translation import get_language, get_language_info, ngettext, npgettext
from django.utils.translation import gettext as _

from tracker import records, search
from tracker.filters import Chosen, QuoteFilterSet
from tracker.models import Quote

from .asked import AskedList, LeftOut, Listed, ListWords
from .comparing import Comparison, can_compare, compared, why_not
from .years import QUOTES_BY_YEAR

__all__ = ["QuoteList", "list_quotes"]

_WRONGLY = str(Quote.Attribution.MISATTRIBUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteList(Listed):
    """A list of quotes, and quotes beside it."""

    beside: list[records.QuoteRow]
    undated: int
    view: str  # "side", or ''
    views: list[tuple[str, str, bool]]  # the ways in which these quotes can be arranged
    side: Comparison | None  # the rows side by side, when that is asked for and can be
    not_side: str  # why they are not, when that is asked for


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
    return _AskedQuotes(path, query, fixed or {}, stamp).with_rows(beside)


class _AskedQuotes(AskedList):
    filter_set = QuoteFilterSet
    fields = ("q", "said_from", "said_to", "dates")
    days = ("said_from", "said_to")
    facets = (
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
    always = "speaker"
    chart = QUOTES_BY_YEAR
    ways = ("order", "view")

    def answered(self, stamp: int | None) -> search.Answer:
        return search.answer(self.question, stamp=stamp)

    def with_rows(self, beside: search.Question | None) -> QuoteList:
        apart = self._apart(beside) if beside else []
        own = self.fixed["speaker"].key if "speaker" in self.fixed else None
        asked = self.question.query if self.question else None
        quotes = self.answer.quotes if isinstance(self.answer, search.Answer) else []
        rows = records.rows(quotes, own=own, asked=asked)
        speakers, is_side = self.filters.chosen("speaker"), bool(self.filters.chosen("view"))
        return QuoteList(
            rows=rows,
            beside=records.rows(apart, own=own),
            undated=self.answer.undated,
            view="side" if is_side else "",
            views=list(self._views(is_side)) if can_compare(speakers) else [],
            side=compared(speakers, quotes, rows) if is_side else None,
            not_side=why_not(speakers) if is_side else "",
            **self.listed(),
        )

    def _views(self, is_side: bool) -> Iterator[tuple[str, str, bool]]:
        yield _("List"), self.url(drop=["view"]), not is_side
        yield _("Side by side"), self.url(view="side"), is_side

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

    def words(self) -> ListWords:
        return ListWords(
            found=_("Quotes found"),
            more=_("More quotes"),
            previous=_("Previous quotes"),
            form=_("Filter the quotes"),
            days=_("Said"),
            undated=_("undated quotes only"),
            show=_("Show quotes"),
        )

    def nothing(self, filtered: bool) -> str:
        return _("No quotes match these filters.") if filtered else _("No quotes yet.")

    def found(self, filtered: bool) -> str:
        many = self.answer.total
        if filtered:
            return ngettext(
                "%(count)s quote matches these filters, %(order)s.",
                "%(count)s quotes match these filters, %(order)s.",
                many,
            )
        return ngettext("%(count)s quote, %(order)s.", "%(count)s quotes, %(order)s.", many)

    def noun(self, count: int) -> str:
        return _noun(count, get_language() or "en")

    def counted(self, many: int, number: str) -> str:
        return ngettext("%(number)s quote", "%(number)s quotes", many) % {"number": number}

    def left_out(self) -> Iterator[LeftOut]:
        """Quotes without a date, and those of nobody's."""
        if (many := self.answer.undated) and self.query.get("dates") != "undated":
            label = ngettext("%(count)d quote has no date", "%(count)d quotes have no date", many)
            yield LeftOut(label % {"count": many}, self.url(drop=self.days, dates="undated"))
        asked_for = "speaker" in self.fixed or self.query.getlist("attribution")
        if (many := self._wrongly()) and not asked_for:
            label = ngettext(
                "%(count)d quote that is wrongly attributed matches too",
                "%(count)d quotes that are wrongly attributed match too",
                many,
            )
            yield LeftOut(label % {"count": many}, self.url(attribution=_WRONGLY))

    def label(self, name: str, each: search.FacetCount) -> str:
        if name == "kind":
            return str(Quote.Kind(each.value).label)
        if name == "attribution":
            return str(Quote.Attribution(each.value).label)
        if name == "language":
            return _language(each.value)
        return each.label or each.value


@lru_cache(maxsize=1_000)
def _noun(count: int, _language: str) -> str:
    """What stands after a number of quotes, in the language in use."""
    return npgettext("after a number", "quote", "quotes", count)


def _language(tag: str) -> str:
    """“한국어 Korean”: its own name, and the reader's when that is another."""
    try:
        info = get_language_info(tag)
    except KeyError:
        return tag
    own, ours = info["name_local"], info["name_translated"]
    return own if own.casefold() == ours.casefold() else f"{own} {ours}"
