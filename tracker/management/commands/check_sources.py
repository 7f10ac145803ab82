"""`manage.py check_sources`: the pages of articles are looked at again, and it is kept what was seen."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from tracker import looking
from tracker.looking import Choice, Looked, Looks
from tracker.models import Capture

_DAYS = 7.0
_QUIET = (Capture.Outcome.KEPT, Capture.Outcome.UNCHANGED, Capture.Outcome.ANSWERED, "skipped")


class Command(BaseCommand):
    help = "Look at the pages of articles again, the longest unseen first, and keep what was seen."

    def add_arguments(self, parser: CommandParser) -> None:
        which = "ids or addresses; those not looked at for --older-than days when none is given"
        parser.add_argument("articles", nargs="*", help=which)
        parser.add_argument("--older-than", type=float, default=_DAYS, metavar="DAYS", help="7")
        parser.add_argument("--limit", type=int, help="look at so many at most")
        parser.add_argument("--dry-run", action="store_true", help="say which, and ask no site")

    def handle(
        self, *args: Any, articles: list[str], older_than: float, limit: int | None, **options: Any
    ) -> None:
        if older_than < 0:
            raise CommandError("--older-than is a number of days: 0 or more.")
        try:
            if articles:
                chosen = looking.articles_named(articles, limit=limit)
            else:
                chosen = looking.articles_of_age(days=older_than, limit=limit)
            self._tell(chosen) if options["dry_run"] else self._look(chosen)
        except (looking.NotToLookAt, OverflowError, ValueError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run it again to go on: nothing is lost or doubled.")
            sys.exit(130)

    def _tell(self, chosen: Choice) -> None:
        for each in chosen.articles:
            last = f"{each.looked_at:%Y-%m-%d}" if each.looked_at else "never"  # type: ignore[attr-defined]
            self.stdout.write(f"{each.pk}\t{last}\t{each.url}")
        self.stdout.write(
            f"{len(chosen.articles):,} articles would be looked at; no site was asked."
        )

    def _look(self, chosen: Choice) -> None:
        with tqdm(total=len(chosen.articles), unit=" articles", disable=None, leave=False) as bar:

            def tell(looked: Looked, looks: Looks) -> None:
                bar.update(looks.done - bar.n)
                if looked.outcome not in _QUIET:
                    with bar.external_write_mode():
                        self.stderr.write(_line(looked))

            looks = looking.look_again(
                chosen.articles,
                rules=looking.our_rules(),
                not_since=chosen.not_since,
                after_each=tell,
            )
        told = looking.in_words(looks.counts) or "Nothing to look at."
        self.stdout.write(f"{looks.done:,} articles looked at. {told}")


def _line(looked: Looked) -> str:
    words = looking.outcome_in_words(looked.outcome)
    why = (
        f" ({looked.why or looked.correction_note})" if looked.why or looked.correction_note else ""
    )
    return f"{looked.article.pk}\t{looked.article.url}\t{words}{why}"
