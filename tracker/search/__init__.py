"""Answers what a reader asks: which quotes or claims, in which order, how many, and what else could be asked.

It names tables and imports no model. Only published quotes and claims that are open to readers are in the index,
so that no answer, number or facet can tell of another one. Beside the index it keeps what a list shows of each.
"""

from .answering import (
    CAP,
    SAMPLE,
    Answer,
    AnyAnswer,
    ClaimAnswer,
    answer,
    answer_claims,
    claims_of,
    count,
    totals,
)
from .asking import FACETS, AnyQuestion, ClaimQuestion, Question
from .claims import STANDINGS, ShownClaim, ShownClaimant, ShownReview, shown_claims
from .counting import OnRecord, claims_counted, counted, most_counted, on_record
from .engines import TooSlow
from .facets import FacetCount, Tally, YearCount
from .guessing import FEW, Guess, guess, speakers_nearly_named
from .highlighting import marked_parts
from .indexing import catch_up, disagreements, ensure_triggers, optimise, rebuild
from .labelling import OURS
from .likeness import candidates, claims_like, in_one_piece
from .naming import is_named, known, looked_up, speakers_named
from .querying import LONGEST_QUERY, MOST_TERMS, Query, QueryError, parse
from .shelves import CLAIMS, QUOTES, Shelf
from .shown import ShownArticle, ShownBy, ShownCitation, ShownQuote, shown
from .standing import standing

__all__ = [
    "CAP",
    "CLAIMS",
    "FACETS",
    "FEW",
    "LONGEST_QUERY",
    "MOST_TERMS",
    "OURS",
    "QUOTES",
    "SAMPLE",
    "STANDINGS",
    "Answer",
    "AnyAnswer",
    "AnyQuestion",
    "ClaimAnswer",
    "ClaimQuestion",
    "FacetCount",
    "Guess",
    "OnRecord",
    "Query",
    "QueryError",
    "Question",
    "Shelf",
    "ShownArticle",
    "ShownBy",
    "ShownCitation",
    "ShownClaim",
    "ShownClaimant",
    "ShownQuote",
    "ShownReview",
    "Tally",
    "TooSlow",
    "YearCount",
    "answer",
    "answer_claims",
    "candidates",
    "catch_up",
    "claims_counted",
    "claims_like",
    "claims_of",
    "count",
    "counted",
    "disagreements",
    "ensure_triggers",
    "guess",
    "in_one_piece",
    "is_named",
    "known",
    "looked_up",
    "marked_parts",
    "most_counted",
    "on_record",
    "optimise",
    "parse",
    "rebuild",
    "shown",
    "shown_claims",
    "speakers_named",
    "speakers_nearly_named",
    "standing",
    "totals",
]
