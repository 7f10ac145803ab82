"""Whether a card says what was kept of it already: a form that is sent twice is no second opinion."""

import unicodedata

from tracker import dates
from tracker.models import Finding, Quote, Speaker

from .cards import Card, Shared
from .naming import topics_in

__all__ = ["says_otherwise"]


def says_otherwise(card: Card, shared: Shared, finding: Finding) -> bool:
    """Whether an accepted card has other words, another speaker or another fact than were kept of it.

    What editors changed in the quote after that counts too: a page of before does not know it.
    """
    citation = finding.citation
    quote = citation.quote if citation else None
    if _plain(card.words) != _plain(finding.text):
        return True
    if quote is None or citation is None:
        return False
    if card.wording_of:
        return quote.pk != card.wording_of
    given = {
        "kind": (card.kind, quote.kind),
        "attributed_as": (card.attributed_as, citation.attributed_as),
        "translated_by": (card.translated_by or shared.translated_by, citation.translated_by),
        "said_on": (_day(card.said_on or shared.said_on), quote.said_on),
        "said_on_as_given": (card.said_on_as_given, quote.said_on_as_given),
    }
    if any(_plain(entered) != _plain(kept) for entered, kept in given.values()):
        return True
    topics = set(topics_in(card.topics or shared.topics))
    if topics != {each.name for each in quote.topics.all()}:
        return True
    return not _is_same_speaker(card, quote) or not _is_same_position(card, quote)


def _is_same_speaker(card: Card, quote: Quote) -> bool:
    name, speaker = Speaker.as_compared(card.speaker), quote.speaker
    if speaker is None or not name:
        described = _plain(card.described_as) == _plain(quote.speaker_described_as)
        return speaker is None and not name and described
    names = {speaker.folded, *(each.folded for each in speaker.aliases.all())}
    told_apart = _plain(card.description) if card.is_new else ""
    if name not in names or told_apart not in ("", speaker.description):
        return False
    if card.speaker_id in (None, speaker.pk):
        return True
    # The id of somebody of another name is one that was left over when the name was changed.
    return not Speaker.objects.called(card.speaker).filter(pk=card.speaker_id).exists()


def _is_same_position(card: Card, quote: Quote) -> bool:
    held = quote.position
    if held is None:
        return not card.title.strip() or quote.speaker is None
    names = {held.organisation.folded, *(each.folded for each in held.organisation.aliases.all())}
    same = Speaker.as_compared(card.title) == Speaker.as_compared(held.title)
    return same and Speaker.as_compared(card.organisation) in names


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _day(typed: str) -> str:
    try:
        return dates.parse(typed.strip()).text if typed.strip() else ""
    except dates.DateError:
        return typed
