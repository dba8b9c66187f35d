"""Finished pages of the catalogue, and its JSON, for those without an account: never older than the newest withdrawal.

A page is kept with the mark of the catalogue's entries from before it was made, and shown again only while no entry
was written since: one indexed query in the database itself, so no message that a cache could miss. No page says when
exactly it changed (that would tell when a household was helped, finer than the month): an ETag does, no Last-Modified.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_request

from needs.catalogue import entries

PREFIXES = ("/projects/", "/api/v1/projects")
NOT_KEPT = ("/projects/saved/",)
KEPT_SECONDS = 60  # what editors change shows within a minute
LONGEST_ADDRESS = 2000
DEPENDS_ON = ("Accept-Language", "Cookie")  # the language is told by either
HEADERS = (
    "Content-Type",
    "Content-Disposition",
    "Content-Language",
    "Vary",
    "X-Frame-Options",
    "Cache-Control",
    "ETag",
)
Answer = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished page, and until when it is true."""

    mark: str
    day: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class PageCache:
    """Answer from finished pages; everything else passes through."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Show the kept page if it is still true; else make it, and keep it."""
        if not request.path.startswith(PREFIXES):
            return self.get_response(request)
        if not _may_be_kept(request):
            return _told_to_one(self.get_response(request))
        key = _key(request)
        day = timezone.localdate().isoformat()
        kept: Kept | None = cache.get(key)
        if kept is not None and kept.day == day and not entries.has_changed_since(kept.mark):
            return _conditional(request, _shown(kept))
        mark = entries.current_mark()
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
            return response
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        patch_vary_headers(response, DEPENDS_ON)
        if "Cache-Control" not in response:
            patch_cache_control(response, no_cache=True)
        headers = tuple((name, response[name]) for name in HEADERS if name in response)
        cache.set(key, Kept(mark, day, headers, response.content), KEPT_SECONDS)
        return _conditional(request, response)


def _told_to_one(response: HttpResponseBase) -> HttpResponseBase:
    """Return the page with a word to every cache on its way that it is this reader's alone."""
    if "Cache-Control" not in response:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _may_be_kept(request: HttpRequest) -> bool:
    """Return whether nobody is signed in, nothing was said to this visitor, and the page is not about them."""
    if request.method not in {"GET", "HEAD"}:
        return False
    if request.path.startswith(NOT_KEPT) or len(request.get_full_path()) > LONGEST_ADDRESS:
        return False
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def _key(request: HttpRequest) -> str:
    """Return the key of everything that the page depends on."""
    htmx = request.headers.get("HX-Request", ""), request.headers.get("HX-History-Restore-Request", "")
    parts = (
        request.method,
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        get_language_from_request(request),
        *htmx,
    )
    return "page:" + hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _shown(kept: Kept) -> HttpResponse:
    response = HttpResponse(kept.body)
    for name, value in kept.headers:
        response[name] = value
    return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
