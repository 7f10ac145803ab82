"""Jobs at the desk: what waits, runs, is done or failed, with how far it is and what came of it; and the form that
has many addresses imported.

An editor looks at jobs, and starts one again; what a job says of itself nobody changes.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import looking, tasks
from tracker.models import Job
from tracker.models.addresses import AddressError, normalise_url

from .looking import tell_of_job

__all__ = ["JobAdmin"]

_NEEDED = ("add_article", "change_article", "add_quote", "change_quote")
_MOST_ADDRESSES = 1_000
_LONG = 60  # seconds that a job waits before it is asked whether a worker runs


class _AddressesForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        help_text=gettext_lazy("One a line. Lines that begin with # are left out."),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Give at least one address.")},
        max_length=_MOST_ADDRESSES * 2_000,
    )

    def clean_addresses(self) -> list[str]:
        """Each once. What is wrong is told with its line, and nothing is begun."""
        lines = self.cleaned_data["addresses"].splitlines()
        wrong = [_problem(n, line.strip()) for n, line in enumerate(lines, start=1)]
        if problems := [each for each in wrong if each]:
            raise ValidationError(problems[:20])
        found = [each.url for each in looking.named_in(lines)]
        if not found:
            raise ValidationError(self.fields["addresses"].error_messages["required"])
        if len(found) > _MOST_ADDRESSES:
            told = _("These are more than %(most)d: use manage.py import_articles.")
            raise ValidationError(told % {"most": _MOST_ADDRESSES})
        return found


def _problem(number: int, line: str) -> str:
    if not line or line.startswith("#"):
        return ""
    try:
        normalise_url(line)
    except AddressError as error:
        return _("Line %(number)d: %(problem)s") % {"number": number, "problem": error}
    return ""


class JobAdmin(admin.ModelAdmin):
    list_display = ("what", "state_in_words", "progress", "came_of_it", "asked_by", "asked_at")
    list_display_links = ("what",)
    list_filter = ("state", "kind")
    list_select_related = ("asked_by",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("start_again",)
    fields = (
        *("kind", "state_in_words", "progress", "came_of_it", "reason", "problems_in_words"),
        *("asked_by", "asked_at", "started_at", "beat_at", "finished_at", "wanted_in_words"),
    )
    readonly_fields = fields

    # --- Who may do what ------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tracker.change_article")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- Pages ----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="tracker_job_import"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        Job.objects.give_up_lost()
        return super().get_queryset(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Many addresses, one a line, are imported as one job."""
        if not all(request.user.has_perm(f"tracker.{name}") for name in _NEEDED):
            raise PermissionDenied
        form = _AddressesForm(request.POST or None)
        if form.is_valid():
            try:
                by: Any = request.user
                job = tasks.ask(Job.Kind.IMPORT, form.cleaned_data["addresses"], by=by)
            except tasks.TooMany as error:
                form.add_error("addresses", str(error))
            else:
                tell_of_job(request, job)
                return HttpResponseRedirect(reverse("admin:tracker_job_change", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import many addresses"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
        }
        return TemplateResponse(request, "admin/tracker/job/import.html", context)

    @admin.action(description=gettext_lazy("Start again"), permissions=["view"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            needed = _NEEDED if job.kind == Job.Kind.IMPORT else ("change_article",)
            if not all(request.user.has_perm(f"tracker.{name}") for name in needed):
                raise PermissionDenied
            if not job.is_over:
                messages.warning(request, _("“%(job)s” is not over yet.") % {"job": job})
                continue
            try:
                tell_of_job(request, tasks.ask_again(job, by=request.user))  # type: ignore[arg-type]
            except tasks.TooMany as error:
                messages.error(request, str(error))

    # --- A job in words -------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("job"))
    def what(self, job: Job) -> str:
        return str(job)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, job: Job) -> str:
        """A job that nobody takes up says what may be missing."""
        word = str(job.get_state_display())
        waited = (timezone.now() - job.asked_at).total_seconds()
        if job.state == Job.State.WAITING and waited > _LONG:
            return _("%(state)s: is manage.py db_worker running?") % {"state": word}
        return word

    @admin.display(description=gettext_lazy("how far"))
    def progress(self, job: Job) -> str:
        return _("%(done)d of %(total)d") % {"done": job.done, "total": job.total}

    @admin.display(description=gettext_lazy("what came of it"))
    def came_of_it(self, job: Job) -> str:
        return looking.in_words(job.counts) or job.reason

    @admin.display(description=gettext_lazy("what went wrong"))
    def problems_in_words(self, job: Job) -> str:
        # The line break is ours; what it joins is escaped.
        return format_html_join(mark_safe("<br>"), "{}: {}", job.problems)

    @admin.display(description=gettext_lazy("with what"))
    def wanted_in_words(self, job: Job) -> str:
        return ", ".join(map(str, job.wanted[:50])) + (" …" if len(job.wanted) > 50 else "")
