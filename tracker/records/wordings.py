"""The different wordings of one quote, grouped by language, with captions that say where each is from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.anchoring import fold
from tracker.models import Citation, Quote

from .readings import Words, language_name, same_language, words_of
from .sources import re_reporting, source_name

__all__ = ["Wording", "Wordings", "wordings_by_language"]


@dataclass(frozen=True, slots=True)
class Wording:
    """Words as some sources give them, and what is to be said of those."""

    words: Words
    caption: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings in one language, the leading one first."""

    language: str  # its name; '' when not known
    wordings: tuple[Wording, ...]


def wordings_by_language(quote: Quote, citations: Sequence[Citation]) -> tuple[Wordings, ...]:
    """From the citations that print the words, the leading one first; its language comes first too."""
    alike: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations:
        alike.setdefault((citation.language, fold(citation.text)), []).append(citation)
    by_language: dict[str, list[Wording]] = {}
    lost = _own_words_are_lost(quote, citations)
    for (language, _folded), group in alike.items():
        leads = group[0].pk == quote.lead_id and len(alike) > 1
        wording = Wording(words_of(group[0], quote), _caption(quote, group, leads=leads, lost=lost))
        by_language.setdefault(language, []).append(wording)
    return tuple(
        Wordings(language_name(language), tuple(found)) for language, found in by_language.items()
    )


def _is_original(quote: Quote, citation: Citation) -> bool:
    """Known to be in the language that was spoken, and no translation back into it."""
    return not citation.translated_by and same_language(citation.language, quote.spoken_language)


def _own_words_are_lost(quote: Quote, citations: Iterable[Citation]) -> bool:
    """Whether every wording here is a translation, as far as is known."""
    if quote.spoken_language:
        return not any(_is_original(quote, each) for each in citations)
    return all(each.translated_by for each in citations)


def _caption(quote: Quote, group: Sequence[Citation], *, leads: bool, lost: bool) -> str:
    """“In Korean, as News1 printed it: original; the wording that leads”."""
    first = group[0]
    notes = [
        _("original") if _is_original(quote, first) else "",
        _("the wording that leads") if leads else "",
        _translator(quote, first),
        _("the speaker’s own words are not on record") if lost else "",
    ]
    base, notes = _printed_by(group), [note for note in notes if note]
    if not notes:
        return base
    return _("%(caption)s: %(notes)s") % {"caption": base, "notes": "; ".join(notes)}


def _printed_by(group: Sequence[Citation]) -> str:
    language = language_name(group[0].language)
    article = min(group, key=lambda each: each.article.is_private).article
    others = len({each.article_id for each in group} - {article.pk})
    if others:
        printed = ngettext(
            "as %(source)s and %(count)d other source printed it",
            "as %(source)s and %(count)d other sources printed it",
            others,
        ) % {"source": source_name(article), "count": others}
    else:
        printed = re_reporting(article)
    if not language:
        return printed[:1].upper() + printed[1:]
    return _("In %(language)s, %(printed)s") % {"language": language, "printed": printed}


def _translator(quote: Quote, citation: Citation) -> str:
    """Who translated these words, or that nobody is named; of a private source it is not said."""
    if citation.article.is_private:
        return ""
    name = citation.translated_by
    known = {
        "": "",
        Citation.NOT_NAMED: _("translator not named"),
        Citation.THE_OUTLET: _("translated by the outlet"),
        Citation.MACHINE: _("translated by machine"),
    }
    foreign = quote.spoken_language and citation.language
    if not name and foreign and not same_language(citation.language, quote.spoken_language):
        return _("translator not recorded")
    return known[name] if name in known else _("translated by %(name)s") % {"name": name}
