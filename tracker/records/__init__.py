"""The public shape of a quote, an article, a speaker ..., written once for every way out.

Templates and the other ways out get these frozen records and never a model, so that what readers
must not see (of a private source all but its medium and date) cannot slip into a page.
"""

from .checks import CheckRecord
from .citations import CitationRecord
from .claim_rows import ClaimRow, RowVerdict, claim_rows
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
    position_record,
    speaker_in_list,
    speaker_record,
)
from .verdicts import VerdictSign, scale_signs, verdict_sign, verdict_signs
from .wordings import Wordings

__all__ = [
    "ArticleRecord",
    "By",
    "CaptureRecord",
    "ChainStep",
    "CheckRecord",
    "CitationRecord",
    "ClaimRow",
    "DateReading",
    "Link",
    "OccasionRecord",
    "PositionRecord",
    "PublisherRecord",
    "QuoteRecord",
    "QuoteRow",
    "RowVerdict",
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
    "claim_rows",
    "date_reading",
    "day_reading",
    "direction",
    "kind_sign",
    "occasion_record",
    "position_record",
    "publisher_record",
    "quote_record",
    "rows",
    "same_language",
    "scale_signs",
    "speaker_in_list",
    "speaker_record",
    "topic_record",
    "verdict_sign",
    "verdict_signs",
    "words_of",
]
