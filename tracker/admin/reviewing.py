"""The review of an article: its text with what was found marked in it, and a card for each finding."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.importing import (
    Decided,
    Offer,
    Undecidable,
    keep_entered,
    language_of,
    namesakes_of,
    offers,
    save_decisions,
    why_refused,
)
from tracker.models import Article, Capture, Finding, Position, Speaker

from .cards import (
    CardForm,
    SharedForm,
    initial_of,
    is_above,
    name_to_look_up,
    told_confidence,
    told_doubts,
)

__all__ = ["MOST_CARDS", "Review"]

MOST_CARDS = 100  # on one page; the next ones come when these are decided
_EMPTY = "hand-0"  # a card without a finding
_SENT = re.compile(r"((?:card|hand)-[0-9]{1,18})-decision")


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What a card shows beside its form."""

    number: int
    finding: Finding | None = None
    offers: Sequence[Offer] = ()
    is_above: bool = True
    confidence: str = ""
    doubts: Sequence[str] = ()
    refused: str = ""  # why it cannot be saved as it stands


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text: plain, or the words of the card of that number, or of a decided finding."""

    text: str
    number: int = 0
    is_doubtful: bool = False
    is_accepted: bool = False
    begins: bool = False
    prefix: str = ""  # of the card


@dataclass
class Review:
    """An article's findings for one editor, as they are on record and as the editor answers."""

    article: Article
    request: HttpRequest
    capture: Capture | None = None
    findings: list[Finding] = field(default_factory=list)
    cards: list[CardForm] = field(default_factory=list)
    shared: SharedForm = field(default_factory=SharedForm)
    kept: int = 0  # cards that are not decided, on which something was entered now

    def __post_init__(self) -> None:
        copies = self.article.captures.exclude(text="")
        self.capture = copies.order_by("-taken_at", "-pk").first()
        rows = self.article.findings.select_related("speaker", "citation__quote", "decided_by")
        self.findings = list(rows.prefetch_related("capture").order_by("start", "pk"))
        self._make_cards()

    # --- The cards ------------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    def _make_cards(self) -> None:
        undecided = [each for each in self.findings if each.is_open]
        called = _called_now(undecided)
        offered = offers(self.article, undecided)
        above = [f for f in undecided if is_above(f, offered[f.pk])]
        below = [f for f in undecided if f not in above]
        positions = _positions(undecided)
        sent = self._sent()
        late = [f for f in self.findings if not f.is_open and f"card-{f.pk}" in sent]
        shown = [*(above + below)[:MOST_CARDS], *late]
        for number, finding in enumerate(shown, 1):
            card = ShownCard(
                number=number,
                finding=finding,
                offers=offered.get(finding.pk, ()),
                is_above=finding in above,
                confidence=told_confidence(finding),
                doubts=told_doubts(finding),
                refused=why_refused(finding) if finding.is_open else "",
            )
            held = positions[finding.speaker_id or 0]
            initial = initial_of(
                finding, held, card.offers, self.article.published_on, called.get(finding.pk, ())
            )
            self.cards.append(self._form(f"card-{finding.pk}", card, initial))
        known = {each.prefix for each in self.cards}
        for n, prefix in enumerate([s for s in sent if s not in known] or [_EMPTY], 1):
            card = ShownCard(number=len(shown) + n)
            self.cards.append(self._form(prefix, card, {"decision": "accept"}))
        kept = self.request.session.get(self._session_key, {})
        self.shared = SharedForm(self.data, initial=self._first_shared() | kept)

    def _sent(self) -> list[str]:
        """The cards that an answer decides about, and those by hand."""
        sent = self.data or {}
        found = filter(None, map(_SENT.fullmatch, sent))
        prefixes = [
            each[1]
            for each in found
            if each[1].startswith("hand") or sent[each[0]] in ("accept", "reject")
        ]
        return prefixes[: 2 * MOST_CARDS]

    def _form(self, prefix: str, card: ShownCard, initial: Mapping[str, Any]) -> CardForm:
        """Answered only when the answer speaks of this card: it may be younger than the page that was sent."""
        data = self.data
        if data is not None and f"{prefix}-decision" not in data and f"{prefix}-words" not in data:
            data = None
        return CardForm(data, prefix=prefix, initial=initial, card=card)

    @property
    def blank(self) -> CardForm:
        """What a script copies for words that are marked."""
        card = ShownCard(number=0)
        return CardForm(prefix="hand-NEW", initial={"decision": "accept"}, card=card)

    @property
    def _session_key(self) -> str:
        return f"shared-of-article-{self.article.pk}"

    def _first_shared(self) -> dict[str, Any]:
        text = self.capture.text if self.capture else ""
        return {"language": self.article.language or language_of(text), "basis": "unknown"}

    # --- What the editor answers ----------------------------------------------------------------

    def save(self, *, publish: bool) -> Decided | None:
        """Keep the decisions and what else was entered; None when something is wrong, which its card tells."""
        cards = self._answered()
        if cards is None:
            return None
        with transaction.atomic():
            decided = self._decided(cards, publish)
            if decided and self._keep(cards):
                return decided
            transaction.set_rollback(True)
        return None

    def _decided(self, cards: Sequence[CardForm], publish: bool) -> Decided | None:
        given = [each.card_given() for each in cards]
        shared, by = self.shared.shared(), self.request.user
        try:
            return save_decisions(self.article, given, shared, by=by, publish=publish)  # type: ignore[arg-type]
        except Undecidable as error:
            self._tell(error, cards)
            return None

    def keep(self) -> bool:
        """Keep what was entered, and decide nothing; False when something is wrong."""
        cards = self._answered()
        return cards is not None and self._keep(cards, undecided=False)

    def _answered(self) -> list[CardForm] | None:
        bound = [each for each in self.cards if each.is_bound]
        fine = [each.is_valid() for each in bound]
        if not (self.shared.is_valid() and all(fine)):
            return None
        return [each for each in bound if not each.is_blank]

    def _keep(self, cards: Sequence[CardForm], *, undecided: bool = True) -> bool:
        """Keep what was entered on cards for later; of all cards when nothing is decided."""
        if self.capture is None:  # and so no card either
            return True
        self.request.session[self._session_key] = self.shared.cleaned_data
        later = {
            n: each.kept()
            for n, each in enumerate(cards)
            if each.is_mended and not (undecided and each.card_given().decision != "later")
        }
        try:
            self.kept = keep_entered(self.article, self.capture, later, by=self.request.user)  # type: ignore[arg-type]
        except Undecidable as error:
            self._tell(error, cards)
            return False
        return True

    def _tell(self, error: Undecidable, cards: Sequence[CardForm]) -> None:
        for n, problems in error.cards.items():
            if "speaker" in problems:
                cards[n].namesakes = _namesakes(cards[n].cleaned_data["speaker"])
            cards[n].tell(problems)
        for name, message in error.shared.items():
            self.shared.add_error(name if name in self.shared.fields else None, message)

    def accept_above(self) -> None:
        """Tick all cards above the line, and save nothing: for those who have no script."""
        data: Any = self.request.POST.copy()
        for each in self.cards:
            if each.card.finding and each.card.is_above:
                data[each.add_prefix("decision")] = "accept"
        for each in self.cards:
            if each.is_bound:
                each.data = data

    @property
    def wrong(self) -> int:
        """How many cards have something wrong."""
        return sum(bool(each.is_bound and each.errors) for each in self.cards)

    # --- What the page shows --------------------------------------------------------------------

    @property
    def above(self) -> list[CardForm]:
        return [each for each in self.cards if each.card.finding and each.card.is_above]

    @property
    def below(self) -> list[CardForm]:
        return [each for each in self.cards if each.card.finding and not each.card.is_above]

    @property
    def by_hand(self) -> list[CardForm]:
        return [each for each in self.cards if each.card.finding is None]

    @property
    def is_by_hand(self) -> bool:
        """Whether something is written on a card by hand."""
        return any(each["words"].value() for each in self.by_hand)

    @property
    def accepted(self) -> list[Finding]:
        return [each for each in self.findings if each.is_accepted]

    @property
    def rejected(self) -> list[Finding]:
        return [each for each in self.findings if each.decision == Finding.Decision.REJECTED]

    @property
    def more(self) -> int:
        """How many open findings wait for the next page."""
        shown = (each.card.finding for each in self.above + self.below)
        return self.undecided - sum(each.is_open for each in shown)

    @property
    def undecided(self) -> int:
        """How many findings are open, on this page and on the next ones; not what was decided meanwhile."""
        return sum(each.is_open for each in self.findings)

    @property
    def speakers(self) -> int:
        """How many different speakers the open findings name."""
        names = {each.speaker_id or each.name for each in self.findings if each.is_open}
        return len(names - {""})

    @property
    def paragraphs(self) -> list[SafeString]:
        """The text, paragraph by paragraph, with the words of each finding marked once."""
        if self.capture is None:
            return []
        text, marks = self.capture.text, self._marks()
        paragraphs, begin = [], 0
        for line in text.split("\n"):
            if line.strip():
                pieces = _pieces(text, begin, begin + len(line), marks)
                paragraphs.append(format_html_join("", "{}", ((_marked(p),) for p in pieces)))
            begin += len(line) + 1
        return paragraphs

    def _marks(self) -> list[tuple[int, int, Piece]]:
        """Stretches of the text, in order and apart, each with the piece that stands for its words."""
        numbers = {c.card.finding.pk: c.card for c in self.above + self.below}
        marks: list[tuple[int, int, Piece]] = []
        for finding in self.findings:
            card = numbers.get(finding.pk)
            here = self.capture is not None and finding.capture_id == self.capture.pk
            if not here or not (card or finding.is_accepted):
                continue
            for n, (start, end) in enumerate(finding.spans):
                piece = Piece(
                    text="",
                    number=card.number if card else 0,
                    is_doubtful=bool(card and not card.is_above),
                    is_accepted=finding.is_accepted,
                    begins=n == 0,
                    prefix=f"card-{finding.pk}",
                )
                marks.append((start, end, piece))
        return sorted(marks, key=lambda mark: mark[:2])


def _pieces(
    text: str, begin: int, end: int, marks: Sequence[tuple[int, int, Piece]]
) -> list[Piece]:
    """One paragraph: what is marked twice belongs to the first mark."""
    pieces, at = [], begin
    for first, last, piece in marks:
        start, stop = max(first, at), min(last, end)
        if start >= stop:
            continue
        if at < start:
            pieces.append(Piece(text[at:start]))
        begins = piece.begins and start == first
        pieces.append(replace(piece, text=text[start:stop], begins=begins))
        at = stop
    return [*pieces, Piece(text[at:end])] if at < end else pieces


def _marked(piece: Piece) -> SafeString:
    if piece.is_accepted:
        return format_html('<mark class="kept">{}</mark>', piece.text)
    if not piece.number:
        return format_html("{}", piece.text)
    link = '<a href="#{0}" id="words-{0}" aria-label="{1}">{2}</a>'
    name = _("Card %(number)d") % {"number": piece.number}
    return format_html(
        '<mark class="{}" data-number="{}">{}{}</mark>',
        "maybe" if piece.is_doubtful else "sure",
        piece.number,
        format_html(link, piece.prefix, name, piece.number) if piece.begins else "",
        piece.text,
    )


def _called_now(findings: Sequence[Finding]) -> Mapping[int, Sequence[Speaker]]:
    """Who is on record now of those that cards take for new. A finding whose only namesake that is, is theirs."""
    called = namesakes_of({each.pk: name_to_look_up(each) for each in findings})
    for each in findings:
        if not each.entered and len(theirs := called.get(each.pk, [])) == 1:
            each.speaker = theirs[0]
    return called


def _positions(findings: Sequence[Finding]) -> Mapping[int, list[Position]]:
    people = {each.speaker_id for each in findings if each.speaker_id}
    held: dict[int, list[Position]] = defaultdict(list)
    for position in Position.objects.filter(person__in=people).select_related("organisation"):
        held[position.person_id].append(position)
    return held


def _namesakes(name: str) -> list[Speaker]:
    found = list(Speaker.objects.called(name).order_by("pk")[:20])
    return found if len(found) > 1 else []
