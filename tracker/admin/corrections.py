"""The desk's form for corrections: public notes on one record. They can be put right, and are never deleted."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from tracker.models import CORRECTABLE, Correction

from .desk import RecordAdmin, RecordForm

__all__ = ["CorrectionAdmin"]


class _CorrectionForm(RecordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            # That a record was withdrawn is noted when it is; and what readers were told stays told.
            never = {Correction.Kind.WITHDRAWAL}
            if self.instance.pk and self.instance.kind != Correction.Kind.TYPO:
                never.add(Correction.Kind.TYPO)
            kinds = [(kind.value, kind.label) for kind in Correction.Kind if kind not in never]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        listed = cleaned.get("kind") not in {None, Correction.Kind.TYPO, Correction.Kind.WITHDRAWAL}
        if listed and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say in a sentence for readers what was wrong."))
        return cleaned


class _RecordFilter(admin.SimpleListFilter):
    title = _("what was corrected")
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, capfirst(model._meta.verbose_name)) for name, model in CORRECTABLE.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.value() not in CORRECTABLE:
            return queryset.none()
        return queryset.filter(**{f"{self.value()}__isnull": False})


class CorrectionAdmin(RecordAdmin):
    form = _CorrectionForm
    autocomplete_fields = tuple(CORRECTABLE)
    readonly_fields = ("made_by",)
    list_display = ("what", "kind", "noun", "change", "made_on", "made_by")
    list_display_links = ("what",)
    list_filter = ("kind", _RecordFilter)
    list_select_related = ("made_by",)
    date_hierarchy = "made_on"
    search_fields = ("text", "before", "after", "claim__text", "speaker__name", "=id")
    search_help_text = _(
        "Words of the correction, of what it said before and says now, or a number."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        named = ("quote__speaker", "quote__lead", "position__person", "position__organisation")
        linked = [
            f"link__{each}__{name}" for each in ("later", "earlier") for name in ("speaker", "lead")
        ]
        others = ("speaker", "article__publisher", "claim", "review__claim")
        found = super().get_queryset(request).select_related(*named, *others, *linked)
        return found.prefetch_related("review__verdict__names")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ("kind", "text", "field", "before", "after", "made_on")
        if obj is not None:  # it stays with the record that it is of
            of = next(name for name in CORRECTABLE if getattr(obj, f"{name}_id"))
            return ((None, {"fields": (of, *told, "made_by")}),)
        note = (None, {"fields": told})
        given = [name for name in CORRECTABLE if request.GET.get(name)]
        if len(given) == 1:
            others = tuple(name for name in CORRECTABLE if name not in given)
            more = {"fields": others, "classes": ("collapse",)}
            return ((None, {"fields": (*given, *told)}), (_("Of another record instead"), more))
        of_one = {"fields": tuple(CORRECTABLE), "description": _("Choose one record.")}
        return ((_("What was corrected"), of_one), note)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if obj is None:
            return fields
        kind = ("kind",) if obj.kind == Correction.Kind.WITHDRAWAL else ()
        return (*fields, *CORRECTABLE, *kind)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was told to readers is not taken back unseen."""
        return False

    def has_page(self, record: Correction) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("correction"))
    def what(self, correction: Correction) -> str:
        return Truncator(correction.text or str(correction.record)).chars(90)

    @admin.display(description=_("of"))
    def noun(self, correction: Correction) -> str:
        record = correction.record
        return f"{capfirst(record._meta.verbose_name)}: {Truncator(str(record)).chars(70)}"

    @admin.display(description=_("change"))
    def change(self, correction: Correction) -> str:
        if not (correction.before or correction.after):
            return correction.field
        told = (Truncator(each).chars(40) or "–" for each in (correction.before, correction.after))
        return f"{correction.field}: {' → '.join(told)}".removeprefix(": ")
