"""Pages that show figures: an editor writes the introduction, the latest release fills in the numbers."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.site.models.bilingual import BilingualPage
from cms.site.open_data.catalogue import DATASETS, FORM_CHANGES, VERSION
from cms.site.statistics import reading
from matching.models import PublicGrant, Release

RELEASES_SHOWN = 12


class StatisticsPage(BilingualPage):
    """Charts, each with a sentence and a table, all from one release."""

    template = "site/statistics.html"
    max_count = 1
    parent_page_types: ClassVar = ["site.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("statistics page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the latest release's charts, in constant queries."""
        release = reading.latest_release()
        context: dict[str, Any] = {**super().get_context(request, *args, **kwargs), "release": release}
        if release is not None:
            context["charts"] = reading.charts(release)
            context["tiles"] = reading.province_tiles(release)
            context["places_sentence"] = reading.places_sentence(release)
            context["provinces"] = reading.province_rows(release)
            context["unmet"] = reading.unmet(release)
        return context


class OpenDataPage(BilingualPage):
    """What can be taken away: files, their fields, licence and versions."""

    template = "site/open_data.html"
    max_count = 1
    parent_page_types: ClassVar = ["site.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("open data page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the datasets, those that have no file yet, the latest releases and the changes of the form."""
        waiting = set() if PublicGrant.objects.exists() else {"grants"}
        if not Release.objects.exists():
            waiting |= {"statistics", "unmet"}
        return {
            **super().get_context(request, *args, **kwargs),
            "datasets": DATASETS,
            "waiting": waiting,
            "version": VERSION,
            "changes": FORM_CHANGES,
            "releases": Release.objects.all()[:RELEASES_SHOWN],
        }
