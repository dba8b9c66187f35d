"""The rows of each dataset, one generator each; files of any form are written from these."""

from collections.abc import Iterator
from typing import Any

from jiujinan.codes import ItemCategory
from matching.models import PublicGrant, Release
from needs.models import Project

Row = dict[str, Any]
PART = 2000  # rows fetched together
FEN = 100
ORG_ID_PREFIX = "CN-USCC"  # unified social credit code (GB 32100)
RECIPIENT = "Individual Recipient"  # the standard's own words for somebody who is not told
# Codes of 360Giving's lists for grants to individuals.
_CRISIS, _EXCEPTIONAL = "GTIR100", "GTIP170"
_PURPOSES = {
    ItemCategory.MEDICAL: "GTIP120",
    ItemCategory.REHABILITATION: "GTIP120",
    ItemCategory.LIVING: "GTIP070",
    ItemCategory.SCHOOLING: "GTIP130",
    ItemCategory.HOUSING: "GTIP060",
    ItemCategory.UTILITIES: "GTIP050",
    ItemCategory.FUNERAL: "GTIP170",
}


def projects() -> Iterator[Row]:
    """Yield what stands in public now, in the order of numbers."""
    shown = Project.objects.public().select_related("region").prefetch_related("items").order_by("number")
    for project in shown.iterator(chunk_size=PART):
        yield {
            "number": project.number,
            "title": project.title_zh,
            "title_en": project.title_en,
            "region": project.region_id,
            "region_name": project.region.name,
            "tier": project.tier,
            "cause": project.cause or project.cause_group,
            "asks_for": " ".join(item.category or item.kind for item in project.items.all()),
            "amount_band": project.amount_band,
            "covered_percent": project.covered_percent,
            "delivered_percent": project.fulfilled_percent,
            "published": f"{project.published_month:%Y-%m}",
            "updated": f"{project.updated_month:%Y-%m}",
        }


def grants() -> Iterator[Row]:
    """Yield the released grants as 360Giving 1.4 grants to individuals, coarse in place and time."""
    released = PublicGrant.objects.select_related("holder", "fund", "region").order_by(
        "month", "block", "number"
    )
    for grant in released.iterator(chunk_size=PART):
        yield _grant(grant)


def _grant(grant: PublicGrant) -> Row:
    holder = grant.holder
    row: Row = {
        "id": f"jiujinan-{grant.number}",
        "title": f"救急难救助：{grant.get_category_display()}",
        "description": (
            "Relief of a household in acute difficulty. The amount is the mean and the day the month of a block "
            "of twenty or more grants."
        ),
        "currency": "CNY",
        "amountAwarded": grant.amount_fen / FEN,
        "awardDate": grant.month.isoformat(),
        "dateModified": f"{grant.released_at:%Y-%m}-01T00:00:00Z",
        "fundingOrganization": [{"id": organisation_id(holder.pk, holder.credit_code), "name": holder.name}],
        "recipientIndividual": {"id": f"jiujinan-person-{grant.number}", "name": RECIPIENT},
        "toIndividualsDetails": {
            "primaryGrantReason": _CRISIS,
            "grantPurpose": [_PURPOSES.get(ItemCategory(grant.category), _EXCEPTIONAL)],
        },
        "beneficiaryLocation": [{"name": grant.region.name, "countryCode": "CN", "geoCode": grant.region_id}],
    }
    if grant.fund is not None:
        row["grantProgramme"] = [{"code": str(grant.fund_id), "title": grant.fund.name}]
    return row


def organisation_id(number: int, credit_code: str | None) -> str:
    """Return an organisation's identifier: by its credit code, else by its number here."""
    return f"{ORG_ID_PREFIX}-{credit_code}" if credit_code else f"jiujinan-org-{number}"


def statistics(release: Release) -> Iterator[Row]:
    """Yield every number of a release, however deep its table is; unmet needs have a dataset of their own."""
    for name, table in sorted(release.tables.items()):
        if name != "unmet":
            yield from _leaves(name, table)


def _leaves(table: str, value: object, key: str = "") -> Iterator[Row]:
    if not isinstance(value, dict):
        yield {"table": table, "key": key, "value": value}
        return
    for name, inner in sorted(value.items()):
        if isinstance(inner, dict):
            yield from _leaves(f"{table}.{name}", inner)
        else:
            yield {"table": table, "key": name, "value": inner}


def unmet(release: Release) -> Iterator[Row]:
    """Yield the cells of the table of unmet needs."""
    yield from release.tables["unmet"]["cells"]
