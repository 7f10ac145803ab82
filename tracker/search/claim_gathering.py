"""Reads what the index holds of a claim out of the tables of the record: its words, the values of its filters, what a list shows.

It names tables and imports no model. Only claims that are open to readers are gathered, with their published quotes
and the reviews that count now.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .claims import StoredClaim, encoded
from .entries import ALL, WIDE, Entry, key_of
from .gathering import day_of, looked_for, rows_of, year_tag
from .labelling import OURS
from .tables import CLAIMING, OPEN_CLAIM, PUBLISHED
from .words import stems, tokens

__all__ = ["gather_claims"]


def gather_claims(ids: Sequence[int]) -> list[Entry]:
    """The entries of those claims that are open to readers, in five statements."""
    claims = [_Claim(*row) for row in rows_of(_CLAIMS, ids)]
    open_ids = [each.id for each in claims]
    quotes, joint, reviews, topics = _listed(), _listed(), _listed(), _listed()
    for row in rows_of(_QUOTES, open_ids):
        quotes[row[0]].append(_Quote(*row[1:]))
    for row in rows_of(_JOINT, open_ids):
        joint[row[0]].append(_Person(*row[1:]))
    for row in rows_of(_REVIEWS, open_ids):
        reviews[row[0]].append(_Review(*row[1:]))
    for claim_id, topic_id in rows_of(_TOPICS, open_ids):
        topics[claim_id].append(topic_id)
    return [
        _entry(each, _Known(quotes[each.id], joint[each.id], reviews[each.id], topics[each.id]))
        for each in claims
        if quotes[each.id]
    ]


def _listed() -> defaultdict[int, list[Any]]:
    return defaultdict(list)


@dataclass(slots=True)
class _Claim:
    id: int
    kind: str
    text: str
    due: str
    due_latest: Any


@dataclass(slots=True)
class _Person:
    """Who spoke in a quote, by ids: names are looked up when they are shown."""

    quote_id: int
    id: int | None
    kind: str
    organisation_id: int | None


@dataclass(slots=True)
class _Quote:
    id: int
    role: str
    claims: Any  # whether its own speaker makes or repeats the claim
    theirs: Any
    said_on: str
    earliest: Any
    latest: Any
    described_as: str
    text: str
    speaker_id: int | None
    speaker_kind: str
    organisation_id: int | None

    @property
    def first(self) -> _Person:
        return _Person(self.id, self.speaker_id, self.speaker_kind, self.organisation_id)


@dataclass(slots=True)
class _Review:
    verdict_id: int | None
    final: Any
    publisher_id: int | None
    rating_there: str
    summary: str


@dataclass(slots=True)
class _Known:
    """What is known of one claim."""

    quotes: list[_Quote]  # in order of time
    joint: list[_Person]
    reviews: list[_Review]
    topics: list[int]

    @property
    def claiming(self) -> list[_Quote]:
        return [each for each in self.quotes if each.claims]

    @property
    def claimants(self) -> list[_Person]:
        """Those who spoke in the quotes that make or repeat it, the earliest first."""
        found = []
        for quote in self.claiming:
            with_them = [each for each in self.joint if each.quote_id == quote.id]
            found += [each for each in (quote.first, *with_them) if each.id]
        return found

    @property
    def is_settled(self) -> bool:
        return any(each.final for each in self.reviews)

    @property
    def standings(self) -> list[str]:
        ours = [each for each in self.reviews if each.publisher_id is None and each.verdict_id]
        if not self.reviews:
            found = ["unreviewed"]
        elif not ours:
            found = ["summary"]
        else:
            found = ["final" if ours[0].final else "interim"]
        back = any(each.role == "withdraws" and each.theirs for each in self.quotes)
        return [*found, "taken-back"] if back else found


_CLAIMS = f"""
    SELECT k.id, k.kind, k.text, k.due, k.due_latest FROM tracker_claim k
    WHERE k.id {{among}} AND {OPEN_CLAIM}
"""
# CROSS JOIN: from the few rows of these claims to their quotes, never through all published quotes, which is what
# SQLite may choose before it has statistics.
_QUOTES = f"""
    SELECT l.claim_id, q.id, l.role, CASE WHEN {CLAIMING} THEN 1 ELSE 0 END,
        q.attribution <> 'misattributed', q.said_on, q.said_earliest, q.said_latest,
        q.speaker_described_as, c.text, q.speaker_id, s.kind, p.organisation_id
    FROM tracker_claimquote l CROSS JOIN tracker_quote q
    JOIN tracker_citation c ON c.id = q.lead_id
    LEFT JOIN tracker_speaker s ON s.id = q.speaker_id
    LEFT JOIN tracker_position p ON p.id = q.position_id
    WHERE l.claim_id {{among}} AND q.id = l.quote_id AND q.{PUBLISHED}
    ORDER BY l.claim_id, q.said_earliest ASC NULLS LAST, q.said_latest, q.id
"""
_JOINT = f"""
    SELECT l.claim_id, j.quote_id, j.speaker_id, s.kind, p.organisation_id
    FROM tracker_claimquote l CROSS JOIN tracker_quote q
    JOIN tracker_jointspeaker j ON j.quote_id = q.id JOIN tracker_speaker s ON s.id = j.speaker_id
    LEFT JOIN tracker_position p ON p.id = j.position_id
    WHERE l.claim_id {{among}} AND q.id = l.quote_id AND {CLAIMING} ORDER BY l.claim_id, j.quote_id, j."order", j.id
"""
_REVIEWS = """
    SELECT r.claim_id, r.verdict_id, v.final, r.publisher_id, r.rating_there, r.summary
    FROM tracker_review r LEFT JOIN tracker_verdict v ON v.id = r.verdict_id
    WHERE r.claim_id {among} AND r.is_current
    ORDER BY r.claim_id, r.publisher_id IS NOT NULL, r.reviewed_on DESC, r.id DESC
"""
_TOPICS = "SELECT claim_id, topic_id FROM tracker_claim_topics WHERE claim_id {among} ORDER BY id"


def _entry(claim: _Claim, known: _Known) -> Entry:
    first = known.claiming[0]
    earliest, latest = day_of(first.earliest), day_of(first.latest)
    words = tokens(claim.text)
    summaries = [each.summary for each in known.reviews]
    said = [each.text for each in known.quotes if each.theirs]
    due = None if known.is_settled else day_of(claim.due_latest)
    due_day = due.toordinal() if due else None
    return Entry(
        key=key_of(earliest, claim.id),
        pk=claim.id,
        latest=latest.toordinal() if latest else 0,
        wide=earliest != latest,
        due=due_day,
        words=" ".join(words),
        stems=" ".join(stems(words)),
        names=looked_for(each.described_as for each in known.claiming),
        about=looked_for([*summaries, *said]),
        tags=" ".join(_tags(claim, known, earliest, latest)),
        shown=encoded(_shown(claim, known, due_day)),
    )


def _tags(
    claim: _Claim, known: _Known, earliest: date | None, latest: date | None
) -> Iterable[str]:
    """The value of each filter, each once: `=s12` is the claimant with the id 12; `=o12` is for who looks for a name."""
    people = known.claimants
    firms = [each.id for each in people if each.kind == "organisation"]
    firms += [each.organisation_id for each in people]
    found = [
        ALL,
        f"=k{claim.kind}",
        *(f"=s{each.id}" for each in people),
        *(f"=o{pk}" for pk in firms if pk),
        *(f"=v{each.verdict_id}" for each in known.reviews if each.verdict_id),
        *(f"=p{each.publisher_id or OURS}" for each in known.reviews),
        *(f"=t{pk}" for pk in known.topics),
        *(f"=u{each}" for each in known.standings),
        year_tag(earliest, latest),
    ]
    if earliest != latest:
        found.append(WIDE)
    return dict.fromkeys(found)


def _shown(claim: _Claim, known: _Known, due_day: int | None) -> StoredClaim:
    described = [each.described_as for each in known.claiming if each.described_as]
    return StoredClaim(
        id=claim.id,
        text=claim.text,
        kind=claim.kind,
        due=claim.due,
        due_day=due_day,
        said_on=known.claiming[0].said_on,
        claimants=tuple(dict.fromkeys(each.id for each in known.claimants if each.id)),
        described_as=tuple(dict.fromkeys(described)),
        reviews=tuple(
            (each.verdict_id, each.rating_there, each.publisher_id) for each in known.reviews
        ),
        standings=tuple(known.standings),
        quotes=len(known.quotes),
    )
