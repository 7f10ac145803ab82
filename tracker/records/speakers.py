"""The public shape of who speaks: the by-line above a quotation, and a speaker's own page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tracker.models import Position, Quote, Speaker

from .readings import Link, direction

__all__ = [
    "Alias",
    "By",
    "PositionRecord",
    "SpeakerRecord",
    "SpeakerRow",
    "bylines",
    "position_record",
    "speaker_in_list",
    "speaker_record",
]


@dataclass(frozen=True, slots=True)
class By:
    """One speaker of a quote. An unnamed one is described, and has no page."""

    name: str
    url: str = ""
    role: str = ""  # “Chief Strategy Officer, OpenAI”: what they were then
    title: str = ""  # the same, apart
    organisation: Link | None = None
    is_organisation: bool = False  # that speaks itself, and so is nothing “then”
    own: bool = False  # it stands on this speaker's own page, where the role alone is said

    @property
    def in_full(self) -> str:
        return f"{self.name}, {self.role}" if self.role else self.name


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a speaker, with its language where it belongs to one."""

    name: str
    language: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """What a person was: the title, the organisation, and from when to when ('' when neither is known)."""

    id: int
    title: str
    organisation: Link
    person: Link
    period: str
    quotes_url: str  # the person's quotes for that organisation


@dataclass(frozen=True, slots=True)
class SpeakerRecord:
    """A speaker as readers see them."""

    id: int
    name: str
    slug: str
    url: str
    kind: str
    is_organisation: bool
    listed: bool
    description: str
    wikidata: Link | None
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker in a list."""

    name: str
    url: str
    description: str


def speaker_in_list(speaker: Speaker) -> SpeakerRow:
    return SpeakerRow(speaker.name, speaker.get_absolute_url(), speaker.description)


def speaker_record(speaker: Speaker) -> SpeakerRecord:
    """From a speaker with its aliases."""
    wikidata = None
    if speaker.wikidata_id:
        address = f"https://www.wikidata.org/wiki/{speaker.wikidata_id}"
        wikidata = Link(speaker.wikidata_id, address)
    return SpeakerRecord(
        id=speaker.pk,
        name=speaker.name,
        slug=speaker.slug,
        url=speaker.get_absolute_url(),
        kind=speaker.kind,
        is_organisation=speaker.is_organisation,
        listed=speaker.listed,
        description=speaker.description,
        wikidata=wikidata,
        aliases=tuple(
            Alias(alias.name, alias.language, direction(alias.language) if alias.language else "")
            for alias in speaker.aliases.all()
        ),
    )


def position_record(position: Position) -> PositionRecord:
    """From a position with its person and organisation, which is a link when the view found that it has a page."""
    organisation = _link(position.organisation)
    if not getattr(position, "organisation_has_page", False):
        organisation = Link(organisation.name)
    then = urlencode({"organisation": position.organisation.slug})
    return PositionRecord(
        id=position.pk,
        title=position.title,
        organisation=organisation,
        person=_link(position.person),
        period=position.period,
        quotes_url=f"{position.person.get_absolute_url()}?{then}",
    )


def bylines(quote: Quote, own: int | None = None) -> tuple[By, ...]:
    """Who said it, the quote's speaker first; `own` is the speaker whose page it stands on."""
    if quote.speaker is None:
        return (_unnamed(quote),)
    joint = [(each.speaker, each.position) for each in quote.joint_speakers.all()]
    everyone = [(quote.speaker, quote.position), *joint]
    return tuple(_byline(speaker, position, own) for speaker, position in everyone)


def _byline(speaker: Speaker, position: Position | None, own: int | None) -> By:
    if position is None:
        return By(
            name=speaker.name,
            url=speaker.get_absolute_url(),
            is_organisation=speaker.is_organisation,
            own=speaker.pk == own,
        )
    return By(
        name=speaker.name,
        url=speaker.get_absolute_url(),
        role=_role(position),
        title=position.title,
        organisation=_link(position.organisation),
        own=speaker.pk == own,
    )


def _role(position: Position) -> str:
    """Title and organisation; the title alone when it names the organisation already."""
    if position.organisation.name.casefold() in position.title.casefold():
        return position.title
    return position.title_and_organisation


def _unnamed(quote: Quote) -> By:
    described = quote.speaker_described_as
    organisation = quote.of_organisation
    told = organisation and organisation.name.casefold() in described.casefold()
    return By(
        name=_("%(description)s, not named")
        % {"description": described[:1].upper() + described[1:]},
        role=organisation.name if organisation and not told else "",
        organisation=_link(organisation) if organisation else None,
    )


def _link(speaker: Speaker) -> Link:
    return Link(speaker.name, speaker.get_absolute_url())
