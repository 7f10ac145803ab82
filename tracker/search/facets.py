"""What else could be asked: for each filter its values with the number of quotes they would list.

All numbers come from one statement, which looks at each published quote once: whether it fails the
condition of a filter. A number respects every filter but its own, so it counts the quotes that fail
no other one.
"""

from collections.abc import Iterable
from typing import Any

from .asking import Question
from .conditions import NOT_SHOWN, Condition, all_of

__all__ = ["MOST_VALUES", "facets_sql"]

MOST_VALUES = 12  # of one facet; those asked for come first, then the most quoted

# For each facet: pairs of a quote and a value, one SELECT for each way in which a quote has it.
# {where} says that no other filter leaves the quote out.
_PAIRS = {
    "speaker": (
        "SELECT q.id, q.speaker_id AS value FROM found q WHERE {where} AND q.speaker_id IS NOT NULL",
        """SELECT q.id, j.speaker_id FROM found q
           JOIN tracker_jointspeaker j ON j.quote_id = q.id WHERE {where}""",
    ),
    "organisation": (
        """SELECT q.id, s.id AS value FROM found q
           JOIN tracker_speaker s ON s.id = q.speaker_id AND s.kind = 'organisation' WHERE {where}""",
        "SELECT q.id, q.of_organisation_id FROM found q WHERE {where} AND q.of_organisation_id IS NOT NULL",
        """SELECT q.id, p.organisation_id FROM found q
           JOIN tracker_position p ON p.id = q.position_id WHERE {where}""",
        """SELECT q.id, p.organisation_id FROM found q
           JOIN tracker_jointspeaker j ON j.quote_id = q.id
           JOIN tracker_position p ON p.id = j.position_id WHERE {where}""",
        """SELECT q.id, s.id FROM found q
           JOIN tracker_jointspeaker j ON j.quote_id = q.id
           JOIN tracker_speaker s ON s.id = j.speaker_id AND s.kind = 'organisation' WHERE {where}""",
    ),
    "publisher": (
        """SELECT DISTINCT q.id, a.publisher_id AS value FROM found q
           JOIN tracker_citation c ON c.quote_id = q.id
           JOIN tracker_article a ON a.id = c.article_id AND a.access <> 'private'
           WHERE {where} AND a.publisher_id IS NOT NULL""",
    ),
    "topic": (
        """SELECT q.id, t.topic_id AS value FROM found q
           JOIN tracker_quote_topics t ON t.quote_id = q.id WHERE {where}""",
    ),
    "occasion": (
        "SELECT q.id, q.occasion_id AS value FROM found q WHERE {where} AND q.occasion_id IS NOT NULL",
    ),
    "place": tuple(
        f"""SELECT q.id, o.{column} AS value FROM found q
            JOIN tracker_occasion o ON o.id = q.occasion_id AND o.{column} <> '' WHERE {{where}}"""
        for column in ("place", "city", "country")
    ),
    "kind": ("SELECT q.id, q.kind AS value FROM found q WHERE {where}",),
    "attribution": ("SELECT q.id, q.attribution AS value FROM found q WHERE {where}",),
    "language": (
        f"""SELECT DISTINCT q.id, c.language AS value FROM found q
           JOIN tracker_citation c ON c.quote_id = q.id AND c.language <> ''
           JOIN tracker_article a ON a.id = c.article_id AND NOT ({NOT_SHOWN})
           WHERE {{where}}""",
    ),
}
# Where a value is an id: its table, and what it is called there.
_NAMED_IN = {
    "speaker": ("tracker_speaker", "name"),
    "organisation": ("tracker_speaker", "name"),
    "publisher": ("tracker_publisher", "name"),
    "topic": ("tracker_topic", "name"),
    "occasion": ("tracker_occasion", "CASE WHEN v.name <> '' THEN v.name ELSE v.place END"),
}
_ASKED = {name: f"{name}s" for name in _PAIRS}
_OF_A_FACET = {*_PAIRS, "said"}


# All that the branches below look at.
_COLUMNS = (
    "speaker_id",
    "of_organisation_id",
    "position_id",
    "occasion_id",
    "kind",
    "attribution",
    "said_earliest",
    "said_latest",
)


def facets_sql(question: Question, parts: list[Condition]) -> tuple[str, list[Any]]:
    """One statement with rows (facet, value, label, count).

    Beside the facets: "total", and "undated", and "year" with the first and last year of quotes that
    were said then, as value and label.
    """
    facets = list(dict.fromkeys(part.facet for part in parts if part.facet in _OF_A_FACET))
    judged, params = _judged(parts, facets)
    everything, years = _passes(facets), ", ".join(map(_year_of, ("earliest", "latest")))
    numbers = (
        f"SELECT 'total', '', '', COUNT(*) FROM found q WHERE {everything}",
        f"""SELECT 'year', {years}, COUNT(*) FROM found q
            WHERE {everything} AND q.said_earliest IS NOT NULL GROUP BY {years}""",
        f"""SELECT 'undated', '', '', COUNT(*) FROM found q
            WHERE {_passes(facets, but="said")} AND q.said_earliest IS NULL""",
    )
    branches = [_facet(name, question, facets) for name in _PAIRS]
    union = " UNION ALL ".join([*(sql for sql, _asked in branches), *numbers])
    return f"{judged} {union}", params + [each for _sql, asked in branches for each in asked]


def _judged(parts: list[Condition], facets: list[str]) -> tuple[str, list[Any]]:
    """`found`: the published quotes that at most one filter leaves out, with 1 in `not_kind` where kind does."""
    marks, params = [f"q.{column}" for column in _COLUMNS], []
    for facet in facets:
        sql, values = all_of(part for part in parts if part.facet == facet)
        marks.append(f"CASE WHEN {sql} THEN 0 ELSE 1 END AS not_{facet}")
        params += values
    common, values = all_of(part for part in parts if part.facet not in facets)
    failed = " + ".join(f"not_{facet}" for facet in facets) or "0"
    sql = f"""
        WITH judged AS (SELECT q.id, {", ".join(marks)} FROM tracker_quote q WHERE {common}),
        found AS (SELECT * FROM judged WHERE {failed} <= 1)
    """
    return sql, params + values


def _passes(facets: Iterable[str], *, but: str = "") -> str:
    return " AND ".join(f"q.not_{facet} = 0" for facet in facets if facet != but) or "1 = 1"


def _year_of(end: str) -> str:
    return f"SUBSTR(CAST(q.said_{end} AS TEXT), 1, 4)"


def _facet(name: str, question: Question, facets: Iterable[str]) -> tuple[str, list[Any]]:
    where = _passes(facets, but=name)
    # UNION, not UNION ALL: a quote that has a value in two ways counts once.
    pairs = " UNION ".join(pair.format(where=where) for pair in _PAIRS[name])
    asked = list(getattr(question, _ASKED[name]))
    if name in _NAMED_IN:
        table, label = _NAMED_IN[name]
        value, key = "v.slug", "v.id"
        label = label if " " in label else f"v.{label}"
        source = f"({pairs}) m JOIN {table} v ON v.id = m.value"
        source += " WHERE v.listed" if table == "tracker_speaker" else ""
    else:
        value, key, label = "m.value", "m.value", "''"
        source = f"({pairs}) m"
    group = f"{value}, {key}" + ("" if label == "''" else f", {label}")
    first = (
        f"CASE WHEN {key} IN ({', '.join(['%s'] * len(asked))}) THEN 0 ELSE 1 END, "
        if asked
        else ""
    )
    sql = f"""
        SELECT * FROM (
            SELECT '{name}' AS facet, {value} AS value, {label} AS label, COUNT(*) AS n
            FROM {source} GROUP BY {group} ORDER BY {first}COUNT(*) DESC, {value} LIMIT {MOST_VALUES + len(asked)}
        ) {name}_facet
    """
    return sql, asked
