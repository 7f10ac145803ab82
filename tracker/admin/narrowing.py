"""Narrows the desk's lists: filters that offer a search box instead of thousands of options, and dates of every year."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from operator import methodcaller
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker.models import Article, Citation, Quote, disputed_without_reply

__all__ = [
    "IN_REVIEW",
    "AnyYearChangeList",
    "DeclaringFilter",
    "PublisherFilter",
    "PublisherOfQuoteFilter",
    "QueueFilter",
    "QuoteQueueFilter",
    "RelationFilter",
    "SpeakerFilter",
    "TopicFilter",
    "WaitingFilter",
    "WithoutCitationFilter",
]


class _ChosenFilter(admin.SimpleListFilter):
    """One record, found by typing its name: no page holds a list of thousands."""

    template = "admin/tracker/chosen_filter.html"
    relation: tuple[Any, str]  # the model and its foreign key that say what may be chosen

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        holder, name = self.relation
        field = holder._meta.get_field(name)
        choices = field.remote_field.model._default_manager.all()
        widget = AutocompleteSelect(
            field, model_admin.admin_site, attrs={"aria-label": str(self.title)}
        )
        self.field = forms.ModelChoiceField(choices, required=False, widget=widget)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """One: the search box, and what else is asked for, which it has to keep."""
        kept = {
            name: value
            for name, values in changelist.filter_params.items()
            for value in values
            if name not in {self.parameter_name, PAGE_VAR}
        }
        name = str(self.parameter_name)
        yield {
            "selected": self.value() is not None,
            "query_string": changelist.get_query_string(remove=[name, PAGE_VAR]),
            "display": _("All"),
            "box": self.field.widget.render(name, self._chosen() or "", {"id": f"filter_{name}"}),
            "kept": kept,
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        chosen = self._chosen()
        return self.narrowed(queryset, chosen) if chosen else queryset.none()

    @abstractmethod
    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        """What this filter keeps, of the record with this id."""

    def _chosen(self) -> int | None:
        try:
            record = self.field.clean(self.value())
        except forms.ValidationError:
            return None
        return record.pk if record else None


class SpeakerFilter(_ChosenFilter):
    title = _("speaker")
    parameter_name = "speaker"
    relation = (Quote, "speaker")

    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        return queryset.filter(speaker=chosen)


class TopicFilter(_ChosenFilter):
    title = _("topic")
    parameter_name = "topic"
    relation: tuple[Any, str] = (Quote, "topics")

    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        return queryset.filter(topics=chosen)


class PublisherFilter(_ChosenFilter):
    title = _("publisher")
    parameter_name = "publisher"
    relation = (Article, "publisher")

    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        return queryset.filter(publisher=chosen)


class PublisherOfQuoteFilter(PublisherFilter):
    """A quote's publishers are those of its citations' articles."""

    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        theirs = Citation.objects.filter(article__publisher=chosen)
        return queryset.filter(pk__in=theirs.values("quote"))


class RelationFilter(admin.ChoicesFieldListFilter):
    """A form says “as its”, beside the other article; a filter stands alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("relation")


class QueueFilter(admin.SimpleListFilter):
    """What waits for an editor: the queues of the desk's front page."""

    title = _("what is to be done")
    parameter_name = "queue"
    waits: dict[str, tuple[Any, Callable[[Any], Any]]]  # what each is called, and what it keeps

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _kept) in self.waits.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in self.waits:
            return queryset.none()
        _label, kept = self.waits[str(self.value())]
        return kept(queryset)


IN_REVIEW = (_("Waits in review for a second editor"), methodcaller("in_review"))


class WaitingFilter(QueueFilter):
    waits = {"waiting": IN_REVIEW}


class QuoteQueueFilter(QueueFilter):
    waits = {
        "waiting": (_("Waits in review"), methodcaller("in_review")),
        "disputed": (
            _("Disputed, without a reply"),
            lambda quotes: quotes.filter(pk__in=disputed_without_reply().values("pk")),
        ),
    }


class DeclaringFilter(QueueFilter):
    waits = {
        "declared": (
            _("Declares claim reviews that nobody has recorded"),
            methodcaller("with_unrecorded_reviews"),
        )
    }


class WithoutCitationFilter(admin.SimpleListFilter):
    title = _("citations")
    parameter_name = "citations"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Has no citation"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "none":
            return queryset
        return queryset.filter(pk__in=Quote.objects.without_citations().values("pk"))


class AnyYearChangeList(ChangeList):
    """A list by date that can be asked for the year 9999: Django looks for the day after its last, which there is not."""

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError):
            hierarchy, self.date_hierarchy = self.date_hierarchy, None
            try:
                return super().get_filters(request)
            finally:
                self.date_hierarchy = hierarchy
