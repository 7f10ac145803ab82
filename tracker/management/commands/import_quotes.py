"""`manage.py import_quotes FILE`: the quotes of a spreadsheet, CSV or JSON Lines, come on record. README says what its columns are."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from tracker.models import Correction
from tracker.spreadsheets import Loaded, Problem, Sheet, SpreadsheetError, load

_MOST_NOTES = 20  # of rows that are taken; every row that is refused is told


class Command(BaseCommand):
    help = "Put the quotes of a CSV or JSON Lines file on record; doing so again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it")
        parser.add_argument(
            "--correction",
            default="",
            metavar="SENTENCE",
            help="tells readers why published quotes change; without it these are left as they are",
        )

    def handle(
        self, *args: Any, file: Path, dry_run: bool, correction: str, **options: Any
    ) -> None:
        try:
            told = Correction.sentence(correction)
        except ValidationError as error:
            raise CommandError(f"--correction: {' '.join(error.messages)}") from error
        try:
            with Sheet(file) as sheet:
                loaded = self._load(sheet, dry_run=dry_run, correction=told)
        except SpreadsheetError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"{error} Run it again to go on: nothing is lost or doubled."
            ) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run it again to go on: nothing is lost or doubled.")
            sys.exit(130)
        would = "; nothing was changed, this was a dry run" if dry_run else ""
        self.stdout.write(
            f"{loaded.rows:,} rows: {loaded.new:,} new, {loaded.changed:,} changed, "
            f"{loaded.unchanged:,} unchanged, {loaded.refused:,} refused, {loaded.notes:,} notes{would}."
        )
        if loaded.refused:
            sys.exit(1)

    def _load(self, sheet: Sheet, **how: Any) -> Loaded:
        with tqdm(total=sheet.size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
            notes = 0

            def tell(problem: Problem) -> None:
                nonlocal notes
                notes += not problem.refused
                if not problem.refused and notes > _MOST_NOTES:
                    return
                with bar.external_write_mode():
                    self.stderr.write(str(problem))

            def advance(_loaded: Loaded) -> None:
                bar.update(sheet.position - bar.n)

            return load(sheet, by=None, tell=tell, after_batch=advance, **how)
