"""What the desk is shown of a look at a copy: what was found, in which copy, and what stands there. It changes nothing."""

from dataclasses import dataclass

from django.db.models import Case, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import anchoring
from tracker.models import Capture, Citation

__all__ = ["Finding", "copies_to_look_in", "copy_name", "entry_address", "finding", "settled"]

_AROUND = 300  # characters of the copy on either side of the words
_SHOWN = 1_500  # characters of a copy that has not the words


@dataclass(frozen=True, slots=True)
class Finding:
    """The result, its copy, and what stands in it. The record's words are `put in`, the copy's `left out`."""

    result: str  # for editors: “Altered”
    copy: Capture
    difference: tuple[anchoring.Part, ...]  # none where the words are not there at all
    before: str
    there: str  # '' likewise; then `after` is how the copy begins
    after: str
    more: bool  # whether the copy goes on behind that

    @property
    def copy_name(self) -> str:
        return copy_name(self.copy)

    @property
    def length(self) -> int:
        """Of the copy, in characters: a page that asks for consent is a short one."""
        return len(self.copy.text)


def finding(citation: Citation) -> Finding | None:
    """What a look found of which readers are not told yet; None when there is no doubt. It looks once more, as
    confirming does."""
    copy = citation.doubted_in
    if copy is None:
        return None
    result = Citation.Check(citation.doubt)
    altered = result == Citation.Check.ALTERED
    look = anchoring.check(citation.anchors, citation.text, copy.text) if altered else None
    selectors = look.selectors if look else ()
    there = anchoring.recorded_words(selectors) if selectors else ""
    start, end = (selectors[0].start or 0, selectors[-1].end or 0) if selectors else (0, 0)
    until = end + (_AROUND if selectors else _SHOWN)
    return Finding(
        result=str(result.label),
        copy=copy,
        difference=anchoring.difference(citation.text, there) if there else (),
        before=copy.text[max(start - _AROUND, 0) : start],
        there=copy.text[start:end],
        after=copy.text[end:until],
        more=until < len(copy.text),
    )


def settled(citation: Citation) -> str:
    """What readers are told: “Word for word · Page fetched, 2025-05-26 09:00”"""
    result = str(Citation.Check(citation.check_result).label)
    copy = citation.checked_in
    return f"{result} · {copy_name(copy)}" if copy else result


def copy_name(copy: Capture) -> str:
    """How it was made, and when: “Page fetched, 2025-05-26 09:00”"""
    taken = date_format(timezone.localtime(copy.taken_at), "DATETIME_FORMAT")
    made = copy.get_method_display()
    if not copy.proves:
        made = _("%(made)s, which is no proof") % {"made": made}
    return f"{made}, {taken}"


def copies_to_look_in(article: int | OuterRef) -> QuerySet[Capture]:
    """Those of an article that have a text: what proves something before what was typed, the newest first."""
    typed_last = Case(When(method=Capture.Method.TYPED, then=Value(1)), default=Value(0))
    having = Capture.objects.filter(article=article).exclude(text_sha256="")
    return having.order_by(typed_last, "-taken_at", "-id")


def entry_address(citation: Citation) -> str:
    """Of the page about its check."""
    return reverse("admin:tracker_doubtedcitation_change", args=[citation.pk])
