"""Publish, submit, hold and withdraw at the desk: actions for many, buttons for one. What each may do is the models' to say."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker import sanitizing
from tracker.models import AnotherMust, Moved, Publishable, Refused, Status, Withdrawal

__all__ = ["MovingAdmin"]

_MOST_NAMED = 20  # refusals that are told one by one

_DONE = {
    "publish": _("published"),
    "submit": _("submitted for review"),
    "hold": _("held"),
    "withdraw": _("withdrawn"),
}
_BUTTONS = {
    "publish": _("Save and publish"),
    "submit": _("Save and submit for review"),
    "hold": _("Save and hold"),
}
_HOLD = _("Hold: hide at once")
# What an editor would do next.
_NEXT = {
    Status.DRAFT: ("publish", "submit"),
    Status.IN_REVIEW: ("publish",),
    Status.PUBLISHED: ("hold",),
    Status.HELD: ("publish",),
    Status.WITHDRAWN: ("publish",),
}


class _WithdrawalForm(forms.Form):
    category = forms.ChoiceField(
        label=_("Why"),
        choices=[("", "---------"), *Withdrawal.choices],
        help_text=_("Readers who come to its address are told this."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("A sentence for the desk; readers do not see it."),
    )

    def clean_reason(self) -> str:
        try:
            return sanitizing.plain_words(self.cleaned_data["reason"])
        except ValueError as error:
            raise ValidationError(str(error)) from error


class MovingAdmin(admin.ModelAdmin):
    """For records that are published: a mixin, before the admin that it extends."""

    actions = ("publish", "submit", "hold", "withdraw", "delete_selected")

    # --- many -------------------------------------------------------------------------------------

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, "publish", queryset.publish(by=request.user))

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, "submit", queryset.submit(by=request.user))

    @admin.action(description=_HOLD, permissions=["change"])
    def hold(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, "hold", queryset.hold(by=request.user))

    @admin.action(description=_("Withdraw …"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        form = _WithdrawalForm(request.POST if "_withdraw" in request.POST else None)
        if form.is_valid():
            moved = queryset.withdraw(by=request.user, **form.cleaned_data)
            self._tell(request, "withdraw", moved)
            return None
        across = request.POST.get("select_across") == "1"
        context = {
            "form": form,
            "records": queryset[:_MOST_NAMED],
            "follows": [told for each in queryset if (told := self.what_follows(each))],
            "count": queryset.count(),
            "chosen": [] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": across,
        }
        return self._ask(request, context)

    @admin.action(description=_("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: Any) -> Any:
        seen = queryset.filter(published_at__isnull=False).count()
        if not seen:
            return delete_selected(self, request, queryset)
        told = ngettext(
            "Nothing was deleted: %(count)d of them has been published, and what readers have seen is never deleted. Withdraw it instead.",
            "Nothing was deleted: %(count)d of them have been published, and what readers have seen is never deleted. Withdraw them instead.",
            seen,
        )
        messages.error(request, told % {"count": seen})
        return None

    def _tell(self, request: HttpRequest, verb: str, moved: Moved) -> None:
        if moved.done:
            told = ngettext(
                "%(count)d %(name)s: %(done)s.", "%(count)d %(names)s: %(done)s.", moved.done
            )
            opts = self.model._meta
            names = {"name": opts.verbose_name, "names": opts.verbose_name_plural}
            messages.success(request, told % {"count": moved.done, "done": _DONE[verb], **names})
        for record, reason in moved.refused[:_MOST_NAMED]:
            self._tell_refusal(request, verb, record, reason)
        if more := len(moved.refused[_MOST_NAMED:]):
            messages.warning(request, gettext("And %(count)d more were refused.") % {"count": more})

    def _tell_refusal(self, request: HttpRequest, verb: str, record: Any, reason: str) -> None:
        told = gettext("Not %(done)s: “%(record)s”. %(reason)s")
        messages.warning(request, told % {"done": _DONE[verb], "record": record, "reason": reason})

    # --- one --------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        opts = self.model._meta
        withdraw = path(
            "<path:object_id>/withdraw/",
            self.admin_site.admin_view(self.withdraw_view),
            name=f"{opts.app_label}_{opts.model_name}_withdraw",
        )
        return [withdraw, *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        form = _WithdrawalForm(request.POST or None)
        if form.is_valid():
            try:
                record.withdraw(by=request.user, **form.cleaned_data)
            except Refused as reason:
                form.add_error(None, str(reason))
            else:
                self._tell(request, "withdraw", Moved(1))
                return HttpResponseRedirect(self._address(record))
        told = self.what_follows(record)
        context = {"records": [record], "count": 1, "follows": [told] if told else []}
        return self._ask(request, {"form": form, **context})

    def what_follows(self, record: Any) -> str:
        """What readers will find in the place of a record once it is hidden; '' for nothing."""
        return ""

    def _ask(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw"),
            "opts": self.opts,
            "changelist_url": reverse(f"admin:tracker_{self.opts.model_name}_changelist"),
            "media": self.media,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            **context,
        }
        return TemplateResponse(request, "admin/tracker/withdraw.html", context)

    def _address(self, record: Any) -> str:
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        following = _NEXT[Status(obj.status)] if obj else _NEXT[Status.DRAFT]
        if context.get("is_popup") or not (add or self.has_change_permission(request, obj)):
            following = ()
        labels = _BUTTONS
        if obj is not None and self.is_locked(obj):  # type: ignore[attr-defined]
            labels = _BUTTONS | {"hold": _HOLD}  # there is nothing to save
        context["moves"] = [(verb, labels[verb]) for verb in following]
        if obj is not None and obj.published_at is not None:
            context["show_delete"] = False
            opts = self.opts
            if not obj.is_withdrawn and self.has_change_permission(request, obj):
                withdraw = f"admin:{opts.app_label}_{opts.model_name}_withdraw"
                context["withdraw_url"] = reverse(withdraw, args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._moved_on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._moved_on(request, obj) or super().response_change(request, obj)

    def _moved_on(self, request: HttpRequest, obj: Publishable) -> HttpResponse | None:
        """Do what the pressed button says beside saving; when that is refused, back to the form."""
        verb = next((verb for verb in _BUTTONS if f"_{verb}" in request.POST), "")
        if not verb or not self.has_change_permission(request, obj):
            return None
        try:
            getattr(obj, verb)(by=request.user)
        except AnotherMust as reason:
            told = gettext("It is saved. %s")
            if obj.status == Status.DRAFT:  # where that other editor finds it
                editor: Any = request.user
                obj.submit(by=editor)
                told = gettext("It is saved and submitted for review. %s")
            self._tell_refusal(request, verb, obj, told % reason)
            return HttpResponseRedirect(self._address(obj))
        except Refused as reason:
            self._tell_refusal(request, verb, obj, gettext("It is saved. %s") % reason)
            return HttpResponseRedirect(self._address(obj))
        self._tell(request, verb, Moved(1))
        return None

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is not None and record.published_at is not None:
            told = _("It was not deleted: what readers have seen is never deleted. Withdraw it.")
            messages.error(request, told)
            return HttpResponseRedirect(self._address(record))
        return super().delete_view(request, object_id, extra_context)
