"""The public shape of a claim: who makes it, what was said of it in order of time, and what was found.

Written once for every way out. It judges nobody: a claimant has claims, and no score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Claim, ClaimQuote, Correction, Quote, QuoteLink
from tracker.search import ShownQuote, shown

from .corrections import CorrectionRecord, correction_records
from .links import TURNS, WITHDRAWN, link_signs
from .quotes import QuoteRow, rows
from .readings import DateReading, Link, Sign, date_reading, day_reading
from .reviews import EvidenceRecord, ReviewRecord, review_records
from .sources import ArticleRecord, article_record
from .speakers import By
from .verdicts import VerdictSign

__all__ = ["Appearance", "ClaimRecord", "Moment", "claim_record"]

_ROLES = {
    ClaimQuote.Role.MAKES: Sign("●", ""),
    ClaimQuote.Role.REPEATS: Sign("=", ""),
    ClaimQuote.Role.DENIES: Sign("≠", "", loud=True),
    ClaimQuote.Role.WITHDRAWS: Sign(WITHDRAWN, "", loud=True),
}
_LONGEST_IN_A_TITLE = 90
_NEVER = date.max
# On one day whoever makes it comes before whoever repeats it.
_IN_TURN = {ClaimQuote.Role.MAKES: 0, ClaimQuote.Role.REPEATS: 1}
# Of several links by which one quote answers, the one that is told.
_TOLD_FIRST = (
    QuoteLink.Kind.WITHDRAWS,
    QuoteLink.Kind.SAYS_OTHERWISE,
    QuoteLink.Kind.DENIES,
    QuoteLink.Kind.CORRECTS,
    QuoteLink.Kind.CLARIFIES,
    QuoteLink.Kind.ANSWERS,
)


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
    note: str = ""  # of a quote that answers another one here: what it has to do with that
    asserted_in: ArticleRecord | None = None  # the outlet's article that says so; None when we do


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
    repeaters: tuple[By, ...]  # those of the claimants who only repeat it
    earliest: DateReading  # the earliest on record here, of those who make or repeat it
    earliest_by: tuple[By, ...]
    findings: tuple[ReviewRecord, ...]  # the current ones, ours first
    earlier: tuple[ReviewRecord, ...]
    timeline: tuple[Moment, ...]
    appearances: tuple[Appearance, ...]
    corrections: tuple[CorrectionRecord, ...]
    published: DateReading  # here
    changed: DateReading
    listed: bool  # whether search engines may keep it

    @property
    def finding(self) -> ReviewRecord | None:
        """Our own current one."""
        return next((each for each in self.findings if each.is_ours), None)

    @property
    def makers(self) -> tuple[By, ...]:
        """Those of the claimants who do more than repeat it."""
        return tuple(each for each in self.claimants if each not in self.repeaters)

    @property
    def corrected_reviews(self) -> set[int | None]:
        """The findings, by id, of which a correction is told."""
        return {each.review for each in self.corrections}


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

    @property
    def place(self) -> tuple[date, int]:
        """Where it stands in order of time, and on its day."""
        role = ClaimQuote.Role(self.link.role)
        return self.link.quote.said_earliest or _NEVER, _IN_TURN.get(role, 2)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A quote that answers a quote of the claim, or one that says otherwise than that; with the link that says so."""

    link: QuoteLink
    row: QuoteRow


def claim_record(claim: Claim) -> ClaimRecord:
    """From a claim of `to_show()` that is open to readers; three more queries: its quotes, names, corrections."""
    links, url = _answering(claim), claim.get_absolute_url()
    said, answers = _said(claim, links)
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
        repeaters=_repeaters(claiming),
        earliest=earliest,
        earliest_by=earliest_by,
        findings=findings,
        earlier=tuple(each for each in reviews if not each.is_current),
        timeline=_timeline(said, answers, _events(claim, reviews)),
        appearances=_appearances(claiming),
        corrections=_corrections(claim, said),
        published=_day(claim.published_at or claim.created_at),
        changed=_day(claim.updated_at),
        listed=not any(each.link.has_unlisted for each in said),  # type: ignore[attr-defined]
    )


def _said(claim: Claim, answering: Sequence[QuoteLink]) -> tuple[list[_Said], list[_Answer]]:
    """Its published quotes in order of time, on one day whoever makes it first, the undated last; and what answers them."""
    links = {each.quote_id: each for each in claim.claim_quotes.all()}
    found = shown(dict.fromkeys((*links, *(each.later_id for each in answering))))
    by_id = dict(zip((quote.id for quote in found), rows(found), strict=True))
    said = [_Said(links[quote.id], quote, by_id[quote.id]) for quote in found if quote.id in links]
    said.sort(key=lambda each: (*each.place, each.row.id))
    return said, _answers(said, answering, by_id)


def _answering(claim: Claim) -> list[QuoteLink]:
    """The links that came along with its quotes, each once."""
    found: dict[int, QuoteLink] = {}
    for each in claim.claim_quotes.all():
        for name in ("each_answer", "next_answer"):
            if link := getattr(each, name, None):  # missing where nothing answers
                found.setdefault(link.pk, link)
    return list(found.values())


def _answers(
    said: Iterable[_Said], links: Iterable[QuoteLink], by_id: Mapping[int, QuoteRow]
) -> list[_Answer]:
    """The quotes that answer one by which the claim is made or repeated, and those that answer words to the contrary.

    Each once; those that stand in the timeline by themselves are left out.
    """
    there, claiming = set(), set()
    for each in said:
        there.add(each.row.id)
        if each.claims:
            claiming.add(each.row.id)
    known = sorted(
        (each for each in links if each.later_id in by_id),
        key=lambda each: (_TOLD_FIRST.index(QuoteLink.Kind(each.kind)), each.pk),
    )
    contrary = {
        each.later_id for each in known if each.earlier_id in claiming and each.kind in TURNS
    }
    found: dict[int, _Answer] = {}
    for answered in (claiming, contrary):
        for link in known:
            if link.earlier_id in answered and link.later_id not in there:
                found.setdefault(link.later_id, _Answer(link, by_id[link.later_id]))
    return list(found.values())


def _day(moment: datetime) -> DateReading:
    """The day that it was here."""
    return day_reading(timezone.localdate(moment))


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
            found.setdefault(_who(by, each), by)
    return tuple(found.values())


def _who(by: By, said: _Said) -> str:
    """What tells them from others: somebody without a page is somebody else in every quote."""
    return by.url or f"{by.name} {said.row.id}"


def _repeaters(claiming: Iterable[_Said]) -> tuple[By, ...]:
    """Those who only repeat it, as they stand among the claimants."""
    found: dict[str, tuple[By, bool]] = {}
    for each in claiming:
        for by in each.row.by:
            first, only = found.get(_who(by, each), (by, True))
            repeats = each.link.role == ClaimQuote.Role.REPEATS
            found[_who(by, each)] = (first, only and repeats)
    return tuple(by for by, only in found.values() if only)


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


def _timeline(
    said: Iterable[_Said], answers: Iterable[_Answer], events: Iterable[_Event]
) -> tuple[Moment, ...]:
    """All of it in order of time; on one day the claim, then other words, then what happened; the undated last."""
    moments = [((*each.place, each.row.id), _spoken(each)) for each in said]
    for answer in answers:
        day = answer.link.later.said_earliest or _NEVER
        moments.append(((day, 3, answer.row.id), _answered(answer)))
    for event in events:
        happened = event.evidence.happened or date_reading("")
        sign = Sign("◆", _("What happened"), loud=True)
        moment = Moment(sign, happened, turn=True, evidence=event.evidence)
        moments.append(((event.day, 4, event.evidence.id), moment))
    return tuple(moment for _key, moment in sorted(moments, key=lambda each: each[0]))


def _spoken(said: _Said) -> Moment:
    role = ClaimQuote.Role(said.link.role)
    sign = _ROLES[role]
    return Moment(
        sign=Sign(sign.glyph, str(role.label), sign.loud),
        when=date_reading(said.shown.said_on),
        turn=role not in ClaimQuote.CLAIMING,
        row=said.row,
        occasion=_occasion(said.link.quote),
        is_first=said.link.first_appearance,
    )


def _answered(answer: _Answer) -> Moment:
    link = answer.link
    return Moment(
        sign=link_signs(link.kind)[0],
        when=date_reading(link.later.said_on),
        turn=link.kind in TURNS,
        row=answer.row,
        occasion=_occasion(link.later),
        note=link.note,
        asserted_in=article_record(link.asserted_in) if link.asserted_in else None,
    )


def _occasion(quote: Quote) -> Link | None:
    occasion = quote.occasion
    return Link(occasion.named(), occasion.get_absolute_url()) if occasion else None


def _corrections(claim: Claim, said: Iterable[_Said]) -> tuple[CorrectionRecord, ...]:
    if not claim.is_corrected:  # type: ignore[attr-defined]
        return ()
    told = Correction.objects.open_to_readers().to_show()
    return correction_records(told.about_claim(claim.pk, (each.row.id for each in said)), own=claim)
