"""Puts the claims, reviews, links and corrections of a record on record, once its quotes are there.

What an editor has hidden stays hidden, and nothing new is said that would rest on it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from tracker import models
from tracker.models import CORRECTABLE

from .entries import (
    ClaimEntry,
    ClaimQuoteEntry,
    CorrectionEntry,
    EvidenceEntry,
    LinkEntry,
    Named,
    RecordError,
    ReviewEntry,
    entry_from,
    label_of,
    named_by,
)
from .knowing import Known, cleaned, in_order, part_of, values

__all__ = ["Claims"]

_Step = tuple[Callable[[str, Any], None], Named]
_EVIDENCE = models.Evidence._meta.verbose_name
_DAYS = ("reply_asked_on", "replied_on", "as_of")
_OF_A_REVIEW = ("claim", "reviewed_on", "publisher")


class Claims:
    """The part of a load that is about what quotes say."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._reviews: Named = {}
        self._reviewed: Counter[tuple[Any, ...]] = (
            Counter()
        )  # how many of a claim, a day and a desk

    def steps(self, sections: dict[str, Named]) -> Iterator[_Step]:
        """What to do with the entries of each section, in order."""
        self._reviews = sections["reviews"]
        yield self._claim, sections["claims"]
        yield self._review, _superseded_first(sections["reviews"])
        yield self._link, sections["links"]
        yield self._correction, sections["corrections"]

    # --- Claims ---------------------------------------------------------------------------------

    def _claim(self, key: str, entry: ClaimEntry) -> None:
        label = label_of(models.Claim, key)
        topics = [self._known.find(label, models.Topic, name) for name in entry.topics]
        quotes = list(self._quotes_of(label, entry))
        claim = cleaned(label, models.Claim(kind=entry.kind, text=entry.text, due=entry.due))
        known = {"kind": claim.kind, "text": claim.text}
        on_record = self._known.known(label, models.Claim, known)
        if not on_record and _rests_on_hidden_quotes(quotes):
            self._known.named[models.Claim, key] = None
            return
        self._known.named[models.Claim, key] = claim = on_record or self._known.save(label, claim)
        is_new = self._known.is_new(claim)
        if is_new:
            claim.topics.add(*topics)
        if is_new or claim.is_published:  # nothing is added to what an editor has hidden
            for part, given, named in sorted(quotes, key=_withdraws):
                self._quote_of(part, claim, given, named)
        if is_new:
            self._known.publish(label, claim)

    def _quotes_of(self, label: str, entry: ClaimEntry) -> Iterator[tuple[str, Any, Any]]:
        for raw in entry.quotes:
            part = part_of(label, raw, "quote")
            given = entry_from(ClaimQuoteEntry, raw, part)
            yield part, given, self._known.need(part, models.Quote, given.quote)

    def _quote_of(self, label: str, claim: Any, given: ClaimQuoteEntry, named: Any) -> None:
        ways = _as_it_was_and_is(named)
        candidate = models.ClaimQuote(
            claim=claim, quote=ways[-1], **values(given, without=("quote",))
        )
        keys = ({"claim": claim, "quote": quote} for quote in ways)
        self._known.recorded_once(label, candidate, *keys)

    # --- Reviews --------------------------------------------------------------------------------

    def _review(self, key: str, entry: ReviewEntry) -> None:
        label = label_of(models.Review, key)
        claim = self._known.need(label, models.Claim, entry.claim)
        earlier = self._known.find(label, models.Review, entry.supersedes)
        article = self._known.find(label, models.Article, entry.article)
        self._known.named[models.Review, key] = None
        if claim is None:
            return
        candidate = self._review_from(label, entry, claim, earlier, article)
        known = {name: getattr(candidate, name) for name in self._tells_apart(entry)}
        review = self._known.known(label, models.Review, known)
        if not review:
            hidden = entry.supersedes and (earlier is None or not earlier.is_published)
            if hidden or not claim.is_published:
                return
            review = self._known.save(label, candidate)
            for order, raw in enumerate(entry.evidence, start=1):
                self._evidence(f"{label}, {_EVIDENCE} {order}", review, raw, order)
            self._known.publish(label, review)
        self._known.named[models.Review, key] = review

    def _tells_apart(self, entry: ReviewEntry) -> tuple[str, ...]:
        """By what a review is known again; its summary counts where the record has several of a desk and a day."""
        if not self._reviewed:
            self._reviewed.update(map(self._desk_and_day, self._reviews.values()))
        alone = self._reviewed[self._desk_and_day(entry)] == 1
        return _OF_A_REVIEW if alone else (*_OF_A_REVIEW, "summary")

    def _desk_and_day(self, entry: ReviewEntry) -> tuple[Any, ...]:
        article = self._known.named.get((models.Article, entry.article or ""))
        return entry.claim, entry.reviewed_on, article and article.publisher

    def _review_from(
        self, label: str, entry: ReviewEntry, claim: Any, earlier: Any, article: Any
    ) -> models.Review:
        named = ("key", "claim", "verdict", "evidence", "supersedes", "article", *_DAYS)
        review = models.Review(
            claim=claim,
            verdict=_verdict(label, claim, entry.verdict),
            supersedes=earlier,
            article=article,
            publisher=article and article.publisher,
            **{name: getattr(entry, name) or None for name in _DAYS},
            **values(entry, without=named),
        )
        return cleaned(label, review)

    def _evidence(self, label: str, review: models.Review, raw: Any, order: int) -> None:
        given = entry_from(EvidenceEntry, raw, label)
        article = self._known.find(label, models.Article, given.article)
        how = values(given, without=("article",))
        evidence = models.Evidence(review=review, article=article, order=order, **how)
        self._known.save(label, evidence)

    # --- Links ----------------------------------------------------------------------------------

    def _link(self, name: str, entry: LinkEntry) -> None:
        label = label_of(models.QuoteLink, name)
        later = _as_it_was_and_is(self._known.need(label, models.Quote, entry.later))
        earlier = _as_it_was_and_is(self._known.need(label, models.Quote, entry.earlier))
        candidate = models.QuoteLink(
            later=later[-1],
            earlier=earlier[-1],
            kind=entry.kind,
            note=entry.note,
            asserted_in=self._known.find(label, models.Article, entry.asserted_in),
        )
        candidate = cleaned(label, candidate)
        keys = (
            {"later": one, "earlier": other, "kind": candidate.kind}
            for one, other in product(later, earlier)
        )
        link = self._known.known(label, models.QuoteLink, *keys)
        if not link and later[-1].is_published and earlier[-1].is_published:
            link = self._known.save(label, candidate)
            self._known.publish(label, link)
        self._known.named[models.QuoteLink, name] = link

    # --- Corrections ----------------------------------------------------------------------------

    def _correction(self, name: str, entry: CorrectionEntry) -> None:
        label = label_of(models.Correction, name)
        record = self._corrected(label, entry)
        if entry.kind == models.Correction.Kind.WITHDRAWAL:
            raise RecordError(
                _("%(entry)s: a withdrawal is noted when it is made.") % {"entry": label}
            )
        if record is None:
            return
        how = values(entry, without=("record", "of"))
        correction: Any = models.Correction(**{entry.record: record}, **how)
        correction.made_by = self._known.by
        cleaned(label, correction)
        same = {each: getattr(correction, each) for each in ("made_on", "text", "field")}
        self._known.recorded_once(label, correction, {entry.record: record} | same)

    def _corrected(self, label: str, entry: CorrectionEntry) -> Any:
        """The record that a correction is of; None when it was left out or is deleted."""
        model = CORRECTABLE.get(entry.record)
        if model is None:
            raise RecordError(
                _("%(entry)s: there is no record of the kind “%(name)s”. Known are %(known)s.")
                % {"entry": label, "name": entry.record, "known": ", ".join(CORRECTABLE)}
            )
        if model is not models.Position:
            return self._known.need(label, model, named_by([entry.of]))
        person, *held = entry.of if isinstance(entry.of, list) else [entry.of]
        return self._known.position(label, str(person), held)


def _superseded_first(reviews: Named) -> Named:
    """The reviews, each after the one it supersedes."""
    circle = _("%(entry)s: it supersedes itself: a chain cannot run in a circle.")
    keys = in_order(reviews, models.Review, lambda entry: entry.supersedes, circle)
    return {key: reviews[key] for key in keys}


def _rests_on_hidden_quotes(quotes: list[tuple[str, Any, Any]]) -> bool:
    """Whether quotes make the claim, and an editor has hidden them all."""
    making = [
        quote for _label, given, quote in quotes if given.role == models.ClaimQuote.Role.MAKES
    ]
    return bool(making) and not any(_as_it_was_and_is(each)[-1].is_published for each in making)


def _withdraws(quote: tuple[str, Any, Any]) -> bool:
    """A claim is withdrawn behind the quotes by which it is made."""
    return bool(quote[1].role == models.ClaimQuote.Role.WITHDRAWS)


def _as_it_was_and_is(quote: models.Quote) -> list[models.Quote]:
    """The quote, and the one that it has been joined into."""
    return [quote, quote.joined_into] if quote.joined_into else [quote]


def _verdict(label: str, claim: models.Claim, slug: str | None) -> models.Verdict | None:
    if not slug:
        return None
    if verdict := models.Verdict.objects.at_slugs([slug]).get(slug):
        return verdict
    of_kind = models.Verdict.objects.filter(scale__kind=claim.kind).values_list("slug", flat=True)
    raise RecordError(
        _("%(entry)s: there is no verdict “%(name)s”. Known are %(known)s.")
        % {"entry": label, "name": slug, "known": ", ".join(of_kind)}
    )
