"""Joins the paragraphs of a quote whose cue stands behind its last one.

A quote of several paragraphs opens its mark in each, and closes only the last. What was chosen has
the last one by its cue; those before it have nothing that says they are quoted but this mark.
"""

from collections.abc import Sequence
from dataclasses import replace

from tracker.extraction.assembling import Judged
from tracker.extraction.found import DIRECT
from tracker.extraction.judging import manner
from tracker.extraction.linking import Article, Segment
from tracker.extraction.tokens import Paragraph

__all__ = ["with_earlier_parts"]


def with_earlier_parts(article: Article, chosen: Sequence[Judged]) -> list[Judged]:
    """What was chosen, in order, with the unclosed paragraphs that run on into one with a cue."""
    by_paragraph: dict[int, list[Judged]] = {}
    for one in chosen:
        by_paragraph.setdefault(one.found.segment.paragraph, []).append(one)
    for number in sorted(by_paragraph, reverse=True):
        _join(article, by_paragraph, number)
    return [one for number in sorted(by_paragraph) for one in by_paragraph[number]]


def _join(article: Article, chosen: dict[int, list[Judged]], number: int) -> None:
    """Give what runs on into the first quote of a paragraph to its speaker."""
    last = chosen[number][0] if chosen[number] else None
    if not last or not _has_own_cue(last) or not _opens(article, last.found.segment):
        return
    paragraphs = article.paragraphs
    while number > 0 and _runs_on(paragraphs[number - 1].words, paragraphs[number].words):
        number -= 1
        words = paragraphs[number].words
        region = len(words.regions) - 1
        first = words.region_of.index(region)
        here = chosen.get(number, [])
        within = [one for one in here if one.found.segment.last > first]
        if any(one.found.cue or one.found.segment.first < first for one in within):
            return  # the paragraph says itself who speaks
        segment = Segment(number, first, len(words), last.found.segment.sureness)
        part = replace(last, found=replace(last.found, segment=segment))
        chosen[number] = [*(one for one in here if one not in within), part]
        if words.regions[region].start != words.start:
            return


def _has_own_cue(one: Judged) -> bool:
    cue, speaker = one.found.cue, one.found.speaker
    return cue is not None and speaker is not None and cue.paragraph == one.found.segment.paragraph


def _opens(article: Article, segment: Segment) -> bool:
    """Whether a direct quote begins its paragraph, mark and all."""
    if manner(article, segment.first, segment.last, segment.paragraph) != DIRECT:
        return False
    words = article.paragraphs[segment.paragraph].words
    return segment.first <= 1 and words.region_of[segment.first] == words.region_of[0] == 0


def _runs_on(before: Paragraph, after: Paragraph) -> bool:
    """A mark left open at the end of a paragraph, and set again at the beginning of the next."""
    if not before.regions or not after.regions:
        return False
    last, first = before.regions[-1], after.regions[0]
    is_open = not last.is_closed and len(before.regions) - 1 in before.region_of
    return is_open and first.start == after.start and first.mark == last.mark
