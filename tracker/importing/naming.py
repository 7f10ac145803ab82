"""What the names on an editor's cards stand for: found together, whatever their number, and made when asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tracker.models import (
    Editor,
    Occasion,
    Position,
    Speaker,
    SpeakerAlias,
    Topic,
    record_many,
)

from .cards import Card, Shared

__all__ = ["Names", "Unclear", "namesakes_of", "topics_in"]

_PERSON, _ORGANISATION = Speaker.Kind.PERSON, Speaker.Kind.ORGANISATION


class Unclear(Exception):
    """A name that stands for nobody, or for several; with the field and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def topics_in(typed: str) -> list[str]:
    """The names in a list with semicolons between, each once."""
    return list(dict.fromkeys(filter(None, (each.strip() for each in typed.split(";")))))


def namesakes_of(names: Mapping[int, str]) -> dict[int, list[Speaker]]:
    """Those on record with each of these very names or aliases, by the key of the name; one query for all."""
    folded = {key: Speaker.as_compared(name) for key, name in names.items() if name}
    compared = set(folded.values())
    called: dict[str, dict[int, Speaker]] = defaultdict(dict)
    if compared:
        rows = Speaker.objects.annotate(also=F("aliases__folded"))
        for each in rows.filter(Q(folded__in=compared) | Q(also__in=compared)).order_by("pk"):
            called[each.folded][each.pk] = each
            called[each.also][each.pk] = each
    return {key: [*called[name].values()] for key, name in folded.items()}


@dataclass
class Names:
    """The speakers, positions, topics and the occasion that cards name, and those that are new."""

    speakers: dict[int, Speaker] = field(default_factory=dict)
    called: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    positions: dict[int, list[Position]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[str, Topic] = field(default_factory=dict)
    occasion: Occasion | None = None
    new: list[Any] = field(default_factory=list)
    _new_speakers: dict[tuple[str, str, str], Speaker] = field(default_factory=dict)
    _new_positions: dict[tuple[int, int, str], Position] = field(default_factory=dict)

    @classmethod
    def find(cls, cards: Iterable[Card], shared: Shared) -> "Names":
        """What is on record of them; five queries."""
        found, cards = cls(), list(cards)
        folded = {Speaker.as_compared(n) for c in cards for n in (c.speaker, c.organisation) if n}
        ids = {card.speaker_id for card in cards if card.speaker_id}
        aliases = SpeakerAlias.objects.filter(folded__in=folded)
        for pk, name in aliases.values_list("speaker", "folded"):
            found.called[name].add(pk)
            ids.add(pk)
        for speaker in Speaker.objects.filter(Q(pk__in=ids) | Q(folded__in=folded)):
            found.speakers[speaker.pk] = speaker
            found.called[speaker.folded].add(speaker.pk)
        held = Position.objects.filter(person__in=found.speakers).select_related("organisation")
        for position in held:
            found.positions[position.person_id].append(position)
        topics = [shared.topics, *(card.topics for card in cards)]
        names = {name for typed in topics for name in topics_in(typed)}
        found.topics = {each.name: each for each in Topic.objects.filter(name__in=names)}
        if shared.occasion or shared.place:
            same = Occasion.objects.filter(name=shared.occasion, place=shared.place)
            found.occasion = same.order_by("pk").first()
        return found

    # --- Speakers -------------------------------------------------------------------------------

    def speaker(self, card: Card) -> Speaker | None:
        """Who said it; nobody of an unnamed speaker. Raises Unclear."""
        name = card.speaker.strip()
        if not name:
            if not card.described_as.strip():
                raise Unclear(
                    "speaker",
                    _("Name the speaker, or describe one whom the source does not name."),
                )
            return None
        if card.described_as.strip():
            raise Unclear(
                "described_as",
                _("A quote has a speaker or a description of an unnamed one, not both."),
            )
        known = self._called(name)
        chosen = next((each for each in known if each.pk == card.speaker_id), None)
        if card.is_new:
            return self._new_speaker(card, known)
        if chosen or len(known) == 1:
            return chosen or known[0]
        if known:
            raise Unclear("speaker", _("There are several of that name: choose which one."))
        told = _("Nobody of this name is on record. Tick “new speaker” to add them.")
        raise Unclear("speaker", told)

    def namesakes(self, name: str) -> list[Speaker]:
        """Those whom a name may stand for."""
        return self._called(name)

    def _called(self, name: str) -> list[Speaker]:
        return [self.speakers[pk] for pk in sorted(self.called[Speaker.as_compared(name)])]

    def _new_speaker(self, card: Card, known: list[Speaker]) -> Speaker:
        kind = _ORGANISATION if card.is_organisation else _PERSON
        if len(known) == 1 and _came_meanwhile(card):
            return known[0]
        if any(each.kind == kind for each in known) and not card.description.strip():
            told = _(
                "%(name)s is on record. Untick “new speaker”; or, if it is somebody else, say in a phrase what tells them apart."
            )
            raise Unclear("description", told % {"name": known[0].name})
        return self._made_speaker(card.speaker.strip(), kind, card.description.strip())

    def _made_speaker(self, name: str, kind: str, description: str = "") -> Speaker:
        key = Speaker.as_compared(name), kind, description
        if key not in self._new_speakers:
            self._new_speakers[key] = Speaker(name=name, kind=kind, description=description)
        return self._new_speakers[key]

    # --- Positions ------------------------------------------------------------------------------

    def organisation(self, card: Card) -> Speaker | None:
        """The organisation that a card names. Raises Unclear."""
        name = card.organisation.strip()
        if not name:
            return None
        known = [each for each in self._called(name) if each.is_organisation]
        if len(known) > 1:
            raise Unclear("organisation", _("There are several organisations of that name."))
        return known[0] if known else self._made_speaker(name, _ORGANISATION)

    def position(self, card: Card, speaker: Speaker | None) -> Position | None:
        """What the speaker was then. Raises Unclear."""
        title, organisation = card.title.strip(), self.organisation(card)
        if speaker is None:
            if title:
                raise Unclear(
                    "title",
                    _("Without a speaker there is no position: put it into the description."),
                )
            return None
        if not (title or organisation):
            return None
        if not (title and organisation):
            field = "organisation" if title else "title"
            raise Unclear(field, _("A position has both: what they were, and where."))
        if speaker.is_organisation:
            raise Unclear("title", _("Only a person holds a position."))
        for held in self.positions[speaker.pk] if speaker.pk else ():
            same = Speaker.as_compared(held.title) == Speaker.as_compared(title)
            if same and held.organisation_id == organisation.pk:
                return held
        key = id(speaker), id(organisation), Speaker.as_compared(title)
        if key not in self._new_positions:
            self._new_positions[key] = Position(
                person=speaker, organisation=organisation, title=title
            )
        return self._new_positions[key]

    # --- New ------------------------------------------------------------------------------------

    def make(self, shared: Shared, topics: Iterable[str], *, by: Editor) -> dict[str, int]:
        """Put on record what is new, and return how many of each there are."""
        people, positions = [*self._new_speakers.values()], [*self._new_positions.values()]
        record_many(people, by=by)
        for position in positions:
            position.person, position.organisation = position.person, position.organisation
        record_many(positions, by=by)
        named = [Topic(name=name) for name in dict.fromkeys(topics) if name not in self.topics]
        record_many(named, by=by)
        self.topics |= {each.name: each for each in named}
        occasions: list[Occasion] = []
        if self.occasion is None and (shared.occasion or shared.place):
            self.occasion = Occasion(
                name=shared.occasion, place=shared.place, held_on=shared.said_on
            )
            record_many(occasions := [self.occasion], by=by)
        return {
            "speakers": len(people),
            "positions": len(positions),
            "topics": len(named),
            "occasions": len(occasions),
        }


def _came_meanwhile(card: Card) -> bool:
    """Whether it was the page that took the speaker for new, before somebody of the name came on record."""
    name = card.speaker.strip()
    return bool(name) and card.as_new.strip() == name and not card.description.strip()
