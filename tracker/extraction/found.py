"""What the extractor hands on: a found quote, with its words, its speaker, its cue, and its doubts."""

from dataclasses import dataclass

from tracker.extraction.naming import KnownSpeaker

__all__ = ["DIRECT", "DOUBTS", "INDIRECT", "MIXED", "FoundQuote", "Place"]

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"

DOUBTS = {
    "speaker_not_found": "nobody was found who may have said it",
    "speaker_unclear": "somebody else may have said it",
    "speaker_not_named": "the speaker is described or a pronoun, and no name was found for it",
    "speaker_from_elsewhere": "the speaker is named in another paragraph",
    "known_by_last_name": "the article has only the last name of the speaker on record",
    "words_unclear": "the words may begin or end elsewhere",
    "cue_not_found": "nothing beside it says that something is said",
    "mark_not_closed": "a quotation mark is opened and not closed",
    "may_be_no_quote": "a title, a scare quote or an attitude, more likely than words of somebody",
    "by_pattern": "found by quotation marks and fixed patterns, not by the trained model",
    "not_looked_at_closely": "the article is too long for the trained model to read all of it",
}
"""Why a found quote is doubtful: the words for machines, and what they mean."""


@dataclass(frozen=True, slots=True)
class Place:
    """Some words of the article: `text` is the article's text from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """One utterance as an article gives it.

    `parts` are in order and do not overlap; more than one where the quote is broken by its cue or
    goes on in the next paragraph. They have neither their outer quotation marks, nor the comma
    before a cue, nor the “that” of reported words.
    """

    kind: str  # direct, mixed or indirect, as the models have it
    parts: tuple[Place, ...]
    speaker: Place | None  # the mention nearest to the words, a pronoun perhaps
    name: str  # the fullest name that the article has for the speaker, or an empty string
    known: KnownSpeaker | None  # the one speaker on record whom that name means
    cue: Place | None
    confidence: float  # the chance that words and speaker are both right, from 0 to 1
    doubts: tuple[str, ...]  # keys of DOUBTS

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end

    @property
    def text(self) -> str:
        """The words, with a sign where something stands between them in the article."""
        return " […] ".join(part.text for part in self.parts)
