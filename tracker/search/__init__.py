"""Answers what a reader asks: which quotes, in which order, how many, and what else could be asked.

It names tables and imports no model. Only published quotes are in the index, so that no answer, number
or facet can tell of another one. Beside the index it keeps what a list shows of each quote.
"""

from .answering import CAP, SAMPLE, Answer, answer, count, totals
from .asking import FACETS, Question
from .counting import OnRecord, counted, most_counted, on_record
from .engines import TooSlow
from .facets import FacetCount, Tally, YearCount
from .guessing import FEW, Guess, guess, speakers_nearly_named
from .highlighting import marked_parts
from .indexing import catch_up, disagreements, ensure_triggers, optimise, rebuild
from .likeness import candidates, in_one_piece
from .naming import is_named, known, looked_up, speakers_named
from .querying import LONGEST_QUERY, MOST_TERMS, Query, QueryError, parse
from .shown import ShownArticle, ShownBy, ShownCitation, ShownQuote, shown
from .standing import standing

__all__ = [
    "CAP",
    "FACETS",
    "FEW",
    "LONGEST_QUERY",
    "MOST_TERMS",
    "SAMPLE",
    "Answer",
    "FacetCount",
    "Guess",
    "OnRecord",
    "Query",
    "QueryError",
    "Question",
    "ShownArticle",
    "ShownBy",
    "ShownCitation",
    "ShownQuote",
    "Tally",
    "TooSlow",
    "YearCount",
    "answer",
    "candidates",
    "catch_up",
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
    "speakers_named",
    "speakers_nearly_named",
    "standing",
    "totals",
]
