"""Finds speakers as their names are typed, and says which values of filters any quote has. It imports no model."""

from collections.abc import Iterable

from .engines import engine, fetched
from .expressions import Phrase
from .matching import tag_of
from .words import is_cjk, tokens

__all__ = ["known", "speakers_named"]


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
    words = list(dict.fromkeys(tokens(text)))
    pairs = [word for word in words if len(word) == 2 and is_cjk(word)]
    # The last character of a run is the end of the pair before it.
    words = [w for w in words if not (len(w) == 1 and any(pair.endswith(w) for pair in pairs))]
    if not words:
        return []
    begin = "SELECT speaker_id FROM search_name WHERE word >= %s AND word < %s"
    sql = f"""
        SELECT f.speaker_id FROM ({" INTERSECT ".join([begin] * len(words))}) f
        {"" if most else "LEFT "}JOIN search_count c
            ON c.facet = 's' AND c.tag = '=s' || CAST(f.speaker_id AS TEXT)
        ORDER BY c.n DESC NULLS LAST, f.speaker_id {"LIMIT %s" if most else ""}
    """
    bounds = [bound for word in words for bound in (word, word + "\U0010ffff")]
    return [pk for (pk,) in fetched(sql, [*bounds, *([most] if most else [])])]
