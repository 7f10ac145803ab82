"""Keeps the index true: what was noted of changed records is indexed by `catch_up`, in the transaction that changed them.

It names tables and imports no model. A forgotten `catch_up` loses nothing: notes are kept with the data.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from .claim_gathering import gather_claims
from .engines import among, engine, fetched
from .entries import NOT_THEIRS, Entry
from .gathering import gather
from .shelves import CLAIMS, QUOTES, SHELVES, Shelf
from .standing import STAMP, change_stamp
from .tables import EVERYTHING, OPEN_CLAIM, PUBLISHED, TABLES
from .words import stems, tokens

__all__ = ["catch_up", "disagreements", "ensure_triggers", "optimise", "rebuild"]

_BATCH = 5_000  # quotes or claims that are indexed at once
_SHORTEST_GUESS = 4  # letters of a word that is offered for a misspelt one

# The quotes whose index depends on a record of each kind.
_QUOTES_OF = {
    "kind of speaker": """
        SELECT id FROM tracker_quote WHERE speaker_id {among}
        UNION SELECT quote_id FROM tracker_jointspeaker WHERE speaker_id {among}
    """,
    "position": """
        SELECT id FROM tracker_quote WHERE position_id {among}
        UNION SELECT quote_id FROM tracker_jointspeaker WHERE position_id {among}
    """,
    "article": """
        SELECT quote_id FROM tracker_citation WHERE article_id {among}
        UNION SELECT c.quote_id FROM tracker_article a JOIN tracker_citation c ON c.article_id = a.id
            WHERE a.original_id {among}
    """,
    "occasion": "SELECT id FROM tracker_quote WHERE occasion_id {among}",
}
# The same of claims.
_CLAIMS_OF = {
    "quote": "SELECT claim_id FROM tracker_claimquote WHERE quote_id {among}",
    "verdict": "SELECT claim_id FROM tracker_review WHERE verdict_id {among}",
}
# Of each shelf what is gathered, and which records are public.
_GATHER = {QUOTES: gather, CLAIMS: gather_claims}
_PUBLIC = {
    QUOTES: f"SELECT k.id FROM tracker_quote k WHERE k.{PUBLISHED}",
    CLAIMS: f"SELECT k.id FROM tracker_claim k WHERE {OPEN_CLAIM}",
}


def ensure_triggers() -> bool:
    """Put back the triggers that are missing; True when one was."""
    there = engine().existing_triggers()
    missing = {name: made for name, made in engine().triggers().items() if name not in there}
    with connection.cursor() as cursor:
        for statement in (each for made in missing.values() for each in made):
            cursor.execute(statement)
    return bool(missing)


@transaction.atomic
def catch_up() -> int:
    """Index what was noted; how many quotes and claims were looked at.

    It belongs into the transaction of the change, behind it. One statement when nothing was noted.
    """
    if not fetched("SELECT 1 FROM search_todo LIMIT 1"):
        return 0
    engine().lock()
    noted = fetched("DELETE FROM search_todo RETURNING kind, record_id")
    ids_of: dict[str, set[int]] = {}
    for kind, record_id in noted:
        ids_of.setdefault(kind, set()).add(record_id)
    if EVERYTHING in ids_of:
        return rebuild()
    if speakers := ids_of.get("speaker"):
        _name(speakers)
    quotes = _changed("quote", _QUOTES_OF, ids_of)
    claims = _changed("claim", _CLAIMS_OF, ids_of | {"quote": quotes})
    for shelf, changed in ((QUOTES, quotes), (CLAIMS, claims)):
        for batch in _batches(sorted(changed)):
            _index(shelf, batch)
    change_stamp()
    return len(quotes) + len(claims)


def _changed(noun: str, others: Mapping[str, str], ids_of: Mapping[str, set[int]]) -> set[int]:
    """The ids that were noted as such, and those whose index depends on what was noted of other kinds."""
    found = set(ids_of.get(noun, ()))
    for kind, sql in others.items():
        for batch in _batches(sorted(ids_of.get(kind, ()))):
            found |= {pk for (pk,) in _for_each(sql, batch)}
    return found


@transaction.atomic
def rebuild(progress: Callable[[int], object] | None = None) -> int:
    """Index every published quote and open claim anew, in one transaction; how many there are.

    `progress` is called with the number of them in each batch. Readers go on with the index as it was.
    """
    engine().lock()
    with connection.cursor() as cursor:
        for shelf in SHELVES:
            engine().empty(shelf, cursor)
        for table in (*(name for shelf in SHELVES for name in shelf.tables), *TABLES):
            cursor.execute(f"DELETE FROM {table}")
    _name({pk for (pk,) in fetched("SELECT id FROM tracker_speaker")})
    count = 0
    for shelf in SHELVES:
        for ids in _public(shelf):
            _index(shelf, ids)
            count += len(ids)
            if progress:
                progress(len(ids))
    change_stamp()
    return count


def optimise() -> None:
    """Put the index into its best shape, after a large import; it may take as long as a second for 100,000 quotes."""
    engine().optimise()


def _public(shelf: Shelf) -> Iterator[list[int]]:
    """The ids of published quotes, or of claims that are open to readers, in batches."""
    last = 0
    sql = f"{_PUBLIC[shelf]} AND k.id > %s ORDER BY k.id LIMIT %s"
    while ids := [pk for (pk,) in fetched(sql, [last, _BATCH])]:
        yield ids
        last = ids[-1]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _for_each(sql: str, ids: Iterable[int]) -> list[tuple[int, ...]]:
    """The rows of a statement that asks for these ids, in each of its places `{among}`."""
    condition, params = among(list(ids))
    return fetched(sql.format(among=condition), params * sql.count("{among}"))


def _index(shelf: Shelf, ids: Sequence[int]) -> None:
    """Bring the index up to date with these records: out with what was there, in with what is public now."""
    before = _indexed(shelf, ids)
    if before:
        keys = [key for key, _tags, _words in before]
        engine().take_out(shelf, keys)
        sql, params = among(keys)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {shelf.shown} WHERE key {sql}", params)
    entries = _GATHER[shelf](ids)
    engine().put(shelf, entries)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {shelf.shown} (key, shown) VALUES (%s, %s)",
            [(entry.key, entry.shown) for entry in entries],
        )
        places = dict(place for entry in entries for place in entry.places)
        cursor.executemany(
            "INSERT INTO search_place (tag, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            sorted(places.items()),
        )
    _count(shelf, before, entries)
    _know_words(before, entries)


def _indexed(shelf: Shelf, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """What is in the index of these records: key, tags, and all words."""
    return _for_each(engine().indexed(shelf), ids)  # type: ignore[return-value]


def _count(shelf: Shelf, before: Sequence[tuple[int, str, str]], entries: Sequence[Entry]) -> None:
    """Add up what the counters gain and lose."""
    change: Counter[tuple[str, str]] = Counter()
    change.update(each for entry in entries for each in _counted(entry.tags))
    change.subtract(each for _key, tags, _words in before for each in _counted(tags))
    rows = sorted((facet, tag, n) for (facet, tag), n in change.items() if n)
    counts = shelf.counts
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {counts} (facet, tag, n) VALUES (%s, %s, %s) "
            f"ON CONFLICT (facet, tag) DO UPDATE SET n = {counts}.n + excluded.n",
            rows,
        )
        if any(n < 0 for _facet, _tag, n in rows):
            cursor.execute(f"DELETE FROM {counts} WHERE n <= 0")


def _counted(tags: str) -> list[tuple[str, str]]:
    """The counters that one record is in. What is wrongly attributed is in that of its attribution alone."""
    found = tags.split(" ")
    if NOT_THEIRS in found:
        return [("a", NOT_THEIRS)]
    year = next(tag for tag in found if tag.startswith("=y"))
    counted = [(tag[1], tag) for tag in found]
    return counted + [(tag, year) for tag in found if tag.startswith("=s")]


def _know_words(before: Sequence[tuple[int, str, str]], entries: Sequence[Entry]) -> None:
    """Know each word that is in the index, and none that is in it no more."""
    here: set[str] = set()
    for entry in entries:
        here.update(entry.words.split(" "), entry.names.split(" "), entry.about.split(" "))
    _know(here, {word for row in before for word in row[2].split(" ")} - here)


def _know(here: Iterable[str], gone: Iterable[str]) -> None:
    lost = [word for word in gone if _is_a_guess(word)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_word (word) VALUES (%s) ON CONFLICT DO NOTHING",
            [(word,) for word in sorted(here) if _is_a_guess(word)],
        )
        if lost:
            condition, params = among(lost)
            cursor.execute(f"SELECT DISTINCT word FROM search_name WHERE word {condition}", params)
            names = {word for (word,) in cursor.fetchall()}
            lost = [word for word in lost if word not in names and not _stands(cursor, word)]
            condition, params = among(lost)
            cursor.execute(f"DELETE FROM search_word WHERE word {condition}", params)


def _stands(cursor: Any, word: str) -> bool:
    """Whether a word stands in the index of either shelf."""
    return any(engine().holds(shelf, cursor, word) for shelf in SHELVES)


def _is_a_guess(word: str) -> bool:
    return len(word) >= _SHORTEST_GUESS and word.isalpha()


def _name(speakers: Iterable[int]) -> None:
    """Know these speakers by the words of their names and aliases, if they may be found by name at all."""
    ids = list(speakers)
    condition, params = among(ids)
    before = fetched(f"SELECT DISTINCT word FROM search_name WHERE speaker_id {condition}", params)
    rows = sorted(_names_of(ids))
    here = {word for word, *_rest in rows}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM search_name WHERE speaker_id {condition}", params)
        cursor.executemany(
            "INSERT INTO search_name (word, speaker_id, place, organisation) VALUES (%s, %s, %s, %s)",
            rows,
        )
    _know(here, {word for (word,) in before} - here)


def _names_of(ids: Sequence[int]) -> Iterator[tuple[str, int, int, bool]]:
    """Each word of their names, and its stem: with the speaker, its place, and whether that is an organisation.

    Between two names there is a gap, so that no phrase runs from one into the other.
    """
    sql = """
        SELECT id, name, kind, 0 FROM tracker_speaker WHERE listed AND id {among}
        UNION ALL SELECT s.id, a.name, s.kind, a.id FROM tracker_speakeralias a
            JOIN tracker_speaker s ON s.id = a.speaker_id WHERE s.listed AND s.id {among}
    """
    places: Counter[int] = Counter()
    for pk, name, kind, _alias in sorted(_for_each(sql, ids), key=lambda row: (row[0], row[3])):
        words = tokens(str(name))
        for place, word in enumerate(words, start=places[pk]):
            yield word, pk, place, str(kind) == "organisation"
            for stem in stems([word]):
                yield stem, pk, place, str(kind) == "organisation"
        places[pk] += len(words) + 1


def disagreements(progress: Callable[[int], object] | None = None) -> Iterator[str]:
    """In what index and tables do not agree, in words; nothing when all is well. Changes nothing."""
    if waiting := fetched("SELECT COUNT(*) FROM search_todo")[0][0]:
        yield f"{waiting} changes are noted and not indexed yet"
    for shelf in SHELVES:
        yield from _disagreements(shelf, progress)
    speakers = [pk for (pk,) in fetched("SELECT id FROM tracker_speaker")]
    names = set(fetched("SELECT word, speaker_id, place, organisation FROM search_name"))
    if {(*row[:3], bool(row[3])) for row in names} != set(_names_of(speakers)):
        yield "the names of speakers are not in the index as they are"


def _disagreements(shelf: Shelf, progress: Callable[[int], object] | None) -> Iterator[str]:
    seen: Counter[tuple[str, str]] = Counter()
    count, noun = 0, shelf.noun
    for ids in _public(shelf):
        entries = _GATHER[shelf](ids)
        there = engine().stored(shelf, [entry.key for entry in entries])
        for entry, storable in zip(entries, engine().storable(shelf, entries), strict=True):
            seen.update(_counted(entry.tags))
            if entry.key not in there:
                yield f"{noun} {entry.pk} is not in the index"
            elif there[entry.key] != storable:
                yield f"{noun} {entry.pk} is not in the index as it is"
        count += len(entries)
        if progress:
            progress(len(ids))
    for table, indexed in engine().sizes(shelf).items():
        if indexed != count:
            yield f"{table} holds {indexed} {noun}s, {count} are published"
    counters = fetched(f"SELECT facet, tag, n FROM {shelf.counts} WHERE facet <> %s", [STAMP])
    counted = {(facet, tag): n for facet, tag, n in counters}
    for facet, tag in sorted(seen.keys() | counted.keys()):
        if counted.get((facet, tag), 0) != seen[facet, tag]:
            yield f"{counted.get((facet, tag), 0)} {noun}s are counted for {facet} {tag}, not {seen[facet, tag]}"
