"""Guesses what was meant by a word or name that finds nothing: the nearest one that does, by Damerau's edits.

A guess is made of words of the index alone, and offered only for what it finds under the same filters.
"""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .answering import totals
from .asking import AnyQuestion
from .engines import among, engine, fetched
from .expressions import Phrase
from .naming import speakers_named, words_of
from .querying import QueryError, TypedWord, parse, respelt, typed_words
from .shelves import QUOTES, Shelf
from .words import stem

__all__ = ["FEW", "Guess", "guess", "speakers_nearly_named"]

FEW = (
    3  # quotes; a word in fewer may be a slip of the pen, and an answer with fewer may want a guess
)
_TIMES_MORE = 10  # what a guess must find, where something is found already
_SHORTEST = 4  # letters
_MOST_WORDS = 5  # of one query that are looked at
_NEAREST = 3  # words for each of them
_MOST_GUESSES = 6  # that are counted


@dataclass(frozen=True, slots=True)
class Guess:
    """What may have been meant, and how many quotes or claims it finds."""

    text: str
    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class _Near:
    """A word near one that was typed."""

    word: str
    distance: int  # edits: a letter more, less or another, or two neighbours swapped
    instead_of_one: bool  # what was typed is a word of the index too, though a rare one


def guess(question: AnyQuestion, found: int) -> Guess | None:
    """The nearest query that finds something under the same filters, where only `found` records answer this one.

    At most two statements. Raises TooSlow.
    """
    if question.query is None or found >= FEW:
        return None
    text = question.query.text
    words = [each for each in typed_words(text) if _may_be_misspelt(each.token)][:_MOST_WORDS]
    near = _nearest(words, question.shelf) if words else {}
    offers = _offers(text, near)
    if not offers:
        return None
    asked = [
        replace(question, query=parse(offer), after=None, before=None) for offer, _one in offers
    ]
    counted = [
        Guess(offer, tally.count, tally.at_least)
        for (offer, instead_of_one), tally in zip(offers, totals(asked), strict=True)
        if tally.count >= max(1, _TIMES_MORE * max(found, instead_of_one))
    ]
    return counted[0] if counted else None


def speakers_nearly_named(text: str, *, most: int) -> list[int]:
    """The ids of speakers with quotes who are called nearly that, the nearest first. At most four statements."""
    words = words_of(text)[:_MOST_WORDS]
    typed = [TypedWord(each, 0, 0, True) for each in words if _may_be_misspelt(each)]
    near = {each.token: some for each, some in _nearest(typed, QUOTES).items()} if typed else {}
    if not near:
        return []
    nearest = " ".join(near[each][0].word if each in near else each for each in words)
    return speakers_named(nearest, most=most)


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()


def _most_edits(word: str) -> int:
    return 1 if len(word) <= 5 else 2


def _nearest(words: Iterable[TypedWord], shelf: Shelf) -> dict[TypedWord, list[_Near]]:
    """For each word that hardly stands anywhere the words near it, the nearest first; one statement.

    Words with the same first letter are compared; of the others those that differ in their beginning alone.
    """
    asked = list(words)
    parts, params = [], []
    for number, typed in enumerate(asked):
        some, values = _candidates(number, typed, shelf)
        parts.append(some)
        params += values
    known: dict[int, list[str]] = {}
    standing: dict[int, int] = {}
    for number, word, count in fetched(" UNION ALL ".join(parts), params):
        if word:
            known.setdefault(number, []).append(word)
        else:
            standing[number] = count
    found = {
        typed: _by_nearness(typed.token, known.get(n, []), bool(standing.get(n)))
        for n, typed in enumerate(asked)
    }
    return {typed: near for typed, near in found.items() if near}


def _candidates(number: int, typed: TypedWord, shelf: Shelf) -> tuple[str, list[object]]:
    """SELECTs of the number and a word that may be meant; and one of the number, '' and how often it stands."""
    word, edits = typed.token, _most_edits(typed.token)
    table = "search_name" if typed.in_names else "search_word"
    phrase = Phrase((word,), True, True) if typed.in_names else Phrase((f"~{stem(word)}",))
    stands = f"SELECT 1 FROM {engine().matched(shelf)} LIMIT {FEW}"
    rare = f"(SELECT COUNT(*) FROM ({stands}) s{number}) < {FEW}"
    compiled = engine().compiled(phrase)
    alike, others = among(_with_another_beginning(word))
    sql = f"""
        SELECT {number}, '', COUNT(*) FROM ({stands}) t{number}
        UNION ALL SELECT DISTINCT {number}, word, 0 FROM {table}
            WHERE word >= %s AND word < %s AND LENGTH(word) BETWEEN %s AND %s AND {rare}
        UNION ALL SELECT DISTINCT {number}, word, 0 FROM {table} WHERE word {alike} AND {rare}
    """
    between = [word[0], chr(ord(word[0]) + 1), len(word) - edits, len(word) + edits]
    return sql, [compiled, *between, compiled, *others, compiled]


def _with_another_beginning(word: str) -> list[str]:
    """The word with its first letter missing, too much, another, or after the second."""
    letters = string.ascii_lowercase if word.isascii() else ""
    made = {word[1:], word[1] + word[0] + word[2:]}
    made |= {letter + word for letter in letters} | {letter + word[1:] for letter in letters}
    return sorted(each for each in made - {word} if each[0] != word[0])


def _by_nearness(word: str, known: list[str], stands: bool) -> list[_Near]:
    """The nearest of the known words; those of the same stem find nothing else."""
    near = process.extract(
        word, known, scorer=OSA.distance, score_cutoff=_most_edits(word), limit=None
    )
    others = [(int(edits), each) for each, edits, _n in near if stem(each) != stem(word)]
    others.sort(
        key=lambda each: (each[0], each[1][0] != word[0], abs(len(each[1]) - len(word)), each[1])
    )
    return [_Near(each, edits, stands) for edits, each in others[:_NEAREST]]


def _offers(text: str, near: Mapping[TypedWord, list[_Near]]) -> list[tuple[str, bool]]:
    """The query with nearer words in their places, fewest edits first; and whether a word of the index gave way."""
    ways = sorted(
        islice(product(*near.values()), 200), key=lambda way: sum(each.distance for each in way)
    )
    offers = []
    for way in ways[:_MOST_GUESSES] if near else []:
        put = dict(zip(near, (each.word for each in way), strict=True))
        offer = respelt(text, put)
        try:
            parse(offer)
        except QueryError:  # it has become too long
            continue
        offers.append((offer, any(each.instead_of_one for each in way)))
    return offers
