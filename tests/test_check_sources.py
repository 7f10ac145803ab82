"""`manage.py check_sources`: which articles it takes, what it prints and how it ends; what a look sees, test_looking tells."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from sites import Web, a_web, html

from tracker import looking
from tracker.looking import Manners
from tracker.models import Article, Capture

pytestmark = pytest.mark.django_db

PAGE = html(
    "<html><body><p>" + "A few words of an article that is kept. " * 20 + "</p></body></html>"
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with a_web() as web:
        rules = web.rules()
        monkeypatch.setattr(looking, "our_rules", lambda: rules)
        monkeypatch.setattr("tracker.looking.again.Manners", lambda: Manners(pace=0.01))
        web["news.example.org/1"] = PAGE
        web["news.example.org/2"] = PAGE
        yield web


@pytest.fixture
def articles(make_article: Callable[..., Article]) -> list[Article]:
    return [make_article(url_as_typed=f"http://news.example.org/{n}") for n in (1, 2, 3)]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, str]]:
    """What the command printed with these options."""

    def run(*options: str) -> tuple[str, str]:
        call_command("check_sources", *options)
        return capsys.readouterr()

    return run


def test_it_looks_at_what_was_not_seen_lately_and_says_what_it_saw(run, web, articles):
    out, err = run()
    assert out == "3 articles looked at. Text kept: 2; No page at this address: 1.\n"
    assert err.strip().endswith(
        "http://news.example.org/3\tNo page at this address "
        "(The site has no page at this address (HTTP 404).)"
    )
    assert run()[0] == "0 articles looked at. Nothing to look at.\n"
    assert "deleted" not in out + err


def test_articles_that_are_named_are_looked_at_whatever_their_age(run, web, articles):
    run()
    out, _err = run(str(articles[1].pk), "http://news.example.org/1")
    assert out == "2 articles looked at. Unchanged: 2.\n"


def test_age_and_number_may_be_limited(run, web, articles):
    assert run("--limit", "1")[0].startswith("1 articles looked at.")
    Capture.objects.update(taken_at=timezone.now() - timedelta(days=3))
    assert run("--older-than", "2", "--dry-run")[0].count("http://") == 3
    assert run("--dry-run")[0].count("http://") == 2


def test_a_dry_run_asks_no_site_and_changes_nothing(run, web, articles):
    out, _err = run("--dry-run")
    assert f"{articles[0].pk}\tnever\thttp://news.example.org/1" in out
    assert out.endswith("3 articles would be looked at; no site was asked.\n")
    assert (web.asked, Capture.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["77777"], "No article on record is “77777”."),
        (["--older-than", "1e12"], "."),
        (["--older-than", "nan"], "."),
        (["--older-than", "-3"], "0 or more"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(options: list[str], message: str):
    with pytest.raises(CommandError, match=message):
        call_command("check_sources", *options)


def test_ctrl_c_is_told_in_a_sentence(run, web, articles, monkeypatch, capsys):
    def stop(*_args: Any, **_how: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(looking, "look_again", stop)
    with pytest.raises(SystemExit) as end:
        call_command("check_sources")
    assert end.value.code == 130
    assert capsys.readouterr().err.startswith("Stopped. Run it again to go on")
