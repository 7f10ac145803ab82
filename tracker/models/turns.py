"""Whose turn it is to ask a site: one asker at a time, and a pause behind each, whatever the number of processes.

A turn ends by itself, so that one who was killed holds nobody up for long.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["Turn"]

_SOON = 0.5  # seconds: somebody is there, and may be done at any moment


class TurnQuerySet(models.QuerySet["Turn"]):
    def take(self, site: str, *, seconds: float) -> datetime | float:
        """Take the turn at a site, for so many seconds at most, and return when it ends by itself.

        When somebody else has it, or the site is to be left alone: in how many seconds to ask again.
        """
        now = timezone.now()
        until = now + timedelta(seconds=seconds)
        if self.filter(site=site, free_at__lte=now).update(free_at=until, is_taken=True):
            return until
        taken = {"free_at": until, "is_taken": True}
        turn, is_new = self.get_or_create(site=site, defaults=taken)
        if is_new:
            return until
        left = max((turn.free_at - now).total_seconds(), 0.0)
        return min(left, _SOON) if turn.is_taken else left

    def give_back(self, site: str, until: datetime, *, seconds: float) -> None:
        """Give back the turn that was to end at `until`; the next one begins in so many seconds."""
        free_at = timezone.now() + timedelta(seconds=seconds)
        self.filter(site=site, free_at=until).update(free_at=free_at, is_taken=False)


class Turn(models.Model):
    """The next moment at which a site may be asked."""

    site = models.CharField(_("site"), max_length=300, unique=True)  # host and port
    free_at = models.DateTimeField(_("free at"))
    is_taken = models.BooleanField(_("somebody is there"), default=False)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn at a site")
        verbose_name_plural = _("turns at sites")

    def __str__(self) -> str:
        return f"{self.site}, {self.free_at:%Y-%m-%d %H:%M:%S}"
