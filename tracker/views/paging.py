"""Cuts a list into numbered pages. Counts nothing: whether there is a next page is all it asks."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

__all__ = ["Page", "page_of"]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page; `first` is the place of its first row in the whole list, counted from 1."""

    rows: list[Any]
    number: int
    first: int
    has_next: bool

    @property
    def is_all(self) -> bool:
        return self.number == 1 and not self.has_next

    @property
    def next_url(self) -> str:
        return f"?page={self.number + 1}" if self.has_next else ""

    @property
    def previous_url(self) -> str:
        return {1: "", 2: "?"}.get(self.number, f"?page={self.number - 1}")


def page_of(request: HttpRequest, found: QuerySet[Any], *, size: int = 50) -> Page:
    """The page that `?page=` asks for, the first without it. Raises Http404 for one that is not there."""
    asked = request.GET.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked):
        raise Http404
    number = int(asked)
    start = (number - 1) * size
    rows = list(found[start : start + size + 1])
    if number > 1 and not rows:
        raise Http404
    return Page(rows[:size], number, start + 1, len(rows) > size)
