"""Whose words they are: the attribution of a quote, who settled it and when, and what it must rest on before readers
are told. What its citations prove is `independence.py`'s to say.
"""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import search

from .fields import WordsField
from .statuses import Editor, Publishable, Refused

__all__ = ["HOLD_FIRST", "NEEDS_A_REASON", "Attributed", "Attribution"]

NEEDS_A_REASON = _("Give the reason: what confirms it, who disputes it, or why it is not theirs.")
HOLD_FIRST = _("Hold it first: another editor then publishes it.")


class Attribution(models.TextChoices):
    UNVERIFIED = "unverified", _("Unverified")
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")
    MISATTRIBUTED = "misattributed", _("Misattributed")


class Attributed(Publishable):
    """Abstract: a quote, as far as it says whose words it has."""

    Attribution = Attribution
    # What one editor says of words, and only another one may tell readers.
    NEEDING_TWO = (Attribution.DISPUTED, Attribution.MISATTRIBUTED)
    # What is settled together.
    SETTLED_FIELDS = ("attribution", "attribution_reason", "true_quote")

    attribution = models.CharField(
        _("attribution"),
        max_length=13,
        choices=Attribution,
        default=Attribution.UNVERIFIED,
        db_index=True,
    )
    attribution_reason = WordsField(_("reason for the attribution"), blank=True, default="")
    true_quote = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_for",
        verbose_name=_("true quote"),
        help_text=_(
            "Of a misattributed quote: the quote, by a known or unknown speaker, that these words really are."
        ),
    )
    attributed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("attribution settled by"),
    )
    attributed_at = models.DateTimeField(_("attribution settled on"), null=True, editable=False)

    MOVED_FIELDS = (*Publishable.MOVED_FIELDS, "attributed_by", "attributed_at")
    ANOTHER_MUST = _("You said whose words these are: another editor must publish it.")

    # Of many that are moved at once: the chains of their sources, and None for one alone.
    _chains: Any = None

    class Meta:
        abstract = True

    @transaction.atomic
    def attribute(
        self, attribution: str, *, reason: str, by: Editor, true_quote: Self | None = None
    ) -> None:
        """Settle whose words they are, and of words that are not theirs, which quote they really are.

        Raises Refused when readers could not be told so; on what readers see, when another editor must be asked.
        """
        now = self._as_it_stands()
        reason = reason.strip()
        if by is not None and now.must_be_held(attribution, reason, true_quote):
            raise Refused(str(HOLD_FIRST))
        now.attribution, now.attribution_reason = attribution, reason
        now.true_quote = true_quote
        if told := now._why_not_attributed():
            raise Refused(told)
        now.settle_attribution(by=by)
        now._history_user = by
        settled = [*self.SETTLED_FIELDS, "attributed_by", "attributed_at", "updated_at"]
        now.save(update_fields=settled)
        search.catch_up()
        for name in settled:
            setattr(self, name, getattr(now, name))

    def settle_attribution(self, *, by: Editor) -> None:
        """Note by whom and when it was settled; what is unverified is not. It is left for the caller to save."""
        is_settled = self.attribution != Attribution.UNVERIFIED
        self.attributed_by = by if is_settled else None  # type: ignore[assignment]  # any user model
        self.attributed_at = timezone.now() if is_settled else None

    def must_not_publish(self, by: Editor) -> bool:
        needs_two = self.attribution in self.NEEDING_TWO
        return by is not None and needs_two and self.attributed_by_id == by.pk

    def lacks(self, citations: Sequence[Any] | None = None) -> str:
        """What its citations, or these in place of them, lack to tell readers whose words they are; '' for nothing."""
        from .independence import lacking  # it knows citations, which know quotes

        if self.attribution == Attribution.UNVERIFIED:
            return ""
        given = list(self.citations.all()) if citations is None else citations  # type: ignore[attr-defined]
        return lacking(self.attribution, given, self._chains)

    def why_not_true_quote(self) -> Any:
        """Why the quote that these words really are cannot be that one; '' when it can."""
        true = self.true_quote
        if true is None:
            return ""
        if self.attribution != Attribution.MISATTRIBUTED:
            return _("Only words that are not theirs really are another quote.")
        passed = {self.pk}
        while true is not None:
            if true.pk in passed:
                return (
                    _("A quote is not wrongly taken for itself.")
                    if true == self.true_quote
                    else _("That quote is itself taken for this one.")
                )
            passed.add(true.pk)
            true = true.true_quote
        return ""

    def must_be_held(self, attribution: str, reason: str, true_quote: Self | None) -> bool:
        """Whether readers would be told by one editor alone what two must agree on: that, why, or which words it really is."""
        told = (self.attribution, self.attribution_reason, self.true_quote)
        is_other = told != (attribution, reason, true_quote)
        return self.is_published and attribution in self.NEEDING_TWO and is_other

    def _why_not_attributed(self) -> str:
        if getattr(self, "redacted_at", None) or getattr(self, "joined_into_id", None):
            return str(_("It is no longer a quote of its own."))
        columns = {each.name for each in self._meta.fields}
        try:
            self.clean_fields(exclude=columns - set(self.SETTLED_FIELDS))
        except ValidationError as error:
            return " ".join(error.messages)
        if self.attribution != Attribution.UNVERIFIED and not self.attribution_reason:
            return str(NEEDS_A_REASON)
        if told := self.why_not_true_quote():
            return str(told)
        return self.lacks() if self.is_published else ""

    def _to_published(self, *, by: Editor) -> None:
        super()._to_published(by=by)
        if self.attribution != Attribution.UNVERIFIED and self.attributed_at is None:
            self.settle_attribution(by=by)
