"""The public shape of a citation: how one source gives one quote."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.anchoring import fold
from tracker.models import Article, Citation, Quote
from tracker.search import ShownCitation

from .checks import CheckRecord, check_record
from .readings import (
    Sign,
    Words,
    check_sign,
    direction,
    in_a_phrase,
    language_name,
    same_language,
    words_of,
)
from .sources import ArticleRecord, ChainStep, article_record, chain_of

__all__ = ["CitationRecord", "citation_record", "locator_phrase"]

# A place that says what it is: “Article 1”, “Note G”, “book 6”, “front page”.
_NAMES_ITSELF = re.compile(r"[^\W\d_]{3,}\.?\s+\w")
_SEVERAL = re.compile(r"([0-9]+|[ivxlcdm]+)\s*[-–—,]\s*([0-9]+|[ivxlcdm]+)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"[0-9]+(\.[0-9]+)+$")


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """One source of a quote. Of a private one only `source`, `words`, `check` and `role` are filled,
    and of evidence in a private one no `words`: they are not the quote's."""

    source: ArticleRecord
    chain: tuple[ChainStep, ...]
    words: Words | None  # when they differ from the leading ones
    leads: bool  # whether its words are the leading ones
    language: str  # its name, when it differs from the article's
    check: Sign
    looked: CheckRecord | None  # None where nobody has looked, and of private sources
    another: Sign | None  # it prints other words of the language than the leading ones
    role: str  # '' for one that simply reports the words
    named_as: str
    named_in: str  # the language of that name
    locator: str
    basis: str


def citation_record(
    citation: Citation, quote: Quote, chain: list[Article], leading: str
) -> CitationRecord:
    """From a citation, the chain of its article, and the leading words as `fold` gives them."""
    article = chain[0]
    differs = fold(citation.text) != leading
    private = article.is_private
    shown = citation.gives_the_words or not private
    source = article_record(article)
    return CitationRecord(
        source=source,
        chain=chain_of(chain),
        words=words_of(citation, quote) if differs and shown else None,
        leads=not differs,
        language=""
        if private or citation.language == article.language
        else language_name(citation.language),
        check=check_sign(citation, quote),
        looked=None if private else _looked(citation, quote, source),
        another=_another(citation, quote) if differs and shown else None,
        role=_role(citation),
        named_as="" if private else citation.attributed_as,
        named_in=citation.language or "und",
        locator="" if private else locator_phrase(citation),
        basis=""
        if private or citation.basis == Citation.Basis.UNKNOWN
        else in_a_phrase(citation.get_basis_display()),
    )


def _looked(citation: Citation, quote: Quote, source: ArticleRecord) -> CheckRecord | None:
    return check_record(
        citation,
        theirs=citation.gives_the_words and quote.kind != Quote.Kind.INDIRECT,
        address=source.address,
        archive=source.archive,
        direction=direction(citation.language),
    )


def _another(citation: Citation, quote: Quote) -> Sign | None:
    """Altered is said of two copies of one source; two sources have two wordings."""
    lead = quote.lead
    same = lead is not None and same_language(citation.language, lead.language)
    return Sign("~", _("Another wording")) if same and citation.gives_the_words else None


def _role(citation: Citation) -> str:
    if citation.role == Citation.Role.EARLIEST_KNOWN:
        return _("Earliest on record here.")
    return ""


def locator_phrase(citation: Citation | ShownCitation) -> str:
    """Where in the source the words stand: “page 12”; '' when that is not recorded."""
    place, kind = citation.locator, citation.locator_kind
    if not place or (_NAMES_ITSELF.match(place) and kind != Citation.LocatorKind.SHELF_MARK):
        return place
    phrase = {
        "": _("place in the source: %(place)s"),
        Citation.LocatorKind.PAGE: _("page %(place)s"),
        Citation.LocatorKind.TIME: _("at %(place)s"),
        Citation.LocatorKind.PARAGRAPH: _("paragraph %(place)s"),
        Citation.LocatorKind.SHELF_MARK: _("shelf mark %(place)s"),
    }[kind]
    if kind == Citation.LocatorKind.PAGE and _SEVERAL.match(place):
        phrase = _("pages %(place)s")
    if kind == Citation.LocatorKind.PARAGRAPH and _NUMBERED.match(place):
        phrase = _("section %(place)s")
    return phrase % {"place": place}
