"""Decides what HTML is allowed and what text may be stored as words, in bounded time.

It must not touch Django, the database or the web: strings go in, strings or `UnsafeText` come out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner

__all__ = [
    "Caps",
    "UnsafeText",
    "can_be_seen",
    "clean_html",
    "clean_page",
    "has_tags",
    "plain_line",
    "plain_words",
    "refuse_bombs",
    "slug_from",
    "storable_text",
]

_LONGEST = 20_000  # characters, of HTML and of words alike
_MOST_PASSES = 4
_MOST_MARKS = 30  # combining marks in a row: Unicode UAX #15, Stream-Safe Text Format
_DEEPEST_BIDI = 125  # Unicode UAX #9, BD2: deeper levels are ignored by every implementation

_BLOCKS = frozenset({"p", "br", "ul", "ol", "li", "blockquote"})
_TAGS = _BLOCKS | {"a", "em", "strong", "b", "i", "q", "cite", "code"}
_ATTRIBUTES = {"a": {"href", "title"}}
_SCHEMES = frozenset({"http", "https", "mailto"})
# The desk's own pages: headings and tables too.
_LONGEST_PAGE = 40_000
_PAGE_TAGS = _TAGS | {"h2", "h3", "h4", "hr", "dl", "dt", "dd", "pre", "abbr"}
_PAGE_TAGS |= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_PAGE_ATTRIBUTES = frozenset({"href", "title", "lang", "dir", "id", "scope"})
_REL = "noopener nofollow"

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_FORBIDDEN = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|(?P<surrogate>[\ud800-\udfff])|[{_NONCHARACTERS}]"
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BIDI_CLOSER = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\ufeff"
# Not invisible by category, and yet they show nothing: the Hangul fillers, the grapheme joiner,
# the empty Braille pattern and what selects the shape of the character before it.
_BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | set(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))

_TAG_OPENING = re.compile(r"<(?:!--|/?[a-z])", re.IGNORECASE)
_SCRIPT = re.compile(
    r"<(script|style)(?=[\s/>]).*?(?:</\1(?=[\s/>])[^>]*>?|\Z)", re.IGNORECASE | re.DOTALL
)
# The tokens of WHATWG HTML 13.2.5, as far as counting needs them. Possessive and without nested
# choices, so that a scan is linear; what is left open runs to the end, as it does in a browser.
_ATTRIBUTE = re.compile(
    r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
)
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<code>script|style)(?=[\s/>]).*?(?:</(?P=code)(?=[\s/>])|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/>]*+)"
    rf"(?P<attributes>(?:[\s/]++|{_ATTRIBUTE.pattern})*+)"
    r"|<[!?/][^>]*+",
    re.IGNORECASE | re.DOTALL,
)
# What begins in no other way cannot be taken for another scheme or another site.
_HREF = re.compile(r"https?://|mailto:|[#?]|/(?![\s/\\])", re.IGNORECASE)
# Only what is written as a web address becomes a link. The host is ASCII, so that a Korean
# particle after it stays outside.
_WEB_ADDRESS = re.compile(
    r"\bhttps?://[a-z0-9][a-z0-9.-]*+(?::[0-9]++)?"
    r"(?:[/?#][^\s<>\"'`“”‘’«»]*)?(?<![;:!?])",
    re.IGNORECASE,
)

# Never contain anything (WHATWG HTML 13.1.2), or are closed by the next of their kind (13.1.2.4).
_VOID = frozenset(
    re.findall(r"\w+", "area base br col embed frame hr img input link meta param source track wbr")
)
_CLOSED_BY_NEXT = frozenset(
    re.findall(
        r"\w+",
        "html head body p li dt dd tr td th thead tbody tfoot colgroup option optgroup rt rp",
    )
)
_FOREIGN = frozenset({"svg", "math"})  # only within these does "/>" close a tag (13.1.2.1)


@dataclass(frozen=True, slots=True)
class Caps:
    """What HTML may have before a parser sees it: tags, levels of open tags, attributes of one tag.

    `nesting` are the tags that count as levels; None: all that can be left open.
    """

    tags: int
    depth: int
    attributes: int
    nesting: frozenset[str] | None = None


# br never contains anything; a p or li left open is closed by the next one.
_NOTE = Caps(tags=1_000, depth=16, attributes=16, nesting=_TAGS - {"br", "p", "li"})


class UnsafeText(ValueError):
    """Text that may not be stored; the message tells an editor what is wrong with it."""


def clean_html(html: str) -> str:
    """Return `html` reduced to the allowed tags, with links that pass on no credit.

    Kept: p br em strong b i ul ol li blockquote q cite code, and a with title and href (http,
    https, mailto, or within this site from "/", "?" or "#"). Web addresses in the text become links, except in code. Controls,
    unpaired surrogates and non-characters are dropped, and so are bidirectional controls that are
    not balanced. The result is a fixed point: cleaning it again gives the same.

    Raises `UnsafeText` when a cap of length, tags, depth or attributes is passed, before any
    parser sees the text.
    """
    for _ in range(_MOST_PASSES):
        cleaned = _clean_once(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    raise UnsafeText("The formatting cannot be made safe. Paste the text without formatting.")


def clean_page(html: str) -> str:
    """Return the HTML of a page that the desk writes itself: text with headings, lists, tables and links.

    Nothing is dropped silently: raises `UnsafeText`, naming it, for the first tag, attribute, link
    or comment that cannot stand there, and for the caps of `clean_html` (40,000 characters here).
    What two parsers read differently, the second one, which reads as browsers do, takes out.
    """
    if len(html) > _LONGEST_PAGE:
        raise UnsafeText(f"A page has at most {_LONGEST_PAGE:,} characters.")
    html = _FORBIDDEN.sub("", re.sub("\r\n?", "\n", html))
    refuse_bombs(html, _NOTE)
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    html = nh3.clean(
        html,
        tags=set(_PAGE_TAGS),
        attributes={tag: set(_PAGE_ATTRIBUTES) for tag in _PAGE_TAGS},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
    return _FORBIDDEN.sub("", html)  # what stood there as an entity


def plain_words(text: str) -> str:
    """Return `text` as the words of a citation: NFC, newlines as ``\\n``, stripped at both ends.

    Everything else stays as printed, curly quotes included. Raises `UnsafeText` for text that is
    empty, too long or holds HTML, a control character, an unpaired surrogate, a non-character,
    bidirectional controls that are not balanced (Unicode UAX #9; "Trojan Source", CVE-2021-42574)
    or more than 30 combining marks in a row (UAX #15).
    """
    _refuse_length(text)
    if not text.isprintable():
        text = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    text = _safe_characters(text).strip(_EDGES)
    if not can_be_seen(text):
        raise UnsafeText("There are no words here. Paste the words as printed.")
    if has_tags(text):
        raise UnsafeText("This contains HTML. Paste the words only, without tags.")
    return text


def plain_line(text: str) -> str:
    """Return `text` as one line, such as a name or a headline: NFC, white space runs as one space.

    May be empty. What looks like HTML stays as text, since pages escape it. Raises `UnsafeText`
    for the same characters as `plain_words`, and for text of which nothing would be seen.
    """
    _refuse_length(text)
    if not text.isprintable():
        text = re.sub("[\t\r\n\u2028\u2029]+", " ", text)
    line = " ".join(_safe_characters(text).split())
    if line and not can_be_seen(line):
        raise UnsafeText("Only invisible characters are here. Type the text, or leave it empty.")
    return line


def has_tags(text: str) -> bool:
    """Whether a tag or a comment of HTML stands in `text`."""
    opening = _TAG_OPENING.search(text)
    # A tag runs to the next ">" whatever is between, so looking behind the first opening is enough.
    return bool(opening and (opening.group() == "<!--" or ">" in text[opening.end() :]))


def can_be_seen(text: str) -> bool:
    """Whether a single character of `text` shows something: not only spaces, fillers and controls."""
    return any(map(_shows, text))


def storable_text(text: str) -> str:
    """Return what may be stored of a text that nobody here typed, such as a page's.

    What `plain_words` refuses is dropped: forbidden characters, bidirectional controls of a line in
    which they are not balanced, accents beyond 30 on one letter. In NFC, newlines as ``\\n``.
    HTML, length and white space are left as they are.
    """
    text = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text)
        if _BIDI.search(text):
            text = "\n".join(
                line if _is_bidi_balanced(line) else _BIDI.sub("", line)
                for line in text.split("\n")
            )
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _with_short_mark_runs(text))
    return _with_short_mark_runs(text)  # composing may bring two runs together


def _clean_once(html: str) -> str:
    _refuse_length(html)
    html = _FORBIDDEN.sub("", re.sub("\r\n?", "\n", html))
    # The parsers would keep the code as words; what a script says is nobody's words.
    html = _without_stray_bidi(_SCRIPT.sub("", html))
    refuse_bombs(html, _NOTE)
    # It keeps its parser's state, so sharing one between threads is not safe.
    cleaner = Cleaner(
        tags=_TAGS,
        attributes={"a": _may_stay},
        protocols=_SCHEMES,
        strip=True,
        strip_comments=True,
        filters=[partial(_Links, callbacks=[_mark_link], skip_tags={"code"}, url_re=_WEB_ADDRESS)],
    )
    html = cleaner.clean(html)
    _refuse_length(html)  # a parser repeats open tags in each paragraph
    html = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        link_rel=_REL,
        strip_comments=True,
    )
    _refuse_length(html)
    return html.strip()


def _may_stay(tag: str, name: str, value: str) -> bool:
    return name == "title" or (name == "href" and bool(_HREF.match(value)))


class _PageReader(HTMLParser):
    """Stops at the first thing that cannot stand in a page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PAGE_TAGS:
            raise UnsafeText(f"The tag <{tag}> cannot stand in a page.")
        for name, value in attrs:
            if name not in _PAGE_ATTRIBUTES:
                raise UnsafeText(f"The attribute “{name}” cannot stand in a page.")
            if name == "href" and not _HREF.match(value or ""):
                raise UnsafeText(f"The link “{value}” does not begin with https:// or /.")

    def handle_comment(self, data: str) -> None:
        raise UnsafeText("A comment or declaration cannot stand in a page.")

    handle_decl = handle_pi = unknown_decl = handle_comment  # type: ignore[assignment]


class _Links(LinkifyFilter):
    """bleach's linkify inside its cleaner, which has told entities from text already.

    Told apart once more, "&amp;lt;" would become "&lt;"; and bleach's Linker, the other way to
    have links, escapes once more what is escaped in code.
    """

    def extract_entities(self, token: dict[str, object]) -> Iterator[dict[str, object]]:
        yield token


_LinkAttributes = MutableMapping[tuple[str | None, str] | str, str]


def _mark_link(attributes: _LinkAttributes, new: bool = False) -> _LinkAttributes:
    attributes[(None, "rel")] = _REL
    return attributes


def _refuse_length(text: str) -> None:
    if len(text) > _LONGEST:
        raise UnsafeText(f"The text is too long: at most {_LONGEST:,} characters fit.")


def refuse_bombs(html: str, caps: Caps) -> None:
    """Count tags, their depth and their attributes in one linear scan, as a browser splits them.

    Raises `UnsafeText` when a cap is passed. A closing tag counts only when its own name is open:
    otherwise ``<b></i>`` repeated would hide the depth. What scripts and style sheets hold is no tag.
    """
    tags = depth = foreign = 0
    still_open: Counter[str] = Counter()
    for token in _TOKEN.finditer(html):
        name = (token["name"] or "").lower()
        if token["close"]:
            if still_open[name]:
                still_open[name] -= 1
                depth -= 1
                foreign -= name in _FOREIGN
            continue
        tags += bool(name)
        if tags > caps.tags:
            raise UnsafeText(f"There are too many tags: at most {caps.tags:,} are allowed.")
        attributes = token["attributes"] or ""
        if sum(1 for _ in _ATTRIBUTE.finditer(attributes)) > caps.attributes:
            raise UnsafeText(
                f"A tag has too many attributes: at most {caps.attributes:,} are allowed."
            )
        if not _nests(name, caps) or (foreign and attributes.endswith("/")):
            continue
        still_open[name] += 1
        depth += 1
        foreign += name in _FOREIGN
        if depth > caps.depth:
            raise UnsafeText(
                f"The tags are nested too deeply: at most {caps.depth:,} levels are allowed."
            )


def _nests(name: str, caps: Caps) -> bool:
    if caps.nesting is not None:
        return name in caps.nesting
    return bool(name) and name not in _VOID and name not in _CLOSED_BY_NEXT


def _without_stray_bidi(html: str) -> str:
    # A run of text between two tags must be balanced by itself: it may end a block.
    if all(map(_is_bidi_balanced, re.split("[<>\n]", html))):
        return html
    return _BIDI.sub("", html)


def _is_bidi_balanced(paragraph: str) -> bool:
    closers: list[str] = []
    for match in _BIDI.finditer(paragraph):
        control = match.group()
        if control in _BIDI_CLOSER:
            closers.append(_BIDI_CLOSER[control])
            if len(closers) > _DEEPEST_BIDI:
                return False
        elif not closers or closers.pop() != control:
            return False
    return not closers


def _safe_characters(text: str) -> str:
    """Return `text` in NFC, or raise `UnsafeText` for a character that may not be stored."""
    if not text.isprintable():  # what is has no character of the categories that are refused
        _refuse_unprintable(text)
    if text.isascii():
        return text
    _refuse_mark_runs(text)  # before normalising, whose time is quadratic in such a run
    text = unicodedata.normalize("NFC", text)
    _refuse_mark_runs(text)
    return text


def _refuse_unprintable(text: str) -> None:
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        what = "half a character" if forbidden["surrogate"] else "a control character"
        raise UnsafeText(
            f"There is {what} that cannot be stored (U+{ord(forbidden.group()):04X}, at place "
            f"{forbidden.start() + 1}). Remove it, or paste the text again as plain text."
        )
    if not all(map(_is_bidi_balanced, text.split("\n"))):
        raise UnsafeText(
            "There are invisible controls of the writing direction that are not closed. "
            "Paste the text again as plain text."
        )


def _refuse_mark_runs(text: str) -> None:
    if not any(map(unicodedata.combining, text)):
        return
    if max(_mark_runs(text), default=0) > _MOST_MARKS:
        raise UnsafeText(f"A letter has more than {_MOST_MARKS} accents. Remove some of them.")


def _with_short_mark_runs(text: str) -> str:
    if max(_mark_runs(text), default=0) <= _MOST_MARKS:
        return text
    return "".join(
        character
        for character, run in zip(text, _mark_runs(text), strict=True)
        if run <= _MOST_MARKS
    )


def _mark_runs(text: str) -> Iterator[int]:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        yield run


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in {"Cf", "Zs", "Zl", "Zp", "Cc"} and (
        character not in _BLANK_LETTERS
    )


class _SlugLetters(dict[int, str]):
    """What each character becomes in a slug, looked up once: `str.translate` is ten times as fast as a loop."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = character if unicodedata.category(character)[0] in "LMN" else "-"
        if len(self) < _MOST_SLUG_LETTERS:
            self[code] = kept
        return kept


_MOST_SLUG_LETTERS = 20_000
_SLUG_LETTERS = _SlugLetters()


def slug_from(text: str, *, longest: int = 80) -> str:
    """'Franklin D. Roosevelt' -> 'franklin-d-roosevelt', '김민준' -> '김민준'; '' when no letter or digit is left.

    Letters, marks and digits of every script stay (NFC, case folded), all else becomes one hyphen; cut at a word.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    kept = folded.replace("’", "").replace("'", "").translate(_SLUG_LETTERS)
    slug = re.sub(r"-+", "-", kept).strip("-")
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]
