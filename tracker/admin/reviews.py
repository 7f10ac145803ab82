"""The desk's form for a review of a claim with its evidence, and the list of reviews.

Which review stands, and what a review needs, is the model's to say; here an editor is told beside the field.
"""

from itertools import groupby
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.models import Claim, Evidence, Review, Seen, Verdict, seen_of_review

from .correcting import CorrectingAdmin, CorrectingForm, correction_tool
from .desk import PartForm, PartFormSet, RecordAdmin, StackedPart, Tool, is_id
from .moving import MovingAdmin
from .narrowing import WaitingFilter
from .writing import WrittenAdmin

__all__ = ["ReviewAdmin"]

_HTML = _(
    "Allowed are paragraphs, lists, quotations, links and emphasis: p, br, ul, ol, li, blockquote, a, em, strong, b, i, q, cite, code. Anything else is taken out when it is saved."
)


class _ReviewForm(CorrectingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claim = self._claim()
        if "verdict" in self.fields:
            self.fields["verdict"].queryset = Verdict.objects.all()  # type: ignore[attr-defined]
            self.fields["verdict"].choices = self._verdicts(claim)  # type: ignore[attr-defined]
        if "supersedes" in self.fields:
            self._offer_earlier(claim)
        for name in ("verdict", "supersedes", "reviewer"):
            if name in self.fields:  # they are chosen here; whoever edits them does it elsewhere
                for verb in ("add", "change", "delete", "view"):
                    setattr(self.fields[name].widget, f"can_{verb}_related", False)
        if "explanation" in self.fields:
            self.fields["explanation"].widget = AdminTextareaWidget(attrs={"rows": 12})
            self.fields["explanation"].help_text = _HTML
        if "reviewer" in self.fields:
            here = Q(is_staff=True, is_active=True) | Q(pk=self.instance.reviewer_id or 0)
            people = get_user_model()._default_manager.filter(here)
            self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]

    def _claim(self) -> Claim | None:
        """The claim that this is about, as far as the form knows it."""
        given = self.data.get(self.add_prefix("claim")) if self.is_bound else None
        pk: Any = given or self.instance.claim_id or self.initial.get("claim")
        return Claim.objects.filter(pk=pk).first() if is_id(pk) else None

    def _verdicts(self, claim: Claim | None) -> list[Any]:
        """Those in use, by scale; of a claim that is known its own scale's."""
        verdicts = Verdict.objects.filter(Q(retired=False) | Q(pk=self.instance.verdict_id))
        if claim:
            verdicts = verdicts.filter(scale__kind=claim.kind)
        found = verdicts.select_related("scale").prefetch_related("names")
        by_scale = groupby(found.order_by("scale", "order", "pk"), key=lambda each: each.scale)
        scales = [(str(s), [(each.pk, each.label) for each in group]) for s, group in by_scale]
        return [("", _("No verdict: the summary alone")), *scales]

    def _offer_earlier(self, claim: Claim | None) -> None:
        """As what it supersedes: the other reviews of its claim."""
        field: Any = self.fields["supersedes"]
        others = Review.objects.filter(claim=claim).exclude(pk=self.instance.pk)
        field.queryset = others.select_related("claim", "verdict").prefetch_related(
            "verdict__names"
        )
        field.label_from_instance = _as_earlier

    def lock(self) -> None:
        """Its claim first, as when one is published: of two editors one waits, and none for the other."""
        self.instance.lock_claim()
        super().lock()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        may_choose = "article" in self.fields
        article = cleaned.get("article") if may_choose else self.instance.article
        if may_choose and "article" not in self.errors:
            self.instance.publisher = article.publisher if article else None
        if cleaned.get("rating_there") and not article and "article" not in self.errors:
            self.add_error("article", _("Choose the page on which the outlet gives this verdict."))
        if cleaned.get("rating_there") and article and cleaned.get("verdict"):
            told = _("An outlet's review has its own word alone: leave our verdict empty.")
            self.add_error("verdict", told)
        if (
            cleaned.get("reply")
            and not cleaned.get("replied_on")
            and not self._broken("replied_on")
        ):
            self.add_error("replied_on", _("Say on which day the reply came."))
        if cleaned.get("replied_on") and not cleaned.get("reply") and not self._broken("reply"):
            self.add_error("reply", _("Give the words of the reply."))
        return cleaned

    def _broken(self, name: str) -> bool:
        return name in self.errors or name not in self.fields

    def _get_validation_exclusions(self) -> set[str]:
        """The page brings its publisher along, which the form does not have."""
        return super()._get_validation_exclusions() - {"publisher"}  # type: ignore[misc]


def _as_earlier(review: Review) -> str:
    found = review.verdict or review.rating_there or review.summary
    named = (review.reviewed_on, Truncator(str(found)).chars(60), review.get_status_display())
    return " · ".join(map(str, named))


class _EvidenceFormSet(PartFormSet):
    def clean(self) -> None:
        super().clean()
        review = self.instance
        rests_on_nothing = not any(self.errors) and not self.rows_to_be()
        if review.is_published and review.is_ours and rests_on_nothing:
            raise ValidationError(_("A published review needs evidence: hold it first."))


class _EvidenceInline(StackedPart):
    model = Evidence
    form = PartForm
    formset = _EvidenceFormSet
    fields = (("kind", "bearing"), "article", "note", ("happened_on", "order"))
    autocomplete_fields = ("article",)
    verbose_name = _("piece of evidence")
    verbose_name_plural = _("Evidence: what it rests on, and which way that points")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("article__publisher")


class _DeskFilter(admin.SimpleListFilter):
    title = _("whose")
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ours", _("Ours")), ("outlets", _("Other outlets'"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = {
            None: lambda: queryset,
            "ours": queryset.ours,
            "outlets": lambda: queryset.exclude(publisher=None),
        }
        return asked.get(self.value(), queryset.none)()


class ReviewAdmin(CorrectingAdmin, WrittenAdmin, MovingAdmin, RecordAdmin):
    form = _ReviewForm
    parts = ((Evidence, "review"),)
    inlines = (_EvidenceInline,)
    change_form_template = "admin/tracker/review/change_form.html"
    autocomplete_fields = ("claim", "article")
    readonly_fields = (
        *("status", "published_at", "withdrawn_at", "withdrawal_category", "withdrawal_reason"),
        *("created_at", "updated_at", "written_by", "is_current"),
    )
    list_display = ("about", "found", "whose", "reviewed_on", "status", "is_current")
    list_display_links = ("about",)
    list_filter = ("status", WaitingFilter, _DeskFilter, "claim__kind")
    date_hierarchy = "reviewed_on"
    search_fields = ("claim__text", "summary", "publisher__name", "rating_there", "=id")
    search_help_text = _("Words of the claim or the summary, a publisher or a number.")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = ("claim", "verdict", "summary", "explanation", ("reviewed_on", "as_of"))
        reply = {"fields": (("reply_asked_on", "replied_on"), "reply"), "classes": ("collapse",)}
        outlet: dict[str, Any] = {
            "fields": ("article", "rating_there"),
            "description": _(
                "Only when the review is another outlet's and is recorded here. Whose it is follows from the page."
            ),
        }
        if not (obj and obj.article_id):
            outlet["classes"] = ("collapse",)
        desk: tuple[Any, ...] = (("reviewer", "reviewer_is_named"), "supersedes")
        if obj:
            status = (("status", "is_current", "written_by"), ("published_at", "updated_at"))
            desk = (*desk, *status)
            if obj.is_withdrawn:
                desk = (*desk, ("withdrawn_at", "withdrawal_category", "withdrawal_reason"))
        fieldsets = (
            (None, {"fields": found}),
            (_("Right of reply"), reply),
            (_("Who reviewed it, and what it supersedes"), {"fields": desk}),
            (_("A review of another outlet"), outlet),
        )
        return self.with_note(fieldsets, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What readers have seen stays whose review it was, and of what."""
        fields = super().get_readonly_fields(request, obj)
        seen = obj is not None and obj.published_at is not None
        kept = Review.KEPT_ONCE_SEEN if seen else ()
        return (*fields, *(name for name in kept if name not in fields))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        verdicts = Verdict.objects.prefetch_related("names")
        return (
            super()
            .get_queryset(request)
            .select_related("claim", "publisher")
            .prefetch_related(Prefetch("verdict", verdicts))
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A review of today by whoever opens the form; it supersedes the last one that readers have seen."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        ours = {"reviewer": request.user.pk, "reviewed_on": timezone.localdate()}
        initial = ours | initial
        if is_id(initial.get("claim")) and not initial.get("article"):
            seen = Review.objects.ours().filter(published_at__isnull=False)
            ends = seen.filter(claim=initial["claim"], superseded_by=None)
            if last := ends.order_by("-is_current", "-reviewed_on", "-pk").first():
                initial.setdefault("supersedes", last.pk)
        return initial

    def has_page(self, record: Review) -> bool:
        return Review.objects.open_to_readers().filter(pk=record.pk).exists()

    @admin.display(description=_("claim"), ordering="claim__text")
    def about(self, review: Review) -> str:
        return Truncator(review.claim.text).chars(90)

    @admin.display(description=_("what was found"), ordering="verdict__order")
    def found(self, review: Review) -> str:
        return Truncator(str(review.verdict or review.rating_there or review.summary)).chars(60)

    @admin.display(description=_("whose"), ordering="publisher__name")
    def whose(self, review: Review) -> str:
        return str(review.publisher or _("ours"))

    def tools(self, request: HttpRequest, record: Review) -> list[Tool]:
        claim = reverse("admin:tracker_claim_change", args=[record.claim_id])
        tools = [*super().tools(request, record), Tool(str(_("The claim")), claim)]
        return tools + correction_tool(request, record) if record.is_published else tools

    def what_follows(self, record: Review) -> str:
        earlier = record.would_stand_again
        if earlier is None:
            return ""
        told = gettext(
            "Readers will then find the earlier finding again: %(review)s. If that does not stand either, withdraw it first."
        )
        return told % {"review": earlier}

    def what_readers_see(self, record: Review) -> list[Seen]:
        return seen_of_review(record)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        changed = form.has_changed() or any(part.has_changed() for part in formsets)
        if changed and form.instance.is_published:
            form.instance.touch_claim()
        super().save_related(request, form, formsets, change)

    # --- after publishing: back to the claim ------------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: Review, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return _to_its_claim(request, obj) or response

    def response_change(self, request: HttpRequest, obj: Review) -> HttpResponse:
        response = super().response_change(request, obj)
        return _to_its_claim(request, obj) or response


def _to_its_claim(request: HttpRequest, review: Review) -> HttpResponse | None:
    if "_publish" not in request.POST or not review.is_published:
        return None
    return HttpResponseRedirect(reverse("admin:tracker_claim_change", args=[review.claim_id]))
