"""Puts into a page what lists are made of a hundred times: macros of Jinja2, which renders them several times faster."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.records import ClaimRow, QuoteRow

register = template.Library()

_jinja = Environment(
    loader=FileSystemLoader(settings.BASE_DIR / "templates"),
    autoescape=True,
    auto_reload=settings.DEBUG,
    undefined=StrictUndefined,
)
_jinja.globals["desk_language"] = settings.LANGUAGE_CODE  # what claims are written in


@register.simple_tag
def entries(
    rows: Iterable[QuoteRow], heading: str = "h2", compact: bool = False, whole: bool = False
) -> str:
    """Rows of quotes; `heading` is the level of their headings, `compact` for related quotes.

    With `whole` a button leads to the whole record.
    """
    button = _("The whole record") if whole else ""
    made = "".join([_entry(row, heading, compact, button) for row in rows])
    return mark_safe(f'<div class="entries">{made}</div>')  # noqa: S308 - each is escaped by its macro


@lru_cache(maxsize=1_000)
def _entry(row: QuoteRow, heading: str, compact: bool, whole: str) -> str:
    """One row. The same are asked for again and again, and a row says all that it is made from."""
    return str(part("entry", row, heading=heading, compact=compact, whole=whole))


@register.simple_tag
def claim_entries(rows: Iterable[ClaimRow], heading: str = "h2") -> str:
    """Rows of claims; `heading` is the level of their headings."""
    made = "".join([_claim_entry(row, heading, _("Earliest on record here:")) for row in rows])
    return mark_safe(f'<div class="entries">{made}</div>')  # noqa: S308 - each is escaped by its macro


@lru_cache(maxsize=1_000)
def _claim_entry(row: ClaimRow, heading: str, earliest: str) -> str:
    return str(part("claim_entry", row, heading=heading, earliest=earliest))


@register.simple_tag
def part(name: str, *args: Any, **kwargs: Any) -> str:
    """What the macro of that name in parts/entries.jinja makes; escaped, as Jinja2 does by itself here."""
    made: str = getattr(_jinja.get_template("parts/entries.jinja").module, name)(*args, **kwargs)
    return made
