"""Settings: what a variable does, how a bad one fails, and what is in force on every response."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).resolve().parents[1]
SECRET = "".join(chr(33 + 7 * i % 90) for i in range(64))
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "BASE_URL": "https://quotes.example.org",
    "CONTACT_EMAIL": "desk@example.org",
}
SHOW = """
import json
from tracker import settings
shown = {name: value for name, value in vars(settings).items() if name.isupper()}
print(json.dumps(shown, default=str))
"""


def _load(**variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process that has these variables and no others."""
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _settings(**variables: str) -> dict:
    done = _load(**variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_any_variable_the_site_runs_for_development():
    shown = _settings()
    assert shown["DEBUG"] is True
    assert shown["DATABASES"]["default"]["NAME"] == str(ROOT / "db.sqlite3")
    assert shown["SECURE_SSL_REDIRECT"] is False


def test_with_its_variables_the_site_runs_for_the_public():
    shown = _settings(**PRODUCTION)
    assert shown["DEBUG"] is False
    assert shown["ALLOWED_HOSTS"] == ["quotes.example.org"]
    assert shown["CSRF_TRUSTED_ORIGINS"] == ["https://quotes.example.org"]
    assert shown["SECURE_SSL_REDIRECT"] is True
    assert shown["SECURE_HSTS_SECONDS"] == 31536000
    assert shown["SESSION_COOKIE_SECURE"] is True
    assert shown["CSRF_COOKIE_SECURE"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in shown


def test_over_plain_http_no_https_is_promised():
    shown = _settings(**PRODUCTION | {"BASE_URL": "http://127.0.0.1:8000"})
    assert shown["SECURE_SSL_REDIRECT"] is False
    assert shown["SECURE_HSTS_SECONDS"] == 0
    assert shown["SESSION_COOKIE_SECURE"] is False


def test_every_service_is_named_by_its_variable():
    shown = _settings(
        **PRODUCTION,
        DATABASE_URL="postgres://editor:p%40ss@db.example.org:5433/quotes?sslmode=require",
        REDIS_URL="redis://cache.example.org:6379/1",
        ALLOWED_HOSTS="quotes.example.org, [::1]",
        TRUSTED_PROXY="yes",
        SITE_NAME="인용록",
        LOG_LEVEL="warning",
    )
    database = shown["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example.org",
        5433,
        "quotes",
    )
    assert database["PASSWORD"] == "p@ss"
    assert database["OPTIONS"] == {"sslmode": "require"}
    assert shown["CACHES"]["default"]["LOCATION"] == "redis://cache.example.org:6379/1"
    assert shown["ALLOWED_HOSTS"] == ["quotes.example.org", "[::1]"]
    assert shown["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert shown["SITE_NAME"] == "인용록"
    assert shown["LOGGING"]["root"]["level"] == "WARNING"


def test_long_work_is_done_at_once_unless_a_worker_is_said_to_run():
    backends = [
        _settings(**variables)["TASKS"]["default"]["BACKEND"]
        for variables in ({}, PRODUCTION, PRODUCTION | {"TASKS_WORKER": "1"})
    ]
    assert backends == [
        *["django_tasks.backends.immediate.ImmediateBackend"] * 2,
        "django_tasks_db.DatabaseBackend",
    ]


def test_debug_may_be_asked_for_beside_other_variables():
    shown = _settings(DEBUG="1", DATABASE_URL="sqlite:///elsewhere.sqlite3")
    assert shown["DEBUG"] is True
    assert shown["DATABASES"]["default"]["NAME"] == str(ROOT / "elsewhere.sqlite3")


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "ALLOWED_HOSTS", "SITE_NAME", "LOG_LEVEL", "DEBUG"]
)
def test_any_variable_turns_debug_off_so_that_a_secret_is_needed(name):
    done = _load(**{name: ""})
    assert done.returncode != 0
    assert "SECRET_KEY must be set when DEBUG is off" in done.stderr


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"SECRET_KEY": "for-development-only-every-copy-of-this-code-has-this-key"},
            "SECRET_KEY is the one for development",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have 50 characters or more"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must have 50 characters or more"),
        ({"BASE_URL": ""}, "BASE_URL must be set when DEBUG is off"),
        ({"BASE_URL": "quotes.example.org"}, "BASE_URL must start with https:// or http://"),
        ({"BASE_URL": "https://quotes.example.org:x"}, "BASE_URL must start with"),
        ({"BASE_URL": "https://example.org/quotes"}, "BASE_URL must end with the host"),
        ({"CONTACT_EMAIL": ""}, "CONTACT_EMAIL must be set when DEBUG is off"),
        ({"CONTACT_EMAIL": "the desk"}, "CONTACT_EMAIL must be an e-mail address"),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0"),
        ({"TRUSTED_PROXY": "10.0.0.1"}, "TRUSTED_PROXY must be 1 or 0"),
        ({"ALLOWED_HOSTS": "a.example.org,,b.example.org"}, "ALLOWED_HOSTS must be host names"),
        ({"ALLOWED_HOSTS": "https://a.example.org"}, "ALLOWED_HOSTS must be host names"),
        ({"ALLOWED_HOSTS": "a.example.org:8000"}, "ALLOWED_HOSTS must be host names"),
        ({"DATABASE_URL": "quotes.db"}, "DATABASE_URL must be sqlite:///path or postgres://"),
        ({"DATABASE_URL": "mysql://127.0.0.1/quotes"}, "DATABASE_URL must be sqlite:///path or"),
        ({"DATABASE_URL": "postgres://127.0.0.1"}, "DATABASE_URL must be sqlite:///path or"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL must start with redis:// or rediss://"),
        ({"EXTRACTOR_WEIGHTS": "manage.py"}, "EXTRACTOR_WEIGHTS must be a directory"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, INFO"),
        ({"KEPT_PAGES": "many"}, "KEPT_PAGES must be a number, 0 or more"),
        ({"FETCH_PORTS": "8080,http"}, "FETCH_PORTS must be numbers of ports"),
        ({"FETCH_PORTS": "0"}, "FETCH_PORTS must be numbers of ports"),
    ],
)
def test_a_bad_variable_stops_the_start_with_its_name(variables, message):
    done = _load(**PRODUCTION | variables)
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {message}" in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": "mysql://editor:hunter2@127.0.0.1/quotes"},
        {"DATABASE_URL": "postgres://editor:hunter2@127.0.0.1:x/quotes"},
        {"REDIS_URL": "http://:hunter2@127.0.0.1"},
    ],
)
def test_a_password_in_a_bad_address_is_not_repeated(variables):
    done = _load(**PRODUCTION | variables)
    assert done.returncode != 0
    assert "hunter2" not in done.stdout + done.stderr


def test_manage_without_django_says_what_to_run():
    done = subprocess.run(
        [sys.executable, "-S", "-I", str(ROOT / "manage.py"), "check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert ".venv/bin/pip install -c constraints.txt -e ." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone")
def test_sqlite_waits_for_other_writers_and_loses_nothing():
    def pragma(name: str) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 20_000
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db
def test_every_response_carries_strict_headers(client: Client):
    for address in (reverse("admin:login"), "/no-such-page-anywhere/"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]


def test_production_finds_every_static_file_that_another_one_names(
    settings: LazySettings, tmp_path: Path
):
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((tmp_path / "staticfiles.json").read_text())
    assert "admin/css/base.css" in manifest["paths"]


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_no_test_reaches_further_than_this_machine():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)  # RFC 5737: an address of nobody's
