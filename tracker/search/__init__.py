"""Answers what a reader asks: which quotes, in which order, how many, and what else could be asked.

It names tables and imports no model. Only published quotes are in any answer, number or facet.
"""

from .answering import Answer, FacetCount, YearCount, answer, totals
from .asking import MOST_WORDS, Question, split_words

__all__ = [
    "MOST_WORDS",
    "Answer",
    "FacetCount",
    "Question",
    "YearCount",
    "answer",
    "split_words",
    "totals",
]
