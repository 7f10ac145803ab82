"""“Import an article” at the desk: an article is brought, its quotes are found, and an editor decides about each.

What is found and decided lies on record, so that the page of a review can be left and come back to.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from tracker.importing import (
    LARGEST,
    ArticleError,
    Decided,
    Imported,
    import_article,
    mark_words,
    on_record_of,
)
from tracker.models import Article, Capture, Finding, Quote, Speaker

from .bringing import ArticleForm
from .claim_reviews import tell_of_declared
from .reviewing import Review

__all__ = ["ImportingAdmin"]

_NEEDED = ("add_article", "change_article", "add_quote", "change_quote")
_MOST_NAMES = 10
_LONGEST_NAME = 200  # characters
_ROOM = 1_000_000  # bytes of a form beside the article in it


class ImportingAdmin(admin.ModelAdmin):
    """For the list of articles: a mixin, before the admin that it extends."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("import/", self.import_view, "import"),
            ("import/bookmarklet/", self.bookmarklet_view, "bookmarklet"),
            ("import/names/", self.names_view, "names"),
            ("<int:pk>/quotes/", self.review_view, "review"),
        )
        found = [
            path(route, self.admin_site.admin_view(view), name=f"tracker_article_{name}")
            for route, view, name in pages
        ]
        return [*found, *super().get_urls()]

    # --- An article is brought ------------------------------------------------------------------

    @method_decorator(csrf_exempt)  # so that what is too long is told before anything reads it
    def import_view(self, request: HttpRequest) -> HttpResponse:
        _must_be_allowed(request)
        if _length_of(request) > LARGEST + _ROOM:
            return self._too_long(request)
        answer: HttpResponse = csrf_protect(self._import)(request)
        return answer

    def _too_long(self, request: HttpRequest) -> HttpResponse:
        form = ArticleForm()
        told = _(
            "This is longer than %(most)d MB and was not read. Go back: what you pasted is still in your browser. Leave out what is not the article."
        )
        form.errors["text"] = form.error_class([told % {"most": LARGEST // 1_000_000}])
        response = self._form_page(request, form)
        response.status_code = 413
        return response

    def _import(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._form_page(request, ArticleForm(initial=_prefilled(request)))
        form = ArticleForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form_page(request, form)
        try:
            imported = import_article(form.source(), by=request.user, origin=form.origin())  # type: ignore[arg-type]
        except ArticleError as error:
            form.tell(error)
            return self._form_page(request, form)
        _tell_of_import(request, imported)
        tell_of_declared(request, imported.article, len(imported.claim_reviews))
        _mark(request, imported, form.cleaned_data["words"])
        return HttpResponseRedirect(_review_of(imported.article))

    def _form_page(self, request: HttpRequest, form: ArticleForm) -> HttpResponse:
        has_words = bool(form["words"].value())
        context = {"title": _("Import an article"), "form": form, "has_words": has_words}
        return self._page(request, "import", context)

    # --- Its quotes are decided about -----------------------------------------------------------

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _must_be_allowed(request)
        article = get_object_or_404(Article.objects.select_related("publisher", "original"), pk=pk)
        if "_reopen" in request.POST:
            return self._reopen(request, article)
        review = Review(article, request)
        if request.method == "POST" and self._is_done(request, review):
            return HttpResponseRedirect(_review_of(pk))
        context = {
            "title": _("Quotes found in “%(article)s”") % {"article": article},
            "review": review,
            "declared": on_record_of(article).of if article.declares else (),
            "article": article,
        }
        return self._page(request, "review", context)

    def _is_done(self, request: HttpRequest, review: Review) -> bool:
        """Do what the pressed button says; False when the page is shown again as it was sent."""
        if "_above" in request.POST:
            review.accept_above()
            return False
        if "_keep" in request.POST:
            done = review.keep()
            if done:
                messages.success(request, _("Kept for later. Nothing is on record yet."))
            return done
        decided = review.save(publish="_publish" in request.POST)
        if decided:
            _tell_of_decisions(request, decided, "_publish" in request.POST)
            _tell_of_none(request, decided, review.kept)
        return decided is not None

    def _reopen(self, request: HttpRequest, article: Article) -> HttpResponse:
        number = request.POST["_reopen"]
        chosen = Finding.objects.filter(article=article, pk=number if number.isdecimal() else 0)
        if chosen.reopen(by=request.user):  # type: ignore[arg-type]
            messages.success(request, _("It is among the cards again."))
        return HttpResponseRedirect(_review_of(article.pk))

    # --- Beside it ------------------------------------------------------------------------------

    def bookmarklet_view(self, request: HttpRequest) -> HttpResponse:
        _must_be_allowed(request)
        address = f"{settings.BASE_URL}{reverse('admin:tracker_article_import')}"
        context = {"title": _("A bookmark that imports"), "code": _bookmarklet(address)}
        return self._page(request, "bookmarklet", context)

    def names_view(self, request: HttpRequest) -> HttpResponse:
        """Names of speakers for a field of a card, whatever it is called: quoted or not."""
        _must_be_allowed(request)
        typed = str(next(iter(request.GET.values()), "")).replace("\0", "").strip()
        if len(typed) > _LONGEST_NAME:
            raise Http404
        found = Speaker.objects.named_like(typed).order_by("sort_name", "pk") if typed else ()
        names = [{"name": each.name, "told_by": each.description} for each in found[:_MOST_NAMES]]
        return TemplateResponse(request, "speakers/_names.html", {"offers": names})

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, f"admin/tracker/article/{name}.html", context)


def _must_be_allowed(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_perms([f"tracker.{each}" for each in _NEEDED]):
        raise PermissionDenied


def _length_of(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() else 0


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What the bookmarklet says: the address of a page, and the words that were selected there."""
    return {name: request.GET.get(name, "") for name in ("url", "words", "relation", "original")}


def _review_of(article: int) -> str:
    return reverse("admin:tracker_article_review", args=[article])


def _mark(request: HttpRequest, imported: Imported, words: str) -> None:
    """Make a card of the words that an editor selected on the page."""
    if not words.strip():
        return
    article = Article.objects.get(pk=imported.article)
    capture = Capture.objects.get(pk=imported.capture)
    try:
        mark_words(article, capture, words, by=request.user)  # type: ignore[arg-type]
    except ArticleError as error:
        messages.warning(request, f"“{words}”: {error}")


def _tell_of_import(request: HttpRequest, imported: Imported) -> None:
    if imported.is_unchanged:
        told = _("This article is on record with this text: nothing was changed.")
        messages.info(request, told)
    elif imported.is_new_copy and not imported.is_new:
        told = _(
            "This article is on record; its text is another one now, and is kept as a new copy."
        )
        messages.success(request, told)
    _tell_of_facts(request, imported)
    if lost := sum(imported.checked.get(each, 0) for each in ("altered", "missing")):
        told = ngettext(
            "%(count)d citation of it is not word for word in the new copy: look at it.",
            "%(count)d citations of it are not word for word in the new copy: look at them.",
            lost,
        )
        messages.warning(request, told % {"count": lost})
    if imported.comes_from:
        told = _(
            "The page says that it comes from another article: %(address)s. Record that under “Change”."
        )
        messages.info(request, told % {"address": imported.comes_from})
    if not imported.found:
        told = _("No quotes were found. Mark words in the text to make a card by hand.")
        messages.info(request, told)


def _tell_of_facts(request: HttpRequest, imported: Imported) -> None:
    """What became of the facts that were typed beside an article that is on record."""
    if imported.filled:
        told = _("Added to the article on record: %(fields)s.")
        messages.success(request, told % {"fields": _called(imported.filled)})
    if imported.kept:
        told = _("On record this is otherwise, and was left so: %(fields)s.")
        told %= {"fields": _called(imported.kept)}
        change = reverse("admin:tracker_article_change", args=[imported.article])
        link = format_html('{} <a href="{}">{}</a>', told, change, _("Change the article"))
        messages.warning(request, link)


def _called(names: Sequence[str]) -> str:
    """The fields of an article, as its form calls them."""
    return ", ".join(str(Article._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]


def _tell_of_decisions(request: HttpRequest, decided: Decided, publish: bool) -> None:
    if number := len(decided.quotes):
        told = (
            ngettext("%(count)d quote published.", "%(count)d quotes published.", number)
            if publish
            else ngettext(
                "%(count)d quote saved as a draft.", "%(count)d quotes saved as drafts.", number
            )
        )
        messages.success(request, told % {"count": number})
    if number := len(decided.citations):
        told = ngettext(
            "%(count)d wording added to a quote on record.",
            "%(count)d wordings added to quotes on record.",
            number,
        )
        messages.success(request, told % {"count": number})
    if decided.rejected:
        told = ngettext("%(count)d rejected.", "%(count)d rejected.", decided.rejected)
        messages.success(request, told % {"count": decided.rejected})
    if number := Quote.objects.filter(pk__in=decided.quotes, said_on="").count():
        told = ngettext(
            "%(count)d of them is undated: nobody said when it was said.",
            "%(count)d of them are undated: nobody said when they were said.",
            number,
        )
        messages.warning(request, told % {"count": number})


def _tell_of_none(request: HttpRequest, decided: Decided, kept: int) -> None:
    """That nothing was decided, and whether anything that was entered is kept."""
    if decided.is_nothing and kept:
        messages.success(request, _("Nothing was decided. What you entered is kept for later."))
    elif decided.is_nothing:
        messages.info(request, _("Nothing was decided, and nothing was changed."))


def _bookmarklet(address: str) -> str:
    """A link that runs on the page it is clicked on: it opens our form with that page's address and the selected words."""
    return (
        "javascript:(()=>{const w=String(window.getSelection()).slice(0,1500);"
        f"window.open('{address}?url='+encodeURIComponent(location.href)"
        "+(w?'&words='+encodeURIComponent(w):''),'_blank','noopener')})()"
    )
