"""Blanks the words of quotes and the names of who said them, for good: in their rows, in the copies of their sources,
in the history of all these and in the log of admin. Whether that may be done, and what readers see then, is the quote's to say.

A speaker's own record stays, with nothing left that leads to it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.anchoring import from_json, to_json

from .citations import Citation
from .findings import Finding
from .quotes import JointSpeaker, Quote
from .repeated import strike_repeated
from .sources import Article, Capture
from .speakers import Speaker
from .statuses import Editor
from .striking import FILL, Strike, blank_log, set_columns, strike_log, strike_rows, striker

__all__ = ["blank"]

_BLANK_CITATION: dict[str, Any] = {
    **dict.fromkeys(("text", "attributed_as", "translated_by", "words_there", "fragment"), ""),
    "selectors": [],
}


def blank(quotes: list[Quote], *, by: Editor, category: str) -> None:
    """Blank these quotes, and withdraw for that reason the claims that nobody else makes.

    Their own rows are left for the caller to save, everything else is saved.
    """
    ids = [quote.pk for quote in quotes]
    citations = list(Citation.objects.filter(quote__in=ids))
    cited_before = Citation.history.filter(
        Q(quote_id__in=ids) | Q(id__in=[c.pk for c in citations])
    )
    rows: list[Any] = [*citations, *cited_before]
    strike = striker({text for row in rows for text in _words_of(row)}, _names(ids, rows))
    cited = {row.article_id for row in rows}
    _strike_sources(strike_repeated(quotes, cited, strike, by=by, category=category), strike, by)

    _strike_findings(citations, strike)
    for citation in citations:
        set_columns(citation, _BLANK_CITATION, by).save()
    cited_before.update(**_BLANK_CITATION, history_change_reason=None)

    JointSpeaker.objects.filter(quote__in=ids).delete()
    JointSpeaker.history.filter(quote_id__in=ids).delete()
    for quote in quotes:
        set_columns(quote, _blank_quote(), by).topics.clear()
    said_before = Quote.history.filter(id__in=ids)
    Quote.history.model.topics.filter(history__in=said_before).delete()
    said_before.update(**_blank_quote(), history_change_reason=None)
    blank_log("quote", ids)
    blank_log("citation", [row.id for row in rows])


def _words_of(cited: Any) -> list[str]:
    """The words that a row of a citation, or of its history, has."""
    return [cited.text, cited.words_there, *(each.exact for each in from_json(cited.selectors))]


def _blank_quote() -> dict[str, Any]:
    """What stands in each column of a quote that could give away the words or a name."""
    links = ("speaker", "position", "of_organisation", "occasion", "reference", "true_quote")
    texts = ("said_on_as_given", "anonymity_reason", "prompt", "context")
    reasons = ("attribution_reason", "withdrawal_reason")
    return {
        **dict.fromkeys(links),
        **dict.fromkeys(texts + reasons, ""),
        "speaker_described_as": str(_("Name withheld")),
    }


def _names(ids: list[int], cited: Iterable[Any]) -> set[str]:
    """What whoever said these quotes, alone or with others, is called or was taken for."""
    names = {row.attributed_as for row in cited}
    speakers: set[Any] = {None}
    for quotes in (Quote.objects.filter(pk__in=ids), Quote.history.filter(id__in=ids)):
        for described_as, speaker in quotes.values_list("speaker_described_as", "speaker_id"):
            names.add(described_as)
            speakers.add(speaker)
    for joint in (JointSpeaker.objects, JointSpeaker.history):
        speakers |= set(joint.filter(quote_id__in=ids).values_list("speaker_id", flat=True))
    known = Speaker.objects.filter(pk__in=speakers - {None})
    names |= set(known.values_list("name", flat=True))
    names |= set(known.filter(aliases__isnull=False).values_list("aliases__name", flat=True))
    return names


def _strike_sources(ids: set[int], strike: Strike, by: Editor) -> None:
    """Strike out of these articles, their copies, and what other citations repeat of the text around them."""
    articles, captures = Article.objects.filter(pk__in=ids), Capture.objects.filter(article__in=ids)
    strike_rows(articles, ("headline", "byline", "notes"), strike, by)
    strike_rows(Article.history.filter(id__in=ids), ("headline", "byline", "notes"), strike)
    articles.update(declares=None)
    # The file had the words in it: its hash could be used to find out which.
    for capture in captures:
        for column in ("text", "headline", "correction_note"):
            setattr(capture, column, strike(getattr(capture, column)))
        set_columns(capture, {"raw_sha256": ""}, by).save()
    copied_before = Capture.history.filter(article_id__in=ids)
    strike_rows(copied_before, ("headline", "correction_note"), strike)
    copied_before.update(text_sha256="", raw_sha256="")
    now_and_before: tuple[Any, ...] = (Citation.objects, Citation.history)
    for citations in now_and_before:
        _forget_context(citations.filter(article_id__in=ids), strike)
    strike_log("article", ids, strike)
    strike_log("capture", captures.values_list("pk", flat=True), strike)


def _forget_context(citations: Any, strike: Strike) -> None:
    """What stands beside the words of other citations of these articles may be the words that are struck out."""
    citations.exclude(fragment="").update(fragment="")
    for row in citations.exclude(selectors=[], words_there=""):
        bare = [replace(each, prefix="", suffix="") for each in from_json(row.selectors)]
        there = strike(row.words_there)
        citations.filter(pk=row.pk).update(selectors=to_json(bare), words_there=there)


def _strike_findings(citations: list[Citation], strike: Strike) -> None:
    """What was found of these words, and what of them or of the names stands in other findings of the articles."""
    ids = [citation.pk for citation in citations]
    articles = {citation.article_id for citation in citations}
    for finding in Finding.objects.filter(article__in=articles):
        if finding.citation_id in ids:
            # The key was made of the words: it could be used to find out which.
            finding.key, finding.text, finding.parts = f"blanked-{finding.pk}", FILL, []
        if finding.citation_id in ids or strike(finding.name) != finding.name:
            finding.mention, finding.name, finding.speaker = "", "", None
        finding.text, finding.mention = strike(finding.text), strike(finding.mention)
        finding.entered = {}
        finding.save()
