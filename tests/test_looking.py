"""Articles are looked at again: what is seen, what is kept of it, how politely, and that nothing is lost or done twice."""

import itertools
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from sites import Web, a_web, html, redirect

from tracker import looking
from tracker.looking import Looked, Looks, Manners
from tracker.models import Article, Capture, Citation, Health, Quote, Turn

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]
Make = Callable[..., Any]

QUICK = Manners(pace=0.01, patience=5)
WORDS = "infrastructure is destiny"
FILLER = [
    f"Paragraph {n} of the report tells what was agreed on in Seoul on that day, and by whom, and "
    "what the companies that took part had to say about the plans for the years to come."
    for n in range(12)
]


def an_article(
    *paragraphs: str, head: str = "", bar: str = "", title: str = "OpenAI comes to Seoul"
) -> bytes:
    said = paragraphs or (f"“{WORDS.capitalize()},” Jason Kwon said in Seoul on Monday.",)
    body = "".join(f"<p>{each}</p>" for each in (*FILLER[:6], *said, *FILLER[6:]))
    return html(
        f"<html><head><title>{title}</title>{head}</head><body>{bar}<article><h1>{title}</h1>{body}</article></body></html>"
    )


def a_short_page(text: str, markup: str = "") -> bytes:
    return html(f"<html><head><title>x</title></head><body>{markup}<p>{text}</p></body></html>")


@pytest.fixture
def web() -> Iterator[Web]:
    with a_web() as web:
        yield web


@pytest.fixture
def look(web: Web) -> Callable[..., Looks]:
    """Look at these articles, at the web of these tests."""
    rules = web.rules()

    def look(*articles: Article, **changed: Any) -> Looks:
        return looking.look_again(articles, rules=rules, **{"manners": QUICK} | changed)

    return look


@pytest.fixture
def article(make_article: Make, make_quote: Make, web: Web) -> Article:
    """With one quote, and a page that has it."""
    web["news.example.org/a"] = an_article()
    article = make_article(url_as_typed="http://news.example.org/a")
    make_quote(WORDS, article=article)
    return article


def later(days: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def last(article: Article) -> Capture:
    return article.captures.first()


def the_citation(article: Article) -> Citation:
    return article.citations.get()


# --- What is seen ---------------------------------------------------------------------------------


def test_the_first_look_keeps_a_copy_and_checks_the_quotes_in_it(look, article):
    looks = look(article)
    capture = last(article)
    assert looks.counts == {"kept": 1}
    assert (capture.method, capture.outcome, capture.http_status) == ("fetched", "kept", 200)
    assert WORDS in capture.text.lower()
    assert len(capture.raw_sha256) == 64
    assert (the_citation(article).check_result, the_citation(article).checked_in) == (
        "exact",
        capture,
    )


def test_an_unchanged_page_is_noted_without_a_second_copy_of_its_text(look, article):
    look(article)
    first = last(article)
    with later(days=8):
        assert look(article).counts == {"unchanged": 1}
    capture = last(article)
    assert (capture.outcome, capture.text, capture.http_status) == ("unchanged", "", 200)
    citation = the_citation(article)
    assert citation.checked_in == first
    assert citation.checked_at > first.taken_at + timedelta(days=7)


def test_a_changed_page_is_kept_and_its_quotes_are_checked_again(look, article, web):
    look(article)
    web["news.example.org/a"] = an_article(f"It was “{WORDS},” Mr. Kwon told reporters there.")
    with later(days=8):
        assert look(article).counts == {"changed": 1}
    capture = last(article)
    assert "told reporters" in capture.text
    assert the_citation(article).checked_in == capture
    assert the_citation(article).check_result in ("exact", "moved")


def test_words_that_a_changed_page_has_otherwise_are_altered_after_two_looks_a_day_apart(
    look, article, web
):
    look(article)
    web["news.example.org/a"] = an_article("“Infrastructure is a destiny,” Jason Kwon said.")
    with later(days=8):
        look(article)
    citation = the_citation(article)
    assert (citation.check_result, citation.doubt) == ("exact", "altered")
    with later(days=8.5):
        look(article)
    assert the_citation(article).check_result == "exact"
    with later(days=10):
        assert look(article).counts == {"unchanged": 1}
    citation = the_citation(article)
    assert (citation.check_result, citation.doubt) == ("altered", "")
    assert citation.checked_in.text != ""


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("404 Not Found", "gone"),
        ("410 Gone", "gone"),
        ("401 Unauthorized", "wall"),
        ("402 Payment Required", "wall"),
        ("403 Forbidden", "refused"),
        ("451 Unavailable For Legal Reasons", "refused"),
        ("429 Too Many Requests", "refused"),
        ("500 Internal Server Error", "failed"),
    ],
)
def test_what_the_site_answers_instead_of_the_page_is_kept_with_its_status(
    status: str, outcome: str, look, article, web
):
    look(article)
    web["news.example.org/a"] = html("No.", status=status)
    with later(days=8):
        assert look(article).counts == {outcome: 1}
    capture = last(article)
    assert (capture.outcome, capture.http_status, capture.text) == (outcome, int(status[:3]), "")
    assert capture.failure
    # A later 404 does not take back what was seen before.
    assert the_citation(article).check_result == "exact"


def test_an_address_that_nobody_asks_for_is_told_with_its_reason(look, make_article):
    article = make_article(url_as_typed="http://127.0.0.1/a")
    told: list[Looked] = []
    look(article, after_each=lambda looked, _looks: told.append(looked))
    assert last(article).outcome == "failed"
    assert last(article).failure == "private-address"
    assert "not on the public internet" in told[0].why


def test_what_robots_txt_forbids_is_not_looked_at(look, article, web):
    web["news.example.org/robots.txt"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n"
        b"User-agent: *\nDisallow: /"
    )
    look(article)
    assert (last(article).outcome, last(article).failure) == ("refused", "robots-refused")
    assert web.pages_asked == []


def test_a_fault_of_ours_is_told_and_the_others_are_looked_at(
    look, article, make_article, web, monkeypatch
):
    web["other.example.org/b"] = an_article()
    other = make_article(url_as_typed="http://other.example.org/b")
    asked = looking.again.fetch

    def broken(url: str, **how: Any) -> Any:
        if "news" in url:
            raise RuntimeError("broken")
        return asked(url, **how)

    monkeypatch.setattr("tracker.looking.again.fetch", broken)
    assert look(article, other).counts == {"failed": 1, "kept": 1}
    assert last(article).failure == "failed"


# --- Walls ----------------------------------------------------------------------------------------

WALLS = {
    "english log-in": "Log in to continue. Already a subscriber?",
    "english consent": "We value your privacy. We and our 842 partners store and access information.",
    "english robot": "Please verify you are human to proceed.",
    "german": "Mit Werbung und Cookies weiterlesen. Besuchen Sie uns wie gewohnt.",
    "french": "Continuer sans accepter. Avec votre accord, nos partenaires utilisent des cookies.",
    "spanish": "Suscríbete para seguir leyendo este artículo.",
    "italian": "Contenuto riservato agli abbonati.",
    "portuguese": "Conteúdo exclusivo para assinantes.",
    "korean": "로그인 후 이용하실 수 있습니다.",
    "japanese": "この記事は会員限定です。ログインしてお読みください。",
    "chinese": "请登录后阅读全文。",
    "russian": "Войдите, чтобы читать дальше.",
}


@pytest.mark.parametrize("words", WALLS.values(), ids=WALLS.keys())
def test_a_wall_that_answers_200_is_a_wall_and_no_quote_is_missing(words: str, look, article, web):
    look(article)
    web["news.example.org/a"] = a_short_page(words)
    for days in (8, 10):
        with later(days):
            assert look(article).counts == {"wall": 1}
    assert (last(article).text, last(article).failure) == ("", "")
    citation = the_citation(article)
    assert (citation.check_result, citation.doubt) == ("exact", "")


@pytest.mark.parametrize(
    "markup",
    [
        '<form action="/x"><input type="password" name="p"></form>',
        '<div id="sp_message_container_1"></div>',
        '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>',
        '<div class="article-paywall--hard"></div>',
    ],
)
def test_a_wall_is_known_by_its_markup_when_no_quote_is_there(markup: str, look, article, web):
    look(article)
    web["news.example.org/a"] = a_short_page("Bonjour, et à bientôt.", markup)
    with later(days=8):
        assert look(article).counts == {"wall": 1}


def test_a_long_wall_is_known_by_its_words_and_the_absence_of_every_quote(look, article, web):
    look(article)
    vendors = "".join(f"<p>Vendor {n} processes data for measurement.</p>" for n in range(400))
    web["news.example.org/a"] = a_short_page("We value your privacy.", vendors)
    with later(days=8):
        assert look(article).counts == {"wall": 1}


def test_a_meter_that_lets_half_of_the_article_through_is_a_wall(look, article, web, make_quote):
    make_quote("the very last words of it", article=article)
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said, and “the very last words of it.”")
    look(article)
    web["news.example.org/a"] = a_short_page(
        f"“{WORDS},” he said. Subscribe to continue reading.", f"<p>{FILLER[0]}</p>"
    )
    with later(days=8):
        assert look(article).counts == {"wall": 1}
    assert {each.check_result for each in article.citations.all()} == {"exact"}


def test_a_redirect_to_a_log_in_is_a_wall(look, article, web):
    look(article)
    web["news.example.org/a"] = redirect("http://news.example.org/account/login?next=/a")
    web["news.example.org/account/login?next=/a"] = a_short_page("Hello again, dear friend.")
    with later(days=8):
        assert look(article).counts == {"wall": 1}


def test_a_bar_about_cookies_beside_the_whole_article_is_no_wall(look, article, web):
    bar = (
        '<div id="onetrust">We value your privacy. Accept all cookies</div><input type="password">'
    )
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said. Log in to continue.", bar=bar)
    assert look(article).counts == {"kept": 1}
    with later(days=8):
        assert look(article).counts == {"unchanged": 1}


def test_a_wall_is_known_the_first_time_too(look, article, web):
    web["news.example.org/a"] = a_short_page("Please log in to continue.")
    assert look(article).counts == {"wall": 1}


def test_an_address_that_leads_to_the_front_page_says_nothing_of_the_quotes(look, article, web):
    look(article)
    web["news.example.org/a"] = redirect("http://news.example.org/")
    web["news.example.org/"] = an_article("Other news of the day, all of them without that quote.")
    for days in (8, 10):
        with later(days):
            assert look(article).counts == {"failed": 1}
    assert last(article).failure == "sent-elsewhere"
    assert the_citation(article).check_result == "exact"


def test_a_page_far_shorter_than_its_copies_and_without_its_quotes_was_not_seen(look, article, web):
    look(article)
    web["news.example.org/a"] = a_short_page("This page could not be shown at the moment.")
    for days in (8, 10):
        with later(days):
            assert look(article).counts == {"failed": 1}
    assert last(article).failure == "shorter"
    assert the_citation(article).check_result == "exact"


# --- What a changed page says of itself -----------------------------------------------------------

NOTES = [
    "Correction: An earlier version of this article misspelt the name of the minister.",
    "This article has been updated with a comment by the company.",
    "Editor’s note: the headline was changed.",
    "Korrektur: In einer früheren Fassung stand ein falscher Name.",
    "Mise à jour : le titre a été modifié.",
    "Fe de errores: una versión anterior decía otra cosa.",
    "Errata corrige: il nome era sbagliato.",
    "Correção: o nome estava errado.",
    "[정정] 본문 중 이름을 바로잡습니다.",
    "訂正：見出しに誤りがありました。",
    "更正：此前版本有误。",
    "Исправление: в предыдущей версии была ошибка.",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_of_a_correction_is_seen_in_several_languages(note: str, look, article, web):
    look(article)
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said.", note)
    with later(days=8):
        look(article)
    assert last(article).correction_note == note


@pytest.mark.parametrize(
    "sentence",
    [
        "The correctional officers said nothing.",
        "He updated the reporters on the plans.",
        "Corrections officers were there, too.",
        "정정당당하게 겨루겠다고 밝혔다.",
    ],
)
def test_words_that_only_look_like_a_note_are_none(sentence: str, look, article, web):
    look(article)
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said.", sentence)
    with later(days=8):
        assert look(article).counts == {"changed": 1}
    assert last(article).correction_note == ""


def test_a_note_that_stood_there_before_is_not_told_again(look, article, web):
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said.", NOTES[0])
    look(article)
    web["news.example.org/a"] = an_article(f"“{WORDS},” he said.", NOTES[0], "One more line.")
    with later(days=8):
        assert look(article).counts == {"changed": 1}
    assert last(article).correction_note == ""


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"dateModified": "2025-06-01T10:00:00+09:00"}</script>',
        '<meta property="article:modified_time" content="2025-06-01T10:00:00Z">',
        '<meta content="2025-06-01" itemprop="dateModified">',
    ],
)
def test_the_day_of_the_last_update_is_kept_as_the_page_says_it(head: str, look, article, web):
    web["news.example.org/a"] = an_article(head=head)
    look(article)
    assert last(article).updated_on == datetime(2025, 6, 1, tzinfo=UTC).date()


def test_of_a_source_with_blanked_words_nothing_is_kept(look, article, editor):
    look(article)
    quote = Quote.objects.get()
    quote.redact(by=editor, category="privacy")
    with later(days=8):
        assert look(article).counts == {"answered": 1}
    capture = last(article)
    assert (capture.text, capture.headline, capture.raw_sha256) == ("", "", "")


# --- Politeness -----------------------------------------------------------------------------------


def times(web: Web, host: str) -> list[float]:
    return [when for when, address in web.asked if address.startswith(host)]


def test_a_site_is_asked_with_a_pause_and_others_meanwhile(look, make_article, web):
    pages = [f"{host}.example.org/{n}" for n in range(3) for host in ("one", "two")]
    for page in pages:
        web[page] = an_article()
    articles = [make_article(url_as_typed=f"http://{page}") for page in pages]
    began = time.monotonic()
    assert look(*articles, manners=Manners(pace=0.3)).counts == {"kept": 6}
    for host in ("one", "two"):
        asked = times(web, host)
        assert len(asked) == 4  # robots.txt, and three pages
        assert min(b - a for a, b in itertools.pairwise(asked)) >= 0.3
    assert time.monotonic() - began < 4


def test_a_longer_pause_is_kept_where_robots_txt_asks_for_one(look, make_article, web):
    robots = b"User-agent: *\nCrawl-delay: 1\n"
    web["one.example.org/robots.txt"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(robots)
    ) + robots
    for n in range(2):
        web[f"one.example.org/{n}"] = an_article()
    articles = [make_article(url_as_typed=f"http://one.example.org/{n}") for n in range(2)]
    look(*articles)
    _robots, first, second = times(web, "one")
    assert second - first >= 1


def test_a_slow_site_does_not_hold_up_the_others(look, make_article, web):
    def slowly() -> bytes:
        time.sleep(1.5)
        return an_article()

    web["slow.example.org/0"] = slowly
    for n in range(5):
        web[f"quick.example.org/{n}"] = an_article()
    slow = make_article(url_as_typed="http://slow.example.org/0")
    quick = [make_article(url_as_typed=f"http://quick.example.org/{n}") for n in range(5)]
    order: list[int] = []
    look(slow, *quick, after_each=lambda looked, _looks: order.append(looked.article.pk))
    assert order[-1] == slow.pk


def test_a_site_that_asks_to_be_left_alone_is_left_alone(look, make_article, web):
    web["one.example.org/0"] = html(
        "Wait.", status="429 Too Many Requests", headers=("Retry-After: 600",)
    )
    web["one.example.org/1"] = an_article()
    articles = [make_article(url_as_typed=f"http://one.example.org/{n}") for n in range(2)]
    assert look(*articles).counts == {"refused": 1, "put off": 1}
    assert look(articles[1]).counts == {"put off": 1}
    assert not articles[1].captures.exists()
    with later(days=1):
        assert look(articles[1]).counts == {"kept": 1}


def test_a_turn_is_given_back_when_the_looking_is_stopped(look, article):
    def stop(_looked: Looked, _looks: Looks) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(article, after_each=stop)
    assert Turn.objects.get().free_at < timezone.now() + timedelta(seconds=1)
    assert article.captures.count() == 1  # what was seen is kept


@pytest.mark.timeout(60)
def test_hostile_pages_are_judged_to_their_end():
    from tracker.looking import changes, walls

    pieces = ["<meta ", "<meta name='", 'class="', "class='a", "itemprop ", "type =", 'action="/']
    for piece in (*pieces, '"dateModified" ', "accept all ", "log in or ", "この記事は"):
        assert changes.updated_on(piece.encode() * (5_000_000 // len(piece.encode()))) is None
        walls._MARKUP.search((piece.encode() * 100_000)[: walls._LOOKED_AT])
        walls._says_so(piece * (1_000_000 // len(piece)))


def test_an_article_that_was_looked_at_meanwhile_is_skipped(look, article, web):
    look(article)
    since = timezone.now() - timedelta(hours=1)
    assert look(article, not_since=since).counts == {"skipped": 1}
    assert len(web.pages_asked) == 1


# --- Which, and how they are -----------------------------------------------------------------------


def a_look(article: Article, days_ago: float, outcome: str = "unchanged", **fields: Any) -> Capture:
    at = timezone.now() - timedelta(days=days_ago)
    return article.captures.create(method="fetched", taken_at=at, outcome=outcome, **fields)


def test_the_longest_unseen_comes_first_and_what_was_seen_lately_not_at_all(make_article):
    old, new, older, lately = [
        make_article(url_as_typed=f"http://e.example.org/{n}") for n in range(4)
    ]
    a_look(old, 8), a_look(older, 20), a_look(lately, 2), a_look(lately, 30)
    make_article("on paper")
    make_article(url_as_typed="http://e.example.org/private", access="private")
    assert looking.articles_of_age(days=7).articles == [new, older, old]
    assert looking.articles_of_age(days=7, limit=2).articles == [new, older]


def test_articles_are_named_by_number_and_by_address(make_article):
    one = make_article(url_as_typed="http://e.example.org/1")
    two = make_article(url_as_typed="http://e.example.org/2")
    names = [str(two.pk), "http://e.example.org/1?utm_source=x", str(one.pk)]
    assert looking.articles_named(names).articles == [two, one]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("9999", "No article on record is “9999”."),
        ("x", "No article"),
        ("9" * 30, "No article"),
        ("http://e.example.org/other", "No article"),
    ],
)
def test_what_names_no_article_is_told(name: str, message: str):
    with pytest.raises(looking.NotToLookAt, match=message):
        looking.articles_named([name])


def test_a_private_source_is_never_looked_at(make_article):
    private = make_article(url_as_typed="http://e.example.org/1", access="private")
    with pytest.raises(looking.NotToLookAt, match="no web page that is looked at"):
        looking.articles_named([str(private.pk)])


def test_articles_are_asked_for_by_their_health(make_article):
    outcomes = {
        Health.ALIVE: ("unchanged", None),
        Health.CHANGED: ("changed", 200),
        Health.WALL: ("wall", 200),
        Health.GONE: ("gone", 404),
        Health.UNSEEN: ("failed", None),
    }
    made = {}
    for n, (health, (outcome, status)) in enumerate(outcomes.items()):
        made[health] = make_article(url_as_typed=f"http://e.example.org/{n}")
        a_look(made[health], 30, "failed")
        a_look(made[health], 1, outcome, http_status=status)
    made[Health.NEVER] = make_article(url_as_typed="http://e.example.org/never")
    for health, article in made.items():
        assert list(Article.objects.of_health(health)) == [article]
    no_answer = make_article(url_as_typed="http://e.example.org/silent")
    a_look(no_answer, 1, "not found")
    assert no_answer in Article.objects.of_health("unseen")
    assert no_answer not in Article.objects.of_health("gone")
    assert not Article.objects.of_health("well").exists()


def test_a_second_text_of_an_unchanged_page_is_refused(make_article, the_database_refuses):
    article = make_article()
    with the_database_refuses("unchanged_page_is_not_copied_again"):
        a_look(article, 1, "unchanged", text="words")
    with the_database_refuses("page_that_was_seen_has_no_failure"):
        a_look(article, 1, "changed", failure="too-slow")


# --- Processes -------------------------------------------------------------------------------------

RUN = """
import signal, socket, sys
import django
signal.signal(signal.SIGINT, signal.default_int_handler)  # which whoever runs the tests may ignore
django.setup()
from tracker import looking
from tracker.fetching import Rules
from tracker.looking import Manners
port = int(sys.argv[1])
rules = Rules(
    resolve=lambda host, at: ["93.184.215.14"],
    connect=lambda address, at, seconds: socket.create_connection(("127.0.0.1", port), timeout=seconds),
)
looking.our_rules.cache_clear()
looking.our_rules = lambda: rules
looking.again.Manners = lambda: Manners(pace=float(sys.argv[2]))
from django.core.management import call_command
call_command("check_sources", *sys.argv[3:])
"""


@pytest.fixture
def elsewhere(transactional_db: None) -> Callable[..., subprocess.Popen[str]]:
    """Another process that runs check_sources in the database of these tests."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{settings['NAME']}"
    else:
        user = ":".join(filter(None, (settings["USER"], settings["PASSWORD"])))
        address = f"postgres://{user}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"

    def start(web: Web, *options: str, pace: float = 0.15) -> subprocess.Popen[str]:
        environment = {"PATH": os.environ["PATH"], "DEBUG": "1", "DATABASE_URL": address}
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(RUN), str(web.port), str(pace), *options],
            cwd=ROOT,
            env=environment | {"DJANGO_SETTINGS_MODULE": "tracker.settings"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def many(make_article: Make, web: Web, count: int) -> list[Article]:
    articles = []
    for n in range(count):
        web[f"s{n % 3}.example.org/{n}"] = an_article()
        articles.append(make_article(url_as_typed=f"http://s{n % 3}.example.org/{n}"))
    return articles


def test_two_runs_at_once_look_at_no_article_twice(elsewhere, make_article, web):
    articles = many(make_article, web, 12)
    runs = [elsewhere(web) for _ in range(2)]
    told = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert sorted(web.pages_asked) == sorted(each.url.removeprefix("http://") for each in articles)
    assert Capture.objects.count() == 12
    for host in ("s0", "s1", "s2"):
        asked = [w for w, a in web.asked if a.startswith(host) and not a.endswith("robots.txt")]
        assert min(b - a for a, b in itertools.pairwise(asked)) >= 0.15


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_loses_nothing_and_the_next_goes_on(
    how: int, elsewhere, make_article, web
):
    articles = many(make_article, web, 9)
    run = elsewhere(web, pace=3)  # so that it is far from done when it is stopped
    deadline = time.monotonic() + 60
    while Capture.objects.count() < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(how)
    _out, err = run.communicate(timeout=60)
    if how == signal.SIGINT:
        assert run.returncode == 130
        assert "Run it again to go on: nothing is lost or doubled." in err
    seen = Capture.objects.count()
    assert 2 <= seen < 9
    Turn.objects.update(free_at=timezone.now())  # which its turns would be in a minute and a half
    out, err = elsewhere(web).communicate(timeout=120)
    assert f"{9 - seen} articles looked at." in out, err
    assert {each.captures.count() for each in articles} == {1}
    assert json.dumps(out).count("deleted") == 0
