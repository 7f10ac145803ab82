"""Claims like one that is being typed, of any status, so that no claim is made twice. It looks in two steps, both bounded."""

import re
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from rapidfuzz import fuzz, process

from tracker import anchoring
from tracker.models import Claim

__all__ = ["claims_alike"]

_MOST_WORDS = 8
_MOST_LOOKED_AT = 200  # claims that share most words, of a hundred thousand
_LIKE_ENOUGH = 62  # percent
_WORD = re.compile(r"\w{2,}")


def claims_alike(text: str, *, but: int | None = None, most: int = 5) -> list[Claim]:
    """The claims whose words are most like these, the likest first. Of a single short word none is."""
    folded = anchoring.fold(text[: Claim.LONGEST + 1].replace("\x00", ""))
    words = sorted({_beginning(word) for word in _WORD.findall(folded)}, key=lambda w: (-len(w), w))
    if not words:
        return []
    claims = Claim.objects.exclude(pk=but) if but else Claim.objects.all()
    near = list(_sharing(claims, words[:_MOST_WORDS]))
    texts = [anchoring.fold(each.text) for each in near]
    found = process.extract(
        folded, texts, scorer=fuzz.token_sort_ratio, score_cutoff=_LIKE_ENOUGH, limit=most
    )
    return [near[number] for _text, _score, number in found]


def _sharing(claims: Any, words: list[str]) -> Any:
    """Those that share a word, the ones that share most first."""
    shared: Any = Value(0)
    anyone = Q()
    for word in words:
        has = Q(text__icontains=word)
        anyone |= has
        shared = shared + Case(When(has, then=1), default=0, output_field=IntegerField())
    counted = claims.filter(anyone).annotate(shared=shared)
    return counted.order_by(F("shared").desc(), "-pk")[:_MOST_LOOKED_AT]


def _beginning(word: str) -> str:
    """What stays of a word in its other forms: “offices” and “office”, “서울에” and “서울의”."""
    if word.isascii():
        return word if len(word) < 5 else word[: max(4, len(word) - 2)]
    return word if len(word) < 3 else word[: max(2, len(word) - 1)]
