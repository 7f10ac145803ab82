"""What the head of a page, and the marks in its body, say of the article.

Read are OpenGraph (https://ogp.me), Highwire Press tags as Google Scholar takes them, Dublin Core,
microdata of schema.org, and HTML's own. It must not touch Django, the database or the web.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .linked_data import LinkedData, linked_data
from .values import address_of, day_of, day_within, language_of, line_of

__all__ = ["Metadata", "metadata_of", "shown_day"]

_MOST_METAS = 1_000
_MOST_HEADINGS = 30
_MOST_TIMES = 200
_MOST_LOOKED_AT = 20_000  # elements
_LONGEST_PLACE = 200  # characters of a line that tells of author and day
_LONGEST_DAY = 30  # characters of "Wednesday, September 30th, 2025"
_DAY_PLACES = ("time", "span", "abbr", "div", "p", "li", "small", "em", "td", "a", "h4", "h5", "h6")
_DAY_MARKS = re.compile(r"date|time|publi|posted|byline|meta|dateline|author|info", re.IGNORECASE)
_LEAST_SHARE = 0.25  # of a title that a heading must make up to be meant by it
_HEADLINES = (
    *("dc:title", "og:title", "citation_title", "twitter:title", "dc.title", "dcterms.title"),
)
_BYLINES = (
    *("dc:creator", "citation_author", "author", "article:author", "dc.creator"),
    *("dcterms.creator", "byl", "parsely-author", "sailthru.author"),
)
_DAYS = (
    *("article:published_time", "og:article:published_time", "citation_publication_date"),
    *("citation_date", "citation_online_date", "dc.date.issued", "dcterms.issued", "dc.date"),
    *("datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publish-date"),
    *(
        "publication_date",
        "article.published",
        "article:published",
        "dcterms.created",
        "dc.created",
    ),
    *("dcterms.date", "og:published_time", "ptime", "cxenseparse:recs:publishtime", "date"),
)
_PUBLISHERS = ("og:site_name", "citation_journal_title", "dc.publisher", "citation_publisher")
_ORIGINALS = ("original-source", "syndication-source")
_SEPARATOR = re.compile(r"\s+[-–—|·•:»«›/]+\s+|\s*[|»]\s*|:\s+")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org", "re"})
_CUT_OFF = re.compile(r"\s*(?:\.\.\.|…)\s*\Z")
_HOME = re.compile(r"(?:https?://[^/?#]+)?/?(?:index\.[a-z]{3,5})?", re.IGNORECASE)
_BY = re.compile(
    r"\A(?:(?i:written|posted|created|erstellt|eingestellt|geschrieben|verfasst|beitrag|publié|écrit)\s+)?"
    r"(?:(?i:by|von|par)|di|da|por)\s*:?\s+"
)
_NAME_END = re.compile(r"\s*[»|•·]\s*|,?\s+(?=[0-9])")
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|écrit par|escrito por|geschreven door|scritto da", re.I
)
_NAME_MARK = re.compile(
    r"(?!comment)(?:[\w-]*[-_])?(?:author|byline|auteurs?|autor)(?:[-_]?name)?|documentAuthor", re.I
)
_NAME_PLACES = ("a", "span", "address", "p", "div", "strong", "li", "b")
_WORD = re.compile(r"\w+")
_POSTED = re.compile(r"(?:posted|published)\b.{0,60}?\s(?=by\s)", re.I)
_NO_NAME = re.compile(
    r"[@:]|(?:posted|published)\b|\A(?:admin|administrator|editor|staff|unknown|root)\Z", re.I
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; '' is not said. `linked` are its linked data."""

    headline: str
    byline: str
    published_on: str
    publisher: str
    language: str
    canonical_url: str
    original_url: str
    linked: LinkedData


class _Said:
    """The <meta> of a page by name, property or itemprop, each with its first content."""

    def __init__(self, tree: HtmlElement) -> None:
        self._kept: dict[str, list[str]] = {}
        for _, meta in zip(range(_MOST_METAS), tree.iter("meta"), strict=False):
            content = (meta.get("content") or "").strip()
            for name in (meta.get("property"), meta.get("name"), meta.get("itemprop")):
                for key in (name or "").lower().split() if content else ():
                    self._kept.setdefault(key, []).append(content)

    def all(self, key: str) -> list[str]:
        return self._kept.get(key, [])

    def each(self, *keys: str) -> Iterator[str]:
        for key in keys:
            yield from self._kept.get(key, [])[:1]


def metadata_of(tree: HtmlElement, url: str = "") -> Metadata:
    """Read what the tree of a page says of itself; `url` is where it comes from."""
    said = _Said(tree)
    base = _base(tree, url)
    scripts = (
        script.text or ""
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    )
    canonical = _canonical(tree, said, base)
    linked = linked_data(scripts, canonical or url)
    publisher = linked.publisher or _first(line_of(each, 300) for each in said.each(*_PUBLISHERS))
    canonical = canonical or linked.url
    return Metadata(
        headline=_headline(tree, said, linked, publisher, canonical or url),
        byline=_byline(tree, said, linked),
        published_on=_published_on(tree, said, linked),
        publisher=publisher,
        language=_language(tree, said, linked),
        canonical_url=canonical,
        original_url=_original(said, linked, canonical, base, url),
        linked=linked,
    )


def _first(values: Iterator[str]) -> str:
    return next(filter(None, values), "")


def _base(tree: HtmlElement, url: str) -> str:
    for each in tree.iter("base"):
        return address_of(each.get("href") or "", url) or url
    return url


def _canonical(tree: HtmlElement, said: _Said, base: str) -> str:
    links = (
        address_of(link.get("href") or "", base)
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    return _first(links) or _first(address_of(each, base) for each in said.each("og:url"))


def _original(said: _Said, linked: LinkedData, canonical: str, base: str, url: str) -> str:
    named = linked.original_url or _first(address_of(each, base) for each in said.each(*_ORIGINALS))
    if named:
        return named if named not in (url, canonical) else ""
    elsewhere = canonical and url and _site(canonical) != _site(url)
    return canonical if elsewhere else ""


def _site(url: str) -> str:
    """The host without its subdomains, such as the one for telephones: "example.co.kr"."""
    labels = (urlsplit(url).hostname or "").split(".")
    below_a_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if below_a_country else -2 :])


def _language(tree: HtmlElement, said: _Said, linked: LinkedData) -> str:
    root = tree.getroottree().getroot()
    attributes = (root.get("lang"), root.get("xml:lang"))
    of_body = (body.get("lang") for body in tree.iter("body"))
    found = (
        *attributes,
        linked.language,
        *said.each("og:locale", "content-language", "dc.language", "citation_language"),
        *of_body,
    )
    return _first(language_of(each or "") for each in found)


def _published_on(tree: HtmlElement, said: _Said, linked: LinkedData) -> str:
    moments = [linked.published_at] if linked.is_article else []
    moments += [*said.each(*_DAYS), linked.published_at]
    moment = _first(each for each in moments if day_of(each))
    return day_of(_as_shown(tree, moment)) or _first(_marked_days(tree))


def _as_shown(tree: HtmlElement, moment: str) -> str:
    """The same moment as a <time> of the page has it: one in UTC may be of another day than the place's."""
    instant = _instant(moment)
    if not instant or instant.utcoffset():
        return moment
    for _, element in zip(range(_MOST_TIMES), tree.iter("time"), strict=False):
        shown = _instant(element.get("datetime") or "")
        if shown and shown.utcoffset() and abs((shown - instant).total_seconds()) < 60:
            return element.get("datetime") or moment
    return moment


def _instant(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def shown_day(tree: HtmlElement) -> str:
    """The first day that stands alone, or in a short text marked as one of dates or authors; else ''."""
    for _, element in zip(range(_MOST_LOOKED_AT), tree.iter(*_DAY_PLACES), strict=False):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        text = _short_text(element)
        marked = _DAY_MARKS.search(marks)
        alone = len(text) <= _LONGEST_DAY
        if day := day_within(text) if marked else day_of(text) if alone else "":
            return day
    return ""


def _short_text(element: HtmlElement) -> str:
    """The text of an element that has little of it."""
    parts: list[str] = []
    for _, part in zip(range(40), element.itertext(), strict=False):
        parts.append(part)
    text = "".join(parts)
    return line_of(text) if len(text) <= _LONGEST_PLACE else ""


def _marked_days(tree: HtmlElement) -> Iterator[str]:
    """Days of elements that are marked as the day of publication."""
    for element in tree.iter("time", "span", "abbr", "div", "p"):
        marks = f"{element.get('itemprop') or ''} {element.get('class') or ''}".split()
        published = {"datePublished", "published", "pubdate", "entry-date"} & set(marks)
        if published or (element.tag == "time" and element.get("pubdate") is not None):
            told = (element.get("datetime"), element.get("content"), element.get("title"))
            yield _first(day_of(each or "") for each in (*told, element.text or ""))


def _byline(tree: HtmlElement, said: _Said, linked: LinkedData) -> str:
    if linked.byline:
        return linked.byline
    for key in _BYLINES:
        names = [_name(each) for each in said.all(key)[:20]]
        if names := list(dict.fromkeys(filter(None, names))):
            return ", ".join(names)[:300]
    return _first(_name(text) for text in _marked_names(tree, said))


def _marked_names(tree: HtmlElement, said: _Said) -> Iterator[str]:
    for label, name in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(map(_WRITTEN_BY.search, said.all(label))):
            yield from said.all(name)
    for _, element in zip(range(_MOST_LOOKED_AT), tree.iter(*_NAME_PLACES), strict=False):
        marks = f"{element.get('rel') or ''} {element.get('itemprop') or ''} {element.get('class') or ''}"
        if any(map(_NAME_MARK.fullmatch, marks.split())):
            yield _short_text(element)


def _name(text: str) -> str:
    """A name as signed, "R. Porter" with its full stop; no address, no job of a machine."""
    text = _POSTED.sub("", line_of(text, 300))
    text = _NAME_END.split(_BY.sub("", text))[0]
    no_name = _NO_NAME.search(text) or not _WORD.search(text)
    return "" if no_name else text


def _headline(tree: HtmlElement, said: _Said, linked: LinkedData, publisher: str, url: str) -> str:
    """The headline, without the name of the site: what is printed and in the title of the page, else
    what is declared for sharing and searching, if linked data then only when something bears it out.

    Titles that are declared are often cut or followed by the name of the site.
    """
    title = _first(line_of(each.text or "") for each in tree.iter("title"))
    sites = _site_names(tree, publisher, url)
    for heading in _headings(tree, "h1"):
        if _folded(heading) == _folded(_without_site(title, sites)) not in sites:
            return heading
    shared = list(filter(None, map(line_of, said.each(*_HEADLINES))))
    headings = _headings(tree, "h1", "h2", "h3")
    declared = linked.headline
    borne_out = _is_borne_out(_folded(declared), map(_folded, [*shared, title, *headings]))
    first = [declared] if linked.is_article and borne_out else []
    for each in filter(None, [*first, *shared, declared if borne_out else "", title]):
        return _printed(each, headings, sites) or _without_site(each, sites)
    return declared or next(iter(headings), "")


def _headings(tree: HtmlElement, *tags: str) -> list[str]:
    """The headings of the page, but for those that are a link home: they are the site's name."""
    found = zip(range(_MOST_HEADINGS), tree.iter(*tags), strict=False)
    lines = (_heading(each) for _, each in found if not _leads_home(each))
    return list(filter(None, lines))


def _heading(element: HtmlElement) -> str:
    return line_of(" ".join(element.itertext())).removesuffix("¶").strip()


def _leads_home(element: HtmlElement) -> bool:
    return any(_HOME.fullmatch(link.get("href") or "-") for link in element.iter("a"))


def _printed(title: str, headings: list[str], sites: set[str]) -> str:
    """The heading that a title repeats beside the name of the site, or has the beginning of.

    Of "The Times | Headline" both may be headings: the site's comes first on the page.
    """
    folded = _folded(title)
    edges = {len(_folded(title[:at])) for cut in _SEPARATOR.finditer(title) for at in cut.span()}
    cut_off = _CUT_OFF.search(title) and _folded(_CUT_OFF.sub("", title))
    printed = ""
    for heading in headings:
        part = _folded(heading)
        start = folded.find(part) if part and part not in sites else -1
        ends = {start, start + len(part)} - {0, len(folded)}
        if start >= 0 and ends <= edges and len(part) >= _LEAST_SHARE * len(folded):
            printed = heading
        elif cut_off and part.startswith(cut_off):
            return heading
    return printed


def _is_borne_out(title: str, others: Iterable[str]) -> bool:
    return any(title in other for other in others)


def _site_names(tree: HtmlElement, publisher: str, url: str) -> set[str]:
    """What the site may call itself, folded."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    found = zip(range(_MOST_HEADINGS), tree.iter("h1", "h2"), strict=False)
    home = (_heading(each) for _, each in found if _leads_home(each))
    return set(map(_folded, (publisher, host, host.partition(".")[0], *home))) - {""}


def _without_site(title: str, sites: set[str]) -> str:
    """'Headline - The Times' -> 'Headline', when that is what the site calls itself."""
    for cut in _SEPARATOR.finditer(title):
        if _folded(title[cut.end() :]) in sites:
            return title[: cut.start()].strip()
        if _folded(title[: cut.start()]) in sites:
            return title[cut.end() :].strip()
    return title


def _folded(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
