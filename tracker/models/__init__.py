"""What we know: speakers, sources, quotes and their citations; the words to ask for them and the verbs that change them."""

from .addressed import Addressed, SlugRedirect
from .citations import Citation
from .doubts import DoubtedCitation
from .findings import Finding
from .jobs import Job
from .looks import Health, health_of
from .occasions import Occasion, Topic
from .quotes import JointSpeaker, Quote
from .recording import (
    RECORDABLE,
    NewArticle,
    NewQuote,
    Revision,
    record_articles,
    record_many,
    record_quotes,
    revise_quotes,
)
from .sources import Article, Capture, Publisher
from .speakers import Position, Speaker, SpeakerAlias
from .statuses import Editor, Moved, Publishable, Refused, Status, Withdrawal
from .turns import Turn

__all__ = [
    "RECORDABLE",
    "Addressed",
    "Article",
    "Capture",
    "Citation",
    "DoubtedCitation",
    "Editor",
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
    "Refused",
    "Revision",
    "SlugRedirect",
    "Speaker",
    "SpeakerAlias",
    "Status",
    "Topic",
    "Turn",
    "Withdrawal",
    "health_of",
    "record_articles",
    "record_many",
    "record_quotes",
    "revise_quotes",
]
