"""Long work that the desk asks for: done by `manage.py db_worker` where one runs, at once where none does.

A task knows the number of its job, and the job how far it is; what is done, the rooms below do.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django_tasks import task

from tracker import looking
from tracker.looking import Bringing, Came, Looked, Looks
from tracker.models import Article, Editor, Job

__all__ = ["MOST_AT_ONCE", "TooMany", "ask", "ask_again", "run"]

MOST_AT_ONCE = 10  # without a worker: what is done while a web server waits for it


class TooMany(Exception):
    """More than can be done while the editor waits; the message says what to do instead."""


def ask(kind: str, wanted: Sequence[int | str], *, by: Editor) -> Job:
    """Have articles looked at, by their ids, or brought in, by their addresses; return the job, which is over where
    there is no worker. Raises TooMany, and then nothing is done.
    """
    if not settings.TASKS_WORKER and len(wanted) > MOST_AT_ONCE:
        raise TooMany(
            _(
                "At most %(most)d at once, since no worker runs here: choose fewer, use manage.py check_sources or import_articles, or have a worker set up (see README)."
            )
            % {"most": MOST_AT_ONCE}
        )
    job = Job.objects.ask(kind, wanted, by=by)
    run.enqueue(job.pk)
    job.refresh_from_db()
    return job


def ask_again(job: Job, *, by: Editor) -> Job:
    """Ask for the same once more: what was done is done already, and is no change."""
    return ask(job.kind, job.wanted, by=by)


@task()
def run(number: int) -> None:
    """Do the job of this number, and say how far it is; that it died, too, whatever it dies of."""
    Job.objects.give_up_lost()
    job = Job.objects.select_related("asked_by").get(pk=number)
    if job.state != Job.State.WAITING:  # somebody has taken it
        return
    job.begin()
    try:
        _DOES[Job.Kind(job.kind)](job)
    except BaseException as error:  # a worker that is told to stop, too
        known = isinstance(error, Exception)
        job.fail(_("It broke off: %(why)s") % {"why": _named(error)} if known else "")
        raise


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _look(job: Job) -> None:
    problems: list[tuple[str, str]] = []

    def tell(looked: Looked, looks: Looks) -> None:
        if not looked.was_seen and looked.why:
            problems.append((looked.article.url or "", looked.why))
        job.advance(looks.done, looks.counts)

    articles = Article.objects.in_bulk(job.wanted)
    chosen = [articles[pk] for pk in job.wanted if pk in articles and articles[pk].url]
    rules = looking.our_rules()
    looks = looking.look_again(chosen, rules=rules, after_each=tell, beat=job.beat)
    job.finish(looks.counts, problems)


def _import(job: Job) -> None:
    def tell(_came: Came, bringing: Bringing) -> None:
        job.advance(bringing.done, bringing.counts)

    named = looking.named_in(job.wanted)
    rules = looking.our_rules()
    done = looking.bring_in(named, by=job.asked_by, rules=rules, after_each=tell, beat=job.beat)
    failed = [(each.named.name, each.why) for each in done.failed]
    job.finish(_with_found(done.counts, done.undecided), failed)


def _with_found(counts: Mapping[str, int], undecided: int) -> dict[str, int]:
    return dict(counts) | ({"to review": undecided} if undecided else {})


_DOES = {Job.Kind.LOOK: _look, Job.Kind.IMPORT: _import}
