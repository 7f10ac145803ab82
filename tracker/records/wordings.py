"""The different wordings of one quote, grouped by language, with captions that say where each is from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.anchoring import wording_key
from tracker.models import Citation, Quote

from .readings import Words, language_name, same_language, words_of
from .sources import OWN_WORDS, given, is_printed, name_apart, source_name

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
        alike.setdefault((citation.language, wording_key(citation.text)), []).append(citation)
    captions = _Captions(quote, citations, list(alike.values()))
    by_language: dict[str, list[Wording]] = {}
    for (language, _key), group in alike.items():
        wording = Wording(words_of(group[0], quote), captions.of(group))
        by_language.setdefault(language, []).append(wording)
    return tuple(
        Wordings(language_name(language), tuple(found)) for language, found in by_language.items()
    )


def _originals(quote: Quote, citations: Iterable[Citation]) -> set[int]:
    """The ids of the citations whose words may be called the original.

    They are in the language that was spoken, and from a recording or a text of the speaker's own;
    or else a report that is no copy of another, while none has it in other words.
    """
    if quote.attribution == Quote.Attribution.MISATTRIBUTED:
        return set()
    own = [each for each in citations if _is_in_their_language(quote, each)]
    agree = len({wording_key(each.text) for each in own}) == 1
    return {each.pk for each in own if each.basis in OWN_WORDS or (agree and _reports(each))}


def _reports(citation: Citation) -> bool:
    return citation.basis != Citation.Basis.RE_REPORT and citation.article.original_id is None


def _is_in_their_language(quote: Quote, citation: Citation) -> bool:
    """Known to be in the language that was spoken, and no translation back into it."""
    return not citation.translated_by and same_language(citation.language, quote.spoken_language)


def _own_words_are_lost(quote: Quote, citations: Iterable[Citation]) -> bool:
    """Whether every wording here is a translation, as far as is known, of words that they said."""
    if quote.attribution == Quote.Attribution.MISATTRIBUTED:
        return False
    if quote.spoken_language:
        return not any(_is_in_their_language(quote, each) for each in citations)
    return all(each.translated_by for each in citations)


class _Captions:
    """Says of each wording of one quote where it is from; knows the others."""

    def __init__(
        self, quote: Quote, citations: Sequence[Citation], groups: Sequence[Sequence[Citation]]
    ) -> None:
        self._quote = quote
        self._several = len(groups) > 1
        self._originals = _originals(quote, citations)
        self._lost = _own_words_are_lost(quote, citations)
        named = {_shown(group).article_id: source_name(_shown(group).article) for group in groups}
        self._names = Counter(named.values())

    def of(self, group: Sequence[Citation]) -> str:
        """“In Korean, as News1 printed it: original; the wording that leads”."""
        leads = self._several and group[0].pk == self._quote.lead_id
        notes = [
            _("original") if any(each.pk in self._originals for each in group) else "",
            _("the wording that leads") if leads else "",
            _translator(self._quote, group[0]),
            _("the speaker’s own words are not on record") if self._lost else "",
        ]
        base, notes = self._given_by(group), [note for note in notes if note]
        if not notes:
            return base
        return _("%(caption)s: %(notes)s") % {"caption": base, "notes": "; ".join(notes)}

    def _given_by(self, group: Sequence[Citation]) -> str:
        language = language_name(group[0].language)
        shown = _shown(group)
        others = len({each.article_id for each in group} - {shown.article_id})
        given_by = _given_by_several(group, self._name(shown), others)
        if not others:
            given_by = given(shown, self._name(shown))
        if not language:
            return given_by[:1].upper() + given_by[1:]
        return _("In %(language)s, %(printed)s") % {"language": language, "printed": given_by}

    def _name(self, citation: Citation) -> str:
        name = source_name(citation.article)
        return name_apart(citation.article) if self._names[name] > 1 else name


def _shown(group: Sequence[Citation]) -> Citation:
    """The citation that the caption of a wording names: one that is not private, if there is any."""
    return min(group, key=lambda each: each.article.is_private)


def _given_by_several(group: Sequence[Citation], source: str, others: int) -> str:
    if all(is_printed(each) for each in group):
        phrase = ngettext(
            "as %(source)s and %(count)d other source printed it",
            "as %(source)s and %(count)d other sources printed it",
            others,
        )
    else:
        phrase = ngettext(
            "as %(source)s and %(count)d other source give it",
            "as %(source)s and %(count)d other sources give it",
            others,
        )
    return phrase % {"source": source, "count": others}


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
