"""What an editor decides about the findings of an article: the plain values that a form, or a program, gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ACCEPT", "LATER", "REJECT", "Card", "Decided", "Kept", "Shared", "Undecidable"]

ACCEPT, REJECT, LATER = "accept", "reject", "later"

Problems = Mapping[str, str]  # a field's name, '' for the card as a whole, and what is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A decision about one finding, or about words that an editor marked (`finding` is None).

    The speaker is one of three: on record by `speaker_id`, or by the name or alias `speaker`; with
    `is_new` a new one of that name; or unnamed, and `described_as`. `title` and `organisation`, given
    both, are the position then, which is made when it is not on record; of an unnamed speaker the
    organisation alone. `topics` are names with semicolons between. `wording_of` is the id of a quote
    on record of which this is another wording: what the card says beside its words is then that quote's.
    """

    finding: int | None = None
    decision: str = LATER
    words: str = ""
    kind: str = "direct"
    speaker: str = ""
    speaker_id: int | None = None
    is_new: bool = False
    as_new: str = ""  # the name that the page, and no editor, said is new when it was made
    is_organisation: bool = False
    description: str = ""  # tells a new speaker from another one of the name
    described_as: str = ""
    title: str = ""
    organisation: str = ""
    said_on: str = ""
    said_on_as_given: str = ""
    topics: str = ""
    attributed_as: str = ""
    translated_by: str = ""
    wording_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an editor entered on a card that is not decided. `seen` is the `mark_of` what was entered there
    when the editor began; nobody's entries are put in the place of others that were not seen."""

    finding: int | None = None
    words: str = ""
    entered: Mapping[str, object] = field(default_factory=dict)
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What holds for every card that does not say otherwise."""

    language: str = ""
    said_on: str = ""
    occasion: str = ""
    place: str = ""
    topics: str = ""
    translated_by: str = ""
    basis: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of it: ids of new quotes and of citations of quotes that were on record, and numbers of
    what else is new. `already` were decided in the same way before, and are as they were."""

    quotes: tuple[int, ...] = ()
    citations: tuple[int, ...] = ()
    rejected: int = 0
    already: int = 0
    speakers: int = 0
    positions: int = 0
    topics: int = 0
    occasions: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.quotes or self.citations or self.rejected)


@dataclass
class Undecidable(Exception):
    """Decisions that cannot be kept, none of them: what is wrong, by the index of the card, and with
    what the cards share."""

    cards: dict[int, Problems] = field(default_factory=dict)
    shared: Problems = field(default_factory=dict)
