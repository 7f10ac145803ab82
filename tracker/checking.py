"""Did they say it? Says of words that a reader heard what is on record: whose they are, word for word or otherwise.

It knows no request and no page. Only what `search` shows of published quotes is looked at.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker import search
from tracker.anchoring import Likeness, compare
from tracker.models import Quote

__all__ = ["LONGEST", "Answer", "Finding", "Match", "check", "finding"]

LONGEST = 2_000  # characters that can be asked about
_ALSO = 5  # further quotes that are near enough
_LESS = 3  # and quotes that are not
_LEAST = 60  # percent of the letters, for those


class Answer(StrEnum):
    """What there is to say, the first that holds."""

    WRONGLY = "wrongly attributed"
    WORD_FOR_WORD = "word for word"
    IN_OTHER_WORDS = "in other words"
    SOMEONE_ELSE = "by someone else"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Match:
    """A quote, and that of its wordings which is most like the words."""

    quote: search.ShownQuote
    citation: search.ShownCitation
    likeness: Likeness

    @property
    def is_theirs(self) -> bool:
        return self.quote.attribution != Quote.Attribution.MISATTRIBUTED

    @property
    def is_word_for_word(self) -> bool:
        """Of words that are reported and stand in no quotation marks nobody knows that."""
        return self.likeness.is_exact and self.quote.kind == Quote.Kind.DIRECT

    @property
    def leads(self) -> bool:
        """Whether the wording stands for the quote, so that a list shows it."""
        return self.citation.id == self.quote.lead.id

    @property
    def _order(self) -> tuple[bool, bool, int, bool]:
        exact = self.likeness.is_exact
        return self.is_word_for_word, exact, self.likeness.similarity, not self.likeness.is_part


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer, the quote that it rests on, others that are near enough, and some that are not."""

    answer: Answer
    best: Match | None = None
    also: tuple[Match, ...] = ()
    less: tuple[Match, ...] = ()


def check(words: str, speakers: Collection[int] | None = None) -> Finding:
    """What is on record of these words, LONGEST characters at most. Raises search.TooSlow.

    `speakers` are the ids of those who may be meant by the name that was given: none for a name that
    nobody here has, None when no name was given.
    """
    ids = search.candidates(words, speakers=tuple(speakers or ()))
    return finding(words, search.shown(ids), speakers)


def finding(
    words: str, quotes: Iterable[search.ShownQuote], speakers: Collection[int] | None = None
) -> Finding:
    """The answer, of these quotes alone.

    Wrong attribution leads, whoever was named: whoever asks must not miss it. Then the quotes of those
    who were named come first, then word for word, then the most alike.
    """
    matches = sorted((_match(words, quote) for quote in quotes), key=lambda m: m._order)[::-1]
    near = [each for each in matches if each.likeness.is_near]
    far = [each for each in matches if not each.likeness.is_near]
    less = tuple(each for each in far if each.likeness.similarity >= _LEAST)[:_LESS]
    if not near:
        return Finding(Answer.NOT_FOUND, less=less)
    wrongly = [each for each in near if not each.is_theirs]
    named = [each for each in near if each.is_theirs and _is_by(each.quote, speakers)]
    best = [*wrongly, *named, *near][0]
    also = tuple(each for each in [*wrongly, *named, *near] if each is not best)
    found = Finding(_answer(best, speakers), best, tuple(dict.fromkeys(also))[:_ALSO], less)
    return replace(found, less=()) if len(found.also) == _ALSO else found


def _match(words: str, quote: search.ShownQuote) -> Match:
    """The quote with the wording that is most like the words, the leading one of equal ones."""
    giving = [each for each in quote.citations if each.gives_the_words and each.text]
    compared = [Match(quote, each, compare(words, each.text)) for each in giving or [quote.lead]]
    return max(compared, key=lambda each: each._order)


def _is_by(quote: search.ShownQuote, speakers: Collection[int] | None) -> bool:
    return speakers is None or any(who.id in speakers for who in quote.by)


def _answer(best: Match, speakers: Collection[int] | None) -> Answer:
    if not best.is_theirs:
        return Answer.WRONGLY
    if not _is_by(best.quote, speakers):
        return Answer.SOMEONE_ELSE
    return Answer.WORD_FOR_WORD if best.is_word_for_word else Answer.IN_OTHER_WORDS
