"""What a page declares of itself in JSON-LD (W3C JSON-LD 1.1, vocabulary of https://schema.org).

Only the vocabulary's common shapes are read, with no context resolved: that would open connections.
It must not touch Django, the database or the web.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .articles import ClaimReview, Quotation
from .values import address_of, day_of, language_of, line_of, words_of

__all__ = ["LinkedData", "linked_data"]

_MOST_SCRIPTS = 50
_LONGEST_SCRIPT = 1_000_000  # characters
_LONGEST_BODY = 250_000  # characters
_MOST_NODES = 5_000
_MOST_OFFERED = 50  # quotations, and as many claim reviews
_ARTICLES = ("Article", "BlogPosting", "Report", "SocialMediaPosting", "LiveBlogPosting")
_PAGES = ("WebPage", "ItemPage", "FAQPage", "AboutPage", "CreativeWork", "Recipe", "Product")
# CDATA and comments around the data are left from XHTML.
_WRAPPING = re.compile(r"\A[\s;]*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)[\s;]*\Z")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What linked data says of the article; '' is not said."""

    headline: str = ""
    byline: str = ""
    published_at: str = ""  # a day or a moment, as written
    publisher: str = ""
    language: str = ""
    url: str = ""
    original_url: str = ""
    body: str = ""  # the article's text, a paragraph a line
    is_article: bool = False  # the page calls itself one, and not a page or a work of any kind
    claim_reviews: tuple[ClaimReview, ...] = ()
    quotations: tuple[Quotation, ...] = ()


def linked_data(scripts: Iterable[str], base: str = "") -> LinkedData:
    """Read the JSON-LD scripts of a page. What is malformed is passed over; nothing raises."""
    nodes = list(_nodes(scripts))
    named = [node for node in nodes if node.get("name") and isinstance(node.get("@id"), str)]
    names = {node["@id"]: node for node in named}
    article = _article(nodes, base)
    return LinkedData(
        headline=line_of(_text(article.get("headline") or article.get("name"))),
        byline=_people(article.get("author") or article.get("creator"), names),
        published_at=_text(article.get("datePublished") or article.get("dateCreated"))[:100],
        publisher=_people(article.get("publisher"), names),
        language=language_of(_text(article.get("inLanguage"))),
        url=address_of(_text(article.get("url") or article.get("mainEntityOfPage")), base),
        original_url=_original(article, base),
        body=words_of(_text(article.get("articleBody")), _LONGEST_BODY),
        is_article=_is(article, _ARTICLES),
        claim_reviews=tuple(_claim_reviews(nodes, names, base))[:_MOST_OFFERED],
        quotations=tuple(_quotations(nodes, names, base))[:_MOST_OFFERED],
    )


def _nodes(scripts: Iterable[str]) -> Iterator[Node]:
    """Every object with a type, in reading order, of all scripts together no more than are read."""
    waiting: list[Any] = []
    for _, script in zip(range(_MOST_SCRIPTS), scripts, strict=False):
        waiting.append(_loaded(script))
    waiting.reverse()
    left = _MOST_NODES
    while waiting and left:
        left -= 1
        value = waiting.pop()
        if isinstance(value, dict):
            if "@type" in value or "@id" in value:
                yield value
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value[:_MOST_NODES]))


def _loaded(script: str) -> Any:
    if len(script) > _LONGEST_SCRIPT:
        return None
    script = _WRAPPING.sub("", script).strip().rstrip(";")
    try:
        # Numbers stay the text that they were, however long.
        return json.loads(script, strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _types(node: Node) -> list[str]:
    types = node.get("@type")
    types = types if isinstance(types, list) else [types]
    return [each.rpartition("/")[2] for each in types if isinstance(each, str)]


def _is(node: Node, kinds: tuple[str, ...]) -> bool:
    return any(each.endswith(kinds) for each in _types(node))


def _article(nodes: list[Node], base: str) -> Node:
    """The node that is the page's article: the one at this address, else the first with a headline."""
    articles = [node for node in nodes if _is(node, _ARTICLES) and _text(node.get("headline"))]
    here = [
        node
        for node in articles
        if base and base in (address_of(_text(node.get(key)), base) for key in ("url", "@id"))
    ]
    pages = [node for node in nodes if _is(node, _PAGES) and node.get("datePublished")]
    return next(iter([*here, *articles, *pages]), {})


def _text(value: Any) -> str:
    """The text of a value: itself, what it is called or where it is; of several the first."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            keys = ("@value", "name", "text", "url", "@id")
            value = next((value[key] for key in keys if value.get(key)), "")
        else:
            break
    return value if isinstance(value, str) else ""


def _people(value: Any, names: dict[str, Node]) -> str:
    """The names of persons or organisations, in their order."""
    people = value if isinstance(value, list) else [value]
    found = []
    for person in people[:20]:
        if isinstance(person, dict) and "name" not in person:
            known = person.get("@id")
            person = names.get(known, {}) if isinstance(known, str) else {}
        name = person.get("name") if isinstance(person, dict) else person
        text = line_of(_text(name), 300)
        if text and not text.startswith(("http://", "https://")):
            found.append(text)
    return ", ".join(dict.fromkeys(found))[:300]


def _original(article: Node, base: str) -> str:
    for key in ("translationOfWork", "isBasedOn", "isBasedOnUrl"):
        value = article.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            value = value.get("url") or value.get("@id")
        if url := address_of(_text(value), base):
            return url
    return ""


def _claim_reviews(nodes: list[Node], names: dict[str, Node], base: str) -> Iterator[ClaimReview]:
    for node in nodes:
        claim = words_of(_text(node.get("claimReviewed"))) if _is(node, ("ClaimReview",)) else ""
        if not claim:
            continue
        item = node.get("itemReviewed")
        item = item[0] if isinstance(item, list) and item else item
        item = item if isinstance(item, dict) else {}
        given = [item.get("appearance"), item.get("firstAppearance")]
        appearances = _where(given, base) or _where([item.get("url")], base)
        rating = node.get("reviewRating")
        rating = rating if isinstance(rating, dict) else {}
        yield ClaimReview(
            claim=claim,
            claimed_by=_people(item.get("author"), names),
            claimed_on=day_of(_text(item.get("datePublished"))),
            claim_url=next(iter(appearances), ""),
            verdict=line_of(
                _text(rating.get("alternateName") or rating.get("name"))
                or _text(rating.get("ratingValue"))
            ),
            reviewer=_people(node.get("author"), names),
            reviewed_on=day_of(_text(node.get("datePublished"))),
            url=address_of(_text(node.get("url")), base),
            description=line_of(_text(node.get("description"))),
            appearances=appearances,
        )


def _quotations(nodes: list[Node], names: dict[str, Node], base: str) -> Iterator[Quotation]:
    for node in nodes:
        text = words_of(_text(node.get("text"))) if _is(node, ("Quotation",)) else ""
        if not text:
            continue
        speaker = node.get("spokenByCharacter") or node.get("creator") or node.get("author")
        yield Quotation(
            text=text,
            speaker=_people(speaker, names),
            said_on=day_of(_text(node.get("dateCreated") or node.get("datePublished"))),
            url=address_of(_text(node.get("url")), base),
            language=language_of(_text(node.get("inLanguage"))),
        )


def _where(values: list[Any], base: str) -> tuple[str, ...]:
    """The addresses in these values: of each itself, the one of an object, or those of the objects of a list."""
    found = []
    for value in values:
        for each in value[:_MOST_OFFERED] if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                each = each.get("url") or each.get("@id")
            found.append(address_of(_text(each), base))
    return tuple(dict.fromkeys(filter(None, found)))
