"""The files of open data, and the feed of their releases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.site.open_data import rows
from cms.site.open_data.catalogue import (
    FORM_CHANGES,
    LICENCE,
    LICENCE_ADDRESS,
    PROJECT_FIELDS,
    VERSION,
    version_on,
)
from cms.site.open_data.files import as_csv, as_json, flattened
from cms.site.open_data.services_directory import organisations
from matching.models import PublicGrant, Release

MOST_IN_FEED = 50
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
Lines = Iterator[str]
GRANT_COLUMNS = (
    "id", "title", "description", "currency", "amountAwarded", "awardDate", "dateModified",
    "fundingOrganization/0/id", "fundingOrganization/0/name", "recipientIndividual/id", "recipientIndividual/name",
    "toIndividualsDetails/primaryGrantReason", "toIndividualsDetails/grantPurpose/0",
    "beneficiaryLocation/0/name", "beneficiaryLocation/0/countryCode", "beneficiaryLocation/0/geoCode",
    "grantProgramme/0/code", "grantProgramme/0/title",
)  # fmt: skip


@require_safe
def file(request: HttpRequest, name: str, form: str) -> StreamingHttpResponse:
    """Stream one file; what is withdrawn is in none of them, so none may be kept by a cache."""
    write = _FILES.get((name, form))
    if write is None:
        raise Http404
    answer = StreamingHttpResponse(write(), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["Link"] = f'<{LICENCE_ADDRESS}>; rel="license"'
    patch_cache_control(answer, no_cache=True)
    return answer


@dataclass(frozen=True)
class Told:
    """One entry of the feed."""

    title: str
    words: str
    link: str
    at: datetime


class ReleaseFeed(Feed):  # type: ignore[type-arg]  # its generic parameters are types of the stubs alone
    """The releases of the figures and the changes of the files' form, newest first."""

    feed_type = Atom1Feed
    title = gettext_lazy("Acute Difficulty Relief+: releases of open data")
    link = "/open-data/"
    subtitle = gettext_lazy("A new release of the figures every week, and changes of the files' form.")

    def items(self) -> list[Told]:
        """Return the latest releases and every change of the form."""
        told = [_told_release(release) for release in Release.objects.all()[:MOST_IN_FEED]]
        changes = [
            Told(
                _("Form %(version)s of the files") % {"version": change.version},
                _(change.words),
                f"/open-data/#form-{change.version}",
                timezone.make_aware(datetime.combine(change.day, time())),
            )
            for change in FORM_CHANGES
        ]
        return sorted([*told, *changes], key=lambda entry: entry.at, reverse=True)

    def item_title(self, item: Told) -> str:
        """Name what is told."""
        return item.title

    def item_description(self, item: Told) -> str:
        """Say what changed, or how a release is recognised."""
        return item.words

    def item_link(self, item: Told) -> str:
        """Lead to the page of open data."""
        return item.link

    def item_updateddate(self, item: Told) -> datetime:
        """Return when it was made."""
        return item.at


def _told_release(release: Release) -> Told:
    day = timezone.localdate(release.at)
    words = {"version": version_on(day), "digest": release.digest}
    return Told(
        _("Release %(number)s of %(day)s") % {"number": release.number, "day": f"{day:%Y-%m-%d}"},
        _("Form %(version)s, digest %(digest)s") % words,
        f"/open-data/#release-{release.number}",
        release.at,
    )


def _around(**more: object) -> dict[str, object]:
    return {"version": VERSION, "license": LICENCE, **more}


def _release() -> Release:
    release = Release.objects.first()
    if release is None:
        raise Http404
    return release


def _release_facts(release: Release) -> dict[str, object]:
    return _around(release=release.number, released_at=release.at.isoformat(), digest=release.digest)


def _statistics(form: str) -> Lines:
    release = _release()
    told = rows.statistics(release)
    if form == "csv":
        return as_csv(told, ("table", "key", "value"))
    return as_json(told, around=_release_facts(release), within="statistics")


def _unmet(form: str) -> Lines:
    release = _release()
    told = rows.unmet(release)
    if form == "csv":
        return as_csv(told, ("region", "reason", "items"))
    return as_json(told, around=_release_facts(release), within="unmet")


def _grants(form: str) -> Lines:
    """Return the file of grants. A package without any is none (360Giving asks for one at least): not found."""
    if not PublicGrant.objects.exists():
        raise Http404
    if form == "csv":
        return as_csv(map(flattened, rows.grants()), GRANT_COLUMNS)
    return as_json(rows.grants(), around={"version": "1.4", "license": LICENCE_ADDRESS}, within="grants")


_FILES: dict[tuple[str, str], Callable[[], Lines]] = {
    ("projects", "csv"): lambda: as_csv(rows.projects(), PROJECT_FIELDS),
    ("projects", "json"): lambda: as_json(rows.projects(), around=_around(), within="projects"),
    ("grants", "csv"): lambda: _grants("csv"),
    ("grants", "json"): lambda: _grants("json"),
    ("organisations", "json"): lambda: as_json(organisations(), around=_around(), within="organizations"),
    ("statistics", "csv"): lambda: _statistics("csv"),
    ("statistics", "json"): lambda: _statistics("json"),
    ("unmet", "csv"): lambda: _unmet("csv"),
    ("unmet", "json"): lambda: _unmet("json"),
}
