"""The corpus in a plain relational SQLite database, and plain SQL on it, in this process.

`PlainSQL` asks as one would with ordinary indexes and FTS5: it is the truth that all others are
compared with. `BestSQL` has a second full-text index whose rowids stand in the order of the list,
so that the newest matches are read off its end: nothing faster is known for SQLite.
Quotes that are wrongly attributed are left out, as they are in a reader's list.
"""

import sqlite3
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from corpus import Row, read_corpus
from questions import PAGE, SIZE, Found, Question, questions_about

__all__ = ["BestSQL", "PlainSQL", "load_plain"]

_BATCH = 20_000
_TABLES = """
CREATE TABLE organisation (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE speaker (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  title TEXT NOT NULL, slug TEXT NOT NULL UNIQUE);
CREATE TABLE publisher (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE article (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, headline TEXT NOT NULL,
  publisher_id INTEGER NOT NULL REFERENCES publisher(id), published_on TEXT NOT NULL);
CREATE TABLE quote (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL,
  speaker_id INTEGER REFERENCES speaker(id),
  organisation_id INTEGER REFERENCES organisation(id),
  article_id INTEGER NOT NULL REFERENCES article(id),
  publisher_id INTEGER NOT NULL REFERENCES publisher(id),
  topic_id INTEGER NOT NULL REFERENCES topic(id),
  kind TEXT NOT NULL,
  said_on TEXT NOT NULL,
  earliest TEXT,
  lang TEXT NOT NULL,
  text TEXT NOT NULL,
  place INTEGER
);
"""
_INDEXES = """
CREATE UNIQUE INDEX quote_reference ON quote(reference);
CREATE INDEX quote_speaker ON quote(speaker_id, earliest);
CREATE INDEX quote_organisation ON quote(organisation_id);
CREATE INDEX quote_article ON quote(article_id);
CREATE INDEX quote_publisher ON quote(publisher_id);
CREATE INDEX quote_topic ON quote(topic_id);
CREATE INDEX quote_kind ON quote(kind);
CREATE INDEX quote_lang ON quote(lang);
CREATE INDEX quote_earliest ON quote(earliest);
UPDATE quote SET place = ordered.place FROM (
  SELECT id, row_number() OVER (ORDER BY earliest, id) AS place FROM quote
) AS ordered WHERE ordered.id = quote.id;
CREATE UNIQUE INDEX quote_place ON quote(place);
CREATE VIRTUAL TABLE quote_fts USING fts5(text, content='quote', content_rowid='id');
INSERT INTO quote_fts(quote_fts) VALUES ('rebuild');
INSERT INTO quote_fts(quote_fts) VALUES ('optimize');
CREATE VIRTUAL TABLE in_order_fts USING fts5(text, content='');
INSERT INTO in_order_fts(rowid, text) SELECT place, text FROM quote ORDER BY place;
INSERT INTO in_order_fts(in_order_fts) VALUES ('optimize');
ANALYZE;
"""


def load_plain(path: Path, corpus: Path) -> None:
    """Make the database; it is there whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    database = sqlite3.connect(unfinished, isolation_level=None)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
    database.execute("BEGIN")
    rows = _Rows(database).of(read_corpus(corpus))
    while batch := list(islice(rows, _BATCH)):
        database.executemany(
            "INSERT INTO quote VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", batch
        )
    database.execute("COMMIT")
    database.executescript(_INDEXES)
    database.close()
    unfinished.rename(path)


class _Rows:
    """Quotes with the ids of what they point at, which is inserted where it is new."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._ids: dict[str, dict[str, int]] = {}

    def of(self, corpus: Iterator[Row]) -> Iterator[tuple[Any, ...]]:
        numbers = count(1)
        for row in corpus:
            if row.attribution == "misattributed":
                continue
            publisher = self._id("publisher", row.publisher)
            slug = row.speaker.lower().replace(" ", "-")
            speaker = self._id("speaker", row.speaker, row.speaker_kind, row.title, slug)
            firm = row.speaker if row.speaker_kind == "organisation" else row.organisation
            article = (row.article_url, row.headline, publisher, row.published_on)
            earliest = f"{row.said_on}-01"[:10] if row.said_on else None
            yield (
                *(next(numbers), row.reference, speaker, self._id("organisation", firm)),
                *(self._id("article", *article), publisher, self._id("topic", row.topics)),
                *(row.kind, row.said_on, earliest, row.language, row.text),
            )

    def _id(self, table: str, key: str, *others: Any) -> int | None:
        known = self._ids.setdefault(table, {})
        if key and key not in known:
            known[key] = len(known) + 1
            marks = ", ".join("?" * (2 + len(others)))
            self._database.execute(
                f"INSERT INTO {table} VALUES ({marks})", (known[key], key, *others)
            )
        return known.get(key)


_ROW = """quote.id, quote.text, quote.said_on, quote.kind, quote.lang, speaker.name, speaker.slug,
  organisation.name, article.headline, article.url, publisher.name, topic.name"""
_BESIDE = """LEFT JOIN speaker ON speaker.id = quote.speaker_id
  LEFT JOIN organisation ON organisation.id = quote.organisation_id
  JOIN article ON article.id = quote.article_id
  JOIN publisher ON publisher.id = quote.publisher_id
  JOIN topic ON topic.id = quote.topic_id"""


class PlainSQL:
    name = "plain SQL"

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def close(self) -> None:
        self.database.close()

    def rows(self, sql: str, *given: Any) -> list[Any]:
        return self.database.execute(sql, given).fetchall()

    def one(self, sql: str, *given: Any) -> Any:
        return self.rows(sql, *given)[0][0]

    def questions(self) -> list[Question]:
        """About this corpus."""
        by_number = self.most_quoted(301)
        speakers = [by_number[min(rank, len(by_number) - 1)] for rank in (0, 3, 30, 300)]
        pages = self.one("SELECT count(*) FROM quote") // SIZE
        page = min(PAGE, pages // 2)
        newest = "SELECT id FROM quote ORDER BY earliest DESC, id DESC LIMIT 1 OFFSET ?"
        after = self.one(newest, (page - 1) * SIZE - 1)
        return questions_about(speakers, [2019, 2023], after=after, page=page)

    def most_quoted(self, number: int) -> list[str]:
        """Names of speakers."""
        found = self.rows(
            "SELECT (SELECT name FROM speaker WHERE id = speaker_id) FROM quote "
            "WHERE speaker_id IS NOT NULL GROUP BY speaker_id "
            "ORDER BY count(*) DESC, speaker_id LIMIT ?",
            number,
        )
        return [name for (name,) in found]

    def can_answer(self, question: Question) -> bool:
        return True

    def ask(self, question: Question) -> Found:
        """What a page must show, and no more: rows, or the one number asked for."""
        if question.wants_count:
            return Found(count=self.count(question))
        if question.wants_facet:
            return Found(speakers=self.speakers(question))
        if question.wants_years:
            return Found(years=self.years(question))
        return Found(ids=tuple(row[0] for row in self.page(question)))

    def truth(self, question: Question) -> Found:
        """All that anybody's answer may say."""
        return Found(
            ids=tuple(row[0] for row in self.page(question)),
            count=self.count(question),
            speakers=self.speakers(question, 1_000_000) if question.wants_facet else None,
            years=self.years(question) if question.wants_years else None,
        )

    def page(self, question: Question) -> list[Any]:
        """The rows; of one day's quotes the latest recorded come first."""
        source, asked, given = self._source(question)
        order = "rank" if question.best else "quote.earliest DESC, quote.id DESC"
        if question.after:
            asked.append("(quote.earliest, quote.id) < (?, ?)")
            given += [self.day(question.after), question.after]
        return self.rows(
            f"SELECT {_ROW} FROM {source} {_BESIDE} WHERE {' AND '.join(asked)} "
            f"ORDER BY {order} LIMIT {SIZE}",
            *given,
        )

    def matching(self, question: Question) -> set[int]:
        source, asked, given = self._source(question)
        found = self.rows(f"SELECT quote.id FROM {source} WHERE {' AND '.join(asked)}", *given)
        return {row[0] for row in found}

    def count(self, question: Question) -> int:
        source, asked, given = self._source(question)
        return int(self.one(f"SELECT count(*) FROM {source} WHERE {' AND '.join(asked)}", *given))

    def speakers(self, question: Question, most: int = 20) -> dict[str, int]:
        source, asked, given = self._source(question)
        return dict(
            self.rows(
                f"SELECT (SELECT name FROM speaker WHERE id = speaker_id), n FROM ("
                f"SELECT speaker_id, count(*) AS n FROM {source} WHERE {' AND '.join(asked)} "
                f"AND speaker_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT {most})",
                *given,
            )
        )

    def day(self, quote: int) -> str | None:
        found: str | None = self.one("SELECT earliest FROM quote WHERE id = ?", quote)
        return found

    def years(self, question: Question) -> tuple[int, ...]:
        return tuple(
            row[0]
            for row in self.rows(
                "SELECT count(*) FROM quote WHERE earliest IS NOT NULL AND speaker_id = "
                "(SELECT id FROM speaker WHERE name = ?) "
                "GROUP BY substr(earliest, 1, 4) ORDER BY substr(earliest, 1, 4)",
                question.speaker,
            )
        )

    def _source(self, question: Question) -> tuple[str, list[str], list[Any]]:
        """FROM, the conditions and their values."""
        source, asked, given = "quote", ["1"], []
        if question.words:
            source = "quote_fts JOIN quote ON quote.id = quote_fts.rowid"
            asked.append("quote_fts MATCH ?")
            given.append(question.words)
        if question.speaker:
            asked.append("speaker_id = (SELECT id FROM speaker WHERE name = ?)")
            given.append(question.speaker)
        if question.year:
            asked.append("earliest BETWEEN ? AND ?")
            given += [f"{question.year}-01-01", f"{question.year}-12-31"]
        return source, asked, given


class BestSQL(PlainSQL):
    """Faster where the newest quotes with some words are asked for; plain SQL otherwise."""

    name = "best SQL"

    def can_answer(self, question: Question) -> bool:
        return bool(question.words) and question.wants_rows and not question.best

    def page(self, question: Question) -> list[Any]:
        _source, asked, given = self._source(question)
        asked[1] = "in_order_fts MATCH ?"
        return self.rows(
            f"SELECT {_ROW} FROM in_order_fts CROSS JOIN quote ON quote.place = in_order_fts.rowid "
            f"{_BESIDE} WHERE {' AND '.join(asked)} ORDER BY in_order_fts.rowid DESC LIMIT {SIZE}",
            *given,
        )
