"""The public shape of an article, its chain to the original, and the copies made of it.

Of a private source readers see the medium and the date only, everywhere: this module is where the
rest is left out, and no other part of the records reads an article's columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Article, Capture, Citation
from tracker.models.addresses import bare_domain, shown_url
from tracker.search import ShownArticle

from .readings import (
    DateReading,
    Link,
    address,
    day_reading,
    direction,
    in_a_phrase,
    language_name,
    recorded_date,
    same_language,
)

__all__ = [
    "OWN_WORDS",
    "ArticleRecord",
    "CaptureRecord",
    "ChainStep",
    "address_note",
    "article_record",
    "capture_record",
    "chain_of",
    "chained",
    "given",
    "is_printed",
    "medium_name",
    "name_apart",
    "relation_phrase",
    "source_name",
]

# Bases that carry the words themselves rather than somebody's report of them.
OWN_WORDS = {
    Citation.Basis.RECORDING,
    Citation.Basis.TRANSCRIPT,
    Citation.Basis.PREPARED_TEXT,
    Citation.Basis.OWN_PUBLICATION,
}
_PRINTED = {Article.Medium.PRINT, Article.Medium.BOOK}


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article as readers see it. Of a private one, `name`, `medium` and `published` alone are filled."""

    name: str  # the publisher, or what else names it
    medium: str
    published: DateReading
    published_short: DateReading  # for lists
    private: bool = False
    id: int = 0
    page: str = ""  # our page of it; '' when it has none
    title: str = ""  # the headline, or a description that stands for it
    headline: str = ""
    language: str = ""  # a tag
    direction: str = "ltr"
    language_name: str = ""
    publisher: Link | None = None
    byline: str = ""
    access: str = ""  # said only of what is not open to all
    address: str = ""
    shown_address: str = ""
    domain: str = ""
    address_note: str = ""  # why there is no address
    archive: str = ""
    link: str = ""  # whether the page answered, and when
    notes: str = ""  # HTML that was sanitised when it was stored

    @property
    def signed(self) -> bool:
        """Whether the byline says more than the name of the publisher does."""
        publisher = self.publisher.name if self.publisher else ""
        return self.byline.casefold() not in ("", publisher.casefold())


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One article of a chain: its name, and how the step before comes from it."""

    name: str
    relation: str = ""  # “re-report of”; '' for the first
    page: str = ""
    published: str = ""
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """A copy of an article: when it was made and what was seen."""

    taken: DateReading
    seen: str
    archive: str
    note: str  # of a correction, as the page had it
    updated: DateReading | None  # as the page says
    headline: str  # then, where it is another one than now
    language: str
    direction: str


def article_record(article: Article) -> ArticleRecord:
    """From an article with its publisher; `page` and `archive` are known of `chained` ones only."""
    medium, published = medium_name(article), recorded_date(article.published_on)
    short = recorded_date(article.published_on, short=True)
    if article.is_private:
        return ArticleRecord(source_name(article), medium, published, short, private=True)
    publisher = article.publisher
    return ArticleRecord(
        name=source_name(article),
        medium=medium,
        published=published,
        published_short=short,
        id=article.pk,
        page=article.get_absolute_url() if getattr(article, "has_page", False) else "",
        title=article.headline or _untitled(article, published),
        headline=article.headline,
        language=article.language or "und",
        direction=direction(article.language),
        language_name=language_name(article.language),
        publisher=Link(publisher.name, address("publisher", publisher.slug)) if publisher else None,
        byline=article.byline,
        access=str(article.get_access_display()) if article.access != Article.Access.PUBLIC else "",
        address=article.url or "",
        shown_address=shown_url(article.url or ""),
        domain=bare_domain(article.url or ""),
        address_note=address_note(article),
        archive=getattr(article, "archive", None) or "",
        link=_link(article),
        notes=article.notes,
    )


def _link(article: Article) -> str:
    """“The page answered on 26 May 2025.”: what the newest look at it saw; '' when nobody looked, or that is not known."""
    if not (article.url and getattr(article, "looked_at", None)):
        return ""
    looked: Any = article  # as `chained` gives it
    outcome = Capture.Outcome(looked.looked_outcome)
    day = _day(looked.looked_at)
    if outcome in Capture.SEEN:
        told = _("The page answered on %(date)s.") % {"date": day}
        changed = _("%(sentence)s It had changed since the look before.")
        return changed % {"sentence": told} if outcome == Capture.Outcome.CHANGED else told
    seen = (
        in_a_phrase(Capture.Failure(looked.looked_failure).label) if looked.looked_failure else ""
    )
    if not seen or outcome in (Capture.Outcome.GONE, Capture.Outcome.WALL):
        seen = in_a_phrase(outcome.label)
    if looked.looked_status:
        told = _("On %(date)s: %(seen)s (status %(status)d).")
        told %= {"date": day, "seen": seen, "status": looked.looked_status}
    else:
        told = _("On %(date)s: %(seen)s.") % {"date": day, "seen": seen}
    if looked.seen_at is None:
        return told
    last = _("%(sentence)s The page was last seen on %(date)s.")
    return last % {"sentence": told, "date": _day(looked.seen_at)}


def _day(moment: datetime) -> DateReading:
    return day_reading(timezone.localtime(moment).date())


def _untitled(article: Article, published: DateReading) -> str:
    """What an article without a recorded headline is called: “Page at AI Matters, about May 2025”."""
    medium, source = medium_name(article), source_name(article)
    if source == in_a_phrase(medium):
        title = medium
    elif article.medium == Article.Medium.WEB:
        title = _("Page at %(source)s") % {"source": source}
    else:
        title = _("%(medium)s: %(source)s") % {"medium": medium, "source": source}
    if not published.known:
        return title
    return _("%(title)s, %(date)s") % {"title": title, "date": published}


def medium_name(article: Article | ShownArticle) -> str:
    """“Web page”."""
    return str(Article.Medium(article.medium).label)


def address_note(article: Article | ShownArticle) -> str:
    """Why there is no web address; '' when there is one, and of private sources."""
    if article.url or article.is_private:
        return ""
    return (
        _("address not recorded") if article.medium == Article.Medium.WEB else _("no web address")
    )


def source_name(article: Article | ShownArticle) -> str:
    """What a source is called within a phrase: its publisher, a book by its title."""
    medium = in_a_phrase(medium_name(article))
    if article.is_private:
        return _("a private source (%(medium)s)") % {"medium": medium}
    names = [article.publisher.name if article.publisher else "", article.headline]
    if article.medium == Article.Medium.BOOK:
        names.reverse()
    return next(filter(None, [*names, bare_domain(article.url or "")]), medium)


def name_apart(article: Article) -> str:
    """Its name with what tells it from others of that name: “NASA (One Small Step)”."""
    name, published = source_name(article), recorded_date(article.published_on)
    details = [article.headline, published.words if published.known else ""]
    detail = next((each for each in details if each and each != name), "")
    if article.is_private or not detail:
        return name
    return _("%(source)s (%(detail)s)") % {"source": name, "detail": detail}


# ---- Where a source comes from ----


def relation_phrase(article: Article | ShownArticle) -> str:
    """“a re-report of ZDNet Korea”; '' when it comes from nowhere else that we know of."""
    if article.original is None or article.is_private:
        return ""
    phrase = {
        Article.Relation.TRANSLATION: _("a translation of %(source)s"),
        Article.Relation.RE_REPORT: _("a re-report of %(source)s"),
        Article.Relation.SYNDICATION: _("syndicated from %(source)s"),
        Article.Relation.EXCERPT: _("an excerpt of %(source)s"),
    }[Article.Relation(article.relation)]
    return phrase % {"source": source_name(article.original)}


def is_printed(citation: Citation) -> bool:
    """Whether its source prints the words: on paper, or as a web page does that reports them.

    A page that has the speech or text itself gives it, as broadcasts and archives do.
    """
    medium = citation.article.medium
    reports = citation.basis not in OWN_WORDS
    return medium in _PRINTED or (medium == Article.Medium.WEB and reports)


def given(citation: Citation, source: str) -> str:
    """“as AI Matters printed it, re-reporting ZDNet Korea”: who gives the words, and from whom."""
    article, said = citation.article, {"source": source}
    if article.is_private:
        return _("as %(source)s has it") % said
    if is_printed(citation):
        return _printed(article, source)
    phrase = {
        Article.Medium.BROADCAST: _("as %(source)s broadcast it"),
        Article.Medium.ARCHIVE: _("as %(source)s keeps it"),
    }.get(Article.Medium(article.medium), _("as %(source)s gives it")) % said
    relation = {"given": phrase, "relation": relation_phrase(article)}
    return _("%(given)s, %(relation)s") % relation if relation["relation"] else phrase


def _printed(article: Article, source: str) -> str:
    said = {"source": source}
    if article.original is None:
        return _("as %(source)s printed it") % said
    phrase = {
        Article.Relation.TRANSLATION: _("as %(source)s printed it, translating %(original)s"),
        Article.Relation.RE_REPORT: _("as %(source)s printed it, re-reporting %(original)s"),
        Article.Relation.SYNDICATION: _("as %(source)s printed it, taken over from %(original)s"),
        Article.Relation.EXCERPT: _("as %(source)s printed it, an excerpt of %(original)s"),
    }[Article.Relation(article.relation)]
    return phrase % (said | {"original": source_name(article.original)})


def chained(ids: Iterable[int]) -> dict[int, list[Article]]:
    """For each article its chain, itself first; each knows whether it has a page, its archived copy, and what the
    newest look at its address saw.

    Two queries, whatever the number.
    """
    pages = Article.objects.open_to_readers().with_quotes().filter(pk=OuterRef("pk"))
    archived = (
        Capture.objects.filter(article=OuterRef("pk"))
        .exclude(archive_url="")
        .order_by("-taken_at", "-id")
        .values("archive_url")[:1]
    )
    articles = Article.objects.annotate(has_page=Exists(pages), archive=Subquery(archived))
    articles = articles.with_last_look()
    return articles.chains(ids)


def chain_of(articles: list[Article]) -> tuple[ChainStep, ...]:
    """A chain as readers see it; empty when the article comes from no other one, or is private.

    It ends at a private source: what that comes from is not told either.
    """
    if len(articles) < 2 or articles[0].is_private:
        return ()
    first, *others = articles
    steps = [ChainStep(source_name(first), language=language_name(first.language))]
    for earlier, article in zip(articles, others, strict=False):
        steps.append(_step(earlier, article))
        if article.is_private:
            break
    return tuple(steps)


def _step(earlier: Article, article: Article) -> ChainStep:
    published = recorded_date(article.published_on)
    if article.is_private:
        return ChainStep(
            source_name(article), _relation(earlier, article), published=published.words
        )
    record = article_record(article)
    return ChainStep(
        name=record.name,
        relation=_relation(earlier, article),
        page=record.page,
        published=published.words if published.known else "",
        language=record.language_name,
        note=record.address_note,
    )


def _relation(derived: Article, original: Article) -> str:
    """How one article comes from the next: “re-report, in another language, of”.

    Of a private original, whether its language is another one is not said.
    """
    relation = Article.Relation(derived.relation)
    known = derived.language and original.language and not original.is_private
    crosses = known and not same_language(derived.language, original.language)
    if relation == Article.Relation.RE_REPORT and crosses:
        return _("re-report, in another language, of")
    return {
        Article.Relation.TRANSLATION: _("translation of"),
        Article.Relation.RE_REPORT: _("re-report of"),
        Article.Relation.SYNDICATION: _("syndicated from"),
        Article.Relation.EXCERPT: _("excerpt of"),
    }[relation]


def capture_record(capture: Capture, article: ArticleRecord) -> CaptureRecord:
    """From a copy of this article, which is open to readers; its text is not shown."""
    seen = [str(capture.get_method_display())]
    if capture.http_status:
        seen.append(_("status %(status)d") % {"status": capture.http_status})
    named = (Capture.Outcome.GONE, Capture.Outcome.WALL)
    why = capture.get_failure_display() if capture.outcome not in named else ""
    seen.append(in_a_phrase(why or capture.get_outcome_display()))
    return CaptureRecord(
        taken=day_reading(capture.taken_at),
        seen=", ".join(seen),
        archive=capture.archive_url,
        note=capture.correction_note,
        updated=day_reading(capture.updated_on) if capture.updated_on else None,
        headline=capture.headline if capture.headline != article.headline else "",
        language=article.language,
        direction=article.direction,
    )
