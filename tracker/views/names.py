"""The names that are offered while one is typed: options for the fields that take a speaker."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from tracker import search
from tracker.models import Speaker

from .methods import reading_only

__all__ = ["names"]

_MOST = 10
_LONGEST = 200  # characters; no name is longer


@dataclass(frozen=True, slots=True)
class Offer:
    """A speaker's name, and what tells them from others."""

    name: str
    told_by: str


@reading_only
def names(request: HttpRequest) -> HttpResponse:
    """Speakers with quotes whose name or alias is being typed, the most quoted first. The field is `q` or `speaker`."""
    typed = (request.GET.get("q") or request.GET.get("speaker") or "").strip()
    response = render(request, "speakers/_names.html", {"offers": _offers(typed)})
    patch_cache_control(response, private=True, max_age=60)
    response["X-Robots-Tag"] = "noindex"
    return response


def _offers(typed: str) -> list[Offer]:
    if len(typed) > _LONGEST:
        return []
    ids = search.speakers_named(typed, most=_MOST)
    found: dict[int, tuple[str, str, list[str]]] = {}
    asked = Speaker.objects.filter(pk__in=ids).order_by("aliases__id")
    for pk, name, description, alias in asked.values_list(
        "pk", "name", "description", "aliases__name"
    ):
        found.setdefault(pk, (name, description, []))[2].append(alias or "")
    return [Offer(found[pk][0], _told_by(typed, *found[pk])) for pk in ids if pk in found]


def _told_by(typed: str, name: str, description: str, aliases: list[str]) -> str:
    """The alias that is being typed, unless it is the name, and the description.

    A browser shows only those options that hold what is typed, letter by letter. So where name and
    alias have other accents, or the words in another order, it is repeated as it was typed.
    """
    called = "" if search.is_named(typed, name) else _alias(typed, aliases)
    told = [part for part in (called, description) if part]
    if typed.casefold() not in " ".join([name, *told]).casefold():
        told.insert(0, typed)
    return " · ".join(told)


def _alias(typed: str, aliases: list[str]) -> str:
    return next((alias for alias in aliases if search.is_named(typed, alias)), "")
