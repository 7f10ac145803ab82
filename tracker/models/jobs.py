"""Long work that an editor asked for, and how far it has come: waiting, running, done, or failed with the reason.

Knows nothing of what the work is; whoever does it says so through these verbs.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .statuses import Editor

__all__ = ["Job"]

_SILENT_FOR = timedelta(minutes=3)  # a job that lives says so every few seconds
_MOST_PROBLEMS = 500
_STOPPED = _("It was stopped before it was done. What it did is kept: start it again to go on.")


class JobQuerySet(models.QuerySet["Job"]):
    def ask(self, kind: str, wanted: Sequence[Any], *, by: Editor) -> "Job":
        """Put down what is to be done; somebody has to begin it."""
        return self.create(kind=kind, wanted=list(wanted), total=len(wanted), asked_by=by)

    def give_up_lost(self) -> int:
        """Say of the jobs that nobody has heard of for minutes that they died, and return how many did."""
        lost = self.filter(state=Job.State.RUNNING, beat_at__lt=timezone.now() - _SILENT_FOR)
        return lost.update(state=Job.State.FAILED, reason=str(_STOPPED), finished_at=timezone.now())


class Job(models.Model):
    """Long work that an editor asked for."""

    class Kind(models.TextChoices):
        LOOK = "look", _("Look at articles again")
        IMPORT = "import", _("Import articles")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("what is done"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    wanted = models.JSONField(_("with what"), default=list)
    total = models.PositiveIntegerField(_("in all"), default=0)
    done = models.PositiveIntegerField(_("done so far"), default=0)
    counts = models.JSONField(_("what came of it"), default=dict)
    problems = models.JSONField(_("what went wrong"), default=list)
    reason = models.TextField(_("why it failed"), blank=True, default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun at"), null=True)
    beat_at = models.DateTimeField(_("last heard of at"), null=True)
    finished_at = models.DateTimeField(_("ended at"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", started_at__isnull=True)
                | Q(started_at__isnull=False, beat_at__isnull=False),
                name="job_that_began_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="failed_job_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.total:,})"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    def begin(self) -> None:
        now = timezone.now()
        self._say(state=self.State.RUNNING, started_at=now, beat_at=now)

    def advance(self, done: int, counts: Mapping[str, int]) -> None:
        """Say how far it is."""
        self._say(done=done, counts=dict(counts), beat_at=timezone.now())

    def beat(self) -> None:
        """Say that it lives, while it waits."""
        self._say(beat_at=timezone.now())

    def finish(self, counts: Mapping[str, int], problems: Sequence[tuple[str, str]] = ()) -> None:
        """Say what came of it. `problems` are pairs of what could not be done and why."""
        self._say(
            state=self.State.DONE,
            counts=dict(counts),
            problems=[list(each) for each in problems[:_MOST_PROBLEMS]],
            reason="",
            finished_at=timezone.now(),
        )

    def fail(self, reason: str) -> None:
        now = timezone.now()
        began = self.started_at or now
        self._say(
            state=self.State.FAILED,
            reason=reason or str(_STOPPED),
            started_at=began,
            beat_at=now,
            finished_at=now,
        )

    def _say(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
