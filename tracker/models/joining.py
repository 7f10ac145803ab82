"""Joins a quote into another one that it turned out to be: all that hangs on it comes along, without doubles.

What comes of the index, and who may ask for it, is the quote's verb to say.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tracker import anchoring

from .claims import ClaimQuote
from .corrections import Correction
from .links import QuoteLink, may_follow
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
    """A claim has the quote once: of two rows the one stays that makes the claim, and where it was made first."""
    here = {each.claim_id: each for each in ClaimQuote.objects.filter(quote=into)}
    for coming in ClaimQuote.objects.filter(quote=other):
        mine = here.get(coming.claim_id)
        if mine is None:
            _point([coming], "quote", into, by)
            continue
        coming._history_user = by  # type: ignore[attr-defined]
        coming.delete()
        if coming.role == ClaimQuote.Role.MAKES and not mine.first_appearance:
            mine.role, mine.first_appearance = coming.role, coming.first_appearance
            _save([mine], by)


def _join_links(other: Quote, into: Quote, by: Editor) -> None:
    """What the one answers, the other answers now; but not itself, and not what it was said before."""
    both = QuoteLink.objects.filter(Q(later=into) | Q(earlier=into))
    here = set(both.values_list("later", "earlier", "kind"))
    links = QuoteLink.objects.filter(Q(later=other) | Q(earlier=other))
    for link in links.select_related("later", "earlier"):
        link.later, link.earlier = (
            into if end == other else end for end in (link.later, link.earlier)
        )
        key = (link.later_id, link.earlier_id, link.kind)
        is_itself = link.later_id == link.earlier_id
        if not is_itself and key not in here and may_follow(link.later, link.earlier):
            here.add(key)
            _save([link], by)


def _join_true_quotes(other: Quote, into: Quote, by: Editor) -> None:
    """The words that really were the other's really are this one's; nothing is taken for itself in the end."""
    for taken in Quote.objects.filter(true_quote=other):
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
