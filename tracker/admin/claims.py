"""The desk's form for a claim with the quotes that make it, and the list of claims with its queues.

What was found about a claim is entered in its reviews.
"""

from operator import methodcaller
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker.models import Claim, ClaimQuote, Quote, Review, Seen, Verdict, seen_of_claim

from .alike import claims_alike
from .correcting import CorrectingAdmin, CorrectingForm, correction_tool
from .desk import PartForm, PartFormSet, RecordAdmin, StackedPart, Tool, is_id, may_see
from .moving import MovingAdmin
from .narrowing import IN_REVIEW, QueueFilter, TopicFilter
from .writing import WrittenAdmin

__all__ = ["ClaimAdmin", "claim_tool"]

_TO_ADD_A_QUOTE = "tracker.add_claimquote"


def claim_tool(request: HttpRequest, quote: Quote) -> list[Tool]:
    """The button that opens a claim that this quote makes."""
    if not request.user.has_perms(["tracker.add_claim", _TO_ADD_A_QUOTE]):
        return []
    address = f"{reverse('admin:tracker_claim_add')}?{urlencode({'quote': quote.pk})}"
    return [Tool(gettext("Make a claim of this quote"), address)]


class _ClaimForm(CorrectingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            widget = AdminTextareaWidget(attrs={"rows": 3, "class": "vLargeTextField"})
            widget.attrs |= {
                "data-longest": Claim.LONGEST,
                "data-count": gettext("%(count)s of %(most)s characters"),
                "data-alike": reverse("admin:tracker_claim_alike"),
                "data-alike-title": gettext("Claims like this one"),
                "data-but": self.instance.pk or "",
            }
            self.fields["text"].widget = widget  # which cuts nothing off unseen


class _ClaimQuoteFormSet(PartFormSet):
    said_once = ("quote",)
    said_twice = _("This quote stands in a row above: a quote does one thing with a claim.")

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.is_beside_others = True
        return form

    def clean(self) -> None:
        super().clean()
        first = [form for form in self.rows() if form.cleaned_data.get("first_appearance")]
        for form in first[1:]:
            form.add_error("first_appearance", _("A claim has one first appearance."))
        if first[1:]:
            raise ValidationError(_("Two rows are the first appearance: choose one."))
        if not any(self.errors):
            self._refuse_others_withdrawals()
            if self.instance.is_published:
                self._refuse_to_unmake()

    def _refuse_others_withdrawals(self) -> None:
        rows, wrong = self.rows_to_be(), False
        for form in self.rows():
            if reason := form.instance.why_not_withdrawn(rows):
                form.add_error("role", reason)
                wrong = True
        if wrong:
            raise ValidationError(_("The claim is not withdrawn so: see its row."))

    def _refuse_to_unmake(self) -> None:
        """A quote that is hidden meanwhile hides its claim, and may stay the only one that makes it."""
        rows = self.rows_to_be()
        stored = ClaimQuote.objects.filter(claim=self.instance).select_related("quote")
        was_told = any(each.makes_it_for_readers for each in stored)
        is_told = any(each.makes_it_for_readers for each in rows)
        is_made = any(each.role == ClaimQuote.Role.MAKES for each in rows)
        if not is_made or (was_told and not is_told):
            raise ValidationError(
                _("A published claim needs a published quote that makes it: hold it first.")
            )


class _ClaimQuoteInline(StackedPart):
    model = ClaimQuote
    form = PartForm
    formset = _ClaimQuoteFormSet
    fields = ("quote", ("role", "first_appearance"))
    autocomplete_fields = ("quote",)
    verbose_name = _("quote")
    verbose_name_plural = _("Quotes: who makes, repeats, denies or withdraws it")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimQuote]:
        return super().get_queryset(request).select_related("quote__speaker", "quote__lead")


class _ClaimQueueFilter(QueueFilter):
    waits = {
        "unreviewed": (_("Published without a review"), methodcaller("without_review")),
        "overdue": (_("Past its due date"), methodcaller("overdue")),
        "waiting": IN_REVIEW,
    }


class _VerdictFilter(admin.SimpleListFilter):
    title = _("verdict")
    parameter_name = "verdict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        verdicts = Verdict.objects.select_related("scale").prefetch_related("names")
        return [(str(each.pk), f"{each.label} ({each.scale})") for each in verdicts]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        if not is_id(self.value()):
            return queryset.none()
        current = Review.objects.current().filter(verdict=self.value())
        return queryset.filter(pk__in=current.values("claim"))


class _TopicFilter(TopicFilter):
    relation = (Claim, "topics")


class ClaimAdmin(CorrectingAdmin, WrittenAdmin, MovingAdmin, RecordAdmin):
    form = _ClaimForm
    parts = ((ClaimQuote, "claim"),)
    inlines = (_ClaimQuoteInline,)
    autocomplete_fields = ("topics",)
    readonly_fields = (
        *("status", "published_at", "withdrawn_at", "withdrawal_category", "withdrawal_reason"),
        *("created_at", "updated_at", "written_by"),
    )
    list_display = ("words", "kind", "claimants", "status", "verdict", "due")
    list_display_links = ("words",)
    list_filter = ("status", _ClaimQueueFilter, "kind", _VerdictFilter, _TopicFilter)
    search_fields = (
        *("text", "claim_quotes__quote__speaker__name"),
        *("claim_quotes__quote__citations__text", "=id"),
    )
    search_help_text = _("Words, the name of a speaker or a number.")

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=("admin-claims.js",))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        what: dict[str, Any] = {"fields": ("text", ("kind", "due"), "topics")}
        if obj is None:
            return ((None, what),)
        if obj.is_frozen and not self.is_locked(obj):
            what["description"] = _(
                "A review of it was published: its words and its kind stay as they are. For another claim, add a new one."
            )
        desk: tuple[Any, ...] = (("status", "written_by"), ("published_at", "created_at"))
        if obj.is_withdrawn:
            desk = (*desk, ("withdrawn_at", "withdrawal_category", "withdrawal_reason"))
        return self.with_note(((None, what), (_("For the desk"), {"fields": desk})), request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        frozen = obj is not None and obj.is_frozen
        return (*fields, "text", "kind") if frozen and "text" not in fields else fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        making = ClaimQuote.objects.filter(role__in=ClaimQuote.CLAIMING)
        current = Review.objects.current().ours().select_related("verdict")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("claim_quotes", making.select_related("quote__speaker"), "claiming"),
                Prefetch("reviews", current.prefetch_related("verdict__names"), "standing"),
            )
        )

    def has_page(self, record: Claim) -> bool:
        return Claim.objects.open_to_readers().filter(pk=record.pk).exists()

    def what_readers_see(self, record: Claim) -> list[Seen]:
        return seen_of_claim(record)

    @admin.display(description=_("claim"), ordering="text")
    def words(self, claim: Claim) -> str:
        return Truncator(claim.text).chars(110)

    @admin.display(description=_("claimants"))
    def claimants(self, claim: Any) -> str:
        quotes = [each.quote for each in claim.claiming]
        return ", ".join(
            dict.fromkeys(str(each.speaker or each.speaker_described_as) for each in quotes)
        )

    @admin.display(description=_("verdict"))
    def verdict(self, claim: Any) -> str:
        found = [each.verdict.label if each.verdict else each.summary for each in claim.standing]
        return Truncator(found[0]).chars(60) if found else ""

    def choice_label(self, record: Claim) -> str:
        return f"{record.text} ({record.get_kind_display()})"

    def tools(self, request: HttpRequest, record: Claim) -> list[Tool]:
        tools = super().tools(request, record)
        if request.user.has_perm("tracker.add_review"):
            address = f"{reverse('admin:tracker_review_add')}?{urlencode({'claim': record.pk})}"
            tools.append(Tool(gettext("Write a review"), address))
        if record.is_published:
            tools += correction_tool(request, record)
        return tools

    # --- a claim of a quote -----------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Of a quote only for who may add its quotes: else the claim would be saved without it."""
        if request.GET.get("quote") and not request.user.has_perm(_TO_ADD_A_QUOTE):
            raise PermissionDenied
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        if quote := self._quote_in(request):
            initial["topics"] = [topic.pk for topic in quote.topics.all()]
        return initial

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        # What is sent is compared with an empty row: else a row that nobody touched is none.
        if request.method != "POST" and not obj.pk and (quote := self._quote_in(request)):
            kwargs["initial"] = [{"quote": quote.pk, "role": ClaimQuote.Role.MAKES}]
        return kwargs

    def _quote_in(self, request: HttpRequest) -> Quote | None:
        """The quote that the address of an add form names, if its editor may see it."""
        pk = request.GET.get("quote", "")
        seen = is_id(pk) and may_see(request, Quote)
        return Quote.objects.filter(pk=pk).first() if seen else None

    # --- claims like this one ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.alike_view))
        return [path("alike/", view, name="tracker_claim_alike"), *super().get_urls()]

    def alike_view(self, request: HttpRequest) -> HttpResponse:
        """The claims like `text` as JSON, for the script beside the field."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        but = request.GET.get("but", "")
        found = claims_alike(request.GET.get("text", ""), but=int(but) if is_id(but) else None)
        told = [
            {
                "text": each.text,
                "status": each.get_status_display(),
                "address": reverse("admin:tracker_claim_change", args=[each.pk]),
            }
            for each in found
        ]
        return JsonResponse({"claims": told})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Tell of other claims like it, who may see them: the same may be told twice."""
        super().save_related(request, form, formsets, change)
        if not self.has_view_permission(request):
            return
        told, claim = gettext("There is a claim like this one:"), form.instance
        for each in claims_alike(claim.text, but=claim.pk, most=3):
            page = reverse("admin:tracker_claim_change", args=[each.pk])
            link = format_html('{} <a href="{}">{}</a>', told, page, each.text)
            messages.warning(request, format_html("{} ({})", link, each.get_status_display()))
