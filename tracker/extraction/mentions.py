"""Lists who might be speaking: every mention of a person, an organisation or a described source.

What the tagger takes for a speaker comes first; names and pronouns that it passed over are
mentioned too, since a ranker can choose better than the tagger could.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.extraction.lexicon import NO_NAME, PRONOUNS
from tracker.extraction.tagging import SPEAKER, Tagged

__all__ = ["Mention", "last_name", "mentions", "name_runs"]

_FAINT = 0.1  # marginal probability from which a run of words may be a speaker
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last - 1` of a paragraph that mention somebody."""

    paragraph: int
    first: int
    last: int
    kind: str  # name, pronoun, nominal
    sureness: float  # that it is a speaker, as the tagger has it
    is_tagged: bool
    name: str  # its last name in lower case, or an empty string


def last_name(words: Sequence[str]) -> str:
    """The last name in a mention: `kwon` of “CSO Jason Kwon, a lawyer from California”."""
    found = ""
    for word in words:
        if word in (",", "of", "from", "for", "at", "who", "(") and found:
            break
        if word[0].isupper() and word.lower() not in NO_NAME and word.lower() not in PRONOUNS:
            found = word
    return found.lower().rstrip(".")


def mentions(paragraph: Tagged, number: int) -> list[Mention]:
    """The mentions of one paragraph, in order."""
    taken = [False] * len(paragraph.words)
    found = []
    for first, last, is_tagged in _spans(paragraph, taken):
        words = paragraph.words.words[first:last]
        likely = paragraph.likely[SPEAKER][first:last]
        name = last_name(words)
        if len(words) == 1 and words[0].lower() in PRONOUNS:
            kind, name = "pronoun", ""
        else:
            kind = "name" if name else "nominal"
        found.append(Mention(number, first, last, kind, sum(likely) / len(likely), is_tagged, name))
    return sorted(found, key=lambda mention: mention.first)


def name_runs(paragraph: Tagged, number: int) -> list[Mention]:
    """Every run of capitalised words outside of marks, whatever the tagger makes of it."""
    tagged = {i for span in paragraph.speakers for i in range(span.first, span.last)}
    found = []
    for first, last in _named(paragraph, [False] * len(paragraph.words)):
        name = last_name(paragraph.words.words[first:last])
        if name:
            likely = paragraph.likely[SPEAKER][first:last]
            sure = sum(likely) / len(likely)
            found.append(Mention(number, first, last, "name", sure, first in tagged, name))
    return found


def _spans(paragraph: Tagged, taken: list[bool]) -> Iterator[tuple[int, int, bool]]:
    """Tagged speakers, then likely runs, then names and pronouns outside of marks."""
    begins = paragraph.begins[SPEAKER]
    for span in paragraph.speakers:
        taken[span.first : span.last] = [True] * (span.last - span.first)
        yield span.first, span.last, True
        # “After a meeting of the committee, OpenAI”: the speaker may begin later.
        for i in range(span.first + 1, span.last):
            if begins[i] >= _FAINT:
                yield i, span.last, False
    for run in (_likely, _named):
        for first, last in run(paragraph, taken):
            taken[first:last] = [True] * (last - first)
            yield first, last, False


def _likely(paragraph: Tagged, taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    likely, begins = paragraph.likely[SPEAKER], paragraph.begins[SPEAKER]
    first = -1
    for i in range(len(taken) + 1):
        more = i < len(taken) and not taken[i] and likely[i] >= _FAINT
        if first >= 0 and (not more or begins[i] >= _FAINT or i - first >= _MOST_WORDS):
            if any(word[0].isalnum() for word in paragraph.words.words[first:i]):
                yield first, i
            first = -1
        if more and first < 0:
            first = i


def _named(paragraph: Tagged, taken: Sequence[bool]) -> Iterator[tuple[int, int]]:
    words, lower = paragraph.words.words, paragraph.words.lower
    first = -1
    for i in range(len(taken) + 1):
        is_free = i < len(taken) and not taken[i] and paragraph.words.region_of[i] < 0
        is_pronoun = is_free and lower[i] in PRONOUNS
        is_name = is_free and words[i][0].isupper() and lower[i] not in NO_NAME and not is_pronoun
        if first >= 0 and not is_name:
            yield first, i
            first = -1
        if is_name and first < 0:
            first = i
        if is_pronoun:
            yield i, i + 1
