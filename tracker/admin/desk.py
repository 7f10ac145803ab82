"""What every form of the desk does: errors beside the fields, nothing overwritten unseen, renaming that keeps addresses.

Knows no model by name; the modules beside this one say what is special about theirs.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import NestedObjects, flatten
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.contrib.auth import get_permission_codename
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker import search
from tracker.models import Refused

from .choosing import Choice, Choices, is_id
from .history import HistoryAdmin, Parts, changed_since, last_change, version_of

__all__ = [
    "AddressedAdmin",
    "Choice",
    "PartForm",
    "PartFormSet",
    "RecordAdmin",
    "RecordForm",
    "StackedPart",
    "TabularPart",
    "Tool",
    "is_id",
    "may_see",
]

_MOST_ROWS = 150  # of a part, however many a form claims to have
_GONE = _("A row here is not this record's: it was moved or deleted. Load the page again.")


@dataclass(frozen=True, slots=True)
class Tool:
    """A button above a record's form: what it says, and where it leads."""

    label: str
    address: str


class _Text(forms.CharField):
    """A text area whose lines end as they are stored, so that a text nobody touched is no change."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text


class _ManyChosen(forms.ModelMultipleChoiceField):
    """Refuses what is no id before the database is asked for it."""

    def clean(self, value: Any) -> Any:
        wrong = [pk for pk in value or [] if not is_id(pk)]
        if wrong:
            raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": wrong[0]})
        return super().clean(value)


class _Fields(admin.options.BaseModelAdmin):
    """The fields that every form of the desk is made of."""

    formfield_overrides = {
        models.TextField: {"form_class": _Text, "widget": AdminTextareaWidget(attrs={"rows": 3})}
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            choice = Choice(db_field, self.admin_site)
            choice.shows_names = may_see(request, db_field.remote_field.model)
            kwargs.setdefault("widget", choice)
            kwargs.setdefault("queryset", _with_relations(db_field.remote_field.model))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", Choices(db_field, self.admin_site))
        kwargs.setdefault("form_class", _ManyChosen)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class _SeenErrors(forms.ModelForm):
    """A form that tells beside itself what is wrong with a field that nobody sees."""

    def add_error(self, field: str | None, error: Any) -> None:
        if field is not None and self._is_unseen(field):
            field, error = None, self._told_of_unseen(error)
        elif hasattr(error, "error_dict"):
            unseen = [name for name in error.error_dict if self._is_unseen(name)]
            for name in unseen:
                error.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(error.error_dict.pop(name))
        super().add_error(field, error)

    def _is_unseen(self, name: str) -> bool:
        if name == NON_FIELD_ERRORS:
            return False
        return name not in self.fields or self.fields[name].widget.is_hidden

    def _told_of_unseen(self, error: Any) -> Any:
        return error


class PartForm(_SeenErrors):
    """One row of a record's part, such as a citation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loaded = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)  # without the links around it
            if isinstance(widget, Choice):
                widget.known = loaded.get(name)

    def _told_of_unseen(self, error: Any) -> Any:
        """What names the row and its record is hidden: it is wrong only when the row is not there any more."""
        return _GONE

    def needed_by(self) -> list[Any]:
        """The records that would point at nothing without this row."""
        collector = NestedObjects(using=router.db_for_write(type(self.instance)))
        collector.collect([self.instance])
        return list(collector.protected)

    def refuse_deletion(self) -> None:
        """In one sentence, where Django lists all that needs the row."""
        if self.instance.pk is None or not self.cleaned_data.get("DELETE"):
            return
        if needing := self.needed_by():
            told = gettext(
                "“%(row)s” cannot be deleted: other records need it (%(count)d), such as “%(first)s”."
            )
            first = Truncator(str(needing[0])).chars(80)
            raise ValidationError(
                told % {"row": self.instance, "count": len(needing), "first": first}
            )


class PartFormSet(forms.BaseInlineFormSet):
    """The rows of a part. `said_once` are the fields that no two rows may have in common."""

    said_once: tuple[str, ...] = ()
    said_twice: Any = _("The same stands in a row above: change one of the two.")

    def clean(self) -> None:
        if self.said_once:
            self._refuse_doubles()
        super().clean()
        if any(form.instance.pk is None for form in self.initial_forms):  # Django would drop it
            raise ValidationError(_GONE)

    def rows(self) -> list[Any]:
        """The valid forms that hold something and stay."""
        return [
            form
            for form in self.forms
            if form.is_valid() and form.cleaned_data and form not in self.deleted_forms
        ]

    def left_out(self) -> list[Any]:
        """The stored rows that the form does not have."""
        here = {form.instance.pk for form in self.initial_forms}
        return [row for row in self.get_queryset() if row.pk not in here]

    def rows_to_be(self) -> list[Any]:
        """The record's rows as they would be after saving."""
        return [form.instance for form in self.rows()] + self.left_out()

    def compared(self, value: Any) -> Any:
        """What two rows have in common when they say the same."""
        return value

    def _refuse_doubles(self) -> None:
        """Among all rows: those of the form, and stored ones that the form left out."""
        seen = {
            tuple(self.compared(getattr(row, name)) for name in self.said_once)
            for row in self.left_out()
        }
        for form in self.rows():
            key = tuple(self.compared(form.cleaned_data.get(name)) for name in self.said_once)
            if key in seen:
                form.add_error(None, self.said_twice)
                raise ValidationError(_("Two rows say the same."))
            seen.add(key)


class RecordForm(_SeenErrors):
    """The form of a record that remembers which version of it an editor began to change."""

    parts: Parts = ()

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            if self.is_bound:
                self.lock()
            self.initial["version"] = version_of(self.instance, self.parts)

    def lock(self) -> None:
        """Until this transaction ends nobody else saves it."""
        rows = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk)
        list(rows.values_list("pk"))

    def clean_version(self) -> str:
        seen = str(self.cleaned_data["version"])
        now = self.initial.get("version", "")
        if seen and now and seen != now:
            # Whoever saves again after this has been told.
            posted = self.data.copy()  # type: ignore[attr-defined]
            posted[self.add_prefix("version")] = now
            self.data = posted
            raise ValidationError(self._told_of_change(seen))
        return seen

    def _told_of_change(self, seen: str) -> str:
        who, at = last_change(self.instance, self.parts)
        told = gettext(
            "It was changed by %(who)s at %(at)s, while you were editing it. Nothing of yours is lost: it stands below. "
            "Look at its history, then save again to put yours in place of theirs."
        )
        told %= {"who": who, "at": date_format(timezone.localtime(at), "H:i:s")}
        if fields := changed_since(self.instance, self.parts, seen):
            told += " " + gettext("Changed meanwhile: %(fields)s.") % {"fields": ", ".join(fields)}
        opts = type(self.instance)._meta
        history = reverse(
            f"admin:{opts.app_label}_{opts.model_name}_history", args=[self.instance.pk]
        )
        return format_html(
            '{} <a href="{}" target="_blank">{}</a>', told, history, gettext("History")
        )


class _Part(_Fields, admin.options.InlineModelAdmin):
    """Rows of a record's part. A row is there only when it is asked for."""

    form, formset = PartForm, PartFormSet
    extra = 0
    max_num = _MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, absolute_max=_MOST_ROWS, **kwargs)
        # Django gives the form a check of its own by this name.
        formset.form.hand_clean_DELETE = PartForm.refuse_deletion  # type: ignore[attr-defined]
        return formset


class StackedPart(_Part, admin.StackedInline):
    """Rows of a part, one below the other."""


class TabularPart(_Part, admin.TabularInline):
    """Rows of a part, side by side."""


def _open_what_is_wrong(adminform: Any) -> None:
    """No part of a form is shut that has an error: Django overlooks fields that stand side by side."""
    for _name, part in adminform.fieldsets:
        if set(flatten(part["fields"])).intersection(adminform.errors):
            part["classes"] = [each for each in part.get("classes", ()) if each != "collapse"]


class RecordAdmin(_Fields, HistoryAdmin):
    form = RecordForm
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @property
    def media(self) -> forms.Media:
        """With what the search boxes among the filters of a list need, and the desk's own script."""
        boxes = AutocompleteSelect(self.opts.pk, self.admin_site).media
        return super().media + boxes + forms.Media(js=("admin/js/jquery.init.js", "admin-desk.js"))

    def choice_label(self, record: Any) -> str:
        """What an autocomplete field offers it as."""
        return str(record)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.parts = self.parts
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address of an add form says, without ids that are none, or of what its editor may not see."""
        initial = super().get_changeform_initial_data(request)
        relations = {f.name: f.related_model for f in self.opts.get_fields() if f.is_relation}
        for name in initial.keys() & relations.keys():
            given = initial[name] if isinstance(initial[name], list) else [initial[name]]
            if not (all(map(is_id, given)) and may_see(request, relations[name])):
                del initial[name]
        return initial

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Straight to the page, which need not be on the host that django.contrib.sites knows."""
        return obj.get_absolute_url() if obj is not None and self.has_page(obj) else None

    def has_page(self, record: Any) -> bool:
        """Whether readers have a page of it."""
        return hasattr(record, "get_absolute_url")

    def is_locked(self, record: Any) -> bool:
        """Whether it can be read only, although its editor may change others."""
        return False

    def tools(self, request: HttpRequest, record: Any) -> list[Tool]:
        """What else can be done with the record, beside its form."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (record := context.get("original")) is not None:
            context["tools"] = self.tools(request, record)
        _open_what_is_wrong(context["adminform"])
        return super().render_change_form(request, context, *args, **kwargs)

    # --- saving -----------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        for _attempt in range(2):  # somebody saved in the same moment: now validation sees what
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except IntegrityError:
                continue
        told = _("Nothing was saved: it contradicts what is stored. Load the page again.")
        messages.error(request, told)
        return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(part.has_changed() for part in formsets):
            form.instance.save()  # what is changed in its parts is changed in it
        self.after_saving(form.instance, request.user)
        self.explain(request, form, change)
        search.catch_up()
        for doubt in self.doubts(form.instance):
            messages.warning(request, doubt)

    def after_saving(self, record: Any, by: Any) -> None:
        """What follows from the record and its parts."""

    def explain(self, request: HttpRequest, form: Any, change: bool) -> None:
        """What readers have to be told of it."""

    def doubts(self, record: Any) -> list[str]:
        """What may be wrong with it and is no error: its editor is told."""
        return []

    # --- deleting ---------------------------------------------------------------------------------

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        search.catch_up()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        search.catch_up()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._unless_refused(request, super().delete_view, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._unless_refused(request, super().changelist_view, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; an address that asks for a number or a year which there is not leads to all of it."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError, ValueError) as error:  # Django asks for any number
            raise IncorrectLookupParameters from error

    def _unless_refused(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse:
        """The view's answer; when something came to need the record meanwhile, the page again with the reason."""
        try:
            return view(request, *args)
        except (Refused, models.ProtectedError, models.RestrictedError) as reason:
            told = str(reason) if isinstance(reason, Refused) else _("Other records need it.")
            messages.error(request, told)
            return HttpResponseRedirect(request.get_full_path())


class AddressedAdmin(RecordAdmin):
    """For records with an address in words: a new name gives a new address, and the old one leads there."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self.model._default_manager.get(pk=obj.pk).named() if change else obj.named()
        if change and "name" in form.changed_data:
            obj.rename(obj.name, by=request.user)  # saves the rest of the form too
        else:
            super().save_model(request, obj, form, change)
        if obj.named() != before:
            obj.readdress(by=request.user)


def may_see(request: HttpRequest, model: Any) -> bool:
    """Whether an editor may see the records of this model, drafts among them."""
    opts = model._meta
    names = (get_permission_codename(action, opts) for action in ("view", "change"))
    return any(request.user.has_perm(f"{opts.app_label}.{name}") for name in names)


def _with_relations(model: Any) -> Any:
    """Its records with what their names are made of: an article is named with its publisher."""
    return model._default_manager.select_related(
        *(field.name for field in model._meta.fields if field.many_to_one)
    )
