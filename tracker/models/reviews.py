"""What was found about a claim: by this desk, or by another outlet whose review is recorded. And on what evidence."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .claims import Claim, ClaimQuote
from .fields import (
    NOT_COME_YET,
    DayField,
    Following,
    HonestDateField,
    LineField,
    NotesField,
    WordsField,
    has_not_come,
)
from .quotes import JointSpeaker
from .sources import Article, Capture, Publisher
from .statuses import Editor, Moved, PublishableQuerySet, Refused, Written
from .verdicts import Verdict, name_of_verdict

__all__ = ["Evidence", "Review"]

_SUPERSEDED = _("Another review supersedes that one already: supersede the newest one instead.")


class ReviewQuerySet(PublishableQuerySet):
    def current(self) -> Self:
        """The published ones that no later one of the same desk has taken the place of."""
        return self.filter(is_current=True)

    def open_to_readers(self) -> Self:
        # `claim__in` would be gone through once for every review.
        claims = Claim.objects.open_to_readers().filter(pk=OuterRef("claim"))
        return self.published().filter(Exists(claims))

    def with_evidence(self) -> Self:
        """Each once for every row of its evidence, `each_evidence`, the newest review first; with what its page
        says of it and the whole scale. Two queries, for a page is to ask no more."""
        copies = Capture.objects.filter(article=OuterRef("each_evidence__article"))
        archived = copies.exclude(archive_url="").order_by("-taken_at", "-id")
        cited = Article.objects.open_to_readers().with_quotes()
        related = ("reviewer", "publisher", "article__publisher", "verdict__scale")
        return (
            self.annotate(each_evidence=FilteredRelation("evidence"))
            .select_related(*related, "each_evidence__article__publisher")
            .annotate(
                archive=Subquery(archived.values("archive_url")[:1]),
                has_page=Exists(cited.filter(pk=OuterRef("each_evidence__article"))),
            )
            .prefetch_related(Prefetch("verdict__scale__verdicts", Verdict.objects.named()))
            .order_by("-reviewed_on", "-pk", "each_evidence__order", "each_evidence__pk")
        )

    def newest(self) -> Self:
        """The current ones, the last published first, with what a list says of each, but joint speakers: two queries."""
        joint = JointSpeaker.objects.filter(quote=OuterRef("quote"))
        claiming = ClaimQuote.objects.claiming().annotate(is_joint=Exists(joint))
        claiming = claiming.select_related("quote__speaker", "quote__of_organisation")
        return (
            self.current()
            .open_to_readers()
            .select_related("claim", "publisher", "verdict__scale")
            .annotate(verdict_called=name_of_verdict("verdict"))
            .prefetch_related(Prefetch("claim__claim_quotes", claiming))
            .order_by("-published_at", "-id")
        )

    def ours(self) -> Self:
        return self.filter(publisher=None)

    def with_final_verdict(self) -> Self:
        return self.filter(verdict__final=True)

    def ready_to_move(self) -> Self:
        related = ("verdict", "claim", "supersedes")
        return super().ready_to_move().select_related(*related).prefetch_related("evidence")

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> Moved:
        """One by one: which one is current depends on those that moved before."""
        done, refused = 0, []
        for review in self.order_by("pk"):
            try:
                review._move(step, by=by, **how)
            except Refused as reason:
                refused.append((review, str(reason)))
            else:
                done += 1
        return Moved(done, refused)


class Review(Written):
    """A human finding on a claim: a verdict with its grounds, or a summary alone."""

    claim = models.ForeignKey(
        Claim, models.PROTECT, related_name="reviews", verbose_name=_("claim")
    )
    verdict = models.ForeignKey(
        Verdict,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("verdict"),
        help_text=_("Empty: the summary alone says what was found."),
    )
    summary = LineField(
        _("summary"), max_length=300, help_text=_("What was found, in one sentence.")
    )
    explanation = NotesField(_("explanation"), blank=True, default="")
    reply_asked_on = models.DateField(
        _("asked for a reply on"),
        null=True,
        blank=True,
        help_text=_("When whoever made the claim was asked what they say to it."),
    )
    reply = WordsField(_("reply"), blank=True, default="")
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    reviewer_is_named = models.BooleanField(
        _("named to readers"),
        default=False,
        help_text=_("Only if the reviewer chose it. Otherwise it is the editors' review."),
    )
    reviewed_on = models.DateField(_("reviewed on"))
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("Until when what happened was looked at.")
    )
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
        help_text=_(
            "An earlier review of the claim by the same desk: it stays visible, as history."
        ),
        error_messages={"unique": _SUPERSEDED},
    )
    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("publisher"),
        help_text=_("The outlet, when its review is recorded here; empty for our own."),
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_reviews",
        verbose_name=_("page of the review"),
        help_text=_("Where the outlet published it."),
    )
    rating_there = LineField(
        _("verdict there"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("The outlet's own word, as it gives it."),
    )
    is_current = models.BooleanField(_("current"), default=False, editable=False)
    history = HistoricalRecords()

    MOVED_FIELDS = (*Written.MOVED_FIELDS, "is_current")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-reviewed_on", "-id")
        indexes = (models.Index(fields=("status", "published_at"), name="reviews_by_status"),)
        constraints = (
            models.CheckConstraint(condition=~Q(summary=""), name="review_has_a_summary"),
            models.CheckConstraint(
                condition=Q(publisher__isnull=True, article__isnull=True)
                | Q(publisher__isnull=False, article__isnull=False),
                name="review_of_an_outlet_has_its_page",
                violation_error_message=_(
                    "A review of another outlet has its publisher and its page; ours has neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(rating_there="") | Q(publisher__isnull=False, verdict__isnull=True),
                name="only_an_outlet_has_a_verdict_of_its_own",
                violation_error_message=_(
                    "Our own review has a verdict of our scale, an outlet's its own word for it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(status="published"),
                name="current_review_is_published",
            ),
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(is_current=True, publisher__isnull=True),
                name="a_claim_has_one_current_review_of_ours",
            ),
            models.UniqueConstraint(
                fields=("claim", "publisher"),
                condition=Q(is_current=True, publisher__isnull=False),
                name="a_claim_has_one_current_review_of_an_outlet",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_on__isnull=True)
                | ~Q(reply="") & Q(replied_on__isnull=False),
                name="reply_has_its_day",
                violation_error_message=_("A reply has its words and its day."),
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawal_category=""),
                name="withdrawn_review_has_a_category",
            ),
        )

    def __str__(self) -> str:
        found = self.verdict or self.rating_there or self.summary
        return f"{self.claim}: {found} ({self.reviewed_on})"

    def get_absolute_url(self) -> str:
        return f"{self.claim.get_absolute_url()}#review-{self.pk}"

    @property
    def is_ours(self) -> bool:
        return self.publisher_id is None

    @property
    def is_final(self) -> bool:
        """Whether it settles the claim."""
        return self.verdict is not None and self.verdict.final

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.article and not self.publisher_id:
            self.publisher = self.article.publisher
        if self.article and self.article.publisher_id != self.publisher_id:
            problems["publisher"] = _("The page of the review is another publisher's.")
        if reason := self._why_not_this_verdict():
            problems["verdict"] = reason
        if reason := self._why_not_supersede():
            problems["supersedes"] = reason
        if isinstance(self.reviewed_on, date) and self._came_before_the_claim():
            problems["reviewed_on"] = _("It is before the claim was made: look at its quotes.")
        if self.reviewer_is_named and not _full_name(self.reviewer):
            problems["reviewer_is_named"] = _(
                "Choose a reviewer whose account has a full name: readers are told that name."
            )
        for name in ("reviewed_on", "reply_asked_on", "replied_on", "as_of"):
            if has_not_come(getattr(self, name)):
                problems[name] = NOT_COME_YET
        if self.reply_asked_on and self.replied_on and self.replied_on < self.reply_asked_on:
            problems["replied_on"] = _("The reply came before it was asked for.")
        if problems:
            raise ValidationError(problems)

    def _came_before_the_claim(self) -> bool:
        """Whether all quotes of the claim are known to have been said later."""
        quotes = ClaimQuote.objects.filter(claim=self.claim_id).order_by()
        days = list(quotes.values_list("quote__said_earliest", flat=True).distinct())
        return bool(days) and all(day and self.reviewed_on < day for day in days)

    def _why_not_this_verdict(self) -> Any:
        if self.verdict is None or self.claim_id is None:
            return ""
        if self.verdict.scale.kind != self.claim.kind:
            return _("This verdict is of another scale: the claim is of the kind “%(kind)s”.") % {
                "kind": self.claim.get_kind_display()
            }
        before = type(self).objects.filter(pk=self.pk, verdict=self.verdict) if self.pk else None
        if self.verdict.retired and not (before and before.exists()):
            return _("This verdict is retired: choose one in use.")
        return ""

    def _why_not_supersede(self) -> Any:
        earlier = self.supersedes
        if earlier is None:
            return ""
        if earlier.pk == self.pk:
            return _("A review cannot supersede itself.")
        if earlier.claim_id != self.claim_id:
            return _("That review is of another claim.")
        if earlier.publisher_id != self.publisher_id:
            return _("That review is another desk's.")
        if self.reviewed_on and earlier.reviewed_on > self.reviewed_on:
            return _("That review is a later one.")
        while earlier := earlier.supersedes:
            if earlier.pk == self.pk:
                return _("That review supersedes this one already.")
        return ""

    def refusal(self) -> str:
        if not self.claim.is_published:
            return str(_("Its claim is not published: publish that first."))
        if reason := self._why_not_supersede():
            return str(reason)
        if self.is_ours and not self.evidence.all():
            return str(_("It has no evidence. Add what it rests on, then publish it."))
        if self.supersedes and not self.supersedes.is_published:
            return str(_("The review that it supersedes is not published."))
        current = (
            type(self).objects.current().filter(claim=self.claim_id, publisher=self.publisher_id)
        )
        other = current.exclude(pk__in=[self.pk, self.supersedes_id or 0]).first()
        if other and self.pk not in self._superseded():
            return str(
                _("This desk's review of %(day)s stands: say that this one supersedes it.")
                % {"day": other.reviewed_on}
            )
        return ""

    def _of_this_desk(self) -> Any:
        return type(self).objects.filter(claim=self.claim_id, publisher=self.publisher_id)

    def _superseded(self) -> set[int]:
        """This desk's reviews that a published one came after, however many hidden ones stand between them."""
        reviews = self._of_this_desk()
        before = dict(reviews.values_list("pk", "supersedes_id"))
        passed: set[int] = set()
        for pk in reviews.published().values_list("pk", flat=True):
            while (pk := before.get(pk)) and pk not in passed:
                passed.add(pk)
        return passed

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> None:
        Claim.objects.select_for_update().get(pk=self.claim_id)  # of two desks one waits
        super()._move(step, by=by, **how)

    def _to_held(self, *, by: Editor) -> None:
        super()._to_held(by=by)
        self.is_current = False

    def _to_withdrawn(self, *, by: Editor, category: str, reason: str) -> None:
        super()._to_withdrawn(by=by, category=category, reason=reason)
        self.is_current = False

    def was_moved(self, *, by: Editor) -> None:
        """Of each chain of reviews the last published one is current."""
        super().was_moved(by=by)
        reviews, superseded = self._of_this_desk(), self._superseded()
        standing = reviews.published().exclude(pk__in=superseded)
        reviews.filter(is_current=True).exclude(pk__in=standing).update(is_current=False)
        # What an earlier one was superseded by may be held: then the earlier one stands again.
        standing.update(is_current=True)
        self.is_current = reviews.filter(pk=self.pk, is_current=True).exists()


def _full_name(reviewer: Any) -> str:
    return str(reviewer.get_full_name()).strip() if reviewer else ""


class Evidence(Following):
    """What a review rests on: one source, and which way it points; or that nothing was found."""

    class Kind(models.TextChoices):
        DATA = "data", _("Data")
        DOCUMENT = "document", _("Document")
        EXPERT = "expert", _("Expert")
        REPORT = "report", _("Report")

    class Bearing(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTRADICTS = "contradicts", _("Contradicts")
        CONTEXT = "context", _("Context")
        NOTHING_FOUND = "nothing found", _("Searched, nothing found")

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="evidence", verbose_name=_("review")
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("source"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DOCUMENT)
    bearing = models.CharField(
        _("bearing"), max_length=13, choices=Bearing, default=Bearing.SUPPORTS
    )
    note = WordsField(
        _("what it shows"),
        blank=True,
        default="",
        help_text=_("In a sentence; of a search that found nothing, what was searched and where."),
    )
    happened_on = HonestDateField(
        _("happened on"),
        help_text=_("Of an event that the source records: it stands in the claim's timeline."),
    )
    happened_earliest = DayField(of="happened_on", bound="earliest")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("review", "order", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(bearing="nothing found"),
                name="evidence_has_a_source_unless_nothing_was_found",
                violation_error_message=_("Choose the source."),
            ),
            models.CheckConstraint(
                condition=~Q(bearing="nothing found") | ~Q(note=""),
                name="a_search_in_vain_says_what_was_searched",
                violation_error_message=_("Say what was searched, and where."),
            ),
            models.CheckConstraint(
                condition=Q(happened_on="") | ~Q(note=""),
                name="what_happened_is_told",
                violation_error_message=_("Say what happened that day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_bearing_display()}: {self.article or self.note[:60]}"

    def clean(self) -> None:
        if has_not_come(self.happened_on):
            raise ValidationError({"happened_on": NOT_COME_YET})
