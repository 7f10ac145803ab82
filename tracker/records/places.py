"""The public shape of what quotes have in common: occasions, topics and publishers."""

from dataclasses import dataclass

from tracker.models import Occasion, Publisher, Topic

from .readings import DateReading, Link, recorded_date

__all__ = [
    "OccasionRecord",
    "PublisherRecord",
    "TopicRecord",
    "occasion_record",
    "publisher_record",
    "topic_record",
]


@dataclass(frozen=True, slots=True)
class OccasionRecord:
    """Where and when words were spoken. `name` is the place when the occasion has no name of its own."""

    id: int
    slug: str
    url: str
    name: str
    kind: str
    place: str  # “Four Seasons Hotel Seoul, South Korea”
    where: str  # the same, without what the name says already
    held: DateReading


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """What quotes are about; `subject` is the speaker that it is about, when it is one."""

    id: int
    slug: str
    url: str
    name: str
    subject: Link | None
    subject_is_organisation: bool


@dataclass(frozen=True, slots=True)
class PublisherRecord:
    """The outlet, archive or library that sources come from."""

    id: int
    slug: str
    url: str
    name: str
    domain: str


def occasion_record(occasion: Occasion) -> OccasionRecord:
    name = occasion.named()
    return OccasionRecord(
        id=occasion.pk,
        slug=occasion.slug,
        url=occasion.get_absolute_url(),
        name=name,
        kind=str(occasion.get_kind_display()),
        place=occasion.where,
        where="" if occasion.where == name else occasion.where.removeprefix(f"{name}, "),
        held=recorded_date(occasion.held_on),
    )


def topic_record(topic: Topic) -> TopicRecord:
    """From a topic with its subject, which is a link when the view found that it has a page."""
    subject = topic.subject
    page = (
        subject.get_absolute_url() if subject and getattr(topic, "subject_has_page", False) else ""
    )
    return TopicRecord(
        id=topic.pk,
        slug=topic.slug,
        url=topic.get_absolute_url(),
        name=topic.name,
        subject=Link(subject.name, page) if subject else None,
        subject_is_organisation=bool(subject and subject.is_organisation),
    )


def publisher_record(publisher: Publisher) -> PublisherRecord:
    return PublisherRecord(
        id=publisher.pk,
        slug=publisher.slug,
        url=publisher.get_absolute_url(),
        name=publisher.name,
        domain=publisher.domain,
    )
