"""The filters of each list, and the question that they make together."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet, TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tracker import dates, search
from tracker.models import Claim, ClaimKind, Quote, Speaker

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

__all__ = [
    "OUR_DESK",
    "ClaimFilterSet",
    "ListFilterSet",
    "QuoteFilterSet",
    "SpeakerFilterSet",
    "Standing",
]

OUR_DESK = _("Our editors")  # among those who reviewed a claim


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


def _overdue(text: str) -> Chosen:
    return replace(_one_of({"1": _("past the day")})(text), key=True, canonical="1")


def _record_id(text: str) -> Chosen:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError(_("There is no such page of the list."))
    return Chosen(text, text, int(text))


class _TimeForm(forms.Form):
    """A form that asks for a time between two `days`."""

    days: tuple[str, str]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        start, end = map(asked.get, self.days)
        if start and end and start.key > end.key:
            self.add_error(self.days[1], _("This time ends before it begins."))
        return asked


class _QuoteForm(_TimeForm):
    days = ("said_from", "said_to")


class _ClaimForm(_TimeForm):
    days = ("recorded_from", "recorded_to")


_DATES = {
    "may": _("may lie in that time"),
    "must": _("must lie in that time"),
    "undated": _("undated"),
}
_ORDERS = {"newest": _("Newest"), "oldest": _("Oldest"), "best": _("Best match")}


class ListFilterSet(django_filters.FilterSet):
    """What the filters of quotes and of claims do alike: they make one question, for page, feed, API and export."""

    asks: type[search.AnyQuestion]
    # Filters of one value, and the field of the question that it is in.
    one: Mapping[str, str]
    # Names that a reader may know from another list, and the filter here that they stand for.
    also: Mapping[str, str] = {}

    _form_class: Any

    def __init__(self, data: QueryDict, *, fixed: Mapping[str, Chosen] | None = None) -> None:
        """`fixed` values belong to the page: they take the place of what the query string says."""
        self.fixed = fixed or {}
        data = data.copy()
        for name in self.fixed:
            data.pop(name, None)
        super().__init__(data)
        for name, found in looked_up(data, self.asks.shelf).items():
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
    def question(self) -> Any:
        """The question, of the class that it `asks`; None when something in it is unknown or cannot be understood."""
        return self.without("")

    def without(self, left_out: str) -> Any:
        """The question on its first page without this filter; None when another is not understood."""
        if set(self.form.errors) - {left_out}:
            return None
        asked = {name: () if name == left_out else self.chosen(name) for name in self.filters}
        paging = {"after", "before"} if left_out else set()
        one: dict[str, Any] = {
            field: asked[name][0].key
            for name, field in self.one.items()
            if asked[name] and name not in paging
        }
        many: dict[str, Any] = {
            field: tuple(dict.fromkeys(each.key for each in asked[name]))
            for name, field in self.asks.shelf.fields.items()
        }
        query = asked["q"][0].key if asked["q"] else None
        return self.asks(query=query, **one, **many, **self.beside())

    def beside(self) -> dict[str, Any]:
        """What the question must know beside what is asked."""
        return {}


class QuoteFilterSet(ListFilterSet):
    """One question about quotes."""

    asks = search.Question
    also = {"claimant": "speaker"}
    one = {name: name for name in ("said_from", "said_to", "dates", "order", "after", "before")}

    q = _Asks(_OneField, label=_("Words"), parse=_query)
    speaker = _Asks(
        ValuesField,
        label=_("Speaker"),
        choose=speakers(
            "speaker",
            _("There is no speaker “%(value)s”."),
            _("There is no speaker “%(name)s”. Did you mean:"),
        ),
    )
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
    dates = _Asks(_OneField, label=_("Dates"), parse=_one_of(_DATES))
    order = _Asks(_OneField, label=_("Order"), parse=_one_of(_ORDERS))
    view = _Asks(_OneField, label=_("View"), parse=_one_of({"side": _("Side by side")}))
    after = _Asks(_OneField, label=_("Page"), parse=_record_id)
    before = _Asks(_OneField, label=_("Page"), parse=_record_id)

    class Meta:
        model = Quote
        form = _QuoteForm
        fields: list[str] = []


class Standing(TextChoices):
    """What has been found about a claim so far; the values are those of `search.STANDINGS`."""

    UNREVIEWED = "unreviewed", _("Not reviewed yet")
    INTERIM = "interim", _("Reviewed, still open")
    FINAL = "final", _("Reviewed, with a final verdict")
    SUMMARY = "summary", _("Reviewed, without a verdict of ours")
    TAKEN_BACK = "taken-back", _("Withdrawn by who said it")


class ClaimFilterSet(ListFilterSet):
    """One question about claims."""

    asks = search.ClaimQuestion
    also = {"speaker": "claimant"}
    one = {
        "recorded_from": "said_from",
        "recorded_to": "said_to",
        **{name: name for name in ("dates", "overdue", "order", "after", "before")},
    }

    q = _Asks(_OneField, label=_("Words"), parse=_query)
    claimant = _Asks(
        ValuesField,
        label=_("Who said it"),
        choose=speakers(
            "claimant",
            _("No claim here is by “%(value)s”."),
            _("No claim here is by “%(name)s”. Did you mean:"),
            search.CLAIMS,
        ),
    )
    kind = _Asks(
        ValuesField,
        label=pgettext_lazy("of a claim", "Kind"),
        choose=choices(ClaimKind, pgettext_lazy("of a claim", "There is no kind “%(value)s”.")),
    )
    verdict = _Asks(
        ValuesField,
        label=_("Verdict"),
        choose=records("verdict", _("There is no verdict “%(value)s”."), search.CLAIMS),
    )
    reviewer = _Asks(
        ValuesField,
        label=_("Reviewed by"),
        choose=records(
            "reviewer",
            _("No claim here was reviewed by “%(value)s”."),
            search.CLAIMS,
            {search.OURS: OUR_DESK},
        ),
    )
    topic = _Asks(
        ValuesField,
        label=_("Topic"),
        choose=records("topic", _("No claim here is about “%(value)s”."), search.CLAIMS),
    )
    status = _Asks(
        ValuesField,
        label=_("Status"),
        choose=choices(Standing, _("There is no status “%(value)s”.")),
    )
    recorded_from = _Asks(_OneField, label=_("On record from"), parse=_bound("earliest"))
    recorded_to = _Asks(_OneField, label=_("On record to"), parse=_bound("latest"))
    dates = _Asks(_OneField, label=_("Dates"), parse=_one_of(_DATES))
    overdue = _Asks(_OneField, label=_("Due"), parse=_overdue)
    order = _Asks(
        _OneField, label=_("Order"), parse=_one_of(_ORDERS | {"due": _("By the day it is due")})
    )
    after = _Asks(_OneField, label=_("Page"), parse=_record_id)
    before = _Asks(_OneField, label=_("Page"), parse=_record_id)

    class Meta:
        model = Claim
        form = _ClaimForm
        fields: list[str] = []

    def beside(self) -> dict[str, Any]:
        """What is overdue depends on the day."""
        return {"today": timezone.localdate()}


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
