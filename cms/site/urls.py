"""Addresses of the site that are no pages: what robots and browsers ask for."""

from django.urls import path, re_path
from django.views.generic import RedirectView, TemplateView
from wagtail.contrib.sitemaps import views as sitemaps

from cms.site.cards import views as cards
from cms.site.catalogue.serving import serve as catalogue
from cms.site.complaint import views as complaints
from cms.site.ended_funds.views import ended_funds
from cms.site.media import rendition
from cms.site.open_data import views as open_data
from cms.site.report_a_need import views as report_a_need
from cms.site.sitemaps import SITEMAPS
from cms.site.style_guide import style_guide

urlpatterns = [
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("favicon.ico", RedirectView.as_view(url="/static/cms/favicon.svg", permanent=True)),
    path(
        "sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("cards/page-<int:pk>.png", cards.page_card, name="page_card"),
    path("cards/organisation-<int:pk>.png", cards.organisation_card, name="organisation_card"),
    path("cards/<slug:number>.png", cards.project_card, name="project_card"),
    path("complaint/", complaints.complaint, name="complaint"),
    path("style-guide/", style_guide, name="style_guide"),
    path("open-data/files/<slug:name>.<slug:form>", open_data.file, name="open_data_file"),
    path("open-data/releases.atom", open_data.ReleaseFeed(), name="open_data_releases"),
    path("media/images/<path:name>", rendition, name="rendition"),
    path("open-data/ended-funds/", ended_funds, name="ended_funds"),
    path("report-a-need/", report_a_need.report, name="report_a_need"),
    path("track/", report_a_need.track, name="track"),
    re_path(r"^projects/((?:[\w\-]+/)*)$", catalogue),
]
