"""The project catalogue: one page with two routes over the published projection."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
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

    @cached_property
    def url(self) -> str | None:
        """The path of the list, worked out once: every card and every filter asks for it."""
        return self.get_url()  # type: ignore[no-any-return]

    @path("")
    def list(self, request: HttpRequest) -> HttpResponse:
        """Show the projects that pass the filters in the address."""
        from cms.site.catalogue.views import project_list

        return project_list(request, page=self)

    @re_path(r"^feed/(?P<form>rss|atom)/$")
    def feed(self, request: HttpRequest, form: str) -> HttpResponse:
        """Tell the newest projects that pass the filters in the address."""
        from cms.site.catalogue.feeds import feed

        return feed(request, page=self, form=form)

    @path("calendar/")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """Tell until when help is hoped for."""
        from cms.site.catalogue.feeds import calendar

        return calendar(request, page=self)

    @path("compare/")
    def compare(self, request: HttpRequest) -> HttpResponse:
        """Show chosen projects side by side."""
        from cms.site.catalogue.choosing import compare

        return compare(request, page=self)

    @path("saved/")
    def saved(self, request: HttpRequest) -> HttpResponse:
        """Show what is kept for later."""
        from cms.site.catalogue.choosing import saved

        return saved(request, page=self)

    @path("suggest/")
    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Offer words while somebody types."""
        from cms.site.catalogue.suggesting import suggest

        return suggest(request)

    @re_path(r"^(?P<number>[0-9A-Za-z]{1,12})/calendar/$")
    def one_calendar(self, request: HttpRequest, number: str) -> HttpResponse:
        """Tell until when help is hoped for, of one project."""
        from cms.site.catalogue.views import project_calendar

        return project_calendar(request, page=self, number=number)

    @re_path(r"^(?P<number>[0-9A-Za-z]{1,12})/$")
    def detail(self, request: HttpRequest, number: str) -> HttpResponse:
        """Show one project."""
        from cms.site.catalogue.views import project_detail

        return project_detail(request, page=self, number=number)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> Any:
        """Name the catalogue itself; projects come and go too fast for a sitemap of pages."""
        return super().get_sitemap_urls(request)
