"""`manage.py demo`: the site on this machine with demo data and a log-in. It never runs where the public is served."""

import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files import locks
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import DatabaseError, connection, transaction

from tracker.importing import RecordError, load_record, read_record
from tracker.models import Article, Claim, Correction, Editor, Quote, QuoteLink, Review, Speaker

RECORD = Path(__file__).parents[2] / "demo" / "record.json"
EDITOR, SECOND_EDITOR, PASSWORD = "editor", "second-editor", "on-the-record"
_ADDRESS = re.compile(r"(?:(?P<host>localhost|127\.0\.0\.1|\[::1\]):)?(?P<port>[0-9]{1,5})", re.I)


class Command(BaseCommand):
    help = "Set up the demo data and an editor's log-in, and serve the site on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        where = "[host:]port to serve at, 127.0.0.1:8000 when not given"
        parser.add_argument("address", nargs="?", default="127.0.0.1:8000", help=where)
        parser.add_argument("--no-serve", action="store_true", help="set up, and do not serve")

    def handle(self, *args: Any, address: str, no_serve: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "demo makes a log-in that everybody knows, so it runs only while DEBUG is on. "
                "Any variable that is set turns DEBUG off; DEBUG=1 turns it on again."
            )
        host, port = _on_this_machine(address)
        if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == ":memory:":
            raise CommandError(
                "demo needs a database that lasts: DATABASE_URL=sqlite:///demo.sqlite3"
            )
        try:
            if not no_serve:
                _refuse_unless_free(host, port)
            self._set_up()
            if not no_serve:
                self._serve(f"{host}:{port}")
        except (RecordError, DatabaseError, OSError) as error:
            raise CommandError(f"The demo cannot be set up: {error}") from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run it again to go on: nothing is lost or doubled.")
            sys.exit(130)

    def _set_up(self) -> None:
        with RECORD.open("rb") as file:
            locks.lock(file, locks.LOCK_EX)  # whoever comes second waits, and finds it done
            with _ctrl_c_waits():
                call_command("migrate", interactive=False, verbosity=0)
            with transaction.atomic():
                editor, log_in = _editor(EDITOR)
                _second, second_log_in = _editor(SECOND_EDITOR)
                new = load_record(read_record(RECORD), by=editor)
        self.stdout.write(
            f"On record are {Quote.objects.published().count()} quotes "
            f"by {Speaker.objects.with_quotes().count()} speakers "
            f"from {Article.objects.with_quotes().count()} sources; {new.quotes} quotes are new."
        )
        self.stdout.write(
            f"With them are {Claim.objects.published().count()} claims with "
            f"{Review.objects.published().count()} findings, {QuoteLink.objects.published().count()} "
            f"links between quotes and {Correction.objects.listed().count()} corrections; new are "
            f"{new.claims}, {new.reviews}, {new.links} and {new.corrections}."
        )
        self.stdout.write(f"An editor's log-in: {log_in}")
        self.stdout.write(
            f"A second editor's, who publishes what the first one wrote: {second_log_in}"
        )

    def _serve(self, address: str) -> None:
        self.stdout.write(f"\n  http://{address}/        what readers see")
        self.stdout.write(f"  http://{address}/admin/  the editors' desk\n\nCtrl-C stops it.")
        self.stdout.flush()
        call_command("runserver", address, use_reloader=False, stdout=StringIO())


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Put off Ctrl-C: Django notes a migration after it has made the tables, and stopped in between it
    could not be run again."""
    pressed = []
    earlier = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)
    if pressed:
        raise KeyboardInterrupt


def _on_this_machine(address: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(address)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise CommandError(
            f"demo cannot serve at “{address}”. Write a port up to 65535, such as 8001, or "
            "127.0.0.1:8001, localhost:8001 or [::1]:8001: while DEBUG is on, it serves this "
            "machine alone."
        )
    return (match["host"] or "127.0.0.1").lower(), int(match["port"])


def _refuse_unless_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), port), family=family).close()
    except OSError as error:
        raise CommandError(
            f"demo cannot serve at {host}:{port}: {os.strerror(error.errno or 0)}. Give another "
            f"address: manage.py demo {port + 1 if port < 65535 else 8000}"
        ) from error


def _editor(name: str) -> tuple[Editor, str]:
    """An editor of the demo, and the log-in in words. A password that was changed is left as it is."""
    users = get_user_model()._default_manager
    editor = users.filter(username=name).first()
    if editor is None:
        editor = users.create_superuser(name, password=PASSWORD)
    elif not editor.check_password(PASSWORD):
        return editor, f"{name}, with the password that you gave it (it is left unchanged)"
    return editor, f"{name}, password {PASSWORD}"
