"""Whether readers could be told whose words a row says they are. It asks the database for chains of sources, and writes nothing."""

from dataclasses import replace

from django.utils.translation import gettext as _

from tracker.models import HOLD_FIRST, Article, Citation, Editor, NewQuote, Quote, Status, lacking

from .comparing import Held
from .matching import Known
from .rows import Problem, Row

__all__ = ["Attributing"]

_CONFIRMED = Quote.Attribution.CONFIRMED.value
_UNKNOWN = 0  # the id of an article that is not on record yet


class Attributing:
    """What is asked of the rows of one batch: two queries for all of them."""

    def __init__(self, rows: list[Row], held: dict[int, Held], known: Known, by: Editor) -> None:
        self._known, self._by = known, by
        asked: set[int] = set()
        for row in rows:
            was = held.get(row.line)
            if was and was.is_published and (row.attribution or was.attribution) == _CONFIRMED:
                asked |= {each.article_id for each in self._citations(row, was)}
        self._chains = Article.objects.chains(asked - {_UNKNOWN})

    def refusal(self, row: Row, held: Held | None) -> Problem | None:
        """Why nothing is taken of the row: readers would be told what nothing on record shows, or by one editor alone."""
        if held is None:
            return self._of_new(row)
        if not held.is_published:  # its verbs tell
            return None
        attribution = row.attribution or held.attribution
        is_other = attribution != held.attribution
        reason = row.attribution_reason or held.attribution_reason
        is_told_otherwise = is_other or reason != held.attribution_reason
        if is_told_otherwise and attribution in Quote.NEEDING_TWO and self._by is not None:
            column = "attribution" if is_other else "attribution_reason"
            return Problem(row.line, column, str(HOLD_FIRST))
        citations = self._citations(row, held)
        if not is_other and _shown(citations) == _shown(held.as_citations()):
            return None
        if told := lacking(attribution, citations, self._chains):
            return Problem(row.line, "attribution" if is_other else "basis", told)
        return None

    def _of_new(self, row: Row) -> Problem | None:
        if row.status != Status.PUBLISHED or not row.attribution:
            return None
        quote = replace(_ANY, attribution=row.attribution, basis=row.basis).published()
        if not (told := quote.refusal(by=self._by)):
            return None
        column = "basis" if row.attribution == _CONFIRMED else "status"
        otherwise = _("Or import it as a draft.")
        return Problem(row.line, column, f"{told} {otherwise}")

    def _citations(self, row: Row, held: Held) -> list[Citation]:
        """Those that the quote would have."""
        cited, source = held.cited_by(row, self._known), self._known.article(row)
        citations = held.as_citations()
        for each in citations:
            if cited and each.pk == cited.id:
                each.article_id = source[0] if source else _UNKNOWN
                each.basis = row.basis or each.basis
        return citations


_ANY = NewQuote(text="", article=_UNKNOWN)


def _shown(citations: list[Citation]) -> list[tuple[str, int]]:
    """What of them an attribution rests on, and a row may change."""
    return [(each.basis, each.article_id) for each in citations]
