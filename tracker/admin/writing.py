"""What an editor wrote at the desk is noted as theirs, and what another editor published stays as it is until it is held.

Who may publish what is the models' to say.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

__all__ = ["WrittenAdmin"]

_LOCKED = _("Hold it to change it: then another editor publishes it.")


class WrittenAdmin(admin.ModelAdmin):
    """For records in our own words: a mixin, before the admins that it extends."""

    def is_locked(self, record: Any) -> bool:
        """Whether its words can be read only: somebody else read them before readers did."""
        return record is not None and record.is_published and record.needs_two()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.is_locked(obj):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        parts = super().get_inline_instances(request, obj)
        if self.is_locked(obj):
            for part in parts:
                part.has_add_permission = _never  # type: ignore[method-assign]
                part.has_change_permission = _never  # type: ignore[method-assign]
                part.has_delete_permission = _never  # type: ignore[method-assign]
                part.max_num = 0
        return parts

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = context.get("original")
        if self.is_locked(record) and self.has_change_permission(request, record):
            context["locked_why"] = _LOCKED
            context |= {"show_save": False, "show_save_and_continue": False}
            context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change or form.has_changed():
            obj.written_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if any(part.has_changed() for part in formsets):
            form.instance.written_by = request.user  # saved with what is changed in its parts
        super().save_related(request, form, formsets, change)


def _never(request: HttpRequest, obj: Any = None) -> bool:
    return False
