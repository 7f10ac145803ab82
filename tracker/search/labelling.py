"""What the records behind tags are called, looked up when they are shown: so a new name is on every page at once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .engines import among, fetched

__all__ = ["NAMED_IN", "OURS", "Label", "is_plain", "labels"]


class Label(NamedTuple):
    """A record's name, its slug, and whether it may be told of in lists."""

    name: str
    slug: str
    listed: bool


# Of filters whose values are records: their table, and what they are called there.
NAMED_IN = {
    "speaker": ("tracker_speaker", "name"),
    "organisation": ("tracker_speaker", "name"),
    "publisher": ("tracker_publisher", "name"),
    "claimant": ("tracker_speaker", "name"),
    "verdict": ("tracker_verdict", "name"),
    "reviewer": ("tracker_publisher", "name"),
    "topic": ("tracker_topic", "name"),
    "occasion": ("tracker_occasion", "CASE WHEN name <> '' THEN name ELSE place END"),
}
# For each letter the same, the slug, and whether it is told of.
_LABELLED = {
    "s": (*NAMED_IN["speaker"], "slug", "listed"),
    "p": (*NAMED_IN["publisher"], "slug", "1 = 1"),
    "t": (*NAMED_IN["topic"], "slug", "1 = 1"),
    "c": (*NAMED_IN["occasion"], "slug", "1 = 1"),
    "j": ("tracker_position", "title", "''", "1 = 1"),
    "v": (*NAMED_IN["verdict"], "slug", "1 = 1"),
}
OURS = "ours"  # the reviewer who is this desk
# Of kinds, attributions, languages, the standing of claims, and whether one is overdue.
_PLAIN = "kalue"


def is_plain(tag: str) -> bool:
    """Whether a value speaks for itself: no record is behind it."""
    return tag[1] in _PLAIN or tag[2:] == OURS


def labels(tags: Iterable[str]) -> dict[str, Label]:
    """The label of each tag: `=s12` a speaker, `=o12` the same as an organisation, `=p3` a publisher, `=t4` a
    topic, `=c5` an occasion, `=j6` a position, `=v7` a verdict, `=w…` a place. One statement; none when there are no tags."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for tag in tags:
        wanted["s" if tag[1] == "o" else tag[1]].add(tag)
    parts, params = [], []
    for letter, (table, name, slug, listed) in _LABELLED.items():
        if some := wanted.get(letter):
            condition, ids = among(sorted({int(tag[2:]) for tag in some}))
            parts.append(
                f"SELECT '={letter}' || id, {name}, {slug}, {listed} FROM {table} WHERE id {condition}"
            )
            params += ids
    if places := wanted.get("w"):
        condition, names = among(sorted(places))
        parts.append(f"SELECT tag, name, name, 1 = 1 FROM search_place WHERE tag {condition}")
        params += names
    rows = fetched(" UNION ALL ".join(parts), params) if parts else []
    found = {tag: Label(name, slug, bool(listed)) for tag, name, slug, listed in rows}
    as_speakers = {tag: f"=s{tag[2:]}" for tag in wanted["s"] if tag[1] == "o"}
    return found | {tag: found[same] for tag, same in as_speakers.items() if same in found}
