"""Joins a quote into another one that it turned out to be: all that hangs on it comes along, without doubles.

What comes of the index, and who may ask for it, is the quote's verb to say.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tracker import anchoring

from .attributed import Attribution
from .claims import ClaimQuote
from .corrections import Correction
from .links import QuoteLink
from .quotes import Quote
from .statuses import Editor, Refused, Withdrawal

__all__ = ["join"]


def join(other: Quote, into: Quote, *, by: Editor) -> None:
    """Join these two, which are locked and as they stand. Raises Refused."""
    if reason := _why_not(other, into):
        raise Refused(reason)
    into._history_user = by  # as its topics come
    other.lead, other.joined_into = None, into
    if other.published_at and not other.is_withdrawn:
        other._to_withdrawn(by=by, category=Withdrawal.DUPLICATE, reason=f"= {into.pk}")
    _save([other], by)
    here = {citation.place for citation in into.citations.all()}
    joint = {into.speaker_id, *into.joint_speakers.values_list("speaker", flat=True)}
    coming: list[Any] = [each for each in other.citations.all() if each.place not in here]
    coming += [each for each in other.joint_speakers.all() if each.speaker_id not in joint]
    # That the other was withdrawn once is not told of this one.
    withdrawn = Correction.Kind.WITHDRAWAL
    coming += Correction.objects.of(other).exclude(kind=withdrawn)
    _point(coming, "quote", into, by)
    _point(other.absorbed.all(), "joined_into", into, by)
    _join_claims(other, into, by)
    _join_links(other, into, by)
    _join_true_quotes(other, into, by)
    into.topics.add(*other.topics.all())
    into.lead_with_the_first(by=by)


def _why_not(other: Quote, into: Quote) -> str:
    if other.pk == into.pk:
        return _("A quote cannot be joined with itself.")
    if into.speaker_id is None or other.speaker_id != into.speaker_id:
        return _("Only quotes of one and the same named speaker can be joined.")
    if any(each.joined_into_id or each.redacted_at for each in (into, other)):
        return _("One of the two is no longer a quote of its own.")
    wrong = [each.attribution == Attribution.MISATTRIBUTED for each in (into, other)]
    if other.is_published and wrong == [True, False]:
        return _("This one is wrongly attributed, and the other is not: settle that first.")
    if other.is_published and not into.is_published:
        return _("Readers would lose it: join it into the one that is published.")
    here = {citation.place: citation for citation in into.citations.all()}
    for citation in other.citations.select_related("article"):
        same = here.get(citation.place)
        if same and anchoring.fold(same.text) != anchoring.fold(citation.text):
            return _(
                "Both cite %(article)s, with different words: say where in it each of them stands."
            ) % {"article": citation.article}
    return ""


def _join_claims(other: Quote, into: Quote, by: Editor) -> None:
    """A claim has the quote once: of two rows the one stays that makes the claim, and where it was made first.

    What this one cannot do with a claim, as it is reported, stays behind.
    """
    here = {each.claim_id: each for each in ClaimQuote.objects.filter(quote=into)}
    for coming in ClaimQuote.objects.filter(quote=other):
        mine = here.get(coming.claim_id)
        if mine is None:
            coming.quote = into
            if not coming.why_not_withdrawn(coming.claim.claim_quotes.select_related("quote")):
                _save([coming], by)
            continue
        coming._history_user = by  # type: ignore[attr-defined]
        coming.delete()
        if coming.role == ClaimQuote.Role.MAKES and not mine.first_appearance:
            mine.role, mine.first_appearance = coming.role, coming.first_appearance
            _save([mine], by)


def _join_links(other: Quote, into: Quote, by: Editor) -> None:
    """What the one answers, the other answers now; but not itself, and not what it cannot answer.

    Of two equal ones the one that readers see comes, and else the one stays that is here.
    """
    both = QuoteLink.objects.filter(Q(later=into) | Q(earlier=into))
    here = {_key(link): link for link in both.select_related("later", "earlier")}
    links = QuoteLink.objects.filter(Q(later=other) | Q(earlier=other))
    for link in links.select_related("later", "earlier").order_by("pk"):
        _turn(link, other, into)
        if link.later == link.earlier or link.why_not():
            continue
        mine = here.get(_key(link))
        if mine and (mine.is_published or not link.is_published):
            continue
        here[_key(link)] = link
        if mine is None:
            _save([link], by)
            continue
        # The two change places; for a moment one of them is of no kind, as no two may be alike.
        QuoteLink.objects.filter(pk=mine.pk).update(kind="")
        _save([link], by)
        _turn(mine, into, other)
        _save([mine], by)


def _key(link: QuoteLink) -> tuple[int, int, str]:
    return link.later_id, link.earlier_id, link.kind


def _turn(link: QuoteLink, away: Quote, to: Quote) -> None:
    """Point the ends of a link that lie at one quote to the other one."""
    link.later, link.earlier = (to if end == away else end for end in (link.later, link.earlier))


def _join_true_quotes(other: Quote, into: Quote, by: Editor) -> None:
    """The words that really were the other's really are this one's; nothing is taken for itself in the end."""
    for found in Quote.objects.filter(true_quote=other):
        taken = into if found == into else found
        taken.true_quote = into
        if taken.why_not_true_quote():
            taken.true_quote = None
        _save([taken], by)


def _point(rows: Iterable[Any], name: str, into: Quote, by: Editor) -> None:
    for each in rows:
        setattr(each, name, into)
        _save([each], by)


def _save(rows: Iterable[Any], by: Editor) -> None:
    for each in rows:
        each._history_user = by
        each.save()
