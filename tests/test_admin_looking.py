"""“Check now”, how links are, jobs, and many addresses at once, at the desk."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from sites import Web, a_web, html

from tracker import looking
from tracker.looking import Manners
from tracker.models import Article, Job

pytestmark = pytest.mark.django_db

PAGE = html(
    "<html><body><p>" + "A few words of an article that is kept. " * 20 + "</p></body></html>"
)
LIST, JOBS, MANY = (
    reverse(f"admin:tracker_{name}")
    for name in ("article_changelist", "job_changelist", "job_import")
)


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


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def form_of(article: Article) -> str:
    return reverse("admin:tracker_article_change", args=[article.pk])


def test_the_button_of_an_article_has_it_looked_at_and_tells_what_was_seen(desk, web, article):
    page = text(desk.get(form_of(article)))
    look = reverse("admin:tracker_article_look", args=[article.pk])
    assert f'action="{look}"' in page
    assert "Not looked at yet" in page
    page = text(desk.post(look, follow=True))
    assert "Text kept: 1." in page
    assert "See the job" in page
    assert "There, " in page


def test_looking_is_no_link_that_a_browser_may_follow_by_itself(desk, web, article):
    assert desk.get(reverse("admin:tracker_article_look", args=[article.pk])).status_code == 405
    assert web.asked == []


def test_many_are_looked_at_from_the_list_and_those_without_a_page_are_told(
    desk, web, article, make_article
):
    paper = make_article("on paper", medium="print")
    data = {"action": "look_now", "_selected_action": [article.pk, paper.pk]}
    page = text(desk.post(LIST, data, follow=True))
    assert "1 article has no web page that is looked at." in page
    assert "Text kept: 1." in page
    assert article.captures.count() == 1


def test_more_than_an_editor_waits_for_are_refused_with_what_to_do_instead(desk, make_article):
    chosen = [make_article(url_as_typed=f"http://e.example.org/{n}").pk for n in range(11)]
    page = text(desk.post(LIST, {"action": "look_now", "_selected_action": chosen}, follow=True))
    assert "At most 10 at once" in page
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("link", "outcome"),
    [("gone", "gone"), ("changed", "changed"), ("unseen", "failed"), ("wall", "wall")],
)
def test_articles_are_filtered_by_how_their_link_is(link: str, outcome: str, desk, make_article):
    for each in ("gone", "changed", "failed", "wall", "unchanged"):
        made = make_article(f"it is {each}", url_as_typed=f"http://e.example.org/{each}")
        made.captures.create(method="fetched", taken_at=timezone.now(), outcome=each)
    page = text(desk.get(LIST, {"link": link}))
    assert f"it is {outcome}" in page
    assert page.count(">it is ") == 1


def test_the_form_says_why_no_page_was_seen_and_when_one_was(desk, article):
    now = timezone.now()
    article.captures.create(method="fetched", taken_at=now - timedelta(days=400), outcome="kept")
    article.captures.create(
        method="fetched", taken_at=now, outcome="failed", failure="server-failed", http_status=500
    )
    page = text(desk.get(form_of(article)))
    assert "Could not be looked at" in page
    assert "a fault of the site; status 500; last seen on" in page


def test_looks_that_kept_nothing_are_no_rows_of_the_form(desk, article):
    for days in range(200):
        at = timezone.now() - timedelta(days=days)
        article.captures.create(method="fetched", taken_at=at, outcome="unchanged")
    page = desk.get(form_of(article))
    assert 'name="captures-TOTAL_FORMS" value="0"' in page.content.decode()


def test_a_look_does_not_make_an_open_form_look_overtaken(desk, web, article, editor):
    looking.look_again([article], rules=looking.our_rules(), manners=Manners(pace=0.01))
    history = article.history.count()
    looking.look_again([article], rules=looking.our_rules(), manners=Manners(pace=0.01))
    assert article.captures.count() == 2
    assert type(article.captures.first()).history.count() == 1
    assert article.history.count() == history


# --- Jobs -----------------------------------------------------------------------------------------


def test_many_addresses_are_imported_as_one_job(desk, web):
    assert MANY in text(desk.get(LIST))
    assert MANY in text(desk.get(JOBS))
    addresses = "# today\nhttp://news.example.org/1\nhttp://news.example.org/none\n"
    page = text(desk.post(MANY, {"addresses": addresses}, follow=True))
    assert "Not taken: 1" in page
    assert "http://news.example.org/none: The site has no page at this address" in page
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("addresses", "message"),
    [
        ("", "Give at least one address."),
        ("# nothing\n", "Give at least one address."),
        ("http://news.example.org/1\n/etc/passwd\n", "Line 2: "),
        ("http://e.example.org/x\n" * 3 + "ftp://e.example.org/", "Line 4: "),
        ("\n".join(f"http://e.example.org/{n}" for n in range(11)), "At most 10 at once"),
        ("\n".join(f"http://e.example.org/{n}" for n in range(1001)), "more than 1000"),
    ],
)
def test_what_cannot_be_imported_is_told_and_stays_in_the_form(addresses: str, message: str, desk):
    page = text(desk.post(MANY, {"addresses": addresses}))
    assert message in page
    assert " ".join(addresses.split())[:500] in page
    assert not Job.objects.exists()


def test_the_list_of_jobs_says_how_far_each_is_and_what_came_of_it(desk, editor):
    waiting, running, lost = (Job.objects.ask(Job.Kind.LOOK, [1, 2, 3], by=editor) for _ in "123")
    running.begin()
    running.advance(2, {"unchanged": 2})
    lost.begin()
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=lost.pk).update(beat_at=long_ago)
    Job.objects.filter(pk=waiting.pk).update(asked_at=long_ago)
    page = text(desk.get(JOBS))
    assert "Waiting: is manage.py db_worker running?" in page
    assert "2 of 3" in page
    assert "Unchanged: 2." in page
    assert "It was stopped before it was done." in page


def test_a_job_is_started_again_from_the_list(desk, web, article, editor):
    job = Job.objects.ask(Job.Kind.LOOK, [article.pk], by=editor)
    data = {"action": "start_again", "_selected_action": [job.pk]}
    assert "is not over yet" in text(desk.post(JOBS, data, follow=True))
    job.fail("the machine stopped")
    assert "Text kept: 1." in text(desk.post(JOBS, data, follow=True))


def test_nobody_changes_or_deletes_a_job(desk, editor):
    job = Job.objects.ask(Job.Kind.LOOK, [1], by=editor)
    page = desk.post(reverse("admin:tracker_job_change", args=[job.pk]), {"state": "done"})
    assert page.status_code == 403
    assert desk.get(reverse("admin:tracker_job_delete", args=[job.pk])).status_code == 403


def test_only_who_may_change_articles_sees_jobs_and_has_articles_looked_at(client, article):
    other = get_user_model().objects.create_user("other", is_staff=True)
    client.force_login(other)
    look = reverse("admin:tracker_article_look", args=[article.pk])
    assert [client.post(look).status_code, client.get(JOBS).status_code] == [403, 403]
    assert client.get(MANY).status_code == 403
    other.user_permissions.add(Permission.objects.get(codename="change_article"))
    assert client.get(JOBS).status_code == 200
    assert client.get(MANY).status_code == 403
    job = Job.objects.ask(Job.Kind.IMPORT, ["http://news.example.org/1"], by=None)
    job.fail("stopped")
    again = client.post(JOBS, {"action": "start_again", "_selected_action": [job.pk]})
    assert again.status_code == 403
