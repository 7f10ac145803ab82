"""What every test shares: records to start from, static files as they are, and Chromium where there is one."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from tracker import search
from tracker.models import (
    Article,
    Citation,
    Occasion,
    Position,
    Publisher,
    Quote,
    Speaker,
    Topic,
)

_BROWSER_TESTS = Path(__file__).parent / "browser"


def _chromium() -> str | None:
    """Chromium's path: what the variable CHROMIUM names (if empty, none), else what is found."""
    named = os.environ.get("CHROMIUM")
    if named is not None:
        return shutil.which(named)
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_configure() -> None:
    """Give each of several test processes a Redis database of its own, for a test empties it."""
    _gw, _, worker = os.environ.get("PYTEST_XDIST_WORKER", "").rpartition("gw")
    if worker and settings.REDIS_URL:
        server, _slash, number = settings.REDIS_URL.rpartition("/")
        settings.CACHES["default"]["LOCATION"] = f"{server}/{int(number) + int(worker)}"


@pytest.hookimpl(tryfirst=True)  # before -m browser picks by the marker that is set here
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last, and skip them where there is no Chromium.

    With REQUIRE_CHROMIUM=1 its absence is an error, so that a check cannot pass by skipping.
    """
    browser_tests = [item for item in items if _BROWSER_TESTS in item.path.parents]
    if not browser_tests:
        return
    items.sort(key=browser_tests.__contains__)
    # Playwright keeps an event loop running in the thread of the tests, where Django would
    # otherwise refuse to use the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    chromium = _chromium()
    if chromium is None and os.environ.get("REQUIRE_CHROMIUM") == "1":
        raise pytest.UsageError("No Chromium found, and REQUIRE_CHROMIUM=1 asks for one.")
    for item in browser_tests:
        item.add_marker("browser")
        if chromium is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium found (see CHROMIUM in README)"))


def pytest_unconfigure() -> None:
    """Remove what a live server, still connected to it, leaves of SQLite's test database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        for suffix in ("-wal", "-shm"):
            Path(f"{database['TEST']['NAME']}{suffix}").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings) -> None:
    """Serve static files from where they are: no test needs `collectstatic` to have run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Start in English, and leave no language behind that a page of this test was in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Nothing that an earlier test made a page remember."""
    for each in caches.settings:
        caches[each].clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: LazySettings) -> None:
    """Hash passwords fast: a safe hash takes a fifth of a second, and nearly every test needs an editor."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium, which can reach this machine and nothing else."""
    only_loopback = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    return browser_type_launch_args | {
        "executable_path": _chromium(),
        "args": [only_loopback],
    }


@pytest.fixture
def the_database_refuses(db: None) -> Callable[..., AbstractContextManager[None]]:
    """`with the_database_refuses("alias_has_a_name"): ...`: what is done inside breaks that constraint.

    SQLite names the columns of a unique constraint and not the constraint: give them as `columns`.
    """

    @contextmanager
    def refuses(constraint: str, *, columns: str = "") -> Iterator[None]:
        named = columns if columns and connection.vendor == "sqlite" else constraint
        with pytest.raises(IntegrityError, match=named), transaction.atomic():
            yield

    return refuses


# --- Records to start from: each maker takes the model's fields, and needs none of them -----------


@pytest.fixture
def editor(db: None) -> AbstractBaseUser:
    """Who publishes in these tests; may do everything in admin."""
    return get_user_model().objects.create_superuser("editor", "desk@example.org")


@pytest.fixture
def desk(client: Client, editor: AbstractBaseUser) -> Client:
    """The editor's browser, logged in."""
    client.force_login(editor)
    return client


@pytest.fixture
def make_speaker(db: None) -> Callable[..., Speaker]:
    """`make_speaker("OpenAI", kind="organisation")`."""

    def make(name: str = "Jason Kwon", **fields: Any) -> Speaker:
        return Speaker.objects.create(name=name, **fields)

    return make


@pytest.fixture
def make_position(make_speaker: Callable[..., Speaker]) -> Callable[..., Position]:
    """`make_position(kwon, openai, since="2024")`; people and organisations are made when not given."""

    def make(
        person: Speaker | None = None,
        organisation: Speaker | None = None,
        title: str = "Chief Strategy Officer",
        **fields: Any,
    ) -> Position:
        return Position.objects.create(
            person=person or make_speaker(),
            organisation=organisation or make_speaker("OpenAI", kind="organisation"),
            title=title,
            **fields,
        )

    return make


@pytest.fixture
def make_publisher(db: None) -> Callable[..., Publisher]:
    """`make_publisher("News1", domain="news1.kr")`."""

    def make(name: str = "AI Matters", **fields: Any) -> Publisher:
        return Publisher.objects.create(name=name, **fields)

    return make


@pytest.fixture
def make_article(db: None) -> Callable[..., Article]:
    """`make_article("OpenAI to open office in Seoul", url_as_typed="https://...", publisher=...)`."""

    def make(headline: str = "OpenAI to open office in Seoul", **fields: Any) -> Article:
        return Article.objects.create(headline=headline, **fields)

    return make


@pytest.fixture
def make_occasion(db: None) -> Callable[..., Occasion]:
    """`make_occasion(place="Four Seasons Hotel Seoul", held_on="2025-05-26")`."""

    def make(name: str = "OpenAI’s announcement in Seoul", **fields: Any) -> Occasion:
        return Occasion.objects.create(name=name, **fields)

    return make


@pytest.fixture
def make_topic(db: None) -> Callable[..., Topic]:
    """`make_topic("Infrastructure", subject=...)`."""

    def make(name: str = "Infrastructure", **fields: Any) -> Topic:
        return Topic.objects.create(name=name, **fields)

    return make


@pytest.fixture
def make_citation(make_article: Callable[..., Article]) -> Callable[..., Citation]:
    """`make_citation(quote, "한국은 반도체부터 …", language="ko", article=...)`: of an article of its own if none is given."""

    def make(quote: Quote, text: str = "infrastructure is destiny", **fields: Any) -> Citation:
        fields.setdefault("language", "en")
        if "article" not in fields:
            fields["article"] = make_article()
        citation = Citation.objects.create(quote=quote, text=text, **fields)
        search.catch_up()
        return citation

    return make


# What the leading citation must say for readers to be told so.
_RESTS_ON = {"misattributed": {"role": "attributes wrongly"}, "confirmed": {"basis": "transcript"}}


@pytest.fixture
def make_quote(
    editor: AbstractBaseUser,
    make_speaker: Callable[..., Speaker],
    make_citation: Callable[..., Citation],
) -> Callable[..., Quote]:
    """`make_quote("Infrastructure is destiny.", speaker=kwon, said_on="2025-05", topics=[...])`.

    Published by the editor, with one citation that leads it; words that are misattributed have
    another one, evidence on who said them. `published=False` leaves a draft;
    `text=""` makes one with no citation; `article` and `citation={...}` are that citation's.
    Without a speaker or `speaker_described_as` it is Jason Kwon's, the same one each time.
    """

    def make(
        text: str = "infrastructure is destiny",
        *,
        published: bool = True,
        article: Article | None = None,
        citation: dict[str, Any] | None = None,
        topics: tuple[Topic, ...] | list[Topic] = (),
        **fields: Any,
    ) -> Quote:
        if "speaker" not in fields and "speaker_described_as" not in fields:
            kwon = Speaker.objects.filter(name="Jason Kwon").order_by("pk").first()
            fields["speaker"] = kwon or make_speaker()
        quote = Quote.objects.create(**fields)
        quote.topics.add(*topics)
        if text:
            how = {**_RESTS_ON.get(quote.attribution, {}), **(citation or {})}
            make_citation(quote, text, **({"article": article} if article else {}), **how)
            if quote.attribution == "misattributed":
                make_citation(quote, "Not theirs.", role="evidence on attribution")
            quote.lead_with_the_first(by=editor)
            if published:
                quote.publish(by=editor)
        return quote

    return make
