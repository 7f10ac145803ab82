"""The desk's queue of words to look at: what a look did not find, or found altered, until an editor confirms or dismisses it.

What readers are told, and the history, are the verbs' of `Citation`; here an editor sees the two wordings and decides.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker.models import Citation, DoubtedCitation

from .desk import RecordAdmin, is_id
from .findings import copies_to_look_in, entry_address, finding, settled
from .narrowing import PublisherFilter
from .rechecking import look

__all__ = ["CheckAdmin", "waiting"]

_VERBS = ("confirm", "dismiss")


def waiting(request: HttpRequest) -> int | None:
    """How many citations wait to be looked at; None for an editor who may not see them."""
    return Citation.objects.doubted().count() if _may_see(request) else None


def _may_see(request: HttpRequest) -> bool:
    return request.user.has_perm("tracker.view_citation") or _may_decide(request)


def _may_decide(request: HttpRequest) -> bool:
    return request.user.has_perm("tracker.change_citation")


class _FindingFilter(admin.SimpleListFilter):
    title = _("finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        lost = (Citation.Check.ALTERED, Citation.Check.MISSING)
        return [(each.value, each.label) for each in lost]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(doubt=self.value()) if self.value() else queryset


class _PublisherOfCitationFilter(PublisherFilter):
    def narrowed(self, queryset: QuerySet[Any], chosen: int) -> QuerySet[Any]:
        return queryset.filter(article__publisher=chosen)


class _Queue(ChangeList):
    """Those in doubt; a citation that is in none has a page all the same."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        found: Any = super().get_queryset(*args, **kwargs)
        return found.doubted()


class CheckAdmin(RecordAdmin):
    list_display = ("words", "copy_there", "cited", "decision")
    list_display_links = None
    list_per_page = 20  # each row looks into a text
    list_filter = (_FindingFilter, _PublisherOfCitationFilter)
    ordering = ("doubted_in__taken_at", "pk")
    search_fields = ("text", "quote__speaker__name", "article__headline", "article__url", "=id")
    search_help_text = _("Words, the name of the speaker, the headline or a web address.")
    sortable_by = ("copy_there",)
    actions = ("confirm", "dismiss")
    change_form_template = "admin/tracker/doubtedcitation/change_form.html"

    # --- who may ----------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may_see(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_see(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_decide(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_page(self, record: Any) -> bool:
        return False

    # --- the list ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[DoubtedCitation]:
        named = ("quote__speaker", "article__publisher", "doubted_in", "checked_in")
        citations = super().get_queryset(request).select_related(*named)
        return citations.defer("checked_in__text").annotate(length=Length("anchored_in__text"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _Queue

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if _may_decide(request) else [name for name in shown if name != "decision"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        verb = _pressed(request)
        if verb is not None:
            self._decide(request, verb, _one(request.POST[f"_{verb}"]), asked=1)
            return HttpResponseRedirect(request.get_full_path())
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, title | (extra_context or {}))

    @admin.display(description=_("words"))
    def words(self, citation: Any) -> str:
        return self._cell("words", citation)

    @admin.display(description=_("in which copy"), ordering="doubted_in__taken_at")
    def copy_there(self, citation: Any) -> str:
        return self._cell("copy", citation)

    @admin.display(description=_("quote and article"))
    def cited(self, citation: Any) -> str:
        return self._cell("cited", citation)

    @admin.display(description=_("decision"))
    def decision(self, citation: Any) -> str:
        return self._cell("decision", citation)

    def _cell(self, name: str, citation: Any) -> str:
        if name == "words":  # the first one looks, and the next one shows more of it
            citation.finding = finding(citation)
        return render_to_string(
            f"admin/tracker/doubtedcitation/_{name}.html", _shown(citation, citation.finding)
        )

    # --- deciding ---------------------------------------------------------------------------------

    @admin.action(description=_("Confirm: readers are told"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: Any) -> None:
        self._decide(request, "confirm", queryset, asked=_asked(request, queryset))

    @admin.action(description=_("Dismiss: it was no true copy"), permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: Any) -> None:
        self._decide(request, "dismiss", queryset, asked=_asked(request, queryset))

    @transaction.atomic
    def _decide(self, request: HttpRequest, verb: str, chosen: Any, *, asked: int) -> int:
        """Confirm or dismiss what the editor saw, and nothing that was found since."""
        if not _may_decide(request):
            raise PermissionDenied
        now = Citation.objects.filter(pk__in=chosen.values("pk")).doubted().ready_to_check()
        seen = [each.pk for each in now if _was_seen(request, each)]
        citations = Citation.objects.filter(pk__in=seen)
        by: Any = request.user
        confirms = verb == "confirm"
        done = citations.confirm_checks(by=by) if confirms else citations.dismiss_checks(by=by)
        _tell(request, verb, done, asked - done)
        return done

    # --- one --------------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        citation: Any = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, citation):
            raise PermissionDenied
        if citation is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self._act(request, citation)
        context = {
            **self.admin_site.each_context(request),
            **_shown(citation, finding(citation)),
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "subtitle": str(citation),
            "opts": self.opts,
            "media": self.media,
            "may_decide": _may_decide(request),
            "settled": settled(citation),
            "newest": copies_to_look_in(citation.article_id).defer("text").first(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, context)

    def _act(self, request: HttpRequest, citation: Any) -> HttpResponse:
        if not _may_decide(request):
            raise PermissionDenied
        here = HttpResponseRedirect(entry_address(citation))
        if "_look" in request.POST:
            look(request, Citation.objects.get(pk=citation.pk))
            return here
        verb = _pressed(request)
        if verb is None or not self._decide(request, verb, _one(str(citation.pk)), asked=1):
            return here
        return HttpResponseRedirect(reverse("admin:tracker_doubtedcitation_changelist"))


def _shown(citation: Any, found: Any) -> dict[str, Any]:
    return {"citation": citation, "finding": found, "token": _token(citation)}


def _pressed(request: HttpRequest) -> str | None:
    return next((verb for verb in _VERBS if f"_{verb}" in request.POST), None)


def _one(pk: str) -> Any:
    return Citation.objects.filter(pk=pk) if is_id(pk) else Citation.objects.none()


def _asked(request: HttpRequest, queryset: Any) -> int:
    """How many were ticked: some may be out of the queue by now."""
    if request.POST.get("select_across") == "1":
        return int(queryset.count())
    return len(set(request.POST.getlist(ACTION_CHECKBOX_NAME)))


def _token(citation: Citation) -> str:
    """What a page remembers of a doubt that it shows."""
    return f"{citation.doubt}-{citation.doubted_in_id}"


def _was_seen(request: HttpRequest, citation: Citation) -> bool:
    """Whether it is what the page showed; of rows on other pages of a list that is not known."""
    return request.POST.get(f"seen-{citation.pk}", _token(citation)) == _token(citation)


def _tell(request: HttpRequest, verb: str, done: int, left: int) -> None:
    told = {
        "confirm": ngettext(
            "Readers are told of %(count)d citation.",
            "Readers are told of %(count)d citations.",
            done,
        ),
        "dismiss": ngettext(
            "%(count)d citation: what was found in that copy counts for nothing.",
            "%(count)d citations: what was found in those copies counts for nothing.",
            done,
        ),
    }
    if done:
        messages.success(request, told[verb] % {"count": done})
    if left > 0:
        told_left = gettext(
            "Not done for %(count)d: somebody decided it, or another look found something else, in the meantime."
        )
        messages.warning(request, told_left % {"count": left})
