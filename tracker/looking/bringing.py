"""Many articles are brought in, from addresses and files: each in its own transaction, sites asked politely.

What an article is when it comes, and that the same one twice is no change, `importing` decides. A page that only
asks for log-in or consent is no article, and is not taken for one.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import reset_queries
from django.utils.translation import gettext as _

from tracker.fetching import FetchError, Rules
from tracker.importing import ArticleError, Brought, Source, bring, keep_failure, record_article
from tracker.models import Article, Editor

from .looks import known_of
from .visiting import Manners, Visit, visit
from .walls import Known, asks_for_more

__all__ = ["NOT_TAKEN", "Bringing", "Came", "Named", "bring_in", "named_in"]

_log = logging.getLogger(__name__)
NOT_TAKEN = "not taken"
_LARGEST = 5_000_000  # bytes of a file: as much as is read of any article


@dataclass(frozen=True, slots=True)
class Named:
    """What is to be brought, as it was named: an address, or a file with what is in it."""

    name: str
    url: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one: “new”, “new copy”, “unchanged” or “not taken”, and then why."""

    named: Named
    outcome: str
    why: str = ""
    article: int | None = None
    undecided: int = 0  # quotes found that an editor has to look at


@dataclass(slots=True)
class Bringing:
    """What came of many, so far. `undecided` counts the quotes found that wait for an editor."""

    counts: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    failed: list[Came] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.counts.total()

    def add(self, came: Came) -> None:
        self.counts[came.outcome] += 1
        self.undecided += came.undecided
        if came.outcome == NOT_TAKEN:
            self.failed.append(came)


def named_in(words: Iterable[str], *, with_files: bool = False) -> list[Named]:
    """The addresses among these words, and the files for who may read any, each once. Empty lines and lines that
    begin with # are none of these."""
    found: dict[str, Named] = {}
    for word in (each.strip() for each in words):
        if word and not word.startswith("#"):
            is_file = with_files and not word.lower().startswith(("http://", "https://"))
            found[word] = Named(word, path=Path(word)) if is_file else Named(word, url=word)
    return list(found.values())


def bring_in(
    named: Iterable[Named],
    *,
    by: Editor,
    rules: Rules,
    manners: Manners | None = None,
    after_each: Callable[[Came, Bringing], None] = lambda _came, _bringing: None,
    beat: Callable[[], None] = lambda: None,
) -> Bringing:
    """Bring these in, files first, and say what came of each. Doing so again changes nothing."""
    bringing, named = Bringing(), list(named)
    files = (_from_file(each, by) for each in named if each.path)
    addresses = ((each, each.url) for each in named if not each.path)
    visits = visit(
        addresses,
        lambda each: bring(Source(url=each.url), rules=rules),
        rules=rules,
        manners=manners or Manners(),
        beat=beat,
    )
    for came in _one_by_one(files, visits, by):
        bringing.add(came)
        reset_queries()  # which DEBUG keeps
        after_each(came, bringing)
    return bringing


def _one_by_one(
    files: Iterator[Came], visits: Iterator[Visit[Named, Brought]], by: Editor
) -> Iterator[Came]:
    yield from files
    for each in visits:
        yield _from_visit(each, by)


def _from_file(named: Named, by: Editor) -> Came:
    try:
        content = _content(named)
        return _recorded(named, bring(Source(file=content)), by)
    except ArticleError as error:
        return Came(named, NOT_TAKEN, str(error))


def _content(named: Named) -> bytes:
    path = named.path or Path()
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        told = _("It cannot be read: %(why)s.") % {"why": why}
        raise ArticleError(told, field="file") from error
    if not content:
        raise ArticleError(_("The file is empty."), field="file")
    return content


def _from_visit(came: Visit[Named, Brought], by: Editor) -> Came:
    named = came.wanted
    if came.put_off is not None:
        told = _("The site asks to be left alone for %(minutes)d minutes more.")
        return Came(named, NOT_TAKEN, told % {"minutes": came.put_off // 60 + 1})
    if came.answer is None:
        return Came(named, NOT_TAKEN, _why(named, came.error, by))
    try:
        return _recorded(named, came.answer, by)
    except ArticleError as error:
        return Came(named, NOT_TAKEN, str(error))


def _why(named: Named, error: Exception | None, by: Editor) -> str:
    """Why there is no article; of one on record, it is kept that it could not be looked at."""
    if isinstance(error, FetchError):  # from the site's robots.txt
        error = ArticleError(
            str(error),
            field="url",
            status=error.status,
            outcome=error.outcome,
            http_status=error.http_status,
        )
    if not isinstance(error, ArticleError):
        _log.error("An article could not be brought in", exc_info=error)
        return _("A fault of ours: see the log.")
    if error.status != "refused":
        keep_failure(named.url, error, by=by)
    return str(error)


def _recorded(named: Named, brought: Brought, by: Editor) -> Came:
    if brought.url and asks_for_more(brought.read, _known_at(brought.url)):
        raise ArticleError(
            _("The page asks for log-in or consent. If you can read it, paste its text."),
            field="url",
        )
    try:
        imported = record_article(brought, by=by)
    except ArticleError:
        raise
    except Exception as error:  # the other ones come in all the same
        _log.exception("An article could not be recorded")
        raise ArticleError(_("A fault of ours: see the log."), field="url") from error
    outcome = "new" if imported.is_new else "new copy" if imported.is_new_copy else "unchanged"
    return Came(named, outcome, article=imported.article, undecided=imported.undecided)


def _known_at(url: str) -> Known:
    article = Article.objects.filter(url=url).first()
    return known_of(article) if article else Known()
