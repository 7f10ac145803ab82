"""Trains the extractor on annotated articles.

The rankers and the judge must learn from labels as uncertain as those that they will see. So the
articles are dealt into folds, and each is tagged by a model that has not seen it.
"""

import os
import re
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from tracker.extraction.attributing import (
    GOES_ON,
    Attributed,
    attribute,
    choose_cue,
    possible_segments,
)
from tracker.extraction.judging import NOTHING, judge_features
from tracker.extraction.learning import Choice, learn
from tracker.extraction.linking import (
    Article,
    Cue,
    Last,
    Segment,
    cue_features,
    possible_cues,
    possible_speakers,
    speaker_features,
)
from tracker.extraction.mentions import Mention
from tracker.extraction.samples import GoldQuote, Sample
from tracker.extraction.scoring import is_near, names_agree
from tracker.extraction.tagging import (
    CONTENT,
    CUE,
    OUTSIDE,
    SPEAKER,
    Tagger,
    article_features,
    read,
)
from tracker.extraction.tokens import Paragraph
from tracker.extraction.weights import Weights

__all__ = ["steps", "train"]

_FOLDS = 3
_TAGGER_SETTINGS = {
    "c1": 1.4,  # L1: keeps the file small, and articles held out were tagged best about here
    "c2": 0.01,
    "max_iterations": 80,
    "feature.minfreq": 3,
    "feature.possible_transitions": True,
}
_NEAR_ENOUGH = 0.4  # character Jaccard from which a segment is taken for an annotated one
_CUE_LEVELS = ((0.5, "hi"), (0.2, "mid"), (0.05, "lo"))
_LETTERS = re.compile("[A-Za-z]+")

_Tell = Callable[[str], None]


def train(samples: Sequence[Sample], *, tell: _Tell = lambda _step: None) -> Weights:
    """The weights that these articles give; `tell` hears what is done next, `steps` times."""
    articles: list[tuple[Sample, Article]] = []
    for fold in range(_FOLDS):
        tell(f"tagger, fold {fold + 1} of {_FOLDS}")
        others = [sample for n, sample in enumerate(samples) if n % _FOLDS != fold]
        tagger = _train_tagger(others)
        articles += [
            (sample, Article(tagger.tag(sample.text, read(sample.text)), tagger.cue_words))
            for sample in samples[fold::_FOLDS]
        ]
    tell("cues, speakers and judge")
    cues, speakers, judge = _train_choosing(articles)
    tell("tagger, all articles")
    cue_words = _learn_cue_words(samples)
    return Weights(_model(samples, cue_words), cue_words, cues, speakers, judge)


def steps() -> int:
    """How often `train` calls `tell`."""
    return _FOLDS + 2


# ---- The tagger ----


def _train_tagger(samples: Sequence[Sample]) -> Tagger:
    """A tagger that has learned from these articles."""
    cue_words = _learn_cue_words(samples)
    return Tagger(_model(samples, cue_words), cue_words)


def _learn_cue_words(samples: Sequence[Sample]) -> dict[str, str]:
    """The words of cues, by how often they are one where they stand."""
    in_cues: Counter[str] = Counter()
    in_all: Counter[str] = Counter()
    for sample in samples:
        in_all.update(_LETTERS.findall(sample.text.lower()))
        for quote in sample.quotes:
            if quote.cue:
                in_cues.update(_LETTERS.findall(sample.text[slice(*quote.cue)].lower()))
    levels = {}
    for word in sorted(in_cues):
        share = in_cues[word] / max(in_all[word], in_cues[word])  # a cue may cut a word
        level = next((name for least, name in _CUE_LEVELS if share > least), None)
        if level and in_cues[word] >= 3:
            levels[word] = level
    return levels


def _model(samples: Sequence[Sample], cue_words: Mapping[str, str]) -> bytes:
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_TAGGER_SETTINGS)
    for sample in samples:
        paragraphs = read(sample.text)
        rows = article_features(sample.text, paragraphs, cue_words)
        for paragraph, features in zip(paragraphs, rows, strict=True):
            trainer.append(features, _labels(paragraph, sample.quotes))
    handle, path = tempfile.mkstemp(suffix=".crfsuite")
    os.close(handle)
    try:
        trainer.train(path)
        return Path(path).read_bytes()
    finally:
        Path(path).unlink()


def _labels(paragraph: Paragraph, quotes: Sequence[GoldQuote]) -> list[str]:
    """The label of each word: B- and I- of speaker, cue and content; later quotes win."""
    labels = [OUTSIDE] * len(paragraph)
    for quote in quotes:
        spans = [(quote.speaker, SPEAKER), (quote.cue, CUE)]
        spans += [(part, CONTENT) for part in quote.parts]
        for span, kind in spans:
            if span and span[0] < paragraph.end and span[1] > paragraph.start:
                _label(paragraph, labels, span, kind)
    return labels


def _label(paragraph: Paragraph, labels: list[str], span: tuple[int, int], kind: str) -> None:
    start, end = span
    i = bisect_left(paragraph.starts, start)
    if i and paragraph.ends[i - 1] > start:
        i -= 1
    begins = True
    while i < len(labels) and paragraph.starts[i] < end:
        labels[i] = f"{'B' if begins else 'I'}-{kind}"
        begins = False
        i += 1


# ---- The rankers and the judge ----


@dataclass(frozen=True, slots=True)
class _Truth:
    """What an annotator says of one segment."""

    quote: GoldQuote | None
    is_near: bool  # its words are those of one part of the quote, as the scores count it


def _train_choosing(
    articles: Sequence[tuple[Sample, Article]],
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """The weights of the cue ranker, the speaker ranker and the judge.

    The judge learns from rankers that have not seen the article, for the same reason.
    """
    cue_choices = [list(_cue_choices(sample, article)) for sample, article in articles]
    cues = learn([choice for each in cue_choices for choice in each], rounds=6)
    speaker_choices = [
        list(_speaker_choices(sample, article, cues)) for sample, article in articles
    ]
    speakers = learn([choice for each in speaker_choices for choice in each])
    judged: list[Choice] = []
    for fold in range(_FOLDS):
        seen = [n for n in range(len(articles)) if n % _FOLDS != fold]
        fold_cues = learn([choice for n in seen for choice in cue_choices[n]], rounds=6)
        fold_speakers = learn([choice for n in seen for choice in speaker_choices[n]])
        for sample, article in articles[fold::_FOLDS]:
            found = attribute(article, fold_cues, fold_speakers)
            judged += _judge_choices(sample, article, found)
    return cues, speakers, learn(judged, rate=0.05)


def _judge_choices(
    sample: Sample, article: Article, found: Sequence[Attributed]
) -> Iterator[Choice]:
    """For each segment whether it and its speaker are right."""
    for one in found:
        right = _is_right(sample, article, one)
        yield Choice((judge_features(article, one), NOTHING), frozenset({0 if right else 1}))


def _is_right(sample: Sample, article: Article, found: Attributed) -> bool:
    """Whether the words are near an annotated part, and the speaker is the annotated one."""
    truth = _truth(sample, article, found.segment)
    if not truth.is_near or not truth.quote:
        return False
    if not truth.quote.speaker:
        return True
    speaker = found.speaker
    return speaker is not None and _is_speaker(sample, article, truth.quote, speaker) > 0


def _offsets(article: Article, span: Segment | Cue | Mention) -> tuple[int, int]:
    """Where a span stands in the text."""
    words = article.paragraphs[span.paragraph].words
    return words.starts[span.first], words.ends[span.last - 1]


def _truth(sample: Sample, article: Article, segment: Segment) -> _Truth:
    start, end = _offsets(article, segment)
    best, best_quote, near = _NEAR_ENOUGH, None, False
    for quote in sample.quotes:
        for part in quote.parts:
            shared = min(end, part[1]) - max(start, part[0])
            if shared <= 0:
                continue
            likeness = shared / (max(end, part[1]) - min(start, part[0]))
            near = near or is_near(sample.text, (start, end), part)
            # A piece of a longer part has its cue and its speaker, though it is not near.
            if likeness > best or (not best_quote and shared > 0.9 * (end - start)):
                best, best_quote = max(likeness, best), quote
    return _Truth(best_quote, near)


def _cue_choices(sample: Sample, article: Article) -> Iterator[Choice]:
    for segment in _segments(article):
        quote = _truth(sample, article, segment).quote
        cues = possible_cues(article, segment)
        if not quote or not cues:
            continue
        right = {
            n
            for n, cue in enumerate(cues)
            if quote.cue and _overlap(_offsets(article, cue), quote.cue) > 0
        }
        rows = [cue_features(article, segment, cue) for cue in cues]
        yield Choice([*rows, ["none"]], frozenset(right or {len(cues)}))


def _speaker_choices(
    sample: Sample, article: Article, cue_weights: Mapping[str, float]
) -> Iterator[Choice]:
    """Who spoke each segment, told who really spoke the one before."""
    last: Last | None = None
    for segment in _segments(article):
        quote = _truth(sample, article, segment).quote
        speakers = possible_speakers(article, segment, last)
        fits = [_is_speaker(sample, article, quote, each) for each in speakers] if quote else []
        best = max(range(len(fits)), key=fits.__getitem__, default=None)
        chosen = speakers[best] if best is not None and fits[best] > 0 else None
        if chosen:
            cue, _chance = choose_cue(article, segment, cue_weights)
            rows = [speaker_features(article, segment, cue, each, last) for each in speakers]
            yield Choice(rows, frozenset(n for n, fit in enumerate(fits) if fit > 0))
        if segment.sureness >= GOES_ON:
            last = Last(segment, chosen or (last.speaker if last else None))


def _segments(article: Article) -> Iterator[Segment]:
    for number, paragraph in enumerate(article.paragraphs):
        yield from possible_segments(paragraph, number, article.cue_words)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return min(one[1], other[1]) - max(one[0], other[0])


def _is_speaker(sample: Sample, article: Article, quote: GoldQuote, mention: Mention) -> float:
    """How well a mention is the annotated speaker: 1 for the very mention, less for the name."""
    if not quote.speaker:
        return 0.0
    span = _offsets(article, mention)
    shared = _overlap(span, quote.speaker)
    if shared > 0 and shared >= 0.5 * min(span[1] - span[0], quote.speaker[1] - quote.speaker[0]):
        return 1 + shared / (max(span[1], quote.speaker[1]) - min(span[0], quote.speaker[0]))
    given = sample.text[slice(*quote.speaker)]
    if not names_agree(sample.text[slice(*span)], given):
        return 0.0
    return 1 / (2 + abs(span[0] - quote.speaker[0]))
