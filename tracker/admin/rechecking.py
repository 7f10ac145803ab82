"""Looks for words in the copies that are here, from the forms of quotes and articles, and tells the editor what was found.

Nothing is fetched; what is kept of a look, and what readers are told, is the verbs' of `Citation` to say.
"""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tracker.models import Article, Capture, Citation, Refused

from .desk import StackedPart, is_id
from .findings import copies_to_look_in, copy_name, entry_address, settled

__all__ = ["AnchoringAdmin", "CheckedPart", "RecheckingAdmin", "look"]

_MOST_NAMED = 10
_LOST = (Citation.Check.ALTERED, Citation.Check.MISSING)


def look(request: HttpRequest, citation: Citation) -> None:
    """Check a citation against the newest copy of its article, and tell what was found."""
    copy = copies_to_look_in(citation.article_id).first()
    if copy is None:
        messages.warning(request, gettext("There is no copy of its source with a text."))
        return
    by: Any = request.user
    try:
        result = citation.check_against(copy, by=by)
    except Refused as reason:
        messages.error(request, str(reason))
        return
    found = f"{Citation.Check(result).label} · {copy_name(copy)}."
    if citation.doubted_in_id == copy.pk:
        told = gettext("Readers are not told before you confirm it:")
        link = format_html(
            '<a href="{}">{}</a>', entry_address(citation), gettext("Words to look at")
        )
        messages.warning(request, format_html("{} {} {}", found, told, link))
    elif citation.checked_in_id == copy.pk:
        told = gettext("This is what readers are told.")
        messages.success(request, f"{found} {told}")
    else:
        told = gettext(
            "It changes nothing: it was dismissed, or a copy that is newer or proves more was looked at before."
        )
        messages.info(request, f"{found} {told}")


class CheckedPart(StackedPart):
    """Citations on the form of their quote, each with what was found of its words: a field `found`."""

    readonly_fields = ("found",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        self._may_look = request.user.has_perm("tracker.change_citation")
        newest = copies_to_look_in(OuterRef("article")).values("pk")[:1]
        citations = super().get_queryset(request).select_related("checked_in", "doubted_in")
        unread = citations.defer("checked_in__text", "doubted_in__text")
        return unread.annotate(newest_copy=Subquery(newest))

    @admin.display(description=_("check"))
    def found(self, citation: Any) -> str:
        if citation.pk is None or not hasattr(citation, "newest_copy"):
            return gettext("Not checked")
        doubt = citation.doubted_in
        context = {
            "citation": citation,
            "settled": settled(citation),
            "doubt": f"{citation.get_doubt_display()} · {copy_name(doubt)}" if doubt else "",
            "address": entry_address(citation),
            "may_look": self._may_look and citation.newest_copy,
        }
        return render_to_string("admin/tracker/doubtedcitation/_beside.html", context)


class RecheckingAdmin(admin.ModelAdmin):
    """For the form of a quote, whose citations have buttons: a mixin, before the admin that it extends."""

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        asked = request.POST.get("_look", "")
        if not is_id(asked) or not request.user.has_perm("tracker.change_citation"):
            return response
        citation = obj.citations.filter(pk=asked).first()
        if citation is not None:  # it may be one that this form deleted
            look(request, citation)
        opts = self.opts
        here = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
        return HttpResponseRedirect(here)


class AnchoringAdmin(admin.ModelAdmin):
    """For the form of an article: in the copies that an editor brings, the words of its citations are looked for."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for copy in _brought(formsets):
            _look_into(request, form.instance, copy)


def _brought(formsets: Any) -> list[Capture]:
    """The copies that were saved with a new text, the oldest first."""
    saved = [
        row
        for part in formsets
        for row in [
            *part.new_objects,
            *(row for row, changed in part.changed_objects if "text" in changed),
        ]
    ]
    copies = [row for row in saved if isinstance(row, Capture) and row.text]
    return sorted(copies, key=lambda copy: copy.taken_at)


def _look_into(request: HttpRequest, article: Article, copy: Capture) -> None:
    by: Any = request.user
    citations = Citation.objects.filter(article=article)
    found = citations.filter(anchored_in__isnull=False).check_against(copy, by=by)
    found += citations.anchor(copy, by=by)
    if not found:
        return
    lost = sum(found[each] for each in _LOST)
    tell = messages.warning if lost else messages.success
    tell(request, format_html("{} {}", _counted(found, copy), _named(citations, copy)))


def _counted(found: Counter[str], copy: Capture) -> str:
    told = ngettext(
        "Looked for the words of %(count)d citation in the copy (%(copy)s): %(found)s.",
        "Looked for the words of %(count)d citations in the copy (%(copy)s): %(found)s.",
        found.total(),
    )
    each = [f"{Citation.Check(result).label} {n}" for result, n in found.most_common()]
    return told % {"count": found.total(), "copy": copy_name(copy), "found": ", ".join(each)}


def _named(citations: QuerySet[Citation], copy: Capture) -> SafeString:
    """Links to those whose words are not there, or not so: in doubt now, or never found in any copy."""
    lost = citations.filter(doubted_in=copy) | citations.filter(anchored_in=None)
    named = list(lost.order_by("pk")[:_MOST_NAMED])
    if not named:
        return SafeString("")
    links = format_html_join(
        ", ",
        '<a href="{}">“{}”</a>',
        ((entry_address(each), Truncator(each.text).chars(60)) for each in named),
    )
    return format_html("{} {}", gettext("Look at these:"), links)
