"""`manage.py rebuild_search`: the search index made anew from the record, or only compared with it."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from tracker import search
from tracker.models import Claim, Quote

_MOST_TOLD = 20


class Command(BaseCommand):
    help = "Make the search index anew; with --check, only say whether it agrees with the record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        total = Quote.objects.published().count() + Claim.objects.open_to_readers().count()
        with tqdm(total=total, unit=" records", disable=not sys.stderr.isatty()) as bar:
            try:
                self._check(bar.update) if check else self._rebuild(bar.update)
            except KeyboardInterrupt:
                self.stderr.write("Stopped. Nothing was changed: the index is as it was.")
                sys.exit(130)

    def _rebuild(self, progress: Any) -> None:
        count = search.rebuild(progress)
        search.optimise()
        self.stdout.write(f"The index holds {count:,} published quotes and claims.")

    def _check(self, progress: Any) -> None:
        found = 0
        for problem in search.disagreements(progress):
            found += 1
            if found <= _MOST_TOLD:
                self.stderr.write(problem)
        if found:
            raise CommandError(
                f"Index and record disagree in {found:,} places. Run manage.py rebuild_search."
            )
        self.stdout.write("Index and record agree.")
