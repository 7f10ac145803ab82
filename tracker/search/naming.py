"""Finds speakers as their names are typed, and says which values of filters any quote has. It imports no model."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from .engines import among, engine, fetched
from .expressions import Phrase
from .labelling import NAMED_IN
from .matching import tag_of
from .querying import Query, Term
from .shelves import QUOTES, Shelf
from .words import is_cjk, tokens

__all__ = ["AtSlug", "is_named", "known", "looked_up", "speakers_named", "with_people", "words_of"]

_FEW = 1_000  # names that are looked up one by one
_MOST_PEOPLE = 1_000  # of one name who are looked for
_MOST_PLACES = 20_000  # names that begin alike
_GONE_THROUGH = 20_000  # speakers, where more names begin like what is typed


class AtSlug(NamedTuple):
    """A record that a filter can have as its value."""

    facet: str
    id: int
    slug: str
    name: str


def known(
    values: Iterable[tuple[str, object]], shelf: Shelf = QUOTES
) -> dict[tuple[str, object], str]:
    """Of pairs of a filter and a value those that a quote or claim in the index has, each with the name of a place.

    One statement; none when there are no pairs.
    """
    return looked_up({}, values, shelf)[1]


def looked_up(
    slugs: Mapping[str, Iterable[str]],
    values: Iterable[tuple[str, object]],
    shelf: Shelf = QUOTES,
) -> tuple[list[AtSlug], dict[tuple[str, object], str]]:
    """The records at these slugs of each filter that a quote or claim in the index has; and `known` values beside them.

    One statement; none when nothing is asked.
    """
    parts, params = [], []
    for facet, texts in slugs.items():
        if some := list(texts):
            table, name = NAMED_IN[facet]
            condition, given = among(some)
            is_one = " AND kind = 'organisation'" if facet == "organisation" else ""
            parts.append(
                f"""SELECT '{facet}', id, slug, {name} FROM {table}
                    WHERE slug {condition}{is_one} AND {_tagged(shelf, facet)}"""
            )
            params += given
    asked = {tag_of(facet, value, shelf): (facet, value) for facet, value in values}
    for tag in asked:
        parts.append(
            f"""SELECT '', 0, %s, (SELECT name FROM search_place WHERE tag = %s)
                WHERE EXISTS (SELECT 1 FROM {engine().matched(shelf)})"""
        )
        params += [tag, tag, engine().compiled(Phrase((tag,)))]
    rows = fetched(" UNION ALL ".join(parts), params) if parts else []
    at_slugs = [AtSlug(*row) for row in rows if row[0]]
    return at_slugs, {asked[tag]: name or "" for facet, _id, tag, name in rows if not facet}


def _tagged(shelf: Shelf, facet: str) -> str:
    """That a quote or claim in the index has the tag of the row at hand."""
    if facet in shelf.all_known:
        return "1 = 1"
    matched: str = engine().matched(shelf)
    before, _match, _after = matched.rpartition("MATCH" if "MATCH" in matched else "@@")
    tag = engine().TAGGED.format(tag=f"'={shelf.letters[facet]}' || id")
    return f"EXISTS (SELECT 1 FROM {before}{tag})"


def with_people(queries: Sequence[Query | None]) -> list[Query | None]:
    """The queries, with the tags of the speakers in each of their terms who are called so; one statement.

    So names need not be in the index of every quote, and a new name is found at once. Of very common
    names those are looked for that have the most quotes.
    """
    terms = {term for query in queries if query for branch in query.branches for term in branch}
    people = _people(terms) if terms else {}
    return [
        query
        and replace(
            query,
            branches=tuple(
                tuple(replace(term, people=people[term]) for term in branch)
                for branch in query.branches
            ),
        )
        for query in queries
    ]


def _people(terms: set[Term]) -> dict[Term, tuple[str, ...]]:
    words = sorted({token for term in terms for token in term.tokens})
    condition, params = among(words)
    columns = "SELECT word, speaker_id, place, organisation FROM search_name"
    parts = [f"{columns} WHERE word {condition}"]
    for begin in sorted({term.tokens[-1] for term in terms if term.prefix}):
        parts.append(
            f"SELECT * FROM ({columns} WHERE word >= %s AND word < %s LIMIT {_MOST_PLACES}) b"
        )
        params += _bounds(begin)
    there: dict[str, set[tuple[int, int, bool]]] = defaultdict(set)
    for word, speaker, place, organisation in fetched(" UNION ALL ".join(parts), params):
        there[word].add((speaker, place, bool(organisation)))
    return {term: _called(term, there) for term in terms}


def _called(term: Term, there: dict[str, set[tuple[int, int, bool]]]) -> tuple[str, ...]:
    """The tags of those in whose names the tokens stand one behind the other."""
    *before, last = term.tokens
    ends = there[last]
    if term.prefix:
        ends = {each for word, some in there.items() if word.startswith(last) for each in some}
    found = set()
    for speaker, place, organisation in ends:
        start = place - len(before)
        steps = (
            (speaker, start + n, organisation) in there[token] for n, token in enumerate(before)
        )
        if all(steps):
            found.add(f"=o{speaker}" if organisation else f"=s{speaker}")
    if len(found) <= _MOST_PEOPLE:
        return tuple(sorted(found))
    condition, params = among(sorted(found))
    sql = f"SELECT tag FROM search_count WHERE facet IN ('s', 'o') AND tag {condition} ORDER BY n DESC LIMIT %s"
    return tuple(tag for (tag,) in fetched(sql, [*params, _MOST_PEOPLE]))


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
    begin = "SELECT DISTINCT speaker_id FROM search_name WHERE word >= %s AND word < %s"
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
