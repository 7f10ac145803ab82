"""The words to ask for articles by when they were last looked at and what was seen: the health of their links."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

__all__ = ["Health", "LookedAt", "health_of"]


class Health(models.TextChoices):
    """What came of the last look at an article's page."""

    ALIVE = "alive", _("There")
    CHANGED = "changed", _("Changed since the look before")
    WALL = "wall", _("Asks for log-in or consent")
    GONE = "gone", _("No page at its address")
    UNSEEN = "unseen", _("Could not be looked at")
    NEVER = "never", _("Not looked at yet")


class LookedAt(models.QuerySet[Any]):
    """Words for a queryset of articles."""

    def with_last_look(self) -> Self:
        """Each with `looked_at`, `looked_outcome`, `looked_failure` and `looked_status` (HTTP) of its last look, and
        `seen_at`, when its page was last there; None where nobody looked."""
        from .sources import Capture  # articles are asked for here, captures are of articles

        looks = Capture.objects.filter(article=OuterRef("pk"), method=Capture.Method.FETCHED)
        last = looks.order_by("-taken_at", "-id")
        seen = last.filter(outcome__in=Capture.SEEN)
        return self.annotate(
            looked_at=Subquery(last.values("taken_at")[:1]),
            looked_outcome=Subquery(last.values("outcome")[:1]),
            looked_failure=Subquery(last.values("failure")[:1]),
            looked_status=Subquery(last.values("http_status")[:1]),
            seen_at=Subquery(seen.values("taken_at")[:1]),
        )

    def to_look_at(self, *, not_since: datetime) -> Self:
        """Those with a page to look at that was not looked at since then, longest ago first, new ones before all.

        Private sources are left alone: who asks for their page gives them away.
        """
        there = self.filter(url__isnull=False).exclude(access="private").with_last_look()
        due = there.filter(Q(looked_at__isnull=True) | Q(looked_at__lt=not_since))
        return due.order_by(F("looked_at").asc(nulls_first=True), "pk")

    def of_health(self, health: str) -> Self:
        """Those of which the last look had this outcome; none for a word that is no health."""
        with_look = self.with_last_look()
        known = {
            Health.ALIVE: Q(looked_outcome__in=("kept", "unchanged", "answered")),
            Health.CHANGED: Q(looked_outcome="changed"),
            Health.WALL: Q(looked_outcome="wall"),
            Health.GONE: _IS_GONE,
            Health.UNSEEN: Q(looked_outcome__in=("not found", "refused", "failed")) & ~_IS_GONE,
            Health.NEVER: Q(looked_outcome__isnull=True, url__isnull=False),
        }
        return with_look.filter(known[Health(health)]) if health in Health else self.none()


_IS_GONE = Q(looked_outcome="gone") | Q(
    looked_outcome="not found", looked_status__isnull=False, looked_status__in=(404, 410)
)


def health_of(outcome: str | None, http_status: int | None) -> Health:
    """What the outcome of the last look says of an article's link."""
    if outcome is None:
        return Health.NEVER
    if outcome == "gone" or (outcome == "not found" and http_status in (404, 410)):
        return Health.GONE
    if outcome in ("kept", "unchanged", "answered"):
        return Health.ALIVE
    return Health(outcome) if outcome in ("changed", "wall") else Health.UNSEEN
