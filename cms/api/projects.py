"""Published projects as the interface gives them: the catalogue's own search, as JSON."""

from datetime import date
from typing import Any

from ninja import Field, Schema

from cms.site.catalogue.filters import plain_text
from jiujinan.regions.romanising import english
from jiujinan.regions.rules import is_well_formed
from needs.catalogue import engine
from needs.catalogue.question import MOST_PAGE_SIZE, PAGE_SIZE, Question, Sort
from needs.models import Project


class ProjectQuery(Schema):
    """What can be asked; a value that means nothing counts as not given, a code that is none finds nothing."""

    q: str = Field("", description="Text in Chinese (simplified or traditional), pinyin or English")
    region: str = Field("", description="Six-digit division code (GB/T 2260); everything below it counts")
    tier: str = Field("", description="critical, joint or departmental")
    kind: str = Field("", description="cash, goods or service")
    category: str = Field("", description="What is needed: medical, schooling, counselling …")
    cause: str = Field("", description="Cause or group of causes: illness, schooling, health …")
    amount: str = Field("", description="under_5k, 5k_30k or over_30k (yuan)")
    force: str = Field("", description="Kind of organisation that can help: charity, enterprise …")
    left: str = Field("", description="over, this_month, next_month or later")
    sort: str = Field("", description="best (with q), urgent, new, gap, close or soon")
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
    region_name_en: str | None = Field(
        None, description="Romanised name; null where no reading of it can be trusted"
    )
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

    count: int = Field(description="How many projects answer in all: exactly those that the pages list")
    results: list[ProjectOut]
    next: str | None
    note: str = Field(description="How q was read: as_asked, corrected, broader, some_words or nothing")


def find_projects(query: ProjectQuery, *, today: date) -> dict[str, Any]:
    """Return one page: a count, the projects, and the cursor of the page after it."""
    answer = engine.find(_question(query, today))
    return {
        "count": answer.count,
        "results": [_shown(project) for project in engine.shown(answer)],
        "next": answer.after or None,
        "note": answer.note.value,
    }


def _question(query: ProjectQuery, today: date) -> Question:
    names = ("tier", "kind", "category", "cause", "amount", "force", "left")
    return Question(
        today=today,
        text=plain_text(query.q),
        region=query.region if is_well_formed(query.region) else "",
        sort=Sort(query.sort) if query.sort in set(Sort) else None,
        cursor=query.cursor,
        size=min(max(query.size, 1), MOST_PAGE_SIZE),
        **{name: getattr(query, name) for name in names},
    )


def _shown(project: Project) -> dict[str, Any]:
    return {
        "number": project.number,
        "title": project.title_zh,
        "title_en": project.title_en,
        "description": project.description_zh,
        "region": project.region_id,
        "region_name": project.region.name,
        "region_name_en": english(project.region.name, project.region_id),
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
