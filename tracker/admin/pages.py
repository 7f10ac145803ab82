"""The desk's form for the pages that it writes itself: about, method, contact. They are shown as they are typed."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.flatpages.admin import FlatPageAdmin
from django.contrib.flatpages.forms import FlatpageForm
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

__all__ = ["PageAdmin"]

_LONGEST = 100_000
_TAGS = frozenset(
    [
        "h2",
        "h3",
        "h4",
        "p",
        "br",
        "hr",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "q",
        "cite",
        "code",
        "pre",
        "em",
        "strong",
        "b",
        "i",
        "a",
        "abbr",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
_ATTRIBUTES = frozenset(["href", "title", "lang", "dir", "id", "scope"])
_LINKS = ("https://", "http://", "mailto:", "/", "#", "?")


class _Refusal(Exception):
    pass


class _Reader(HTMLParser):
    """Stops at the first thing that is more than text with headings, lists, tables and links."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise _Refusal(_t("The tag <%s> cannot stand in a page.") % tag)
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                raise _Refusal(_t("The attribute “%s” cannot stand in a page.") % name)
            if name == "href" and not (value or "").lower().startswith(_LINKS):
                raise _Refusal(_t("The link “%s” does not begin with https:// or /.") % value)

    def handle_comment(self, data: str) -> None:
        raise _Refusal(_t("A comment or declaration cannot stand in a page."))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


class _PageForm(FlatpageForm):
    def clean_content(self) -> str:
        """Nothing is dropped silently from the desk's own text: what cannot stand there is named."""
        content = str(self.cleaned_data["content"])
        if len(content) > _LONGEST:
            raise ValidationError(_("A page has at most %(n)d characters."), params={"n": _LONGEST})
        reader = _Reader()
        try:
            reader.feed(content)
            reader.close()
        except _Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return content


class PageAdmin(FlatPageAdmin):
    form = _PageForm

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "sites": [Site.objects.get_current().pk],
            **super().get_changeform_initial_data(request),
        }

    def get_view_on_site_url(self, obj: FlatPage | None = None) -> str | None:
        return obj.get_absolute_url() if obj else None
