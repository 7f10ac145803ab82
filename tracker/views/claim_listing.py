"""A list of claims as a reader meets it: what was asked, what was found, and what could be asked next.

Takes a query string in and hands a ClaimList on to a template; it renders nothing itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.http import QueryDict
from django.utils.translation import get_language, ngettext, npgettext
from django.utils.translation import gettext as _

from tracker import records, search
from tracker.filters import OUR_DESK, Chosen, ClaimFilterSet, Standing
from tracker.models import ClaimKind

from .asked import AskedList, LeftOut, Listed, ListWords
from .years import CLAIMS_BY_YEAR

__all__ = ["ClaimList", "list_claims"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimList(Listed):
    """A list of claims."""

    rows: list[records.ClaimRow]


def list_claims(
    path: str,
    query: QueryDict,
    *,
    fixed: Mapping[str, Chosen] | None = None,
    stamp: int | None = None,
) -> ClaimList:
    """The list at this address; `fixed` filters belong to the page and cannot be taken away.

    `stamp` is the index's, if that was asked already.
    """
    return _AskedClaims(path, query, fixed or {}, stamp).with_rows()


class _AskedClaims(AskedList):
    filter_set = ClaimFilterSet
    fields = ("q", "recorded_from", "recorded_to", "dates")
    days = ("recorded_from", "recorded_to")
    facets = ("claimant", "kind", "verdict", "status", "overdue", "reviewer", "topic")
    always = "claimant"
    chart = CLAIMS_BY_YEAR

    def answered(self, stamp: int | None) -> search.ClaimAnswer:
        return search.answer_claims(self.question, stamp=stamp)

    def with_rows(self) -> ClaimList:
        claims = self.answer.claims if isinstance(self.answer, search.ClaimAnswer) else []
        asked = self.question.query if self.question else None
        rows = records.claim_rows(claims, self._signs if claims else {}, asked=asked)
        return ClaimList(rows=rows, **self.listed())

    @cached_property
    def _signs(self) -> dict[int, records.VerdictSign]:
        return records.verdict_signs()

    def words(self) -> ListWords:
        return ListWords(
            found=_("Claims found"),
            more=_("More claims"),
            previous=_("Previous claims"),
            form=_("Filter the claims"),
            days=_("Earliest on record here"),
            undated=_("undated claims only"),
            show=_("Show claims"),
        )

    def nothing(self, filtered: bool) -> str:
        return _("No claims match these filters.") if filtered else _("No claims yet.")

    def found(self, filtered: bool) -> str:
        many = self.answer.total
        if filtered:
            return ngettext(
                "%(count)s claim matches these filters, %(order)s.",
                "%(count)s claims match these filters, %(order)s.",
                many,
            )
        return ngettext("%(count)s claim, %(order)s.", "%(count)s claims, %(order)s.", many)

    def noun(self, count: int) -> str:
        return _noun(count, get_language() or "en")

    def counted(self, many: int, number: str) -> str:
        return ngettext("%(number)s claim", "%(number)s claims", many) % {"number": number}

    def orders(self, order: str) -> Iterator[tuple[str, str, bool]]:
        yield from super().orders(order)
        yield _("By the day they are due"), self.url(order="due"), order == "due"

    def left_out(self) -> Iterator[LeftOut]:
        """Claims whose quotes have no date."""
        if (many := self.answer.undated) and self.query.get("dates") != "undated":
            label = ngettext("%(count)d claim has no date", "%(count)d claims have no date", many)
            yield LeftOut(label % {"count": many}, self.url(drop=self.days, dates="undated"))

    def label(self, name: str, each: search.FacetCount) -> str:
        if name == "kind":
            return str(ClaimKind(each.value).label)
        if name == "status":
            return str(Standing(each.value).label)
        if name == "overdue":
            return _("Past its day, no final verdict yet")
        if name == "verdict":
            return self._verdict(each.value)
        if name == "reviewer" and each.value == search.OURS:
            return str(OUR_DESK)
        return each.label or each.value

    def label_of_chosen(self, name: str, chosen: Chosen) -> str:
        return self._verdict(chosen.canonical) if name == "verdict" else chosen.label

    def _verdict(self, slug: str) -> str:
        return next((each.word for each in self._signs.values() if each.slug == slug), slug)


@lru_cache(maxsize=1_000)
def _noun(count: int, _language: str) -> str:
    """What stands after a number of claims, in the language in use."""
    return npgettext("after a number", "claim", "claims", count)
