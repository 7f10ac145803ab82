"""Who speaks: people and organisations, their other names, and what each person was, where and when."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tracker import anchoring, dates

from .addressed import Addressed, AddressedQuerySet
from .fields import (
    Called,
    DayField,
    Following,
    HonestDateField,
    LanguageField,
    LineField,
    SortNameField,
)
from .statuses import Editor, Refused

__all__ = ["Position", "Speaker", "SpeakerAlias"]


class SpeakerQuerySet(AddressedQuerySet):
    def listed(self) -> Self:
        """Those that may be found by name and by search engines."""
        return self.filter(listed=True)

    def called(self, name: str) -> Self:
        """Those with this very name or alias; case, width and the kind of quotation mark do not matter."""
        folded = Speaker.as_compared(name)
        return self.filter(Q(folded=folded) | Q(aliases__folded=folded)).distinct()

    def named_like(self, words: str) -> Self:
        """Those in whose name or aliases each of the words stands."""
        found = self
        for word in anchoring.fold(words).split():
            found = found.filter(Q(folded__contains=word) | Q(aliases__folded__contains=word))
        return found.distinct()

    def after(self, slug: str) -> Self:
        """Those behind the one of them at this slug, in order of their names; none when nobody is there."""
        last = self.filter(slug=slug).values_list("sort_name", "id").first()
        if last is None:
            return self.none()
        name, pk = last
        return self.filter(Q(sort_name__gt=name) | Q(sort_name=name, id__gt=pk))

    def with_quotes(self) -> Self:
        """Those who said a published quote, alone or with others, or to whom one is wrongly attributed."""
        return self.filter(_said("speaker"))

    def known_to_readers(self) -> Self:
        """Those with quotes, and the organisations that the speakers of published quotes belonged to then."""
        said = _said("speaker")
        then = _said("position__organisation")
        return self.filter(said | then | _of_unnamed())

    def delete(self) -> tuple[int, dict[str, int]]:
        try:
            return super().delete()
        except (models.ProtectedError, models.RestrictedError) as error:
            raise Refused(_still_needed(error)) from error


def _said(column: str) -> Q:
    """Whatever a published quote, or a joint speaker of one, has in this column."""
    from .quotes import JointSpeaker, Quote  # a speaker knows of quotes only here

    # Not `pk__in`, which goes through all quotes even for the sake of one speaker.
    published = Quote.objects.published()
    said = published.filter(**{column: models.OuterRef("pk")})
    joint = JointSpeaker.objects.filter(
        models.Exists(published.filter(pk=models.OuterRef("quote"))),
        **{column: models.OuterRef("pk")},
    )
    return Q(models.Exists(said)) | Q(models.Exists(joint))


def _number_of_quotes(column: str) -> Any:
    """How many published quotes, or joint speakers of one, have the outer row in this column."""
    from .quotes import JointSpeaker, Quote

    theirs = Quote.objects.published().theirs()
    # `quote__in` would be gone through once for every speaker.
    joint = JointSpeaker.objects.filter(models.Exists(theirs.filter(pk=models.OuterRef("quote"))))
    return _count(theirs, column) + _count(joint, column)


def _count(rows: models.QuerySet[Any], column: str) -> Any:
    counted = rows.filter(**{column: models.OuterRef("pk")}).order_by().values(column)
    number = models.Subquery(counted.annotate(number=models.Count("pk")).values("number"))
    return Coalesce(number, 0)


def _of_unnamed() -> Q:
    from .quotes import Quote

    published = Quote.objects.published().filter(of_organisation=models.OuterRef("pk"))
    return Q(models.Exists(published))


class Speaker(Called, Addressed):
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
                r"\A[Qq][1-9][0-9]*\Z", _("A Wikidata number starts with Q, for example Q8007.")
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
            models.Index(fields=("folded",), name="speakers_by_folded_name"),
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
        if self.pk and self.is_organisation and self.positions.exists():
            raise ValidationError({"kind": _("They hold positions: they must stay a person.")})

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


class SpeakerAlias(Called):
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
        indexes = (models.Index(fields=("folded",), name="aliases_by_folded_name"),)
        constraints = (
            models.UniqueConstraint(fields=("speaker", "name"), name="a_speaker_has_an_alias_once"),
            models.CheckConstraint(condition=~Q(name=""), name="alias_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        same = SpeakerAlias.objects.filter(speaker=self.speaker_id, folded=self.folded_name())
        if self.speaker_id and same.exclude(pk=self.pk).exists():
            raise ValidationError({"name": _("This alias is there already.")})


class PositionQuerySet(models.QuerySet["Position"]):
    def held_during(self, earliest: date, latest: date) -> Self:
        """Those held on at least one day from `earliest` to `latest`; an end that is not known is no bar."""
        begun = Q(since_earliest__isnull=True) | Q(since_earliest__lte=latest)
        not_over = Q(until_latest__isnull=True) | Q(until_latest__gte=earliest)
        return self.filter(begun & not_over)

    def with_number_of_quotes(self, *, at_least: int = 0) -> Self:
        """Each with `number_of_quotes`: the published ones that were said in that position."""
        counted = self.annotate(number_of_quotes=_number_of_quotes("position"))
        return counted.filter(number_of_quotes__gte=at_least) if at_least else counted


class Position(Following):
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
        _("since"),
        help_text=_("A year, month or day: 1933, 1933-03-04, 1933~. Of a post still held: 2023/.."),
    )
    until = HonestDateField(_("until"), help_text=_("A year, month or day. Empty: not known."))
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
        person = getattr(self, "person", None)  # a form may give one that is not saved yet
        if person and person.kind != Speaker.Kind.PERSON:
            problems["person"] = _("Only a person holds a position.")
        if self.organisation_id and self.organisation.kind != Speaker.Kind.ORGANISATION:
            problems["organisation"] = _("Choose an organisation, not a person.")
        if self.pk and any(
            said.exclude(speaker=self.person_id).exists()
            for said in (self.quotes, self.joint_quotes)
        ):
            problems["person"] = _("Quotes by the person who held it point at it.")
        if self.since and self.until:
            try:
                ends_before = dates.parse(self.until).latest < dates.parse(self.since).earliest
            except dates.DateError:
                ends_before = False  # each field says so itself
            if ends_before:
                problems["until"] = _("It ends before it begins.")
        if problems:
            raise ValidationError(problems)
