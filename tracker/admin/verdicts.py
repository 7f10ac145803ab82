"""The desk's forms for the scales that claims are rated on, and for their verdicts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.models import Scale, Verdict, VerdictName

from .desk import AddressedAdmin, PartFormSet, RecordAdmin, TabularPart

__all__ = ["ScaleAdmin", "VerdictAdmin"]

# What a sign looks like, in a character.
_SHAPES = {
    Verdict.Sign.EMPTY: "○",
    Verdict.Sign.QUARTER: "◔",
    Verdict.Sign.HALF: "◑",
    Verdict.Sign.THREE_QUARTERS: "◕",
    Verdict.Sign.FULL: "●",
    Verdict.Sign.GAP: "◍",
    Verdict.Sign.TURNED: "◒",
    Verdict.Sign.OPEN: "◌",
    Verdict.Sign.BROKEN: "⊘",
}
_IN_USE = _(
    "It was not deleted: reviews use it. Retire it instead: no new review can have it then."
)


def _drawn(sign: Any) -> str:
    return f"{_SHAPES[Verdict.Sign(sign)]} {Verdict.Sign(sign).label}"


class _VerdictsOfScale(TabularPart):
    """To be read here: each verdict has a form of its own."""

    model = Verdict
    fields = ("name", "drawn", "order", "final", "rating", "retired")
    readonly_fields = ("name", "drawn", "order", "final", "rating", "retired")
    can_delete = False
    show_change_link = True
    max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("sign"))
    def drawn(self, verdict: Verdict) -> str:
        return _drawn(verdict.sign)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        return super().get_queryset(request).prefetch_related("names")


class ScaleAdmin(RecordAdmin):
    fields = ("kind", "note", ("worst", "best"))
    inlines = (_VerdictsOfScale,)
    list_display = ("kind", "note", "verdicts_here", "worst", "best")
    list_display_links = ("kind",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scale]:
        return super().get_queryset(request).annotate(verdict_count=Count("verdicts"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its verdicts are of claims of this kind."""
        return ("kind",) if obj is not None else ()

    def has_page(self, record: Scale) -> bool:
        return False

    @admin.display(description=_("verdicts"), ordering="verdict_count")
    def verdicts_here(self, scale: Any) -> int:
        return int(scale.verdict_count)


class _NameFormSet(PartFormSet):
    said_once = ("language",)

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if reason := form.instance.pk and form.instance.why_it_stays():
                raise ValidationError(reason)


class _NameInline(TabularPart):
    model = VerdictName
    formset = _NameFormSet
    fields = ("language", "name")


class VerdictAdmin(AddressedAdmin):
    parts = ((VerdictName, "verdict"),)
    inlines = (_NameInline,)
    fields = ("scale", "name", "meaning", "sign", "order", "final", "rating", "retired")
    list_display = ("name", "scale", "drawn", "order", "final", "rating", "retired", "reviews_here")
    list_filter = ("scale", "retired", "final")
    list_select_related = ("scale",)
    search_fields = ("name", "names__name", "meaning")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        verdicts = super().get_queryset(request).select_related("scale")
        return verdicts.annotate(review_count=Count("reviews")).prefetch_related("names")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "sign":
            kwargs["choices"] = [(sign.value, _drawn(sign)) for sign in Verdict.Sign]
            kwargs["widget"] = forms.RadioSelect
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """While reviews have it, it stays on their scale."""
        return ("scale",) if obj is not None and obj.reviews.exists() else ()

    def has_page(self, record: Verdict) -> bool:
        return False

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        verdict = self.get_object(request, unquote(object_id))
        if verdict is not None and verdict.reviews.exists():
            messages.error(request, _IN_USE)
            here = reverse("admin:tracker_verdict_change", args=[verdict.pk])
            return HttpResponseRedirect(here)
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return found, counts, lacking, [*protected, *([_IN_USE] if protected else [])]

    @admin.display(description=_("sign"), ordering="sign")
    def drawn(self, verdict: Verdict) -> str:
        return _drawn(verdict.sign)

    @admin.display(description=_("reviews"), ordering="review_count")
    def reviews_here(self, verdict: Any) -> int:
        return int(verdict.review_count)
