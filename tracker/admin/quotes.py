"""The desk's form for a quote with its citations and joint speakers, and the list of quotes.

What a quote may become is its verbs' to say; here an editor is told beforehand, beside the field.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tracker import dates
from tracker.models import (
    HOLD_FIRST,
    Citation,
    JointSpeaker,
    Quote,
    Seen,
    seen_of_quote,
    why_not_upheld,
)

from . import doubts
from .claims import claim_tool
from .correcting import CorrectingAdmin, CorrectingForm, correction_tool
from .desk import PartForm, PartFormSet, RecordAdmin, TabularPart, Tool
from .links import link_tool
from .moving import MovingAdmin
from .narrowing import (
    AnyYearChangeList,
    PublisherOfQuoteFilter,
    QuoteQueueFilter,
    SpeakerFilter,
    WithoutCitationFilter,
)
from .rechecking import CheckedPart, RecheckingAdmin
from .spreadsheets import SpreadsheetAdmin

__all__ = ["QuoteAdmin"]

# What the next quote of the same article or occasion most likely shares with this one.
_KEPT = ("speaker", "position", "occasion", "said_on", "said_on_as_given", "spoken_language")
# How editors write what `translated_by` holds when it is not a name.
_TRANSLATORS = {
    **{known: known for known in (Citation.THE_OUTLET, Citation.MACHINE, Citation.NOT_NAMED)},
    "outlet": Citation.THE_OUTLET,
    "unnamed": Citation.NOT_NAMED,
    "unknown": Citation.NOT_NAMED,
}
_KEPT_OF_CITATION = ("article", "language", "basis", "translated_by", "attributed_as")


class _QuoteForm(CorrectingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lead" in self.fields:
            own = Citation.objects.filter(quote=self.instance.pk)
            lead: Any = self.fields["lead"]
            lead.queryset = own.select_related("article__publisher")
            if self.instance.is_published and self.instance.lead_id:
                lead.empty_label = None
        self.instance.form_at_desk = self  # where its citations tell what it lacks

    def clean_lead(self) -> Citation | None:
        lead: Citation | None = self.cleaned_data["lead"]
        if lead is None and self.instance.is_published:
            raise ValidationError(_("A published quote needs one: choose which citation leads."))
        return lead

    def clean(self) -> dict[str, Any]:
        """Readers are never told by one editor alone that words are disputed or not theirs, or why."""
        cleaned = super().clean()
        settled = [cleaned.get(name) for name in Quote.SETTLED_FIELDS]
        if not set(Quote.SETTLED_FIELDS) & set(self.errors) and self.instance.must_be_held(
            *settled
        ):
            changed = (name for name in Quote.SETTLED_FIELDS if name in self.changed_data)
            self.add_error(next(changed, None), HOLD_FIRST)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Constraints speak of two fields that the form does not have."""
        return super()._get_validation_exclusions() - {"status", "redacted_at"}  # type: ignore[misc]


class _CitationForm(PartForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:  # an editor who may only look has none
            self.fields["text"].error_messages["required"] = _("Give the words.")
            self.fields["translated_by"].widget.attrs["list"] = "known-translators"

    def clean_translated_by(self) -> str:
        given = str(self.cleaned_data["translated_by"])
        return _TRANSLATORS.get(given.casefold(), given)

    def needed_by(self) -> list[Any]:
        """Beside its own quote: whether it leads that is asked of all rows together."""
        return [each for each in super().needed_by() if each != self.instance.quote]


class _CitationFormSet(PartFormSet):
    said_once = ("article", "locator")
    said_twice = _("This article is cited from this place already: give each its own place.")

    def clean(self) -> None:
        leads = self.instance.lead_id  # as it is chosen now
        if any(form.instance.pk == leads for form in self.deleted_forms if leads):
            raise ValidationError(
                _("The leading citation cannot be deleted: choose another one to lead.")
            )
        super().clean()
        if self.instance.is_published and not any(self.errors):
            self._refuse_what_lacks()

    def _refuse_what_lacks(self) -> None:
        """What readers are told of whose words they are must rest on the citations as they would be."""
        form = self.instance.form_at_desk
        rests_on = self._basis_changed() or "attribution" in form.changed_data
        if rests_on and "attribution" in form.cleaned_data:
            here = {each.instance.pk for each in self.initial_forms}
            left_out = [each for each in self.get_queryset() if each.pk not in here]
            if told := self.instance.lacks([each.instance for each in self.rows()] + left_out):
                form.add_error("attribution", told)
                raise ValidationError(_("Whose words they are rests on these: see above."))

    def _basis_changed(self) -> bool:
        looked_at = {"article", "basis", "role"}
        return bool(self.deleted_forms) or any(
            looked_at & set(form.changed_data) for form in self.initial_forms
        )


class _CitationInline(CheckedPart):
    model = Citation
    form = _CitationForm
    formset = _CitationFormSet
    fields = (
        "article",
        "text",
        ("language", "translated_by", "attributed_as"),
        ("basis", "role"),
        ("locator", "locator_kind"),
        "found",
    )
    autocomplete_fields = ("article",)
    verbose_name_plural = _("Citations: the words as each source gives them")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new quote opens with room for its words."""
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        return super().get_queryset(request).select_related("article__publisher")


class _JointSpeakerFormSet(PartFormSet):
    said_once = ("speaker",)

    def clean(self) -> None:
        super().clean()
        if self.instance.pk and self.has_changed() and not any(self.errors):
            speakers = {self.instance.speaker_id, *(each.speaker_id for each in self.rows_to_be())}
            if told := why_not_upheld(self.instance, speakers - {None}).get("speaker"):
                raise ValidationError(told)


class _JointSpeakerInline(TabularPart):
    model = JointSpeaker
    formset = _JointSpeakerFormSet
    fields = ("speaker", "position", "order")
    autocomplete_fields = ("speaker", "position")
    verbose_name_plural = _("Joint speakers: who else made the same statement")

    def get_queryset(self, request: HttpRequest) -> QuerySet[JointSpeaker]:
        return super().get_queryset(request).select_related("speaker", "quote", "position")


class QuoteAdmin(CorrectingAdmin, RecheckingAdmin, SpreadsheetAdmin, MovingAdmin, RecordAdmin):
    form = _QuoteForm
    parts = ((Citation, "quote"), (JointSpeaker, "quote"))
    inlines = (_CitationInline, _JointSpeakerInline)
    change_form_template = "admin/tracker/quote/change_form.html"
    autocomplete_fields = (
        *("speaker", "position", "of_organisation", "occasion", "topics"),
        "true_quote",
    )
    readonly_fields = (
        *("status", "published_at", "withdrawn_at", "withdrawal_category", "withdrawal_reason"),
        *("created_at", "updated_at", "attributed_by", "attributed_at"),
    )
    list_display = ("words", "who", "said", "status", "citations_here", "changed")
    list_display_links = ("words",)
    list_filter = (
        "status",
        SpeakerFilter,
        PublisherOfQuoteFilter,
        "kind",
        "attribution",
        QuoteQueueFilter,
        WithoutCitationFilter,
    )
    list_select_related = ("speaker", "lead")
    date_hierarchy = "said_earliest"
    search_fields = (
        *("citations__text", "speaker__name", "speaker__aliases__name"),
        *("speaker_described_as", "=reference", "=id"),
    )
    search_help_text = _("Words, the name or an alias of the speaker, a reference or a number.")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        who: tuple[Any, ...] = (
            ("speaker", "position"),
            ("said_on", "said_on_as_given"),
            "occasion",
            ("kind", "spoken_language"),
        )
        desk: tuple[Any, ...] = ("reference",)
        theirs: tuple[Any, ...] = Quote.SETTLED_FIELDS
        if obj and obj.attributed_at:
            theirs = (*theirs, ("attributed_by", "attributed_at"))
        if obj:
            who = (("status", "lead"), *who)
            desk = (*desk, ("published_at", "created_at", "updated_at"))
            if obj.is_withdrawn:
                desk = (*desk, ("withdrawn_at", "withdrawal_category", "withdrawal_reason"))
        unnamed = ("speaker_described_as", "of_organisation", "anonymity_reason")
        shut = () if obj and obj.speaker_described_as else ("collapse",)
        fieldsets = (
            (None, {"fields": who}),
            (_("A speaker whom the source does not name"), {"fields": unnamed, "classes": shut}),
            (_("What it is about"), {"fields": ("topics", "prompt", "context")}),
            (_("Is it theirs?"), {"fields": theirs}),
            (_("For the desk"), {"fields": desk}),
        )
        return self.with_note(fieldsets, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        giving = Citation.objects.filter(quote=OuterRef("pk")).order_by().values("quote")
        count = Coalesce(Subquery(giving.annotate(n=Count("pk")).values("n")), 0)
        quotes = super().get_queryset(request).select_related("speaker", "lead")
        return quotes.annotate(citation_count=count)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AnyYearChangeList]:
        return AnyYearChangeList

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was joined into another quote, or blanked for good, can be read only."""
        if obj is not None and (obj.joined_into_id or obj.redacted_at):
            return False
        return bool(super().has_change_permission(request, obj))

    def has_page(self, record: Quote) -> bool:
        return record.is_published

    def tools(self, request: HttpRequest, record: Quote) -> list[Tool]:
        tools = super().tools(request, record)
        if self.has_change_permission(request, record):
            tools += claim_tool(request, record) + link_tool(request, record)
        return tools + correction_tool(request, record) if record.is_published else tools

    def choice_label(self, record: Quote) -> str:
        return " · ".join(filter(None, [str(record), self.said(record)]))

    def what_readers_see(self, record: Quote) -> list[Seen]:
        return seen_of_quote(record)

    def must_hold(self, record: Quote) -> str:
        two = record.is_published and record.attribution in Quote.NEEDING_TWO
        return str(HOLD_FIRST) if two else ""

    @admin.display(description=_("words"))
    def words(self, quote: Quote) -> str:
        return Truncator(quote.text).chars(90) or str(_("no words yet"))

    @admin.display(description=_("speaker"), ordering="speaker__sort_name")
    def who(self, quote: Quote) -> str:
        return str(quote.speaker or quote.speaker_described_as)

    @admin.display(description=_("said on"), ordering="said_earliest")
    def said(self, quote: Quote) -> str:
        return (
            dates.reading(quote.said_on, get_language() or "en", short=True)
            if quote.said_on
            else ""
        )

    @admin.display(description=_("citations"), ordering="citation_count")
    def citations_here(self, quote: Any) -> int:
        return int(quote.citation_count)

    @admin.display(description=_("last changed"), ordering="updated_at")
    def changed(self, quote: Quote) -> str:
        return f"{timezone.localtime(quote.updated_at):%Y-%m-%d}"

    # --- saving -----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Quote, form: Any, change: bool) -> None:
        if set(Quote.SETTLED_FIELDS) & set(form.changed_data):
            obj.settle_attribution(by=request.user)  # type: ignore[arg-type]  # the desk knows who it is
        elif form.has_changed():
            _note_writer(obj, request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if any(part.has_changed() for part in formsets):
            _note_writer(form.instance, request.user)  # saved with what is changed in its parts
        super().save_related(request, form, formsets, change)

    def after_saving(self, record: Quote, by: Any) -> None:
        record.lead_with_the_first(by=by)

    def doubts(self, record: Quote) -> list[str]:
        return doubts.of_quote(record)

    def response_add(
        self, request: HttpRequest, obj: Quote, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return self._another(request, obj) or response

    def response_change(self, request: HttpRequest, obj: Quote) -> HttpResponse:
        response = super().response_change(request, obj)
        return self._another(request, obj) or response

    def _another(self, request: HttpRequest, obj: Quote) -> HttpResponse | None:
        """After “Save and add another”: a new form that keeps what quotes in a row share."""
        if "_addanother" not in request.POST:
            return None
        kept = {name: _id_or_text(getattr(obj, name)) for name in _KEPT}
        first = obj.citations.order_by("pk").first()
        if first:
            kept |= {
                f"citation_{name}": _id_or_text(getattr(first, name)) for name in _KEPT_OF_CITATION
            }
        told = _(
            "Kept from the quote before: the speaker, the date, the occasion and the article. Look whether they hold."
        )
        messages.info(request, told)
        query = urlencode({name: value for name, value in kept.items() if value})
        return HttpResponseRedirect(f"{reverse('admin:tracker_quote_add')}?{query}")

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        given = {name: request.GET.get(f"citation_{name}", "") for name in _KEPT_OF_CITATION}
        # What is sent is compared with an empty row: kept fields alone are a row without words.
        asked = request.method != "POST" and not obj.pk
        if asked and isinstance(inline, _CitationInline) and any(given.values()):
            kwargs["initial"] = [{name: value for name, value in given.items() if value}]
        return kwargs


def _note_writer(quote: Quote, by: Any) -> None:
    """Of what takes two, whoever wrote it last does not publish it; since when it was settled, stays."""
    if quote.attribution in Quote.NEEDING_TWO and not quote.is_published:
        quote.attributed_by = by


def _id_or_text(value: Any) -> str:
    return str(getattr(value, "pk", value) or "")
