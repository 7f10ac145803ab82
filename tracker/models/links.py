"""How words answer words: a later quote repeats, contradicts, withdraws or corrects an earlier one."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .attributed import HOLD_FIRST
from .fields import WordsField
from .quotes import JointSpeaker, Quote
from .sources import Article
from .statuses import PublishableQuerySet, Status, Written

__all__ = ["QuoteLink", "disputed_without_reply", "may_follow"]


class QuoteLinkQuerySet(PublishableQuerySet):
    def open_to_readers(self) -> Self:
        """The published ones between two published quotes."""
        # `later__in` would be gone through once for every link.
        seen = [
            Exists(Quote.objects.published().filter(pk=OuterRef(n))) for n in ("later", "earlier")
        ]
        return self.published().filter(*seen)

    def touching(self, quotes: Collection[int]) -> Self:
        """Those that begin or end at one of these quotes."""
        return self.filter(Q(later__in=quotes) | Q(earlier__in=quotes))

    def within(self, speaker: int, topic: int) -> Self:
        """Those between two quotes of this speaker, alone or with others, on this topic."""
        joint = JointSpeaker.objects.filter(speaker=speaker)
        found = self
        for end in ("later", "earlier"):
            together = models.Exists(joint.filter(quote=models.OuterRef(end)))
            about = Quote.topics.through.objects.filter(quote=models.OuterRef(end), topic=topic)
            theirs = Q(**{f"{end}__speaker": speaker}) | Q(together)
            found = found.filter(theirs, models.Exists(about))
        return found

    def in_time(self) -> Self:
        """By the day of the earlier quote, then of the later one; undated ones last."""
        days = [F(f"{end}__said_earliest").asc(nulls_last=True) for end in ("earlier", "later")]
        return self.order_by(*days, "id")

    def to_show(self) -> Self:
        """With the days of their quotes and the article that says so, in one query."""
        return self.select_related("later", "earlier", "asserted_in__publisher")

    def ready_to_move(self) -> Self:
        quotes = ("later", "earlier")
        joint = [f"{each}__joint_speakers" for each in quotes]
        return super().ready_to_move().select_related(*quotes).prefetch_related(*joint)


class QuoteLink(Written):
    """A later quote answers an earlier one."""

    class Kind(models.TextChoices):
        REPEATS = "repeats", _("Repeats")
        SAYS_OTHERWISE = "says otherwise", _("Says otherwise")
        WITHDRAWS = "withdraws", _("Withdraws")
        CORRECTS = "corrects", _("Corrects")
        CLARIFIES = "clarifies", _("Clarifies")
        DENIES = "denies having said it", _("Denies having said it")
        ANSWERS = "answers", _("Answers")

    # What words can have for a reply.
    REPLIES = (Kind.ANSWERS, Kind.DENIES, Kind.CLARIFIES, Kind.CORRECTS, Kind.WITHDRAWS)
    # What can be said of the same speaker alone.
    BY_THE_SAME = (Kind.SAYS_OTHERWISE, Kind.WITHDRAWS, Kind.DENIES)

    later = models.ForeignKey(
        Quote, models.PROTECT, related_name="links_back", verbose_name=_("later quote")
    )
    kind = models.CharField(_("what it does"), max_length=21, choices=Kind)
    earlier = models.ForeignKey(
        Quote, models.PROTECT, related_name="links_on", verbose_name=_("earlier quote")
    )
    note = WordsField(
        _("note"), help_text=_("In a sentence for readers: what the one has to do with the other.")
    )
    asserted_in = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="asserted_links",
        verbose_name=_("asserted in"),
        help_text=_("The article of the outlet that says so; empty when we do."),
    )
    history = HistoricalRecords()

    objects = QuoteLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link between quotes")
        verbose_name_plural = _("links between quotes")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(later=F("earlier")),
                name="a_quote_does_not_answer_itself",
                violation_error_message=_("A quote cannot answer itself."),
            ),
            models.UniqueConstraint(
                fields=("later", "earlier", "kind"), name="a_quote_answers_another_once_in_a_way"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="link_has_a_note"),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawal_category=""),
                name="withdrawn_link_has_a_category",
            ),
        )

    def __str__(self) -> str:
        return f"{self.later} — {self.get_kind_display()} — {self.earlier}"

    def get_absolute_url(self) -> str:
        return f"{self.later.get_absolute_url()}#link-{self.pk}"

    def needs_two(self) -> bool:
        return self.kind == self.Kind.SAYS_OTHERWISE or super().needs_two()

    def clean(self) -> None:
        if self.later_id and self.earlier_id and (reason := self.why_not()):
            raise ValidationError({reason[0]: reason[1]})
        if self.is_published and self._turns_against():
            raise ValidationError({"kind": HOLD_FIRST})

    def _turns_against(self) -> bool:
        """Whether it comes to say what takes two editors."""
        says_otherwise = self.kind == self.Kind.SAYS_OTHERWISE
        stored = type(self).objects.filter(pk=self.pk)
        return says_otherwise and stored.exclude(kind=self.kind).exists()

    def _is_linked_the_other_way(self) -> bool:
        """Of two quotes one is the later one, whatever it does."""
        turned = type(self).objects.filter(later=self.earlier_id, earlier=self.later_id)
        return turned.exclude(status=Status.WITHDRAWN).exists()

    def refusal(self) -> str:
        if reason := self.why_not():
            return str(reason[1])
        if not (self.later.is_published and self.earlier.is_published):
            return str(_("One of its quotes is not published: publish that first."))
        return ""

    def why_not(self) -> tuple[str, Any] | None:
        """The field that is wrong, and why; None when it may be so."""
        if not may_follow(self.later, self.earlier):
            return "later", _("It was said before the earlier one: their dates cannot be so.")
        if self._is_linked_the_other_way():
            return "earlier", _("The two are linked the other way round already.")
        if self.kind in self.BY_THE_SAME and not self.later.shares_a_speaker(self.earlier):
            return "kind", _("Only whoever said the earlier words can do that: link “answers”.")
        if self.kind == self.Kind.WITHDRAWS and self.later.kind == Quote.Kind.INDIRECT:
            return "kind", _(
                "Words are withdrawn in the speaker's own words, not in reported ones."
            )
        return None


def disputed_without_reply() -> Any:
    """The published quotes that somebody disputes, and that no quote for readers answers, denies, clarifies, corrects or withdraws."""
    replies = QuoteLink.objects.open_to_readers().filter(kind__in=QuoteLink.REPLIES)
    disputed = Quote.objects.published().filter(attribution=Quote.Attribution.DISPUTED)
    return disputed.exclude(models.Exists(replies.filter(earlier=models.OuterRef("pk"))))


def may_follow(later: Any, earlier: Any) -> bool:
    """Whether the one can have been said after the other, or on the same day, as far as their dates are known."""
    if later.said_latest is None or earlier.said_earliest is None:
        return True
    return later.said_latest >= earlier.said_earliest
