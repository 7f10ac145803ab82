"""What was found in a copy of an article, and what an editor decided about it: a quote, or none.

A decision stands when the article is read again. The words of a quote on record are its citations' to say.
"""

import hashlib
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import anchoring

from .citations import Citation
from .quotes import Quote
from .sources import Article, Capture
from .speakers import Speaker
from .statuses import Editor, Refused

__all__ = ["Finding"]


class FindingQuerySet(models.QuerySet["Finding"]):
    def undecided(self) -> Self:
        return self.filter(decision=Finding.Decision.OPEN)

    def decided(self) -> Self:
        return self.exclude(decision=Finding.Decision.OPEN)

    def accepted(self) -> Self:
        return self.filter(decision=Finding.Decision.ACCEPTED)

    def rejected(self) -> Self:
        return self.filter(decision=Finding.Decision.REJECTED)

    def reject(self, *, by: Editor) -> int:
        """Say of those that are not decided that they are no quotes to record; how many these were."""
        return self.undecided().update(
            decision=Finding.Decision.REJECTED, decided_by=by, decided_at=timezone.now()
        )

    def reopen(self, *, by: Editor) -> int:
        """Take back what was rejected; how many these were. `by` is whoever asked for it."""
        return self.rejected().update(
            decision=Finding.Decision.OPEN, decided_by=None, decided_at=None
        )


class Finding(models.Model):
    """Words of an article that somebody may have said: found by the extractor, or marked by an editor."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Not decided")
        ACCEPTED = "accepted", _("On record as a quote")
        REJECTED = "rejected", _("No quote to record")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="findings", verbose_name=_("article")
    )
    # The newest copy that was read and has these words; the offsets below are of its text.
    capture = models.ForeignKey(
        Capture, models.CASCADE, related_name="findings", verbose_name=_("copy")
    )
    parts = models.JSONField(_("parts"), default=list)  # [[start, end], ...] in code points
    start = models.PositiveIntegerField(_("start"), default=0)
    text = models.TextField(_("words"))
    # The words as they are compared, and which of the places with these words it is: by these two it is
    # known again in another copy.
    key = models.CharField(_("key"), max_length=64, editable=False)
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=0, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Quote.Kind, default=Quote.Kind.DIRECT)
    mention = models.CharField(_("named there as"), max_length=300, blank=True, default="")
    mention_start = models.PositiveIntegerField(null=True, blank=True)
    mention_end = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    speaker = models.ForeignKey(
        Speaker, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("speaker")
    )
    cue = models.CharField(_("cue"), max_length=200, blank=True, default="")
    cue_start = models.PositiveIntegerField(null=True, blank=True)
    cue_end = models.PositiveIntegerField(null=True, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)  # 0 to 1; none by hand
    doubts = models.JSONField(_("doubts"), default=list, blank=True)
    by_hand = models.BooleanField(_("marked by an editor"), default=False)
    like = models.ForeignKey(
        Quote, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("like")
    )
    likeness = models.PositiveSmallIntegerField(_("likeness"), null=True, blank=True)  # percent
    entered = models.JSONField(_("entered so far"), default=dict, blank=True)
    decision = models.CharField(
        _("decision"), max_length=8, choices=Decision, default=Decision.OPEN, editable=False
    )
    citation = models.ForeignKey(
        Citation,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="findings",
        verbose_name=_("citation"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("article", "start", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "key", "occurrence"),
                name="a_wording_is_found_once_in_its_place",
            ),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at__isnull=True)
                | ~Q(decision="open") & Q(decided_at__isnull=False),
                name="decided_finding_says_when",
            ),
            models.CheckConstraint(
                condition=Q(decision="accepted") | Q(citation__isnull=True),
                name="only_an_accepted_finding_has_a_citation",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_from_0_to_1",
            ),
        )

    def __str__(self) -> str:
        return f"{self.text[:60]}{'…' if len(self.text) > 60 else ''}"

    @staticmethod
    def key_of(words: str) -> str:
        """What two findings of the same words have in common."""
        return hashlib.sha256(anchoring.wording_key(words).encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        return self.decision == self.Decision.OPEN

    @property
    def is_accepted(self) -> bool:
        return self.decision == self.Decision.ACCEPTED

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where its words stand in the text of its copy."""
        return [(int(start), int(end)) for start, end in self.parts]

    def accept(self, citation: Citation, *, by: Editor) -> None:
        """Say that it is on record, and as what. Raises Refused when it was decided before."""
        self._decide(self.Decision.ACCEPTED, by=by, citation=citation)

    def reject(self, *, by: Editor) -> None:
        self._decide(self.Decision.REJECTED, by=by)

    @transaction.atomic
    def _decide(self, decision: str, *, by: Editor, **what: Any) -> None:
        how = {"decision": decision, "decided_by": by, "decided_at": timezone.now(), **what}
        undecided = Finding.objects.filter(pk=self.pk).undecided()
        if not undecided.update(entered={}, **how):
            raise Refused(str(_("Somebody decided about it meanwhile.")))
        for name, value in how.items():
            setattr(self, name, value)
