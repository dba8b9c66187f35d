"""The words of Wagtail's scripts: its own catalogue, and ours where its Chinese lacks them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response


class Catalogue(JavaScriptCatalog):
    """Django reads the catalogues of packages alone here; the project's come last, so they are heard first."""

    def get_paths(self, packages: list[str]) -> list[str]:
        """Return the folders of catalogues in the order in which they are laid over one another."""
        return [*super().get_paths(packages), *(str(path) for path in settings.LOCALE_PATHS)]


def catalogue(request: HttpRequest) -> HttpResponse:
    """Answer in the language that the person chose in the admin."""
    response: HttpResponse = get_localized_response(Catalogue.as_view(packages=["wagtail.admin"]), request)
    return response
