"""What the names in a batch of rows stand for: who and what is on record already, found set by set, and the rest made.

Nothing that is on record is changed here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from tracker import dates
from tracker.models import (
    Article,
    Editor,
    NewArticle,
    Occasion,
    Position,
    Publisher,
    Speaker,
    SpeakerAlias,
    Topic,
    record_articles,
    record_many,
)

from .rows import Row

__all__ = ["Ambiguous", "Known", "folded", "where"]

folded = lru_cache(maxsize=20_000)(Speaker.as_compared)

_PERSON, _ORGANISATION = Speaker.Kind.PERSON.value, Speaker.Kind.ORGANISATION.value

_Who = tuple[str, str]  # kind, folded name
_Where = tuple[str, str, str, str]  # address, or else headline, folded publisher and date


class Ambiguous(Exception):
    """A name that stands for several records, or for another kind; with the field and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def who(row: Row) -> _Who:
    return row.speaker_kind or _PERSON, folded(row.speaker)


def organisation(row: Row) -> _Who:
    return _ORGANISATION, folded(row.organisation)


def where(row: Row) -> _Where:
    if row.article_url:
        return row.article_url, "", "", ""
    return "", row.headline, folded(row.publisher), row.published_on


@dataclass(slots=True)
class Known:
    """What is on record of everything that the rows of a batch name. Look up with `find`, then `make` what is missing."""

    speakers: dict[_Who, set[int]] = field(default_factory=lambda: defaultdict(set))
    publishers: dict[str, int] = field(default_factory=dict)
    articles: dict[_Where, Any] = field(default_factory=dict)  # values of a row of Article
    topics: dict[str, int] = field(default_factory=dict)
    occasions: dict[tuple[str, str], int] = field(default_factory=dict)
    positions: dict[tuple[int, int, str], list[Any]] = field(
        default_factory=lambda: defaultdict(list)
    )
    blanked: set[int] = field(default_factory=set)  # articles of which words were blanked for good

    # --- On record ------------------------------------------------------------------------------------

    @classmethod
    def find(cls, rows: list[Row]) -> "Known":
        known = cls()
        known._find_speakers(rows)
        known._find_publishers({folded(row.publisher) for row in rows if row.publisher})
        known._find_articles(rows)
        names = {name for row in rows for name in row.topics}
        known.topics = dict(Topic.objects.filter(name__in=names).values_list("name", "id"))
        known._find_occasions({(row.occasion, row.place) for row in rows})
        return known

    def _find_speakers(self, rows: list[Row]) -> None:
        names = {folded(row.speaker) for row in rows if row.speaker}
        names |= {folded(row.organisation) for row in rows if row.organisation}
        called = Speaker.objects.filter(folded__in=names).values_list("kind", "folded", "id")
        aliases = SpeakerAlias.objects.filter(folded__in=names)
        for kind, name, pk in called:
            self.speakers[kind, name].add(pk)
        for kind, name, pk in aliases.values_list("speaker__kind", "folded", "speaker_id"):
            self.speakers[kind, name].add(pk)
        people = {
            pk
            for row in rows
            if row.title and row.speaker
            for pk in self.speakers.get(who(row), ())
        }
        held = Position.objects.filter(person__in=people).order_by("id")
        for pk, person, at, title, since, until in held.values_list(
            "id", "person_id", "organisation_id", "title", "since_earliest", "until_latest"
        ):
            self.positions[person, at, folded(title)].append((pk, since, until))

    def _find_publishers(self, names: set[str]) -> None:
        found = Publisher.objects.filter(folded__in=names).order_by("-id")
        self.publishers = dict(found.values_list("folded", "id"))

    def _find_articles(self, rows: list[Row]) -> None:
        columns = ("id", "url", "headline", "publisher__folded", "published_on")
        urls = {row.article_url for row in rows if row.article_url}
        for found in Article.objects.filter(url__in=urls).values_list(*columns):
            self.articles[found[1], "", "", ""] = found
        by_headline = {where(row) for row in rows if not row.article_url}
        if not by_headline:
            return
        printed = Article.objects.filter(
            headline__in={headline for _url, headline, _publisher, _on in by_headline},
            publisher__folded__in={publisher for _url, _headline, publisher, _on in by_headline},
        )
        candidates: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for found in printed.values_list(*columns):
            candidates[found[2], found[3]].append(found)
        for key in by_headline:
            _url, headline, publisher, on = key
            fitting = [f for f in candidates[headline, publisher] if not on or f[4] == on]
            if fitting:  # one without an address, and of this very date, comes first
                self.articles[key] = min(
                    fitting, key=lambda f: (f[1] is not None, f[4] != on, f[0])
                )

    def _find_occasions(self, named: set[tuple[str, str]]) -> None:
        named.discard(("", ""))
        names, places = (
            {name for name, _ in named if name},
            {place for name, place in named if not name},
        )
        found = (
            [
                *Occasion.objects.filter(name__in=names).values_list("name", "place", "id"),
                *Occasion.objects.filter(name="", place__in=places).values_list(
                    "name", "place", "id"
                ),
            ]
            if named
            else []
        )
        of_name = defaultdict(list)
        for name, place, pk in sorted(found, key=lambda each: -each[2]):
            self.occasions[name, place] = pk
            of_name[name].append(pk)
        for name, place in named:
            if not place and (name, "") not in self.occasions and len(of_name[name]) == 1:
                self.occasions[name, ""] = of_name[name][0]

    # --- What a row names -----------------------------------------------------------------------------

    def refuse_ambiguous(self, row: Row) -> None:
        """Raises Ambiguous for a name that does not tell who is meant."""
        if row.speaker:
            self._refuse_speaker("speaker", who(row), bool(row.speaker_kind))
        if row.organisation:
            self._refuse_speaker("organisation", organisation(row), True)
        if row.speaker and row.title:
            self._position(row)

    def _refuse_speaker(self, column: str, key: _Who, kind_is_given: bool) -> None:
        found = self.speakers.get(key, ())
        if len(found) > 1:
            raise Ambiguous(
                column,
                _(
                    "%(count)d on record have this name: use one that is theirs alone, or record it at the desk."
                )
                % {"count": len(found)},
            )
        other = (_ORGANISATION, key[1])
        if not found and not kind_is_given and other in self.speakers:
            raise Ambiguous(
                column,
                _("An organisation of this name is on record: give its kind in speaker_kind."),
            )

    def speaker(self, row: Row) -> int | None:
        return next(iter(self.speakers[who(row)]), None) if row.speaker else None

    def organisation(self, row: Row) -> int | None:
        return next(iter(self.speakers[organisation(row)]), None) if row.organisation else None

    def position(self, row: Row) -> int | None:
        return self._position(row) if row.title else None

    def _position(self, row: Row) -> int | None:
        person, at = self.speaker(row), self.organisation(row)
        if person is None or at is None:
            return None
        held = self.positions.get((person, at, folded(row.title)), [])
        if len(held) > 1 and row.said_on:
            said = dates.parse(row.said_on)
            held = [
                each
                for each in held
                if (each[1] is None or each[1] <= said.latest)
                and (each[2] is None or each[2] >= said.earliest)
            ]
        if len(held) > 1:
            raise Ambiguous(
                "title", _("They held this position more than once: record it at the desk.")
            )
        return held[0][0] if held else None

    def article(self, row: Row) -> Any:
        """The values of the source, its id first; None when it is not on record."""
        return self.articles.get(where(row))

    def occasion(self, row: Row) -> int | None:
        return self.occasions.get((row.occasion, row.place))

    # --- Made -----------------------------------------------------------------------------------------

    def make(self, rows: list[Row], *, by: Editor) -> None:
        """Record what these rows name and nobody has recorded."""
        self._make_speakers(rows, by)
        self._make_positions(rows, by)
        self._make_publishers(rows, by)
        self._make_articles(rows, by)
        topics = [
            Topic(name=name) for name in _missing(self.topics, (n for r in rows for n in r.topics))
        ]
        record_many(topics, by=by)
        self.topics |= {topic.name: topic.pk for topic in topics}
        given = ((row.occasion, row.place) for row in rows if row.occasion or row.place)
        occasions = [Occasion(name=n, place=place) for n, place in _missing(self.occasions, given)]
        record_many(occasions, by=by)
        self.occasions |= {(each.name, each.place): each.pk for each in occasions}

    def _make_speakers(self, rows: list[Row], by: Editor) -> None:
        named = [(who(row), row.speaker) for row in rows if row.speaker]
        named += [(organisation(row), row.organisation) for row in rows if row.organisation]
        new: dict[_Who, Speaker] = {}
        for key, name in named:
            if not self.speakers.get(key) and key not in new:
                new[key] = Speaker(name=name, kind=key[0])
        record_many(list(new.values()), by=by)
        for key, speaker in new.items():
            self.speakers[key].add(speaker.pk)

    def _make_positions(self, rows: list[Row], by: Editor) -> None:
        new: dict[tuple[int, int, str], Position] = {}
        for row in rows:
            if not (row.speaker and row.title) or self._position(row):
                continue
            person, at = self.speaker(row), self.organisation(row)
            if person is not None and at is not None:
                key = person, at, folded(row.title)
                new.setdefault(key, Position(person_id=person, organisation_id=at, title=row.title))
        record_many(list(new.values()), by=by)
        for key, position in new.items():
            self.positions[key].append((position.pk, None, None))

    def _make_publishers(self, rows: list[Row], by: Editor) -> None:
        sources = [row for row in rows if row.publisher and self.article(row) is None]
        new: dict[str, Publisher] = {}
        for row in sources:
            key = folded(row.publisher)
            if key not in self.publishers:
                new.setdefault(key, Publisher(name=row.publisher))
        record_many(list(new.values()), by=by)
        self.publishers |= {key: publisher.pk for key, publisher in new.items()}

    def _make_articles(self, rows: list[Row], by: Editor) -> None:
        new: dict[_Where, Row] = {}
        for row in rows:
            if (key := where(row)) not in self.articles:
                new.setdefault(key, row)
        named = {key: folded(row.publisher) if row.publisher else "" for key, row in new.items()}
        articles = [
            NewArticle(
                url=row.article_url,
                headline=row.headline,
                publisher=self.publishers[named[key]] if row.publisher else None,
                published_on=row.published_on,
            )
            for key, row in new.items()
        ]
        ids = record_articles(articles, by=by)
        for (key, row), pk in zip(new.items(), ids, strict=True):
            self.articles[key] = (pk, row.article_url, row.headline, named[key], row.published_on)


def _missing(known: dict[Any, int], named: Iterable[Any]) -> list[Any]:
    return [each for each in dict.fromkeys(named) if each not in known]
