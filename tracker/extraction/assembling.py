"""Puts the chosen segments together: which words, which of them are one quote, and what is doubtful."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.extraction.attributing import Attributed
from tracker.extraction.found import DIRECT, FoundQuote, Place
from tracker.extraction.judging import manner
from tracker.extraction.linking import Article, Cue, Segment
from tracker.extraction.mentions import Mention
from tracker.extraction.naming import KnownSpeaker, Names, Registry

__all__ = ["Judged", "assemble"]

_MARKS = "“”\"„‟«»「」『』〝〞‘’‚‹›'`＂"
_BEFORE_CUE = ",，、" + _MARKS
_WHOLE = 0.8  # of a region's words: so much of it is all of it
_UNCLEAR_SPEAKER, _UNCLEAR_WORDS, _DOUBTFUL = 0.7, 0.75, 0.5
_SHORT = 4  # words
_BY_LAST_NAME = 0.8  # at most: the desk ticks nobody whom the article does not call by full name


@dataclass(frozen=True, slots=True)
class Judged:
    """A segment with its speaker, and the chance that both are right."""

    found: Attributed
    chance: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment that was taken, with its words' places and whether they are a direct quote's."""

    judged: Judged
    kind: str
    parts: tuple[tuple[int, int], ...]

    @property
    def segment(self) -> Segment:
        return self.judged.found.segment


def assemble(
    text: str, article: Article, chosen: Sequence[Judged], registry: Registry
) -> list[FoundQuote]:
    """The quotes that the chosen segments make, in the order of the text."""
    names = Names(article)
    pieces = [piece for judged in chosen if (piece := _piece(text, article, judged)).parts]
    return [
        _quote(text, article, group, names, registry) for group in _groups(article, pieces, names)
    ]


# ---- The words ----


def _piece(text: str, article: Article, judged: Judged) -> _Piece:
    segment = judged.found.segment
    kind = manner(article, segment.first, segment.last, segment.paragraph)
    spans = _whole_regions(article, segment) if kind == DIRECT else _outer(article, segment)
    parts = [_trimmed(text, start, end, kind) for start, end in spans]
    return _Piece(judged, kind, tuple(part for part in parts if part[0] < part[1]))


def _whole_regions(article: Article, segment: Segment) -> list[tuple[int, int]]:
    """The regions of direct words: all of a region where nearly all of it was found."""
    words = article.paragraphs[segment.paragraph].words
    spans: list[tuple[int, int]] = []
    first = segment.first + (words.lower[segment.first] == "that")
    while first < segment.last:
        number, last = words.region_of[first], first + 1
        while last < segment.last and words.region_of[last] == number:
            last += 1
        start, end = words.starts[first], words.ends[last - 1]
        if number >= 0:
            region = words.regions[number]
            size = min(region.end, words.end) - max(region.start, words.start)
            if end - start >= _WHOLE * size:
                start, end = max(region.start, words.start), min(region.end, words.end)
            spans.append((start, end))
        elif any(word[0].isalnum() for word in words.words[first:last]):
            spans.append((start, end))
        first = last
    return spans


def _outer(article: Article, segment: Segment) -> list[tuple[int, int]]:
    """The span of words that are not all in marks, up to a mark that closes behind them."""
    words = article.paragraphs[segment.paragraph].words
    first, last = segment.first, segment.last
    number = words.region_of[last - 1]
    while (
        last < len(words)
        and number >= 0
        and words.region_of[last] == number
        and not words.words[last][0].isalnum()
    ):
        last += 1
    return [(words.starts[first], words.ends[last - 1])]


def _trimmed(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """Without outer marks, the comma before a cue, and the “that” of reported words."""
    if kind == DIRECT:
        while start < end and (text[start] in _MARKS or text[start].isspace()):
            start += 1
        while end > start and (text[end - 1] in _BEFORE_CUE or text[end - 1].isspace()):
            end -= 1
        return start, end
    while start < end and (text[start] in ",:;–—- " or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in ",:; " or text[end - 1].isspace()):
        end -= 1
    if text[start : start + 5].lower() == "that " and end - start > 5:
        start += 5
    return start, end


# ---- What is one quote ----


def _groups(article: Article, pieces: Sequence[_Piece], names: Names) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    for piece in pieces:
        if group and not _goes_on(article, group[-1], piece, names):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _goes_on(article: Article, one: _Piece, other: _Piece, names: Names) -> bool:
    """Whether `other` continues `one`: behind the cue of both, or in the next paragraph."""
    if one.kind != DIRECT or other.kind != DIRECT:
        return False
    if not _same_speaker(one.judged.found.speaker, other.judged.found.speaker, names):
        return False
    before, after = one.segment, other.segment
    if before.paragraph == after.paragraph:
        words = article.paragraphs[before.paragraph].words
        between = words.words[before.last : after.first]
        cue = one.judged.found.cue
        if not any(word[0].isalnum() for word in between):
            return cue == other.judged.found.cue
        is_between = cue is not None and before.last <= cue.first < after.first
        return is_between and cue == other.judged.found.cue
    return after.paragraph == before.paragraph + 1 and _runs_on(article, before, after)


def _runs_on(article: Article, before: Segment, after: Segment) -> bool:
    """Marks left open at the end of a paragraph, and set again at the beginning of the next."""
    words = article.paragraphs[before.paragraph].words
    following = article.paragraphs[after.paragraph].words
    last, first = words.region_of[before.last - 1], following.region_of[after.first]
    return (
        last >= 0
        and not words.regions[last].is_closed
        and first >= 0
        and following.regions[first].start == following.start
        and after.first <= 1
    )


def _same_speaker(one: Mention | None, other: Mention | None, names: Names) -> bool:
    if one is None or other is None or one == other:
        return one is other or one == other
    name = names.of(one)
    return bool(name) and name == names.of(other)


def _quote(
    text: str, article: Article, group: Sequence[_Piece], names: Names, registry: Registry
) -> FoundQuote:
    first = group[0].judged.found
    confidence = min(piece.judged.chance for piece in group)
    name = names.of(first.speaker) if first.speaker else ""
    mention = _place(text, article, first.speaker)
    is_called = mention and first.speaker and first.speaker.kind != "pronoun"
    known, by_last_name = _known(name, mention.text if mention and is_called else "", registry)
    if by_last_name:
        confidence = min(confidence, _BY_LAST_NAME)
    return FoundQuote(
        kind=group[0].kind,
        parts=tuple(
            Place(start, end, text[start:end]) for piece in group for start, end in piece.parts
        ),
        speaker=mention,
        name=name,
        known=known,
        cue=_place(text, article, first.cue),
        confidence=round(confidence, 3),
        doubts=tuple(_doubts(article, group, name, confidence, by_last_name)),
    )


def _known(name: str, mention: str, registry: Registry) -> tuple[KnownSpeaker | None, bool]:
    """The speaker on record, and whether only the last name says so.

    A fuller name that the article has goes before its last word: where “Kwon” is Anna Kwon, it is
    not the Kwon on record, nor anybody with the alias “Kwon”.
    """
    is_shorter = " " in name and mention in name.split(" ")
    if found := registry.find(*(each for each in (name, "" if is_shorter else mention) if each)):
        return found, False
    found = registry.find_by_last_name(name) if name else None
    return found, found is not None


def _place(text: str, article: Article, span: Mention | Cue | None) -> Place | None:
    if span is None:
        return None
    words = article.paragraphs[span.paragraph].words
    last = span.last
    if last - span.first > 2 and words.lower[last - 1] in ("who", "which"):
        last -= 1  # “one official, who asked not to be named”
    start, end = words.starts[span.first], words.ends[last - 1]
    while end - 1 > start and text[end - 1] in ", (":
        end -= 1
    return Place(start, end, text[start:end])


def _doubts(
    article: Article, group: Sequence[_Piece], name: str, confidence: float, by_last_name: bool
) -> Iterator[str]:
    """Why the quote may be wrong, the speaker first."""
    found = group[0].judged.found
    speaker = found.speaker
    if speaker is None:
        yield "speaker_not_found"
    else:
        if found.speaker_chance < _UNCLEAR_SPEAKER:
            yield "speaker_unclear"
        if not name:
            yield "speaker_not_named"
        if speaker.paragraph not in {piece.segment.paragraph for piece in group}:
            yield "speaker_from_elsewhere"
        if by_last_name:
            yield "known_by_last_name"
    if min(piece.segment.sureness for piece in group) < _UNCLEAR_WORDS:
        yield "words_unclear"
    if found.cue is None:
        yield "cue_not_found"
    words = article.paragraphs[group[-1].segment.paragraph].words
    numbers = {
        number
        for number in words.region_of[group[-1].segment.first : group[-1].segment.last]
        if number >= 0
    }
    if any(not words.regions[number].is_closed for number in numbers):
        yield "mark_not_closed"
    length = sum(piece.segment.last - piece.segment.first for piece in group)
    if confidence < _DOUBTFUL and length <= _SHORT + 2:
        yield "may_be_no_quote"
