"""The public shape of a claim as a row of a list. It asks the database nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tracker.filters import OUR_DESK, Standing
from tracker.models import ClaimKind
from tracker.search import Query, ShownClaim, ShownReview, marked_parts

from .links import WITHDRAWN
from .readings import DateReading, Link, Sign, address, date_reading
from .verdicts import VerdictSign

__all__ = ["ClaimRow", "RowVerdict", "claim_rows"]


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What one desk finds now: a verdict of ours, or an outlet's own word, or that there is none; and whose it is."""

    sign: VerdictSign | None
    word: str  # the verdict's, in quotation marks when it is the outlet's own; that there is none
    by: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list."""

    id: int
    url: str
    text: tuple[tuple[str, bool], ...]  # in parts, with whether they were asked for
    kind: str
    said: DateReading  # of the earliest quote on record here
    claimants: tuple[Link, ...]
    verdicts: tuple[RowVerdict, ...]  # the current ones, ours first
    due: str  # “due December 2026”; '' when it is not due at a time
    quotes: str  # “3 quotes”
    signs: tuple[Sign, ...]


def claim_rows(
    claims: Iterable[ShownClaim],
    verdicts: Mapping[int, VerdictSign],
    *,
    asked: Query | None = None,
) -> list[ClaimRow]:
    """Each claim as a row, with the words marked that were `asked` for; `verdicts` as `verdict_signs` gives them."""
    today, language = timezone.localdate().toordinal(), get_language() or "en"
    return [
        _row(
            claim,
            tuple(verdicts.get(each.verdict_id or 0) for each in claim.reviews),
            asked,
            claim.due_day is not None and claim.due_day < today,
            language,
        )
        for claim in claims
    ]


@lru_cache(maxsize=1_000)
def _row(
    claim: ShownClaim,
    signs: tuple[VerdictSign | None, ...],
    asked: Query | None,
    overdue: bool,
    _language: str,
) -> ClaimRow:
    """One row, in the language in use; `signs` are those of its reviews. The same are asked for again and again."""
    parts = marked_parts(claim.text, asked) if asked else [(claim.text, False)]
    return ClaimRow(
        id=claim.id,
        url=address("claim", claim.id, claim.slug),
        text=tuple(parts),
        kind=str(ClaimKind(claim.kind).label),
        said=date_reading(claim.said_on, short=True),
        claimants=_claimants(claim),
        verdicts=tuple(map(_verdict, claim.reviews, signs)),
        due=_("due %(date)s") % {"date": date_reading(claim.due, short=True)} if claim.due else "",
        quotes=ngettext("%(count)d quote", "%(count)d quotes", claim.quotes)
        % {"count": claim.quotes},
        signs=_signs(claim, overdue),
    )


def _claimants(claim: ShownClaim) -> tuple[Link, ...]:
    named = [Link(each.name, address("speaker", each.slug)) for each in claim.claimants]
    unnamed = _("%(description)s, not named")
    described = [
        Link(unnamed % {"description": each[:1].upper() + each[1:]}) for each in claim.described_as
    ]
    return (*named, *described)


def _verdict(review: ShownReview, sign: VerdictSign | None) -> RowVerdict:
    there = _("“%(word)s”") % {"word": review.rating_there} if review.rating_there else ""
    word = sign.word if sign else there or _("Reviewed, no verdict")
    return RowVerdict(sign, word, review.publisher or str(OUR_DESK))


def _signs(claim: ShownClaim, overdue: bool) -> tuple[Sign, ...]:
    """What a reader must not miss, and that nobody has reviewed it."""
    found = []
    if overdue:
        found.append(Sign("…", _("Past its day, no final verdict yet")))
    if Standing.TAKEN_BACK in claim.standings:
        found.append(Sign(WITHDRAWN, str(Standing.TAKEN_BACK.label), loud=True))
    if Standing.UNREVIEWED in claim.standings:
        found.append(Sign("–", str(Standing.UNREVIEWED.label)))
    return tuple(found)
