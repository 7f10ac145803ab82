"""Reads what the index holds of a quote out of the tables of the record: its words, the values of its filters, what a list shows.

It names tables and imports no model. Only published quotes are gathered.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from tracker.anchoring import wordings

from . import engines
from .entries import ALL, UNDATED, WIDE, Entry, key_of, place_tag
from .shown import ShownCitation, StoredArticle, StoredQuote, encoded
from .tables import PUBLISHED
from .words import stems, tokens

__all__ = ["day_of", "gather", "looked_for", "rows_of", "year_tag"]

_BREAK = "¶"  # stands between two texts, so that no phrase runs from one into the other
_EVIDENCE = "evidence on attribution"
_ON_PAPER = ("print", "book", "letter")


def gather(ids: Sequence[int]) -> list[Entry]:
    """The entries of those quotes that are published, in four statements."""
    quotes = rows_of(_QUOTES, ids)
    published = [row[0] for row in quotes]
    citations, joint, topics = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows_of(_CITATIONS, published):
        citations[row[0]].append(_Cited(*row[1:]))
    for row in rows_of(_JOINT, published):
        joint[row[0]].append(_Person(*row[1:]))
    for quote_id, topic_id in rows_of(_TOPICS, published):
        topics[quote_id].append(topic_id)
    found = []
    for row in quotes:
        quote = _Found(*row[:10], _Person(*row[10:14]), row[14:])  # type: ignore[call-arg]
        everyone = [quote.first, *joint[quote.id]] if quote.first.id else []
        found.append((quote, everyone, citations[quote.id], topics[quote.id]))
    return [_entry(*each) for each in found if each[2]]


@dataclass(slots=True)
class _Person:
    """Whoever said it, by ids: names are looked up when they are shown."""

    id: int | None
    kind: str
    position_id: int | None
    organisation_id: int | None

    @property
    def is_organisation(self) -> bool:
        return self.kind == "organisation"


@dataclass(slots=True)
class _Cited:
    id: int
    article_id: int
    text: str
    language: str
    role: str
    check_result: str
    has_copy: bool
    start: int | None
    attributed_as: str
    locator: str
    locator_kind: str
    access: str
    medium: str
    url: str
    headline: str
    published_on: str
    relation: str
    publisher_id: int | None
    original_id: int | None
    original_access: str | None
    original_medium: str | None
    original_url: str | None
    original_headline: str | None
    original_publisher_id: int | None

    @property
    def is_private(self) -> bool:
        return self.access == "private"

    @property
    def gives_the_words(self) -> bool:
        return self.role != _EVIDENCE

    @property
    def is_shown(self) -> bool:
        """Of a private source readers see the words of the quote, and never what else it says."""
        return self.gives_the_words or not self.is_private


@dataclass(slots=True)
class _Found:
    id: int
    lead_id: int
    said_on: str
    earliest: Any
    latest: Any
    kind: str
    attribution: str
    described_as: str
    occasion_id: int | None
    of_organisation_id: int | None
    first: _Person
    occasion: tuple[str | None, ...]  # name, place, city, country


_QUOTES = f"""
    SELECT q.id, q.lead_id, q.said_on, q.said_earliest, q.said_latest, q.kind, q.attribution,
        q.speaker_described_as, q.occasion_id, q.of_organisation_id,
        q.speaker_id, s.kind, q.position_id, p.organisation_id, c.name, c.place, c.city, c.country
    FROM tracker_quote q
    LEFT JOIN tracker_speaker s ON s.id = q.speaker_id
    LEFT JOIN tracker_position p ON p.id = q.position_id
    LEFT JOIN tracker_occasion c ON c.id = q.occasion_id
    WHERE q.id {{among}} AND q.{PUBLISHED}
"""
_CITATIONS = """
    SELECT c.quote_id, c.id, c.article_id, c.text, c.language, c.role, c.check_result,
        c.anchored_in_id IS NOT NULL, c.start, c.attributed_as, c.locator, c.locator_kind,
        a.access, a.medium, a.url, a.headline, a.published_on, a.relation, a.publisher_id,
        o.id, o.access, o.medium, o.url, o.headline, o.publisher_id
    FROM tracker_citation c
    JOIN tracker_article a ON a.id = c.article_id
    LEFT JOIN tracker_article o ON o.id = a.original_id
    WHERE c.quote_id {among} ORDER BY c.quote_id, c.id
"""
_JOINT = """
    SELECT j.quote_id, j.speaker_id, s.kind, j.position_id, p.organisation_id
    FROM tracker_jointspeaker j JOIN tracker_speaker s ON s.id = j.speaker_id
    LEFT JOIN tracker_position p ON p.id = j.position_id
    WHERE j.quote_id {among} ORDER BY j.quote_id, j."order", j.id
"""
_TOPICS = "SELECT quote_id, topic_id FROM tracker_quote_topics WHERE quote_id {among} ORDER BY id"


def rows_of(sql: str, ids: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that asks for these ids, in its place `{among}`."""
    among, params = engines.among(list(ids))
    with connection.cursor() as cursor:
        cursor.execute(sql.format(among=among), params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _entry(
    quote: _Found,
    people: list[_Person],
    citations: list[_Cited],
    topics: list[int],
) -> Entry:
    seen = [each for each in citations if each.is_shown]
    places = [(place_tag(name), name) for name in quote.occasion[1:] if name]
    texts = [tokens(text) for text in dict.fromkeys(each.text for each in seen)]
    earliest, latest = day_of(quote.earliest), day_of(quote.latest)
    return Entry(
        key=key_of(earliest, quote.id),
        pk=quote.id,
        latest=latest.toordinal() if latest else 0,
        wide=earliest != latest,
        theirs=quote.attribution != "misattributed",
        words=f" {_BREAK} ".join(map(" ".join, texts)),
        stems=" ".join(stem for text in texts for stem in stems(text)),
        names=looked_for([quote.described_as]),
        about=looked_for(_about(quote, citations)),
        tags=" ".join(_tags(quote, people, citations, topics, places, (earliest, latest))),
        shown=encoded(_shown(quote, people, citations)),
        places=tuple(places),
    )


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _about(quote: _Found, citations: list[_Cited]) -> list[str]:
    headlines = [each.headline for each in citations if not each.is_private]
    return [*(part or "" for part in quote.occasion), *headlines]


def looked_for(texts: Iterable[str]) -> str:
    """The words and stems of short texts, each text once."""
    return f" {_BREAK} ".join(_of_a_name(text) for text in dict.fromkeys(texts) if text)


@lru_cache(maxsize=10_000)
def _of_a_name(text: str) -> str:
    found = tokens(text)
    return " ".join([*found, _BREAK, *stems(found)])


def _tags(
    quote: _Found,
    people: list[_Person],
    citations: list[_Cited],
    topics: list[int],
    places: list[tuple[str, str]],
    days: tuple[date | None, date | None],
) -> Iterable[str]:
    """The value of each filter, each once: `=s12` is the speaker with the id 12."""
    organisations = [person.organisation_id for person in people]
    organisations += [person.id for person in people if person.is_organisation]
    organisations.append(quote.of_organisation_id)
    publishers = [each.publisher_id for each in citations if not each.is_private]
    languages = [each.language for each in citations if each.is_shown]
    found = [
        ALL,
        f"=k{quote.kind}",
        f"=a{quote.attribution}",
        *(f"=s{person.id}" for person in people),
        *(f"=o{pk}" for pk in organisations if pk),
        *(f"=p{pk}" for pk in publishers if pk),
        *(f"=t{pk}" for pk in topics),
        *(f"=l{tag}" for tag in languages if tag),
        *(tag for tag, _name in places),
        year_tag(*days),
    ]
    if quote.occasion_id:
        found.append(f"=c{quote.occasion_id}")
    if days[0] != days[1]:
        found.append(WIDE)
    return dict.fromkeys(found)


def year_tag(earliest: date | None, latest: date | None) -> str:
    """The year in which it was said, or the first and the last year."""
    if earliest is None or latest is None:
        return UNDATED
    if earliest.year == latest.year:
        return f"=y{earliest.year}"
    return f"=y{earliest.year}-{latest.year}"


def _shown(quote: _Found, people: list[_Person], citations: list[_Cited]) -> StoredQuote:
    lead = next((each for each in citations if each.id == quote.lead_id), citations[0])
    different = 1
    if len(citations) > 1:
        ordered = [lead, *(each for each in citations if each is not lead)]
        different = len(wordings([each.text for each in ordered if each.gives_the_words]))
    return StoredQuote(
        id=quote.id,
        said_on=quote.said_on,
        kind=quote.kind,
        attribution=quote.attribution,
        described_as=quote.described_as,
        of_organisation=quote.of_organisation_id,
        by=tuple(
            (each.id or 0, each.is_organisation, each.position_id, each.organisation_id)
            for each in people
        ),
        lead=_citation(lead),
        others=tuple(_citation(each) for each in citations if each is not lead),
        article=_article(lead),
        wordings=different,
    )


def _citation(cited: _Cited) -> ShownCitation:
    private = cited.is_private
    return ShownCitation(
        cited.id,
        cited.article_id,
        cited.text if cited.is_shown else "",
        cited.language,
        cited.role,
        cited.check_result,
        bool(cited.has_copy),
        cited.medium in _ON_PAPER and (private or not cited.url),
        cited.start,
        "" if private else cited.attributed_as,
        "" if private else cited.locator,
        "" if private else cited.locator_kind,
    )


def _article(cited: _Cited) -> StoredArticle:
    if cited.is_private:
        return StoredArticle(
            cited.article_id, cited.access, cited.medium, "", "", cited.published_on, "", None, None
        )  # fmt: skip
    return StoredArticle(
        cited.article_id,
        cited.access,
        cited.medium,
        cited.url or "",
        cited.headline,
        cited.published_on,
        cited.relation,
        cited.publisher_id,
        _original(cited),
    )


def _original(cited: _Cited) -> StoredArticle | None:
    if cited.original_id is None:
        return None
    access, medium = cited.original_access or "", cited.original_medium or ""
    if access == "private":
        return StoredArticle(cited.original_id, access, medium, "", "", "", "", None, None)
    url, headline = cited.original_url or "", cited.original_headline or ""
    publisher = cited.original_publisher_id
    return StoredArticle(cited.original_id, access, medium, url, headline, "", "", publisher, None)
