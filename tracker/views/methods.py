"""Which methods a reader's page answers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

__all__ = ["reading_only"]


def reading_only(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    """GET and HEAD. Any other method gets 405 at once, rather than a question for a form's token."""
    return csrf_exempt(require_safe(view))
