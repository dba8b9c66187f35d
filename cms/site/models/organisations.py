"""Public profiles of the social forces: one page with two routes over the verified organisations."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.site.models.bilingual import BilingualPage


class OrganisationsPage(RoutablePageMixin, BilingualPage):
    """`/organisations/` lists who takes part, `/organisations/<id>/` shows one of them."""

    template = "site/organisations.html"
    max_count = 1
    parent_page_types: ClassVar = ["site.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("organisations' profiles")

    @path("")
    def list(self, request: HttpRequest) -> HttpResponse:
        """Show the organisations, perhaps of one kind or by a part of the name."""
        from cms.site.organisations.listing import listing

        response: HttpResponse = self.render(request, context_overrides=listing(request.GET))
        return response

    @path("<int:number>/")
    def detail(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show one organisation."""
        from cms.site.organisations.profile import profile_of

        response: HttpResponse = self.render(
            request, context_overrides=profile_of(number), template="site/organisation.html"
        )
        return response
