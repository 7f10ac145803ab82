"""What every test shares: static files as they are, and Chromium where there is one."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings

_BROWSER_TESTS = Path(__file__).parent / "browser"


def _chromium() -> str | None:
    """Chromium's path: what the variable CHROMIUM names (if empty, none), else what is found."""
    named = os.environ.get("CHROMIUM")
    if named is not None:
        return shutil.which(named)
    return shutil.which("chromium") or shutil.which("chromium-browser")


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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium, which can reach this machine and nothing else."""
    only_loopback = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    return browser_type_launch_args | {
        "executable_path": _chromium(),
        "args": [only_loopback],
    }
