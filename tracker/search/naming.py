"""Finds speakers as their names are typed, and says which values of filters any quote has. It imports no model."""

from collections.abc import Iterable

from .engines import among, engine, fetched
from .expressions import Phrase
from .matching import tag_of
from .words import is_cjk, tokens

__all__ = ["is_named", "known", "speakers_named", "words_of"]

_FEW = 1_000  # names that are looked up one by one
_GONE_THROUGH = 20_000  # speakers, where more names begin like what is typed


def known(values: Iterable[tuple[str, object]]) -> dict[tuple[str, object], str]:
    """Of pairs of a filter and a value those that a published quote has, each with the name of a place.

    One statement; none when there are no pairs.
    """
    asked = {tag_of(facet, value): (facet, value) for facet, value in values}
    if not asked:
        return {}
    parts, params = [], []
    for tag in asked:
        parts.append(
            f"""SELECT %s, (SELECT name FROM search_place WHERE tag = %s)
                WHERE EXISTS (SELECT 1 FROM {engine().MATCHED})"""
        )
        params += [tag, tag, engine().compiled(Phrase((tag,)))]
    rows = fetched(" UNION ALL ".join(parts), params)
    return {asked[tag]: name or "" for tag, name in rows}


def speakers_named(text: str, *, most: int | None = None) -> list[int]:
    """The ids of speakers in whose names each typed word begins one, those with the most quotes first.

    Case and accents do not matter; of a name in Chinese, Japanese or Korean any part will do. Unlisted
    speakers are not found. With `most`, so many at the most, and only those with quotes of their own.
    """
    words = words_of(text)
    if not words:
        return []
    if most:
        return _most_quoted(sorted(words, key=len, reverse=True), most)
    begin = "SELECT speaker_id FROM search_name WHERE word >= %s AND word < %s"
    sql = f"""
        SELECT f.speaker_id FROM ({" INTERSECT ".join([begin] * len(words))}) f
        LEFT JOIN search_count c ON c.facet = 's' AND c.tag = '=s' || CAST(f.speaker_id AS TEXT)
        ORDER BY c.n DESC NULLS LAST, f.speaker_id
    """
    return [pk for (pk,) in fetched(sql, [bound for word in words for bound in _bounds(word)])]


def is_named(text: str, name: str) -> bool:
    """Whether each typed word begins one of this name, as `speakers_named` looks for them."""
    known = tokens(name)
    return all(any(word.startswith(typed) for word in known) for typed in words_of(text))


def words_of(name: str) -> list[str]:
    """The tokens of a name as it is typed, each once."""
    words = list(dict.fromkeys(tokens(name)))
    pairs = [word for word in words if len(word) == 2 and is_cjk(word)]
    # The last character of a run is the end of the pair before it.
    return [w for w in words if not (len(w) == 1 and any(pair.endswith(w) for pair in pairs))]


def _bounds(word: str) -> tuple[str, str]:
    """Between which words those stand that begin like this one."""
    return word, word + "\U0010ffff"


def _most_quoted(words: list[str], most: int) -> list[int]:
    """In two statements, whether few names begin like the first word or a tenth of all of them.

    Few are looked up by that word and then counted; where there are many, those with the most quotes
    are gone through until enough are found.
    """
    first, *others = [_bounds(word) for word in words]
    sql = f"SELECT speaker_id FROM search_name WHERE word >= %s AND word < %s LIMIT {_FEW + 1}"
    few = [pk for (pk,) in fetched(sql, list(first))]
    if not few:
        return []
    where, params = "c.facet = 's'", list[object]()
    if len(few) <= _FEW:
        condition, params = among([f"=s{pk}" for pk in set(few)])
        where += f" AND c.tag {condition}"
    else:
        others = [first, *others]
        where += f""" AND c.n >= COALESCE((SELECT n FROM search_count WHERE facet = 's'
            ORDER BY n DESC LIMIT 1 OFFSET {_GONE_THROUGH}), 0)"""
    called = """ AND EXISTS (SELECT 1 FROM search_name n WHERE n.speaker_id = CAST(SUBSTR(c.tag, 3) AS BIGINT)
        AND n.word >= %s AND n.word < %s)"""
    sql = f"SELECT c.tag FROM search_count c WHERE {where}{called * len(others)} ORDER BY c.n DESC LIMIT %s"
    params = [*params, *(bound for bounds in others for bound in bounds), most]
    return [int(tag[2:]) for (tag,) in fetched(sql, params)]
