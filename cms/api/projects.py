"""Published projects as the interface gives them."""

import base64
import binascii
from typing import Any

from django.db.models import Q
from ninja import Field, Schema

from jiujinan.regions.rules import is_well_formed, prefix
from needs.catalogue import engine
from needs.models import Project
from needs.models.project import ProjectQuerySet

PAGE_SIZE = 24
MOST_PAGE_SIZE = 100
LONGEST_SEARCH = 200
LONGEST_CURSOR = 60


class ProjectQuery(Schema):
    """What can be asked; a value that means nothing counts as not given."""

    q: str = Field("", description="Text in Chinese (simplified or traditional) or English")
    region: str = Field("", description="Six-digit division code (GB/T 2260); everything below it counts")
    cursor: str = Field("", description="`next` of the page before")
    size: int = Field(PAGE_SIZE, description=f"1 to {MOST_PAGE_SIZE}")


class Item(Schema):
    """One thing that is lacking; shares are whole percent."""

    kind: str
    category: str
    amount_band: str
    quantity: int | None
    covered_percent: int
    fulfilled_percent: int


class ProjectOut(Schema):
    """One project, as the public site shows it."""

    number: str
    title: str
    title_en: str
    description: str
    region: str
    region_name: str
    cause: str
    cause_group: str
    tier: str
    amount_band: str
    published: str
    updated: str
    covered_percent: int
    fulfilled_percent: int
    items: list[Item]


class ProjectPage(Schema):
    """One page of results."""

    count: int
    results: list[ProjectOut]
    next: str | None


def find_projects(query: ProjectQuery) -> dict[str, Any]:
    """Return one page: a count, the projects, and the cursor of the page after it."""
    found = Project.objects.public()
    if is_well_formed(query.region):
        found = found.filter(region__code__startswith=prefix(query.region))
    text = "".join(letter for letter in query.q if letter.isprintable()).strip()[:LONGEST_SEARCH]
    if text:
        found = engine.search(found, text)
    size = min(max(query.size, 1), MOST_PAGE_SIZE)
    rows = list(_after(found, query.cursor).select_related("region").prefetch_related("items")[: size + 1])
    return {
        "count": found.count(),
        "results": [_shown(row) for row in rows[:size]],
        "next": _cursor(rows[size - 1]) if len(rows) > size else None,
    }


def _after(projects: ProjectQuerySet, cursor: str) -> ProjectQuerySet:
    """Return the projects behind the cursor, in the order of urgency; a cursor that is none starts anew."""
    ordered = projects.urgent_first()
    place = _place(cursor)
    if place is None:
        return ordered
    urgency, covered, number = place
    return ordered.filter(
        Q(urgency__gt=urgency)
        | Q(urgency=urgency, covered_percent__gt=covered)
        | Q(urgency=urgency, covered_percent=covered, number__gt=number)
    )


def _cursor(project: Project) -> str:
    text = f"{project.urgency}.{project.covered_percent}.{project.number}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[int, int, str] | None:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        urgency, covered, number = text.split(".")
        place = int(urgency), int(covered), number
    except (binascii.Error, UnicodeError, ValueError):
        return None
    return place if 0 <= place[0] < 100 and 0 <= place[1] <= 100 and number.isalnum() else None


def _shown(project: Project) -> dict[str, Any]:
    return {
        "number": project.number,
        "title": project.title_zh,
        "title_en": project.title_en,
        "description": project.description_zh,
        "region": project.region_id,
        "region_name": project.region.name,
        "cause": project.cause,
        "cause_group": project.cause_group,
        "tier": project.tier,
        "amount_band": project.amount_band,
        "published": f"{project.published_month:%Y-%m}",
        "updated": f"{project.updated_month:%Y-%m}",
        "covered_percent": project.covered_percent,
        "fulfilled_percent": project.fulfilled_percent,
        "items": list(project.items.all()),
    }
