"""The filters of each list, and the question that they make together."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import dates, search
from tracker.models import Quote, Speaker

from .choosing import (
    LONGEST,
    Chosen,
    ValuesField,
    choices,
    listed_values,
    looked_up,
    records,
    speakers,
)

__all__ = ["QuoteFilterSet", "SpeakerFilterSet"]


class _OneField(forms.CharField):
    """A single value that is parsed; cleans to a Chosen, or None when it is empty."""

    def __init__(self, *, parse: Callable[[str], Chosen], **kwargs: Any) -> None:
        self._parse = parse
        too_long = _(
            "At most %(limit_value)d characters can be asked for; these are %(show_value)d."
        )
        super().__init__(required=False, validators=[MaxLengthValidator(LONGEST, too_long)])

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
    speaker = _Asks(ValuesField, label=_("Speaker"), choose=speakers)
    organisation = _Asks(
        ValuesField,
        label=_("Organisation then"),
        choose=records("organisation", _("There is no organisation “%(value)s”.")),
    )
    publisher = _Asks(
        ValuesField,
        label=_("Publisher"),
        choose=records("publisher", _("There is no publisher “%(value)s”.")),
    )
    topic = _Asks(
        ValuesField,
        label=_("Topic"),
        choose=records("topic", _("There is no topic “%(value)s”.")),
    )
    occasion = _Asks(
        ValuesField,
        label=_("Occasion"),
        choose=records("occasion", _("There is no occasion “%(value)s”.")),
    )
    place = _Asks(
        ValuesField,
        label=_("Place"),
        choose=listed_values(_("There is no place “%(value)s”.")),
    )
    kind = _Asks(
        ValuesField,
        label=_("Kind"),
        choose=choices(Quote.Kind, _("There is no kind “%(value)s”.")),
    )
    attribution = _Asks(
        ValuesField,
        label=_("Attribution"),
        choose=choices(Quote.Attribution, _("There is no attribution “%(value)s”.")),
    )
    language = _Asks(
        ValuesField,
        label=_("Language"),
        choose=listed_values(_("Nothing here is in a language “%(value)s”.")),
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
    view = _Asks(_OneField, label=_("View"), parse=_one_of({"side": _("Side by side")}))
    after = _Asks(_OneField, label=_("Page"), parse=_quote_id)
    before = _Asks(_OneField, label=_("Page"), parse=_quote_id)

    class Meta:
        model = Quote
        form = _QuoteForm
        fields: list[str] = []

    _form_class: Any

    def __init__(self, data: QueryDict, *, fixed: Mapping[str, Chosen] | None = None) -> None:
        """`fixed` values belong to the page: they take the place of what the query string says."""
        self.fixed = fixed or {}
        data = data.copy()
        for name in self.fixed:
            data.pop(name, None)
        super().__init__(data)
        for name, found in looked_up(data).items():
            self.form.fields[name].known = found

    def get_form_class(self) -> Any:
        """Made once: the fields of every form are copies of it."""
        if "_form_class" not in type(self).__dict__:
            type(self)._form_class = super().get_form_class()
        return type(self)._form_class

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
