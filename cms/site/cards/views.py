"""The address of a project's picture. What left the public has none, whatever a cache kept."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.site.cards.drawing import Card, drawn
from cms.site.cards.fonts import face
from needs.models import Project
from needs.states import ProjectState

KEPT_SECONDS = 3600
GONE = 410


@require_safe
def project_card(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the project's picture in the reader's language; 410 once it is withdrawn or closed."""
    project = get_object_or_404(Project.objects.select_related("region__parent"), number=number.upper())
    if project.state != ProjectState.PUBLISHED:
        return HttpResponse(status=GONE)
    writes_chinese = face(32)[1]
    with translation.override(translation.get_language() if writes_chinese else "en"):
        card = _card_of(project, named=writes_chinese)
    key = f"card:{hashlib.sha256(repr(card).encode()).hexdigest()}"
    picture = cache.get(key)
    if picture is None:
        picture = drawn(card)
        cache.set(key, picture, KEPT_SECONDS)
    response = HttpResponse(picture, content_type="image/png")
    response["ETag"] = f'"{key[5:21]}"'
    response["Cache-Control"] = "no-cache"
    return response


def _card_of(project: Project, *, named: bool) -> Card:
    """Return what the picture shows; without a typeface for Chinese the place is left to its code."""
    region = project.region
    place = f"{region.parent.name} {region.name}" if region.parent else region.name
    shares = {"covered": project.covered_percent, "delivered": project.fulfilled_percent}
    words = _("%(covered)d%% committed, %(delivered)d%% delivered") % shares
    return Card(
        brand=_("Acute Difficulty Relief+"),
        place=place if named else f"GB/T 2260: {region.code}",
        title=project.title,
        words=words,
        **shares,
    )
