"""An invented catalogue of any size: projects in the gate's own words, told as coarsely as the gate might."""

import random
from dataclasses import dataclass
from datetime import date

from django.db import connection

from jiujinan.codes import (
    CATEGORY_KINDS,
    CAUSE_GROUPS,
    WIDE_AMOUNT_BANDS,
    AmountBand,
    Cause,
    ItemCategory,
    ItemKind,
    Tier,
)
from jiujinan.regions.models import Region
from needs import guards
from needs.anonymise.compose import compose
from needs.anonymise.lattice import Generalised
from needs.anonymise.wording import Words
from needs.catalogue import engine
from needs.models import ProgressUpdate, Project, ProjectItem
from tests.town import NOW

PROVINCE = "990000"
CITIES = {"990100": "云川市", "990200": "松岭市", "990300": "白沙市"}
COUNTIES = {
    "990121": "青禾县", "990122": "临溪县", "990123": "石桥县", "990221": "松阳县", "990222": "长滩县",
    "990223": "竹溪县", "990321": "白沙县", "990322": "梅岭县", "990323": "沙湾县",
}  # fmt: skip
USUAL = {
    Cause.ILLNESS: (ItemCategory.MEDICAL, ItemCategory.ESCORT, ItemCategory.CARE, ItemCategory.REHABILITATION),
    Cause.DISABILITY: (ItemCategory.MEDICAL_DEVICES, ItemCategory.REHABILITATION, ItemCategory.SOCIAL_INCLUSION),
    Cause.ACCIDENT: (ItemCategory.MEDICAL, ItemCategory.LEGAL_AID, ItemCategory.LIVING),
    Cause.DISASTER: (ItemCategory.BEDDING, ItemCategory.HOUSING, ItemCategory.CLOTHING, ItemCategory.APPLIANCES),
    Cause.SCHOOLING: (ItemCategory.SCHOOLING, ItemCategory.SCHOOL_SUPPLIES, ItemCategory.TUTORING),
    Cause.UNEMPLOYMENT: (ItemCategory.EMPLOYMENT, ItemCategory.LIVING, ItemCategory.FOOD, ItemCategory.UTILITIES),
    Cause.BEREAVEMENT: (ItemCategory.FUNERAL, ItemCategory.COUNSELLING, ItemCategory.COMFORT),
    Cause.CARE: (ItemCategory.CARE, ItemCategory.COMFORT, ItemCategory.NEEDS_SURVEY),
    Cause.HOUSING: (ItemCategory.HOUSING, ItemCategory.UTILITIES, ItemCategory.APPLIANCES),
    Cause.OTHER: (ItemCategory.HARDSHIP_HELP, ItemCategory.LIVING, ItemCategory.FOOD),
}  # fmt: skip
URGENCY = {Tier.CRITICAL: 0, Tier.JOINT: 1, Tier.DEPARTMENTAL: 2}
BATCH = 2000


@dataclass(frozen=True)
class Told:
    """What is publicly told of one project: what the judges of a search go by."""

    number: str
    region: str
    cause: str
    group: str
    categories: frozenset[str]
    kinds: frozenset[str]
    tier: str


def build_regions() -> None:
    """Write the invented province."""
    rows = [(PROVINCE, "华云省", "province", None)]
    rows += [(code, name, "prefecture", PROVINCE) for code, name in CITIES.items()]
    rows += [(code, name, "county", code[:4] + "00") for code, name in COUNTIES.items()]
    for code, name, level, parent in rows:
        Region.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "level": level,
                "parent_id": parent,
                "source": "invented",
                "updated_at": NOW,
            },
        )


def build_world(count: int, *, seed: int = 7) -> dict[str, Told]:
    """Write so many public projects past the gate, whose guards stand aside meanwhile; return what each tells."""
    build_regions()
    dice = random.Random(seed)
    told: dict[str, Told] = {}
    guards.remove(connection)
    for start in range(0, count, BATCH):
        made = [_made(dice) for _ in range(min(BATCH, count - start))]
        projects = [project for project, _ in made]
        Project.objects.bulk_create(projects)
        items = [item for project, said in made for item in _items(project, said)]
        ProjectItem.objects.bulk_create(items)
        ProgressUpdate.objects.bulk_create(
            ProgressUpdate(project=project, kind="published", month=project.published_month, seq=1)
            for project in projects
        )
        engine.index_projects(projects)
        told |= {project.number: _told(project, said) for project, said in made}
    guards.install(connection)
    return told


def _made(dice: random.Random) -> tuple[Project, Generalised]:
    cause, tier, band = dice.choice(list(Cause)), dice.choice(list(Tier)), dice.choice(list(AmountBand))
    wanted = dice.sample(USUAL[cause], dice.choice([1, 1, 2]))
    coarse = dice.random() < 0.15
    said = Generalised(
        region=dice.choice(list(COUNTIES)),
        region_level=0,
        cause=None if coarse else cause,
        cause_group=CAUSE_GROUPS[cause],
        age_band=None,
        wide_age_band=None,
        trait=None,
        amount_band=None if coarse else band,
        wide_amount_band=WIDE_AMOUNT_BANDS[band],
        categories=frozenset() if coarse else frozenset(wanted),
        kinds=frozenset(CATEGORY_KINDS[category] for category in wanted),
        tier=tier,
    )
    number = "".join(dice.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))
    name = COUNTIES[said.region]
    words = compose(said, region=Words(name, name), seed=int(number, 36))
    month = date(2026, dice.randint(4, 7), 1)
    project = Project(
        number=number,
        state="published",
        region_id=said.region,
        cause=said.cause or "",
        cause_group=said.cause_group or "",
        tier=tier,
        urgency=URGENCY[tier],
        amount_band=said.amount_band or said.wide_amount_band or "",
        title_zh=words.title_zh,
        title_en=words.title_en,
        description_zh=words.description_zh,
        description_en=words.description_en,
        published_month=month,
        updated_month=month,
        covered_percent=dice.choice([0, 0, 0, 10, 20, 50, 80, 100]),
        content_hash="0" * 64,
    )
    return project, said


def _items(project: Project, said: Generalised) -> list[ProjectItem]:
    asked = [(CATEGORY_KINDS[category].value, category.value) for category in sorted(said.categories)]
    asked = asked or [(kind.value, "") for kind in ItemKind if kind in said.kinds]
    return [
        ProjectItem(project=project, place=place, kind=kind, category=category)
        for place, (kind, category) in enumerate(asked, start=1)
    ]


def _told(project: Project, said: Generalised) -> Told:
    return Told(
        project.number,
        project.region_id,
        project.cause,
        project.cause_group,
        frozenset(category.value for category in said.categories),
        frozenset(kind.value for kind in said.kinds),
        project.tier,
    )
