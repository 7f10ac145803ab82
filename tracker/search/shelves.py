"""The two kinds of record that the index holds, quotes and claims: the tables of each, and the filters that it is found by.

All else in the index is written once, for a shelf. It knows no SQL beyond names, and no model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .entries import NOT_THEIRS

__all__ = ["CLAIMS", "QUOTES", "SHELVES", "Shelf"]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """One kind of record in the index. Every shelf is there once, so that it is equal to itself alone."""

    noun: str
    row: str  # the narrow table of what is counted
    pk: str  # its column with the id of the record
    own: str  # its column that no other shelf has
    fts: str  # the words, in a table of their own on SQLite
    shown: str
    counts: str
    fields: Mapping[str, str]  # filters whose values are counted: the field of the question
    letters: Mapping[str, str]  # of the same: what their tags begin with, behind the equals sign
    apart: str = ""  # the tag of what is listed only when it is asked for
    all_known: frozenset[str] = frozenset()  # filters whose records can be asked for, found or not

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the narrow table, as an entry has them."""
        return ("key", self.pk, "latest", "wide", self.own, "tags")

    @property
    def tables(self) -> tuple[str, ...]:
        """Those that are the same on both databases."""
        return (self.row, self.shown, self.counts)


QUOTES = Shelf(
    noun="quote",
    row="search_quote",
    pk="quote_id",
    own="theirs",
    fts="search_fts",
    shown="search_shown",
    counts="search_count",
    fields={
        "speaker": "speakers",
        "organisation": "organisations",
        "publisher": "publishers",
        "topic": "topics",
        "occasion": "occasions",
        "place": "places",
        "kind": "kinds",
        "attribution": "attributions",
        "language": "languages",
    },
    letters={
        "speaker": "s",
        "organisation": "o",
        "publisher": "p",
        "topic": "t",
        "occasion": "c",
        "place": "w",
        "kind": "k",
        "attribution": "a",
        "language": "l",
    },
    apart=NOT_THEIRS,
)
CLAIMS = Shelf(
    noun="claim",
    row="search_claim",
    pk="claim_id",
    own="due",
    fts="search_claim_fts",
    shown="search_claim_shown",
    counts="search_claim_count",
    fields={
        "claimant": "claimants",
        "kind": "kinds",
        "verdict": "verdicts",
        "reviewer": "reviewers",
        "topic": "topics",
        "status": "standings",
    },
    letters={
        "claimant": "s",
        "kind": "k",
        "verdict": "v",
        "reviewer": "p",
        "topic": "t",
        "status": "u",
    },
    all_known=frozenset({"verdict"}),
)
SHELVES = (QUOTES, CLAIMS)
