"""The public shape of a quote, an article, a speaker ..., written once for every way out.

Templates and the other ways out get these frozen records and never a model, so that what readers
must not see (of a private source all but its medium and date) cannot slip into a page.
"""

from .checks import CheckRecord
from .citations import CitationRecord
from .claims_beside import ClaimBeside, Ruling, claims_beside
from .links import LinkRecord, Mention, QuoteLinks, Side, link_signs, links_of, mentions
from .places import (
    OccasionRecord,
    PublisherRecord,
    TopicRecord,
    occasion_record,
    publisher_record,
    topic_record,
)
from .quotes import (
    QuoteRecord,
    QuoteRow,
    SourceLine,
    Sources,
    quote_record,
    rows,
)
from .readings import (
    DateReading,
    Link,
    Sign,
    Words,
    attribution_sign,
    date_reading,
    day_reading,
    direction,
    kind_sign,
    same_language,
    words_of,
)
from .sources import (
    ArticleRecord,
    CaptureRecord,
    ChainStep,
    article_record,
    capture_record,
    chain_of,
    chained,
)
from .speakers import (
    By,
    PositionRecord,
    SpeakerRecord,
    SpeakerRow,
    bylines,
    office_since,
    position_record,
    speaker_in_list,
    speaker_link,
    speaker_record,
)
from .verdicts import VerdictSign, scale_signs, verdict_sign
from .wordings import Wordings

__all__ = [
    "ArticleRecord",
    "By",
    "CaptureRecord",
    "ChainStep",
    "CheckRecord",
    "CitationRecord",
    "ClaimBeside",
    "DateReading",
    "Link",
    "LinkRecord",
    "Mention",
    "OccasionRecord",
    "PositionRecord",
    "PublisherRecord",
    "QuoteLinks",
    "QuoteRecord",
    "QuoteRow",
    "Ruling",
    "Side",
    "Sign",
    "SourceLine",
    "Sources",
    "SpeakerRecord",
    "SpeakerRow",
    "TopicRecord",
    "VerdictSign",
    "Wordings",
    "Words",
    "article_record",
    "attribution_sign",
    "bylines",
    "capture_record",
    "chain_of",
    "chained",
    "claims_beside",
    "date_reading",
    "day_reading",
    "direction",
    "kind_sign",
    "link_signs",
    "links_of",
    "mentions",
    "occasion_record",
    "office_since",
    "position_record",
    "publisher_record",
    "quote_record",
    "rows",
    "same_language",
    "scale_signs",
    "speaker_in_list",
    "speaker_link",
    "speaker_record",
    "topic_record",
    "verdict_sign",
    "words_of",
]
