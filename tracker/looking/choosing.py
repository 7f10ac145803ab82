"""Which articles are looked at again: those that an editor names, or those that were not looked at for longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Article
from tracker.models.addresses import AddressError

__all__ = ["Choice", "NotToLookAt", "articles_named", "articles_of_age"]

_LONGEST_ID = 18  # digits


class NotToLookAt(Exception):
    """An article that there is not, or that has no page to look at; the message is fit for an editor."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The articles, in order, and since when a look by somebody else makes ours unneeded."""

    articles: list[Article]
    not_since: datetime


def articles_of_age(*, days: float, limit: int | None = None) -> Choice:
    """Those not looked at for so many days, the longest ago first, and new ones before all."""
    not_since = timezone.now() - timedelta(days=days)
    due = Article.objects.to_look_at(not_since=not_since)
    return Choice(list(due.only("id", "url")[:limit]), not_since)


def articles_named(names: Sequence[str], *, limit: int | None = None) -> Choice:
    """Those with these ids or addresses, in their order, each once. Raises NotToLookAt for the first that is none."""
    found: dict[int, Article] = {}
    open_ones = Article.objects.to_look_at(not_since=_EVER)
    for name in names:
        article = _named(name)
        if article is None:
            raise NotToLookAt(_("No article on record is “%(name)s”.") % {"name": name})
        if article.pk not in found and (with_page := open_ones.filter(pk=article.pk).first()):
            found[article.pk] = with_page
        elif article.pk not in found:
            told = _("Article %(id)d has no web page that is looked at.")
            raise NotToLookAt(told % {"id": article.pk})
    return Choice(list(found.values())[:limit], timezone.now())


_EVER = datetime.max.replace(tzinfo=timezone.get_default_timezone())


def _named(name: str) -> Article | None:
    if name.isascii() and name.isdecimal():
        return Article.objects.filter(pk=name).first() if len(name) <= _LONGEST_ID else None
    try:
        return Article.objects.at_address(name).first()
    except AddressError:
        return None
