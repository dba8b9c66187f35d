"""The places that somebody answers for, as choices of a form."""

from itertools import groupby

from django.db.models import Q

from cms import places
from jiujinan.accounts.models import Organisation
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix

Choice = tuple[str, str]
LONGEST_LIST = 150  # more places than this are asked for in two steps


def served(within: str = "") -> list[Region]:
    """Return the counties that a civil affairs unit covers, in the order of their codes; two queries."""
    units = Organisation.objects.filter(kind=OrganisationKind.CIVIL_AFFAIRS).values_list(
        "region_id", flat=True
    )
    covered = Q(pk__in=[])
    for unit in set(units):
        covered |= Q(code__startswith=prefix(unit))
    counties = Region.objects.counties().current().filter(covered).select_related("parent__parent")
    return list(counties.within(within) if within else counties)


def grouped(counties: list[Region]) -> list[tuple[str, list[Choice]]]:
    """Return the counties as choices, grouped by the division above."""
    return [
        (above, [(county.code, places.text(county)) for county in some])
        for above, some in groupby(counties, key=_above)
    ]


def divisions_above(counties: list[Region]) -> list[Choice]:
    """Return the divisions right above the counties, each once."""
    return list({county.parent_id: (county.parent_id or "", _above(county)) for county in counties}.values())


def _above(county: Region) -> str:
    above = county.parent
    if above is None:
        return ""
    return places.path_text(above)
