"""The desk's forms for publishers and articles, with the copies that are kept of an article."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import dates
from tracker.models import Article, Capture, Citation, Publisher

from .claim_reviews import DeclaringAdmin
from .correcting import correction_tool
from .desk import AddressedAdmin, PartForm, RecordAdmin, StackedPart, Tool
from .importing import ImportingAdmin
from .looking import HealthFilter, LookingAdmin
from .narrowing import DeclaringFilter, PublisherFilter, RelationFilter
from .rechecking import AnchoringAdmin

__all__ = ["ArticleAdmin", "PublisherAdmin"]


class PublisherAdmin(AddressedAdmin):
    fields = ("name", "domain")
    list_display = ("name", "domain", "articles_here")
    search_fields = ("name", "domain")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publisher]:
        theirs = Article.objects.filter(publisher=OuterRef("pk")).order_by().values("publisher")
        count = Coalesce(Subquery(theirs.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(article_count=count)

    @admin.display(description=_("articles"), ordering="article_count")
    def articles_here(self, publisher: Any) -> int:
        return int(publisher.article_count)


class _CaptureForm(PartForm):
    """A copy that an editor brings. What a machine fetched, or a citation was checked in, is evidence and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method = self.fields.get("method")
        if method is None:  # an editor who may only look
            return
        if self.instance.pk and self.instance.method == Capture.Method.FETCHED:
            for field in self.fields.values():
                field.disabled = not field.widget.is_hidden
        else:
            # A file cannot be brought here yet; what was once said to be one may stay so.
            offered = {Capture.Method.TYPED, Capture.Method.WEB_ARCHIVE, self.instance.method}
            kinds = [kind for kind in Capture.Method.choices if kind[0] in offered]
            method.choices = [("", "---------"), *kinds]  # type: ignore[attr-defined]
        if getattr(self.instance, "is_relied_on", False):
            self.fields["text"].disabled = True
            self.fields["text"].help_text = _(
                "Citations were checked in this text: it stays as it is."
            )


class _CaptureInline(StackedPart):
    model = Capture
    form = _CaptureForm
    fields = (("method", "taken_at"), ("headline", "archive_url"), "text")
    verbose_name = _("copy")
    verbose_name_plural = _("Copies: text that was typed, and addresses in a web archive")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        relying = Citation.objects.filter(
            Q(anchored_in=OuterRef("pk"))
            | Q(checked_in=OuterRef("pk"))
            | Q(doubted_in=OuterRef("pk"))
        )
        ever = Citation.history.filter(
            doubted_in=OuterRef("pk")
        )  # it may have been dismissed since
        relied_on = Exists(relying) | Exists(ever)
        # A look that kept nothing is told by `looks`, and there may be hundreds.
        copies = super().get_queryset(request).exclude(text="", archive_url="", method="fetched")
        return copies.annotate(is_relied_on=relied_on)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "taken_at":
            kwargs["initial"] = timezone.now
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ArticleAdmin(DeclaringAdmin, LookingAdmin, ImportingAdmin, AnchoringAdmin, RecordAdmin):
    change_form_template = "admin/tracker/article/looked_at.html"
    change_list_template = "admin/tracker/article/listed.html"
    parts = ((Capture, "article"),)
    inlines = (_CaptureInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "url_as_typed",
                    "headline",
                    ("publisher", "byline"),
                    ("published_on", "language"),
                    ("medium", "access"),
                )
            },
        ),
        (
            _("Where it comes from"),
            {
                "description": _(
                    "A page that is translated and re-reported is a re-report in another language."
                ),
                "fields": (("original", "relation"),),
            },
        ),
        (_("For readers"), {"fields": ("notes",)}),
        (_("For the desk"), {"fields": (("url", "created_at", "updated_at"), "looks")}),
    )
    readonly_fields = ("url", "created_at", "updated_at", "looks")
    autocomplete_fields = ("publisher", "original")
    list_display = (
        "headline_or_id",
        "publisher",
        "published",
        "language",
        "citations_here",
        "link_health",
    )
    list_filter = (
        PublisherFilter,
        HealthFilter,
        DeclaringFilter,
        "medium",
        "access",
        ("relation", RelationFilter),
    )
    list_select_related = ("publisher",)
    search_fields = ("headline", "url", "byline", "publisher__name", "=id")
    search_help_text = _(
        "Words of the headline, an address, the byline, the publisher or a number."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        given = Citation.objects.filter(article=OuterRef("pk")).order_by().values("article")
        count = Coalesce(Subquery(given.annotate(n=Count("pk")).values("n")), 0)
        articles = super().get_queryset(request).select_related("publisher")
        return articles.annotate(citation_count=count)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """A pasted web address finds its article, however it is spelt."""
        if search_term.strip().lower().startswith(("http://", "https://")):
            try:
                return Article.objects.at_address(search_term) & queryset, False
            except ValueError:
                pass  # a part of an address, perhaps
        return super().get_search_results(request, queryset, search_term)

    def choice_label(self, record: Article) -> str:
        named = (
            self.headline_or_id(record),
            record.publisher,
            self.published(record) or _("undated"),
        )
        return " · ".join(str(part) for part in named if part)

    def tools(self, request: HttpRequest, record: Article) -> list[Tool]:
        return [*super().tools(request, record), *correction_tool(request, record)]

    def has_page(self, record: Article) -> bool:
        return not record.is_private

    @admin.display(description=_("headline"), ordering="headline")
    def headline_or_id(self, article: Article) -> str:
        return article.headline or f"#{article.pk}"

    @admin.display(description=_("published on"), ordering="published_earliest")
    def published(self, article: Article) -> str:
        return (
            dates.reading(article.published_on, get_language() or "en", short=True)
            if article.published_on
            else ""
        )

    @admin.display(description=_("citations"), ordering="citation_count")
    def citations_here(self, article: Any) -> int:
        return int(article.citation_count)
