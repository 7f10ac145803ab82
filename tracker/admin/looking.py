"""“Check now” at the desk, for one article and for many, and how their links are: what the last look at each saw.

What looking is, and how politely, the rooms below decide; here it is asked for, and told.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tracker import looking, tasks
from tracker.models import Article, Capture, Health, Job, health_of

__all__ = ["HealthFilter", "LookingAdmin", "tell_of_job"]


class HealthFilter(admin.SimpleListFilter):
    """Articles by what the last look at their page saw."""

    title = gettext_lazy("link")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Health.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.of_health(self.value()) if self.value() else queryset


class LookingAdmin(admin.ModelAdmin):
    """For the list and the form of articles: a mixin, before the admin that it extends."""

    actions = ("look_now",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.look_view))
        return [path("<int:pk>/look/", view, name="tracker_article_look"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles: Any = super().get_queryset(request)
        return articles.with_last_look()

    @admin.action(description=gettext_lazy("Check now"), permissions=["change"])
    def look_now(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """As a list of articles offers it: those without a page to look at are told."""
        chosen = list(queryset.values_list("pk", flat=True))
        there = Article.objects.to_look_at(not_since=timezone.now()).filter(pk__in=chosen)
        ids = list(there.values_list("pk", flat=True))
        if left_out := len(chosen) - len(ids):
            told = ngettext(
                "%(count)d article has no web page that is looked at.",
                "%(count)d articles have no web page that is looked at.",
                left_out,
            )
            messages.warning(request, told % {"count": left_out})
        if ids:
            _ask(request, ids)

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button of an article's form."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        self.look_now(request, Article.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:tracker_article_change", args=[pk]))

    @admin.display(description=gettext_lazy("link"), ordering="looked_at")
    def link_health(self, article: Any) -> str:
        """“There, 2025-05-26”."""
        if not article.url or article.is_private:
            return ""
        health = health_of(article.looked_outcome, article.looked_status)
        if article.looked_at is None:
            return str(health.label)
        told = _("%(what)s, %(date)s")
        return told % {"what": health.label, "date": _day(article.looked_at)}

    @admin.display(description=gettext_lazy("when we looked"))
    def looks(self, article: Any) -> str:
        """The last look in full, with why no page was seen, and when one was."""
        if article.pk is None or article.looked_at is None:
            return self.link_health(article) if article.pk else ""
        parts = [self.link_health(article)]
        if article.looked_failure:
            parts.append(str(Capture.Failure(article.looked_failure).label))
        if article.looked_status:
            parts.append(_("status %(status)d") % {"status": article.looked_status})
        if article.looked_outcome not in Capture.SEEN and article.seen_at:
            parts.append(_("last seen on %(date)s") % {"date": _day(article.seen_at)})
        return "; ".join(parts)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _ask(request: HttpRequest, ids: list[int]) -> None:
    try:
        job = tasks.ask(Job.Kind.LOOK, ids, by=request.user)  # type: ignore[arg-type]
    except tasks.TooMany as error:
        messages.error(request, str(error))
        return
    tell_of_job(request, job)


def tell_of_job(request: HttpRequest, job: Job) -> None:
    """What came of a job, or that it waits; with the way to its page."""
    page = reverse("admin:tracker_job_change", args=[job.pk])
    if job.state == Job.State.FAILED:
        level, told = messages.ERROR, job.reason
    elif job.is_over:
        level, told = messages.SUCCESS, looking.in_words(job.counts) or _("Nothing to do.")
    else:
        level, told = messages.INFO, _("It is on the list of jobs and is done by the worker.")
    messages.add_message(
        request, level, format_html('{} <a href="{}">{}</a>', told, page, _("See the job"))
    )
