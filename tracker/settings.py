"""All settings, read from environment variables that are listed in README.

A bad variable stops the start with its name. With no variable set at all, the site runs for
development: DEBUG on, SQLite beside this folder. With any of them set, it runs for the public.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Readers of variables -------------------------------------------------------------------------

_VARIABLES = (
    "ALLOWED_HOSTS",
    "BASE_URL",
    "CONTACT_EMAIL",
    "DATABASE_REPLICA_URL",
    "DATABASE_URL",
    "DEBUG",
    "EXTRACTOR_WEIGHTS",
    "FETCH_PORTS",
    "KEPT_PAGES",
    "LOG_LEVEL",
    "REDIS_URL",
    "SECRET_KEY",
    "SITE_NAME",
    "TASKS_WORKER",
    "TRUSTED_PROXY",
    "TWO_EDITORS",
)
_NOT_SECRET = "for-development-only-every-copy-of-this-code-has-this-key"  # noqa: S105
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def _text(name: str, default: str = "") -> str:
    """The variable without the spaces around it. Empty counts as not given."""
    return os.environ.get(name, "").strip() or default


def _flag(name: str, default: bool) -> bool:
    given = _text(name).lower()
    if not given:
        return default
    if given not in _YES + _NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0 (or true or false), not {given!r}.")
    return given in _YES


def _names(name: str, default: list[str]) -> list[str]:
    """Host names separated by commas: no scheme, no port, no path."""
    given = _text(name)
    if not given:
        return default
    hosts = [host.strip() for host in given.split(",")]
    for host in hosts:
        bare = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
        if not bare or set(bare) & set("/ ;@") or (":" in bare and bare == host):
            raise ImproperlyConfigured(
                f"{name} must be host names separated by commas, such as "
                f"'quotes.example.org,localhost'; {host!r} is not one."
            )
    return hosts


def _choice(name: str, choices: tuple[str, ...], default: str) -> str:
    given = _text(name, default).upper()
    if given not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given


def _number(name: str, default: int) -> int:
    given = _text(name, str(default))
    if not (given.isascii() and given.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a number, 0 or more, not {given!r}.")
    return int(given)


def _ports(name: str) -> frozenset[int]:
    """Numbers of ports separated by commas."""
    given = [port.strip() for port in _text(name).split(",") if port.strip()]
    if not all(port.isascii() and port.isdigit() and 0 < int(port) < 65_536 for port in given):
        raise ImproperlyConfigured(
            f"{name} must be numbers of ports separated by commas, such as '8080,8443', not {_text(name)!r}."
        )
    return frozenset(map(int, given))


def _address(name: str, schemes: tuple[str, ...], default: str = "") -> str:
    """An address without a slash at its end, or an empty string when there is none."""
    given = _text(name, default)
    try:
        parts = urlsplit(given)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if given and not usable:
        # The value stays out of the message, for it may hold a password.
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must start with {starts} and name a host.")
    return given.rstrip("/")


def _directory(name: str) -> Path | None:
    """A directory, or none when it is not given. It may be made later."""
    given = _text(name)
    if not given:
        return None
    path = BASE_DIR / given  # a relative one must not depend on where the server was started
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} must be a directory; {given!r} is a file.")
    return path


def _needed(name: str, value: str, why: str) -> str:
    """The value; outside of DEBUG an empty one stops the start."""
    if not value:
        given = [each for each in _VARIABLES if each in os.environ]
        off = "DEBUG=0" if given == ["DEBUG"] else f"{', '.join(given)} given; DEBUG=1 turns it on"
        raise ImproperlyConfigured(
            f"{name} must be set when DEBUG is off: {why}. (It is off with {off}.)"
        )
    return value


def _secret(debug: bool) -> str:
    if debug:
        return _text("SECRET_KEY", _NOT_SECRET)
    how = (
        "it signs log-ins, so it must be secret and random. Make one with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
    )
    secret = _needed("SECRET_KEY", _text("SECRET_KEY"), how)
    if secret == _NOT_SECRET:
        raise ImproperlyConfigured(f"SECRET_KEY is the one for development: {how}.")
    if len(secret) < 50 or len(set(secret)) < 5:
        raise ImproperlyConfigured(
            f"SECRET_KEY must have 50 characters or more, at least 5 of them different: {how}."
        )
    return secret


def _database(name: str) -> dict[str, Any]:
    """SQLite or PostgreSQL, by its address (the form that dj-database-url reads)."""
    given = _text(name, f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    database: dict[str, Any] = {}
    with suppress(ValueError):
        database |= dj_database_url.parse(given, conn_max_age=60, conn_health_checks=True)
    if database.get("ENGINE") == "django.db.backends.sqlite3":
        return database | _sqlite(database)
    if database.get("ENGINE") == "django.db.backends.postgresql" and database["NAME"]:
        return database
    # The value stays out of the message, for it may hold a password.
    raise ImproperlyConfigured(
        f"{name} must be sqlite:///path or postgres://user:password@host:port/database."
    )


def _sqlite(database: dict[str, Any]) -> dict[str, Any]:
    """Settings under which several processes may write, and a power cut loses nothing."""
    name = database["NAME"]
    return {
        # A relative path must not depend on the folder that the server was started from.
        "NAME": name if name == ":memory:" else BASE_DIR / name,
        "OPTIONS": database.get("OPTIONS", {})
        | {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            # A transaction that reads first and writes later would fail at once, without
            # waiting, if another one has written in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
        # In memory, threads share one cache and "database table is locked" ignores the timeout.
        "TEST": {"NAME": BASE_DIR / f"test-{os.getpid()}.sqlite3"},
    }


# --- The site -------------------------------------------------------------------------------------

DEBUG = _flag("DEBUG", default=not any(name in os.environ for name in _VARIABLES))
SECRET_KEY = _secret(DEBUG)
SITE_NAME = _text("SITE_NAME", "On Record")
BASE_URL = _address("BASE_URL", ("https", "http"), "http://127.0.0.1:8000" if DEBUG else "")
CONTACT_EMAIL = _text("CONTACT_EMAIL", "desk@example.org" if DEBUG else "")
if not DEBUG:
    _needed("BASE_URL", BASE_URL, "feeds, citations and e-mails carry full addresses")
    _needed("CONTACT_EMAIL", CONTACT_EMAIL, "every page offers readers a way to report an error")
if BASE_URL and BASE_URL.count("/") != 2:
    raise ImproperlyConfigured(f"BASE_URL must end with the host or its port, not {BASE_URL!r}.")
if CONTACT_EMAIL.count("@") != 1:
    raise ImproperlyConfigured(f"CONTACT_EMAIL must be an e-mail address, not {CONTACT_EMAIL!r}.")

_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = _names("ALLOWED_HOSTS", _LOOPBACK if DEBUG else [urlsplit(BASE_URL).hostname or ""])
_HTTPS = not DEBUG and BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "tracker",  # first: its templates win over those of the apps below
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # the development server serves files as production does
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
    "csp",
]
MIDDLEWARE = [
    "tracker.middleware.readers_ask_the_replica",
    "django.middleware.gzip.GZipMiddleware",  # a list of quotes is a tenth of its size
    "django.middleware.security.SecurityMiddleware",
    "tracker.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.language_varies_by_cookie",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
SITE_ID = 1
LOGIN_URL = "admin:login"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Where things are kept ------------------------------------------------------------------------

DATABASES = {"default": _database("DATABASE_URL")}
if _text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = _database("DATABASE_REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["tracker.middleware.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _address("REDIS_URL", ("redis", "rediss"))
# In the memory of each process, so that a new release starts with none: 0.1 MB a page.
KEPT_PAGES = _number("KEPT_PAGES", 0 if DEBUG else 100)
CACHES: dict[str, dict[str, Any]] = {
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 600,  # seconds; what is kept of the record is never old, only the footer may be
        "OPTIONS": {"MAX_ENTRIES": KEPT_PAGES},
    }
    if KEPT_PAGES
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "on-record",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Whether claims, reviews and links are published by another editor than the one who wrote them.
TWO_EDITORS = _flag("TWO_EDITORS", default=False)

# Long work that the desk asks for is done by `manage.py db_worker`, where one runs; else at once, by the web server.
TASKS_WORKER = _flag("TASKS_WORKER", default=False)
_AT_ONCE = "django_tasks.backends.immediate.ImmediateBackend"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend" if TASKS_WORKER else _AT_ONCE}}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_FILES = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_FILES},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG

# What `train_extractor` wrote; where it is not given, the weights that ship with the package.
EXTRACTOR_WEIGHTS = _directory("EXTRACTOR_WEIGHTS")
FETCH_PORTS = _ports("FETCH_PORTS")  # beside 80 and 443

# --- Languages and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
FORMAT_MODULE_PATH = "tracker.formats"  # of what Django writes, at the desk alone
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Security -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Sources may see that a reader comes from here, but not what the reader searched for.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _HTTPS

# An article of 5 MB may be pasted at the desk, and a form there may have sixty cards of twenty fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked for by machines inside, over plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _HTTPS else 0
# Other hosts under the same name are not ours to promise HTTPS for, and a browser's preload list
# is hard to leave: whoever runs the site may send a wider header from their proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Anyone could send this header; so it counts only where a proxy is known to set it.
if _flag("TRUSTED_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# --- Log ------------------------------------------------------------------------------------------

LOG_LEVEL = _choice("LOG_LEVEL", _LOG_LEVELS, "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False}},
}
