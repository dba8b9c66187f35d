"""The only writer of what the public sees: a project is prepared unseen, bound to its hash, and shown or taken out."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from jiujinan.codes import Tier
from jiujinan.regions.models import Region
from jiujinan.regions.romanising import INVENTED_IN_ENGLISH, english
from needs.anonymise.compose import compose
from needs.anonymise.lattice import Generalised
from needs.anonymise.wording import Words
from needs.catalogue.engine import index_project, withdraw_project
from needs.guards.rules import CONTENT, ITEM_CONTENT
from needs.models import Need, NeedItem, Project, ProjectItem
from needs.models.project import fresh_number
from needs.services.projection import month_of
from needs.states import PROJECT_ACTS, ProjectState

URGENCY = {Tier.CRITICAL: 0, Tier.JOINT: 1, Tier.DEPARTMENTAL: 2}
URGENCY_NOT_SAID = URGENCY[Tier.JOINT]


def content_hash(project: Project, items: Sequence[ProjectItem]) -> str:
    """Return the SHA-256 (hex) of everything that a decision lets through; one changed byte voids it.

    The database computes the same (`needs.guards.rules`): each value as `length:value`, in a fixed order.
    """
    values = [getattr(project, column) for column in CONTENT]
    for item in sorted(items, key=lambda item: item.place):
        values += [getattr(item, column) for column in ITEM_CONTENT]
    texts = ["" if value is None else str(value) for value in values]
    return hashlib.sha256("".join(f"{len(text)}:{text}" for text in texts).encode()).hexdigest()


def prepare(
    *, need: Need, said: Generalised, told: str = "", now: datetime
) -> tuple[Project, dict[str, int]]:
    """Write a new project that nobody sees yet; return it with the place of each of the need's items.

    `told` is a masked text that two people confirmed (`needs.services.telling.told_text`), put after the
    composed words.
    """
    project = Project(number=fresh_number(), published_month=month_of(now), updated_month=month_of(now))
    _say(project, said)
    if told:
        project.description_zh = f"{project.description_zh}\n\n{told}"
    places, items = _items(project, need, said)
    project.content_hash = content_hash(project, items)
    project.save(force_insert=True)
    ProjectItem.objects.bulk_create(items)
    return project, places


def retell(*, project: Project, need: Need, said: Generalised) -> dict[str, int]:
    """Take a public project back into preparation and tell it more coarsely; return the places of the items."""
    project.state = PROJECT_ACTS["prepare"].apply(project.state)
    project.save(update_fields=["state"])
    _say(project, said)
    places, items = _items(project, need, said)
    project.content_hash = content_hash(project, items)
    project.save()
    project.items.all().delete()
    ProjectItem.objects.bulk_create(items)
    if not said.categories:
        project.updates.exclude(category="").update(category="")
    return places


def show(*, project: Project) -> None:
    """Put a prepared project before the public and into the index; its decision must stand already."""
    project.state = PROJECT_ACTS["show"].apply(project.state)
    project.save(update_fields=["state"])
    index_project(project)


def take_out(*, project: Project, act: str) -> None:
    """Withdraw or close the project, unless the database has done so already, and empty the index of it."""
    if project.state not in {ProjectState.WITHDRAWN, ProjectState.CLOSED}:
        project.state = PROJECT_ACTS[act].apply(project.state)
        project.save(update_fields=["state"])
    withdraw_project(project.number)


def _say(project: Project, said: Generalised) -> None:
    """Fill in everything that the public reads. It follows from what may be said and the number: nothing else."""
    region = Region.objects.get(pk=said.region)
    words = compose(said, region=_named(region), seed=int(project.number, 36))
    project.region = region
    project.cause, project.cause_group = said.cause or "", said.cause_group or ""
    project.tier = said.tier or ""
    project.urgency = URGENCY[said.tier] if said.tier else URGENCY_NOT_SAID
    project.amount_band = said.amount_band or said.wide_amount_band or ""
    project.title_zh, project.title_en = words.title_zh, words.title_en
    project.description_zh, project.description_en = words.description_zh, words.description_en


def _items(project: Project, need: Need, said: Generalised) -> tuple[dict[str, int], list[ProjectItem]]:
    """Return which place each item stands at, and the project's items: by category if it is said, else by kind."""
    shown: dict[tuple[str, str], ProjectItem] = {}
    places = {}
    for item in NeedItem.objects.filter(need=need).order_by("kind", "category", "pk"):
        category = item.category if said.categories else ""
        key = (item.kind, category)
        if key not in shown:
            shown[key] = ProjectItem(project=project, place=len(shown) + 1, kind=item.kind, category=category)
        places[str(item.pk)] = shown[key].place
    return places, list(shown.values())


def _named(region: Region) -> Words:
    """Return a division's name for either text; in English with the Chinese beside it."""
    roman = english(region.name, region.code)
    return Words(
        region.name, f"{roman.removesuffix(INVENTED_IN_ENGLISH)} ({region.name})" if roman else region.name
    )
