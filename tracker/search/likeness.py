"""Finds the quotes, or claims, whose wordings may be the words that somebody asks about, word for word or said otherwise.

By the index alone, and in bounded time: what is looked for are the rarest of the words, and together those
that are common. How alike the wordings are is for others to say; it imports no model.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from .claims import ShownClaim, shown_claims
from .engines import asked, engine
from .entries import id_of
from .expressions import AllOf, Expression, Phrase, all_of, any_of
from .matching import tag_of
from .querying import open_end
from .shelves import CLAIMS, QUOTES, Shelf
from .words import is_cjk, stems, tokens

__all__ = ["candidates", "claims_like", "in_one_piece"]

_FEW = 1_000  # quotes: a word or several words that no more have are rare
_MOST_WEIGHED = 2_000  # quotes that are found by rare words, and as many by common ones
_MOST_WORDS = 16  # that are looked for: the longest ones, which tend to be rare
_MOST_COMMON = 4  # common words that are looked for together
_LONG_PIECE = 8  # tokens: who has all words of so long a text has them in one piece, or nearly
_ENOUGH = 4  # rare words: hardly anybody has them all wrong
_MOST_IN_A_PIECE = 60  # tokens that are looked for in one piece
_EXACT = 30  # quotes that have the words in one piece
_CLOSEST = 20  # claims that share the most telling words, whose words are then compared
_LIKE = 70  # of 100, how alike the words of two claims are that may be the same
_APART = 50  # quotes that are wrongly attributed, and by the speakers

# Words that a quote must have, all of them, and about how many quotes do.
_Group = tuple[str, ...]
_Weighed = tuple[int, _Group]


def candidates(
    text: str, *, speakers: Sequence[int] = (), most: int = 100, shelf: Shelf = QUOTES
) -> list[int]:
    """The ids of published quotes, wrongly attributed ones included, that may give these words.

    First those that have the words in one piece, the newest first; these are looked for where the words
    are few. Then those that share the most telling of them. Of each the ones that are wrongly attributed
    or by these speakers are found apart, so that no crowd of others hides them. Three statements at most.
    Raises TooSlow.
    """
    found = tokens(text)
    if not found:
        return []
    apart: list[Expression] = [Phrase((shelf.apart,))] if shelf.apart else []
    if speakers:
        apart.append(any_of(Phrase((tag_of("speaker", pk),)) for pk in speakers))
    parts = []
    if len(found) <= _LONG_PIECE:
        phrase, prefix = open_end(found, False)
        piece = Phrase(tuple(phrase), prefix, in_words=True)
        pieces: list[Expression] = [piece, *(AllOf((piece, tag)) for tag in apart)]
        parts = [_newest(each, _EXACT, shelf) for each in pieces]
    hits, params = _hits(_telling(_looked_for(found), shelf), apart, shelf)
    parts += _most_telling(most, speakers, shelf)
    sql = " UNION ALL ".join(
        f"SELECT {n} AS part, f.* FROM ({sql}) f" for n, (sql, _) in enumerate(parts)
    )
    params += [value for _sql, values in parts for value in values]
    rows = asked(f"WITH hits AS MATERIALIZED ({hits}) {sql}", params)
    return list(dict.fromkeys(id_of(key) for _part, _rank, key in sorted(rows)))


def claims_like(text: str, *, most: int = 5) -> list[ShownClaim]:
    """The claims whose words are like these, the most alike first: of those that are open to readers, for no
    others are in the index. Five statements at most. Raises TooSlow.
    """
    wanted = " ".join(stems(tokens(text)))
    found = shown_claims(candidates(text, most=_CLOSEST, shelf=CLAIMS))
    alike = [
        (fuzz.token_sort_ratio(wanted, " ".join(stems(tokens(each.text)))), each) for each in found
    ]
    alike = sorted((each for each in alike if each[0] >= _LIKE), key=lambda each: -each[0])
    return [claim for _alike, claim in alike[:most]]


def _newest(expression: Expression, most: int, shelf: Shelf) -> tuple[str, list[Any]]:
    """A SELECT of rank and key of the newest matches, and its parameters."""
    key = engine().key(shelf)
    sql = f"SELECT -{key} AS rank, {key} AS key FROM {engine().matched(shelf)} ORDER BY {key} DESC"
    return f"{sql} LIMIT {most}", [engine().compiled(expression)]


def in_one_piece(text: str, speaker: int) -> list[int]:
    """The ids of the newest published quotes of this speaker that have these words in one piece; one statement."""
    found = tokens(text)[:_MOST_IN_A_PIECE]
    if not found:
        return []
    phrase, prefix = open_end(found, False)
    piece = Phrase(tuple(phrase), prefix, in_words=True)
    theirs = AllOf((piece, Phrase((tag_of("speaker", speaker),))))
    sql, params = _newest(theirs, _EXACT, QUOTES)
    return [id_of(key) for _rank, key in asked(sql, params)]


def _hits(
    groups: Sequence[_Weighed], apart: Sequence[Expression], shelf: Shelf
) -> tuple[str, list[Any]]:
    """A SELECT of the keys of what has any of these groups; the rarer what they have, the lower the rank.

    BM25 would look up how many quotes have each of the common words, which takes long.
    """
    key, matched = engine().key(shelf), engine().matched(shelf)
    parts, params = [], []
    for number, group in groups:
        weight = round(math.log(number + 1) - 16, 3)
        wanted = _all_of(group)
        some = [wanted] if number <= _FEW else [wanted, *(AllOf((wanted, tag)) for tag in apart)]
        for each in some:
            bound = "" if number <= _FEW else f" ORDER BY {key} DESC LIMIT {_FEW}"
            parts.append(
                f"SELECT * FROM (SELECT {key} AS key, {weight} AS rank FROM {matched}{bound}) g"
            )
            params.append(engine().compiled(each))
    if not parts:
        return "SELECT 0 AS key, 0.0 AS rank WHERE 1 = 0", []
    union = " UNION ALL ".join(parts)
    return f"SELECT key, SUM(rank) AS rank FROM ({union}) h GROUP BY key", params


def _most_telling(most: int, speakers: Sequence[int], shelf: Shelf) -> list[tuple[str, list[Any]]]:
    """SELECTs of rank and key of those hits with the lowest rank: of all, and apart."""
    best = "ORDER BY h.rank, h.key DESC LIMIT"
    sql = "SELECT h.rank, h.key FROM hits h"
    with_row = f"{sql} JOIN {shelf.row} q ON q.key = h.key WHERE"
    parts: list[tuple[str, list[Any]]] = [(f"{sql} {best} {most}", [])]
    if shelf.apart:
        parts.append((f"{with_row} NOT q.theirs {best} {_APART}", []))
    if speakers:
        theirs = " OR ".join(["q.tags || ' ' LIKE %s"] * len(speakers))
        tags = [f"% {tag_of('speaker', pk)} %" for pk in speakers]
        parts.append((f"{with_row} ({theirs}) {best} {_APART}", tags))
    return parts


def _all_of(group: _Group) -> Expression:
    return all_of(Phrase((word,), in_words=True) for word in group)


def _looked_for(found: Sequence[str]) -> list[str]:
    """The stems of the words and the pairs of characters, each once, the longest first."""
    pairs = [token for token in found if len(token) == 2 and is_cjk(token)]
    if len(pairs) > _MOST_WORDS:
        pairs = pairs[:: len(pairs) // _MOST_WORDS]
    distinct = dict.fromkeys([*stems(list(found)), *pairs])
    return sorted(distinct, key=len, reverse=True)[:_MOST_WORDS]


def _telling(words: Sequence[str], shelf: Shelf) -> list[_Weighed]:
    """What to look for: any of the rare words, or common words that are rare together, or all of these.

    Whoever has one word wrong has others right: no quote has to have them all.
    """
    if not words:
        return []
    counted = _counted([(word,) for word in words], shelf)
    chosen = _few(counted)
    rare = {group for _n, group in chosen}
    common = [word for _n, (word,) in counted if (word,) not in rare][:_MOST_COMMON]
    if not common or len(chosen) >= _ENOUGH:
        return chosen
    together = [group for size in (2, 3) for group in combinations(common, size)]
    rest = [] if chosen and len(common) == 1 else [(_FEW + 1, tuple(common))]
    return [*chosen, *(_few(_counted(together, shelf)) if together else []), *rest]


def _few(counted: Iterable[_Weighed]) -> list[_Weighed]:
    """Those groups that few quotes have and that hold no other such group, while there is room."""
    chosen: list[_Weighed] = []
    left = _MOST_WEIGHED
    for number, group in counted:
        if number > min(_FEW, left) or any(set(each) <= set(group) for _n, each in chosen):
            continue
        chosen.append((number, group))
        left -= number
    return chosen


def _counted(groups: Sequence[_Group], shelf: Shelf) -> list[_Weighed]:
    """The groups that any quote has, the smaller ones first, then the rarer ones; one more than few are many."""
    compiled = [engine().compiled(_all_of(group)) for group in groups]
    sql, params = engine().how_many(shelf, list(zip(groups, compiled, strict=True)), _FEW + 1)
    found = [(int(number), groups[n]) for n, number in asked(sql, params)]
    there = sorted(found, key=lambda each: (len(each[1]), each[0], groups.index(each[1])))
    return [each for each in there if each[0]]
