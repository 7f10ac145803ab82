"""Reads interviews and transcripts, where a label says who speaks: “PENCE: ...”, “Q: ...”."""

import re
from collections import Counter
from collections.abc import Sequence

from tracker.extraction.found import DIRECT, FoundQuote, Place
from tracker.extraction.lexicon import word_set
from tracker.extraction.linking import Article
from tracker.extraction.naming import Names, Registry
from tracker.extraction.tokens import Paragraph

__all__ = ["find_in_transcript"]

_NAME = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
_LABEL = re.compile(
    rf"[“\"]?(?P<label>{_NAME})(?: \([^()\n]{{1,40}}\)|, [^:,.\n]{{3,40}})?:\s+(?=\S)"
)
# What stands before a colon at the beginning of a line, and is nobody.
_NOBODY = word_set(
    "update updated note photo video watch read related more also correction editor's source"
    " sources results analysis opinion exclusive breaking poll location when where what who why"
    " how time date here next previously subject from to re cc sent part step tip warning example"
    " ps fact claim verdict rating republicans democrats yes no"
)
_QUESTION, _ANSWER = frozenset(("q", "question")), frozenset(("a", "answer"))
_CONFIDENCE, _CONFIDENCE_OF_ANSWER = 0.85, 0.6
_FEWEST_LINES = 3


def find_in_transcript(
    text: str, article: Article, found: Sequence[FoundQuote], registry: Registry
) -> list[FoundQuote]:
    """The found quotes, and those of labelled lines in place of what was found in these lines."""
    lines = _labelled(text, [tagged.words for tagged in article.paragraphs])
    if not lines:
        return list(found)
    names = Names(article)
    spoken = [quote for line in lines if (quote := _quote(text, line, names, registry)) is not None]
    spans = [(label.start(), paragraph.end) for paragraph, label in lines]
    kept = [quote for quote in found if not _lies_in(quote, spans)]
    return sorted([*kept, *spoken], key=lambda quote: quote.start)


def _labelled(text: str, paragraphs: Sequence[Paragraph]) -> list[tuple[Paragraph, re.Match[str]]]:
    """The lines with a label, if there are enough of them for a transcript."""
    lines = [
        (paragraph, label)
        for paragraph in paragraphs
        if (label := _LABEL.match(text, paragraph.start, paragraph.end))
        and label["label"].lower().split(" ")[0] not in _NOBODY
    ]
    counts = Counter(label["label"] for _paragraph, label in lines)
    said = {label.lower() for label in counts}
    is_interview = bool(said & _QUESTION) and bool(said & _ANSWER)
    in_capitals = sum(counts[label] for label in counts if label.isupper() and len(label) > 1)
    is_transcript = in_capitals >= 2 or (
        len(lines) >= _FEWEST_LINES and len(counts) >= 2 and max(counts.values()) >= 2
    )
    if not is_interview and not is_transcript:
        return []
    return [line for line in lines if counts[line[1]["label"]] > 1 or line[1]["label"].isupper()]


def _quote(
    text: str, line: tuple[Paragraph, re.Match[str]], names: Names, registry: Registry
) -> FoundQuote | None:
    paragraph, label = line
    said = label["label"].lower()
    if said in _QUESTION:
        return None  # nobody's name is known, and what is asked is not what is said
    start, end = label.end(), paragraph.end
    while end > start and (text[end - 1].isspace() or text[end - 1] in '”"'):
        end -= 1
    if start >= end:
        return None
    is_answer = said in _ANSWER
    name = names.most_named() if is_answer else names.of_label(label["label"])
    known = registry.find(name) if name else None
    by_last_name = registry.find_by_last_name(name) if name and not known else None
    doubts = ("speaker_unclear",) if is_answer else () if name else ("speaker_not_named",)
    return FoundQuote(
        kind=DIRECT,
        parts=(Place(start, end, text[start:end]),),
        speaker=Place(label.start("label"), label.end("label"), label["label"]),
        name=name,
        known=known or by_last_name,
        cue=None,
        confidence=_CONFIDENCE_OF_ANSWER if is_answer else _CONFIDENCE,
        doubts=(*doubts, "known_by_last_name") if by_last_name else doubts,
    )


def _lies_in(quote: FoundQuote, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= quote.start < end for start, end in spans)
