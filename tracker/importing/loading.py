"""Puts the entries of a record on record, in one transaction. Leaves alone what is there already."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracker import models, search
from tracker.models import Editor

from .claiming import Claims
from .entries import (
    SECTIONS,
    AliasEntry,
    ArticleEntry,
    CitationEntry,
    JointEntry,
    Named,
    OccasionEntry,
    PositionEntry,
    PublisherEntry,
    QuoteEntry,
    RecordError,
    SpeakerEntry,
    TopicEntry,
    entry_from,
    label_of,
    sections_from,
)
from .knowing import Known, cleaned, in_order, naming, part_of, values, was_deleted

__all__ = ["Loaded", "load_record"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records are new; what was there already is not counted."""

    publishers: int = 0
    speakers: int = 0
    occasions: int = 0
    topics: int = 0
    articles: int = 0
    quotes: int = 0
    claims: int = 0
    reviews: int = 0
    links: int = 0
    corrections: int = 0
    citations: int = 0


def load_record(data: Any, *, by: Editor) -> Loaded:
    """Put everything in `data` on record, in one transaction, and publish the quotes that are new, and
    the claims, reviews and links between quotes.

    `data` is an object of lists: publishers, speakers, occasions, topics, articles, quotes, claims,
    reviews, links and corrections. Their entries are those of `entries.py` and name each other by
    `name`, `key` and `reference`.

    What was loaded before is known again even when an editor has renamed or corrected it since, and
    is left as it is: nothing is changed, hidden quotes stay hidden, citations and aliases that were
    deleted stay deleted. A quote that readers can see gains the citations that are new in `data`, a
    claim its quotes and reviews. What would rest on a quote or claim that an editor has hidden is left out.

    Raises RecordError, and then nothing is loaded.
    """
    sections = sections_from(data)
    with transaction.atomic():
        loaded = _Load(by).run(sections)
        search.catch_up()
    return loaded


class _Load:
    """One load: each entry in its turn, after those that it names."""

    def __init__(self, by: Editor) -> None:
        self._known = Known(by)

    def run(self, sections: dict[str, Named]) -> Loaded:
        claims = Claims(self._known)
        steps: tuple[tuple[Callable[[str, Any], None], Named], ...] = (
            (self._publisher, sections["publishers"]),
            (self._speaker, sections["speakers"]),
            (self._hold_positions, sections["speakers"]),  # once all organisations are there
            (self._occasion, sections["occasions"]),
            (self._topic, sections["topics"]),
            (self._article, _originals_first(sections["articles"])),
            (self._quote, _true_ones_first(sections["quotes"])),
            *claims.steps(sections),
        )
        for step, entries in steps:
            for name, entry in entries.items():
                step(name, entry)
        count = Counter(model for model, _pk in self._known.new)
        return Loaded(
            citations=count[models.Citation],
            **{section: count[model] for section, (_kind, model, _by) in SECTIONS.items()},
        )

    def _publisher(self, name: str, entry: PublisherEntry) -> None:
        label = label_of(models.Publisher, name)
        publisher = cleaned(label, models.Publisher(name=entry.name, domain=entry.domain))
        self._known.named[models.Publisher, name] = self._known.recorded(
            label, publisher, {"folded": publisher.folded_name()}
        )

    def _speaker(self, name: str, entry: SpeakerEntry) -> None:
        label = label_of(models.Speaker, name)
        who = values(entry, without=("aliases", "positions"))
        speaker = cleaned(label, models.Speaker(**who))
        same_name = {"name": speaker.name, "kind": speaker.kind}
        keys: list[dict[str, Any]] = [same_name]
        if speaker.wikidata_id:  # whoever has another number is somebody else of that name
            keys = [{"wikidata_id": speaker.wikidata_id}, same_name | {"wikidata_id": None}]
        self._known.named[models.Speaker, name] = speaker = self._known.recorded(
            label, speaker, *keys
        )
        for raw in entry.aliases:
            part = part_of(label, raw, "name")
            given = entry_from(AliasEntry, raw, part)
            alias = cleaned(part, models.SpeakerAlias(speaker=speaker, **values(given)))
            key = {"speaker": speaker, "folded": alias.folded_name()}
            self._known.recorded_once(part, alias, key)

    def _hold_positions(self, name: str, entry: SpeakerEntry) -> None:
        person = self._known.find("", models.Speaker, name)
        for raw in entry.positions:
            label = part_of(label_of(models.Speaker, name), raw, "title")
            given = entry_from(PositionEntry, raw, label)
            held = (name, given.title, given.organisation)
            if held in self._known.positions:
                raise RecordError(_("%(entry)s: it is in this record twice.") % {"entry": label})
            organisation = self._known.find(label, models.Speaker, given.organisation)
            how = values(given, without=("organisation",))
            position = models.Position(person=person, organisation=organisation, **how)
            position = cleaned(label, position)
            key = {"person": person, "organisation": organisation, "title": position.title}
            self._known.positions[held] = self._known.recorded_once(label, position, key)

    def _occasion(self, name: str, entry: OccasionEntry) -> None:
        label = label_of(models.Occasion, name)
        occasion = cleaned(label, models.Occasion(**values(entry)))
        self._known.named[models.Occasion, name] = self._known.recorded(
            label, occasion, {"name": occasion.name}
        )

    def _topic(self, name: str, entry: TopicEntry) -> None:
        label = label_of(models.Topic, name)
        subject = self._known.find(label, models.Speaker, entry.subject)
        topic = cleaned(label, models.Topic(name=entry.name, subject=subject))
        self._known.named[models.Topic, name] = self._known.recorded(
            label, topic, {"name": topic.name}
        )

    def _article(self, key: str, entry: ArticleEntry) -> None:
        label = label_of(models.Article, key)
        article = models.Article(
            **values(entry, without=("key", "url", "publisher", "original")),
            url_as_typed=entry.url or "",
            publisher=self._known.find(label, models.Publisher, entry.publisher),
            original=self._known.find(label, models.Article, entry.original),
        )
        article = cleaned(label, article)
        with naming(label, article):
            article.url = article.normalised_url()
        names = (
            ("url",) if article.url else ("url", "publisher", "headline", "published_on", "medium")
        )
        self._known.named[models.Article, key] = self._known.recorded(
            label, article, {name: getattr(article, name) for name in names}
        )

    def _quote(self, reference: str, entry: QuoteEntry) -> None:
        label = label_of(models.Quote, reference)
        topics = [self._known.find(label, models.Topic, name) for name in entry.topics]
        candidate = cleaned(label, self._quote_from(label, reference, entry))
        stored = str(candidate.reference)
        self._known.named[models.Quote, reference] = quote = self._known.recorded(
            label,
            candidate,
            {"reference": stored},
            {"reference": models.Quote.blanked_reference(stored)},
        )
        is_new = self._known.is_new(quote)
        if is_new:
            quote.topics.add(*topics)
            for order, raw in enumerate(entry.joint, start=1):
                self._joint(part_of(label, raw, "speaker"), quote, raw, order)
        if is_new or quote.is_published:  # no words are added to what an editor has hidden
            for raw in entry.citations:
                self._citation(part_of(label, raw, "article"), quote, raw)
        if is_new:
            self._known.publish(label, quote)

    def _quote_from(self, label: str, reference: str, entry: QuoteEntry) -> models.Quote:
        named = ("speaker", "of_organisation", "position", "occasion", "topics", "true_quote")
        how = values(entry, without=(*named, "reference", "described_as", "joint", "citations"))
        return models.Quote(
            reference=reference,
            speaker=self._known.find(label, models.Speaker, entry.speaker),
            speaker_described_as=entry.described_as,
            of_organisation=self._known.find(label, models.Speaker, entry.of_organisation),
            position=self._known.position(label, entry.speaker, entry.position),
            occasion=self._known.find(label, models.Occasion, entry.occasion),
            true_quote=self._known.find(label, models.Quote, entry.true_quote),
            **how,
        )

    def _joint(self, label: str, quote: models.Quote, raw: Any, order: int) -> None:
        given = entry_from(JointEntry, raw, label)
        speaker = self._known.find(label, models.Speaker, given.speaker)
        position = self._known.position(label, given.speaker, given.position)
        joint = models.JointSpeaker(quote=quote, speaker=speaker, position=position, order=order)
        self._known.save(label, joint)

    def _citation(self, label: str, quote: models.Quote, raw: Any) -> None:
        given = entry_from(CitationEntry, raw, label)
        article = self._known.find(label, models.Article, given.article)
        how = values(given, without=("article",))
        citation = cleaned(label, models.Citation(quote=quote, article=article, **how))
        key = {"quote": quote, "article": article, "locator": citation.locator}
        if self._known.known(label, models.Citation, key) or was_deleted(models.Citation, key):
            return
        with naming(label, citation):
            citation = quote.cite(article, by=self._known.by, **how)
        self._known.new[models.Citation, citation.pk] = label


def _originals_first(articles: Named) -> Named:
    """The articles, each after the one it comes from."""
    circle = _("%(entry)s: it comes from itself: a chain cannot run in a circle.")
    keys = in_order(articles, models.Article, lambda entry: entry.original, circle)
    return {key: articles[key] for key in keys}


def _true_ones_first(quotes: Named) -> Named:
    """The quotes, each after the one that its words really are."""
    circle = _("%(entry)s: it is taken for itself: a chain cannot run in a circle.")
    keys = in_order(quotes, models.Quote, lambda entry: entry.true_quote, circle)
    return {key: quotes[key] for key in keys}
