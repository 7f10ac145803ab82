"""Cuts a paragraph into words and sentences, with what is in quotation marks known of each word.

A quotation is never cut: the sentence that it stands in goes on behind it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.extraction.marks import Region

__all__ = ["Paragraph", "cut"]

_ABBREVIATED = (
    "Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Rev|Hon|Pres|Sec|Amb"
    "|Jr|Sr|St|Ft|Mt|Inc|Corp|Co|Ltd|Jan|Feb|Aug|Sept|Oct|Nov|Dec|vs|Ala|Ariz|Calif|Conn|Fla|Ga|Ill"
    "|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|No|Nos|Ph"
)
_WORD = re.compile(
    r"\d[\d,.]*\d"
    r"|(?:[^\W\d_]\.){2,}"
    rf"|(?:{_ABBREVIATED}|[A-Z])\."
    r"|['’]s(?!\w)"
    r"|[^\W\d_]+(?:(?!['’]s(?!\w))[-'’][^\W\d_]+)*"
    r"|\d+|``|''|\S"
)
_ENDS = frozenset(".?!…")
_OPENING = frozenset("“\"„«「『‘'‟〝")
_MARKS = frozenset("“”\"„«»「」『』‘’'‟〝〞``''")


@dataclass(frozen=True)
class Paragraph:
    """The words of one paragraph; all sequences have one entry a word."""

    start: int
    end: int
    starts: Sequence[int]
    ends: Sequence[int]
    words: Sequence[str]
    lower: Sequence[str]
    regions: Sequence[Region]  # those of the paragraph
    region_of: Sequence[int]  # the number of the word's region among them, or -1
    sentences: Sequence[int]  # the number of the word's sentence

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def is_mark(self) -> list[bool]:
        return [word in _MARKS for word in self.words]


def cut(text: str, start: int, end: int, regions: Sequence[Region]) -> Paragraph:
    """The words of `text[start:end]`, whose quotation marks stand in `regions`, in order."""
    spans = [match.span() for match in _WORD.finditer(text, start, end)]
    words = [text[a:b] for a, b in spans]
    region_of = _numbered(spans, regions)
    # One kind of mark for all, so that what was learned from one kind holds for the others.
    for region in regions:
        if not region.is_minor:
            _put(words, spans, region.start, "“")
            if region.is_closed:
                _put(words, spans, region.end - 1, "”")
    return Paragraph(
        start,
        end,
        [a for a, _ in spans],
        [b for _, b in spans],
        words,
        [word.lower() for word in words],
        regions,
        region_of,
        _sentences(words, region_of),
    )


def _put(words: list[str], spans: Sequence[tuple[int, int]], offset: int, mark: str) -> None:
    """Write `mark` for the word that covers the offset."""
    i = bisect_right(spans, (offset, 1 << 62)) - 1
    if i >= 0 and spans[i][0] <= offset < spans[i][1]:
        words[i] = mark


def _numbered(spans: Sequence[tuple[int, int]], regions: Sequence[Region]) -> list[int]:
    numbers, n = [], 0
    for start, _end in spans:
        while n < len(regions) and regions[n].end <= start:
            n += 1
        numbers.append(n if n < len(regions) and regions[n].start <= start else -1)
    return numbers


def _sentences(words: Sequence[str], region_of: Sequence[int]) -> list[int]:
    """Number the sentences. One that ends within marks ends behind them: “It is over.” He left."""
    numbers, number, last = [], 0, len(words) - 1
    for i, word in enumerate(words):
        numbers.append(number)
        if i == last:
            break
        following = words[i + 1]
        starts_anew = following[0].isupper() or following[0] in _OPENING or following[0].isdigit()
        if not starts_anew:
            continue
        leaves = region_of[i] >= 0 and region_of[i + 1] != region_of[i]
        if region_of[i] < 0:
            number += word in _ENDS
        elif leaves and i and words[i - 1] in ".…":
            number += 1
    return numbers
