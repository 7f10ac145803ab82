"""“This page declares a claim review”: what a page says it found about claims is offered to an editor, who records it.

What a page declared when it was read is kept with its article; on record is what an editor records, as a draft.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.importing import (
    LONGEST_SUMMARY,
    ArticleError,
    OnRecord,
    keep_declared,
    key_of,
    on_record_of,
    read_declared_again,
    record_claim_review,
    short_claim,
    short_description,
)
from tracker.models import Article, Claim, Review
from tracker.reading import ClaimReview

from .alike import claims_alike
from .desk import Choice, Tool

__all__ = ["DeclaringAdmin", "tell_of_declared"]

_NEEDED = ("view_article", "view_claim", "add_claim", "add_review")
_TO_NAME_A_PUBLISHER = ("tracker.change_article", "tracker.add_publisher")


def tell_of_declared(request: HttpRequest, article: int, count: int) -> None:
    """Tell an editor that a page which came in declares reviews."""
    if not count or not _may_record(request):
        return
    told = ngettext(
        "This page declares %(count)d claim review:",
        "This page declares %(count)d claim reviews:",
        count,
    )
    link = format_html(
        '{} <a href="{}">{}</a>', told % {"count": count}, _page(article), _("Look at it")
    )
    messages.info(request, link)


def _may_record(request: HttpRequest) -> bool:
    return request.user.has_perms([f"tracker.{each}" for each in _NEEDED])


def _page(article: int) -> str:
    return reverse("admin:tracker_article_claim_reviews", args=[article])


class _DeclaredForm(forms.Form):
    """Of which claim one declared review is: one like it, any other one, or a new one; and what it found."""

    like = forms.ChoiceField(
        label=gettext_lazy("It is a review of"),
        required=False,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    claim = forms.ModelChoiceField(
        Claim.objects.all(), label=gettext_lazy("Or of another claim"), required=False
    )

    summary = forms.CharField(
        label=gettext_lazy("What the outlet found, in a sentence"),
        max_length=LONGEST_SUMMARY,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
    )
    publisher = forms.CharField(
        label=gettext_lazy("Publisher of this page"),
        max_length=200,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy(
            "It has none on record. The one of this name is noted as its publisher; a new one is made when there is none."
        ),
    )

    def __init__(
        self,
        declared: ClaimReview,
        recorded: Review | None,
        site: Any,
        *args: Any,
        asks_publisher: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        self.recorded = (
            recorded  # the page then shows no fields; what another window sends is still read
        )
        self.fields["summary"].initial = short_description(declared)
        self.fields["publisher"].initial = declared.reviewer
        if not asks_publisher:
            del self.fields["publisher"]
        text = short_claim(declared.claim)
        like = claims_alike(text)
        open_ones = (each for each in like if not each.is_withdrawn)
        folded = Claim.as_compared(text)
        same = next((str(each.pk) for each in open_ones if each.folded == folded), "")
        choices = [(str(each.pk), f"{each.text} ({each.get_status_display()})") for each in like]
        new = [] if same else [("", _("A new claim, as a draft: “%(text)s”") % {"text": text})]
        self.fields["like"].choices = [*choices, *new]  # type: ignore[attr-defined]
        self.fields["like"].initial = same
        self.fields["claim"].widget = Choice(Review._meta.get_field("claim"), site)
        self.fields["claim"].widget.choices = self.fields["claim"].choices  # type: ignore[attr-defined]

    def chosen(self) -> Claim | None:
        """The claim; None for a new one."""
        other: Claim | None = self.cleaned_data["claim"]
        return other or Claim.objects.filter(pk=self.cleaned_data["like"] or 0).first()


class DeclaringAdmin(admin.ModelAdmin):
    """For the forms of articles: a mixin, before the admin that it extends."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.claim_reviews_view)
        name = "tracker_article_claim_reviews"
        return [path("<int:pk>/claim-reviews/", view, name=name), *super().get_urls()]

    def tools(self, request: HttpRequest, record: Article) -> list[Tool]:
        tools: list[Tool] = super().tools(request, record)  # type: ignore[misc]
        if not _may_record(request) or not (record.url or record.declares):
            return tools
        return [*tools, Tool(_("Claim reviews that it declares"), _page(record.pk))]

    def claim_reviews_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not _may_record(request):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.select_related("publisher"), pk=pk)
        if "_look" in request.POST:
            _look(request, article)
            return HttpResponseRedirect(_page(pk))
        if "_leave" in request.POST:
            keep_declared(article, [])
            messages.success(request, _("Left out. Reading the page again brings them back."))
            return HttpResponseRedirect(_page(pk))
        there = on_record_of(article)
        offered = self._forms(request, article, there)
        pressed = next((form for form in offered if form.is_bound), None)
        if "_record" in request.POST and pressed is None:
            messages.warning(
                request, _("The page was read again meanwhile. This is what it says now.")
            )
        if pressed and pressed.is_valid() and (done := _record(request, article, pressed)):
            return done
        context = {
            **self.admin_site.each_context(request),
            "title": _("Claim reviews that a page declares"),
            "opts": self.opts,
            "media": self.media,
            "article": article,
            "offered": offered,
            "others": there.others,
        }
        return TemplateResponse(request, "admin/tracker/article/claim_reviews.html", context)

    def _forms(
        self, request: HttpRequest, article: Article, there: OnRecord
    ) -> list[_DeclaredForm]:
        """One for each declared review; bound is the one whose button was pressed."""
        pressed = request.POST.get("_record", "")
        asks = article.publisher_id is None and request.user.has_perms(_TO_NAME_A_PUBLISHER)
        return [
            _DeclaredForm(
                each,
                recorded,
                self.admin_site,
                request.POST if pressed == key_of(each) else None,
                prefix=key_of(each),
                asks_publisher=asks,
            )
            for each, recorded in there.of
        ]


def _look(request: HttpRequest, article: Article) -> None:
    """Read the page again."""
    try:
        read_declared_again(article)
    except ArticleError as error:
        messages.error(request, str(error))
        return
    if not article.declares:
        messages.info(request, _("The page declares no claim review."))


def _record(request: HttpRequest, article: Article, form: _DeclaredForm) -> HttpResponse | None:
    """None when it is refused: the form then tells why."""
    by: Any = request.user
    typed = {name: form.cleaned_data.get(name, "") for name in ("summary", "publisher")}
    try:
        review, is_new = record_claim_review(
            article, form.declared, claim=form.chosen(), by=by, **typed
        )
    except ArticleError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
    if is_new:
        messages.success(request, _("Recorded as a draft. Read it, then publish it."))
    else:
        messages.info(request, _("It is on record: nothing was changed."))
    return HttpResponseRedirect(reverse("admin:tracker_review_change", args=[review.pk]))
