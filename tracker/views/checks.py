"""Did they say it? The page that takes words, and a name, and says what is on record of them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import checking, records, search
from tracker.anchoring import Part
from tracker.checking import Answer, Finding, Match
from tracker.filters import Chosen, speakers_called
from tracker.models import Quote

from .methods import reading_only

__all__ = ["check"]

_MOST_OFFERED = 10  # names
_IN_A_TITLE = 60  # characters of the words
_HUGE, _BIG = 120, 240


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer as a reader meets it."""

    heading: str
    title: str
    sentences: tuple[str, ...]
    problem: str = ""  # why there is no answer
    name_problem: str = ""  # what is to be said of the name
    offers: tuple[tuple[str, str], ...] = ()  # names that may have been meant, by slug
    parts: tuple[Part, ...] = ()
    words: records.Words | None = None  # that the words were compared with
    best: tuple[records.QuoteRow, ...] = ()  # one, if any
    also: tuple[records.QuoteRow, ...] = ()
    less: tuple[records.QuoteRow, ...] = ()

    @property
    def size(self) -> str:
        """The class for the words compared: short ones may be large."""
        length = sum(len(part.words) for part in self.parts)
        return "huge" if length <= _HUGE else "big" if length <= _BIG else ""


@reading_only
def check(request: HttpRequest) -> HttpResponse:
    """The form; and the answer, when words were asked about. An answer has an address, so that it can be linked."""
    words, name = _typed(request, "words"), _typed(request, "speaker")
    context = {
        "words": words,
        "speaker": name,
        "longest": checking.LONGEST,
        "checked": _checked(words, name) if words else None,
        "meanings": _meanings(),
    }
    return render(request, "check.html", context)


def _typed(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()


def _checked(words: str, name: str) -> Checked:
    """The answer, or what kept us from one."""
    if len(words) > checking.LONGEST:
        long = _("At most %(most)d characters can be checked; these are %(count)d.")
        return _not_checked(long % {"most": checking.LONGEST, "count": len(words)})
    if not any(map(str.isalnum, words)):
        return _not_checked(_("There is no word in this that could be looked for."))
    called = speakers_called(name) if name else []
    speakers = [each.key for each in called] if name else None
    try:
        found = checking.check(words, speakers)
    except search.TooSlow:
        return _not_checked(_("This takes too long to find. Ask about more words, or rarer ones."))
    return _answered(words, name, called, found)


def _not_checked(problem: str) -> Checked:
    heading = _("Not checked")
    return Checked(heading, heading, (), problem)


def _answered(words: str, name: str, called: list[Chosen], found: Finding) -> Checked:
    heading, best = _heading(found.answer), found.best
    problem = _("There is no speaker “%(value)s”.") % {"value": name}
    several = _("Several names hold “%(name)s”; this answers for all of them:") % {"name": name}
    rows = {row.id: row for row in records.rows(m.quote for m in _all(found))}
    return Checked(
        heading=heading,
        title=_title(heading, words, best),
        sentences=tuple(_sentences(found, called[0].label if len(called) == 1 else name)),
        name_problem=("" if len(called) == 1 or not name else several if called else problem),
        offers=tuple((each.canonical, each.label) for each in called[:_MOST_OFFERED])
        if len(called) > 1
        else (),
        parts=best.likeness.parts if best and not best.likeness.is_exact else (),
        words=records.words_of(best.citation, best.quote) if best else None,
        best=(rows[best.quote.id],) if best else (),
        also=tuple(rows[match.quote.id] for match in found.also),
        less=tuple(rows[match.quote.id] for match in found.less),
    )


def _all(found: Finding) -> list[Match]:
    return [*([found.best] if found.best else []), *found.also, *found.less]


def _heading(answer: Answer) -> str:
    return {
        Answer.WRONGLY: _("Wrongly attributed"),
        Answer.WORD_FOR_WORD: _("On record, word for word"),
        Answer.IN_OTHER_WORDS: _("On record, in other words"),
        Answer.SOMEONE_ELSE: _("On record, by someone else"),
        Answer.NOT_FOUND: _("Not in our records"),
    }[answer]


def _title(heading: str, words: str, best: Match | None) -> str:
    """“On record, in other words: “infrastructure is fate””; no marks around words that are only reported."""
    text = " ".join(words.split())
    if len(text) > _IN_A_TITLE:
        text = (text[: _IN_A_TITLE + 1].rpartition(" ")[0] or text[:_IN_A_TITLE]) + "…"
    if best is None or best.quote.kind == Quote.Kind.DIRECT:
        text = f"“{text}”"
    return _("%(heading)s: %(words)s") % {"heading": heading, "words": text}


def _sentences(found: Finding, name: str) -> list[str]:
    """What the heading means here."""
    best = found.best
    if best is None:
        return [_("That does not mean that it was not said.")]
    said = {"who": _who(best.quote), "date": records.date_reading(best.quote.said_on).words}
    if found.answer == Answer.WRONGLY:
        whose = _("On record as wrongly attributed to %(who)s.") % said
    elif found.answer == Answer.SOMEONE_ELSE and name:
        whose = _("Not on record as the words of %(name)s, but of %(who)s, %(date)s.") % {
            **said,
            "name": name,
        }
    elif best.quote.kind == Quote.Kind.INDIRECT:
        whose = _("On record as reported of %(who)s, %(date)s, not word for word.") % said
    else:
        whose = _("On record as the words of %(who)s, %(date)s.") % said
    return [whose, *_compared(best)]


def _who(quote: search.ShownQuote) -> str:
    return ", ".join(each.name for each in records.bylines(quote))


def _compared(best: Match) -> list[str]:
    """How the words compare with the wording, and with which one."""
    like = best.likeness
    told = {"count": like.different, "percent": like.similarity}
    if not like.is_exact:
        words = ngettext(
            "%(count)d word is different; %(percent)d percent of the letters are the same.",
            "%(count)d words are different; %(percent)d percent of the letters are the same.",
            like.different,
        )
    elif like.is_part:
        words = _("Every word is the same, in a wording that goes on.")
    else:
        words = _("Every word is the same.")
    other = _("That is another wording than the one shown below; the whole record has them all.")
    return [words % told, *([] if best.leads else [other])]


def _meanings() -> list[tuple[records.Sign, str]]:
    """The answers, in the order in which they are given, and what each says."""
    signs = {
        Answer.WRONGLY: ("✕", _("On record as not theirs. This answer comes before all others.")),
        Answer.WORD_FOR_WORD: ("=", _("A source gives these words, in quotation marks.")),
        Answer.IN_OTHER_WORDS: (
            "~",
            _("Near enough to be the same statement, or reported. The difference is shown."),
        ),
        Answer.SOMEONE_ELSE: ("“”", _("The words are here, under another name.")),
        Answer.NOT_FOUND: ("∅", _("Which does not mean that it was not said.")),
    }
    loud = (Answer.WRONGLY, Answer.NOT_FOUND)
    return [
        (records.Sign(glyph, _heading(answer), answer in loud, glyph == "“”"), meaning)
        for answer, (glyph, meaning) in signs.items()
    ]
