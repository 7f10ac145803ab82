"""No page asks the database more as the record grows: as many queries for thirty quotes as for three.

Ten at most, twelve for home, a quote and a speaker, two more for one with quotes without a date; eight for claims and six for a list of
quotes, and two more for a list that is nearly empty.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from claiming import a_claim, a_review
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker import search
from tracker.models import (
    Article,
    Citation,
    Claim,
    Correction,
    JointSpeaker,
    Occasion,
    Position,
    Publisher,
    Quote,
    QuoteLink,
    Review,
    Speaker,
    SpeakerAlias,
    Topic,
)

MOST = 10
MOST_OF_A_QUOTE = 12  # two of them for its links to other quotes, and for its claims
MOST_OF_A_SPEAKER = 12  # three of them for claims and corrections
MOST_OF_HOME = 12  # two of them for the latest reviews and corrections
MOST_OF_CLAIMS = 8  # of their list, and of the page of one
MOST_OF_A_LIST = 6
MOST_OF_A_GUESS = 2  # what may have been meant, and what it lists
FILTERED_OWN_PAGES = (
    "/speakers/jason-kwon/?topic=infrastructure&occasion=seoul",
    "/speakers/jason-kwon/?topic=infrastructure&language=ko",
)
SOURCES = 12  # of each quote
MOST_OPTIONS = 200


def a_grown_record(quotes: int, *, by: AbstractBaseUser) -> None:
    """So many quotes with twelve sources each, in two languages and each from another; they share what they can."""
    openai = Speaker.objects.create(name="OpenAI", kind="organisation")
    kwon = Speaker.objects.create(name="Jason Kwon")
    position = Position.objects.create(person=kwon, organisation=openai, title="CSO", since="2024")
    outlet = Publisher.objects.create(name="AI Matters")
    shared = Article.objects.create(headline="Shared", publisher=outlet, published_on="2025-05-27")
    occasion = Occasion.objects.create(name="Seoul", place="Hotel", city="Seoul", country="Korea")
    topic = Topic.objects.create(name="Infrastructure", subject=kwon)
    for n in range(quotes):
        quote = Quote.objects.create(
            speaker=kwon,
            position=position,
            occasion=occasion,
            said_on=f"{2000 + n % 20}",
            attribution="unverified",
        )
        Citation.objects.create(quote=quote, article=shared, text=f"destiny {n}", language="en")
        quote.topics.add(topic, Topic.objects.create(name=f"Topic {n}", subject=openai))
        add_joint_speakers(quote, openai, n)
        add_sources(quote, n)
    Quote.objects.create(speaker=kwon, said_on="1999", attribution="unverified")
    for quote in Quote.objects.filter(lead=None, citations__isnull=False).distinct():
        quote.lead_with_the_first(by=by)
    Quote.objects.exclude(lead=None).publish(by=by)
    wrongly = one_more_that_is_not_theirs(kwon, shared)
    wrongly.publish(by=by)
    add_claims(list(Quote.objects.filter(topics=topic).order_by("pk")), shared, outlet)
    Correction.objects.note(kwon, kind="update", text="His name is spelt so.", by=None)


def add_claims(quotes: list[Quote], source: Article, outlet: Publisher) -> None:
    """Of each quote one, which the quote before it repeats, with reviews of two desks; links and corrections all over."""
    corrections, how = [], {"published": False}
    for n, quote in enumerate(quotes):
        topics = tuple(quote.topics.all())
        claim = a_claim(
            quote, text=f"Destiny {n} comes", kind="promise", due="2020", topics=topics, **how
        )
        earlier = a_review(claim, "in-the-works", **how)
        a_review(claim, "stalled", supersedes=earlier, **how)
        a_review(claim, "", rating_there=f"So {n}", publisher=outlet, article=source, **how)
        corrections += [Correction(quote=quote, text="So."), Correction(claim=claim, text="So.")]
        if n % 20:  # said a year after the one before it
            before = quotes[n - 1]
            claim.claim_quotes.create(quote=before, role="repeats")
            QuoteLink.objects.create(later=quote, earlier=before, kind="clarifies", note="So.")
    Correction.objects.bulk_create(corrections)
    for model in (Claim, Review, QuoteLink):
        assert not model.objects.all().publish(by=None).refused


def add_joint_speakers(quote: Quote, organisation: Speaker, n: int) -> None:
    for number in range(2):
        other = Speaker.objects.create(name=f"Speaker {n} {number}")
        SpeakerAlias.objects.create(speaker=other, name=f"Alias {n} {number}")
        held = Position.objects.create(person=other, organisation=organisation, title="CEO")
        JointSpeaker.objects.create(quote=quote, speaker=other, position=held, order=number)


def add_sources(quote: Quote, n: int) -> None:
    """Eleven more, each an article of its own that re-reports one that translates a third."""
    for number in range(SOURCES - 1):
        original = None
        for step in range(3):
            original = Article.objects.create(
                headline=f"Article {n} {number} {step}",
                publisher=Publisher.objects.create(name=f"Outlet {n} {number}") if step else None,
                original=original,
                relation="re-report" if original else "",
                published_on="2025-05-26",
            )
        language, text = ("ko", f"운명 {n}") if number % 2 else ("en", f"fate {n} {number}")
        Citation.objects.create(quote=quote, article=original, text=text, language=language)


def one_more_that_is_not_theirs(speaker: Speaker, article: Article) -> Quote:
    quote = Quote.objects.create(
        speaker=speaker, attribution="misattributed", attribution_reason="Older than they are."
    )
    for locator, role in (("2", "attributes wrongly"), ("3", "evidence on attribution")):
        Citation.objects.create(
            quote=quote, article=article, text="not theirs", locator=locator, role=role
        )
    quote.lead_with_the_first(by=None)
    return quote


def addresses() -> Iterator[str]:
    """Every kind of page, and the lists as they are asked."""
    yield from ("/", "/quotes/", "/speakers/", "/articles/", "/topics/", "/about/", "/robots.txt")
    yield from ("/speakers/jason-kwon/", "/speakers/openai/", "/publishers/ai-matters/")
    yield from ("/topics/infrastructure/", "/occasions/seoul/", "/speakers/?q=kwon", "/nowhere/")
    yield "/speakers/jason-kwon/topics/infrastructure/"
    yield "/quotes/?speaker=jason-kwon&speaker=speaker-0-0&topic=infrastructure&view=side"
    yield from (Quote.objects.earliest("pk").get_absolute_url(),)
    yield from (Article.objects.earliest("pk").get_absolute_url(),)
    yield from (
        "/claims/",
        "/claims/?verdict=stalled&claimant=jason-kwon&q=destiny",
        "/corrections/",
    )
    yield from (
        "/claims/?kind=promise&status=interim&overdue=yes&order=due",
        "/claims/?claimant=nobody",
    )
    yield from (Claim.objects.earliest("pk").get_absolute_url(),)
    yield "/sitemap.xml"
    yield from ("/check/", "/check/?words=destinies+1&speaker=jason-kwon", "/check/?words=fate+0+1")
    sections = (
        "pages",
        "about",
        "quotes",
        "speakers",
        "articles",
        "publishers",
        "occasions",
        "topics",
        "claims",
    )
    yield from (f"/sitemap-{section}.xml" for section in sections)
    last = Quote.objects.latest("pk").pk
    everything = (
        "speaker=jason-kwon&organisation=openai&publisher=ai-matters&topic=infrastructure"
        "&occasion=seoul&place=Hotel&kind=direct&attribution=unverified&language=en&q=destiny"
        "&said_from=1990&said_to=2100&dates=must&order=oldest"
    )
    yield f"/quotes/?{everything}"
    yield f"/quotes/?{everything.replace('destiny', 'nothing')}"
    yield from FILTERED_OWN_PAGES
    yield f"/quotes/?after={last}"
    yield f"/quotes/?before={last}"
    yield "/quotes/?speaker=nobody&topic=nothing&publisher=nobody"
    yield "/quotes/?speaker=jason&speaker=speaker"


def asked(client: Client, address: str, **headers: str) -> list[str]:
    """The statements that this page asks of the database."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers=headers).status_code in (200, 404)
    return [query["sql"] for query in queries]


def most(name: str) -> int:
    understood = name.startswith("/quotes/?") and "jason&" not in name and "nobody" not in name
    if name == "/quotes/…":
        return MOST_OF_A_QUOTE
    if name == "/":
        return MOST_OF_HOME
    if name.startswith("/claims/"):
        return MOST_OF_CLAIMS + (MOST_OF_A_GUESS if "q=" in name else 0)
    if name.startswith("/speakers/jason-kwon/") and "topics" not in name:
        return MOST_OF_A_SPEAKER
    guessing = MOST_OF_A_GUESS if "q=" in name else 0
    return MOST_OF_A_LIST + guessing if understood or name == "/quotes/" else MOST


def number_of_queries(quotes: int, editor: AbstractBaseUser) -> dict[str, int]:
    a_grown_record(quotes, by=editor)
    search.catch_up()
    cache.clear()
    client = Client()
    client.get("/about/")  # the name of the site is looked up once for all
    named = {re.sub(r"/\d+/.*|(?<==)\d+", "/…", address): address for address in addresses()}
    found = {name: len(asked(client, address)) for name, address in named.items()}
    swapped = asked(client, named["/speakers/jason-kwon/"], HX_Request="true")
    return found | {"swapped": len(swapped)}


def test_pages_of_thirty_quotes_take_as_many_queries_as_pages_of_three_and_at_most_ten(
    editor: AbstractBaseUser,
) -> None:
    with transaction.atomic():
        three = number_of_queries(3, editor)
        transaction.set_rollback(True)
    thirty = number_of_queries(30, editor)
    assert len(thirty) > 35
    assert {name: count for name, count in thirty.items() if count > most(name)} == {}
    assert {name: (three[name], many) for name, many in thirty.items() if three[name] != many} == {}


def test_all_numbers_come_from_one_statement(editor: AbstractBaseUser) -> None:
    a_grown_record(3, by=editor)
    search.catch_up()
    for address in ("/quotes/", "/quotes/?topic=infrastructure&q=destiny"):
        counting = [sql for sql in asked(Client(), address) if re.search(r"COUNT\(|, n, tag", sql)]
        assert len(counting) == 1, address


@pytest.fixture
def crowd(make_quote: Callable[..., Quote], make_article: Callable[..., Article]) -> Quote:
    """More speakers, sources, topics and occasions than a list of choices should ever hold."""
    many = range(MOST_OPTIONS + 10)
    quote = make_quote(topics=[Topic.objects.create(name="Infrastructure")])
    speakers = Speaker.objects.bulk_create(
        [Speaker(name=f"Speaker {n}", slug=f"s-{n}", sort_name=f"{n}") for n in many]
    )
    Publisher.objects.bulk_create([Publisher(name=f"Outlet {n}", slug=f"o-{n}") for n in many])
    Occasion.objects.bulk_create([Occasion(name=f"Day {n}", slug=f"d-{n}") for n in many])
    Topic.objects.bulk_create([Topic(name=f"Topic {n}", slug=f"t-{n}") for n in many])
    articles = Article.objects.bulk_create([Article(headline=f"Article {n}") for n in many])
    quotes = Quote.objects.bulk_create([Quote(speaker=speaker) for speaker in speakers])
    citations = [
        Citation(quote=quote, article=article, text="words", language="en")
        for quote, article in zip(quotes, articles, strict=True)
    ]
    for citation in Citation.objects.bulk_create(citations):
        Quote.objects.filter(pk=citation.quote_id).update(lead=citation)
    Quote.objects.exclude(pk=quote.pk).publish(by=None)
    return quote


def test_no_page_offers_more_than_two_hundred_values_in_one_list(
    crowd: Quote, editor: AbstractBaseUser
) -> None:
    client = Client()
    client.force_login(editor)
    pages = ["/", "/quotes/", "/quotes/?q=words", "/speakers/", "/articles/", "/topics/"]
    pages += [crowd.get_absolute_url(), crowd.speaker.get_absolute_url(), "/quotes/?speaker=s-1"]
    for noun in ("quote", "speaker", "position", "article", "publisher", "occasion", "topic"):
        pages += [f"/admin/tracker/{noun}/", f"/admin/tracker/{noun}/add/"]
    pages += [f"/admin/tracker/quote/{crowd.pk}/change/"]
    for address in pages:
        page = client.get(address).content.decode()
        lists = re.findall(r"(?s)<(select|datalist|fieldset)\b(.*?)</\1>", page)
        options = [len(re.findall('<option|type="checkbox"', inside)) for _tag, inside in lists]
        assert max(options, default=0) <= MOST_OPTIONS, address


def test_a_page_of_fifty_quotes_is_at_most_a_hundred_kilobytes(make_quote, make_article) -> None:
    for n in range(60):
        make_quote(
            f"a sentence of some twenty words, as quotes are in the news, number {n}, and then a few more",
            article=make_article(f"A headline of the usual length, number {n}"),
            said_on=f"{1960 + n}",
        )
    for address in ("/quotes/", "/quotes/?q=sentence&order=best", "/speakers/jason-kwon/"):
        page = Client().get(address).content
        assert page.count(b'class="entry"') == 50
        assert len(page) <= 100_000, address
