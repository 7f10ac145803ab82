"""Where words were printed or heard: publishers, articles with their chain to the original, and captures."""

import hashlib
from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connections, models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .addressed import Addressed, AddressedQuerySet
from .addresses import AddressError, bare_domain, normalise_url
from .fields import (
    NOT_COME_YET,
    Called,
    ComputedField,
    DayField,
    Following,
    HonestDateField,
    LanguageField,
    LineField,
    NotesField,
    has_not_come,
    slug_from,
)
from .looks import LookedAt

__all__ = ["Article", "Capture", "Publisher"]

LONGEST_CHAIN = 20  # a page that re-reports a page that re-reports ...: no true chain comes near


class PublisherQuerySet(AddressedQuerySet):
    def with_quotes(self) -> Self:
        """Those of whose sources, private ones apart, one gives a published quote."""
        articles = Article.objects.open_to_readers().with_quotes()
        return self.filter(models.Exists(articles.filter(publisher=models.OuterRef("pk"))))


class Publisher(Called, Addressed):
    """The outlet, archive or library that a source comes from."""

    name = LineField(_("name"), max_length=200)
    domain = LineField(
        _("domain"),
        max_length=253,
        blank=True,
        default="",
        help_text=_("Of its site, for example news1.kr."),
    )
    history = HistoricalRecords()

    objects = PublisherQuerySet.as_manager()

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        ordering = ("name", "id")
        indexes = (models.Index(fields=("folded",), name="publishers_by_folded_name"),)
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="publisher_has_a_name"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("publisher", args=[self.slug])

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        same = type(self).objects.filter(folded=self.folded_name()).exclude(pk=self.pk).first()
        if self.name and same:
            problems["name"] = _("There is a publisher of that name already: %(name)s.") % {
                "name": same
            }
        if self.domain:
            try:
                self.domain = _domain(self.domain)
            except AddressError as error:
                problems["domain"] = str(error)
        if problems:
            raise ValidationError(problems)


def _domain(typed: str) -> str:
    """The bare domain, of a web address too. Raises AddressError."""
    domain = bare_domain(normalise_url(typed if "://" in typed else f"https://{typed}/"))
    if "." not in domain:
        raise AddressError(str(_("A domain has a dot in it, for example news1.kr.")))
    return domain


class ArticleQuerySet(LookedAt):
    def open_to_readers(self) -> Self:
        """All but private sources, of which readers see the medium and the date only, beside the quote."""
        return self.exclude(access=Article.Access.PRIVATE)

    def with_quotes(self) -> Self:
        """Those that give a published quote."""
        from .citations import Citation  # an article knows of citations only here
        from .quotes import Quote

        # `quote__in` would be gone through once for every article.
        published = models.Exists(Quote.objects.published().filter(pk=models.OuterRef("quote")))
        return self.filter(
            models.Exists(Citation.objects.filter(published, article=models.OuterRef("pk")))
        )

    def with_unrecorded_reviews(self) -> Self:
        """Those whose page declares reviews of claims, of which none is on record."""
        from .reviews import Review  # an article knows of reviews only here

        recorded = Review.objects.filter(article=models.OuterRef("pk"))
        return self.filter(~models.Exists(recorded), declares__isnull=False)

    def at_address(self, typed: str) -> Self:
        """The one with this web address, however it is typed. Raises AddressError."""
        return self.filter(url=normalise_url(typed))

    def chains(self, articles: Iterable[int]) -> dict[int, list["Article"]]:
        """For each article id its chain, itself first, then what it comes from, to the earliest on record here.

        No article is in a chain twice, should the chain run in a circle after all.
        Two queries, whatever the number of articles and the length of the chains.
        """
        start = list(articles)
        if not start:
            return {}
        marks = ", ".join(["%s"] * len(start))
        sql = f"""
            WITH RECURSIVE chain (start_id, article_id, depth) AS (
                SELECT id, id, 0 FROM tracker_article WHERE id IN ({marks})
                UNION ALL
                SELECT chain.start_id, article.original_id, chain.depth + 1
                FROM chain JOIN tracker_article article ON article.id = chain.article_id
                WHERE article.original_id IS NOT NULL AND chain.depth < %s
            )
            SELECT start_id, article_id FROM chain ORDER BY start_id, depth
        """  # noqa: S608 - only placeholders are put in
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [*start, LONGEST_CHAIN])
            steps = cursor.fetchall()
        found = self.select_related("publisher").in_bulk({article for _start, article in steps})
        chains: dict[int, list[Article]] = {}
        for start_id, article_id in steps:
            chain = chains.setdefault(start_id, [])
            if found[article_id] not in chain:
                chain.append(found[article_id])
        return chains


class Article(Following):
    """One web page, or a printed, broadcast or spoken source."""

    class Medium(models.TextChoices):
        WEB = "web", _("Web page")
        PRINT = "print", _("Newspaper or magazine")
        BOOK = "book", _("Book")
        BROADCAST = "broadcast", _("Broadcast")
        ARCHIVE = "archive", _("Archive or library")
        LETTER = "letter", _("Letter")
        SPOKEN = "spoken", _("Spoken, heard by the desk")

    class Access(models.TextChoices):
        PUBLIC = "public", _("Public")
        PAYWALLED = "paywalled", _("Behind a paywall")
        PRIVATE = "private", _("Private: readers see its medium and date only")

    class Relation(models.TextChoices):
        TRANSLATION = "translation", _("Translation")
        RE_REPORT = "re-report", _("Re-report")
        SYNDICATION = "syndication", _("Syndication")
        EXCERPT = "excerpt", _("Excerpt")

    url_as_typed = models.CharField(
        _("web address"),
        max_length=2000,
        blank=True,
        default="",
        help_text=_(
            "As you found it. Tracking parameters are left out when it is stored. Empty: it has none, or none is recorded."
        ),
    )
    url = ComputedField(
        _("address"),
        max_length=2000,
        null=True,
        unique=True,
        of="url_as_typed",
        by="normalised_url",
    )
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.WEB)
    access = models.CharField(_("access"), max_length=10, choices=Access, default=Access.PUBLIC)
    headline = LineField(
        _("headline"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("As printed; empty when not recorded."),
    )
    byline = LineField(
        _("byline"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Who signed it, as printed."),
    )
    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("publisher"),
    )
    published_on = HonestDateField(
        _("published on"), help_text=_("A year, month or day: 2025, 2025-05, 2025-05-26, 2025-05~.")
    )
    published_earliest = DayField(of="published_on", bound="earliest")
    published_latest = DayField(of="published_on", bound="latest")
    language = LanguageField(_("language"), help_text=_("A tag such as en, ko or fr."))
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        verbose_name=_("comes from"),
        help_text=_("The article that this one translates, re-reports, syndicates or excerpts."),
    )
    relation = models.CharField(
        _("as its"), max_length=12, choices=Relation, blank=True, default=""
    )
    notes = NotesField(
        _("notes"),
        blank=True,
        default="",
        help_text=_(
            "Shown to readers. Links, emphasis, lists and quotations in HTML are kept, all else is dropped."
        ),
    )
    # What the page says that it found about claims (schema.org ClaimReview), as it was last read: a
    # list of objects, or null for none. It is material, not history: on record is what an editor records.
    declares = models.JSONField(_("claim reviews that it declares"), null=True, editable=False)
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    history = HistoricalRecords(excluded_fields=["declares"])

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = (F("published_earliest").desc(nulls_last=True), "-id")
        indexes = (
            models.Index(fields=("published_earliest", "id"), name="articles_in_order"),
            models.Index(
                fields=("id",), condition=Q(declares__isnull=False), name="articles_with_reviews"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(url__isnull=True) | ~Q(url=""),
                name="article_address_is_null_when_not_known",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True, relation="")
                | Q(original__isnull=False) & ~Q(relation=""),
                name="article_from_another_says_how",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True) | ~Q(original=F("id")),
                name="article_is_not_its_own_original",
            ),
        )

    def __str__(self) -> str:
        parts = [self.headline, str(self.publisher or ""), self.published_on or str(_("undated"))]
        return " · ".join(part for part in parts if part) + (
            "" if self.headline else f" (#{self.pk})"
        )

    def get_absolute_url(self) -> str:
        slug = self.slug
        return (
            reverse("article", args=[self.pk, slug])
            if slug
            else reverse("article-bare", args=[self.pk])
        )

    @property
    def slug(self) -> str:
        return slug_from(self.headline or str(self.publisher or ""))

    @property
    def is_private(self) -> bool:
        return self.access == self.Access.PRIVATE

    @property
    def is_on_paper(self) -> bool:
        """Whether there is nothing on the web to look at; an address of a private source is not told of."""
        on_paper = (self.Medium.PRINT, self.Medium.BOOK, self.Medium.LETTER)
        return self.medium in on_paper and (self.is_private or not self.url)

    def normalised_url(self) -> str | None:
        return normalise_url(self.url_as_typed) if self.url_as_typed.strip() else None

    def clean(self) -> None:
        self.url_as_typed = self.url_as_typed.strip()
        problems: dict[str, Any] = {}
        if problem := self._address_problem():
            problems["url_as_typed"] = problem
        if self.original_id and not self.relation:
            problems["relation"] = _("Say how it comes from the other article.")
        if self.relation and not self.original_id:
            problems["original"] = _("Choose the article that it comes from, or leave both empty.")
        if self.original_id and self.pk and self.pk in self._ids_up_the_chain():
            problems["original"] = _(
                "That article comes from this one: a chain cannot run in a circle."
            )
        if has_not_come(self.published_on):
            problems["published_on"] = NOT_COME_YET
        if self.pk:
            problems |= self.recorded_reviews.why_not_of(self)
        if problems:
            raise ValidationError(problems)

    def _address_problem(self) -> str:
        try:
            url = self.normalised_url()
        except AddressError as error:
            return str(error)
        same = type(self).objects.filter(url=url).exclude(pk=self.pk).first() if url else None
        return (
            str(
                _("This address is recorded already: article %(id)d, %(name)s.")
                % {"id": same.pk, "name": same}
            )
            if same
            else ""
        )

    def _ids_up_the_chain(self) -> set[int]:
        chains = type(self).objects.chains([self.original_id]) if self.original_id else {}
        return {article.pk for chain in chains.values() for article in chain}


class Capture(Following):
    """A copy of an article, and how it was made."""

    class Method(models.TextChoices):
        FETCHED = "fetched", _("Page fetched")
        WEB_ARCHIVE = "web archive", _("Copy in a web archive")
        UPLOADED = "uploaded", _("File uploaded")
        SCREENSHOT = "screenshot", _("Screenshot")
        TYPED = "typed", _("Typed by an editor")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("Text kept")
        UNCHANGED = "unchanged", _("Unchanged")
        CHANGED = "changed", _("Changed: the new text was kept")
        ANSWERED = "answered", _("There; no copy was kept")
        GONE = "gone", _("No page at this address")
        WALL = "wall", _("A page that asks for log-in or consent")
        NOT_FOUND = "not found", _("The page did not answer")
        REFUSED = "refused", _("The site refused")
        FAILED = "failed", _("It could not be fetched")

    ON_THE_WEB = (Method.FETCHED, Method.WEB_ARCHIVE)  # where whole pages are seen
    # The page was there.
    SEEN = (Outcome.KEPT, Outcome.UNCHANGED, Outcome.CHANGED, Outcome.ANSWERED)

    class Failure(models.TextChoices):
        """Why a look saw no article: the words that `fetching`, `reading` and `looking` have for it."""

        ADDRESS_REFUSED = "address-refused", _("an address that is not fetched")
        PRIVATE_ADDRESS = "private-address", _("not on the public internet")
        NAME_NOT_FOUND = "name-not-found", _("no site of that name")
        NO_ANSWER = "no-answer", _("no answer")
        BAD_CERTIFICATE = "bad-certificate", _("a certificate that proves nothing")
        TOO_SLOW = "too-slow", _("too slow an answer")
        TOO_MANY_REDIRECTS = "too-many-redirects", _("sent from address to address")
        ROBOTS_REFUSED = "robots-refused", _("its robots.txt asks programs to stay away")
        ROBOTS_UNREADABLE = "robots-unreadable", _("its robots.txt could not be read")
        NOT_FOUND = "not-found", _("no page there")
        GONE = "gone", _("gone for good, as the site says")
        ACCESS_REFUSED = "access-refused", _("not given to programs")
        TOO_MANY_REQUESTS = "too-many-requests", _("the site asked to be left alone for a while")
        SERVER_FAILED = "server-failed", _("a fault of the site")
        UNEXPECTED_ANSWER = "unexpected-answer", _("an answer that is no page")
        NOT_A_PAGE = "not-a-page", _("neither a web page nor a text")
        TOO_LARGE = "too-large", _("too large")
        TRUNCATED = "truncated", _("the answer broke off")
        UNDECODABLE = "undecodable", _("packed in an unknown way")
        EMPTY = "empty", _("no words on the page")
        NOT_TEXT = "not-text", _("no text")
        TOO_LONG = "too-long", _("too long to read")
        TOO_COMPLEX = "too-complex", _("too complex to read")
        TOOK_TOO_LONG = "took-too-long", _("took too long to read")
        READING_FAILED = "reading-failed", _("the page could not be read")
        UNREADABLE = "unreadable", _("the page could not be read at all")
        SHORTER = "shorter", _("far shorter than its copies, without any of its quotes")
        SENT_ELSEWHERE = "sent-elsewhere", _("the address leads to the front page")
        FAILED = "failed", _("a fault of ours")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="captures", verbose_name=_("article")
    )
    method = models.CharField(_("how it was made"), max_length=12, choices=Method)
    taken_at = models.DateTimeField(_("taken at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.KEPT)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    failure = models.CharField(
        _("why it was not seen"), max_length=20, choices=Failure, blank=True, default=""
    )
    updated_on = models.DateField(_("updated on, as the page says"), null=True, blank=True)
    correction_note = LineField(
        _("note of a correction on the page"), max_length=300, blank=True, default=""
    )
    headline = LineField(_("headline then"), max_length=500, blank=True, default="")
    text = models.TextField(_("text"), blank=True, default="")
    text_sha256 = ComputedField(
        _("SHA-256 of the text"),
        max_length=64,
        blank=True,
        default="",
        of="text",
        by="hash_of_text",
    )
    raw_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, default="")
    archive_url = models.CharField(
        _("address in a web archive"),
        max_length=2000,
        blank=True,
        default="",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    history = HistoricalRecords(excluded_fields=["text"])

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        ordering = ("-taken_at", "-id")
        get_latest_by = ("taken_at", "id")
        indexes = (models.Index(fields=("article", "-taken_at"), name="captures_newest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(text="") | ~Q(text_sha256=""), name="capture_with_a_text_has_its_hash"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="unchanged") | Q(text=""),
                name="unchanged_page_is_not_copied_again",
            ),
            models.CheckConstraint(
                condition=Q(failure="")
                | ~Q(outcome__in=("kept", "unchanged", "changed", "answered")),
                name="page_that_was_seen_has_no_failure",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.taken_at:%Y-%m-%d %H:%M}"

    @property
    def proves(self) -> bool:
        """Whether its text is the source's own, rather than what an editor typed."""
        return self.method != self.Method.TYPED

    @property
    def was_seen_on_the_web(self) -> bool:
        return self.method in self.ON_THE_WEB

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        self.text_sha256 = self.hash_of_text()  # constraints look at it before it is saved
        if self.taken_at and has_not_come(self.taken_at.date()):
            problems["taken_at"] = NOT_COME_YET
        if self.method == self.Method.TYPED and not self.text.strip():
            problems["text"] = _("Give the text that you typed.")
        if self.method == self.Method.WEB_ARCHIVE and not self.archive_url:
            problems["archive_url"] = _("Give the address of the copy in the web archive.")
        if problems:
            raise ValidationError(problems)

    def hash_of_text(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""
