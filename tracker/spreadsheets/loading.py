"""Loads the rows of a sheet in batches: each batch whole or not at all, and as often as one likes.

How rows are written is the models' to say; here it is decided what a row is: new, a change, or nothing new.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import IntegrityError, reset_queries, transaction
from django.utils.translation import gettext as _

from tracker import search
from tracker.models import (
    Contradicted,
    Editor,
    Quote,
    Status,
    Unexplained,
    record_quotes,
    revise_quotes,
)

from .attributing import Attributing
from .comparing import Held, find_held, moves_to, new_quote, notes, refusal, revision
from .files import Given, Sheet
from .matching import Ambiguous, Known, where
from .rows import Problem, Row, row_from, words_key
from .seen import Seen, otherwise

__all__ = ["Loaded", "load"]

_BATCH = 5_000
_MOST_KEPT = 100  # problems that are kept; all of them are told
_ATTEMPTS = 3
_VERBS = {Status.IN_REVIEW: "submit", Status.PUBLISHED: "publish"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the rows so far. `problems` are the first ones; `refused` and `notes` count all.

    `unexplained` are those that were refused because readers would not be told why what they have seen changes.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    notes: int = 0
    unexplained: int = 0
    problems: tuple[Problem, ...] = field(default=())
    told: int = 0

    @property
    def untold(self) -> int:
        """How many problems there are beside those that are kept."""
        return self.told - len(self.problems)


def load(
    sheet: Sheet,
    *,
    by: Editor,
    dry_run: bool = False,
    correction: str = "",
    tell: Callable[[Problem], None] = lambda _problem: None,
    after_batch: Callable[[Loaded], None] = lambda _loaded: None,
) -> Loaded:
    """Put the quotes of a sheet on record, and say what became of its rows.

    Each batch of 5,000 rows is one transaction: what stops in the middle keeps the batches before, and
    loading the file again goes on from there. A dry run does the same, and takes every batch back.
    The `correction` tells readers why published quotes change; without it their rows are refused.

    Raises SpreadsheetError when the file cannot be read any further.
    """
    loading = _Loading(by, dry_run, correction, tell)
    with Seen() as seen:
        rows = iter(sheet)
        while batch := list(islice(rows, _BATCH)):
            loading.take(batch, seen)
            reset_queries()  # which DEBUG keeps, with all their values
            after_batch(loading.loaded())
    loaded = loading.loaded()
    if loaded.new >= _BATCH and not dry_run:
        search.optimise()
    return loaded


class _Loading:
    """One load: its counts so far."""

    def __init__(
        self, by: Editor, dry_run: bool, correction: str, tell: Callable[[Problem], None]
    ) -> None:
        self._by, self._dry_run, self._correction, self._tell = by, dry_run, correction, tell
        self._count: Counter[str] = Counter()
        self._first: list[Problem] = []

    def loaded(self) -> Loaded:
        return Loaded(**self._count, problems=tuple(self._first))

    def take(self, batch: list[Given | Problem], seen: Seen) -> None:
        problems: list[Problem] = []
        rows, repeated, doubles = seen.again(_clean(batch, problems))
        problems += doubles
        count, told = self._recorded(rows, problems)
        self._tell_all(problems + told)
        refused = {problem.line for problem in problems + told if problem.refused}
        noted = sum(not problem.refused for problem in told)
        self._count.update(rows=len(batch), refused=len(refused), notes=noted)
        self._count["told"] += len(problems + told)
        self._count.update(count + Counter(unchanged=repeated))

    def _recorded(
        self, rows: list[Row], problems: list[Problem]
    ) -> tuple[Counter[str], list[Problem]]:
        """Write one batch without the rows that turn out not to be taken: these are added to `problems`."""
        attempts = 0
        while True:
            try:
                return self._record(rows)
            except _NotTaken as not_taken:
                problems += not_taken.problems
                if isinstance(not_taken, _Unseen):
                    self._count["unexplained"] += len(not_taken.problems)
                lines = {problem.line for problem in not_taken.problems}
                rows = [row for row in rows if row.line not in lines]
            except (
                IntegrityError
            ):  # somebody recorded the same in between: it is found the next time
                attempts += 1
                if attempts == _ATTEMPTS:
                    raise

    def _tell_all(self, problems: list[Problem]) -> None:
        for problem in sorted(problems, key=lambda each: each.line):
            self._tell(problem)
            if len(self._first) < _MOST_KEPT:
                self._first.append(problem)

    @transaction.atomic
    def _record(self, rows: list[Row]) -> tuple[Counter[str], list[Problem]]:
        """Write one batch, and say how many rows were new, changed and unchanged."""
        told: list[Problem] = []
        known = Known.find(rows)
        held = find_held(rows, known)
        attributing = Attributing(rows, held, known, self._by)
        wanted = list(_wanted(rows, known, held, attributing, told))
        known.make(wanted, by=self._by)
        told += [note for row in wanted for note in notes(row, held.get(row.line), known)]
        fresh = [row for row in wanted if row.line not in held]
        record_quotes([new_quote(row, known) for row in fresh], by=self._by)
        changes = {
            was.id: change
            for row in wanted
            if (was := held.get(row.line)) and (change := revision(row, was, known))
        }
        try:
            revise_quotes(list(changes.values()), by=self._by, correction=self._correction)
        except Unexplained as unseen:
            raise _Unseen(_unseen(unseen, wanted, held)) from unseen
        except Contradicted as contradicted:
            raise _NotTaken(_contradicted(contradicted, wanted, held)) from contradicted
        changed = changes.keys() | self._move(wanted, held, told)
        search.catch_up()
        if self._dry_run:
            transaction.set_rollback(True)
        refused = {problem.line for problem in told if problem.refused}
        count = Counter(new=len(fresh), changed=len(changed))
        count["unchanged"] = len(rows) - len(refused) - count.total()
        return count, told

    def _move(self, rows: list[Row], held: dict[int, Held], told: list[Problem]) -> set[int]:
        """Submit and publish what is on record and has not come so far, and say which moved."""
        moved: set[int] = set()
        for status, verb in _VERBS.items():
            lines = {
                was.id: row.line
                for row in rows
                if (was := held.get(row.line)) and moves_to(row, was) == status
            }
            if not lines:
                continue
            done = getattr(Quote.objects.filter(pk__in=list(lines)), verb)(by=self._by)
            for quote, why in done.refused:
                told.append(Problem(lines.pop(quote.pk), "status", why, refused=False))
            moved |= lines.keys()
        return moved


class _NotTaken(Exception):
    """Rows of a batch can, as it turned out, not be taken: nothing of the batch is written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class _Unseen(_NotTaken):
    """They would change unseen what readers have seen."""


_COLUMN = {"words": "text", "said on": "said_on", "position then": "title"}


def _unseen(refused: Unexplained, rows: list[Row], held: dict[int, Held]) -> list[Problem]:
    """Why each of these rows is refused, beside the first column that says otherwise."""
    told = _(
        "Readers have seen it otherwise. Say in a sentence why it changes: at the desk under “For readers”, with the command as --correction."
    )
    found = []
    for row in rows:
        was = held.get(row.line)
        if was and (changes := refused.changes.get(was.id)):
            field = changes[0].field
            found.append(Problem(row.line, _COLUMN.get(field, field), told))
    return found


def _contradicted(refused: Contradicted, rows: list[Row], held: dict[int, Held]) -> list[Problem]:
    """Why each of these rows is refused, beside the first column that cannot be so."""
    return [
        Problem(row.line, field, str(why))
        for row in rows
        if (was := held.get(row.line))
        for field, why in list(refused.problems.get(was.id, {}).items())[:1]
    ]


def _clean(batch: list[Given | Problem], problems: list[Problem]) -> Iterator[Row]:
    """The sound rows of a batch; what is wrong with the others is added to `problems`."""
    for given in batch:
        if isinstance(given, Problem):
            problems.append(given)
            continue
        row = row_from(*given)
        if isinstance(row, Row):
            yield row
        else:
            problems += row


def _wanted(
    rows: list[Row],
    known: Known,
    held: dict[int, Held],
    attributing: Attributing,
    told: list[Problem],
) -> Iterator[Row]:
    """The rows that say something; why the others do not is added to `told`."""
    first: dict[Any, Row] = {}  # of the rows about one quote
    for row in rows:
        was = held.get(row.line)
        if was and was.is_left_alone:
            if not was.joined_into:
                note = _("It was taken out of sight at the desk: it stays as it is.")
                told.append(Problem(row.line, "", note, refused=False))
            continue
        try:
            known.refuse_ambiguous(row)
        except Ambiguous as doubt:
            told.append(Problem(row.line, doubt.field, doubt.message))
            continue
        if problem := refusal(row, was, known) or attributing.refusal(row, was):
            told.append(problem)
        elif (other := first.setdefault(_about(row, was, known), row)) is row:
            yield row
        elif replace(row, speaker=other.speaker) != other:
            column = "reference" if row.reference else "text"
            told.append(Problem(row.line, column, otherwise(column, other.line)))


def _about(row: Row, was: Held | None, known: Known) -> Any:
    """What two rows of a batch have in common that are about one quote, by whatever name they know it and its speaker."""
    if was:
        return was.id
    speaker = None if row.reference else known.speaker(row)
    return (speaker, words_key(row.text), where(row)) if speaker else row.line * -1
