"""The small parts of every record: dates in words, signs, and words with their language and direction.

Says how a value reads in the reader's language; never looks anything up.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tracker import dates, filters
from tracker.models import Citation, Quote
from tracker.search import Query, ShownCitation, ShownQuote, marked_parts

__all__ = [
    "DateReading",
    "Link",
    "Sign",
    "Words",
    "address",
    "attribution_sign",
    "check_sign",
    "date_reading",
    "day_reading",
    "direction",
    "in_a_phrase",
    "kind_sign",
    "language_name",
    "recorded_date",
    "same_language",
    "words_of",
]

# The scripts and languages that are written from right to left (ISO 15924; W3C, "Script direction
# and languages").
_RIGHT_TO_LEFT_SCRIPTS = {"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
_RIGHT_TO_LEFT = {
    "ar", "arc", "arz", "ckb", "dv", "fa", "he", "khw", "ks", "ps", "sd", "syr", "ug", "ur", "yi",
}  # fmt: skip

_LONGEST_BIG = 240
_LONGEST_HUGE = 120


@dataclass(frozen=True, slots=True)
class Link:
    """A name, and the page that it leads to; '' when it has none."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date in the reader's words, and its value for `<time datetime>` ('' where HTML has none)."""

    words: str
    html: str = ""
    known: bool = True

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Sign:
    """A glyph, which only decorates, and always its word; `loud` when a reader must not miss it."""

    glyph: str
    word: str
    loud: bool = False
    pairs: bool = False  # the glyph is a pair of quotation marks, which stand higher than letters


@dataclass(frozen=True, slots=True)
class Words:
    """Words on record. Quotation marks are no part of them: the style sheet puts them around `direct` ones."""

    text: str
    language: str  # a BCP 47 tag, "und" when not known
    direction: str  # ltr or rtl
    css: str  # the classes of the quotation: kind, anchor, size
    kind: str = "direct"  # '' for what is no wording of the quote
    asked: Query | None = None  # whose words are marked

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()]

    @property
    def marked_paragraphs(self) -> list[list[tuple[str, bool]]]:
        """Each paragraph in parts, with whether they were asked for."""
        if self.asked is None:
            return [[(line, False)] for line in self.paragraphs]
        return [marked_parts(line, self.asked) for line in self.paragraphs]

    @property
    def big(self) -> str:
        """The classes for the page that is about these words: long ones stay as they are."""
        return f"{self.css} big" if len(self.text) <= _LONGEST_BIG else self.css

    @property
    def huge(self) -> str:
        """The classes for words that stand alone."""
        return f"{self.css} huge" if len(self.text) <= _LONGEST_HUGE else self.big

    @property
    def marked(self) -> str:
        """The words as plain text: in quotation marks only when all of them are the speaker's."""
        text = " ".join(self.paragraphs)
        return f"“{text}”" if self.kind == Quote.Kind.DIRECT else text


@lru_cache(maxsize=4096)
def address(page: str, *args: int | str) -> str:
    """The address of one of our pages: a list has the same few a hundred times."""
    return reverse(page, args=args)


def date_reading(text: str, *, short: bool = False) -> DateReading:
    """An honest date (EDTF text) in the reader's language; “undated” for ''.

    It starts in lower case: capitalise it where it starts a phrase.
    """
    if not text:
        return DateReading(_("undated"), known=False)
    return _date_reading(text, get_language() or "en", short)


@lru_cache(maxsize=4096)
def _date_reading(text: str, language: str, short: bool) -> DateReading:
    known = dates.parse(text)
    return DateReading(dates.reading(known, language, short=short), known.html)


def recorded_date(text: str, *, short: bool = False) -> DateReading:
    """The same for what has a date of its own, an article or an occasion, whether we have it or not."""
    if not text:
        return DateReading(_("date not recorded"), known=False)
    return date_reading(text, short=short)


def day_reading(day: date) -> DateReading:
    """A day that a clock gave us, such as the one on which a record was made."""
    return date_reading(f"{day:%Y-%m-%d}")


def direction(language: str) -> str:
    """`rtl` for a tag whose script, or else whose language, runs from right to left; `ltr` otherwise."""
    base, *rest = language.split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    leftwards = script in _RIGHT_TO_LEFT_SCRIPTS if script else base in _RIGHT_TO_LEFT
    return "rtl" if leftwards else "ltr"


def language_name(tag: str) -> str:
    """“Korean”; '' when the language is not known."""
    return filters.language_name(tag) if tag and tag != "und" else ""


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, whatever the region or script; unknown ones do not."""
    base = one.split("-")[0].lower()
    return base not in ("", "und") and base == other.split("-")[0].lower()


def in_a_phrase(label: object) -> str:
    """A label such as “Web page” as it stands within a sentence."""
    text = str(label)
    return text[:1].lower() + text[1:]


def words_of(
    citation: Citation | ShownCitation, quote: Quote | ShownQuote, asked: Query | None = None
) -> Words:
    """The words as this citation gives them.

    Those that a reader `asked` for are marked. Evidence on who said them is told in the source's own sentence, which is of no kind: the quote's
    kind would put it in quotation marks.
    """
    kind = quote.kind if citation.gives_the_words else ""
    anchor = _anchor(citation, quote)
    css = " ".join(part for part in ("words", kind, "anchor", anchor) if part)
    language = citation.language or "und"
    return Words(citation.text, language, direction(language), css, kind, asked)


def _anchor(citation: Citation | ShownCitation, quote: Quote | ShownQuote) -> str:
    if quote.attribution == Quote.Attribution.MISATTRIBUTED and citation.gives_the_words:
        return "not-theirs"
    if citation.check_result == Citation.Check.ALTERED:
        return "altered"
    found = {Citation.Check.EXACT, Citation.Check.ABRIDGED, Citation.Check.MOVED}
    return "" if citation.check_result in found else "unchecked"


# ---- Signs: the glyphs are those of the style sheet's table ----

_KINDS = {"direct": "“”", "mixed": "“…", "indirect": "…"}
_ATTRIBUTIONS = {"confirmed": "✓", "unverified": "?", "disputed": "!", "misattributed": "✕"}
_LOUD_ATTRIBUTIONS = {Quote.Attribution.DISPUTED, Quote.Attribution.MISATTRIBUTED}
_CHECKS = {
    "exact": "=", "abridged": "⋯", "altered": "≈", "moved": "↷", "missing": "∅", "unchecked": "–",
}  # fmt: skip
_QUIET_CHECKS = {Citation.Check.EXACT, Citation.Check.ABRIDGED}
_NOT_CHECKED_ON_PAPER = gettext_lazy("Not checked: source on paper")


def kind_sign(kind: str) -> Sign:
    """Whether the words stand in quotation marks."""
    return Sign(_KINDS[kind], str(Quote.Kind(kind).label), pairs=kind == Quote.Kind.DIRECT)


def attribution_sign(attribution: str) -> Sign:
    """How sure it is who said them."""
    label = str(Quote.Attribution(attribution).label)
    return Sign(_ATTRIBUTIONS[attribution], label, loud=attribution in _LOUD_ATTRIBUTIONS)


def check_sign(citation: Citation | ShownCitation, quote: Quote | ShownQuote) -> Sign:
    """What was found when the words were compared with a stored copy of their source."""
    check = citation.check_result
    word = str(Citation.Check(check).label)
    theirs = citation.gives_the_words and quote.kind != Quote.Kind.INDIRECT
    if check == Citation.Check.EXACT and not theirs:
        word = _("As printed")
    if check == Citation.Check.UNCHECKED and citation.on_paper:
        word = str(_NOT_CHECKED_ON_PAPER)
    # That nobody has looked is loud where there is a copy to look in; elsewhere it is the usual state.
    unlooked = check == Citation.Check.UNCHECKED and not citation.has_copy
    return Sign(_CHECKS[check], word, loud=check not in _QUIET_CHECKS and not unlooked)
