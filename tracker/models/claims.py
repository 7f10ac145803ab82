"""What can be checked of what was said: claims, and the quotes that make, repeat, deny or withdraw them.

What was found about a claim is a review's to say.
"""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import dates

from .attributed import Attribution
from .fields import Compared, ComputedField, DayField, HonestDateField, LineField, slug_from
from .occasions import Topic
from .quotes import JointSpeaker, Quote
from .statuses import PublishableQuerySet, Status, Written
from .verdicts import ClaimKind, Verdict, VerdictName

__all__ = ["Claim", "ClaimQuote"]

# A colon or a dash; a hyphen stands in words too, as in “false-positive”.
_AFTER_A_VERDICT = re.compile(r"\s*[:：–—]|\s+-|-\s")

_DUE_BEFORE = _("It would be due before it was made: look at that date and at its quotes.")


class ClaimQuerySet(PublishableQuerySet):
    def open_to_readers(self) -> Self:
        """The published ones that a published quote makes: of a quote that is hidden not even the claim is told."""
        making = ClaimQuote.objects.making().filter(claim=models.OuterRef("pk"))
        return self.published().filter(models.Exists(making))

    def worded(self, text: str) -> Self:
        """Those with this text, in capitals or not, that are not withdrawn; the oldest first."""
        same = self.filter(folded=Claim.as_compared(text)).exclude(status=Status.WITHDRAWN)
        return same.order_by("pk")

    def without_review(self) -> Self:
        """The published ones that no published review is about."""
        from .reviews import Review  # a claim knows of reviews only here and below

        reviews = Review.objects.published().filter(claim=models.OuterRef("pk"))
        return self.published().exclude(models.Exists(reviews))

    def overdue(self) -> Self:
        """Published promises and predictions whose day has passed without a final verdict."""
        from .reviews import Review

        settling = Review.objects.current().with_final_verdict()
        past = self.published().filter(due_latest__lt=timezone.localdate())
        return past.exclude(models.Exists(settling.filter(claim=models.OuterRef("pk"))))

    def to_show(self) -> Self:
        """With all that the page of a claim says of it, in five queries; `is_corrected`, whether there may be
        corrections to tell of."""
        from .corrections import Correction
        from .reviews import Review

        corrected = (
            Correction.objects.filter(**{of: models.OuterRef("pk")})
            for of in ("claim", "review__claim", "quote__claim_quotes__claim")
        )

        quotes = ClaimQuote.objects.open_to_readers().with_unlisted()
        reviews = Review.objects.published().with_evidence()
        return self.annotate(
            is_corrected=reduce(or_, map(models.Exists, corrected))
        ).prefetch_related(
            "topics",
            models.Prefetch(
                "claim_quotes", quotes.with_answers().select_related("quote__occasion")
            ),
            models.Prefetch("reviews", reviews, to_attr="rows_of_reviews"),
        )

    def of_unlisted(self) -> Self:
        """Those with a quote of a speaker to whom search engines must not be led."""
        quotes = ClaimQuote.objects.open_to_readers().filter(_has_unlisted())
        return self.filter(models.Exists(quotes.filter(claim=models.OuterRef("pk"))))

    def ready_to_move(self) -> Self:
        return super().ready_to_move().prefetch_related("claim_quotes__quote__joint_speakers")


class Claim(Compared, Written):
    """A checkable statement that quotes make, in neutral words of ours."""

    Kind = ClaimKind
    LONGEST = 299

    kind = models.CharField(_("kind"), max_length=10, choices=ClaimKind, default=ClaimKind.FACTUAL)
    text = LineField(
        _("claim"),
        max_length=LONGEST,
        help_text=_(
            "What is claimed, as a sentence that can be checked; not whether it is true. It stays as it is once a review is published."
        ),
    )
    folded = ComputedField(
        _("claim, folded"),
        max_length=Compared.LONGEST_FOLDED,
        default="",
        of="text",
        by="folded_text",
    )
    due = HonestDateField(
        _("due"), help_text=_("Of a promise or prediction: when it should have come true.")
    )
    due_earliest = DayField(of="due", bound="earliest")
    due_latest = DayField(of="due", bound="latest", db_index=True)
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="claims", verbose_name=_("topics")
    )
    history = HistoricalRecords(m2m_fields=[topics])

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("status", "published_at"), name="claims_by_status"),
            models.Index(fields=("folded",), name="claims_by_folded_text"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
            models.CheckConstraint(
                condition=Q(due="") | ~Q(kind="factual"),
                name="only_promises_and_predictions_are_due",
                violation_error_message=_("Only a promise or a prediction is due at a time."),
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawal_category=""),
                name="withdrawn_claim_has_a_category",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def folded_text(self) -> str:
        return self.as_compared(self.text)

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """Made from the text as it is now; an address with another one redirects to it."""
        return slug_from(self.text, longest=60) or "claim"

    @property
    def is_open_to_readers(self) -> bool:
        """Whether it has a page: it is published, and so is a quote that makes it."""
        made = any(each.makes_it_for_readers for each in self.claim_quotes.all())
        return self.is_published and made

    @property
    def is_frozen(self) -> bool:
        """Whether a review of it was ever published: what was reviewed must stay what it was."""
        return self.pk is not None and self.reviews.filter(published_at__isnull=False).exists()

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        then = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if (then is None or then.text != self.text) and (reason := self._why_not_worded_so()):
            problems["text"] = reason
        if then and self.is_frozen:
            if then.text != self.text:
                problems["text"] = _("A review of it was published: its words stay as they are.")
            if then.kind != self.kind:
                problems["kind"] = _("A review of it was published: its kind stays as it is.")
        if then and self._is_due_before_it_was_made():
            problems["due"] = _DUE_BEFORE
        if problems:
            raise ValidationError(problems)

    def _why_not_worded_so(self) -> Any:
        if _begins_with_a_verdict(self.text):
            return _(
                "It begins with a verdict: say what is claimed alone. What was found is for a review to say."
            )
        if same := type(self).objects.worded(self.text).exclude(pk=self.pk).first():
            return _("Claim %(number)d has the same text.") % {"number": same.pk}
        return ""

    def _is_due_before_it_was_made(self) -> bool:
        """Whether all quotes that make it are known to have been said after the day that it is due."""
        try:
            last = dates.parse(self.due).latest if self.due else None
        except dates.DateError:  # which its field tells
            return False
        making = (each.quote for each in self.claim_quotes.all() if each.role == each.Role.MAKES)
        days = [each.said_earliest for each in making]
        return bool(days) and last is not None and all(day and last < day for day in days)

    def refusal(self) -> str:
        quotes = self.claim_quotes.all()
        if not quotes:
            return str(_("It has no quote. Add the quote that makes it, then publish it."))
        if not any(each.makes_it_for_readers for each in quotes):
            return str(
                _(
                    "None of the quotes that make it is published, or they are not theirs: publish one first."
                )
            )
        if self._is_due_before_it_was_made():
            return str(_DUE_BEFORE)
        return next((str(why) for each in quotes if (why := each.why_not_withdrawn(quotes))), "")


def _begins_with_a_verdict(text: str) -> bool:
    """As in “False: …”, in any language that verdicts have names in."""
    folded = text.casefold()
    for model in (Verdict, VerdictName):
        for name in model._default_manager.values_list("name", flat=True).distinct():
            start = name.casefold()
            if folded.startswith(start) and _AFTER_A_VERDICT.match(folded, len(start)):
                return True
    return False


class ClaimQuoteQuerySet(models.QuerySet["ClaimQuote"]):
    def open_to_readers(self) -> Self:
        # `quote__in` would be gone through once for every claim.
        published = Quote.objects.published().filter(pk=models.OuterRef("quote"))
        return self.filter(models.Exists(published))

    def claiming(self) -> Self:
        """Those whose speakers are the claimants: by published quotes that are theirs."""
        theirs = Quote.objects.published().theirs().filter(pk=models.OuterRef("quote"))
        return self.filter(models.Exists(theirs), role__in=ClaimQuote.CLAIMING)

    def making(self) -> Self:
        """Those by which a claim is on record: by a published quote of whoever made it."""
        return self.claiming().filter(role=ClaimQuote.Role.MAKES)

    def with_unlisted(self) -> Self:
        """Each with whether one of the quote's speakers is not to be found by search engines."""
        return self.annotate(has_unlisted=_has_unlisted())

    def with_answers(self) -> Self:
        """Each once for every published link by which a later quote answers its own, `each_answer`, and for every one
        that answers that quote in turn, `next_answer`; repetitions aside. No query more, for a page is to ask no more."""
        found = self
        for name, relation in (
            ("each_answer", "quote__links_on"),
            ("next_answer", "each_answer__later__links_on"),
        ):
            published = Q(**{f"{relation}__status": Status.PUBLISHED})
            answering = published & ~Q(**{f"{relation}__kind": "repeats"})
            link = models.FilteredRelation(relation, condition=answering)
            found = found.annotate(**{name: link}).select_related(
                f"{name}__later__occasion", f"{name}__asserted_in__publisher"
            )
        return found

    def claimed_by(self, speaker: int) -> Self:
        """Those by which this speaker, alone or with others, makes or repeats a claim for readers."""
        own = Quote.objects.published().theirs().filter(pk=models.OuterRef("quote"))
        joint = JointSpeaker.objects.filter(speaker=speaker).values("quote")
        said = Q(quote__speaker=speaker) | Q(quote__in=joint)
        return self.filter(said, models.Exists(own), role__in=ClaimQuote.CLAIMING)

    def of_open_claims(self) -> Self:
        """Those of claims that readers may see."""
        claims = Claim.objects.open_to_readers().filter(pk=models.OuterRef("claim"))
        return self.filter(models.Exists(claims))

    def with_findings(self) -> Self:
        """Each with its claim and that claim's current reviews, with their verdicts in every language.

        One query, in which a row comes once for each review and each name of its verdict.
        """
        current = models.FilteredRelation(
            "claim__reviews", condition=Q(claim__reviews__is_current=True)
        )
        verdict = "found__verdict__scale"
        return (
            self.annotate(found=current)
            .select_related("claim", "quote", "found__publisher", verdict)
            .annotate(
                review=F("found__pk"),
                rating_there=F("found__rating_there"),
                named=F("found__verdict__names__name"),
                named_in=F("found__verdict__names__language"),
            )
        )


def _has_unlisted() -> Any:
    """Whether a quote of a claim has a speaker who is not listed."""
    joint = JointSpeaker.objects.filter(speaker__listed=False, quote=models.OuterRef("quote"))
    alone = Quote.objects.filter(speaker__listed=False, pk=models.OuterRef("quote"))
    return models.Exists(joint) | models.Exists(alone)


class ClaimQuote(models.Model):
    """What one quote does with one claim."""

    class Role(models.TextChoices):
        MAKES = "makes", _("Makes the claim")
        REPEATS = "repeats", _("Repeats it")
        DENIES = "denies", _("Denies it")
        WITHDRAWS = "withdraws", _("Withdraws it")

    # Whose quotes are the claim's claimants'.
    CLAIMING = (Role.MAKES, Role.REPEATS)

    # In a form with all rows of its claim, some of them not saved yet: the form compares them.
    is_beside_others = False

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="claim_quotes", verbose_name=_("claim")
    )
    quote = models.ForeignKey(
        Quote, models.PROTECT, related_name="claim_quotes", verbose_name=_("quote")
    )
    role = models.CharField(_("what it does"), max_length=9, choices=Role, default=Role.MAKES)
    first_appearance = models.BooleanField(
        _("first appearance, confirmed"),
        default=False,
        help_text=_("Ticked by whoever made sure that the claim was made there first."),
    )
    history = HistoricalRecords()

    objects = ClaimQuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote of a claim")
        verbose_name_plural = _("quotes of a claim")
        ordering = ("claim", F("quote__said_earliest").asc(nulls_last=True), "quote", "id")
        constraints = (
            models.UniqueConstraint(fields=("claim", "quote"), name="a_claim_has_a_quote_once"),
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(first_appearance=True),
                name="a_claim_appeared_first_once",
                violation_error_message=_("A claim has one first appearance."),
            ),
            models.CheckConstraint(
                condition=Q(first_appearance=False) | Q(role="makes"),
                name="first_appearance_makes_the_claim",
                violation_error_message=_("The first appearance is a quote that makes the claim."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.quote}"

    def clean(self) -> None:
        if self.is_beside_others or not self.claim_id or not self.quote_id:
            return
        others = type(self).objects.filter(claim=self.claim_id).exclude(pk=self.pk)
        if reason := self.why_not_withdrawn(others.select_related("quote")):
            raise ValidationError({"role": reason})

    def why_not_withdrawn(self, rows: Iterable["ClaimQuote"]) -> Any:
        """Why this cannot withdraw a claim that has these rows; '' when it can, or does something else."""
        if self.role != self.Role.WITHDRAWS:
            return ""
        if self.quote.kind == Quote.Kind.INDIRECT:
            return _("A claim is withdrawn in the speaker's own words, not in reported ones.")
        claimants = (each.quote for each in rows if each.role in self.CLAIMING)
        theirs = (each for each in claimants if each.attribution != Attribution.MISATTRIBUTED)
        if not any(self.quote.shares_a_speaker(each) for each in theirs):
            return _("Only somebody who makes or repeats the claim can withdraw it.")
        return ""

    @property
    def makes_it_for_readers(self) -> bool:
        theirs = self.quote.attribution != Quote.Attribution.MISATTRIBUTED
        return self.role == self.Role.MAKES and self.quote.is_published and theirs
