"""The public shape of a quote, an article, a speaker ..., written once for every way out.

Templates and the other ways out get these frozen records and never a model, so that what readers
must not see (of a private source all but its medium and date) cannot slip into a page.
"""

from .checks import CheckRecord
from .citations import CitationRecord
from .claim_rows import ClaimRow, RowVerdict, claim_rows
from .claims import Appearance, ClaimRecord, Moment, claim_record
from .claims_beside import ClaimBeside, Ruling, claims_beside
from .corrections import CorrectionRecord, correction_records
from .links import (
    LinkedQuote,
    LinkRecord,
    Mention,
    QuoteLinks,
    Side,
    link_signs,
    links_of,
    mentions,
)
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
from .reviews import EvidenceRecord, Rating, ReviewRecord, ReviewRow, review_rows
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
from .verdicts import VerdictSign, scale_signs, verdict_sign, verdict_signs
from .wordings import Wordings

__all__ = [
    "Appearance",
    "ArticleRecord",
    "By",
    "CaptureRecord",
    "ChainStep",
    "CheckRecord",
    "CitationRecord",
    "ClaimBeside",
    "ClaimRecord",
    "ClaimRow",
    "CorrectionRecord",
    "DateReading",
    "EvidenceRecord",
    "Link",
    "LinkRecord",
    "LinkedQuote",
    "Mention",
    "Moment",
    "OccasionRecord",
    "PositionRecord",
    "PublisherRecord",
    "QuoteLinks",
    "QuoteRecord",
    "QuoteRow",
    "Rating",
    "ReviewRecord",
    "ReviewRow",
    "RowVerdict",
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
    "claim_record",
    "claim_rows",
    "claims_beside",
    "correction_records",
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
    "review_rows",
    "rows",
    "same_language",
    "scale_signs",
    "speaker_in_list",
    "speaker_link",
    "speaker_record",
    "topic_record",
    "verdict_sign",
    "verdict_signs",
    "words_of",
]
