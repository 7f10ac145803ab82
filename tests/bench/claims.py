"""How long lists and pages of claims take beside those of quotes: `python tests/bench/claims.py [--quotes N] [--claims N]`.

It works on a scratch SQLite database of made-up quotes and claims with reviews, the same each time, or on the one
of `--database`, which is made and filled when it is not there, and kept; quotes that it has already, such as those of
`compare.py`, are used. No page is kept, so that each is made anew.
Times are those of the core that does the work: "again" with the numbers of a question known, as of all that was
asked before; "first" without. Each row of claims stands beside the row of quotes that it is compared with.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kept import say
from pages import BATCH, WORDS, a_date, made_beside, prepared, slow

MOST_QUERIES, TIMES = 8, 2.0
SUBJECTS = "Everybody|The road|A school|The river|The market|An office|The union|The price".split(
    "|"
)
ENDS = "within months|at once|every year|by law|in the city|since the war|for all|at no cost".split(
    "|"
)


# --- Made-up quotes and claims, written past the desk --------------------------------------------


def make_up(quotes: int, claims: int) -> None:
    from django.db import connection, transaction

    from tracker import search
    from tracker.models import Quote

    chance = random.Random(quotes)
    missing = max(0, quotes - Quote.objects.published().count())
    with transaction.atomic():
        beside = made_beside(missing)
        for start in range(0, missing, BATCH):
            make_quotes(chance, min(BATCH, missing - start), beside)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tracker_quote SET status = 'published', published_at = CURRENT_TIMESTAMP, "
                "lead_id = (SELECT MIN(c.id) FROM tracker_citation c WHERE c.quote_id = tracker_quote.id) "
                "WHERE lead_id IS NULL"
            )
            cursor.execute("SELECT id FROM tracker_quote WHERE status = 'published' ORDER BY id")
            ids = [pk for (pk,) in cursor.fetchall()]
        for start in range(0, claims, BATCH):
            make_claims(chance, range(start, min(start + BATCH, claims)), ids, beside)
        if missing:
            search.rebuild()
        else:
            search.catch_up()
    search.optimise()


def make_quotes(chance: random.Random, number: int, beside: dict[str, list[Any]]) -> None:
    from tracker.models import Citation, Quote

    held = [chance.choice(beside["positions"]) for _ in range(number)]
    made = Quote.objects.bulk_create(
        Quote(
            speaker_id=position.person_id,
            position=position,
            occasion=chance.choice(beside["occasions"]),
            said_on=a_date(chance),
        )
        for position in held
    )
    Citation.objects.bulk_create(
        Citation(
            quote=quote,
            article=chance.choice(beside["articles"]),
            text=" ".join(chance.choices(WORDS, k=chance.randint(6, 30))),
            language="en",
        )
        for quote in made
    )
    about = Quote.topics.through
    about._default_manager.bulk_create(
        about(quote_id=quote.pk, topic_id=chance.choice(beside["topics"]).pk) for quote in made
    )


def make_claims(
    chance: random.Random, numbers: range, quotes: list[int], beside: dict[str, list[Any]]
) -> None:
    """A claim has a quote that makes it and up to five that repeat, deny or withdraw it; six in ten have a review."""
    from tracker.models import Claim, ClaimQuote, Evidence

    kinds = ("factual", "factual", "promise", "prediction")
    claims = Claim.objects.bulk_create(
        Claim(text=a_claim(chance, n), kind=kind, due=a_due(chance, kind), status="published")
        for n in numbers
        for kind in [chance.choice(kinds)]
    )
    ClaimQuote.objects.bulk_create(
        ClaimQuote(claim=claim, quote_id=quote, role=chance.choice(ROLES) if n else "makes")
        for claim in claims
        for n, quote in enumerate(chance.sample(quotes, chance.randint(1, 6)))
    )
    about = Claim.topics.through
    about._default_manager.bulk_create(
        about(claim_id=claim.pk, topic_id=chance.choice(beside["topics"]).pk) for claim in claims
    )
    reviews = [each for claim in claims for each in reviews_of(chance, claim, beside["articles"])]
    type(reviews[0])._default_manager.bulk_create(reviews)
    Evidence.objects.bulk_create(
        Evidence(review=review, article=chance.choice(beside["articles"]), note="What it shows.")
        for review in reviews
        for _ in range(2)
    )


ROLES = ("repeats", "repeats", "repeats", "denies", "withdraws")
VERDICTS: dict[str, list[int]] = {}


def reviews_of(chance: random.Random, claim: Any, articles: list[Any]) -> Iterator[Any]:
    from tracker.models import Review, Verdict

    if not VERDICTS:
        for pk, kind in Verdict.objects.values_list("pk", "scale__kind"):
            VERDICTS.setdefault(kind, []).append(pk)
    said = {
        "claim": claim, "summary": a_claim(chance, claim.pk), "reviewed_on": "2026-01-01",
        "status": "published", "is_current": True,
    }  # fmt: skip
    if chance.random() < 0.6:
        yield Review(**said, verdict_id=chance.choice(VERDICTS[claim.kind]))
    if chance.random() < 0.1:
        page = chance.choice(articles)
        yield Review(**said, publisher_id=page.publisher_id, article=page, rating_there="Mixed")


def a_claim(chance: random.Random, number: int) -> str:
    words = " ".join(chance.choices(WORDS, k=6))
    return f"{chance.choice(SUBJECTS)} gets {words} {chance.choice(ENDS)}, number {number}"


def a_due(chance: random.Random, kind: str) -> str:
    if kind == "factual" or chance.random() < 0.2:
        return ""
    return f"{chance.randint(2000, 2040)}-{chance.randint(1, 12):02}"


# --- Pages ----------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Pages that are compared: of claims, and of quotes."""

    page: str
    claims: str
    quotes: str


def pairs() -> list[Pair]:
    from django.db.models import Count

    from tracker.models import Claim, Quote, Speaker, Topic

    person = Speaker.objects.filter(quotes__claim_quotes__role="makes").order_by("-pk").first()
    topic = Topic.objects.with_quotes().order_by("-pk").first()
    assert person
    assert topic
    quotes = Quote.objects.published().order_by("-said_earliest", "-pk")
    claims = Claim.objects.open_to_readers().order_by("pk")
    quote, claim = quotes[quotes.count() // 2], claims[claims.count() // 2]
    most = claims.annotate(most=Count("claim_quotes")).order_by("-most", "pk").first()
    assert most
    said = "said_from=1960&said_to=1980&dates=must"
    alike = [
        ("all", ""),
        ("all, oldest first", "?order=oldest"),
        ("with a word", "?q=people"),
        ("with three words", "?q=people+future+law"),
        ("best match", "?q=people+future&order=best"),
        ("with a word of nobody", "?q=xyzzy"),
        ("of some years", f"?{said}"),
        ("of a topic", f"?topic={topic.slug}"),
        ("unknown value", "?topic=nothing"),
    ]
    found = [
        Pair(name, f"/claims/{asked.replace('said_', 'recorded_')}", f"/quotes/{asked}")
        for name, asked in alike
    ]
    filters = f"topic={topic.slug}&q=people&{said}"
    return [
        *found,
        Pair("of a speaker", f"/claims/?claimant={person.slug}", f"/quotes/?speaker={person.slug}"),
        Pair("of a verdict", "/claims/?verdict=false&verdict=kept", "/quotes/?kind=direct"),
        Pair("overdue", "/claims/?overdue=1", "/quotes/?kind=direct"),
        Pair("by the day they are due", "/claims/?order=due", "/quotes/"),
        Pair(
            "six filters",
            f"/claims/?kind=promise&status=final&{filters.replace('said_', 'recorded_')}",
            f"/quotes/?kind=direct&language=en&{filters}",
        ),
        Pair("far on", f"/claims/?after={claim.pk}", f"/quotes/?after={quote.pk}"),
        Pair("one", most.get_absolute_url(), quote.get_absolute_url()),
    ]


class Timed(NamedTuple):
    queries: int
    again: float  # milliseconds of a core, the middle
    slow: float  # 95 of 100 took less
    first: float  # the middle where no number is known


def measured(addresses: list[str], samples: int) -> dict[str, Timed]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tracker.search import answering

    client, queries = Client(), {}
    times: dict[tuple[str, bool], list[float]] = defaultdict(list)

    def forget() -> None:
        answering._counted.cache_clear()
        answering._kept_ranking.cache_clear()

    for address in addresses:
        client.get(address)  # templates are read once
        forget()
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries[address] = len(asked)
    turns = [(address, first) for address in addresses for first in (True, False)] * samples
    random.Random(samples).shuffle(turns)
    for address, first in turns:
        forget() if first else client.get(address)
        start = time.process_time()
        assert client.get(address).status_code == 200, address
        times[address, first].append(1000 * (time.process_time() - start))
    middle = statistics.median
    return {
        address: Timed(
            queries[address],
            middle(times[address, False]),
            slow(times[address, False]),
            middle(times[address, True]),
        )
        for address in addresses
    }


def told(found: list[Pair], timed: dict[str, Timed]) -> str:
    heads = ("queries", "again ms", "p95 ms", "first ms", "quotes'", "first", "times", "first")
    lines = [f"{'claims':26}" + "".join(f"{head:>10}" for head in heads)]
    late = []
    for page, claims, quotes in found:
        ours, theirs = timed[claims], timed[quotes]
        times, first = ours.again / theirs.again, ours.first / theirs.first
        lines.append(
            f"{page:26}{ours.queries:10}{ours.again:10.1f}{ours.slow:10.1f}{ours.first:10.1f}"
            f"{theirs.again:10.1f}{theirs.first:10.1f}{times:10.2f}{first:10.2f}"
        )
        if max(times, first) > TIMES or ours.queries > MOST_QUERIES:
            late.append(page)
    verdict = f"Not all: {', '.join(late)}." if late else "All of them."
    asked = f"At most {MOST_QUERIES} queries, and no slower than {TIMES:g} times as long as quotes?"
    return "\n".join([*lines, f"{asked} {verdict}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--database", help="a URL; what is made there is kept and used again")
    parser.add_argument("--samples", type=int, default=20, help="of each page (20)")
    asked = parser.parse_args()
    os.environ["KEPT_PAGES"] = "0"
    with tempfile.TemporaryDirectory() as folder:
        database = asked.database or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        prepared(database, 0)
        from tracker.models import Claim

        if not Claim.objects.filter(text__contains=", number ").exists():
            say(f"Making {asked.quotes:,} quotes and {asked.claims:,} claims ...")
            make_up(asked.quotes, asked.claims)
        found = pairs()
        addresses = dict.fromkeys(url for _page, *both in found for url in both)
        sys.stdout.write(told(found, measured(list(addresses), asked.samples)))


if __name__ == "__main__":
    main()
