"""The pages that editors keep. Projects are never pages: the catalogue shows them from their projection."""

from cms.site.models.articles import NewsIndexPage, NewsPage, StoryIndexPage, StoryPage
from cms.site.models.bilingual import BilingualPage
from cms.site.models.catalogue import CatalogueIndexPage
from cms.site.models.figures import OpenDataPage, StatisticsPage
from cms.site.models.organisations import OrganisationsPage
from cms.site.models.pages import HomePage, StandardPage
from cms.site.models.saved import SavedProject

__all__ = [
    "BilingualPage",
    "CatalogueIndexPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "OpenDataPage",
    "OrganisationsPage",
    "SavedProject",
    "StandardPage",
    "StatisticsPage",
    "StoryIndexPage",
    "StoryPage",
]
