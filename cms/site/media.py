"""Pictures of the site, served by the application itself where no web server stands before it.

Only renditions: they were drawn anew when they were made. Originals and documents are not reachable here; documents
have Wagtail's own view, which knows who may read them.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve

YEAR_SECONDS = 31_536_000


def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return one rendition; its name holds a digest of its content, so it is kept for a year."""
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT / "images"))
    patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
