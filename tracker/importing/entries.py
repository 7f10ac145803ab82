"""What a record in a file may hold: reads the file and checks the shape of every entry. It asks the database nothing.

Dates are EDTF text, languages BCP 47 tags; an empty text or null means "not known".
"""

import json
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from tracker import models

__all__ = [
    "SECTIONS",
    "AliasEntry",
    "ArticleEntry",
    "CitationEntry",
    "ClaimEntry",
    "ClaimQuoteEntry",
    "CorrectionEntry",
    "EvidenceEntry",
    "JointEntry",
    "LinkEntry",
    "Named",
    "OccasionEntry",
    "PositionEntry",
    "PublisherEntry",
    "QuoteEntry",
    "RecordError",
    "ReviewEntry",
    "SpeakerEntry",
    "TopicEntry",
    "entry_from",
    "label_of",
    "named_by",
    "read_record",
    "sections_from",
]

_LARGEST = 20_000_000  # bytes of a file

_Entry = TypeVar("_Entry")
Named = dict[str, Any]  # entries of one kind, by what they go by


class RecordError(Exception):
    """A record that cannot be loaded; the message names the entry and tells an editor why."""


def read_record(path: Path) -> Any:
    """The data of a JSON file (RFC 8259) in UTF-8, for `load_record`. Raises RecordError."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise RecordError(
            _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": error.strerror}
        ) from error
    if len(raw) > _LARGEST:
        raise RecordError(
            _("%(file)s is larger than %(most)d MB.")
            % {"file": path.name, "most": _LARGEST // 1_000_000}
        )
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise RecordError(_("%(file)s is not in UTF-8.") % {"file": path.name}) from error
    except (ValueError, RecursionError) as error:
        raise RecordError(
            _("%(file)s is not JSON: %(why)s") % {"file": path.name, "why": error}
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherEntry:
    name: str
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasEntry:
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionEntry:
    organisation: str  # the name of a speaker that is an organisation
    title: str
    kind: str = models.Position.Kind.EMPLOYMENT.value
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerEntry:
    name: str
    sort_name: str = ""
    kind: str = models.Speaker.Kind.PERSON.value
    wikidata_id: str | None = None
    description: str = ""
    aliases: list = field(default_factory=list)  # of AliasEntry
    positions: list = field(default_factory=list)  # of PositionEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionEntry:
    name: str
    kind: str = models.Occasion.Kind.OTHER.value
    place: str = ""
    city: str = ""
    country: str = ""
    time_zone: str = ""
    held_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEntry:
    name: str
    subject: str | None = None  # the name of a speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEntry:
    key: str  # names it in this record, and is not stored
    publisher: str | None = None
    url: str | None = None
    medium: str = models.Article.Medium.WEB.value
    access: str = models.Article.Access.PUBLIC.value
    headline: str = ""
    byline: str = ""
    published_on: str = ""
    language: str = ""
    original: str | None = None  # the key of an article
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEntry:
    speaker: str
    position: list | None = None  # [title, organisation]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationEntry:
    article: str  # the key of an article
    text: str
    language: str = ""
    translated_by: str = ""
    attributed_as: str = ""
    locator: str = ""
    locator_kind: str = ""
    basis: str = models.Citation.Basis.UNKNOWN.value
    role: str = models.Citation.Role.REPORTS.value


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteEntry:
    reference: str
    citations: list  # of CitationEntry; the first one leads
    speaker: str | None = None
    described_as: str = ""
    of_organisation: str | None = None
    anonymity_reason: str = ""
    position: list | None = None  # [title, organisation]
    joint: list = field(default_factory=list)  # of JointEntry
    said_on: str = ""
    said_on_as_given: str = ""
    occasion: str | None = None
    prompt: str = ""
    kind: str = models.Quote.Kind.DIRECT.value
    spoken_language: str = ""
    context: str = ""
    topics: list = field(default_factory=list)  # of names
    attribution: str = models.Quote.Attribution.UNVERIFIED.value
    attribution_reason: str = ""
    true_quote: str | None = None  # the reference of a quote


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimQuoteEntry:
    quote: str  # the reference of a quote
    role: str = models.ClaimQuote.Role.MAKES.value
    first_appearance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    key: str  # names it in this record, and is not stored
    text: str
    quotes: list  # of ClaimQuoteEntry
    kind: str = models.ClaimKind.FACTUAL.value
    due: str = ""
    topics: list = field(default_factory=list)  # of names


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    article: str | None = None  # the key of an article
    kind: str = models.Evidence.Kind.DOCUMENT.value
    bearing: str = models.Evidence.Bearing.SUPPORTS.value
    note: str = ""
    happened_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One finding. Days are YYYY-MM-DD. With an article it is the finding of that article's publisher."""

    key: str  # names it in this record, and is not stored
    claim: str  # the key of a claim
    summary: str
    reviewed_on: str
    verdict: str | None = None  # the slug of a verdict
    explanation: str = ""
    evidence: list = field(default_factory=list)  # of EvidenceEntry
    reply_asked_on: str = ""
    reply: str = ""
    replied_on: str = ""
    as_of: str = ""
    supersedes: str | None = None  # the key of a review
    article: str | None = None  # the key of an article
    rating_there: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEntry:
    later: str  # the reference of a quote
    kind: str
    earlier: str  # the reference of a quote
    note: str
    asserted_in: str | None = None  # the key of an article


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEntry:
    """A note on one record. `of` is what that goes by in this record: a reference, key or name; of a position
    [person, title, organisation], of a link [later, kind, earlier]."""

    record: str  # the kind of record: quote, speaker, position, article, link, claim or review
    of: str | list
    made_on: str  # YYYY-MM-DD
    text: str
    kind: str = models.Correction.Kind.CORRECTION.value
    field: str = ""
    before: str = ""
    after: str = ""


# For each section its entries, the model that they become, and what an entry goes by: one key, or several together.
SECTIONS: dict[str, tuple[type, type, str | tuple[str, ...]]] = {
    "publishers": (PublisherEntry, models.Publisher, "name"),
    "speakers": (SpeakerEntry, models.Speaker, "name"),
    "occasions": (OccasionEntry, models.Occasion, "name"),
    "topics": (TopicEntry, models.Topic, "name"),
    "articles": (ArticleEntry, models.Article, "key"),
    "quotes": (QuoteEntry, models.Quote, "reference"),
    "claims": (ClaimEntry, models.Claim, "key"),
    "reviews": (ReviewEntry, models.Review, "key"),
    "links": (LinkEntry, models.QuoteLink, ("later", "kind", "earlier")),
    "corrections": (CorrectionEntry, models.Correction, ("record", "of", "field", "made_on")),
}


def label_of(model: Any, name: Any) -> str:
    """“article zdnet-2025-05-26”: how messages name an entry."""
    return f"{model._meta.verbose_name} {name}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON would let the last of two equal keys win (RFC 8259, section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(
            _("an object has the same key twice, beside %(keys)s") % {"keys": [*found]}
        )
    return found


def sections_from(data: Any) -> dict[str, Named]:
    """Every section's entries, checked in their shape alone."""
    if not isinstance(data, dict):
        raise RecordError(_("A record is an object of lists: %(known)s.") % _known_words(SECTIONS))
    if unknown := sorted(data.keys() - SECTIONS.keys()):
        raise RecordError(
            _("There is no section “%(name)s” in a record. Known are %(known)s.")
            % {"name": unknown[0], **_known_words(SECTIONS)}
        )
    return {
        section: _named_entries(section, data.get(section, []), *how)
        for section, how in SECTIONS.items()
    }


def _named_entries(
    section: str, raw: Any, kind: type, model: Any, goes_by: str | tuple[str, ...]
) -> Named:
    if not isinstance(raw, list):
        raise RecordError(_("%(section)s: a list is expected.") % {"section": section})
    keys = (goes_by,) if isinstance(goes_by, str) else goes_by
    entries: Named = {}
    for number, given in enumerate(raw, start=1):
        known = given if isinstance(given, dict) else {}
        label = label_of(model, named_by(known.get(key) for key in keys) or f"#{number}")
        entry: Any = entry_from(kind, given, label)
        name = named_by(getattr(entry, key) for key in keys)
        if not name:
            raise RecordError(_("%(entry)s: it has no %(key)s.") % {"entry": label, "key": keys[0]})
        if name in entries:
            raise RecordError(_("%(entry)s: it is in this record twice.") % {"entry": label})
        entries[name] = entry
    return entries


def named_by(parts: Iterable[Any]) -> str:
    """What an entry goes by that several things name together: “seoul-15 repeats seoul-4”."""
    words = (
        named_by(part) if isinstance(part, list) else str(part or "").strip() for part in parts
    )
    return " ".join(filter(None, words))


def entry_from(kind: type[_Entry], raw: Any, label: str) -> _Entry:
    """One entry in its dataclass: no key that it does not know, no value of another type."""
    if not isinstance(raw, dict):
        raise RecordError(_("%(entry)s: an object is expected.") % {"entry": label})
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name, value in raw.items():
        if name not in known:
            raise RecordError(
                _("%(entry)s: there is no key “%(name)s”. Known are %(known)s.")
                % {"entry": label, "name": name, **_known_words(known)}
            )
        if not isinstance(value, known[name].type) or not _can_be_stored(value):  # type: ignore[arg-type]
            raise RecordError(
                _("%(entry)s: the value of “%(name)s” cannot be used.")
                % {"entry": label, "name": name}
            )
    for name, each in known.items():
        if each.default is MISSING and each.default_factory is MISSING and name not in raw:
            raise RecordError(_("%(entry)s: it has no %(key)s.") % {"entry": label, "key": name})
    return kind(**raw)


def _can_be_stored(value: Any) -> bool:
    """JSON can write NUL and unpaired surrogates, which no database takes."""
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _known_words(names: Iterable[str]) -> dict[str, str]:
    return {"known": ", ".join(names)}
