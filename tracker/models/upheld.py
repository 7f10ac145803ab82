"""Whether what is said elsewhere of a quote can still be, when the quote is changed: links, and withdrawals of claims.

These rest on when it was said, by whom, and whether in their own words. It changes nothing.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .attributed import Attribution
from .claims import ClaimQuote
from .links import QuoteLink, may_follow
from .quotes import JointSpeaker, Quote
from .speakers import Speaker
from .statuses import Status

__all__ = ["not_upheld", "why_not_upheld"]

_DATES = _("Its dates could then not be so: %(link)s. Change or withdraw that link first.")
_ONE_AND_THE_SAME = _("Only one and the same can do that: %(link)s. Change or withdraw it first.")
_OWN_WORDS = _("It withdraws earlier words, which only the speaker's own words can do: %(link)s.")
_OWN_WORDS_OF_CLAIM = _(
    "It withdraws a claim, which only the speaker's own words can do: %(claim)s."
)
_NOT_THEIRS = _(
    "Only somebody who makes or repeats a claim can withdraw it: %(claim)s. Change its quotes first."
)


def why_not_upheld(quote: Quote, speakers: Collection[int] | None = None) -> dict[str, Any]:
    """By field of the quote, as it would be now: what could no longer be said of it elsewhere.

    `speakers` are the ids of those who would say it, alone or with others; without them, as it is stored.
    Takes three queries, and one more when the speakers are not given.
    """
    said_by = quote.speakers if speakers is None else set(speakers)
    return _against_claims(quote, said_by) | _against_links(quote, said_by)


def not_upheld(quotes: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The same of these quotes as they are stored, by id, of those of which something could no longer be."""
    links = QuoteLink.objects.filter(Q(later=OuterRef("pk")) | Q(earlier=OuterRef("pk")))
    of_claims = ClaimQuote.objects.filter(quote=OuterRef("pk"))
    concerned = Quote.objects.filter(Exists(links) | Exists(of_claims), pk__in=list(quotes))
    found = {quote.pk: why_not_upheld(quote) for quote in concerned}
    return {pk: problems for pk, problems in found.items() if problems}


def _against_links(quote: Quote, speakers: set[int]) -> dict[str, Any]:
    links = QuoteLink.objects.filter(Q(later=quote) | Q(earlier=quote))
    links = links.exclude(status=Status.WITHDRAWN)
    known = [f"{end}__{part}" for end in ("later", "earlier") for part in ("speaker", "lead")]
    links = links.annotate(
        same_as_earlier=_is_said_by(speakers, "earlier"),
        same_as_later=_is_said_by(speakers, "later"),
    ).select_related(*known)
    problems: dict[str, Any] = {}
    for link in links:
        is_later = link.later_id == quote.pk
        later, earlier = (quote, link.earlier) if is_later else (link.later, quote)
        same = link.same_as_earlier if is_later else link.same_as_later
        if not may_follow(later, earlier):
            problems["said_on"] = _DATES % {"link": link}
        if link.kind in link.BY_THE_SAME and not same:
            problems["speaker"] = _ONE_AND_THE_SAME % {"link": link}
        if is_later and link.kind == link.Kind.WITHDRAWS and quote.kind == Quote.Kind.INDIRECT:
            problems["kind"] = _OWN_WORDS % {"link": link}
    return problems


def _is_said_by(speakers: set[int], end: str) -> Exists:
    """Whether one of them says, alone or with others, what stands at that end of a link."""
    joint = JointSpeaker.objects.filter(quote=OuterRef(OuterRef(end))).values("speaker")
    also = Q(pk=OuterRef(f"{end}__speaker")) | Q(pk__in=joint)
    return Exists(Speaker.objects.filter(also, pk__in=speakers))


def _against_claims(quote: Quote, speakers: set[int]) -> dict[str, Any]:
    own = ClaimQuote.objects.filter(quote=quote).exclude(claim__status=Status.WITHDRAWN)
    rows = ClaimQuote.objects.filter(claim__in=own.values("claim")).select_related("claim", "quote")
    by_claim: dict[Any, list[ClaimQuote]] = {}
    for row in rows.prefetch_related("quote__joint_speakers"):
        by_claim.setdefault(row.claim, []).append(row)

    def said_by(row: ClaimQuote) -> set[int]:
        return speakers if row.quote_id == quote.pk else row.quote.speakers

    problems: dict[str, Any] = {}
    for claim, its_rows in by_claim.items():
        claimants: set[int] = set()
        for row in its_rows:
            if row.role in row.CLAIMING and row.quote.attribution != Attribution.MISATTRIBUTED:
                claimants |= said_by(row)
        for row in its_rows:
            if row.role != row.Role.WITHDRAWS:
                continue
            if row.quote_id == quote.pk and quote.kind == Quote.Kind.INDIRECT:
                problems["kind"] = _OWN_WORDS_OF_CLAIM % {"claim": claim}
            if not claimants & said_by(row):
                problems["speaker"] = _NOT_THEIRS % {"claim": claim}
    return problems
