"""The demo: its data shows every feature, the command sets it up and serves it, and the desk's first pages are there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.urls import resolve

from tracker import anchoring
from tracker.importing import Loaded, load_record, read_record
from tracker.management.commands import demo
from tracker.models import (
    Article,
    Citation,
    Claim,
    ClaimQuote,
    Correction,
    Evidence,
    Occasion,
    Quote,
    QuoteLink,
    Review,
    Speaker,
)

ROOT = Path(__file__).resolve().parents[1]


# --- The data -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker) -> Iterator[Loaded]:
    """The whole record in the database, once for all the tests below."""
    with django_db_blocker.unblock(), transaction.atomic():
        editor = get_user_model().objects.create_user("demo-editor")
        yield load_record(read_record(demo.RECORD), by=editor)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_there_are_enough_quotes_speakers_sources_and_years(loaded: Loaded):
    published = Quote.objects.published()
    assert published.count() >= 60
    assert Speaker.objects.with_quotes().count() >= 20
    assert Article.objects.with_quotes().count() >= 40
    years = published.aggregate(first=Min("said_earliest__year"), last=Max("said_latest__year"))
    assert years["last"] - years["first"] > 100


@pytest.mark.django_db
def test_every_quote_is_published_with_a_lead_a_language_and_its_topics(loaded: Loaded):
    assert loaded.quotes == Quote.objects.count() == Quote.objects.published().count()
    assert not Quote.objects.exclude(lead__quote=F("pk")).exists()
    assert not Citation.objects.filter(language="").exists()
    assert not Quote.objects.filter(topics=None).exists()


@pytest.mark.django_db
def test_loading_it_again_changes_nothing(loaded: Loaded):
    histories = [
        model
        for model in apps.get_app_config("tracker").get_models()
        if "Historical" in model.__name__
    ]
    rows = [model.objects.count() for model in histories]
    assert sum(rows) > loaded.quotes
    assert load_record(read_record(demo.RECORD), by=None) == Loaded()
    assert [model.objects.count() for model in histories] == rows


@pytest.mark.django_db
def test_infrastructure_is_destiny_is_on_record(loaded: Loaded):
    quote = Quote.objects.published().get(
        speaker__name="Jason Kwon", lead__text="infrastructure is destiny."
    )
    assert quote.said_on == "2025-05-26"
    assert quote.position.title_and_organisation == "Chief Strategy Officer, OpenAI"
    assert quote.occasion.place == "Four Seasons Hotel Seoul"
    assert quote.lead.article.url == "https://aimatters.co.kr/english-news/22138"
    assert quote.lead.attributed_as == "CSO Kwon"


@pytest.mark.django_db
def test_nobody_has_two_names_in_the_list_and_nothing_is_there_for_nothing(loaded: Loaded):
    assert not Occasion.objects.exclude(pk__in=Occasion.objects.with_quotes()).exists()
    names = [name.casefold() for name in Speaker.objects.values_list("name", flat=True)]
    assert len(names) == len(set(names))


def _kwon() -> QuerySet[Quote]:
    return Quote.objects.filter(speaker__name="Jason Kwon")


def _two_languages(quotes: QuerySet[Quote]) -> bool:
    return quotes.annotate(n=Count("citations__language", distinct=True)).filter(n__gt=1).exists()


def _seoul() -> QuerySet[Article]:
    return Article.objects.filter(
        Q(citations__quote__occasion__city="Seoul")
        | Q(derived__citations__quote__occasion__city="Seoul"),
    ).distinct()


def _wordings_differ() -> bool:
    return any(len(quote.wordings) > 1 for quote in Quote.objects.to_show())


FEATURES: dict[str, Callable[[], bool]] = {
    "seven quotes by Jason Kwon": lambda: _kwon().count() >= 7,
    "an occasion that several outlets report in two languages": lambda: (
        _seoul().filter(url__isnull=False).count() >= 5
        and {"en", "ko"} <= set(_seoul().values_list("language", flat=True))
    ),
    "a sentence of his as Korean and English outlets print it": lambda: _two_languages(_kwon()),
    "a re-report of an article whose address is not recorded": lambda: Article.objects.filter(
        relation="re-report", original__url=None
    ).exists(),
    "a translation": lambda: Article.objects.filter(relation="translation").exists(),
    "a speech at the address of the archive that keeps it": lambda: Quote.objects.filter(
        occasion__kind="speech", lead__article__medium="archive", lead__article__url__isnull=False
    ).exists(),
    "a printed newspaper without an address": lambda: Citation.objects.filter(
        article__medium="print", article__url=None
    ).exists(),
    "a broadcast without an address": lambda: Citation.objects.filter(
        article__medium="broadcast", article__url=None
    ).exists(),
    "a date known to the month": lambda: Quote.objects.filter(
        said_on__regex=r"^[0-9]{4}-[0-9]{2}$"
    ).exists(),
    "a date about a year": lambda: Quote.objects.filter(said_on__regex=r"^[0-9]{4}~$").exists(),
    "no date at all": lambda: Quote.objects.filter(said_on="").exists(),
    "a date as the source words it": lambda: Quote.objects.exclude(said_on_as_given="").exists(),
    "“Let them eat cake”, wrongly attributed": lambda: Quote.objects.filter(
        attribution="misattributed", speaker__name="Marie Antoinette"
    ).exists(),
    "a disputed quote": lambda: Quote.objects.filter(attribution="disputed").exists(),
    "a confirmed quote": lambda: Quote.objects.filter(attribution="confirmed").exists(),
    "an unverified quote": lambda: Quote.objects.filter(attribution="unverified").exists(),
    "an indirect quote": lambda: Quote.objects.filter(kind="indirect").exists(),
    "a mixed quote": lambda: Quote.objects.filter(kind="mixed").exists(),
    "a third language with a named translator": lambda: Citation.objects.exclude(
        translated_by__in=("", "not named", "machine", "the outlet")
    )
    .exclude(quote__lead__language__in=("en", "ko"))
    .exists(),
    "a speaker with two positions at different times": lambda: Speaker.objects.annotate(
        n=Count("positions__since", distinct=True, filter=~Q(positions__since=""))
    )
    .filter(n__gt=1)
    .exists(),
    "an organisation that speaks": lambda: Quote.objects.filter(
        speaker__kind="organisation"
    ).exists(),
    "a joint statement": lambda: Quote.objects.filter(joint_speakers__isnull=False).exists(),
    "an unnamed speaker of an organisation": lambda: Quote.objects.filter(
        speaker=None, of_organisation__isnull=False
    ).exists(),
    "a quote with several citations": lambda: Quote.objects.annotate(n=Count("citations"))
    .filter(n__gt=2)
    .exists(),
    "wordings that differ": _wordings_differ,
    "a question answered": lambda: Quote.objects.exclude(prompt="").exists(),
    "places in the source": lambda: {"page", "time", "paragraph"}
    <= set(Citation.objects.values_list("locator_kind", flat=True)),
    "a topic that is a speaker": lambda: Speaker.objects.filter(topics__quotes__isnull=False).exists(),
    "an alias in Korean": lambda: Speaker.objects.filter(aliases__language="ko").exists(),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("feature", FEATURES)
def test_the_demo_shows(feature: str, loaded: Loaded):
    assert FEATURES[feature](), f"the demo has no example of {feature}"


# --- Its claims -----------------------------------------------------------------------------------

SEOUL = "OpenAI will open its first office in Seoul within months of May 2025"


def _verdicts(kind: str) -> set[str]:
    rated = Review.objects.current().filter(claim__kind=kind, verdict__isnull=False)
    return set(rated.values_list("verdict__slug", flat=True))


@pytest.mark.django_db
def test_there_are_claims_of_every_kind_and_all_are_open_to_readers(loaded: Loaded):
    assert Claim.objects.open_to_readers().count() == loaded.claims == Claim.objects.count() >= 12
    assert {"kept", "broken"} <= _verdicts("promise")
    assert {"came-true", "did-not-come-true"} <= _verdicts("prediction")
    assert {"true", "unverifiable", "misleading", "missing-context"} <= _verdicts("factual")
    assert not Claim.objects.filter(topics=None).exists()
    assert Review.objects.open_to_readers().count() == loaded.reviews == Review.objects.count()


@pytest.mark.django_db
def test_a_quote_repeats_or_withdraws_only_what_its_own_words_do(loaded: Loaded):
    beside = ClaimQuote.objects.exclude(role="makes").values_list("role", "quote__reference")
    assert set(beside) == {
        ("repeats", "seoul-11"),
        ("repeats", "bush-1989"),
        ("repeats", "kennedy-rice"),
    }


@pytest.mark.django_db
def test_no_finding_rests_on_the_very_words_of_the_claim(loaded: Loaded):
    assert loaded.claims == loaded.reviews == 14
    for evidence in Evidence.objects.exclude(article=None).exclude(bearing="context"):
        making = evidence.review.claim.claim_quotes.filter(quote__lead__article=evidence.article)
        assert not making.exists(), evidence
    assert not Claim.objects.filter(text__contains="at war with Germany").exists()


@pytest.mark.django_db
def test_two_claims_wait_for_a_review_and_one_of_them_is_past_its_day(loaded: Loaded):
    waiting = Claim.objects.without_review()
    assert set(waiting.values_list("text", flat=True)) == {
        "Korea has the most paying ChatGPT users in Asia",
        "American soldiers will not be sent into any foreign wars",
    }
    assert list(Claim.objects.overdue()) == list(waiting.filter(kind="promise"))


@pytest.mark.django_db
def test_the_kept_promise_has_three_dated_reviews_and_the_last_is_current(loaded: Loaded):
    reviews = list(Claim.objects.get(text=SEOUL).reviews.order_by("reviewed_on"))
    assert [each.verdict.slug for each in reviews] == ["not-yet-rated", "in-the-works", "kept"]
    assert [each.supersedes for each in reviews] == [None, *reviews[:2]]
    assert [each.is_current for each in reviews] == [False, False, True]
    days = [each.evidence.first().happened_on for each in reviews]
    assert days == ["2025-05-26", "2025-06-11", "2025-09-10"]


@pytest.mark.django_db
def test_every_finding_of_ours_rests_on_evidence_and_some_on_a_search_in_vain(loaded: Loaded):
    assert not Review.objects.ours().filter(evidence=None).exists()
    assert Review.objects.filter(verdict=None).exists()
    unverifiable = Evidence.objects.filter(review__verdict__slug="unverifiable")
    assert unverifiable.filter(bearing="nothing found").count() == 2


@pytest.mark.django_db
def test_links_between_quotes_are_read_from_both_sides(loaded: Loaded):
    assert QuoteLink.objects.open_to_readers().count() == loaded.links >= 8
    kinds = set(QuoteLink.objects.values_list("kind", flat=True))
    assert {"repeats", "says otherwise", "clarifies", "answers", "denies having said it"} == kinds
    first, last = (Quote.objects.get(reference=f"bush-{each}") for each in (1988, 1992))
    since = first.links_on.order_by("later__said_earliest").values_list("kind", "later__said_on")
    assert list(since) == [("repeats", "1989-02-09"), ("says otherwise", "1990-06-26")]
    before = last.links_back.values_list("kind", "earlier__said_on")
    assert list(before) == [("answers", "1990-06-26")]
    assert first.links_back.count() == last.links_on.count() == 0


@pytest.mark.django_db
def test_corrections_say_what_changed_in_this_record(loaded: Loaded):
    assert Correction.objects.open_to_readers().count() == loaded.corrections >= 2
    kim = Quote.objects.get(reference="kimgu-culture")
    (correction,) = kim.corrections.all()
    assert (correction.before, correction.after) == ("Confirmed", "Unverified")
    assert correction.after == kim.get_attribution_display()


@pytest.mark.django_db
def test_misattributed_quotes_say_who_is_wrong_and_on_what_evidence(loaded: Loaded):
    wrong = Quote.objects.filter(attribution="misattributed")
    for role in ("attributes wrongly", "evidence on attribution"):
        assert set(wrong.filter(citations__role=role)) == set(wrong), role
    assert wrong.filter(citations__role="earliest known").count() >= 2
    true = wrong.exclude(true_quote=None).values_list("speaker__name", "true_quote__reference")
    assert set(true) == {
        ("Alexis de Tocqueville", "maistre-nation"),
        ("Marie Antoinette", "princess-brioche"),
    }


def _is_confirmed(quote: Quote) -> bool:
    """By its own source, or by two publishers whose chains have different roots."""
    citations = [each for each in quote.citations.all() if "evidence" not in each.role]
    if any(each.basis in ("recording", "transcript", "own publication") for each in citations):
        return True
    reported = [each.article for each in citations if each.basis != "re-report"]
    return len({a.publisher_id for a in reported}) > 1 and not any(a.original for a in reported)


@pytest.mark.django_db
def test_confirmed_quotes_rest_on_their_own_source_or_on_two_independent_ones(loaded: Loaded):
    confirmed = Quote.objects.filter(attribution="confirmed").prefetch_related("citations__article")
    assert [quote.reference for quote in confirmed if not _is_confirmed(quote)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [Article, Quote, Citation, Claim, ClaimQuote, Review, Evidence, QuoteLink, Correction]
)
def test_everything_passes_the_checks_of_a_form(model: Any, loaded: Loaded):
    assert model.objects.exists()
    for record in model.objects.all():
        record.full_clean()


@pytest.mark.django_db
def test_our_own_words_are_neutral(loaded: Loaded):
    ours = [*Claim.objects.values_list("text", flat=True)]
    ours += [*Review.objects.values_list("summary", flat=True)]
    ours += [*QuoteLink.objects.values_list("note", flat=True)]
    ours += [*Evidence.objects.values_list("note", flat=True)]
    loaded_words = re.compile(
        r"\b(admit\w*|claim\w*|lie[sd]?|liar|allege\w*|confess\w*|insist\w*)\b"
    )
    assert [words for words in ours if loaded_words.search(words.lower())] == []


def test_the_record_is_readable_plain_text():
    text = demo.RECORD.read_text("utf-8")
    again = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    assert text == again
    assert not re.search(r"\\u[0-9a-f]{4}", text)


def test_no_wording_is_longer_than_a_short_quotation():
    for quote in read_record(demo.RECORD)["quotes"]:
        for citation in quote["citations"]:
            assert len(citation["text"]) <= 600, quote["reference"]
            outside = citation["text"][:1] + citation["text"][-1:]
            assert outside not in ('""', "“”"), quote["reference"]
            assert anchoring.fold(citation["text"]), quote["reference"]


# --- The command ----------------------------------------------------------------------------------


def test_demo_refuses_to_run_while_debug_is_off(settings: LazySettings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only while DEBUG is on"):
        call_command("demo", no_serve=True)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0:8000", "192.0.2.1:8000", "[::]:8000", "0:8000", "example.org:8000", "127.0.0.1",
        "127.0.0.1:80000", "127.0.0.1:0", "127.0.0.1;8000", "localhots:8000", "::1:8000", "eight", "",
    ],
)  # fmt: skip
def test_demo_refuses_an_address_that_is_mistyped_or_not_of_this_machine(
    address: str, settings: LazySettings
):
    settings.DEBUG = True
    with pytest.raises(
        CommandError, match=r"Write a port up to 65535, .* it serves this machine alone"
    ):
        call_command("demo", address)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("8001", ("127.0.0.1", 8001)),
        ("localhost:8001", ("localhost", 8001)),
        ("LOCALHOST:8001", ("localhost", 8001)),
        ("[::1]:8001", ("[::1]", 8001)),
    ],
)
def test_an_address_of_this_machine_is_understood(address: str, where: tuple[str, int]):
    assert demo._on_this_machine(address) == where


def test_demo_says_that_a_port_is_taken_before_it_does_anything(settings: LazySettings):
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"cannot serve at 127.0.0.1:{port}: .*in use"):
            call_command("demo", str(port))


@pytest.mark.django_db
def test_a_faulty_record_leaves_nothing_behind(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.DEBUG = True
    faulty = tmp_path / "record.json"
    faulty.write_text('{"topics": [{"name": "Courage"}, {"nome": "Fear"}]}')
    monkeypatch.setattr(demo, "RECORD", faulty)
    with pytest.raises(CommandError, match=r"cannot be set up: topic #2: there is no key “nome”"):
        call_command("demo", no_serve=True)
    assert not get_user_model().objects.filter(username=demo.EDITOR).exists()


@pytest.mark.django_db
def test_the_log_in_works_and_a_changed_password_is_left_alone(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    settings.DEBUG = True
    small = tmp_path / "record.json"
    small.write_text('{"topics": [{"name": "Courage"}]}')
    monkeypatch.setattr(demo, "RECORD", small)
    for _ in range(2):
        call_command("demo", no_serve=True)
        told = capsys.readouterr().out
        assert f"log-in: {demo.EDITOR}, password {demo.PASSWORD}" in told
        assert f"wrote: {demo.SECOND_EDITOR}, password {demo.PASSWORD}" in told
    editor = get_user_model().objects.get(username=demo.EDITOR)
    assert editor.is_superuser
    assert editor.check_password(demo.PASSWORD)

    editor.set_password("a password of my own")
    editor.save()
    call_command("demo", no_serve=True)
    said = capsys.readouterr().out
    assert "left unchanged" in said
    assert f"{demo.EDITOR}, password" not in said.replace(demo.SECOND_EDITOR, "")
    editor.refresh_from_db()
    assert editor.check_password("a password of my own")


def _start(database: Path, *arguments: str) -> subprocess.Popen[str]:
    variables = {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{database}", "PYTHONUTF8": "1"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C must count even where these tests run in the background, which ignores it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _answer(url: str) -> int:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return response.status
        except OSError:  # not listening yet
            time.sleep(0.1)
    return 0


def test_demo_may_run_twice_at_once_and_then_serves_until_ctrl_c(tmp_path: Path):
    database = tmp_path / "demo.sqlite3"
    both = [_start(database, "--no-serve") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    new = sorted(int(re.search(r"(\d+) quotes are new", out)[1]) for out, _ in said)
    assert new == [0, len(read_record(demo.RECORD)["quotes"])]

    port = _free_port()
    with _start(database, f"127.0.0.1:{port}") as process:
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert line, process.stderr.read()
        assert _answer(f"http://127.0.0.1:{port}/admin/login/") == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "Traceback" not in errors


def test_demo_interrupted_halfway_does_no_harm(tmp_path: Path):
    database = tmp_path / "demo.sqlite3"
    process = _start(database, "--no-serve")
    while not database.exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    again = _start(database, "--no-serve")
    said, errors = again.communicate(timeout=300)
    assert again.returncode == 0, errors
    assert "; 0 quotes are new" not in said


# --- The pages that the desk edits ----------------------------------------------------------------

SEED = import_module("tracker.migrations.0002_desk_pages")
HERE = SimpleNamespace(connection=connection)


@pytest.mark.django_db
@pytest.mark.parametrize("url", [url for url, _title, _content in SEED.PAGES])
def test_a_page_of_the_desk_is_there_from_the_start(url: str, settings: LazySettings):
    page = FlatPage.objects.get(url=url, sites=settings.SITE_ID)
    assert page.title
    assert set(re.findall(r"</?(\w+)", page.content)) <= {"h2", "p", "ul", "li", "a"}
    assert 120 <= len(re.sub(r"<[^>]+>", " ", page.content).split()) <= 300


@pytest.mark.django_db
def test_the_pages_lead_to_each_other_and_nowhere_else_but_into_the_site():
    seeded = {url for url, _title, _content in SEED.PAGES}
    links = re.findall(r'href="([^"]+)"', " ".join(content for _u, _t, content in SEED.PAGES))
    assert {link for link in links if link.startswith("/about/")} <= seeded
    assert seeded - {"/about/"} <= set(re.findall(r'href="([^"]+)"', SEED.ABOUT))
    for link in links:
        assert resolve(link).func, link


@pytest.mark.django_db
def test_the_site_is_named_after_the_settings_once(settings: LazySettings):
    site = Site.objects.get(pk=settings.SITE_ID)
    assert (site.domain, site.name) == (settings.BASE_URL.split("//")[1], settings.SITE_NAME)
    Site.objects.update(domain="quotes.example.org", name="Quotes")
    SEED.name_the_site(apps, HERE)
    site.refresh_from_db()
    assert (site.domain, site.name) == ("quotes.example.org", "Quotes")


@pytest.mark.django_db
def test_a_site_that_nobody_has_named_yet_is_named(settings: LazySettings):
    Site.objects.update(domain="example.com", name="example.com")
    SEED.name_the_site(apps, HERE)
    assert Site.objects.get(pk=settings.SITE_ID).name == settings.SITE_NAME
    Site.objects.all().delete()
    SEED.name_the_site(apps, HERE)
    assert Site.objects.create(domain="second.example.org", name="x").pk != settings.SITE_ID


@pytest.mark.django_db
def test_an_edited_page_survives_going_back_and_forth():
    FlatPage.objects.filter(url="/about/method/").update(content="<p>Our own method.</p>")
    SEED.remove_pages(apps, HERE)
    assert [page.url for page in FlatPage.objects.all()] == ["/about/method/"]
    SEED.add_pages(apps, HERE)
    assert FlatPage.objects.count() == len(SEED.PAGES)
    assert FlatPage.objects.get(url="/about/method/").content == "<p>Our own method.</p>"
