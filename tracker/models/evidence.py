"""What a review rests on: its sources, which way each points, and what was searched in vain."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .fields import NOT_COME_YET, DayField, Following, HonestDateField, WordsField, has_not_come
from .sources import Article

__all__ = ["Evidence"]


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
        "tracker.Review", models.CASCADE, related_name="evidence", verbose_name=_("review")
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
