"""What a list shows of a claim, kept beside the index: ids where names are, for names change and the words stay.

Which quotes and reviews of a claim count, `claim_gathering` says. How the facts read is the records' to say.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from tracker.sanitizing import slug_from

from . import engines
from .labelling import Label, labels
from .shelves import CLAIMS

__all__ = [
    "STANDINGS",
    "ShownClaim",
    "ShownClaimant",
    "ShownReview",
    "StoredClaim",
    "encoded",
    "shown_claims",
    "stored",
    "with_names",
]

# No published review; a current one of ours with a verdict that is open, or final; a current one
# that has none, or is another outlet's alone; and beside these, that who made the claim has withdrawn it.
STANDINGS = ("unreviewed", "interim", "final", "summary", "taken-back")


class ShownClaimant(NamedTuple):
    """One of those who made or repeated it."""

    id: int
    name: str
    slug: str


class ShownReview(NamedTuple):
    """What one desk finds now."""

    verdict_id: int | None
    rating_there: str  # an outlet's own word for it
    publisher: str  # '' when it is this desk
    publisher_slug: str


class ShownClaim(NamedTuple):
    """A claim in a list."""

    id: int
    slug: str
    text: str
    kind: str
    due: str
    due_day: (
        int | None
    )  # the ordinal of the last day on which it is not overdue; None once it is settled
    said_on: str  # of the earliest quote on record
    claimants: tuple[ShownClaimant, ...]
    described_as: tuple[str, ...]  # claimants whom the sources do not name
    reviews: tuple[ShownReview, ...]  # the current ones, ours first
    standings: tuple[str, ...]
    quotes: int  # published ones, whatever they do with it


class StoredClaim(NamedTuple):
    """A ShownClaim as it is kept."""

    id: int
    text: str
    kind: str
    due: str
    due_day: int | None
    said_on: str
    claimants: tuple[int, ...]
    described_as: tuple[str, ...]
    reviews: tuple[tuple[int | None, str, int | None], ...]  # verdict, rating there, publisher
    standings: tuple[str, ...]
    quotes: int

    def tags(self) -> Iterator[str]:
        """Of what a list must know the names."""
        yield from (f"=s{pk}" for pk in self.claimants)
        yield from (f"=p{publisher}" for _verdict, _word, publisher in self.reviews if publisher)


def encoded(claim: StoredClaim) -> str:
    return json.dumps(claim, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1_000)
def stored(text: str) -> StoredClaim:
    claim = StoredClaim._make(json.loads(text))
    return claim._replace(
        claimants=tuple(claim.claimants),
        described_as=tuple(claim.described_as),
        reviews=tuple((each[0], each[1], each[2]) for each in claim.reviews),
        standings=tuple(claim.standings),
    )


def with_names(claim: StoredClaim, names: Mapping[str, Label]) -> ShownClaim:
    """The claim as a list shows it, with what the records in it are called now."""
    people = [(pk, names.get(f"=s{pk}")) for pk in claim.claimants]
    return ShownClaim(
        claim.id,
        _slug(claim.text),
        *claim[1:6],
        tuple(ShownClaimant(pk, who.name, who.slug) for pk, who in people if who),
        claim.described_as,
        tuple(_review(*each, names) for each in claim.reviews),
        *claim[9:],
    )


def _review(
    verdict: int | None, word: str, publisher: int | None, names: Mapping[str, Label]
) -> ShownReview:
    desk = names.get(f"=p{publisher}")
    return ShownReview(verdict, word, desk.name if desk else "", desk.slug if desk else "")


@lru_cache(maxsize=1_000)
def _slug(text: str) -> str:
    return slug_from(text, longest=60) or "claim"


def shown_claims(ids: Iterable[int]) -> list[ShownClaim]:
    """Of the claims with these ids those that are open to readers, in the order of the ids, in two statements."""
    wanted = list(ids)
    if not wanted:
        return []
    among, params = engines.among(wanted)
    sql = f"""
        SELECT q.{CLAIMS.pk}, s.shown FROM {CLAIMS.row} q JOIN {CLAIMS.shown} s ON s.key = q.key
        WHERE q.{CLAIMS.pk} {among}
    """
    found = {pk: stored(text) for pk, text in engines.fetched(sql, params)}
    names = labels({tag for claim in found.values() for tag in claim.tags()})
    return [with_names(found[pk], names) for pk in wanted if pk in found]
