"""The public shape of a claim: who makes it, what was said of it in order of time, and what was found.

Written once for every way out. It judges nobody: a claimant has claims, and no score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Claim, ClaimQuote, Correction, Quote
from tracker.search import ShownQuote, shown

from .corrections import CorrectionRecord, correction_records
from .quotes import QuoteRow, rows
from .readings import DateReading, Link, Sign, date_reading
from .reviews import EvidenceRecord, ReviewRecord, review_records
from .speakers import By
from .verdicts import VerdictSign

__all__ = ["Appearance", "ClaimRecord", "Moment", "claim_record"]

_ROLES = {
    ClaimQuote.Role.MAKES: Sign("●", ""),
    ClaimQuote.Role.REPEATS: Sign("=", ""),
    ClaimQuote.Role.DENIES: Sign("≠", "", loud=True),
    ClaimQuote.Role.WITHDRAWS: Sign("↶", "", loud=True),
}
_LONGEST_IN_A_TITLE = 90
_NEVER = date.max


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a claim's timeline: a quote, by its `row`, or an event, by the `evidence` that records it."""

    sign: Sign
    when: DateReading
    turn: bool  # it speaks against the claim, takes it back, or is no words at all
    row: QuoteRow | None = None
    occasion: Link | None = None
    is_first: bool = False  # an editor made sure that the claim was made there first
    evidence: EvidenceRecord | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """A page on the web where the claim is made. A private source is none."""

    address: str
    headline: str
    published: DateReading
    is_first: bool  # an editor made sure that the claim was made there first


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim in full, with all that its page says."""

    id: int
    url: str
    title: str  # “As president, ... will not raise taxes: broken”
    description: str
    text: str
    kind: str  # its slug
    kind_name: str
    due: DateReading | None
    overdue: bool
    topics: tuple[Link, ...]
    standing: str  # where the matter stands, in a word or two
    verdict: VerdictSign | None  # our current one
    claimants: tuple[By, ...]
    earliest: DateReading  # the earliest on record here, of those who make or repeat it
    earliest_by: tuple[By, ...]
    findings: tuple[ReviewRecord, ...]  # the current ones, ours first
    earlier: tuple[ReviewRecord, ...]
    timeline: tuple[Moment, ...]
    appearances: tuple[Appearance, ...]
    corrections: tuple[CorrectionRecord, ...]
    listed: bool  # whether search engines may keep it

    @property
    def finding(self) -> ReviewRecord | None:
        """Our own current one."""
        return next((each for each in self.findings if each.is_ours), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """One quote of a claim, with what it does."""

    link: ClaimQuote
    shown: ShownQuote
    row: QuoteRow

    @property
    def claims(self) -> bool:
        """Whether its speakers are claimants."""
        theirs = self.shown.attribution != Quote.Attribution.MISATTRIBUTED
        return theirs and self.link.role in ClaimQuote.CLAIMING


def claim_record(claim: Claim) -> ClaimRecord:
    """From a claim of `to_show()` that is open to readers; three more queries: its quotes, names, corrections."""
    said, url = _said(claim), claim.get_absolute_url()
    reviews = review_records(claim.rows_of_reviews, url)  # type: ignore[attr-defined]
    findings = tuple(each for each in reviews if each.is_current)
    ours = next((each for each in findings if each.is_ours), None)
    claiming = [each for each in said if each.claims]
    earliest, earliest_by = _earliest(claiming)
    return ClaimRecord(
        id=claim.pk,
        url=url,
        title=_title(claim, ours),
        description=_description(claim, earliest, earliest_by, ours),
        text=claim.text,
        kind=claim.kind,
        kind_name=str(claim.get_kind_display()),
        due=date_reading(claim.due) if claim.due else None,
        overdue=_overdue(claim, findings),
        topics=tuple(Link(topic.name, topic.get_absolute_url()) for topic in claim.topics.all()),
        standing=_standing(findings),
        verdict=ours.verdict if ours else None,
        claimants=_everyone(claiming),
        earliest=earliest,
        earliest_by=earliest_by,
        findings=findings,
        earlier=tuple(each for each in reviews if not each.is_current),
        timeline=_timeline(said, _events(claim, reviews)),
        appearances=_appearances(claiming),
        corrections=_corrections(claim, said),
        listed=not any(each.link.has_unlisted for each in said),  # type: ignore[attr-defined]
    )


def _said(claim: Claim) -> list[_Said]:
    """Its published quotes, in order of time, the undated last."""
    links = {each.quote_id: each for each in claim.claim_quotes.all()}
    found = shown(links)
    return [
        _Said(links[quote.id], quote, row) for quote, row in zip(found, rows(found), strict=True)
    ]


def _title(claim: Claim, ours: ReviewRecord | None) -> str:
    text = claim.text
    if len(text) > _LONGEST_IN_A_TITLE:
        cut = text[: _LONGEST_IN_A_TITLE + 1]
        text = (cut.rpartition(" ")[0] or cut[:-1]) + "…"
    if ours is None or ours.verdict is None:
        return text
    found = {"claim": text, "verdict": ours.verdict.word}
    return _("%(claim)s: %(verdict)s") % found


def _description(
    claim: Claim, earliest: DateReading, by: Iterable[By], ours: ReviewRecord | None
) -> str:
    """What search engines and previews say."""
    told = {
        "kind": claim.get_kind_display(),
        "date": earliest,
        "who": "; ".join(each.name for each in by),
    }
    line = _("%(kind)s by %(who)s; earliest on record here: %(date)s.") % told
    return f"{line} {ours.summary}" if ours else line


def _overdue(claim: Claim, findings: Iterable[ReviewRecord]) -> bool:
    settled = any(each.is_final for each in findings)
    return claim.due_latest is not None and claim.due_latest < timezone.localdate() and not settled


def _standing(findings: Sequence[ReviewRecord]) -> str:
    ours = next((each for each in findings if each.is_ours), None)
    if ours:
        return ours.verdict.word if ours.verdict else _("Reviewed, with no verdict")
    return _("Reviewed elsewhere") if findings else _("Not reviewed yet")


def _everyone(claiming: Iterable[_Said]) -> tuple[By, ...]:
    """Each claimant once, as what they were when they first made it."""
    found: dict[str, By] = {}
    for each in claiming:
        for by in each.row.by:
            found.setdefault(by.url or f"{by.name} {each.row.id}", by)
    return tuple(found.values())


def _earliest(claiming: Sequence[_Said]) -> tuple[DateReading, tuple[By, ...]]:
    """Of those in order of time."""
    if not claiming:
        return date_reading(""), ()
    return date_reading(claiming[0].shown.said_on), claiming[0].row.by


def _appearances(claiming: Iterable[_Said]) -> tuple[Appearance, ...]:
    """The pages that the quotes lead with, each once."""
    found: dict[str, Appearance] = {}
    for each in claiming:
        article = each.shown.article
        if article.is_private or not article.url:
            continue
        known = found.get(article.url)
        found[article.url] = Appearance(
            address=article.url,
            headline=article.headline,
            published=date_reading(article.published_on),
            is_first=each.link.first_appearance or bool(known and known.is_first),
        )
    return tuple(found.values())


# ---- The timeline ----


@dataclass(frozen=True, slots=True)
class _Event:
    day: date
    evidence: EvidenceRecord


def _events(claim: Claim, reviews: Sequence[ReviewRecord]) -> list[_Event]:
    """What happened, as the evidence tells it: once, though an earlier review tells it too."""
    days = {
        evidence.pk: evidence.happened_earliest
        for row in claim.rows_of_reviews  # type: ignore[attr-defined]
        if (evidence := getattr(row, "each_evidence", None))
    }
    found: dict[tuple[str, str], _Event] = {}
    for evidence in (each for review in reviews for each in review.evidence if each.happened):
        source = evidence.source
        what = (source.page or source.address or source.title) if source else ""
        key = (str(evidence.happened), what or evidence.note)
        found.setdefault(key, _Event(days[evidence.id] or _NEVER, evidence))
    return list(found.values())


def _timeline(said: Iterable[_Said], events: Iterable[_Event]) -> tuple[Moment, ...]:
    """All of it in order of time; on one day words come before what happened; the undated last."""
    moments: list[tuple[tuple[date, int, int], Moment]] = []
    for each in said:
        day = each.link.quote.said_earliest or _NEVER
        moments.append(((day, 0, each.row.id), _spoken(each)))
    for event in events:
        happened = event.evidence.happened or date_reading("")
        sign = Sign("◆", _("What happened"), loud=True)
        moment = Moment(sign, happened, turn=True, evidence=event.evidence)
        moments.append(((event.day, 1, event.evidence.id), moment))
    return tuple(moment for _key, moment in sorted(moments, key=lambda each: each[0]))


def _spoken(said: _Said) -> Moment:
    role = ClaimQuote.Role(said.link.role)
    sign, occasion = _ROLES[role], said.link.quote.occasion
    return Moment(
        sign=Sign(sign.glyph, str(role.label), sign.loud),
        when=date_reading(said.shown.said_on),
        turn=role not in ClaimQuote.CLAIMING,
        row=said.row,
        occasion=Link(occasion.named(), occasion.get_absolute_url()) if occasion else None,
        is_first=said.link.first_appearance,
    )


def _corrections(claim: Claim, said: Iterable[_Said]) -> tuple[CorrectionRecord, ...]:
    told = Correction.objects.open_to_readers().to_show()
    return correction_records(told.about_claim(claim.pk, (each.row.id for each in said)), own=claim)
