"""What waits for an editor: counted on the desk's front page, each with the way to its list. It changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from tracker.models import Article, Claim, Quote, QuoteLink, Review, disputed_without_reply

__all__ = ["Queue", "queues"]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, in words with its number, and where it is listed."""

    name: str
    count: int
    told: str
    address: str


def queues(request: HttpRequest) -> list[Queue]:
    """The queues that are not empty, of what this editor may see; counted in one query."""
    waiting: dict[str, tuple[str, str, QuerySet[Any]]] = {
        "unreviewed": ("claim", "unreviewed", Claim.objects.without_review()),
        "overdue": ("claim", "overdue", Claim.objects.overdue()),
        "quotes": ("quote", "waiting", Quote.objects.in_review()),
        "claims": ("claim", "waiting", Claim.objects.in_review()),
        "reviews": ("review", "waiting", Review.objects.in_review()),
        "links": ("quotelink", "waiting", QuoteLink.objects.in_review()),
        "disputed": ("quote", "disputed", disputed_without_reply()),
        "declared": ("article", "declared", Article.objects.with_unrecorded_reviews()),
    }
    seen = {name: each for name, each in waiting.items() if _may_see(request, each[0])}
    counts = _counted({name: records for name, (_model, _queue, records) in seen.items()})
    return [
        Queue(name, counts[name], _told(name, counts[name]), _address(*seen[name][:2]))
        for name in seen
        if counts.get(name)
    ]


def _may_see(request: HttpRequest, model: str) -> bool:
    return any(request.user.has_perm(f"tracker.{verb}_{model}") for verb in ("view", "change"))


def _counted(queues: dict[str, QuerySet[Any]]) -> dict[str, int]:
    rows = [
        records.order_by()
        .values(queue=Value(name))
        .annotate(n=Count("pk"))
        .values_list("queue", "n")
        for name, records in queues.items()
    ]
    if not rows:
        return {}
    return dict(rows[0].union(*rows[1:], all=True))


def _address(model: str, queue: str) -> str:
    return f"{reverse(f'admin:tracker_{model}_changelist')}?queue={queue}"


def _told(name: str, n: int) -> str:
    told = {
        "unreviewed": ngettext(
            "%(n)d published claim has no review", "%(n)d published claims have no review", n
        ),
        "overdue": ngettext(
            "%(n)d promise or prediction is past its due date",
            "%(n)d promises and predictions are past their due date",
            n,
        ),
        "quotes": ngettext("%(n)d quote waits in review", "%(n)d quotes wait in review", n),
        "claims": ngettext(
            "%(n)d claim waits for a second editor", "%(n)d claims wait for a second editor", n
        ),
        "reviews": ngettext(
            "%(n)d review waits for a second editor", "%(n)d reviews wait for a second editor", n
        ),
        "links": ngettext(
            "%(n)d link between quotes waits for a second editor",
            "%(n)d links between quotes wait for a second editor",
            n,
        ),
        "disputed": ngettext(
            "%(n)d disputed quote has no reply on record",
            "%(n)d disputed quotes have no reply on record",
            n,
        ),
        "declared": ngettext(
            "%(n)d article declares claim reviews that nobody has recorded",
            "%(n)d articles declare claim reviews that nobody has recorded",
            n,
        ),
    }
    return told[name] % {"n": n}
