"""The public shape of who speaks: the by-line above a quotation, and a speaker's own page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tracker import dates
from tracker.models import Position, Quote, Speaker
from tracker.search import ShownBy, ShownQuote

from .readings import Link, address, date_reading, direction

__all__ = [
    "Alias",
    "By",
    "PositionRecord",
    "SpeakerRecord",
    "SpeakerRow",
    "bylines",
    "office_since",
    "position_record",
    "speaker_in_list",
    "speaker_link",
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


def office_since(position: Position) -> str:
    """“From 20 January 1989: President of the United States”: a change of office, in a timeline."""
    organisation = position.organisation
    office = _role_of(position.title, organisation.name)
    if not position.since:
        return _("From then on: %(office)s") % {"office": office}
    since = dates.parse(position.since)
    begun = date_reading((since.start or since).text).words
    return _("From %(date)s: %(office)s") % {"date": begun, "office": office}


def speaker_link(name: str, slug: str) -> Link:
    return Link(name, address("speaker", slug))


def bylines(quote: Quote | ShownQuote, own: int | None = None) -> tuple[By, ...]:
    """Who said it, the quote's speaker first; `own` is the speaker whose page it stands on."""
    if isinstance(quote, ShownQuote):
        people, unnamed = quote.by, _unnamed(quote.described_as, Link(quote.of_organisation))
    else:
        organisation = quote.of_organisation
        link = _link(organisation) if organisation else Link("")
        people, unnamed = _people(quote), _unnamed(quote.speaker_described_as, link)
    return tuple(_byline(each, own) for each in people) or (unnamed,)


def _people(quote: Quote) -> tuple[ShownBy, ...]:
    """Those who said it as a list has them."""
    if quote.speaker is None:
        return ()
    joint = [(each.speaker, each.position) for each in quote.joint_speakers.all()]
    return tuple(
        ShownBy(
            speaker.pk,
            speaker.name,
            speaker.slug,
            speaker.is_organisation,
            position.title if position else "",
            position.organisation.name if position else "",
            position.organisation.slug if position else "",
        )
        for speaker, position in [(quote.speaker, quote.position), *joint]
    )


def _byline(who: ShownBy, own: int | None) -> By:
    organisation = None
    if who.title:
        organisation = Link(who.organisation, address("speaker", who.organisation_slug))
    return By(
        name=who.name,
        url=address("speaker", who.slug),
        role=_role(who),
        title=who.title,
        organisation=organisation,
        is_organisation=who.is_organisation,
        own=who.id == own,
    )


def _role(who: ShownBy) -> str:
    return _role_of(who.title, who.organisation)


def _role_of(title: str, organisation: str) -> str:
    """Title and organisation; the title alone when it names the organisation already."""
    if not title or organisation.casefold() in title.casefold():
        return title
    return f"{title}, {organisation}"


def _unnamed(described_as: str, organisation: Link) -> By:
    told = organisation.name.casefold() in described_as.casefold()
    return By(
        name=_("%(description)s, not named")
        % {"description": described_as[:1].upper() + described_as[1:]},
        role="" if told else organisation.name,
        organisation=organisation if organisation.name else None,
    )


def _link(speaker: Speaker) -> Link:
    return speaker_link(speaker.name, speaker.slug)
