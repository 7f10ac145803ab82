"""An article's whole way in: on record once, with a copy of each text that it had, and the quotes found in it.

What is on record stays: an article's facts, a copy, an editor's decisions. Nothing is merged here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tracker import search
from tracker.fetching import Rules
from tracker.models import Article, Capture, Editor, Publisher
from tracker.models.addresses import AddressError, bare_domain, normalise_url
from tracker.models.fields import NOT_COME_YET, has_not_come
from tracker.reading import ClaimReview
from tracker.sanitizing import has_tags

from .claim_reviews import keep_declared
from .finding import Found, find_in, keep_found
from .proof import check_again
from .sources import ArticleError, Brought, Source, bring

__all__ = ["Imported", "Origin", "import_article", "keep_copy", "keep_failure", "record_article"]

# How much a copy proves; the same text in a better copy is kept again.
_PROOF = {
    Capture.Method.TYPED: 0,
    Capture.Method.UPLOADED: 1,
    Capture.Method.SCREENSHOT: 1,
    Capture.Method.WEB_ARCHIVE: 2,
    Capture.Method.FETCHED: 2,
}


_Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an article comes from: an article on record, or an address; and as its what (Article.Relation)."""

    relation: str
    article: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of it. `capture` is the copy that has the text; `found` and `undecided` count its quotes;
    `checked` counts by result (Citation.Check) the citations that were checked in a new copy. `comes_from`
    is the address of another article that the page says it comes from, while none is on record. `filled`
    are the facts that an editor gave and that were not on record, `kept` those that are on record otherwise.
    `claim_reviews` are those that the page declares, which nobody has recorded by that."""

    article: int
    capture: int
    is_new: bool = False
    is_new_copy: bool = False
    found: int = 0
    undecided: int = 0
    checked: Mapping[str, int] = field(default_factory=dict)
    comes_from: str = ""
    filled: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    claim_reviews: tuple[ClaimReview, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return not (self.is_new or self.is_new_copy or self.filled)


def import_article(
    source: Source, *, by: Editor, origin: Origin | None = None, rules: Rules | None = None
) -> Imported:
    """Fetch or take an article, read it, and put it on record with the quotes found in it; as often as one likes.

    Its address, or the text of one without an address, tells whether it is on record. The same text
    again is no change; another one is a new copy, in which its citations are checked. Raises
    ArticleError, and then nothing is on record but, of an article that was, that it could not be read.
    """
    try:
        brought = bring(source, rules=rules)
    except ArticleError as error:
        if error.field == "url" and error.status != "refused":
            keep_failure(source.url, error, by=by)
        raise
    return record_article(brought, by=by, origin=origin)


def record_article(brought: Brought, *, by: Editor, origin: Origin | None = None) -> Imported:
    """Put on record what was brought, in one transaction. Raises ArticleError."""
    read = brought.read
    found = find_in(read.text, brought.facts.language or read.language, read.quotations)
    for attempt in range(2):
        try:
            with transaction.atomic():
                return _recorded(brought, found, by, origin)
        except IntegrityError:  # somebody brought the same article in the same moment
            if attempt:
                raise
    raise AssertionError  # the loop returns or raises


def keep_failure(url: str, error: ArticleError, *, by: Editor) -> Capture | None:
    """Keep that an article could not be looked at, and why; None when no article on record has this address."""
    try:
        article = Article.objects.at_address(url).first()
    except AddressError:
        return None
    if article is None:
        return None
    return _saved(
        Capture(
            article=article,
            method=Capture.Method.FETCHED,
            taken_at=timezone.now(),
            outcome=error.outcome,
            failure=error.status if error.status in Capture.Failure else "",
            http_status=error.http_status,
        ),
        by,
    )


@transaction.atomic
def keep_copy(article: Article, brought: Brought, *, by: Editor) -> tuple[Capture, bool]:
    """The copy of an article that has this text, and whether it is a new one.

    New is another text than that of the newest copy, and the same in a copy that proves more.
    """
    text = brought.read.text
    newest = article.captures.exclude(text="").order_by("-taken_at", "-pk").first()
    new = Capture(
        article=article,
        method=brought.method,
        taken_at=brought.taken_at,
        http_status=brought.http_status,
        headline=Truncator(brought.read.headline).chars(500),
        text=text,
        raw_sha256=brought.raw_sha256,
    )
    if newest and newest.text_sha256 == new.hash_of_text() and _proves(newest) >= _proves(new):
        return newest, False
    return _saved(new, by), True


def _proves(capture: Capture) -> int:
    return _PROOF[Capture.Method(capture.method)]


def _recorded(brought: Brought, found: Found, by: Editor, origin: Origin | None) -> Imported:
    article = _article_of(brought)
    is_new = article is None
    filled: _Names = ()
    kept: _Names = ()
    if article is None:
        article = _made(brought, by)
    elif article.citations.filter(quote__redacted_at__isnull=False).exists():
        told = _("Words of this article were blanked for good: it is not read again.")
        raise ArticleError(told, field="url" if brought.url else "text")
    else:
        filled, kept = _fill(article, brought, by)
    if origin:
        _come_from(article, origin, by)
    capture, is_new_copy = keep_copy(article, brought, by=by)
    checked = check_again(article, capture, by=by) if is_new_copy and not is_new else {}
    keep_found(article, capture, found)
    if brought.read.method != "pasted":  # text alone declares nothing
        keep_declared(article, brought.read.claim_reviews)
    search.catch_up()
    decisions = Counter(article.findings.filter(capture=capture).values_list("decision", flat=True))
    return Imported(
        article=article.pk,
        capture=capture.pk,
        is_new=is_new,
        is_new_copy=is_new_copy,
        found=sum(decisions.values()),
        undecided=decisions["open"],
        checked=checked,
        comes_from="" if article.original_id else brought.read.original_url,
        filled=filled,
        kept=kept,
        claim_reviews=brought.read.claim_reviews,
    )


def _fill(article: Article, brought: Brought, by: Editor) -> tuple[_Names, _Names]:
    """Fill what is not on record with what an editor gave; the names of these facts, and of those that differ."""
    filled, kept = [], []
    for name in ("headline", "published_on", "language"):
        if given := _cleaned(name, getattr(brought.facts, name)):
            if not getattr(article, name):
                setattr(article, name, given)
                filled.append(name)
            elif getattr(article, name) != given:
                kept.append(name)
    if publisher := _cleaned("publisher", brought.facts.publisher):
        if article.publisher is None:
            article.publisher = _publisher(publisher, brought.url, by)
            filled.append("publisher")
        elif article.publisher.folded != Publisher.as_compared(publisher):
            kept.append("publisher")
    if filled:
        article._history_user = by  # type: ignore[attr-defined]
        article.save()
    return tuple(filled), tuple(kept)


def _cleaned(name: str, given: str) -> str:
    """A fact as it is stored. Raises ArticleError that names the field."""
    if not (given := given.strip()):
        return ""
    if name == "publisher" and has_tags(given):
        told = _("This contains HTML. Give the name only, without tags.")
        raise ArticleError(told, field=name)
    model, column = (Publisher, "name") if name == "publisher" else (Article, name)
    try:
        value = str(model._meta.get_field(column).clean(given, None))  # type: ignore[union-attr]
    except ValidationError as error:
        raise ArticleError(" ".join(error.messages), field=name) from error
    if name == "published_on" and has_not_come(value):
        raise ArticleError(str(NOT_COME_YET), field=name)
    return value


def _article_of(brought: Brought) -> Article | None:
    """The article on record: by its addresses, or without any by its text."""
    articles = Article.objects.select_for_update(of=("self",))
    for url in filter(None, (brought.url, *brought.also_at)):
        if found := articles.filter(url=url).first():
            return found
    if brought.url:
        return None
    same = Capture(text=brought.read.text).hash_of_text()
    copies = Capture.objects.filter(text_sha256=same, article__url__isnull=True)
    return articles.filter(pk__in=copies.values("article")).order_by("pk").first()


def _made(brought: Brought, by: Editor) -> Article:
    read, facts = brought.read, brought.facts
    article = Article(
        url_as_typed=brought.url_as_typed,
        headline=facts.headline or Truncator(read.headline).chars(500),
        byline=Truncator(read.byline).chars(300),
        publisher=_publisher(_named(brought), brought.url, by),
        published_on=facts.published_on or read.published_on,
        language=facts.language or read.language,
    )
    return _saved(article, by)


def _named(brought: Brought) -> str:
    """The publisher's name, as the editor gives it or the page does, whose tags are no name."""
    theirs = brought.read.publisher
    return _cleaned("publisher", brought.facts.publisher) or ("" if has_tags(theirs) else theirs)


def _publisher(name: str, url: str, by: Editor) -> Publisher | None:
    """The publisher of this domain or of one above it, or else of this name; made when only the name is known."""
    labels = bare_domain(url).split(".")
    domains = [".".join(labels[n:]) for n in range(len(labels) - 1)]
    known = {each.domain: each for each in Publisher.objects.filter(domain__in=domains)}
    for domain in domains:
        if domain in known:
            return known[domain]
    name = name.strip()[:200]
    if not name:
        return None
    same = Publisher.objects.filter(folded=Publisher.as_compared(name)).order_by("pk").first()
    return same or _saved(Publisher(name=name), by, field="publisher")


def _come_from(article: Article, origin: Origin, by: Editor) -> None:
    """Say what an article comes from, unless that is on record. Raises ArticleError when it is said otherwise there."""
    first = _original(origin, by)
    if article.original_id:
        if (article.original_id, article.relation) == (first.pk, origin.relation):
            return
        raise ArticleError(
            _("It is on record as coming from %(article)s. Change that in the article’s form.")
            % {"article": article.original},
            field="origin",
        )
    article.original, article.relation = first, origin.relation
    try:
        article.clean()
    except ValidationError as error:
        raise ArticleError(" ".join(error.messages), field="origin") from error
    article._history_user = by  # type: ignore[attr-defined]
    article.save(update_fields=["original", "relation", "updated_at"])


def _original(origin: Origin, by: Editor) -> Article:
    if origin.article is not None:
        if found := Article.objects.filter(pk=origin.article).first():
            return found
        raise ArticleError(_("There is no article of this number."), field="origin")
    try:
        url = normalise_url(origin.url)
    except AddressError as error:
        raise ArticleError(str(error), field="origin") from error
    found = Article.objects.filter(url=url).first()
    return found or _saved(
        Article(url_as_typed=origin.url.strip(), publisher=_publisher("", url, by)),
        by,
        field="origin",
    )


# A field of a record, as the desk's form calls it.
_FIELDS = {"url_as_typed": "url", "domain": "publisher", "name": "publisher"}


def _saved(record: Any, by: Editor, field: str = "") -> Any:
    """The record, cleaned and saved. Raises ArticleError that names the field."""
    try:
        record.full_clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise ArticleError(" ".join(messages), field=field or _FIELDS.get(name, name)) from error
    record._history_user = by
    record.save()
    return record
