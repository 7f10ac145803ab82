"""What we know: speakers, sources, quotes and their citations; the words to ask for them and the verbs that change them."""

from .addressed import Addressed, SlugRedirect
from .citations import Citation
from .doubts import DoubtedCitation
from .findings import Finding
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

__all__ = [
    "RECORDABLE",
    "Addressed",
    "Article",
    "Capture",
    "Citation",
    "DoubtedCitation",
    "Editor",
    "Finding",
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
    "Withdrawal",
    "record_articles",
    "record_many",
    "record_quotes",
    "revise_quotes",
]
