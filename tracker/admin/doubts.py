"""What an editor is told after saving: what may be wrong and is no error. It refuses and changes nothing."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker import anchoring, dates, search
from tracker.models import Position, Quote, Speaker

__all__ = ["of_quote", "of_speaker"]


def of_quote(quote: Quote) -> list[str]:
    """No words, a position not held then, words printed before they were said, the same words twice."""
    if not quote.citations.exists():
        return [_("Saved without words or source.")]
    return [*_of_positions(quote), *_of_its_day(quote), *_of_the_same_words(quote)]


def of_speaker(speaker: Speaker) -> list[str]:
    """A namesake, who may be the same."""
    same = Speaker.objects.called(speaker.name).exclude(pk=speaker.pk).first()
    return [_linked(_("There is another speaker of this name:"), same)] if same else []


def _of_positions(quote: Quote) -> Iterator[str]:
    held = [quote.position, *(joint.position for joint in quote.joint_speakers.all())]
    for position in filter(None, held) if quote.said_on else ():
        then = Position.objects.held_during(quote.said_earliest, quote.said_latest)
        if not then.filter(pk=position.pk).exists():
            yield _("Look at the position: %(title)s (%(period)s), and this was said %(said)s.") % {
                "title": position.title_and_organisation,
                "period": position.period,
                "said": _read(quote.said_on),
            }


def _of_its_day(quote: Quote) -> Iterator[str]:
    article = quote.lead.article if quote.lead else None
    if article is None or not (quote.said_on and article.published_on):
        return
    if dates.parse(quote.said_on).earliest > dates.parse(article.published_on).latest:
        yield _(
            "Look at the dates: this was said %(said)s, and its leading article was published %(published)s."
        ) % {"said": _read(quote.said_on), "published": _read(article.published_on)}


def _of_the_same_words(quote: Quote) -> Iterator[str]:
    if quote.speaker_id is None or not quote.text:
        return
    words = anchoring.wording_key(quote.text)
    published = Quote.objects.filter(pk__in=search.in_one_piece(quote.text, quote.speaker_id))
    unpublished = Quote.objects.unpublished().filter(speaker=quote.speaker_id, lead__isnull=False)
    for theirs in (published, unpublished):
        for pk, text in theirs.exclude(pk=quote.pk).values_list("pk", "lead__text").iterator():
            if anchoring.wording_key(text) == words:
                same = Quote.objects.select_related("speaker", "lead").get(pk=pk)
                yield _linked(_("The same speaker has a quote of the same words already:"), same)
                return


def _read(date: str) -> str:
    return dates.reading(date, get_language() or "en")


def _linked(told: str, record: Any) -> str:
    opts = record._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    name = f"{Truncator(str(record)).chars(80)} (#{record.pk})"
    return format_html('{} <a href="{}">{}</a>', told, address, name)
