"""What a list says of a quote, as plain facts in no language: kept beside the index, so that a page of a list is one query.

Of a private source only what readers may know is in it. How the facts read is the records' to say.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.sanitizing import slug_from

from . import engines
from .labelling import Label, labels

__all__ = [
    "ShownArticle",
    "ShownBy",
    "ShownCitation",
    "ShownQuote",
    "StoredArticle",
    "StoredQuote",
    "encoded",
    "shown",
    "stored",
    "with_names",
]


class ShownBy(NamedTuple):
    """One of those who said it, with what they were then."""

    id: int
    name: str
    slug: str
    is_organisation: bool
    title: str  # '' when no position is known
    organisation: str
    organisation_slug: str


class ShownPublisher(NamedTuple):
    name: str
    slug: str


class ShownArticle(NamedTuple):
    """An article, as far as a list names it."""

    id: int
    access: str
    medium: str
    url: str
    headline: str
    slug: str
    published_on: str
    relation: str
    publisher: ShownPublisher | None
    original: "ShownArticle | None"

    @property
    def is_private(self) -> bool:
        return self.access == "private"


class ShownCitation(NamedTuple):
    """How one source gives the quote."""

    id: int
    article_id: int
    text: str
    language: str
    role: str
    check_result: str
    has_copy: bool  # there is a copy of the source that the words can be looked for in
    on_paper: bool  # there is nothing on the web to look at
    start: int | None
    attributed_as: str
    locator: str
    locator_kind: str

    @property
    def gives_the_words(self) -> bool:
        return self.role != "evidence on attribution"


class ShownQuote(NamedTuple):
    """A quote in a list."""

    id: int
    slug: str
    said_on: str
    kind: str
    attribution: str
    described_as: str  # an unnamed speaker; '' of others
    of_organisation: str  # that speaker's
    by: tuple[ShownBy, ...]
    lead: ShownCitation
    others: tuple[ShownCitation, ...]
    article: ShownArticle  # the leading citation's
    wordings: int  # different ones

    @property
    def citations(self) -> tuple[ShownCitation, ...]:
        """All of them, the leading one first."""
        return (self.lead, *self.others)


class StoredArticle(NamedTuple):
    """A ShownArticle as it is kept: with the id of its publisher."""

    id: int
    access: str
    medium: str
    url: str
    headline: str
    published_on: str
    relation: str
    publisher_id: int | None
    original: "StoredArticle | None"


class StoredQuote(NamedTuple):
    """A ShownQuote as it is kept: with ids where names are, for names change and the words stay."""

    id: int
    said_on: str
    kind: str
    attribution: str
    described_as: str
    of_organisation: int | None
    by: tuple[
        tuple[int, bool, int | None, int | None], ...
    ]  # speaker, organisation?, position, organisation
    lead: ShownCitation
    others: tuple[ShownCitation, ...]
    article: StoredArticle
    wordings: int

    def tags(self) -> Iterator[str]:
        """Of what a list must know the names."""
        for speaker, _is_organisation, position, organisation in self.by:
            yield f"=s{speaker}"
            if position:
                yield f"=j{position}"
            if organisation:
                yield f"=s{organisation}"
        if self.of_organisation:
            yield f"=s{self.of_organisation}"
        for article in filter(None, (self.article, self.article.original)):
            if article.publisher_id:
                yield f"=p{article.publisher_id}"


def encoded(quote: StoredQuote) -> str:
    return json.dumps(quote, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1_000)
def stored(text: str) -> StoredQuote:
    quote = StoredQuote._make(json.loads(text))
    return quote._replace(
        by=tuple((each[0], each[1], each[2], each[3]) for each in quote.by),
        lead=ShownCitation._make(quote.lead),
        others=tuple(map(ShownCitation._make, quote.others)),
        article=_stored_article(quote.article),
    )


def _stored_article(values: Iterable[Any]) -> StoredArticle:
    article = StoredArticle._make(values)
    return article._replace(
        original=_stored_article(article.original) if article.original else None
    )


def with_names(quote: StoredQuote, names: Mapping[str, Label]) -> ShownQuote:
    """The quote as a list shows it, with what the records in it are called now."""
    by = tuple(_by(*each, names) for each in quote.by)
    organisation = names.get(f"=s{quote.of_organisation}", _NOBODY)
    who = by[0].name if by else quote.described_as
    return ShownQuote(
        quote.id,
        _slug(who, quote.lead.text),
        *quote[1:5],
        organisation.name,
        by,
        quote.lead,
        quote.others,
        _article(quote.article, names),
        quote.wordings,
    )


_NOBODY = Label("", "", False)


def _by(
    speaker: int,
    is_organisation: bool,
    position: int | None,
    organisation: int | None,
    names: Mapping[str, Label],
) -> ShownBy:
    who = names.get(f"=s{speaker}", _NOBODY)
    then = names.get(f"=s{organisation}", _NOBODY)
    title = names.get(f"=j{position}", _NOBODY).name
    return ShownBy(speaker, who.name, who.slug, is_organisation, title, then.name, then.slug)


def _article(article: StoredArticle, names: Mapping[str, Label]) -> ShownArticle:
    known = names.get(f"=p{article.publisher_id}")
    publisher = ShownPublisher(known.name, known.slug) if known else None
    original = _article(article.original, names) if article.original else None
    slug = _slug_of_source(article.headline or (known.name if known else ""))
    return ShownArticle(*article[:5], slug, *article[5:7], publisher, original)


@lru_cache(maxsize=1_000)
def _slug_of_source(text: str) -> str:
    return slug_from(text)


@lru_cache(maxsize=1_000)
def _slug(who: str, text: str) -> str:
    return slug_from(f"{who} {text}", longest=60) or "quote"


def shown(ids: Iterable[int]) -> list[ShownQuote]:
    """The published quotes with these ids, in the order of the ids, in two statements; others are left out."""
    wanted = list(ids)
    if not wanted:
        return []
    among, params = engines.among(wanted)
    sql = f"""
        SELECT q.quote_id, s.shown FROM search_quote q JOIN search_shown s ON s.key = q.key
        WHERE q.quote_id {among}
    """
    found = {pk: stored(text) for pk, text in engines.fetched(sql, params)}
    names = labels({tag for quote in found.values() for tag in quote.tags()})
    return [with_names(found[pk], names) for pk in wanted if pk in found]
