"""Who speaks: people and organisations, their other names, and what each person was, where and when."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import dates

from .addressed import Addressed, AddressedQuerySet
from .fields import DayField, HonestDateField, LanguageField, LineField, SortNameField
from .statuses import Editor, Refused

__all__ = ["Position", "Speaker", "SpeakerAlias"]


class SpeakerQuerySet(AddressedQuerySet):
    def listed(self) -> Self:
        """Those that may be found by name and by search engines."""
        return self.filter(listed=True)

    def called(self, name: str) -> Self:
        """Those with this very name or alias, whatever the case."""
        return self.filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).distinct()

    def named_like(self, words: str) -> Self:
        """Those in whose name or aliases each of the words stands."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(aliases__name__icontains=word))
        return found.distinct()

    def with_quotes(self) -> Self:
        """Those who said a published quote, alone or with others, or to whom one is wrongly attributed."""
        from .quotes import JointSpeaker, Quote  # a speaker knows of quotes only here

        published = Quote.objects.published()
        alone = published.filter(speaker=models.OuterRef("pk"))
        joint = JointSpeaker.objects.filter(speaker=models.OuterRef("pk"), quote__in=published)
        return self.filter(models.Exists(alone) | models.Exists(joint))

    def delete(self) -> tuple[int, dict[str, int]]:
        try:
            return super().delete()
        except (models.ProtectedError, models.RestrictedError) as error:
            raise Refused(_still_needed(error)) from error


class Speaker(Addressed):
    """A person or an organisation that speaks."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    name = LineField(
        _("name"), max_length=200, help_text=_("As readers know them: Jason Kwon, 김구, OpenAI.")
    )
    sort_name = SortNameField(
        _("sort name"),
        max_length=200,
        blank=True,
        help_text=_("How a list sorts it: “Kwon, Jason”. Left empty, it is sorted by the name."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.PERSON, db_index=True
    )
    wikidata_id = models.CharField(
        _("Wikidata"),
        max_length=20,
        null=True,
        blank=True,
        unique=True,
        validators=[
            RegexValidator(
                r"\AQ[1-9][0-9]*\Z", _("A Wikidata number starts with Q, for example Q8007.")
            )
        ],
        help_text=_("The Q-number, for example Q8007."),
    )
    description = LineField(
        _("description"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("One phrase that tells them from others of that name."),
    )
    listed = models.BooleanField(
        _("listed"),
        default=True,
        help_text=_("Unticked: the page stays, but is not indexed and is not found by name."),
    )
    history = HistoricalRecords()

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ("sort_name", "id")
        indexes = (
            models.Index(fields=("sort_name", "id"), name="speakers_in_order"),
            models.Index(fields=("name",), name="speakers_by_name"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(wikidata_id__isnull=True) | ~Q(wikidata_id=""),
                name="wikidata_id_is_null_when_not_known",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("speaker", args=[self.slug])

    def clean(self) -> None:
        self.wikidata_id = (self.wikidata_id or "").strip().upper() or None
        if self.pk and self.kind == self.Kind.PERSON and self.people.exists():
            raise ValidationError(
                {"kind": _("People hold positions in it: it must stay an organisation.")}
            )

    def rename(self, name: str, *, by: Editor) -> None:
        if self.sort_name == type(self).objects.values_list("name", flat=True).get(pk=self.pk):
            self.sort_name = ""  # it followed the name, and goes on doing so
        super().rename(name, by=by)

    @property
    def is_organisation(self) -> bool:
        return self.kind == self.Kind.ORGANISATION

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Refused when quotes or positions need it."""
        try:
            return super().delete(*args, **kwargs)
        except (models.ProtectedError, models.RestrictedError) as error:
            raise Refused(_still_needed(error)) from error


def _still_needed(error: models.ProtectedError | models.RestrictedError) -> str:
    rows = (
        error.protected_objects
        if isinstance(error, models.ProtectedError)
        else error.restricted_objects
    )
    return str(
        _(
            "It is still needed by %(count)d other records (quotes, positions, topics): move those first."
        )
        % {"count": len(rows)}
    )


class SpeakerAlias(models.Model):
    """Another name of a speaker."""

    speaker = models.ForeignKey(
        Speaker, models.CASCADE, related_name="aliases", verbose_name=_("speaker")
    )
    name = LineField(_("name"), max_length=200)
    language = LanguageField(
        _("language"), help_text=_("Such as ko or fr, when the name belongs to one.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ("speaker", "name", "id")
        indexes = (models.Index(fields=("name",), name="aliases_by_name"),)
        constraints = (
            models.UniqueConstraint(fields=("speaker", "name"), name="a_speaker_has_an_alias_once"),
            models.CheckConstraint(condition=~Q(name=""), name="alias_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class PositionQuerySet(models.QuerySet["Position"]):
    def held_during(self, earliest: date, latest: date) -> Self:
        """Those held on at least one day from `earliest` to `latest`; an end that is not known is no bar."""
        begun = Q(since_earliest__isnull=True) | Q(since_earliest__lte=latest)
        not_over = Q(until_latest__isnull=True) | Q(until_latest__gte=earliest)
        return self.filter(begun & not_over)


class Position(models.Model):
    """What a person was, where, from when to when."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Office")
        EMPLOYMENT = "employment", _("Employment")
        PARTY = "party", _("Party")

    person = models.ForeignKey(
        Speaker,
        models.CASCADE,
        related_name="positions",
        verbose_name=_("person"),
        limit_choices_to={"kind": Speaker.Kind.PERSON},
    )
    organisation = models.ForeignKey(
        Speaker,
        models.PROTECT,
        related_name="people",
        verbose_name=_("organisation"),
        limit_choices_to={"kind": Speaker.Kind.ORGANISATION},
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.EMPLOYMENT)
    title = LineField(
        _("title"), max_length=200, help_text=_("As it was called then: Chief Strategy Officer.")
    )
    since = HonestDateField(
        _("since"), help_text=_("A year, month or day: 1933, 1933-03-04, 1933~. Empty: not known.")
    )
    until = HonestDateField(_("until"), help_text=_("Empty: not known, or still held."))
    since_earliest = DayField(of="since", bound="earliest", db_index=True)
    until_latest = DayField(of="until", bound="latest", db_index=True)
    history = HistoricalRecords()

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = (F("since_earliest").desc(nulls_last=True), "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(since_earliest__isnull=True)
                | Q(until_latest__isnull=True)
                | Q(since_earliest__lte=F("until_latest")),
                name="position_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("organisation")), name="nobody_is_their_own_organisation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.title}, {self.organisation}"

    @property
    def title_and_organisation(self) -> str:
        return f"{self.title}, {self.organisation}"

    @property
    def period(self) -> str:
        """“4 March 1933 – 12 April 1945” in the reader's language; '' when neither end is known."""
        return dates.span_reading(self.since, self.until, get_language() or "en")

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.person_id and self.person.kind != Speaker.Kind.PERSON:
            problems["person"] = _("Only a person holds a position.")
        if self.organisation_id and self.organisation.kind != Speaker.Kind.ORGANISATION:
            problems["organisation"] = _("Choose an organisation, not a person.")
        if self.since and self.until:
            try:
                ends_before = dates.parse(self.until).latest < dates.parse(self.since).earliest
            except dates.DateError:
                ends_before = False  # each field says so itself
            if ends_before:
                problems["until"] = _("It ends before it begins.")
        if problems:
            raise ValidationError(problems)
