"""Compares wordings with each other and with the text of a source: where words stand, whether they still do,
and the link that leads a browser to them.

It must not touch Django, the database or the web, and it never changes what is stored: folded text
is for comparing only. All positions are in characters (Unicode code points) from the start of a text.
"""

from .checking import Check, Result, anchor, check, difference
from .comparing import Likeness, Part, compare
from .folding import fold, wording_key, wordings
from .fragments import text_fragment
from .locating import How, Place, locate
from .selecting import Selector, from_json, recorded_words, select, to_json

__all__ = [
    "Check",
    "How",
    "Likeness",
    "Part",
    "Place",
    "Result",
    "Selector",
    "anchor",
    "check",
    "compare",
    "difference",
    "fold",
    "from_json",
    "locate",
    "recorded_words",
    "select",
    "text_fragment",
    "to_json",
    "wording_key",
    "wordings",
]
