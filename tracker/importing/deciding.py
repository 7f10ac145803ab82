"""Keeps what an editor decided about the findings of an article: all of it, in one transaction, or nothing.

Quotes are recorded and published by the models' own verbs. Whoever decided first is not overruled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import anchoring, search
from tracker.models import (
    Article,
    Capture,
    Citation,
    Editor,
    Finding,
    NewQuote,
    Occasion,
    Position,
    Quote,
    Speaker,
    Topic,
    record_quotes,
)
from tracker.models.citations import NO_OUTER_MARKS, is_in_quotation_marks
from tracker.models.fields import NOT_COME_YET, has_not_come
from tracker.sanitizing import has_tags

from .cards import ACCEPT, REJECT, Card, Decided, Problems, Shared, Undecidable
from .comparing import says_otherwise
from .finding import mark_words
from .naming import Names, Unclear, topics_in
from .proof import anchor_in
from .sources import ArticleError

__all__ = ["save_decisions", "why_refused"]

_Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A card that can be kept, with what its names stand for."""

    card: Card
    finding: Finding
    spans: _Spans
    speaker: Speaker | None = None
    organisation: Speaker | None = None
    position: Position | None = None
    wording_of: Quote | None = None


def save_decisions(
    article: Article,
    cards: Sequence[Card],
    shared: Shared | None = None,
    *,
    by: Editor,
    publish: bool = False,
) -> Decided:
    """Accept and reject: accepted cards become quotes, drafts or published, or citations of quotes on record.

    Each is anchored in the copy in which its words were found. A card that was decided in the same way
    before, and says the same, is left as it was, so that doing it twice changes nothing. Raises
    Undecidable, and then nothing is kept; a card that somebody decided otherwise meanwhile is one of
    its problems.
    """
    with transaction.atomic():
        return _Deciding(article, cards, shared or Shared(), by, publish).run()


@dataclass
class _Deciding:
    article: Article
    cards: Sequence[Card]
    shared: Shared
    by: Editor
    publish: bool
    problems: dict[int, dict[str, str]] = field(default_factory=dict)
    already: int = 0

    def run(self) -> Decided:
        findings = self._findings()
        asked = {n: c for n, c in enumerate(self.cards) if c.decision in (ACCEPT, REJECT)}
        todo = {n: card for n, card in asked.items() if self._is_open(n, card, findings)}
        accepted = {n: card for n, card in todo.items() if card.decision == ACCEPT}
        shared = _problems_of(self.shared) if accepted else {}
        sound = {n: card for n, card in accepted.items() if self._is_sound(n, card)}
        names = Names.find(sound.values(), Shared() if shared else self.shared)
        quotes = self._quotes(sound.values())
        ready = [self._ready(n, card, findings, names, quotes) for n, card in sound.items()]
        if self.problems or shared:
            raise Undecidable(dict(self.problems), shared)
        made = names.make(self.shared, self._topics(accepted.values()), by=self.by)
        new, cited = self._keep([each for each in ready if each], names)
        rejected = [c.finding for c in todo.values() if c.finding and c.decision == REJECT]
        number = Finding.objects.filter(pk__in=rejected, article=self.article).reject(by=self.by)
        search.catch_up()
        return Decided(quotes=new, citations=cited, rejected=number, already=self.already, **made)

    # --- What is there --------------------------------------------------------------------------

    def _findings(self) -> dict[int | None, Finding]:
        """The findings of the cards, locked where the database can."""
        ids = [card.finding for card in self.cards if card.finding]
        rows = Finding.objects.select_for_update(of=("self",)).filter(
            pk__in=ids, article=self.article
        )
        return {
            each.pk: each
            for each in rows.select_related(
                "decided_by", "citation__quote__speaker", "citation__quote__position__organisation"
            )
            .prefetch_related("capture")
            .order_by("pk")
        }

    def _is_open(self, n: int, card: Card, findings: dict[int | None, Finding]) -> bool:
        if card.finding is None:
            return card.decision == ACCEPT
        finding = findings.get(card.finding)
        if finding is None:
            self._tell(n, "", _("It is not there any more. Load the page again."))
            return False
        if finding.is_open:
            return True
        self._pass_over(n, card, finding)
        return False

    def _pass_over(self, n: int, card: Card, finding: Finding) -> None:
        """Leave what was decided as it is, and tell of it unless the card says the very same."""
        is_same = finding.is_accepted == (card.decision == ACCEPT)
        if not is_same or (finding.is_accepted and says_otherwise(card, self.shared, finding)):
            self._tell(n, "", told_of_decision(finding))
        else:
            self.already += 1

    def _quotes(self, cards: Iterable[Card]) -> dict[int, Quote]:
        ids = [card.wording_of for card in cards if card.wording_of]
        rows = Quote.objects.filter(pk__in=ids, joined_into__isnull=True, redacted_at__isnull=True)
        return {each.pk: each for each in rows.prefetch_related("citations")}

    def _topics(self, cards: Iterable[Card]) -> list[str]:
        return [name for card in cards for name in topics_in(card.topics or self.shared.topics)]

    def _tell(self, n: int, name: str, message: str) -> None:
        self.problems.setdefault(n, {}).setdefault(name, message)

    # --- What is wrong --------------------------------------------------------------------------

    def _is_sound(self, n: int, card: Card) -> bool:
        """Whether each field may hold what it does: the database is asked about nothing else."""
        problems = _problems_of(card)
        for name, message in problems.items():
            self._tell(n, name, message)
        return not problems

    def _ready(
        self,
        n: int,
        card: Card,
        findings: dict[int | None, Finding],
        names: Names,
        quotes: dict[int, Quote],
    ) -> _Ready | None:
        placed = self._placed(n, card, findings.get(card.finding))
        if placed is None:
            return None
        finding, spans = placed
        if card.wording_of:
            return self._ready_to_cite(n, card, finding, spans, quotes.get(card.wording_of))
        try:
            speaker = names.speaker(card)
            position = names.position(card, speaker)
            organisation = names.organisation(card) if speaker is None else None
        except Unclear as error:
            self._tell(n, error.field, error.message)
            return None
        return _Ready(card, finding, spans, speaker, organisation, position)

    def _ready_to_cite(
        self, n: int, card: Card, finding: Finding, spans: _Spans, quote: Quote | None
    ) -> _Ready | None:
        if quote is None:
            self._tell(n, "wording_of", _("There is no quote of this number to add it to."))
            return None
        if any(each.place == (self.article.pk, "") for each in quote.citations.all()):
            told = _("This article is cited for quote %(id)d already.")
            self._tell(n, "wording_of", told % {"id": quote.pk})
            return None
        return _Ready(card, finding, spans, wording_of=quote)

    def _placed(self, n: int, card: Card, finding: Finding | None) -> tuple[Finding, _Spans] | None:
        """The finding, and where the card's words stand; made when an editor marked them."""
        try:
            if finding is None:
                finding = mark_words(self.article, self._newest(), card.words, by=self.by)
                if not finding.is_open:
                    self._pass_over(n, card, finding)
                    return None
            return finding, _place(finding, card.words)
        except ArticleError as error:
            self._tell(n, "words", str(error))
            return None

    def _newest(self) -> Capture:
        copies = self.article.captures.exclude(text="").order_by("-taken_at", "-pk")
        if (newest := copies.first()) is None:
            raise ArticleError(_("There is no copy of this article’s text."), field="words")
        return newest

    # --- What is kept ---------------------------------------------------------------------------

    def _keep(self, ready: list[_Ready], names: Names) -> tuple[tuple[int, ...], tuple[int, ...]]:
        own = [each for each in ready if each.wording_of is None]
        new = record_quotes([self._new_quote(each, names) for each in own], by=self.by)
        leads = Citation.objects.in_bulk(
            Quote.objects.filter(pk__in=new).values_list("lead", flat=True)
        )
        of_quote = {each.quote_id: each for each in leads.values()}
        for each, pk in zip(own, new, strict=True):
            self._accept(each, of_quote[pk])
        cited = [self._cited(each) for each in ready if each.wording_of]
        return tuple(new), tuple(cited)

    def _new_quote(self, ready: _Ready, names: Names) -> NewQuote:
        card, shared = ready.card, self.shared
        topics = topics_in(card.topics or shared.topics)
        quote = NewQuote(
            text=_cleaned(Citation, "text", card.words),
            article=self.article.pk,
            speaker=ready.speaker.pk if ready.speaker else None,
            described_as="" if ready.speaker else card.described_as.strip(),
            of_organisation=ready.organisation.pk if ready.organisation else None,
            position=ready.position.pk if ready.position else None,
            said_on=_cleaned(Quote, "said_on", card.said_on or shared.said_on),
            said_on_as_given=card.said_on_as_given.strip(),
            occasion=names.occasion.pk if names.occasion else None,
            kind=card.kind,
            **self._of_citation(card),
            topics=tuple(names.topics[name].pk for name in topics),
        )
        return quote.published() if self.publish else quote

    def _of_citation(self, card: Card) -> dict[str, str]:
        shared = self.shared
        return {
            "language": _cleaned(Citation, "language", shared.language),
            "translated_by": (card.translated_by or shared.translated_by).strip(),
            "attributed_as": card.attributed_as.strip(),
            "basis": shared.basis,
        }

    def _cited(self, ready: _Ready) -> int:
        assert ready.wording_of is not None  # noqa: S101 - for the type checker
        citation: Citation = ready.wording_of.cite(
            self.article, text=ready.card.words, by=self.by, **self._of_citation(ready.card)
        )
        self._accept(ready, citation)
        return citation.pk

    def _accept(self, ready: _Ready, citation: Citation) -> None:
        finding, card = ready.finding, ready.card
        anchor_in(citation, finding.capture, ready.spans, by=self.by)
        speaker = ready.wording_of.speaker if ready.wording_of else ready.speaker
        corrected = {
            "kind": card.kind,
            "parts": [*map(list, ready.spans)],
            "start": ready.spans[0][0],
            "text": citation.text,
            "speaker": speaker,
        }
        Finding.objects.filter(pk=finding.pk).update(**corrected)
        finding.accept(citation, by=self.by)


def told_of_decision(finding: Finding) -> str:
    """Who decided about it, how and when, for another editor."""
    who = finding.decided_by.get_username() if finding.decided_by else _("somebody")
    how = finding.get_decision_display()
    told = _("%(who)s decided about it meanwhile: %(how)s. Nothing of that was changed.")
    return told % {"who": who, "how": how}


def why_refused(finding: Finding) -> str:
    """Why a card of it could not be saved as it was found, or as somebody left it; '' when nothing is wrong."""
    name = finding.speaker.name if finding.speaker else finding.name
    words = str(finding.entered.get("words") or finding.text)
    speaker = str(finding.entered.get("speaker", name) or "")
    return next(iter(_problems_of(Card(words=words, speaker=speaker)).values()), "")


def _place(finding: Finding, words: str) -> _Spans:
    """Where the words stand that an editor left or corrected. Raises ArticleError when they do not."""
    if anchoring.wording_key(words) == anchoring.wording_key(finding.text):
        return finding.spans
    before = anchoring.select(finding.capture.text, finding.spans)
    now = anchoring.check(before, words, finding.capture.text)
    if now.result is anchoring.Result.MISSING:
        told = _("The article’s text does not have these words. Mark or copy them from there.")
        raise ArticleError(told, field="words")
    if now.result is anchoring.Result.ALTERED:
        told = _("The article has other words there: “%(words)s”. Mark an omission with […].")
        there = anchoring.recorded_words(now.selectors)
        raise ArticleError(told % {"words": there}, field="words")
    return [(each.start or 0, each.end or 0) for each in now.selectors]


# The column that says what may stand in a field of a card, or of what cards share.
_COLUMNS: dict[str, tuple[type[Any], str]] = {
    "words": (Citation, "text"),
    "speaker": (Speaker, "name"),
    "description": (Speaker, "description"),
    "described_as": (Quote, "speaker_described_as"),
    "title": (Position, "title"),
    "organisation": (Speaker, "name"),
    "said_on": (Quote, "said_on"),
    "said_on_as_given": (Quote, "said_on_as_given"),
    "attributed_as": (Citation, "attributed_as"),
    "translated_by": (Citation, "translated_by"),
    "language": (Citation, "language"),
    "occasion": (Occasion, "name"),
    "place": (Occasion, "place"),
    "kind": (Quote, "kind"),
    "basis": (Citation, "basis"),
}


def _problems_of(given: Card | Shared) -> Problems:
    """What is wrong with each field on its own."""
    problems: dict[str, str] = {}
    for name, (model, column) in _COLUMNS.items():
        value = getattr(given, name, "")
        try:
            _cleaned(model, column, value)
        except ValidationError as error:
            problems[name] = " ".join(error.messages)
    for name in ("speaker", "organisation"):
        if has_tags(getattr(given, name, "")):
            problems[name] = _("This contains HTML. Give the name only, without tags.")
    for topic in topics_in(given.topics):
        try:
            _cleaned(Topic, "name", topic)
        except ValidationError as error:
            problems["topics"] = " ".join(error.messages)
    if isinstance(given, Card):
        if not given.words.strip():
            problems["words"] = _("Give the words.")
        elif is_in_quotation_marks(given.words.strip()):
            problems["words"] = str(NO_OUTER_MARKS)
    if given.said_on and "said_on" not in problems and has_not_come(given.said_on):
        problems["said_on"] = str(NOT_COME_YET)
    return problems


def _cleaned(model: type[Any], column: str, value: str) -> str:
    """The value as the column stores it; '' where nothing is given. Raises ValidationError."""
    value = value.strip()
    return str(model._meta.get_field(column).clean(value, None)) if value else ""
