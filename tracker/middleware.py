"""Headers that neither Django nor django-csp sends. Decides nothing about pages or people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

__all__ = ["language_varies_by_cookie", "security_headers"]

# A reference site asks the browser for nothing; an embedded script gets nothing either.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add Cross-Origin-Resource-Policy (Fetch, section 3.7) and Permissions-Policy (W3C).

    A view that has set one of them already keeps its own value.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    return middleware


def language_varies_by_cookie(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Name the cookie in Vary (RFC 9110, 12.5.5), for the language that a reader chose stands in it.

    LocaleMiddleware reads that cookie and names Accept-Language alone: a cache in between would hand
    one reader's Korean page to the next reader.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware
