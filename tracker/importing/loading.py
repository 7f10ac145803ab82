"""Puts the entries of a record on record, in one transaction. Knows which of them are there already, and leaves those alone."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tracker import models, search
from tracker.models import Editor, Refused
from tracker.models.addresses import AddressError

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

__all__ = ["Loaded", "load_record"]

_Record = TypeVar("_Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records are new; what was there already is not counted."""

    publishers: int = 0
    speakers: int = 0
    occasions: int = 0
    topics: int = 0
    articles: int = 0
    quotes: int = 0
    citations: int = 0


def load_record(data: Any, *, by: Editor) -> Loaded:
    """Put everything in `data` on record, in one transaction, and publish the quotes that are new.

    `data` is an object of lists: publishers, speakers, occasions, topics, articles and quotes. Their
    entries are those of `entries.py` and name each other by `name` and `key`.

    What was loaded before is known again even when an editor has renamed or corrected it since, and
    is left as it is: nothing is changed, hidden quotes stay hidden, citations and aliases that were
    deleted stay deleted. A quote that readers can see gains the citations that are new in `data`.

    Raises RecordError, and then nothing is loaded.
    """
    sections = sections_from(data)
    with transaction.atomic():
        loaded = _Load(by).run(sections)
        search.catch_up()
    return loaded


class _Load:
    """One load: what the names in the record stand for, and what is new so far."""

    def __init__(self, by: Editor) -> None:
        self._by = by
        self._named: dict[tuple[type, str], Any] = {}
        self._positions: dict[tuple[str, ...], models.Position | None] = {}
        self._new: dict[tuple[type, int], str] = {}  # the label of every new record

    def run(self, sections: dict[str, Named]) -> Loaded:
        articles = sections["articles"]
        steps = (
            (self._publisher, sections["publishers"]),
            (self._speaker, sections["speakers"]),
            (self._hold_positions, sections["speakers"]),  # once all organisations are there
            (self._occasion, sections["occasions"]),
            (self._topic, sections["topics"]),
            (self._article, {key: articles[key] for key in _originals_first(articles)}),
            (self._quote, sections["quotes"]),
        )
        for step, entries in steps:
            for name, entry in entries.items():
                step(name, entry)
        count = Counter(model for model, _pk in self._new)
        return Loaded(
            citations=count[models.Citation],
            **{section: count[model] for section, (_kind, model, _by) in SECTIONS.items()},
        )

    def _publisher(self, name: str, entry: PublisherEntry) -> None:
        label = label_of(models.Publisher, name)
        publisher = _cleaned(label, models.Publisher(name=entry.name, domain=entry.domain))
        self._named[models.Publisher, name] = self._recorded(
            label, publisher, {"folded": publisher.folded_name()}
        )

    def _speaker(self, name: str, entry: SpeakerEntry) -> None:
        label = label_of(models.Speaker, name)
        who = _values(entry, without=("aliases", "positions"))
        speaker = _cleaned(label, models.Speaker(**who))
        same_name = {"name": speaker.name, "kind": speaker.kind}
        keys: list[dict[str, Any]] = [same_name]
        if speaker.wikidata_id:  # whoever has another number is somebody else of that name
            keys = [{"wikidata_id": speaker.wikidata_id}, same_name | {"wikidata_id": None}]
        self._named[models.Speaker, name] = speaker = self._recorded(label, speaker, *keys)
        for raw in entry.aliases:
            part = _part(label, raw, "name")
            given = entry_from(AliasEntry, raw, part)
            alias = _cleaned(part, models.SpeakerAlias(speaker=speaker, **_values(given)))
            key = {"speaker": speaker, "folded": alias.folded_name()}
            self._recorded_once(part, alias, key)

    def _hold_positions(self, name: str, entry: SpeakerEntry) -> None:
        person = self._find("", models.Speaker, name)
        for raw in entry.positions:
            label = _part(label_of(models.Speaker, name), raw, "title")
            given = entry_from(PositionEntry, raw, label)
            held = (name, given.title, given.organisation)
            if held in self._positions:
                raise RecordError(_("%(entry)s: it is in this record twice.") % {"entry": label})
            organisation = self._find(label, models.Speaker, given.organisation)
            how = _values(given, without=("organisation",))
            position = models.Position(person=person, organisation=organisation, **how)
            position = _cleaned(label, position)
            key = {"person": person, "organisation": organisation, "title": position.title}
            self._positions[held] = self._recorded_once(label, position, key)

    def _occasion(self, name: str, entry: OccasionEntry) -> None:
        label = label_of(models.Occasion, name)
        occasion = _cleaned(label, models.Occasion(**_values(entry)))
        self._named[models.Occasion, name] = self._recorded(
            label, occasion, {"name": occasion.name}
        )

    def _topic(self, name: str, entry: TopicEntry) -> None:
        label = label_of(models.Topic, name)
        subject = self._find(label, models.Speaker, entry.subject)
        topic = _cleaned(label, models.Topic(name=entry.name, subject=subject))
        self._named[models.Topic, name] = self._recorded(label, topic, {"name": topic.name})

    def _article(self, key: str, entry: ArticleEntry) -> None:
        label = label_of(models.Article, key)
        article = models.Article(
            **_values(entry, without=("key", "url", "publisher", "original")),
            url_as_typed=entry.url or "",
            publisher=self._find(label, models.Publisher, entry.publisher),
            original=self._find(label, models.Article, entry.original),
        )
        article = _cleaned(label, article)
        with _naming(label, article):
            article.url = article.normalised_url()
        names = (
            ("url",) if article.url else ("url", "publisher", "headline", "published_on", "medium")
        )
        self._named[models.Article, key] = self._recorded(
            label, article, {name: getattr(article, name) for name in names}
        )

    def _quote(self, reference: str, entry: QuoteEntry) -> None:
        label = label_of(models.Quote, reference)
        topics = [self._find(label, models.Topic, name) for name in entry.topics]
        candidate = _cleaned(label, self._quote_from(label, reference, entry))
        reference = str(candidate.reference)  # as it is stored
        quote = self._recorded(
            label,
            candidate,
            {"reference": reference},
            {"reference": models.Quote.blanked_reference(reference)},
        )
        is_new = (models.Quote, quote.pk) in self._new
        if is_new:
            quote.topics.add(*topics)
            for order, raw in enumerate(entry.joint, start=1):
                self._joint(_part(label, raw, "speaker"), quote, raw, order)
        if is_new or quote.is_published:  # no words are added to what an editor has hidden
            for raw in entry.citations:
                self._citation(_part(label, raw, "article"), quote, raw)
        if is_new:
            with _naming(label, quote):
                quote.publish(by=self._by)

    def _quote_from(self, label: str, reference: str, entry: QuoteEntry) -> models.Quote:
        named = ("speaker", "of_organisation", "position", "occasion", "topics")
        how = _values(entry, without=(*named, "reference", "described_as", "joint", "citations"))
        return models.Quote(
            reference=reference,
            speaker=self._find(label, models.Speaker, entry.speaker),
            speaker_described_as=entry.described_as,
            of_organisation=self._find(label, models.Speaker, entry.of_organisation),
            position=self._position(label, entry.speaker, entry.position),
            occasion=self._find(label, models.Occasion, entry.occasion),
            **how,
        )

    def _joint(self, label: str, quote: models.Quote, raw: Any, order: int) -> None:
        given = entry_from(JointEntry, raw, label)
        speaker = self._find(label, models.Speaker, given.speaker)
        position = self._position(label, given.speaker, given.position)
        joint = models.JointSpeaker(quote=quote, speaker=speaker, position=position, order=order)
        self._save(label, joint)

    def _citation(self, label: str, quote: models.Quote, raw: Any) -> None:
        given = entry_from(CitationEntry, raw, label)
        article = self._find(label, models.Article, given.article)
        how = _values(given, without=("article",))
        citation = _cleaned(label, models.Citation(quote=quote, article=article, **how))
        key = {"quote": quote, "article": article, "locator": citation.locator}
        if self._known(label, models.Citation, key) or _was_deleted(models.Citation, key):
            return
        with _naming(label, citation):
            citation = quote.cite(article, by=self._by, **how)
        self._new[models.Citation, citation.pk] = label

    def _recorded(self, label: str, candidate: Any, *keys: dict[str, Any]) -> Any:
        """The record that this entry was loaded as before, or else the candidate, saved."""
        return self._known(label, type(candidate), *keys) or self._save(label, candidate)

    def _recorded_once(self, label: str, candidate: Any, key: dict[str, Any]) -> Any:
        """The same, but None for what an editor has deleted since."""
        if _was_deleted(type(candidate), key):
            return None
        return self._recorded(label, candidate, key)

    def _known(self, label: str, model: Any, *keys: dict[str, Any]) -> Any:
        known = next((record for key in keys if (record := _by_key(model, key))), None)
        if known and (other := self._new.get((model, known.pk))):
            raise RecordError(
                _("%(entry)s: it is in this record twice, also as %(other)s.")
                % {"entry": label, "other": other}
            )
        return known

    def _save(self, label: str, record: Any) -> Any:
        record._history_user = self._by
        with _naming(label, record):
            record.full_clean()
            record.save()
        self._new[type(record), record.pk] = label
        return record

    def _find(self, label: str, model: Any, name: Any) -> Any:
        """What the record names; None for no name."""
        if not name:
            return None
        if isinstance(name, str) and (model, name) in self._named:
            return self._named[model, name]
        raise _not_there(label, model, name)

    def _position(self, label: str, speaker: str | None, given: list | None) -> Any:
        if given is None:
            return None
        held = (speaker or "", *map(str, given))
        if held in self._positions:
            return self._positions[held]
        raise _not_there(label, models.Position, ", ".join(held))


def _originals_first(articles: Named) -> list[str]:
    """The articles' keys, each after that of the one it comes from."""
    for key, entry in articles.items():
        if entry.original and entry.original not in articles:
            raise _not_there(label_of(models.Article, key), models.Article, entry.original)
    graph = {key: [entry.original] if entry.original else [] for key, entry in articles.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        key = error.args[1][0]
        raise RecordError(
            _("%(entry)s: it comes from itself: a chain cannot run in a circle.")
            % {"entry": label_of(models.Article, key)}
        ) from error


def _by_key(model: Any, key: dict[str, Any]) -> Any:
    """The record that has these values, or had them before an editor changed it; None when there is none."""
    had = model.history.filter(**key).values("id")
    return (
        model.objects.filter(**key).order_by("pk").first()
        or model.objects.filter(pk__in=had).order_by("pk").first()
    )


def _was_deleted(model: Any, key: dict[str, Any]) -> bool:
    return not _by_key(model, key) and model.history.filter(**key).exists()


def _cleaned(label: str, record: _Record) -> _Record:
    """The record with every column cleaned, so that it can be compared with what is stored."""
    with _naming(label, record):
        record.clean_fields()
    return record


@contextmanager
def _naming(label: str, record: Any) -> Iterator[None]:
    """Let what the models refuse name the entry that it comes from."""
    try:
        yield
    except ValidationError as error:
        raise RecordError(f"{label}: {_in_words(error, record)}") from error
    except (AddressError, Refused) as error:
        raise RecordError(f"{label}: {error}") from error


def _in_words(error: ValidationError, record: Any) -> str:
    said = []
    for name, messages in error.message_dict.items():
        words = " ".join(messages)
        if name != NON_FIELD_ERRORS:
            words = f"{record._meta.get_field(name).verbose_name}: {words}"
        said.append(words)
    return " ".join(said)


def _not_there(label: str, model: Any, name: Any) -> RecordError:
    return RecordError(
        _("%(entry)s: there is no %(kind)s “%(name)s” in this record.")
        % {"entry": label, "kind": model._meta.verbose_name, "name": name}
    )


def _values(entry: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        each.name: getattr(entry, each.name) for each in fields(entry) if each.name not in without
    }


def _part(label: str, raw: Any, goes_by: str) -> str:
    """The label of an entry inside another one."""
    return f"{label}, {raw.get(goes_by) if isinstance(raw, dict) else raw}"
