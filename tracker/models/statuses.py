"""What may be seen by readers: the five statuses, and the verbs that move a record, or many, from one to the next.

Knows nothing of quotes; a record says by `refusal()` why it cannot be published.
"""

from dataclasses import dataclass, field
from typing import Any, Self, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import search

__all__ = [
    "AnotherMust",
    "Editor",
    "Moved",
    "Publishable",
    "PublishableQuerySet",
    "Refused",
    "Status",
    "Withdrawal",
    "Written",
]

Editor = AbstractBaseUser | None


class Refused(Exception):
    """A verb that cannot be done, with a message fit for an editor."""


class AnotherMust(Refused):
    """Publishing that somebody else can do, and whoever asked for it cannot."""


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in review", _("In review")
    PUBLISHED = "published", _("Published")
    HELD = "held", _("Held while a complaint is looked at")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Withdrawal(models.TextChoices):
    OUR_ERROR = "our error", _("Our error")
    MISATTRIBUTED = "misattributed", _("Misattributed")
    PRIVACY = "privacy", _("Privacy")
    LEGAL = "legal", _("Legal reasons")
    DUPLICATE = "duplicate", _("Duplicate of another record")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of many: how many moved, and for each that did not, the record and why."""

    done: int
    refused: list[tuple[Any, str]] = field(default_factory=list)


_NEVER_DELETED = _("What has been published is never deleted: withdraw it.")
_STILL_NEEDED = _("Other records need it, such as quotes that were joined into it.")
_YOU_WROTE_IT = _("You wrote it as it stands: another editor must publish it.")
_BATCH = 500


class PublishableQuerySet(models.QuerySet["Any"]):
    def published(self) -> Self:
        """What readers may see."""
        return self.filter(status=Status.PUBLISHED)

    def in_review(self) -> Self:
        """What waits for somebody to read and publish it."""
        return self.filter(status=Status.IN_REVIEW)

    def unpublished(self) -> Self:
        """What readers do not see: drafts, and what is in review, held or withdrawn."""
        return self.filter(status__in=[each for each in Status if each != Status.PUBLISHED])

    def publish(self, *, by: Editor) -> Moved:
        return self._move("_to_published", by=by)

    def submit(self, *, by: Editor) -> Moved:
        return self._move("_to_review", by=by)

    def hold(self, *, by: Editor) -> Moved:
        return self._move("_to_held", by=by)

    def withdraw(self, *, by: Editor, category: str, reason: str) -> Moved:
        return self._move("_to_withdrawn", by=by, category=category, reason=reason)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Only what was never published can be deleted; the rest is withdrawn. Raises Refused."""
        if self.filter(published_at__isnull=False).exists():
            raise Refused(str(_NEVER_DELETED))
        try:
            return super().delete()
        except (models.ProtectedError, models.RestrictedError) as error:
            raise Refused(str(_STILL_NEEDED)) from error

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> Moved:
        """Move each record that can be; one statement a batch, with a row of history each."""
        moved: list[Publishable] = []
        refused: list[tuple[Any, str]] = []
        for record in self.look_ahead(list(self.ready_to_move())):
            try:
                getattr(record, step)(by=by, **how)
            except Refused as reason:
                refused.append((record, str(reason)))
            else:
                moved.append(record)
        for start in range(0, len(moved), _BATCH):
            batch = moved[start : start + _BATCH]
            moved_fields = [*self.model.MOVED_FIELDS, "updated_at"]
            self.model._default_manager.bulk_update(batch, moved_fields)
            _write_history(batch, by)
            _note_withdrawals(batch, by)
            for each in batch:
                each.was_moved(by=by)
        search.catch_up()
        return Moved(len(moved), refused)

    def ready_to_move(self) -> Self:
        """The records with all that `refusal()` looks at, in order of id; locked where the database can.

        Each once: a queryset that joins other tables may repeat a record, and cannot be locked.
        """
        once = self.model._default_manager.filter(pk__in=self.values("pk"))
        return cast(Self, once.select_for_update(of=("self",)).order_by("pk"))

    def look_ahead(self, records: list[Any]) -> list[Any]:
        """The same records, with what `refusal()` asks of only some of them, asked for all of these together."""
        return records


class Publishable(models.Model):
    """A record that starts as a draft, and of which nothing is deleted once readers have seen it."""

    MOVED_FIELDS: tuple[str, ...] = (
        "status",
        "published_at",
        "withdrawn_at",
        "withdrawal_category",
        "withdrawal_reason",
    )
    ANOTHER_MUST: Any = _YOU_WROTE_IT  # what whoever must not publish it is told

    status = models.CharField(
        _("status"),
        max_length=12,
        choices=Status,
        default=Status.DRAFT,
        db_index=True,
        editable=False,
    )
    published_at = models.DateTimeField(_("published here"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, editable=False)
    withdrawal_category = models.CharField(
        _("why withdrawn"),
        max_length=14,
        choices=Withdrawal,
        blank=True,
        default="",
        editable=False,
    )
    withdrawal_reason = models.TextField(
        _("reason, for the desk"), blank=True, default="", editable=False
    )
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == Status.WITHDRAWN

    def refusal(self) -> str:
        """Why this cannot be published, in an editor's words; '' when it can."""
        return ""

    def must_not_publish(self, by: Editor) -> bool:
        """Whether only somebody else may publish it."""
        return False

    def was_moved(self, *, by: Editor) -> None:
        """What must follow in the same transaction."""

    def publish(self, *, by: Editor) -> None:
        self._move("_to_published", by=by)

    def submit(self, *, by: Editor) -> None:
        self._move("_to_review", by=by)

    def hold(self, *, by: Editor) -> None:
        """Hide it at once, while a complaint is looked at."""
        self._move("_to_held", by=by)

    def withdraw(self, *, by: Editor, category: str, reason: str) -> None:
        self._move("_to_withdrawn", by=by, category=category, reason=reason)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only what was never published can be deleted. Raises Refused."""
        if self._as_it_stands().published_at is not None:
            raise Refused(str(_NEVER_DELETED))
        try:
            return super().delete(*args, **kwargs)
        except (models.ProtectedError, models.RestrictedError) as error:
            raise Refused(str(_STILL_NEEDED)) from error

    @transaction.atomic
    def _move(self, step: str, *, by: Editor, **how: str) -> None:
        self._move_one(step, by=by, **how)
        search.catch_up()

    def _move_one(self, step: str, *, by: Editor, **how: str) -> None:
        """Move it as it stands, so that of two editors who do the same at once one is refused.

        What follows in the index is left to the caller, who may move many in one transaction.
        """
        now = self._as_it_stands()
        getattr(now, step)(by=by, **how)
        now._history_user = by
        moved = [*self.MOVED_FIELDS, "updated_at"]
        now.save(update_fields=moved)
        _note_withdrawals([now], by)
        now.was_moved(by=by)
        for name in moved:
            setattr(self, name, getattr(now, name))

    def _as_it_stands(self) -> Any:
        """The same record as the database has it now, locked."""
        records = cast(PublishableQuerySet, type(self)._default_manager.filter(pk=self.pk))
        if (now := records.ready_to_move().first()) is None:
            raise Refused(str(_("It is not there any more.")))
        return now

    def _to_published(self, *, by: Editor) -> None:
        if self.status == Status.PUBLISHED:
            raise Refused(str(_("It is published already.")))
        if refusal := self.refusal():
            raise Refused(refusal)
        if self.must_not_publish(by):
            raise AnotherMust(str(self.ANOTHER_MUST))
        self.status = Status.PUBLISHED
        self.published_at = self.published_at or timezone.now()
        self.withdrawn_at, self.withdrawal_category, self.withdrawal_reason = None, "", ""
        self.updated_at = timezone.now()

    def _to_review(self, *, by: Editor) -> None:
        if self.status != Status.DRAFT:
            raise Refused(str(_("Only a draft can be sent to review.")))
        self.status, self.updated_at = Status.IN_REVIEW, timezone.now()

    def _to_held(self, *, by: Editor) -> None:
        if self.status != Status.PUBLISHED:
            raise Refused(str(_("Only what is published can be held.")))
        self.status, self.updated_at = Status.HELD, timezone.now()

    def _to_withdrawn(self, *, by: Editor, category: str, reason: str) -> None:
        if self.status == Status.WITHDRAWN:
            raise Refused(str(_("It is withdrawn already.")))
        if self.published_at is None:
            raise Refused(str(_("It was never published: delete it instead.")))
        if category not in Withdrawal.values:
            raise Refused(
                str(
                    _("Say why it is withdrawn: one of %(known)s.")
                    % {"known": ", ".join(Withdrawal.values)}
                )
            )
        if not reason.strip():
            raise Refused(str(_("Give the reason for the withdrawal in a sentence, for the desk.")))
        self.status, self.withdrawn_at = Status.WITHDRAWN, timezone.now()
        self.withdrawal_category, self.withdrawal_reason = category, reason.strip()
        self.updated_at = timezone.now()


class Written(Publishable):
    """Abstract: a record that says something in our own words, so that a second editor may have to read it first."""

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        abstract = True

    def needs_two(self) -> bool:
        """Whether whoever wrote it last may not publish it: the setting TWO_EDITORS says so of all."""
        return bool(settings.TWO_EDITORS)

    def must_not_publish(self, by: Editor) -> bool:
        return by is not None and self.written_by_id == by.pk and self.needs_two()


def _note_withdrawals(moved: list[Publishable], by: Editor) -> None:
    """Let readers know what is no longer to be seen."""
    from .corrections import note_withdrawals  # which knows all that can be withdrawn

    note_withdrawals([each for each in moved if each.is_withdrawn], by=by)


def _write_history(records: list[Publishable], by: Editor) -> None:
    """A row of history each, as `save()` writes it: with the many-to-many relations, which bulk history leaves out."""
    history = type(records[0]).history  # type: ignore[attr-defined]
    rows = history.bulk_history_create(records, update=True, default_user=by)
    row_of = {row.id: row for row in rows}
    for relation in history.model._history_m2m_fields:
        kept = getattr(history.model, relation.name).model
        record = f"{relation.m2m_field_name()}_id"
        links = relation.remote_field.through._default_manager.filter(**{f"{record}__in": row_of})
        kept._default_manager.bulk_create(
            kept(history=row_of[link[record]], **link) for link in links.values()
        )
