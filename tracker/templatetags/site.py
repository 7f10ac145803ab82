"""What every page says of the site itself: its name, its own addresses, its contact, its other languages.

Asks the database for the pages about the site only; touches neither session nor user, so that
public pages set no cookie.
"""

from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.core.cache import cache
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag
def desk_language() -> str:
    """The language that the desk writes its own pages in."""
    return str(settings.LANGUAGE_CODE)


@register.simple_tag
def contact_email() -> str:
    return str(settings.CONTACT_EMAIL)


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """The full address of this page without its query string; '' where no request is known."""
    request = context.get("request")
    return settings.BASE_URL + iri_to_uri(request.path) if request else ""


@register.simple_tag(takes_context=True)
def report_error_url(context: Context) -> str:
    """A mailto (RFC 6068) whose subject names this page."""
    subject = _("Error on %(page)s") % {"page": canonical_url(context) or settings.SITE_NAME}
    return f"mailto:{settings.CONTACT_EMAIL}?{urlencode({'subject': subject}, quote_via=quote)}"


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """Where this page is had in another language."""
    request = context.get("request")
    here = request.get_full_path() if request else "/"
    return f"{reverse('language', args=[code])}?{urlencode({'next': here})}"


@register.simple_tag(takes_context=True)
def current(context: Context, name: str, *section: str) -> str:
    """The attribute `aria-current` of a link to the page called `name`: "page" on that page itself,
    "true" on the others of its section (WAI-ARIA 1.2), and none elsewhere."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.url_name if match else None
    if here != name and here not in section:
        return ""
    return format_html(' aria-current="{}"', "page" if here == name else "true")


@register.simple_tag
def about_pages() -> list[FlatPage]:
    """The pages about the site that the desk edits, by address; as they were within the last minute."""
    found: list[FlatPage] = cache.get_or_set("about-pages", _about_pages, 60)  # type: ignore[assignment]
    return found


def _about_pages() -> list[FlatPage]:
    pages = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
    return list(pages.filter(url__startswith="/about/").only("url", "title").order_by("url"))


@register.simple_tag
def corrections_page() -> FlatPage | None:
    """The desk's page on how mistakes are put right, if it has one."""
    return next((page for page in about_pages() if page.url == "/about/corrections/"), None)


@register.simple_block_tag
def one_line(content: str) -> str:
    """What stands between the tags, on one line: for titles and attributes."""
    return mark_safe(" ".join(content.split()))  # noqa: S308 - what was rendered is escaped already


@register.simple_tag(takes_context=True)
def again(context: Context, block: str) -> str:
    """What the page put into one of its blocks, a second time and on one line: its title for a preview, too."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    found = blocks.get_block(block) if blocks else None
    return one_line(found.render(context)) if found else ""
