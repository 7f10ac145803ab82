"""What a list says of a quote, as plain facts in no language: kept beside the index, so that a page of a list is one query.

Of a private source only what readers may know is in it. How the facts read is the records' to say.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from . import engines

__all__ = ["ShownArticle", "ShownBy", "ShownCitation", "ShownQuote", "decoded", "encoded", "shown"]


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


def encoded(quote: ShownQuote) -> str:
    return json.dumps(quote, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1_000)
def decoded(text: str) -> ShownQuote:
    quote = ShownQuote._make(json.loads(text))
    return quote._replace(
        by=tuple(map(ShownBy._make, quote.by)),
        lead=ShownCitation._make(quote.lead),
        others=tuple(map(ShownCitation._make, quote.others)),
        article=_article(quote.article),
    )


def _article(values: Iterable[Any]) -> ShownArticle:
    article = ShownArticle._make(values)
    return article._replace(
        publisher=ShownPublisher._make(article.publisher) if article.publisher else None,
        original=_article(article.original) if article.original else None,
    )


def shown(ids: Iterable[int]) -> list[ShownQuote]:
    """The published quotes with these ids, in the order of the ids, in one statement; others are left out."""
    wanted = list(ids)
    if not wanted:
        return []
    among, params = engines.among(wanted)
    sql = f"""
        SELECT q.quote_id, s.shown FROM search_quote q JOIN search_shown s ON s.key = q.key
        WHERE q.quote_id {among}
    """
    found = dict(engines.fetched(sql, params))
    return [decoded(found[pk]) for pk in wanted if pk in found]
