"""What a reader can ask of a list: the query string, cleaned into a Question.

An unknown value, alone or among known ones, is an error beside its filter, and the list is empty then.
Nothing here runs the question; see `search.answer`.
"""

from .asking import (
    OUR_DESK,
    ClaimFilterSet,
    ListFilterSet,
    QuoteFilterSet,
    SpeakerFilterSet,
    Standing,
)
from .choosing import MOST_VALUES, Chosen, speakers_called
from .languages import language_name

__all__ = [
    "MOST_VALUES",
    "OUR_DESK",
    "Chosen",
    "ClaimFilterSet",
    "ListFilterSet",
    "QuoteFilterSet",
    "SpeakerFilterSet",
    "Standing",
    "language_name",
    "speakers_called",
]
