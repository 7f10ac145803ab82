"""The public shape of a quote: as a row of a list, and in full with its wordings and citations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tracker.anchoring import fold
from tracker.models import Article, Citation, Quote, giving_theirs, independent_sources
from tracker.search import Query, ShownCitation, ShownQuote

from .citations import CitationRecord, citation_record, locator_phrase
from .places import OccasionRecord, occasion_record
from .readings import (
    DateReading,
    Link,
    Sign,
    Words,
    address,
    attribution_sign,
    check_sign,
    date_reading,
    day_reading,
    kind_sign,
    language_name,
    recorded_date,
    same_language,
    words_of,
)
from .sources import address_note, chained, medium_name, relation_phrase, source_name
from .speakers import By, bylines
from .wordings import Wordings, wordings_by_language

__all__ = [
    "QuoteRecord",
    "QuoteRow",
    "SourceLine",
    "Sources",
    "quote_record",
    "quote_title",
    "rows",
]

_LONGEST_IN_A_TITLE = 60


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where the words of a row are from, in one line: “AI Matters, about May 2025, a re-report of ...”."""

    before: str  # what stands before the name: the medium, where it tells more than the name
    name: str  # '' on the source's own page
    page: str
    notes: tuple[str, ...]  # phrases after the name, each complete in itself
    address: str = (
        ""  # of the source itself, for who reads on paper; '' of what is private or not on the web
    )


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote in a list. It asks the database nothing."""

    id: int
    url: str
    said: DateReading
    by: tuple[By, ...]
    words: Words
    kind: Sign | None  # None for evidence on who said them, on its article's page
    attribution: Sign
    check: Sign
    source: SourceLine
    translation: Words | None
    wordings: Sign | None  # “3 wordings”; None when all sources agree

    @property
    def beside_the_name(self) -> Sign | None:
        """An attribution that a reader must see before the words."""
        return self.attribution if self.attribution.loud else None

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The signs at the end of the row."""
        quiet = None if self.attribution.loud else self.attribution
        signs = (self.kind, quiet, self.check, self.wordings)
        return tuple(sign for sign in signs if sign)


@dataclass(frozen=True, slots=True)
class Sources:
    """Some citations of a quote, under a heading that counts them."""

    id: str
    heading: str
    citations: tuple[CitationRecord, ...]


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """A quote in full, with all that its page says."""

    id: int
    url: str
    title: str  # “Jason Kwon, 26 May 2025: “infrastructure is destiny.””
    description: str
    by: tuple[By, ...]
    why_unnamed: str | None  # None of a speaker who is named; '' when no reason is recorded
    said: DateReading
    said_as_given: str
    occasion: OccasionRecord | None
    prompt: str
    context: str
    words: Words
    kind: Sign
    attribution: Sign
    attribution_reason: str
    attributed: str  # “Since 3 May 2026, by the editors”; '' of what is unverified
    independent: str  # “2 independent sources”; '' of words that are not theirs
    spoken_in: str  # '' when not known
    languages: tuple[Wordings, ...]
    sources: tuple[Sources, ...]
    topics: tuple[Link, ...]
    recorded: DateReading
    changed: DateReading
    listed: bool  # whether search engines may keep it

    @property
    def then(self) -> tuple[By, ...]:
        """Those speakers who could be something then: an organisation that speaks itself is not."""
        return tuple(each for each in self.by if not each.is_organisation)


def rows(
    quotes: Iterable[ShownQuote],
    *,
    own: int | None = None,
    in_article: int | None = None,
    asked: Query | None = None,
) -> list[QuoteRow]:
    """Each quote as a row of a list, with the words marked that were asked for.

    `own` is the id of the speaker whose page the rows stand on. With `in_article`, the id of an
    article that gives them all, they have its wording, and say what it calls the speaker.
    """
    language = get_language() or "en"
    return [_row(quote, own, in_article, asked, language) for quote in quotes]


@lru_cache(maxsize=1_000)
def _row(
    quote: ShownQuote, own: int | None, in_article: int | None, asked: Query | None, _language: str
) -> QuoteRow:
    """One row, in the language in use. The same are asked for again and again."""
    citation = _in_article(quote, in_article) if in_article else quote.lead
    return QuoteRow(
        id=quote.id,
        url=address("quote", quote.id, quote.slug),
        said=date_reading(quote.said_on, short=True),
        by=bylines(quote, own),
        words=words_of(citation, quote, asked),
        kind=kind_sign(quote.kind) if citation.gives_the_words else None,
        attribution=attribution_sign(quote.attribution),
        check=check_sign(citation, quote),
        source=_line_on_its_own_page(citation) if in_article else _source_line(quote),
        translation=_translation(quote, citation, asked),
        wordings=_wordings_sign(quote.wordings) if quote.wordings > 1 else None,
    )


def _wordings_sign(count: int) -> Sign:
    return Sign("~", ngettext("%(count)d wording", "%(count)d wordings", count) % {"count": count})


def _in_article(quote: ShownQuote, article: int) -> ShownCitation:
    """The citation from that article: of those that give the words, if any, the one that appears first."""
    there = [each for each in quote.citations if each.article_id == article]
    words = [each for each in there if each.gives_the_words]
    return min(words or there, key=lambda each: (each.start is None, each.start or 0, each.id))


def _line_on_its_own_page(citation: ShownCitation) -> SourceLine:
    named = _("named there as “%(name)s”") % {"name": citation.attributed_as}
    notes = [
        "" if citation.gives_the_words else _("evidence on who said these words"),
        named if citation.attributed_as else "",
        locator_phrase(citation),
    ]
    return SourceLine("", "", "", tuple(filter(None, notes)))


def _translation(quote: ShownQuote, shown: ShownCitation, asked: Query | None) -> Words | None:
    """The wording in the reader's language, when the one that is shown is in another."""
    reader = get_language() or "en"
    if not shown.language or same_language(shown.language, reader):
        return None
    for each in quote.citations:
        if each.gives_the_words and same_language(each.language, reader):
            return words_of(each, quote, asked)
    return None


def _more_sources(count: int) -> str:
    more = ngettext("and %(count)d more source", "and %(count)d more sources", count)
    return more % {"count": count}


def _source_line(quote: ShownQuote) -> SourceLine:
    article = quote.article
    giving = {each.article_id for each in quote.citations if each.gives_the_words}
    others = len(giving - {article.id})
    plain = article.is_private or article.medium == Article.Medium.WEB
    published, note = recorded_date(article.published_on, short=True), address_note(article)
    notes = [
        published.words if published.known else "",
        relation_phrase(article),
        note,
        _more_sources(others) if others else "",
    ]
    name, page = source_name(article), ""
    if article.is_private:
        name = name[:1].upper() + name[1:]
    elif article.slug:
        page = address("article", article.id, article.slug)
    else:
        page = address("article-bare", article.id)
    return SourceLine(
        before=medium_name(article) if note and not plain else "",
        name=name,
        page=page,
        notes=tuple(filter(None, notes)),
        address="" if article.is_private else article.url,
    )


# ---- The page of one quote ----


def quote_title(who: str, quote: Quote, words: Words) -> str:
    """“Jason Kwon, 26 May 2025: “infrastructure is destiny.””, cut at a word for the browser's tab."""
    text = " ".join(words.paragraphs)
    if len(text) > _LONGEST_IN_A_TITLE:
        cut = text[: _LONGEST_IN_A_TITLE + 1]
        text = (cut.rpartition(" ")[0] or cut[:-1]) + "…"
    marked = f"“{text}”" if quote.kind == Quote.Kind.DIRECT else text
    said = {"who": who, "date": date_reading(quote.said_on).words, "words": marked}
    if quote.attribution == Quote.Attribution.MISATTRIBUTED:
        return _("Wrongly attributed to %(who)s: %(words)s") % said
    return _("%(who)s, %(date)s: %(words)s") % said


def _lead(quote: Quote) -> Citation:
    """The leading citation, with its article as it was loaded with the quote."""
    return next(each for each in quote.citations.all() if each.pk == quote.lead_id)


def _giving(quote: Quote) -> list[Citation]:
    """The citations that print the words, the leading one first."""
    citations = [each for each in quote.citations.all() if each.gives_the_words]
    return sorted(citations, key=lambda each: each.pk != quote.lead_id)


def quote_record(quote: Quote) -> QuoteRecord:
    """From a quote of `to_show()`; three more queries: its topics, and the chains of its sources."""
    chains = chained({each.article_id for each in quote.citations.all()})
    lead = _lead(quote)
    words, by = words_of(lead, quote), bylines(quote)
    who = ", ".join(each.name for each in by)
    everyone = [quote.speaker, *(each.speaker for each in quote.joint_speakers.all())]
    independent = _independent(quote, chains)
    return QuoteRecord(
        id=quote.pk,
        url=quote.get_absolute_url(),
        title=quote_title(who, quote, words),
        description=_description(by, quote, words),
        by=by,
        why_unnamed=None if quote.speaker else quote.anonymity_reason,
        said=date_reading(quote.said_on),
        said_as_given=quote.said_on_as_given,
        occasion=occasion_record(quote.occasion) if quote.occasion else None,
        prompt=quote.prompt,
        context=quote.context,
        words=words,
        kind=kind_sign(quote.kind),
        attribution=attribution_sign(quote.attribution),
        attribution_reason=quote.attribution_reason,
        attributed=_attributed(quote),
        independent=_independent_sources(independent),
        spoken_in=language_name(quote.spoken_language),
        languages=wordings_by_language(quote, _giving(quote)),
        sources=_sources(quote, chains, independent),
        topics=tuple(Link(topic.name, topic.get_absolute_url()) for topic in quote.topics.all()),
        recorded=day_reading(quote.created_at),
        changed=day_reading(quote.updated_at),
        listed=all(each.listed for each in everyone if each),
    )


def _description(by: Sequence[By], quote: Quote, words: Words) -> str:
    """One sentence for search engines and previews: the words in full, then who said them."""
    said = {"who": "; ".join(each.in_full for each in by), "words": words.marked}
    if quote.attribution == Quote.Attribution.MISATTRIBUTED:
        return _("%(words)s — wrongly attributed to %(who)s") % said
    if quote.attribution == Quote.Attribution.DISPUTED:
        return _("%(words)s — %(who)s (disputed)") % said
    return _("%(words)s — %(who)s") % said


def _attributed(quote: Quote) -> str:
    """Since when its attribution stands. Readers are never told which editor settled it."""
    if quote.attribution == Quote.Attribution.UNVERIFIED or quote.attributed_at is None:
        return ""
    return _("Since %(date)s, by the editors") % {"date": day_reading(quote.attributed_at)}


def _independent(quote: Quote, chains: dict[int, list[Article]]) -> int | None:
    """How many sources are independent of each other; None of words that are not theirs."""
    if quote.attribution == Quote.Attribution.MISATTRIBUTED:
        return None
    return independent_sources(quote.citations.all(), chains)


def _independent_sources(independent: int | None) -> str:
    """“2 independent sources”; nothing of words that are not theirs, however many print them."""
    if independent is None:
        return ""
    if not independent:
        return _("No independent source known")
    return ngettext(
        "%(count)d independent source", "%(count)d independent sources", independent
    ) % {"count": independent}


def _sources(
    quote: Quote, chains: dict[int, list[Article]], independent: int | None
) -> tuple[Sources, ...]:
    """The citations by what they do: give the words, attribute them wrongly, or tell who said them."""
    giving = _giving(quote)
    reporting = giving_theirs(giving)
    wrongly = [each for each in giving if each not in reporting]
    evidence = [each for each in quote.citations.all() if not each.gives_the_words]
    groups = (
        ("sources", _sources_heading(_articles(reporting), independent), reporting),
        ("wrongly", _wrongly_heading(_articles(wrongly)), wrongly),
        ("evidence", _("Evidence on who said these words"), evidence),
    )
    leading = fold(quote.text)
    return tuple(
        Sources(
            id=name,
            heading=heading,
            citations=tuple(
                citation_record(each, quote, chains[each.article_id], leading) for each in citations
            ),
        )
        for name, heading, citations in groups
        if citations
    )


def _articles(citations: Iterable[Citation]) -> int:
    return len({each.article_id for each in citations})


def _sources_heading(count: int, independent: int | None) -> str:
    said = {"count": count, "independent": independent}
    if independent is None or count == 1:
        return ngettext("%(count)d source", "%(count)d sources", count) % said
    if not independent:
        return _("%(count)d sources, none known to be independent") % said
    return (
        ngettext(
            "%(count)d sources, %(independent)d independent",
            "%(count)d sources, %(independent)d independent",
            independent,
        )
        % said
    )


def _wrongly_heading(count: int) -> str:
    return ngettext(
        "%(count)d source attributes them wrongly",
        "%(count)d sources attribute them wrongly",
        count,
    ) % {"count": count}
