"""What a reader can ask of a list: the query string, cleaned into a Question.

An unknown value, alone or among known ones, is an error beside its filter, and the list is empty then.
Nothing here runs the question; see `search.answer`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Case, F, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from tracker import dates, search
from tracker.models import Occasion, Publisher, Quote, Speaker, Topic
from tracker.models.addressed import AddressedQuerySet
from tracker.models.fields import canonical_language

__all__ = [
    "MOST_VALUES",
    "Chosen",
    "QuoteFilterSet",
    "SpeakerFilterSet",
    "language_name",
    "speakers_called",
]

_MOST_OFFERS = 10  # names, where several could be meant
_MOST_NEAR = 5  # names, where nobody is called what was typed
_MOST_NAMED = 50  # speakers of a name who are looked at
_LONGEST = 500  # characters of one value; nobody types more
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


class _ValuesField(forms.Field):
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
    return len(text) <= _LONGEST and "\0" not in text


class _OneField(forms.CharField):
    """A single value that is parsed; cleans to a Chosen, or None when it is empty."""

    def __init__(self, *, parse: Callable[[str], Chosen], **kwargs: Any) -> None:
        self._parse = parse
        too_long = _(
            "At most %(limit_value)d characters can be asked for; these are %(show_value)d."
        )
        super().__init__(required=False, validators=[MaxLengthValidator(_LONGEST, too_long)])

    def clean(self, value: Any) -> Chosen | None:
        text = super().clean(value)
        return self._parse(text) if text else None


class _Asks(django_filters.Filter):
    """A filter that takes part in the question only; the queryset is never touched."""

    def __init__(self, field_class: type[forms.Field], **kwargs: Any) -> None:
        self.field_class = field_class
        super().__init__(**kwargs)

    def __deepcopy__(self, _memo: Any) -> "_Asks":
        """Every request has copies of all filters; what they are made of never changes."""
        return copy(self)


def _unknown(message: Any, texts: list[str]) -> ValidationError:
    return ValidationError([ValidationError(message % {"value": text}) for text in texts])


# Filters by slug: whose, and what these are called.
_SLUGS_OF: dict[str, tuple[AddressedQuerySet, Any]] = {
    "speaker": (Speaker.objects.all(), F("name")),
    "organisation": (Speaker.objects.filter(kind=Speaker.Kind.ORGANISATION), F("name")),
    "publisher": (Publisher.objects.all(), F("name")),
    "topic": (Topic.objects.all(), F("name")),
    "occasion": (Occasion.objects.all(), Case(When(name="", then="place"), default="name")),
}


def _looked_up(data: QueryDict) -> dict[str, dict[str, Chosen]]:
    """For each filter the values that are slugs of today, languages or places, if a quote has them.

    All of them in two statements: which records there are, and which of them published quotes have.
    """
    found: dict[str, dict[str, Chosen]] = {}
    parts = []
    for name, (records, label) in _SLUGS_OF.items():
        if texts := _given(data, name):
            records = records.order_by().filter(slug__in=texts)
            parts.append(records.values_list(Value(name), "pk", "slug", label))
    for name, pk, slug, called in parts[0].union(*parts[1:], all=True) if parts else ():
        found.setdefault(name, {})[slug] = Chosen(slug, called, pk, slug)
    for text in _given(data, "language"):
        with suppress(ValueError):
            tag = canonical_language(text)
            found.setdefault("language", {})[text] = Chosen(text, language_name(tag), tag, tag)
    for text in _given(data, "place"):
        found.setdefault("place", {})[text] = Chosen(text, text, text, text)
    return _with_quotes(found)


def _given(data: QueryDict, name: str) -> list[str]:
    return list(filter(_is_text, _texts(data.getlist(name))))[:MOST_VALUES]


def _with_quotes(found: dict[str, dict[str, Chosen]]) -> dict[str, dict[str, Chosen]]:
    """Those that a published quote has; a place by the name that it has there."""
    known = search.known((name, each.key) for name, some in found.items() for each in some.values())
    kept: dict[str, dict[str, Chosen]] = {}
    for name, some in found.items():
        for text, each in some.items():
            if (here := known.get((name, each.key))) is not None:
                renamed = Chosen(text, here, here, here) if here and name == "place" else each
                kept.setdefault(name, {})[text] = renamed
    return kept


def _older(name: str, texts: list[str], known: Mapping[str, Chosen]) -> dict[str, Chosen]:
    """What is chosen by those texts that are old slugs, or slugs of today in another case or form."""
    others = [text for text in texts if text not in known]
    records, _label = _SLUGS_OF[name]
    found = records.all().at_slugs(others) if others else {}
    chosen = {text: Chosen(text, str(each), each.pk, each.slug) for text, each in found.items()}
    return _with_quotes({name: chosen}).get(name, {}) if chosen else {}


def _records(name: str, unknown: Any) -> _Choose:
    """Choose records by their slug, old or new."""

    def choose(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
        found = {**known, **_older(name, texts, known)}
        if missing := [text for text in texts if text not in found]:
            raise _unknown(unknown, missing)
        return [found[text] for text in texts]

    return choose


def _speakers(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
    """Choose speakers by slug, or by a name or alias; several of one name are offered.

    So are those who are called nearly like the last one whom nobody knows: the one just typed.
    """
    by_slug = {**known, **_older("speaker", texts, known)}
    by_name = _named([text for text in texts if text not in by_slug])
    nobody = next((text for text in reversed(texts) if not by_name.get(text, True)), "")
    nearly = _with_names(search.speakers_nearly_named(nobody, most=_MOST_NEAR)) if nobody else []
    chosen, problems = [], []
    for text in texts:
        try:
            near = nearly if text == nobody else []
            chosen.append(by_slug.get(text) or _only_one(text, by_name[text], near))
        except ValidationError as problem:
            problems.append(problem)
    if problems:
        raise ValidationError(problems)
    return chosen


def _named(texts: list[str]) -> dict[str, list[Chosen]]:
    """For each text the speakers with quotes in whose names its words stand."""
    ids = {text: search.speakers_named(text)[:_MOST_NAMED] for text in texts}
    kept = {each.key: each for each in _with_names({pk for some in ids.values() for pk in some})}
    return {text: [kept[pk] for pk in ids[text] if pk in kept] for text in texts}


def _so_called(text: str, offers: list[Chosen]) -> list[Chosen]:
    """Those who are called exactly that, or else all of them."""
    folded = Speaker.as_compared(text)
    return [each for each in offers if Speaker.as_compared(each.label) == folded] or offers


def _with_names(ids: Collection[int]) -> list[Chosen]:
    """Those of these speakers who have quotes, in this order."""
    found = Speaker.objects.in_bulk(ids)
    some = {
        str(pk): Chosen(found[pk].slug, found[pk].name, pk, found[pk].slug)
        for pk in ids
        if pk in found
    }
    return list(_with_quotes({"speaker": some}).get("speaker", {}).values())


def _only_one(text: str, offers: list[Chosen], near: list[Chosen]) -> Chosen:
    """The one who is called that, or else the only one. Raises ValidationError with the others, or who is near, as offers."""
    offers = _so_called(text, offers)
    if len(offers) == 1:
        return replace(offers[0], value=text)
    if offers:
        message = _("Several names hold “%(name)s”. Choose one:")
        if len(offers) > _MOST_OFFERS:
            message = _("Many names hold “%(name)s”. Choose one, or type more of the name:")
        params = {"name": text, "offers": offers[:_MOST_OFFERS]}
        raise ValidationError(message, code="several", params=params)
    if near:
        message = _("There is no speaker “%(name)s”. Did you mean:")
        raise ValidationError(message, code="nearly", params={"name": text, "offers": near})
    raise ValidationError(_("There is no speaker “%(value)s”.") % {"value": text})


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


def _listed_values(unknown: Any) -> _Choose:
    """Choose among what was looked up beforehand."""

    def choose(texts: list[str], known: Mapping[str, Chosen]) -> list[Chosen]:
        if missing := [text for text in texts if text not in known]:
            raise _unknown(unknown, missing)
        return [known[text] for text in texts]

    return choose


def _choices(choices: Any, unknown: Any) -> _Choose:
    """Choose among fixed values."""

    def choose(texts: list[str], _at: Mapping[str, Chosen]) -> list[Chosen]:
        if missing := [text for text in texts if text not in choices.values]:
            raise _unknown(unknown, missing)
        return [Chosen(text, str(choices(text).label), text, text) for text in texts]

    return choose


# Languages that Django has no name for and that quotations are known to stand in.
_MORE_LANGUAGES = {
    "am": _("Amharic"),
    "ang": _("Old English"),
    "arc": _("Aramaic"),
    "chr": _("Cherokee"),
    "enm": _("Middle English"),
    "fil": _("Filipino"),
    "fro": _("Old French"),
    "gmh": _("Middle High German"),
    "grc": _("Ancient Greek"),
    "ha": _("Hausa"),
    "haw": _("Hawaiian"),
    "ku": _("Kurdish"),
    "la": _("Latin"),
    "lkt": _("Lakota"),
    "lzh": _("Classical Chinese"),
    "mi": _("Māori"),
    "nez": _("Nez Perce"),
    "ps": _("Pashto"),
    "sa": _("Sanskrit"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "syr": _("Syriac"),
    "tl": _("Tagalog"),
    "yi": _("Yiddish"),
    "yo": _("Yoruba"),
    "yue": _("Cantonese"),
    "zh": _("Chinese"),
    "zu": _("Zulu"),
}


def language_name(tag: str) -> str:
    """“Korean”, in the reader's language; the tag itself where no name is known."""
    lower = tag.lower()
    try:
        return str(get_language_info(lower)["name_translated"])
    except KeyError:
        return str(_MORE_LANGUAGES.get(lower) or _MORE_LANGUAGES.get(lower.split("-")[0]) or tag)


def _query(text: str) -> Chosen:
    try:
        return Chosen(text, text, search.parse(text))
    except search.QueryError as error:
        raise ValidationError(error.args[0]) from error


def _bound(bound: str) -> Callable[[str], Chosen]:
    """Parse an honest date; the question asks by its earliest or its latest day."""

    def parse(text: str) -> Chosen:
        try:
            day: date = getattr(dates.parse(text), bound)
        except dates.DateError as error:
            example = _("“%(value)s” is not a date. Write for example 1947, 2025-05 or 2025-05-26.")
            raise ValidationError(example % {"value": text}) from error
        return Chosen(text, dates.reading(text, get_language() or "en"), day)

    return parse


def _one_of(labels: dict[str, Any]) -> Callable[[str], Chosen]:
    def parse(text: str) -> Chosen:
        if text not in labels:
            raise ValidationError(
                _("“%(value)s” is not one of: %(known)s.")
                % {"value": text, "known": ", ".join(labels)}
            )
        return Chosen(text, str(labels[text]), text)

    return parse


def _quote_id(text: str) -> Chosen:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError(_("There is no such page of the list."))
    return Chosen(text, text, int(text))


class _QuoteForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        start, end = asked.get("said_from"), asked.get("said_to")
        if start and end and start.key > end.key:
            self.add_error("said_to", _("This time ends before it begins."))
        return asked


class QuoteFilterSet(django_filters.FilterSet):
    """One question about quotes, for page, feed, API and export alike."""

    q = _Asks(_OneField, label=_("Words"), parse=_query)
    speaker = _Asks(_ValuesField, label=_("Speaker"), choose=_speakers)
    organisation = _Asks(
        _ValuesField,
        label=_("Organisation then"),
        choose=_records("organisation", _("There is no organisation “%(value)s”.")),
    )
    publisher = _Asks(
        _ValuesField,
        label=_("Publisher"),
        choose=_records("publisher", _("There is no publisher “%(value)s”.")),
    )
    topic = _Asks(
        _ValuesField,
        label=_("Topic"),
        choose=_records("topic", _("There is no topic “%(value)s”.")),
    )
    occasion = _Asks(
        _ValuesField,
        label=_("Occasion"),
        choose=_records("occasion", _("There is no occasion “%(value)s”.")),
    )
    place = _Asks(
        _ValuesField,
        label=_("Place"),
        choose=_listed_values(_("There is no place “%(value)s”.")),
    )
    kind = _Asks(
        _ValuesField,
        label=_("Kind"),
        choose=_choices(Quote.Kind, _("There is no kind “%(value)s”.")),
    )
    attribution = _Asks(
        _ValuesField,
        label=_("Attribution"),
        choose=_choices(Quote.Attribution, _("There is no attribution “%(value)s”.")),
    )
    language = _Asks(
        _ValuesField,
        label=_("Language"),
        choose=_listed_values(_("Nothing here is in a language “%(value)s”.")),
    )
    said_from = _Asks(_OneField, label=_("Said from"), parse=_bound("earliest"))
    said_to = _Asks(_OneField, label=_("Said to"), parse=_bound("latest"))
    dates = _Asks(
        _OneField,
        label=_("Dates"),
        parse=_one_of(
            {
                "may": _("may lie in that time"),
                "must": _("must lie in that time"),
                "undated": _("undated"),
            }
        ),
    )
    order = _Asks(
        _OneField,
        label=_("Order"),
        parse=_one_of({"newest": _("Newest"), "oldest": _("Oldest"), "best": _("Best match")}),
    )
    after = _Asks(_OneField, label=_("Page"), parse=_quote_id)
    before = _Asks(_OneField, label=_("Page"), parse=_quote_id)

    class Meta:
        model = Quote
        form = _QuoteForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, fixed: Mapping[str, Chosen] | None = None) -> None:
        """`fixed` values belong to the page: they take the place of what the query string says."""
        self.fixed = fixed or {}
        data = data.copy()
        for name in self.fixed:
            data.pop(name, None)
        super().__init__(data)
        for name, found in _looked_up(data).items():
            self.form.fields[name].known = found

    def chosen(self, name: str) -> tuple[Chosen, ...]:
        """The values in use of one filter; none when it has an error."""
        if name in self.fixed:
            return (self.fixed[name],)
        self.form.is_valid()
        value = self.form.cleaned_data.get(name) or ()
        return (value,) if isinstance(value, Chosen) else value

    @property
    def question(self) -> search.Question | None:
        """The question; None when something in it is unknown or cannot be understood."""
        return self.without("")

    def without(self, left_out: str) -> search.Question | None:
        """The question on its first page without this filter; None when another is not understood."""
        if set(self.form.errors) - {left_out}:
            return None
        asked = {name: () if name == left_out else self.chosen(name) for name in self.filters}
        paging = {"after", "before"} if left_out else set()
        one: dict[str, Any] = {
            name: asked[name][0].key for name in _ONE if asked[name] and name not in paging
        }
        many: dict[str, Any] = {
            field: tuple(dict.fromkeys(each.key for each in asked[name]))
            for name, field in search.FACETS.items()
        }
        query = asked["q"][0].key if asked["q"] else None
        return search.Question(query=query, **one, **many)


class SpeakerFilterSet(django_filters.FilterSet):
    """Which speakers: words of a name or alias, and behind which one the page starts."""

    q = _Asks(_OneField, label=_("Name or alias"), parse=lambda text: Chosen(text, text, text))
    after = _Asks(_OneField, label=_("Page"), parse=lambda text: Chosen(text, text, text))

    class Meta:
        model = Speaker
        fields: list[str] = []

    def speakers(self) -> QuerySet[Speaker]:
        """Those who are listed and stand in published quotes, in order of their names; none when something is unknown."""
        found = Speaker.objects.listed().known_to_readers()
        if not self.form.is_valid():
            return found.none()
        asked = self.form.cleaned_data
        if asked["q"]:
            found = found.filter(pk__in=search.speakers_named(asked["q"].value))
        if asked["after"]:
            found = found.after(asked["after"].key)
        return found.order_by("sort_name", "id")


_ONE = ("said_from", "said_to", "dates", "order", "after", "before")
