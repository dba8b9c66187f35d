"""What search engines may find: pages, projects in public, profiles. What left the public is in none of them."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from cms.site.organisations.listing import public_organisations
from jiujinan.accounts.models import Organisation
from needs.models import Project

MOST_IN_ONE = 5000  # the protocol allows 50,000; a smaller file is made faster


class PublicPageSitemap(PageSitemap):
    """The live pages, under the address that was asked for; Wagtail would name the host of its own table."""

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        urls: list[dict[str, Any]] = super()._urls(page, protocol, domain)
        for one in urls:
            one["location"] = self.request.build_absolute_uri(urlsplit(one["location"]).path)
        return urls


class ProjectSitemap(Sitemap[Project]):
    """The projects that stand in public now."""

    limit = MOST_IN_ONE
    changefreq = "weekly"

    def items(self) -> QuerySet[Project]:
        """Return the projects, in an order that holds while others come and go."""
        return Project.objects.public().order_by("number").only("number", "updated_month")

    def location(self, item: Project) -> str:
        """Return the project's path."""
        return f"/projects/{item.number}/"

    def lastmod(self, item: Project) -> date:
        """Return the month of its last change; no finer day is public."""
        return item.updated_month


class OrganisationSitemap(Sitemap[Organisation]):
    """The profiles of the verified social forces."""

    limit = MOST_IN_ONE

    def items(self) -> QuerySet[Organisation]:
        """Return the organisations."""
        return public_organisations().order_by("pk")

    def location(self, item: Organisation) -> str:
        """Return the profile's path."""
        return f"/organisations/{item.pk}/"


SITEMAPS = {"pages": PublicPageSitemap, "projects": ProjectSitemap, "organisations": OrganisationSitemap}
