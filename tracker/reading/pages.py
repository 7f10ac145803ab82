"""The text of a page -> what is read out of it. Runs where it can be stopped, see `working`.

It must not touch Django, the database or the web.
"""

import re
from contextlib import suppress
from typing import Literal

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from .articles import NothingToRead, ReadArticle
from .metadata import Metadata, metadata_of, shown_day
from .paragraphs import all_blocks, article_blocks
from .values import day_of

__all__ = ["read_page"]

_Method = Literal["trafilatura", "declared", "plain"]
_MUCH_MORE = 2.0  # times
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")


def read_page(html: str, *, url: str = "", plainly: bool = False) -> ReadArticle:
    """Read a page. `plainly` leaves out all that may take long: trafilatura, and looking for a day.

    Raises `NothingToRead`.
    """
    tree = _tree(html)
    said = metadata_of(tree, url)
    day = said.published_on or ("" if plainly else _found_day(tree, url))
    plain = all_blocks(tree)
    method, paragraphs = _paragraphs([] if plainly else _article(tree, url), said, plain)
    if not paragraphs:
        raise NothingToRead("There are no words on this page. Paste the article’s text instead.")
    return ReadArticle(
        headline=said.headline,
        byline=said.byline,
        published_on=day,
        publisher=said.publisher,
        language=said.language,
        canonical_url=said.canonical_url,
        original_url=said.original_url,
        paragraphs=paragraphs,
        text="\n\n".join(paragraphs),
        method=method,
        claim_reviews=said.linked.claim_reviews,
        quotations=said.linked.quotations,
    )


def _tree(html: str) -> HtmlElement:
    # Its own declaration of a charset is no longer true: this is text.
    body = _DECLARATION.sub("", html.replace("\0", "")).encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(body, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NothingToRead("There is nothing on this page that could be read.") from error
    return tree


def _article(tree: HtmlElement, url: str) -> list[str]:
    # Whatever it stumbles over, the page's text is still there plainly; a lack of memory is not its.
    with suppress(Exception):
        return article_blocks(tree, url)
    return []


def _paragraphs(
    found: list[str], said: Metadata, plain: list[str]
) -> tuple[_Method, tuple[str, ...]]:
    """What trafilatura found, unless the page declares much more: some show a part and load the rest.

    trafilatura, too, takes what is declared when it finds nothing, but as a single paragraph.
    """
    declared = said.linked.body.split("\n") if said.linked.body else []
    much_more = len(said.linked.body) > _MUCH_MORE * sum(map(len, found))
    same = len(declared) > len(found) and " ".join(declared) == " ".join(found)
    if much_more or same:
        return "declared", tuple(declared)
    return ("trafilatura", tuple(found)) if found else ("plain", tuple(plain))


def _found_day(tree: HtmlElement, url: str) -> str:
    """The day that the page shows somewhere, as htmldate finds it, or in a place that looks like one for it.

    Not with htmldate's extensive search: that takes three seconds to begin with.
    """
    with suppress(Exception):
        import htmldate

        found = htmldate.find_date(
            tree, url=url or None, original_date=True, extensive_search=False
        )
        if day := day_of(found or ""):
            return day
    return shown_day(tree)
