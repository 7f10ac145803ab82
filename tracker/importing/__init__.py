"""The ways into the record: what an editor or a command brings comes in whole or not at all, as often as one likes.

It keeps to the models' own rules and verbs, and leaves alone what is on record already.
"""

from .articles import Imported, Origin, import_article, keep_copy, keep_failure, record_article
from .cards import ACCEPT, LATER, REJECT, Card, Decided, Kept, Shared, Undecidable
from .claim_reviews import (
    LONGEST_SUMMARY,
    OnRecord,
    declared_by,
    keep_declared,
    key_of,
    on_record_of,
    read_declared_again,
    record_claim_review,
    short_claim,
    short_description,
)
from .deciding import save_decisions, why_refused
from .entries import RecordError, read_record
from .finding import find_in, keep_found, mark_words
from .keeping import keep_entered, mark_of
from .languages import language_of
from .loading import Loaded, load_record
from .naming import namesakes_of
from .offering import Offer, offers
from .samples import decided_samples
from .sources import LARGEST, ArticleError, Brought, Facts, Source, bring, our_rules

__all__ = [
    "ACCEPT",
    "LARGEST",
    "LATER",
    "LONGEST_SUMMARY",
    "REJECT",
    "ArticleError",
    "Brought",
    "Card",
    "Decided",
    "Facts",
    "Imported",
    "Kept",
    "Loaded",
    "Offer",
    "OnRecord",
    "Origin",
    "RecordError",
    "Shared",
    "Source",
    "Undecidable",
    "bring",
    "decided_samples",
    "declared_by",
    "find_in",
    "import_article",
    "keep_copy",
    "keep_declared",
    "keep_entered",
    "keep_failure",
    "keep_found",
    "key_of",
    "language_of",
    "load_record",
    "mark_of",
    "mark_words",
    "namesakes_of",
    "offers",
    "on_record_of",
    "our_rules",
    "read_declared_again",
    "read_record",
    "record_article",
    "record_claim_review",
    "save_decisions",
    "short_claim",
    "short_description",
    "why_refused",
]
