"""Finds the quotes of an article: which words, whose, by which cue, and how sure that is.

Knows no Django, no database and no web: plain text goes in, frozen records come out.
"""

from tracker.extraction.finding import TICKED_FROM, find_quotes
from tracker.extraction.found import DOUBTS, FoundQuote, Place
from tracker.extraction.naming import KnownSpeaker, Registry
from tracker.extraction.samples import SampleError
from tracker.extraction.weights import WeightsError

__all__ = [
    "DOUBTS",
    "TICKED_FROM",
    "FoundQuote",
    "KnownSpeaker",
    "Place",
    "Registry",
    "SampleError",
    "WeightsError",
    "find_quotes",
]
