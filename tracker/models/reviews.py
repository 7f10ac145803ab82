"""What was found about a claim: by this desk, or by another outlet whose review is recorded; and which review stands."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from tracker import search

from .claims import Claim, ClaimQuote
from .evidence import Evidence
from .fields import (
    NOT_COME_YET,
    LineField,
    NotesField,
    WordsField,
    has_not_come,
)
from .quotes import JointSpeaker
from .sources import Article, Capture, Publisher
from .statuses import Editor, Moved, PublishableQuerySet, Refused, Status, Written
from .verdicts import Verdict, name_of_verdict

__all__ = ["Evidence", "Review"]

_SUPERSEDED = _("Another review supersedes that one already: supersede the newest one instead.")
_ITSELF = _("A review cannot supersede itself.")
_BEFORE_THE_CLAIM = _("It is before the claim was made: look at its quotes.")
_REPLIED_BEFORE = _("The reply came before it was asked for.")
_SEEN = _("Readers have seen the review so: withdraw it, and write another.")


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

    def published_or_held(self) -> Self:
        """What readers have seen, and what is not withdrawn since."""
        return self.filter(published_at__isnull=False).exclude(status=Status.WITHDRAWN)

    def why_not_of(self, page: Article) -> dict[str, Any]:
        """Why the page of these reviews cannot be so, by its fields. Drafts follow their page."""
        problems: dict[str, Any] = {}
        if count := self.published_or_held().exclude(publisher=page.publisher_id).count():
            told = ngettext(
                "Readers have seen %(count)d review as this publisher's: withdraw it first, then record it again.",
                "Readers have seen %(count)d reviews as this publisher's: withdraw them first, then record them again.",
                count,
            )
            problems["publisher"] = told % {"count": count}
        if page.is_private and (count := self.published().count()):
            told = ngettext(
                "Readers see %(count)d review that it published, and so whose it is: hold or withdraw that first.",
                "Readers see %(count)d reviews that it published, and so whose it is: hold or withdraw them first.",
                count,
            )
            problems["access"] = told % {"count": count}
        return problems

    def came_before(self, later: Iterable[int]) -> set[int]:
        """Of one desk's reviews those that these took the place of, however many stand between them."""
        before = dict(self.values_list("pk", "supersedes_id"))
        passed: set[int] = set()
        for pk in later:
            earlier = before.get(pk)
            while earlier and earlier not in passed:
                passed.add(earlier)
                earlier = before.get(earlier)
        return passed

    def with_final_verdict(self) -> Self:
        return self.filter(verdict__final=True)

    def ready_to_move(self) -> Self:
        related = ("verdict__scale", "claim", "supersedes", "article", "reviewer")
        return super().ready_to_move().select_related(*related).prefetch_related("evidence")

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> Moved:
        """One by one: which one is current depends on those that moved before. Their claims are locked together."""
        once = self.model._default_manager.filter(pk__in=self.values("pk")).order_by("pk")
        reviews = list(once)
        _lock(self.values("claim"))
        done, refused = 0, []
        for review in reviews:
            try:
                review._move_one(step, by=by, **how)
            except Refused as reason:
                refused.append((review, str(reason)))
            else:
                done += 1
        search.catch_up()
        return Moved(done, refused)


def _lock(claims: Any) -> None:
    """Of two desks that move reviews of these claims at once, one waits."""
    list(Claim.objects.select_for_update().filter(pk__in=claims).order_by("pk").values_list("pk"))


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
    history = HistoricalRecords(excluded_fields=["is_current"])  # it follows from the others

    MOVED_FIELDS = (*Written.MOVED_FIELDS, "is_current", "publisher_id")
    # Whose review of what it is, and what it takes the place of.
    KEPT_ONCE_SEEN = ("claim", "article", "publisher", "supersedes")

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
                condition=Q(replied_on__isnull=True)
                | Q(reply_asked_on__isnull=True)
                | Q(replied_on__gte=F("reply_asked_on")),
                name="reply_comes_after_it_was_asked_for",
                violation_error_message=_REPLIED_BEFORE,
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="review_does_not_supersede_itself",
                violation_error_message=_ITSELF,
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
        seen = type(self).objects.filter(pk=self.pk, published_at__isnull=False).first()
        if seen is None:
            self._follow_its_page()
        kept = [(name, f"{name}_id") for name in self.KEPT_ONCE_SEEN if seen]
        changed = {name: _SEEN for name, at in kept if getattr(seen, at) != getattr(self, at)}
        if problems := self._what_is_wrong(seen) | changed:
            raise ValidationError(problems)

    def _follow_its_page(self) -> None:
        """Until readers have seen it, it is that of whoever published its page."""
        if self.article:
            self.publisher_id = self.article.publisher_id

    def _what_is_wrong(self, seen: Self | None) -> dict[str, Any]:
        """By field, why it can be neither saved nor published so; `seen` is what readers have seen of it."""
        reasons = {
            "publisher": self._why_not_this_publisher(),
            "article": self._why_not_this_page(),
            "verdict": self._why_not_this_verdict(seen),
            "supersedes": self._why_not_supersede(),
        }
        if isinstance(self.reviewed_on, date):
            reasons["reviewed_on"] = self._why_not_this_day()
        if isinstance(self.as_of, date) and self._came_before_the_claim(self.as_of):
            reasons["as_of"] = _BEFORE_THE_CLAIM
        if self.reviewer_is_named and not _full_name(self.reviewer):
            reasons["reviewer_is_named"] = _(
                "Choose a reviewer whose account has a full name: readers are told that name."
            )
        asked, replied = self.reply_asked_on, self.replied_on
        if asked and replied and replied < asked:
            reasons["replied_on"] = _REPLIED_BEFORE
        for name in ("reviewed_on", "reply_asked_on", "replied_on", "as_of"):
            if has_not_come(getattr(self, name)):
                reasons[name] = NOT_COME_YET
        return {name: reason for name, reason in reasons.items() if reason}

    def _why_not_this_publisher(self) -> Any:
        page = self.article and self.article.publisher_id
        if page and page != self.publisher_id:
            return _("The page of the review is another publisher's.")
        return ""

    def _why_not_this_page(self) -> Any:
        if self.article and self.article.publisher_id is None:
            return _("This page has no publisher on record: say in its form whose it is.")
        if self.article and self.article.is_private:
            return _("This source is private: readers must not be told whose it is.")
        return ""

    def _why_not_this_day(self) -> Any:
        later = type(self).objects.filter(supersedes=self.pk).first() if self.pk else None
        if later and later.reviewed_on < self.reviewed_on:
            told = _("The review that supersedes this one is of %(day)s: this one cannot be later.")
            return told % {"day": later.reviewed_on}
        if self._came_before_the_claim(self.reviewed_on):
            return _BEFORE_THE_CLAIM
        return ""

    def _came_before_the_claim(self, day: date) -> bool:
        """Whether all quotes of the claim are known to have been said after that day."""
        quotes = ClaimQuote.objects.filter(claim=self.claim_id).order_by()
        days = list(quotes.values_list("quote__said_earliest", flat=True).distinct())
        return bool(days) and all(said and day < said for said in days)

    def _why_not_this_verdict(self, seen: Self | None) -> Any:
        if self.verdict is None or self.claim_id is None:
            return ""
        if self.verdict.scale.kind != self.claim.kind:
            return _("This verdict is of another scale: the claim is of the kind “%(kind)s”.") % {
                "kind": self.claim.get_kind_display()
            }
        if self.verdict.retired and not (seen and seen.verdict_id == self.verdict_id):
            return _("This verdict is retired: choose one in use.")
        return ""

    def _why_not_supersede(self) -> Any:
        earlier = self.supersedes
        if earlier is None:
            return ""
        if earlier.pk == self.pk:
            return _ITSELF
        if earlier.claim_id != self.claim_id:
            return _("That review is of another claim.")
        if earlier.publisher_id != self.publisher_id:
            return _("That review is another desk's.")
        if self.reviewed_on and earlier.reviewed_on > self.reviewed_on:
            return _("That review is a later one.")
        if self.pk in self._of_this_desk().came_before([earlier.pk]):
            return _("That review supersedes this one already.")
        return ""

    def refusal(self) -> str:
        if not self.claim.is_published:
            return str(_("Its claim is not published: publish that first."))
        for name, reason in self._what_is_wrong(self if self.published_at else None).items():
            column: Any = self._meta.get_field(name)
            return f"{capfirst(column.verbose_name)}: {reason}"
        if self.is_ours and not self.evidence.all():
            return str(_("It has no evidence. Add what it rests on, then publish it."))
        if self.supersedes and self.supersedes.published_at is None:
            return str(_("The review that it supersedes is not published."))
        superseded = self._superseded(self.pk)
        other = self._of_this_desk().current().exclude(pk__in={self.pk, *superseded}).first()
        if other and self.pk not in superseded:
            return str(
                _("This desk's review of %(day)s stands: say that this one supersedes it.")
                % {"day": other.reviewed_on}
            )
        return ""

    @property
    def would_stand_again(self) -> "Review | None":
        """The earlier review that readers would find in the place of this one, were it hidden."""
        if not self.is_current:
            return None
        earlier = self.supersedes
        while earlier and not earlier.is_published:
            earlier = earlier.supersedes
        return earlier

    def _of_this_desk(self) -> ReviewQuerySet:
        return type(self).objects.filter(claim=self.claim_id, publisher=self.publisher_id)

    def _superseded(self, *also: int) -> set[int]:
        """This desk's reviews that a published one, or one of these, has taken the place of."""
        reviews = self._of_this_desk()
        return reviews.came_before([*reviews.published().values_list("pk", flat=True), *also])

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> None:
        self.lock_claim()
        super()._move(step, by=by, **how)

    def _to_published(self, *, by: Editor) -> None:
        if self.published_at is None:
            self._follow_its_page()
        super()._to_published(by=by)

    def _to_held(self, *, by: Editor) -> None:
        super()._to_held(by=by)
        self.is_current = False

    def _to_withdrawn(self, *, by: Editor, category: str, reason: str) -> None:
        super()._to_withdrawn(by=by, category=category, reason=reason)
        self.is_current = False

    def was_moved(self, *, by: Editor) -> None:
        """Of a desk's reviews the last published one is current, that of the newest chain if there are several."""
        super().was_moved(by=by)
        reviews = self._of_this_desk()
        # What an earlier one was superseded by may be held: then the earlier one stands again.
        standing = reviews.published().exclude(pk__in=self._superseded())
        last = standing.order_by("-reviewed_on", "-pk").first()
        reviews.current().exclude(pk=last and last.pk).update(is_current=False)
        reviews.filter(pk=last and last.pk, is_current=False).update(is_current=True)
        self.is_current = self == last
        if self.published_at:
            self.touch_claim()

    def lock_claim(self) -> None:
        """Until this transaction ends nobody else moves a review of its claim."""
        _lock([self.claim_id])

    def touch_claim(self) -> None:
        """Something about its claim has changed; the claim's own words have not, and so neither has its history."""
        Claim.objects.filter(pk=self.claim_id).update(updated_at=timezone.now())


def _full_name(reviewer: Any) -> str:
    return str(reviewer.get_full_name()).strip() if reviewer else ""
