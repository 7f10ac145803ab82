"""Marks the words of an article as parts of speakers, cues and contents, with how sure that is.

The tagger is a conditional random field over the words of one paragraph (Lafferty et al. 2001), as
python-crfsuite has it; the labels are those of PolNeAR: source, cue, content.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pycrfsuite

from tracker.extraction.features import CueWords, word_features
from tracker.extraction.marks import paragraphs, quoted_regions
from tracker.extraction.tokens import Paragraph, cut

__all__ = [
    "CONTENT",
    "CUE",
    "OUTSIDE",
    "SPEAKER",
    "Span",
    "Tagged",
    "Tagger",
    "article_features",
    "read",
]

SPEAKER, CUE, CONTENT, OUTSIDE = "S", "Q", "C", "O"
_LETTERS_OF_A_WORD = 12  # and of the space behind it, more than in any language that is spaced
_KINDS = (SPEAKER, CUE, CONTENT)
_LONGEST = 1_500  # words: a longer stretch is cut, lest one paragraph take seconds


@dataclass(frozen=True, slots=True)
class Span:
    """Words `first` to `last - 1` of a paragraph that are one speaker, cue or content."""

    first: int
    last: int
    sureness: float  # the mean marginal probability of its words


@dataclass(frozen=True)
class Tagged:
    """A paragraph with its labels, and for each kind the probability that a word is part of it."""

    words: Paragraph
    speakers: Sequence[Span]
    cues: Sequence[Span]
    contents: Sequence[Span]
    likely: Mapping[str, Sequence[float]]
    begins: Mapping[str, Sequence[float]]


def read(text: str, most_words: int | None = None) -> list[Paragraph]:
    """The paragraphs of a text, cut into words; very long ones in several pieces.

    With `most_words`, those at the beginning that have about so many words at most.
    """
    limit = len(text) if most_words is None else _LETTERS_OF_A_WORD * most_words
    if limit < len(text):
        limit = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit)) + 1 or limit
    regions = quoted_regions(text, 0, limit)
    found: list[Paragraph] = []
    first = words = 0
    for start, end in paragraphs(text, 0, limit):
        last = first
        while last < len(regions) and regions[last].start < end:
            last += 1
        paragraph = cut(text, start, end, regions[first:last])
        first = last
        for piece in _pieces(text, paragraph) if len(paragraph) > _LONGEST else (paragraph,):
            if most_words is not None and words >= most_words:
                return found
            if len(piece):
                found.append(piece)
                words += len(piece)
    return found


def _pieces(text: str, paragraph: Paragraph) -> Iterator[Paragraph]:
    edges = [*range(0, len(paragraph), _LONGEST), len(paragraph)]
    for first, last in pairwise(edges):
        start, end = paragraph.starts[first], paragraph.ends[last - 1]
        inside = [r for r in paragraph.regions if r.start < end and r.end > start]
        yield cut(text, start, end, inside)


def article_features(
    text: str, read_paragraphs: Sequence[Paragraph], cue_words: CueWords
) -> Iterator[list[list[str]]]:
    """The features of the words of each paragraph of an article."""
    names = Counter(
        word for paragraph in read_paragraphs for word in paragraph.words if word[0].isupper()
    )
    before = "^"
    for paragraph in read_paragraphs:
        yield word_features(paragraph, cue_words, names, before if before in ":^" else "")
        before = text[paragraph.ends[-1] - 1]


class Tagger:
    """A trained model. It may be asked from several threads, one at a time."""

    def __init__(self, model: bytes, cue_words: CueWords) -> None:
        self._model = model  # crfsuite reads from these bytes as long as it lives
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._labels = frozenset(self._tagger.labels())  # few articles may lack one of them
        self._lock = threading.Lock()
        self.cue_words = cue_words

    def tag(self, text: str, read_paragraphs: Sequence[Paragraph]) -> list[Tagged]:
        """The same paragraphs with their labels."""
        rows = article_features(text, read_paragraphs, self.cue_words)
        with self._lock:
            return [
                self._tag_one(paragraph, features)
                for paragraph, features in zip(read_paragraphs, rows, strict=True)
            ]

    def _tag_one(self, paragraph: Paragraph, features: list[list[str]]) -> Tagged:
        self._tagger.set(features)
        labels = self._tagger.tag()
        begins = {kind: self._marginals(f"B-{kind}", len(paragraph)) for kind in _KINDS}
        goes_on = {kind: self._marginals(f"I-{kind}", len(paragraph)) for kind in _KINDS}
        likely = {
            kind: [one + other for one, other in zip(begins[kind], goes_on[kind], strict=True)]
            for kind in _KINDS
        }
        spans = {
            kind: [Span(a, b, sum(likely[kind][a:b]) / (b - a)) for a, b in _runs(labels, kind)]
            for kind in _KINDS
        }
        return Tagged(paragraph, spans[SPEAKER], spans[CUE], spans[CONTENT], likely, begins)

    def _marginals(self, label: str, n: int) -> list[float]:
        if label not in self._labels:
            return [0.0] * n
        marginal = self._tagger.marginal
        return [marginal(label, i) for i in range(n)]


def _runs(labels: Sequence[str], kind: str) -> Iterator[tuple[int, int]]:
    begin, inside, first = f"B-{kind}", f"I-{kind}", -1
    for i, label in enumerate(labels):
        if first >= 0 and label != inside:
            yield first, i
            first = -1
        if label == begin or (label == inside and first < 0):
            first = i
    if first >= 0:
        yield first, len(labels)
