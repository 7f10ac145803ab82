"""How long each kind of page takes, and how much it asks and sends: `python tests/bench/pages.py [--quotes N]`.

It works on a scratch SQLite database with the demo data, and with N made-up quotes beside it when
asked to, which are the same each time. Pages are asked for in this process, with DEBUG off, in
shuffled order. Times are those of the core that does the work; "waited" is half of the waits by
the clock. Nothing is left behind.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 100  # milliseconds
QUOTES_OF_A_SPEAKER, QUOTES_OF_AN_ARTICLE, QUOTES_OF_AN_OCCASION = 20, 4, 50
BATCH = 2_000
WORDS = [
    "that",
    "this",
    "there",
    "here",
    "never",
    "always",
    "people",
    "country",
    "peace",
    "water",
    "power",
    "money",
    "work",
    "school",
    "house",
    "road",
    "river",
    "future",
    "past",
    "law",
    "right",
    "duty",
    "price",
    "promise",
    "market",
    "union",
    "energy",
    "climate",
    "science",
    "art",
    "history",
    "language",
    "border",
    "island",
    "city",
    "village",
    "farmer",
    "worker",
    "teacher",
    "doctor",
    "soldier",
    "judge",
    "will",
    "must",
    "can",
    "should",
    "is",
    "was",
    "and",
    "or",
    "but",
    "for",
    "with",
    "without",
    "against",
    "under",
    "over",
    "between",
    "before",
    "after",
]


@dataclass(frozen=True)
class Measured:
    page: str
    queries: int
    size: int  # bytes
    middle: float  # milliseconds of a core: half of the answers took less
    slow: float  # 95 of 100 took less
    waited: float  # milliseconds by the clock, which other work on the machine makes more


def prepared(database: str, quotes: int) -> None:
    """Load the demo data through its command, and start Django on it as it runs for the public."""
    development = {**os.environ, "DEBUG": "1", "DATABASE_URL": database}
    command = [sys.executable, ROOT / "manage.py", "demo", "--no-serve"]
    subprocess.run(command, env=development, check=True, stdout=subprocess.DEVNULL)
    os.environ |= {
        "DEBUG": "0",
        "DATABASE_URL": database,
        "SECRET_KEY": "a key of no use, as this never leaves the machine that it runs on",
        "BASE_URL": "http://testserver",
        "CONTACT_EMAIL": "desk@example.org",
        "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    # Addresses of static files need not be looked up: no `collectstatic` has run.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    import_module("tracker.wsgi")
    if quotes:
        make_up(quotes)


# --- Made-up quotes -------------------------------------------------------------------------------


def make_up(number: int) -> None:
    """So many published quotes, by a twentieth as many speakers, each with one to three sources."""
    from django.db import transaction

    from tracker.models import Quote

    chance = random.Random(number)
    with transaction.atomic():
        beside = made_beside(number)
        for start in range(0, number, BATCH):
            made = make_quotes(chance, min(BATCH, number - start), **beside)
            Quote.objects.filter(pk__in=made).publish(by=None)


def made_beside(number: int) -> dict[str, list[Any]]:
    """The speakers with their positions, articles, occasions and topics that the quotes share."""
    from tracker.models import Article, Occasion, Position, Publisher, Speaker, Topic

    def names(what: str, count: int) -> list[dict[str, str]]:
        return [
            {"name": f"{what} {n}", "slug": f"made-up-{what.lower()}-{n}"} for n in range(count)
        ]

    speakers = Speaker.objects.bulk_create(
        [
            Speaker(**each, sort_name=each["name"])
            for each in names("Speaker", max(1, number // QUOTES_OF_A_SPEAKER))
        ]
    )
    firms = Speaker.objects.bulk_create(
        [
            Speaker(**each, sort_name=each["name"], kind="organisation")
            for each in names("Organisation", 40)
        ]
    )
    positions = Position.objects.bulk_create(
        [
            Position(person=speaker, organisation=firms[n % len(firms)], title="Director")
            for n, speaker in enumerate(speakers)
        ]
    )
    outlets = Publisher.objects.bulk_create([Publisher(**each) for each in names("Outlet", 60)])
    articles = Article.objects.bulk_create(
        [
            Article(
                headline=f"Report {n}",
                url_as_typed=f"https://example.org/{n}",
                publisher=outlets[n % len(outlets)],
                published_on=f"{1900 + n % 125}",
                language="en",
            )
            for n in range(max(1, number // QUOTES_OF_AN_ARTICLE))
        ]
    )
    occasions = Occasion.objects.bulk_create(
        [
            Occasion(
                **each, place=f"Hall {n % 90}", city=f"City {n % 30}", country=f"Land {n % 12}"
            )
            for n, each in enumerate(names("Occasion", max(1, number // QUOTES_OF_AN_OCCASION)))
        ]
    )
    topics = Topic.objects.bulk_create([Topic(**each) for each in names("Topic", 80)])
    return {"positions": positions, "articles": articles, "occasions": occasions, "topics": topics}


def make_quotes(
    chance: random.Random,
    number: int,
    *,
    positions: list[Any],
    articles: list[Any],
    occasions: list[Any],
    topics: list[Any],
) -> list[int]:
    """Drafts with all that belongs to them; their ids."""
    from tracker.models import Citation, Quote

    held = [chance.choice(positions) for _ in range(number)]
    quotes = Quote.objects.bulk_create(
        [
            Quote(
                speaker_id=position.person_id,
                position=position,
                occasion=chance.choice(occasions),
                said_on=a_date(chance),
                kind=chance.choice(["direct", "direct", "mixed", "indirect"]),
            )
            for position in held
        ]
    )
    citations = []
    for quote in quotes:
        text = " ".join(chance.choices(WORDS, k=chance.randint(6, 30)))
        for n, article in enumerate(
            chance.sample(articles, min(len(articles), chance.randint(1, 3)))
        ):
            words = text if n < 2 else f"{text} again"
            language = "ko" if n == 2 else "en"
            citations.append(Citation(quote=quote, article=article, text=words, language=language))
    for citation in reversed(Citation.objects.bulk_create(citations)):
        citation.quote.lead = citation
    Quote.objects.bulk_update(quotes, ["lead"], batch_size=200)
    about = Quote.topics.through
    about._default_manager.bulk_create(
        about(quote_id=quote.pk, topic_id=topic.pk)
        for quote in quotes
        for topic in chance.sample(topics, 2)
    )
    return [quote.pk for quote in quotes]


def a_date(chance: random.Random) -> str:
    """A day, a month or a year of the twentieth century or since, or none."""
    year, month, day = (
        1900 + int(125 * chance.random() ** 0.5),
        chance.randint(1, 12),
        chance.randint(1, 28),
    )
    forms = (f"{year}-{month:02}-{day:02}", f"{year}-{month:02}", f"{year}~", "")
    return chance.choices(forms, weights=(80, 10, 8, 2))[0]


# --- Pages ----------------------------------------------------------------------------------------


def addresses() -> dict[str, str]:
    """Each kind of page, with the record that makes the most of it."""
    from django.db.models import Count

    from tracker.models import Article, Occasion, Publisher, Quote, Speaker, Topic

    def first(records: Any, by: str) -> Any:
        return records.annotate(most=Count(by)).order_by("-most", "pk").first()

    published = Quote.objects.published()
    quote = first(published, "citations")
    person = first(Speaker.objects.with_quotes().filter(kind="person"), "quotes")
    firm = first(Speaker.objects.known_to_readers().filter(kind="organisation"), "people")
    article = first(Article.objects.open_to_readers().with_quotes(), "citations")
    publisher = first(Publisher.objects.with_quotes(), "articles")
    topic, occasion = (first(model.objects.with_quotes(), "quotes") for model in (Topic, Occasion))
    half_way = published.order_by("-said_earliest", "-pk")[published.count() // 2].pk
    listing = "/quotes/"
    return {
        "home": "/",
        "quotes": listing,
        "quotes, further on": f"{listing}?after={half_way}",
        "quotes, oldest first": f"{listing}?order=oldest",
        "quotes by a speaker": f"{listing}?speaker={person.slug}",
        "quotes by a name": f"{listing}?speaker={person.name.replace(' ', '+')}",
        "quotes with a word": f"{listing}?q=people",
        "quotes with three words": f"{listing}?q=people+future+law",
        "quotes with a word of nobody": f"{listing}?q=xyzzy",
        "quotes of some years": f"{listing}?said_from=1960&said_to=1980&dates=must",
        "quotes, six filters": f"{listing}?organisation={firm.slug}&topic={topic.slug}&kind=direct"
        f"&kind=mixed&language=en&said_from=1900&q=a",
        "quotes, unknown value": f"{listing}?speaker=nobody",
        "quotes, swapped": f"{listing}?language=en#htmx",
        "a quote": quote.get_absolute_url(),
        "speakers": "/speakers/",
        "speakers of a name": "/speakers/?q=sp",
        "a person": person.get_absolute_url(),
        "a person, filtered": f"{person.get_absolute_url()}?topic={topic.slug}",
        "an organisation": firm.get_absolute_url(),
        "articles": "/articles/",
        "an article": article.get_absolute_url(),
        "a publisher": publisher.get_absolute_url(),
        "topics": "/topics/",
        "a topic": topic.get_absolute_url(),
        "an occasion": occasion.get_absolute_url(),
        "about": "/about/",
        "nothing here (404)": "/nothing/",
        "sitemap": "/sitemap.xml",
        "sitemap of quotes": "/sitemap-quotes.xml",
        "healthz": "/healthz",
    }


def measured(samples: int) -> list[Measured]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, pages = Client(), addresses()

    def ask(address: str) -> Any:
        address, _hash, htmx = address.partition("#")
        answer = client.get(address, headers={"HX-Request": "true"} if htmx else {})
        if answer.status_code not in (200, 404):
            sys.exit(f"{address} answered {answer.status_code}")
        return answer

    asked: dict[str, tuple[int, int]] = {}
    for page, address in pages.items():
        ask(address)  # templates are read once
        with CaptureQueriesContext(connection) as queries:
            asked[page] = len(ask(address).content), len(queries)
    times: dict[str, list[float]] = defaultdict(list)
    waits: dict[str, list[float]] = defaultdict(list)
    turns = list(pages) * samples
    random.Random(samples).shuffle(turns)
    for page in turns:
        clock, core = time.perf_counter(), time.process_time()
        ask(pages[page])
        times[page].append(1000 * (time.process_time() - core))
        waits[page].append(1000 * (time.perf_counter() - clock))
    middle = statistics.median
    return [
        Measured(page, queries, size, middle(times[page]), slow(times[page]), middle(waits[page]))
        for page, (size, queries) in asked.items()
    ]


def slow(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]


def told(found: list[Measured]) -> str:
    heads = ("queries", "bytes", "p50 ms", "p95 ms", "waited")
    lines = [f"{'page':30}" + "".join(f"{head:>10}" for head in heads)]
    lines += [
        f"{each.page:30}{each.queries:10}{each.size:10,}"
        f"{each.middle:10.1f}{each.slow:10.1f}{each.waited:10.1f}"
        for each in sorted(found, key=lambda each: -each.slow)
    ]
    late = [each.page for each in found if each.slow >= LIMIT]
    verdict = f"Not all: {', '.join(late)}." if late else "All of them."
    return "\n".join([*lines, f"Under {LIMIT} ms in 95 of 100 cases? {verdict}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quotes", type=int, default=0, help="made-up quotes beside the demo's")
    parser.add_argument("--samples", type=int, default=30, help="of each page (30)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared(f"sqlite:///{folder}/bench.sqlite3", asked.quotes)
        sys.stdout.write(told(measured(asked.samples)))


if __name__ == "__main__":
    main()
