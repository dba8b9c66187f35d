"""A few organisations and people with names, for the tests of the supply side."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from donors.models import Fund
from donors.services import create_fund
from jiujinan.accounts.models import Organisation, User
from jiujinan.regions.models import Region

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
TODAY = date(2026, 7, 6)
COUNTY = "990121"
NEIGHBOUR = "990122"


@dataclass(frozen=True)
class World:
    """Qingshan charity and its people; an enterprise, an agency, a partner and a station."""

    charity: Organisation
    enterprise: Organisation
    agency: Organisation
    partner: Organisation
    station: Organisation
    lin: User  # pays
    zhao: User  # approves


@transaction.atomic
def make_world() -> World:
    Region.objects.get_or_create(
        code=COUNTY,
        defaults={"name": "青山县", "level": Region.Level.COUNTY, "source": "test", "updated_at": NOW},
    )

    def organisation(name: str, kind: str) -> Organisation:
        return Organisation.objects.create(name=name, kind=kind, region_id=COUNTY)

    return World(
        charity=organisation("青山慈善会", "charity"),
        enterprise=organisation("明月食品公司", "enterprise"),
        agency=organisation("和风社工中心", "social_work_agency"),
        partner=organisation("海城市对口办", "partner"),
        station=organisation("南街爱心驿站", "goods_station"),
        lin=User.objects.create(username="lin", full_name="林会计"),
        zhao=User.objects.create(username="zhao", full_name="赵审批"),
    )


def make_fund(world: World, name: str = "青山助困基金", **charter: Any) -> Fund:
    terms = {"starts_on": date(2026, 1, 1), **charter}
    return create_fund(holder=world.charity, name=name, charter=terms, by=world.lin, now=NOW)
