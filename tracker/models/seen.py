"""What readers have seen of a record and are told when it changes, as corrections have it. It changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker import dates

from .corrections import FieldChange
from .quotes import Quote
from .reviews import Review
from .speakers import Position

__all__ = ["Seen", "seen_changes", "seen_of_position", "seen_of_quote", "seen_of_review"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that readers are told of a record: `key` tells whether it is the same, `words` are what they read."""

    label: str
    key: Any
    words: str


def seen_of_quote(quote: Quote) -> list[Seen]:
    """Its words, speaker, date and position."""
    said = dates.reading(quote.said_on, "en") if quote.said_on else ""
    position = quote.position.title_and_organisation if quote.position else ""
    who = (quote.speaker_id, quote.speaker_described_as)
    return [
        Seen("words", quote.text, quote.text),
        Seen("speaker", who, str(quote.speaker or quote.speaker_described_as)),
        Seen("said on", quote.said_on, said),
        Seen("position then", quote.position_id, position),
    ]


def seen_of_position(position: Position) -> list[Seen]:
    """Its title, which stands under quotes."""
    return [Seen("title", position.title, position.title)]


def seen_of_review(review: Review) -> list[Seen]:
    """Its verdict, ours or the outlet's own."""
    verdict = review.verdict.label if review.verdict else ""
    return [
        Seen("verdict", review.verdict_id, verdict),
        Seen("verdict there", review.rating_there, review.rating_there),
    ]


def seen_changes(before: Iterable[Seen], after: Iterable[Seen]) -> list[FieldChange]:
    """What is no longer as it was."""
    return [
        FieldChange(now.label, then.words, now.words)
        for then, now in zip(before, after, strict=True)
        if then.key != now.key
    ]
