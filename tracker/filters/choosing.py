"""The values that a filter can have, found by what stands in the address: records, languages, places, fixed choices."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracker import search
from tracker.models import Occasion, Publisher, Speaker, Topic, Verdict
from tracker.models.addressed import AddressedQuerySet
from tracker.models.fields import canonical_language

from .languages import language_name

__all__ = [
    "LONGEST",
    "MOST_VALUES",
    "Chosen",
    "ValuesField",
    "choices",
    "listed_values",
    "looked_up",
    "records",
    "speakers",
    "speakers_called",
]

_MOST_OFFERS = 10  # names, where several could be meant
_MOST_NEAR = 5  # names, where nobody is called what was typed
_MOST_NAMED = 50  # speakers of a name who are looked at
LONGEST = 500  # characters of one value; nobody types more
MOST_VALUES = 20  # of one filter


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value in use."""

    value: str  # as it stands in the address
    label: str  # its name for the reader
    key: Any  # what the question asks by
    canonical: str = ""  # as our own addresses write it: the slug of today, a tag in canonical case


# From values as they were typed, and what is known of them beforehand, to what is chosen.
_Choose = Callable[[list[str], Mapping[str, Chosen]], Sequence[Chosen]]


class ValuesField(forms.Field):
    """Every value given for one filter; empty ones are dropped. Cleans to a tuple of Chosen."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, choose: _Choose, **kwargs: Any) -> None:
        self._choose = choose
        self.known: Mapping[str, Chosen] = {}  # looked up beforehand, for all filters at once
        super().__init__(required=False)

    def clean(self, value: Any) -> tuple[Chosen, ...]:
        texts = _texts(value or [])
        if not all(map(_is_text, texts)):
            raise ValidationError(_("This is too long, or no text."))
        if len(texts) > MOST_VALUES:
            raise ValidationError(_("Choose at most %(most)d values.") % {"most": MOST_VALUES})
        return tuple(self._choose(texts, self.known))


def _texts(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in values if text.strip()))


def _is_text(text: str) -> bool:
    return len(text) <= LONGEST and "\0" not in text


def _unknown(message: Any, texts: list[str]) -> ValidationError:
    return ValidationError([ValidationError(message % {"value": text}) for text in texts])


# Filters by slug, and whose.
_SLUGS_OF: dict[str, AddressedQuerySet] = {
    "speaker": Speaker.objects.all(),
    "organisation": Speaker.objects.filter(kind=Speaker.Kind.ORGANISATION),
    "publisher": Publisher.objects.all(),
    "topic": Topic.objects.all(),
    "occasion": Occasion.objects.all(),
    "claimant": Speaker.objects.all(),
    "verdict": Verdict.objects.all(),
    "reviewer": Publisher.objects.all(),
}


def looked_up(data: QueryDict, shelf: search.Shelf) -> dict[str, dict[str, Chosen]]:
    """For each filter the values that are slugs of today, languages or places, if a quote, or claim, has them; in
    one statement."""
    plain: dict[str, dict[str, Chosen]] = {"language": {}, "place": {}}
    for text in _given(data, "language") if "language" in shelf.fields else ():
        with suppress(ValueError):
            tag = canonical_language(text)
            plain["language"][text] = Chosen(text, language_name(tag), tag, tag)
    for text in _given(data, "place") if "place" in shelf.fields else ():
        plain["place"][text] = Chosen(text, text, text, text)
    slugs = {name: _given(data, name) for name in _SLUGS_OF if name in shelf.fields}
    at_slugs, known = search.looked_up(slugs, _values(plain), shelf)
    found = _kept(plain, known)
    for facet, pk, slug, name in at_slugs:
        found.setdefault(facet, {})[slug] = Chosen(slug, name, pk, slug)
    return found


def _given(data: QueryDict, name: str) -> list[str]:
    return list(filter(_is_text, _texts(data.getlist(name))))[:MOST_VALUES]


def _on(shelf: search.Shelf, found: dict[str, dict[str, Chosen]]) -> dict[str, dict[str, Chosen]]:
    """Those that a quote, or claim, in the index has."""
    return _kept(found, search.known(_values(found), shelf))


def _values(found: dict[str, dict[str, Chosen]]) -> list[tuple[str, Any]]:
    return [(name, each.key) for name, some in found.items() for each in some.values()]


def _kept(
    found: dict[str, dict[str, Chosen]], known: Mapping[tuple[str, Any], str]
) -> dict[str, dict[str, Chosen]]:
    """Those that are known; a place by the name that it has there."""
    kept: dict[str, dict[str, Chosen]] = {}
    for name, some in found.items():
        for text, each in some.items():
            if (here := known.get((name, each.key))) is not None:
                renamed = Chosen(text, here, here, here) if here and name == "place" else each
                kept.setdefault(name, {})[text] = renamed
    return kept


def _older(
    shelf: search.Shelf, name: str, texts: list[str], known: Mapping[str, Chosen]
) -> dict[str, Chosen]:
    """What is chosen by those texts that are old slugs, or slugs of today in another case or form."""
    others = [text for text in texts if text not in known]
    found = _SLUGS_OF[name].all().at_slugs(others) if others else {}
    chosen = {text: Chosen(text, str(each), each.pk, each.slug) for text, each in found.items()}
    if name in shelf.all_known or not chosen:
        return chosen
    return _on(shelf, {name: chosen}).get(name, {})


def records(
    name: str,
    unknown: Any,
    shelf: search.Shelf = search.QUOTES,
    beside: Mapping[str, Any] | None = None,
) -> _Choose:
    """Choose records by their slug, old or new; and values `beside` them that stand for no record, with their labels."""

    def choose(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
        own = {text: Chosen(text, str(label), text, text) for text, label in (beside or {}).items()}
        known = {**known, **own}
        found = {**known, **_older(shelf, name, texts, known)}
        if missing := [text for text in texts if text not in found]:
            raise _unknown(unknown, missing)
        return [found[text] for text in texts]

    return choose


def speakers(name: str, unknown: Any, nearly: Any, shelf: search.Shelf = search.QUOTES) -> _Choose:
    """Choose speakers by slug, or by a name or alias; several of one name are offered.

    So are those who are called nearly like the last one whom nobody knows: the one just typed.
    """

    def choose(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
        by_slug = {**known, **_older(shelf, name, texts, known)}
        by_name = _named(shelf, name, [text for text in texts if text not in by_slug])
        nobody = next((text for text in reversed(texts) if not by_name.get(text, True)), "")
        ids = search.speakers_nearly_named(nobody, most=_MOST_NEAR) if nobody else []
        near = _with_names(shelf, name, ids)
        chosen, problems = [], []
        for text in texts:
            if text in by_slug or by_name[text]:
                try:
                    chosen.append(by_slug.get(text) or _only_one(text, by_name[text]))
                except ValidationError as problem:
                    problems.append(problem)
            elif text == nobody and near:
                params = {"name": text, "offers": near}
                problems.append(ValidationError(nearly, code="nearly", params=params))
            else:
                problems.append(ValidationError(unknown % {"value": text}))
        if problems:
            raise ValidationError(problems)
        return chosen

    return choose


def _named(shelf: search.Shelf, name: str, texts: list[str]) -> dict[str, list[Chosen]]:
    """For each text the speakers with quotes, or claims, in whose names its words stand."""
    ids = {text: search.speakers_named(text)[:_MOST_NAMED] for text in texts}
    every = {pk for some in ids.values() for pk in some}
    kept = {each.key: each for each in _with_names(shelf, name, every)}
    return {text: [kept[pk] for pk in ids[text] if pk in kept] for text in texts}


def _so_called(text: str, offers: list[Chosen]) -> list[Chosen]:
    """Those who are called exactly that, or else all of them."""
    folded = Speaker.as_compared(text)
    return [each for each in offers if Speaker.as_compared(each.label) == folded] or offers


def _with_names(shelf: search.Shelf, name: str, ids: Collection[int]) -> list[Chosen]:
    """Those of these speakers who have quotes, or claims, in this order."""
    found = Speaker.objects.in_bulk(ids)
    some = {
        str(pk): Chosen(found[pk].slug, found[pk].name, pk, found[pk].slug)
        for pk in ids
        if pk in found
    }
    return list(_on(shelf, {name: some}).get(name, {}).values())


def _only_one(text: str, offers: list[Chosen]) -> Chosen:
    """The one who is called that, or else the only one. Raises ValidationError with the others as offers."""
    offers = _so_called(text, offers)
    if len(offers) == 1:
        return replace(offers[0], value=text)
    message = _("Several names hold “%(name)s”. Choose one:")
    if len(offers) > _MOST_OFFERS:
        message = _("Many names hold “%(name)s”. Choose one, or type more of the name:")
    params = {"name": text, "offers": offers[:_MOST_OFFERS]}
    raise ValidationError(message, code="several", params=params)


def speakers_called(text: str) -> list[Chosen]:
    """Those with a page who may be meant by a slug, a name or an alias; more than one where several are called that.

    Three queries at most.
    """
    text = text.strip()
    if not text or not _is_text(text):
        return []
    known = Speaker.objects.known_to_readers()
    found = list(known.now_or_once_at(text))
    if not found:
        ids = search.speakers_named(text)[:_MOST_NAMED]
        by_id = known.in_bulk(ids)
        found = [by_id[pk] for pk in ids if pk in by_id]
    chosen = [Chosen(each.slug, each.name, each.pk, each.slug) for each in found]
    return _so_called(text, chosen)


def listed_values(unknown: Any) -> _Choose:
    """Choose among what was looked up beforehand."""

    def choose(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
        if missing := [text for text in texts if text not in known]:
            raise _unknown(unknown, missing)
        return [known[text] for text in texts]

    return choose


def choices(values: Any, unknown: Any) -> _Choose:
    """Choose among fixed values."""

    def choose(texts: list[str], _at: Mapping[str, Chosen]) -> list[Chosen]:
        if missing := [text for text in texts if text not in values.values]:
            raise _unknown(unknown, missing)
        return [Chosen(text, str(values(text).label), text, text) for text in texts]

    return choose
