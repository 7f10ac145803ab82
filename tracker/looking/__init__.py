"""Articles are looked at again, and many are brought in: politely, with what was seen on record each time.

The one room that decides how often a site is asked. It never says that a page was deleted: what was seen, and when.
"""

from tracker.importing import our_rules

from .again import PUT_OFF, Looked, Looks, look_again
from .bringing import Bringing, Came, Named, bring_in, named_in
from .choosing import Choice, NotToLookAt, articles_named, articles_of_age
from .telling import in_words, outcome_in_words
from .visiting import Manners

__all__ = [
    "PUT_OFF",
    "Bringing",
    "Came",
    "Choice",
    "Looked",
    "Looks",
    "Manners",
    "Named",
    "NotToLookAt",
    "articles_named",
    "articles_of_age",
    "bring_in",
    "in_words",
    "look_again",
    "named_in",
    "our_rules",
    "outcome_in_words",
]
