"""What the index is asked stays cheap: no scan of a large table, no sorting, and no more work for more quotes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from claiming import a_claim, a_review
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tracker import search
from tracker.models import Article, Citation, Claim, Quote, Review, Speaker
from tracker.search import Question, parse

pytestmark = pytest.mark.django_db

GROWN = 1.3  # times the steps for ten times the quotes
LARGE = ("q", "s", "search_quote", "search_shown", "tracker_quote", "tracker_citation")


def questions(speaker: int, last: int) -> dict[str, Question]:
    """What readers ask all day."""
    year = {"said_from": date(2019, 1, 1), "said_to": date(2019, 12, 31), "dates": "must"}
    return {
        "latest": Question(),
        "common word": Question(query=parse("common")),
        "two words": Question(query=parse("common words")),
        "phrase": Question(query=parse('"common words"')),
        "prefix": Question(query=parse("comm*")),
        "speaker": Question(speakers=(speaker,)),
        "speaker and word": Question(speakers=(speaker,), query=parse("common")),
        "speaker and year": Question(speakers=(speaker,), **year),
        "year": Question(**year),
        "oldest": Question(order="oldest"),
        "from a day": Question(said_from=date(2019, 1, 1)),
        "deep page": Question(after=last),
        "common word, deep page": Question(query=parse("common"), after=last),
    }


def a_record_of(quotes: int) -> tuple[int, int]:
    """So many published quotes of a few speakers over many years; a speaker, and a quote in the middle."""
    slugs = [f"speaker-{n}" for n in range(10)]
    some = [Speaker(name=f"Speaker {slug}", slug=slug, sort_name=slug) for slug in slugs]
    Speaker.objects.bulk_create(some, ignore_conflicts=True)
    speakers = list(Speaker.objects.filter(slug__in=slugs).order_by("slug"))
    article = Article.objects.create(headline="Headline")
    made = Quote.objects.bulk_create(
        Quote(speaker=speakers[n % 10], said_on=f"{2015 + n % 10}-0{1 + n % 9}-1{n % 9}")
        for n in range(quotes)
    )
    citations = Citation.objects.bulk_create(
        Citation(
            quote=quote, article=article, text=f"common words {n}", language="en", locator=f"{n}"
        )
        for n, quote in enumerate(made)
    )
    for quote, citation in zip(made, citations, strict=True):
        quote.lead = citation
    Quote.objects.bulk_update(made, ["lead"], batch_size=500)
    Quote.objects.publish(by=None)
    return speakers[0].pk, made[len(made) // 2].pk


@pytest.fixture
def statements() -> Callable[[Question], Iterator[str]]:
    def of(question: Question) -> Iterator[str]:
        with CaptureQueriesContext(connection) as queries:
            search.answer(question)
        yield from (query["sql"] for query in queries)

    return of


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are worded by each database")
def test_no_question_scans_a_large_table_or_sorts(statements: Callable[..., Any]) -> None:
    speaker, last = a_record_of(60)
    for name, question in questions(speaker, last).items():
        for sql in statements(question):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = [row[3] for row in cursor.fetchall()]
            # Rows of a SELECT that stands inside are few: each has its LIMIT.
            scans = [step for step in plan if re.match(rf"SCAN ({'|'.join(LARGE)})\b", step)]
            assert [step for step in scans if "INDEX" not in step] == [], (name, sql)
            # What counts is put in order as it is read; the few numbers of a facet are sorted.
            if "search_shown" in sql:
                assert [step for step in plan if "TEMP B-TREE" in step] == [], (name, sql)


class _Steps:
    """Counts what SQLite does, in hundreds of steps of its virtual machine."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
def test_finding_a_page_takes_no_more_steps_among_ten_times_the_quotes(monkeypatch: Any) -> None:
    few = _steps_of(*a_record_of(300), monkeypatch)
    many = _steps_of(*a_record_of(2_700), monkeypatch)  # beside the others
    assert {name: (few[name], n) for name, n in many.items() if n > GROWN * few[name] + 2} == {}


def _steps_of(speaker: int, last: int, monkeypatch: Any) -> dict[str, int]:
    from tracker.search import sqlite

    handle = connection.connection
    counted = {}

    def fetched(_database: Any, _seconds: float, sql: str, params: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    monkeypatch.setattr(sqlite, "fetched_within", fetched)
    for name, question in questions(speaker, last).items():
        steps = _Steps()
        handle.set_progress_handler(steps, 20)
        search.answer(replace(question, size=20), facets=False)
        handle.set_progress_handler(None, 0)
        counted[name] = steps.count
    return counted


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
def test_a_claim_is_indexed_and_shown_with_no_more_steps_among_ten_times_the_quotes_and_claims(
    client: Client, settings: Any
) -> None:
    settings.KEPT_PAGES = 0
    a_record_of(200)
    few = _steps_of_claims(client, 50)
    a_record_of(1_800)
    many = _steps_of_claims(client, 450)
    assert {name: (few[name], n) for name, n in many.items() if n > GROWN * few[name] + 4} == {}


def _steps_of_claims(client: Client, number: int) -> dict[str, int]:
    """Of claims with reviews, of which there are so many more now; with what was asked before known."""
    quotes = list(Quote.objects.published().order_by("pk")[:number])
    start = Claim.objects.count()
    for n, quote in enumerate(quotes):
        claim = a_claim(quote, text=f"An office opens in town {start + n}", published=False)
        Claim.objects.filter(pk=claim.pk).update(status="published", published_at=timezone.now())
        review = a_review(claim, published=False)
        Review.objects.filter(pk=review.pk).update(
            status="published", published_at=timezone.now(), is_current=True
        )
    search.rebuild()
    claim, handle, counted = Claim.objects.order_by("pk")[0], connection.connection, {}
    acts = {
        "indexed": lambda: (claim.save(), search.catch_up()),
        "its page": lambda: client.get(claim.get_absolute_url()),
        "a quote's page": lambda: client.get(quotes[0].get_absolute_url()),
    }
    for name, act in acts.items():
        act()
        steps = _Steps()
        handle.set_progress_handler(steps, 20)
        act()
        handle.set_progress_handler(None, 0)
        counted[name] = steps.count
    return counted
