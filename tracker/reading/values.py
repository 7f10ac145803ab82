"""One value of a page, such as a line, a day, a language or an address, made harmless or left out.

It must not touch Django, the database or the web.
"""

import html
import re
from urllib.parse import urljoin, urlsplit

from tracker import dates
from tracker.sanitizing import can_be_seen, storable_text

__all__ = ["address_of", "day_of", "day_within", "language_of", "line_of", "words_of"]

_LONGEST_LINE = 500  # characters of a headline: what an article's record has room for
_LONGEST_WORDS = 5_000
_LONGEST_ADDRESS = 2_000

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-z][^>]*>", re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile(r"<br[\s/]*>|</(?:p|div|li|h[1-6])\s*>", re.IGNORECASE)
_BLANK = re.compile("[\u200b\u2060\ufeff\u00ad]")  # show nothing, and split words for search
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?:[-_.@].*)?",
    re.IGNORECASE | re.DOTALL,
)
# The names of months, as pages print them in the languages that print a day as "31. Oktober 2023".
# fmt: off
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jänner feber mär apr mai jun jul aug sept okt nov dez",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )
    for number, name in enumerate(names.split(), 1)
}
# fmt: on
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>[12][0-9]{3})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?![0-9])",
        r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:\Z|T)",
        r"(?P<year>[12][0-9]{3})(?:년|年|\.) ?(?P<month>[0-9]{1,2})(?:월|月|\.) ?(?P<day>[0-9]{1,2})",
        rf"(?:[^\W\d_]{{2,12}},? )?(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th|er|º)?(?: de)?[ -]{_MONTH}(?: de)?[ ,-]+(?P<year>[12][0-9]{{3}})",
        rf"(?:[^\W\d_]{{2,12}},? )?{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[12][0-9]{{3}})",
        r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>[0-9]{1,2}) [0-9:]+ (?:[a-z]{3,4} )?(?P<year>[12][0-9]{3})",
    )
)
_MAY_BE_DAY = re.compile(r"(?<![\w.,])[0-9]|(?<!\w)[^\W\d_]{3}")
_MONTH_ALONE = re.compile(r"([12][0-9]{3})-([0-9]{2})\Z")
_MILLISECONDS = 10**11


def line_of(text: str, longest: int = _LONGEST_LINE) -> str:
    """Return `text` as one storable line without tags and entities, cut at a word to `longest` characters."""
    text = _without_tags(text[: longest * 20])
    text = " ".join(storable_text(_BLANK.sub("", text)).split())
    if len(text) > longest:
        text = text[: longest - 1].rpartition(" ")[0] or text[: longest - 1]
        text += "…"
    return text if can_be_seen(text) else ""


def words_of(text: str, longest: int = _LONGEST_WORDS) -> str:
    """Return `text` as storable lines without tags and entities; '' when it has more than `longest` characters."""
    if len(text) > longest * 4:
        return ""
    text = _without_tags(_LINE_END.sub("\n", text))
    lines = (" ".join(line.split()) for line in storable_text(text).split("\n"))
    words = "\n".join(filter(can_be_seen, lines))
    return words if len(words) <= longest else ""


def _without_tags(text: str) -> str:
    # Twice: values of linked data are often escaped once too often, and what is a tag then goes, too.
    for _ in range(2):
        text = html.unescape(_TAG.sub(" ", text) if "<" in text else text)
    return _TAG.sub(" ", text)


def day_of(text: str) -> str:
    """Return the local day that a date or a moment names, as EDTF; a month if no more is told; else ''.

    Not guessed is whether 03/04/2025 is in March.
    """
    text = " ".join(text.split())[:100]
    for pattern in _DAYS:
        if match := pattern.match(text):
            month = str(_MONTHS.get(match["month"].lower(), match["month"]))
            return _checked(f"{match['year']}-{month:0>2}-{match['day']:0>2}")
    month_alone = _MONTH_ALONE.match(text)
    return _checked(text) if month_alone else ""


def day_within(text: str) -> str:
    """Return the first day that is written out somewhere in a short text; else ''."""
    text = " ".join(text.split())[:200]
    for start in _MAY_BE_DAY.finditer(text):
        if day := day_of(text[start.start() :]):
            return day
    return ""


def _checked(day: str) -> str:
    try:
        return dates.parse(day).text
    except dates.DateError:
        return ""


def language_of(text: str) -> str:
    """Return a language tag in canonical case (RFC 5646, 2.1.1), "en_US.UTF-8" as "en-US"; else ''."""
    match = _LANGUAGE.fullmatch(text.strip()[:40])
    if not match:
        return ""
    script, region = match["script"] or "", match["region"] or ""
    parts = (match["language"].lower(), script.title(), region.upper())
    return "-".join(filter(None, parts))


def address_of(text: str, base: str = "") -> str:
    """Return a whole web address (http, https), made whole by `base`; else ''."""
    text = text.strip()
    if not text or len(text) > _LONGEST_ADDRESS or not text.isprintable() or "\\" in text:
        return ""
    try:
        url = urljoin(base, text)
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or " " in url:
        return ""
    return storable_text(url) if len(url) <= _LONGEST_ADDRESS and "<" not in url else ""
