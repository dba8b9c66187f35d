"""The catalogue's addresses, answered without walking Wagtail's tree anew for each of a hundred thousand pages."""

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.views import serve as serve_from_tree

from cms.site.models import CatalogueIndexPage

KEY = "catalogue-page"
REMEMBERED_SECONDS = 60  # what editors change shows within a minute, as in the menu
ADDRESS = "/projects/"


def serve(request: HttpRequest, below: str) -> HttpResponseBase:
    """Answer an address below the catalogue's; leave it to Wagtail where the page is not simply open to everybody."""
    page = _open_page()
    if page is None:
        return serve_from_tree(request, f"{ADDRESS[1:]}{below}")  # type: ignore[no-any-return]
    found = page.route(request, [part for part in below.split("/") if part])
    response: HttpResponseBase = found.page.serve(request, *found.args, **found.kwargs)
    return response


def _open_page() -> CatalogueIndexPage | None:
    """Return the page if it is live, where it is expected, and restricted to nobody."""
    page: CatalogueIndexPage | None = cache.get(KEY)
    if page is None:
        page = CatalogueIndexPage.objects.live().public().first()
        if page is None or page.url != ADDRESS:
            return None
        cache.set(KEY, page, REMEMBERED_SECONDS)
    return page
