"""stub."""

from django.http import HttpRequest, HttpResponse


def overview(request: HttpRequest) -> HttpResponse:
    """Stub."""
    return HttpResponse("")
