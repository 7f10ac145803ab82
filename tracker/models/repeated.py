"""Strikes redacted words and names out of what repeats them: claims, reviews with their evidence, links between quotes
and corrections; in their rows, their history and the log of admin. Sources and citations are `redaction.py`'s.
"""

from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from .claims import Claim, ClaimQuote
from .corrections import Correction, note_withdrawals
from .links import QuoteLink
from .quotes import Quote
from .reviews import Evidence, Review
from .statuses import Editor
from .striking import FILL, Strike, blank_log, set_columns, strike_html, strike_log, strike_rows

__all__ = ["strike_repeated"]

_Ids = set[int]
_CLAIM = ("text", "folded", "withdrawal_reason")
_REVIEW = ("summary", "reply", "rating_there", "withdrawal_reason")
_CORRECTION = ("field", "before", "after", "text")


def strike_repeated(
    quotes: list[Quote], cited: set[int], strike: Strike, *, by: Editor, category: str
) -> set[int]:
    """Strike out of all that is about these quotes, and return the ids of the articles that may repeat them:
    those that are `cited` for them, and those that reviews and links name.

    Claims that no other quote makes are withdrawn for that reason and blanked whole, with their reviews.
    """
    ids = {quote.pk for quote in quotes}
    claims = _ids(ClaimQuote, Q(quote__in=ids), "claim_id")
    _forget_roles(ids)
    left = _made_by_others(claims)
    theirs = claims - left  # made by nobody else
    reviews, articles = _strike_claims(theirs, _blank, by)
    other_reviews, others = _strike_claims(left, strike, by)
    links = _ids(QuoteLink, Q(later__in=ids) | Q(earlier__in=ids), "id")
    _strike_both(QuoteLink, links, ("note", "withdrawal_reason"), _blank, by)
    articles |= cited | others | _ids(QuoteLink, Q(id__in=links), "asserted_in_id")
    about = Q(quote__in=ids) | Q(link__in=links) | Q(claim__in=theirs) | Q(review__in=reviews)
    _strike_corrections(about, _blank, by)
    taken = _ids(Quote, Q(true_quote__in=ids), "id") - ids
    near = Q(claim__in=left) | Q(review__in=other_reviews) | Q(article__in=articles)
    _strike_corrections(near | Q(quote__in=taken), strike, by)
    _withdraw(theirs, by=by, category=category)
    _strike_both(Quote, taken, ("attribution_reason", "context"), strike, by)
    return articles


def _blank(text: str) -> str:
    return FILL if text else ""


def _ids(model: Any, which: Q, column: str) -> _Ids:
    """What stands in that column of the rows that are so or were so."""
    found: _Ids = set()
    for rows in (model.objects, model.history):
        found |= set(rows.filter(which).values_list(column, flat=True))
    return found - {None}


def _strike_both(
    model: Any, ids: _Ids, columns: tuple[str, ...], strike: Strike, by: Editor
) -> None:
    """In the rows, in their history, and in what admin's log calls them."""
    strike_rows(model.objects.filter(pk__in=ids), columns, strike, by, filled=True)
    strike_rows(model.history.filter(id__in=ids), columns, strike, filled=True)
    strike_log(model._meta.model_name, ids, strike)


def _forget_roles(quotes: _Ids) -> None:
    """What these quotes did with claims, now and before."""
    blank_log("claimquote", _ids(ClaimQuote, Q(quote__in=quotes), "id"))
    ClaimQuote.objects.filter(quote__in=quotes).delete()
    ClaimQuote.history.filter(quote_id__in=quotes).delete()


def _made_by_others(claims: _Ids) -> _Ids:
    """Those that a quote still makes."""
    making = ClaimQuote.objects.filter(claim__in=claims, role=ClaimQuote.Role.MAKES)
    return set(making.values_list("claim_id", flat=True))


def _withdraw(claims: _Ids, *, by: Editor, category: str) -> None:
    withdrawn: list[Any] = []
    for claim in Claim.objects.filter(pk__in=claims):
        set_columns(claim, {}, by).topics.clear()
        if claim.published_at and not claim.is_withdrawn:
            claim._to_withdrawn(by=by, category=category, reason=_("Redacted"))
            claim.save()
            withdrawn.append(claim)
    note_withdrawals(withdrawn, by=by)
    Claim.history.model.topics.filter(history__in=Claim.history.filter(id__in=claims)).delete()


def _strike_claims(claims: _Ids, strike: Strike, by: Editor) -> tuple[_Ids, _Ids]:
    """Strike in these claims and in their reviews, and return the ids of the reviews and of the articles they name."""
    _strike_both(Claim, claims, _CLAIM, strike, by)
    reviews = _ids(Review, Q(claim__in=claims), "id")
    evidence = _ids(Evidence, Q(review__in=reviews), "id")
    _strike_both(Review, reviews, _REVIEW, strike, by)
    in_html: Strike = partial(strike_html, strike=strike)
    _strike_both(Review, reviews, ("explanation",), in_html, by)
    _strike_both(Evidence, evidence, ("note",), strike, by)
    articles = _ids(Review, Q(id__in=reviews), "article_id")
    return reviews, articles | _ids(Evidence, Q(id__in=evidence), "article_id")


def _strike_corrections(which: Q, strike: Strike, by: Editor) -> None:
    _strike_both(Correction, _ids(Correction, which, "id"), _CORRECTION, strike, by)
