"""One SQL condition on a quote `q` for each part of a question; the same on SQLite and PostgreSQL."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tracker.anchoring import fold

from .asking import Question

__all__ = ["NOT_SHOWN", "PUBLISHED", "Condition", "all_of", "conditions"]


class Condition(NamedTuple):
    """A piece of SQL with its parameters; `facet` is the filter that it comes from."""

    facet: str
    sql: str
    params: list[Any]


_ONE_OF_MANY_FORMS = re.compile("(?<=\\w)['‘’ʼ`´‐‑‒–—-](?=\\w)")

# Readers, and so every number that they see, know of nothing else. It stands in SQL here, beside
# `published()` in the models, since this room imports no model.
PUBLISHED = Condition("", "q.status = 'published'", [])

_JOINT = "SELECT 1 FROM tracker_jointspeaker j {join} WHERE j.quote_id = q.id AND {condition}"
_THEIR_POSITION = "LEFT JOIN tracker_position p ON p.id = j.position_id"
_CITED = """
    SELECT 1 FROM tracker_citation c JOIN tracker_article a ON a.id = c.article_id
    WHERE c.quote_id = q.id AND {condition}
"""

# Of a private source readers see the words of the quote, and never what else it says.
NOT_SHOWN = "a.access = 'private' AND c.role = 'evidence on attribution'"


def conditions(question: Question) -> list[Condition]:
    """All conditions of the question, the one for published quotes first."""
    return [PUBLISHED, *_words(question), *_people(question), *_things(question), *_days(question)]


def all_of(parts: Iterable[Condition], *, but: str = "") -> tuple[str, list[Any]]:
    """The conditions joined by AND, without those of the facet `but`."""
    kept = [part for part in parts if not but or part.facet != but]
    return " AND ".join(f"({part.sql})" for part in kept), [p for part in kept for p in part.params]


def _words(question: Question) -> Iterator[Condition]:
    for word in question.words:
        like, folded = _containing(word), _containing(fold(word) or word)
        cited = _CITED.format(
            condition=f"""
                (({_holds("c.text")} AND NOT ({NOT_SHOWN}))
                OR (a.access <> 'private' AND {_holds("a.headline")}))
            """
        )
        sql = f"""
            EXISTS ({cited}) OR {_holds("q.speaker_described_as")} OR EXISTS (
                SELECT 1 FROM tracker_speaker s
                WHERE s.listed AND (
                    s.id = q.speaker_id
                    OR s.id IN (SELECT j.speaker_id FROM tracker_jointspeaker j WHERE j.quote_id = q.id)
                ) AND (s.folded LIKE %s ESCAPE '\\' OR EXISTS (
                    SELECT 1 FROM tracker_speakeralias n
                    WHERE n.speaker_id = s.id AND n.folded LIKE %s ESCAPE '\\'
                ))
            )
        """
        yield Condition("q", sql, [like, like, like, folded, folded])


def _containing(text: str) -> str:
    """The pattern of LIKE for what holds this text; any apostrophe or dash in it may be any other."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{_ONE_OF_MANY_FORMS.sub('_', plain)}%"


def _holds(column: str) -> str:
    return f"UPPER({column}) LIKE UPPER(%s) ESCAPE '\\'"


def _people(question: Question) -> Iterator[Condition]:
    if ids := list(question.speakers):
        among = _among(ids)
        joint = _JOINT.format(join="", condition=f"j.speaker_id {among}")
        yield Condition("speaker", f"q.speaker_id {among} OR EXISTS ({joint})", ids * 2)
    if ids := list(question.organisations):
        among = _among(ids)
        joint = _JOINT.format(
            join=_THEIR_POSITION, condition=f"(j.speaker_id {among} OR p.organisation_id {among})"
        )
        sql = f"""
            q.speaker_id {among} OR q.of_organisation_id {among}
            OR q.position_id IN (SELECT id FROM tracker_position WHERE organisation_id {among})
            OR EXISTS ({joint})
        """
        yield Condition("organisation", sql, ids * 5)


def _things(question: Question) -> Iterator[Condition]:
    if ids := list(question.publishers):
        condition = f"a.access <> 'private' AND a.publisher_id {_among(ids)}"
        yield Condition("publisher", f"EXISTS ({_CITED.format(condition=condition)})", ids)
    if ids := list(question.topics):
        sql = f"q.id IN (SELECT quote_id FROM tracker_quote_topics WHERE topic_id {_among(ids)})"
        yield Condition("topic", sql, ids)
    if ids := list(question.occasions):
        yield Condition("occasion", f"q.occasion_id {_among(ids)}", ids)
    if names := list(question.places):
        same = " OR ".join(
            f"UPPER({column}) = UPPER(%s)" for column in ("place", "city", "country")
        )
        sql = f"q.occasion_id IN (SELECT id FROM tracker_occasion WHERE {' OR '.join([same] * len(names))})"
        yield Condition("place", sql, [name for name in names for _column in range(3)])
    if values := list(question.kinds):
        yield Condition("kind", f"q.kind {_among(values)}", values)
    if values := list(question.languages):
        condition = f"c.language {_among(values)} AND NOT ({NOT_SHOWN})"
        yield Condition("language", f"EXISTS ({_CITED.format(condition=condition)})", values)
    if values := list(question.attributions):
        yield Condition("attribution", f"q.attribution {_among(values)}", values)
    else:
        yield Condition("attribution", "q.attribution <> 'misattributed'", [])


def _days(question: Question) -> Iterator[Condition]:
    """A date may be meant when its days overlap those asked for; it must be when they lie within."""
    must = question.dates == "must"
    if question.said_from:
        column = "q.said_earliest" if must else "q.said_latest"
        yield Condition("said", f"{column} >= %s", [question.said_from.isoformat()])
    if question.said_to:
        column = "q.said_latest" if must else "q.said_earliest"
        yield Condition("said", f"{column} <= %s", [question.said_to.isoformat()])
    if question.dates == "undated":
        yield Condition("said", "q.said_earliest IS NULL", [])


def _among(values: list[Any]) -> str:
    return f"IN ({', '.join(['%s'] * len(values))})"
