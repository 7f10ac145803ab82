"""Which quote on record a row is about, and what the row changes of it. It asks the database what is there, and writes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tracker.models import RECORDABLE, Citation, JointSpeaker, NewQuote, Quote, Revision, Status

from .matching import Known, folded
from .rows import Problem, Row, words_key

__all__ = ["Held", "find_held", "moves_to", "new_quote", "notes", "refusal", "revision"]

_OF_SOURCE = ("headline", "publisher", "published_on")
_Said = tuple[int, str, int]  # speaker (0: none), folded description of an unnamed one, article


@dataclass(frozen=True, slots=True)
class Held:
    """A quote on record with what a row may change of it, and with its citations by place."""

    id: int
    reference: str | None
    status: str
    joined_into: int | None
    redacted_at: Any
    speaker: int | None
    described_as: str
    of_organisation: int | None
    position: int | None
    said_on: str
    kind: str
    occasion: int | None
    attribution: str
    attribution_reason: str
    lead: int | None
    citations: dict[int, "_Cited"] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    joint: set[int] = field(default_factory=set)

    def cited_by(self, row: Row, known: Known) -> "_Cited | None":
        """How the row's source gives it, or else how the leading one does."""
        source = known.article(row)
        there = [each for each in self.citations.values() if source and each.article == source[0]]
        same_place = [each for each in there if each.locator == row.locator]
        return next(iter(same_place or there), self.citations.get(self.lead or 0))

    def as_citations(self) -> list[Citation]:
        """Its citations, as far as an attribution rests on them."""
        return [
            Citation(pk=each.id, article_id=each.article, basis=each.basis, role=each.role)
            for each in self.citations.values()
        ]

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_left_alone(self) -> bool:
        """Whether an editor has taken it out of sight: nothing that an import says changes that."""
        hidden = self.status in (Status.HELD, Status.WITHDRAWN)
        return bool(hidden or self.joined_into or self.redacted_at)


@dataclass(frozen=True, slots=True)
class _Cited:
    id: int
    quote: int
    article: int
    text: str
    language: str
    translated_by: str
    locator: str
    basis: str
    role: str


_OF_QUOTE = (
    *("id", "reference", "status", "joined_into_id", "redacted_at", "speaker_id"),
    *("speaker_described_as", "of_organisation_id", "position_id", "said_on", "kind"),
    *("occasion_id", "attribution", "attribution_reason", "lead_id"),
)
_OF_CITATION = (
    *("id", "quote_id", "article_id", "text", "language", "translated_by", "locator", "basis"),
    "role",
)


# --- On record ----------------------------------------------------------------------------------------


def find_held(rows: list[Row], known: Known) -> dict[int, Held]:
    """The quote on record for each row that has one, by the number of its line."""
    named = {row.reference: row.line for row in rows if row.reference}
    blanked = {}
    if Quote.objects.with_blanked_reference().exists():
        blanked = {Quote.blanked_reference(reference): reference for reference in named}
    lines: dict[int, list[int]] = defaultdict(list)  # of each quote
    found: dict[int, Held] = {}
    by_reference = Quote.objects.filter(reference__in=[*named, *blanked])
    for held in _held(by_reference):
        reference = str(held.reference)
        lines[held.id].append(named[blanked.get(reference, reference)])
        found[held.id] = held
    taken = {line for each in lines.values() for line in each}
    for row in rows:
        if row.own_id and row.line not in taken:
            lines[row.own_id].append(row.line)
    for line, quote in _matched_by_words([row for row in rows if not row.reference], known):
        lines[quote].append(line)
    for held in _held(Quote.objects.filter(pk__in=[pk for pk in lines if pk not in found])):
        found[held.id] = held
    _add_parts(found)
    return {line: found[pk] for pk, some in lines.items() if pk in found for line in some}


def _held(quotes: Any) -> Iterator[Held]:
    for values in quotes.values_list(*_OF_QUOTE):
        yield Held(*values)


def _add_parts(found: dict[int, Held]) -> None:
    ids = list(found)
    for values in Citation.objects.filter(quote__in=ids).order_by("id").values_list(*_OF_CITATION):
        found[values[1]].citations[values[0]] = _Cited(*values)
    links = Quote.topics.through._default_manager.filter(quote__in=ids)
    for quote, topic in links.values_list("quote_id", "topic_id"):
        found[quote].topics.add(topic)
    joint = JointSpeaker.objects.filter(quote__in=ids)
    for quote, speaker in joint.values_list("quote_id", "speaker_id"):
        found[quote].joint.add(speaker)


def _matched_by_words(rows: list[Row], known: Known) -> Iterator[tuple[int, int]]:
    """For rows without a reference: the line, and the quote by the same speaker with these words in this source."""
    asked: dict[_Said, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        source, speaker = known.article(row), known.speaker(row)
        if source and (speaker or row.described_as):
            said = speaker or 0, folded(row.described_as), source[0]
            asked[said][words_key(row.text)].append(row.line)
    columns = (
        *("quote__speaker_id", "quote__speaker_described_as", "article_id"),
        *("text", "quote_id", "quote__redacted_at"),
    )
    cited = Citation.objects.filter(article__in={article for _who, _as, article in asked})
    for speaker, described, article, text, quote, redacted in (
        cited.order_by("quote_id").values_list(*columns).iterator()
    ):
        if redacted:
            known.blanked.add(article)
        wanted = asked.get((speaker or 0, folded(described), article))
        if wanted:
            for line in wanted.pop(words_key(text), ()):
                yield line, quote


# --- What a row says of it ----------------------------------------------------------------------------


def new_quote(row: Row, known: Known) -> NewQuote:
    given = _given(kind=row.kind, attribution=row.attribution, status=row.status, basis=row.basis)
    return NewQuote(
        text=row.text,
        article=known.article(row)[0],
        reference=row.reference or None,
        speaker=known.speaker(row),
        described_as=row.described_as,
        of_organisation=known.organisation(row) if row.described_as else None,
        position=known.position(row),
        said_on=row.said_on,
        occasion=known.occasion(row),
        attribution_reason=row.attribution_reason,
        language=row.language,
        translated_by=row.translated_by,
        locator=row.locator,
        topics=tuple(known.topics[name] for name in row.topics),
        **given,
    )


def refusal(row: Row, held: Held | None, known: Known) -> Problem | None:
    """Why nothing can be done with this row, though each of its cells is sound."""
    source = known.article(row)
    if held is None:
        if row.own_id:
            return Problem(row.line, "reference", _("There is no quote of ours with this number."))
        if not row.reference and source and source[0] in known.blanked:
            told = _("Words from this source were blanked for good: enter the quote at the desk.")
            return Problem(row.line, "text", told)
        return None
    cited = held.cited_by(row, known)
    if cited is None:
        return Problem(row.line, "text", _("The quote has no citation yet: enter it at the desk."))
    places = {(each.article, each.locator) for each in held.citations.values() if each != cited}
    if source and (source[0], row.locator or cited.locator) in places:
        return Problem(row.line, "locator", _("The quote is cited from this place already."))
    if known.speaker(row) != held.speaker:
        if held.joint:
            told = _("It is a joint statement: change its speaker at the desk.")
            return Problem(row.line, "speaker", told)
        if row.speaker and held.position and not row.title:
            told = _("Its position on record is another speaker's: give organisation and title.")
            return Problem(row.line, "title", told)
    return None


def revision(row: Row, held: Held, known: Known) -> Revision | None:
    """What the row changes; None when it says what is on record. What it leaves empty stays as it is."""
    cited = held.cited_by(row, known)
    assert cited  # noqa: S101 - `refusal` has looked
    of_quote = _who(row, known) | _given(
        said_on=row.said_on,
        occasion=known.occasion(row),
        kind=row.kind,
        attribution=row.attribution,
        attribution_reason=row.attribution_reason,
    )
    of_quote = {name: value for name, value in of_quote.items() if value != getattr(held, name)}
    if "attribution_reason" in of_quote:  # they are settled together
        of_quote.setdefault("attribution", held.attribution)
    if of_quote.get("speaker") and not held.speaker:
        of_quote["anonymity_reason"] = ""
    of_lead = _given(
        article=known.article(row)[0],
        text=row.text if row.reference else "",
        language=row.language,
        translated_by=row.translated_by,
        locator=row.locator,
        basis=row.basis,
    )
    of_lead = {name: value for name, value in of_lead.items() if value != getattr(cited, name)}
    topics = frozenset(known.topics[name] for name in row.topics)
    other_topics = topics if topics and topics != held.topics else None
    if not (of_quote or of_lead or other_topics):
        return None
    return Revision(held.id, cited.id, of_quote, of_lead, other_topics)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _who(row: Row, known: Known) -> dict[str, Any]:
    """Who says it; of a row that was matched by its speaker only what goes with them."""
    if row.speaker:
        position = _given(position=known.position(row))
        if not row.reference:
            return position
        nobody_else = {"described_as": "", "of_organisation": None}
        return {"speaker": known.speaker(row), **nobody_else, **position}
    of = _given(of_organisation=known.organisation(row))
    if not row.reference:
        return of
    return {"speaker": None, "position": None, "described_as": row.described_as, **of}


def notes(row: Row, held: Held | None, known: Known) -> Iterator[Problem]:
    """What the row says in vain."""
    source = known.article(row)
    if row.article_url:
        given = row.headline, folded(row.publisher) if row.publisher else "", row.published_on
        for name, value, there in zip(_OF_SOURCE, given, source[2:], strict=True):
            if value and value != (there or ""):
                told = _("The source is on record already and says otherwise: it stays as it is.")
                yield Problem(row.line, name, told, refused=False)
    if held and row.status and held.status != row.status and not moves_to(row, held):
        told = _("It has come further than that already: it stays as it is.")
        yield Problem(row.line, "status", told, refused=False)


def moves_to(row: Row, held: Held) -> str:
    """The status that the row brings the quote on to; '' for none. Nothing is hidden by an import."""
    order = [str(each.value) for each in RECORDABLE]
    if row.status and held.status in order and order.index(held.status) < order.index(row.status):
        return row.status
    return ""
