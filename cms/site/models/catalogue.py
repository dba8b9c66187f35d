"""The project catalogue: one page with two routes over the published projection."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path

from cms.site.models.bilingual import BilingualPage


class CatalogueIndexPage(RoutablePageMixin, BilingualPage):
    """`/projects/` lists what stands in public, `/projects/<number>/` shows one project."""

    max_count = 1
    parent_page_types: ClassVar = ["site.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("project catalogue")

    @path("")
    def list(self, request: HttpRequest) -> HttpResponse:
        """Show the projects that pass the filters in the address."""
        from cms.site.catalogue.views import project_list

        return project_list(request, page=self)

    @re_path(r"^(?P<number>[0-9A-Za-z]{1,12})/$")
    def detail(self, request: HttpRequest, number: str) -> HttpResponse:
        """Show one project."""
        from cms.site.catalogue.views import project_detail

        return project_detail(request, page=self, number=number)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> Any:
        """Name the catalogue itself; projects come and go too fast for a sitemap of pages."""
        return super().get_sitemap_urls(request)
