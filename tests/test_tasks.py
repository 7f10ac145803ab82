"""Long work that the desk asks for: at once without a worker, by a worker where one runs; and a job that dies says so."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from sites import Web, a_web, html

from tracker import looking, tasks
from tracker.looking import Manners
from tracker.models import Article, Job

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]
PAGE = html(
    "<html><body><p>" + "A few words of an article that is kept. " * 20 + "</p></body></html>"
)
WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with a_web() as web:
        rules = web.rules()
        monkeypatch.setattr(looking, "our_rules", lambda: rules)
        for module in ("again", "bringing"):
            monkeypatch.setattr(f"tracker.looking.{module}.Manners", lambda: Manners(pace=0.01))
        web["news.example.org/1"] = PAGE
        yield web


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(url_as_typed="http://news.example.org/1")


@pytest.fixture
def with_a_worker(settings: LazySettings) -> None:
    settings.TASKS, settings.TASKS_WORKER = WORKER, True


def work() -> None:
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)


def test_without_a_worker_a_job_is_done_at_once(web, article, editor):
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    assert (job.state, job.done, job.total, job.counts) == ("done", 1, 1, {"kept": 1})
    assert job.asked_by == editor
    assert job.finished_at >= job.started_at


def test_without_a_worker_no_more_is_begun_than_an_editor_waits_for(article, editor):
    with pytest.raises(tasks.TooMany, match=r"At most 10 at once.*manage\.py check_sources"):
        tasks.ask(Job.Kind.LOOK, [article.pk] * 11, by=editor)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)  # the worker closes its connection now and then
def test_with_a_worker_a_job_waits_for_it(web, article, editor, with_a_worker):
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    assert (job.state, web.asked) == ("waiting", [])
    work()
    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", {"kept": 1})


def test_addresses_are_imported_and_what_failed_is_named(web, editor):
    wanted = ["http://news.example.org/1", "http://news.example.org/none"]
    job = tasks.ask(Job.Kind.IMPORT, wanted, by=editor)
    assert (job.state, job.counts["new"], job.counts["not taken"]) == ("done", 1, 1)
    assert job.problems == [[wanted[1], "The site has no page at this address (HTTP 404)."]]
    assert Article.objects.get().history.get().history_user == editor


def test_a_job_never_reads_a_file(web, editor):
    job = tasks.ask(Job.Kind.IMPORT, ["/etc/passwd"], by=editor)
    assert job.counts == {"not taken": 1}
    assert not Article.objects.exists()


def test_a_job_that_breaks_off_says_why(web, article, editor, monkeypatch):
    def broken(*_args: Any, **_how: Any) -> None:
        raise RuntimeError("no more memory")

    monkeypatch.setattr(looking, "look_again", broken)
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    assert job.state == "failed"
    assert job.reason == "It broke off: RuntimeError: no more memory"


def test_a_job_that_nobody_hears_of_any_more_died_and_one_that_waits_did_not(editor):
    long_ago = timezone.now() - timedelta(minutes=10)
    silent, waiting, alive = (Job.objects.ask(Job.Kind.LOOK, [1], by=editor) for _ in range(3))
    for job in (silent, alive):
        job.begin()
    Job.objects.filter(pk=silent.pk).update(beat_at=long_ago)
    Job.objects.filter(pk=waiting.pk).update(asked_at=long_ago)
    assert Job.objects.give_up_lost() == 1
    states = {each.pk: each.state for each in Job.objects.all()}
    assert states == {silent.pk: "failed", waiting.pk: "waiting", alive.pk: "running"}
    silent.refresh_from_db()
    assert "What it did is kept: start it again to go on." in silent.reason


def test_a_job_is_done_once_however_often_it_is_handed_out(web, article, editor):
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    tasks.run.enqueue(job.pk)
    assert article.captures.count() == 1


def test_a_job_is_asked_for_again_with_the_same(web, article, editor):
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    again = tasks.ask_again(job, by=editor)
    assert again.pk != job.pk
    assert (again.wanted, again.counts) == (job.wanted, {"unchanged": 1})


def test_a_failed_job_without_a_reason_is_refused(editor, the_database_refuses):
    job = Job.objects.ask(Job.Kind.LOOK, [1], by=editor)
    with the_database_refuses("job_that_began_says_when"):
        Job.objects.filter(pk=job.pk).update(state="running")
    job.begin()
    with the_database_refuses("failed_job_says_why"):
        Job.objects.filter(pk=job.pk).update(state="failed")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_a_job_that_says_so_and_can_be_started_again(
    make_article, editor, with_a_worker
):
    """A worker of its own, which looks at an address that never answers."""
    if connection.vendor != "sqlite":
        pytest.skip("the worker is given the database by its file")
    article = make_article(url_as_typed="http://10.255.255.1.example.invalid/1")
    job = tasks.ask(Job.Kind.LOOK, [article.pk], by=editor)
    slow = (
        "import time, django; django.setup(); from tracker.looking import again\n"
        "again.fetch = lambda *a, **k: time.sleep(60)\n"
        "again.visit.__globals__['crawl_delay'] = lambda *a, **k: None\n"
        "from django.core.management import call_command\n"
        "call_command('db_worker', '--no-reload', '--no-startup-delay', '--interval', '0.1')"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", slow],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "DEBUG": "1",
            "TASKS_WORKER": "1",
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while job.state != Job.State.RUNNING and time.monotonic() < deadline:
            time.sleep(0.1)
            job.refresh_from_db()
        assert job.state == Job.State.RUNNING
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate(timeout=30)
    Job.objects.update(beat_at=timezone.now() - timedelta(minutes=4))
    assert Job.objects.give_up_lost() == 1
    job.refresh_from_db()
    assert (job.state, job.counts) == ("failed", {})
    assert tasks.ask_again(job, by=editor).state == Job.State.WAITING
