"""What readers have seen of a record and are told when it changes, as corrections have it. It changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tracker import dates

from .claims import Claim
from .corrections import FieldChange
from .links import QuoteLink
from .quotes import Quote
from .reviews import Review
from .speakers import Position

__all__ = [
    "Seen",
    "seen_changed",
    "seen_changes",
    "seen_of_claim",
    "seen_of_link",
    "seen_of_position",
    "seen_of_quote",
    "seen_of_review",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that readers are told of a record: `key` tells whether it is the same, `words` are what they read.

    `part` is the row of the record that it stands in. Only what `is_text` can have a typing error.
    """

    label: str
    key: Any
    words: str
    is_text: bool = False
    part: Any = None


def _text_of(label: str, words: str, part: Any = None) -> Seen:
    return Seen(label, words, words, is_text=True, part=part)


def seen_of_quote(quote: Quote) -> list[Seen]:
    """Its words, as each source gives them, its speakers, date and their positions."""
    said = dates.reading(quote.said_on, "en") if quote.said_on else ""
    joint = sorted(quote.joint_speakers.all(), key=lambda each: each.speaker_id)
    who = (quote.speaker_id, quote.speaker_described_as, *(each.speaker_id for each in joint))
    names = [quote.speaker or quote.speaker_described_as, *(each.speaker for each in joint)]
    positions = [quote.position, *(each.position for each in joint)]
    held = [each.title_and_organisation for each in positions if each]
    citations = sorted(quote.citations.all(), key=lambda each: each.pk)
    others = [each for each in citations if each.pk != quote.lead_id and each.gives_the_words]
    return [
        _text_of("words", quote.text),
        *(_text_of("words", each.text, each.pk) for each in others),
        Seen("speaker", who, "; ".join(map(str, names))),
        Seen("said on", quote.said_on, said),
        Seen("position then", tuple(each and each.pk for each in positions), "; ".join(held)),
    ]


def seen_of_position(position: Position) -> list[Seen]:
    """Its title and its organisation, which stand under quotes."""
    organisation = position.organisation
    return [
        _text_of("title", position.title),
        Seen("organisation", position.organisation_id, str(organisation)),
    ]


def seen_of_claim(claim: Claim) -> list[Seen]:
    """Its words, its kind and when it is due."""
    due = dates.reading(claim.due, "en") if claim.due else ""
    return [
        _text_of("claim", claim.text),
        Seen("kind", claim.kind, claim.get_kind_display()),
        Seen("due", claim.due, due),
    ]


def seen_of_link(link: QuoteLink) -> list[Seen]:
    """What it does, what we say of it, and its two quotes: by address, as one of them may be hidden some day."""
    return [
        Seen("what it does", link.kind, link.get_kind_display()),
        _text_of("note", link.note),
        Seen("later quote", link.later_id, _address(link.later_id)),
        Seen("earlier quote", link.earlier_id, _address(link.earlier_id)),
    ]


def _address(quote: int) -> str:
    return reverse("quote-bare", args=[quote])


def seen_of_review(review: Review) -> list[Seen]:
    """Its verdict, ours or the outlet's own, its summary and its day."""
    verdict = review.verdict.label if review.verdict else ""
    return [
        Seen("verdict", review.verdict_id, verdict),
        Seen("verdict there", review.rating_there, review.rating_there),
        _text_of("summary", review.summary),
        Seen("reviewed on", review.reviewed_on, dates.reading(str(review.reviewed_on), "en")),
    ]


def seen_changed(before: Iterable[Seen], after: Iterable[Seen]) -> list[tuple[Seen, Seen]]:
    """What readers were told of and are told otherwise, or no more: as it was, and as it is.

    Words that left their place and stand in another one are told still.
    """
    now = {(each.label, each.part): each for each in after}
    told = {(each.label, each.key) for each in now.values()}
    changed = []
    for then in before:
        there = now.get((then.label, then.part))
        if there is None and (then.label, then.key) not in told:
            changed.append((then, Seen(then.label, None, "", part=then.part)))
        elif there and there.key != then.key:
            changed.append((then, there))
    return changed


def seen_changes(before: Iterable[Seen], after: Iterable[Seen]) -> list[FieldChange]:
    """The same as corrections have it."""
    changed = seen_changed(before, after)
    return [FieldChange(now.label, then.words, now.words) for then, now in changed]
