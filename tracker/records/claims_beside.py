"""A claim as it stands beside a quote or a speaker: in a few lines, with what was found of it now.

The page of a claim has more to say. Nothing here looks anything up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tracker.models import ClaimKind, ClaimQuote, Review

from .readings import DateReading, Sign, address, date_reading
from .verdicts import VerdictSign, verdict_sign

__all__ = ["ClaimBeside", "Ruling", "claims_beside"]

_Role = ClaimQuote.Role
_GLYPHS = {_Role.MAKES: "●", _Role.REPEATS: "=", _Role.DENIES: "¬", _Role.WITHDRAWS: "⊖"}
_LOUD = {_Role.DENIES, _Role.WITHDRAWS}
# What no desk has looked at is drawn like what nobody can tell.
_NO_REVIEW = "ball open"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one desk found, by its current review: a verdict of our scale, or another outlet's own word."""

    sign: VerdictSign | None
    word: str  # in place of a sign
    outlet: str  # '' when the review is ours


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """A claim, what one quote does with it, and when that was said."""

    id: int
    url: str
    text: str
    kind: str
    role: Sign
    said: DateReading
    rulings: tuple[Ruling, ...]  # ours first; that there is none is told as one


def claims_beside(rows: Iterable[ClaimQuote]) -> list[ClaimBeside]:
    """From rows of `with_findings()`, in their order: each claim once, by the first of its quotes among them."""
    quote_of: dict[int, ClaimQuote] = {}
    reviews: dict[int, dict[int, Review]] = {}
    names: dict[int, dict[str, str]] = {}
    for row in rows:
        quote_of.setdefault(row.claim_id, row)
        there: Any = row
        if there.review is not None:
            reviews.setdefault(row.claim_id, {}).setdefault(there.review, there.found)
            if there.named_in:
                names.setdefault(there.found.verdict_id, {})[there.named_in] = there.named
    return [_beside(row, list(reviews.get(pk, {}).values()), names) for pk, row in quote_of.items()]


def _beside(
    row: ClaimQuote, reviews: list[Review], names: dict[int, dict[str, str]]
) -> ClaimBeside:
    claim, role = row.claim, _Role(row.role)
    reviews.sort(key=lambda each: (not each.is_ours, each.pk))
    rulings = tuple(_ruling(each, names) for each in reviews)
    none = Ruling(VerdictSign("", _NO_REVIEW, _("No review yet"), "", False), "", "")
    return ClaimBeside(
        id=claim.pk,
        url=address("claim", claim.pk, claim.slug),
        text=claim.text,
        kind=str(ClaimKind(claim.kind).label),
        role=Sign(_GLYPHS[role], str(role.label), loud=role in _LOUD),
        said=date_reading(row.quote.said_on),
        rulings=rulings or (none,),
    )


def _ruling(review: Review, names: dict[int, dict[str, str]]) -> Ruling:
    outlet = review.publisher.name if review.publisher else ""
    if verdict := review.verdict:
        word = verdict.label_among(names.get(verdict.pk, {}))
        return Ruling(verdict_sign(verdict, word), "", outlet)
    return Ruling(None, review.rating_there or _("Reviewed, without a verdict"), outlet)
