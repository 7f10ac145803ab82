"""`manage.py import_articles FILE-OR-URL ...`: articles come on record, with the quotes found in them for the desk to review."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser
from tqdm import tqdm

from tracker import looking
from tracker.looking import Bringing, Came, Named


class Command(BaseCommand):
    help = "Put articles on record from addresses and files; doing so again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        what = "addresses, and files of HTML or text; - reads a list of them, one a line"
        parser.add_argument("sources", nargs="+", metavar="FILE-OR-URL", help=what)

    def handle(self, *args: Any, sources: list[str], **options: Any) -> None:
        listed = (sys.stdin if each == "-" else [each] for each in sources)
        try:
            lines = (line for lines in listed for line in lines)
            done = self._bring(looking.named_in(lines, with_files=True))
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run it again to go on: nothing is lost or doubled.")
            sys.exit(130)
        told = looking.in_words(done.counts) or "Nothing to bring in."
        self.stdout.write(f"{done.done:,} articles. {told} Quotes to review: {done.undecided:,}.")
        if done.failed:
            sys.exit(1)

    def _bring(self, named: list[Named]) -> Bringing:
        with tqdm(total=len(named), unit=" articles", disable=None, leave=False) as bar:

            def tell(came: Came, done: Bringing) -> None:
                bar.update(done.done - bar.n)
                if came.why:
                    with bar.external_write_mode():
                        self.stderr.write(f"{came.named.name}: {came.why}")

            rules = looking.our_rules()
            return looking.bring_in(named, by=None, rules=rules, after_each=tell)
