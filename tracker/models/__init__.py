"""What we know: speakers, sources, quotes and their citations; the words to ask for them and the verbs that change them."""

from .addressed import Addressed, SlugRedirect
from .attributed import HOLD_FIRST
from .citations import Citation
from .claims import Claim, ClaimQuote
from .corrections import CORRECTABLE, Correction, FieldChange
from .doubts import DoubtedCitation
from .findings import Finding
from .independence import giving_theirs, independent_sources, lacking
from .jobs import Job
from .links import QuoteLink, disputed_without_reply, may_follow
from .looks import Health, health_of
from .occasions import Occasion, Topic
from .quotes import JointSpeaker, Quote
from .recording import (
    RECORDABLE,
    Contradicted,
    NewArticle,
    NewQuote,
    Revision,
    Unexplained,
    record_articles,
    record_many,
    record_quotes,
    revise_quotes,
)
from .reviews import Evidence, Review
from .seen import (
    Seen,
    seen_changed,
    seen_changes,
    seen_of_claim,
    seen_of_link,
    seen_of_position,
    seen_of_quote,
    seen_of_review,
)
from .sources import Article, Capture, Publisher
from .speakers import Position, Speaker, SpeakerAlias
from .statuses import AnotherMust, Editor, Moved, Publishable, Refused, Status, Withdrawal, Written
from .turns import Turn
from .upheld import not_upheld, why_not_upheld
from .verdicts import ClaimKind, Scale, Verdict, VerdictName

__all__ = [
    "CORRECTABLE",
    "HOLD_FIRST",
    "RECORDABLE",
    "Addressed",
    "AnotherMust",
    "Article",
    "Capture",
    "Citation",
    "Claim",
    "ClaimKind",
    "ClaimQuote",
    "Contradicted",
    "Correction",
    "DoubtedCitation",
    "Editor",
    "Evidence",
    "FieldChange",
    "Finding",
    "Health",
    "Job",
    "JointSpeaker",
    "Moved",
    "NewArticle",
    "NewQuote",
    "Occasion",
    "Position",
    "Publishable",
    "Publisher",
    "Quote",
    "QuoteLink",
    "Refused",
    "Review",
    "Revision",
    "Scale",
    "Seen",
    "SlugRedirect",
    "Speaker",
    "SpeakerAlias",
    "Status",
    "Topic",
    "Turn",
    "Unexplained",
    "Verdict",
    "VerdictName",
    "Withdrawal",
    "Written",
    "disputed_without_reply",
    "giving_theirs",
    "health_of",
    "independent_sources",
    "lacking",
    "may_follow",
    "not_upheld",
    "record_articles",
    "record_many",
    "record_quotes",
    "revise_quotes",
    "seen_changed",
    "seen_changes",
    "seen_of_claim",
    "seen_of_link",
    "seen_of_position",
    "seen_of_quote",
    "seen_of_review",
    "why_not_upheld",
]
