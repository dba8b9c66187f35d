"""Which datasets there are: their files, what a row is, which fields it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.translation import gettext_noop

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class FormChange:
    """A change of the files' form: a field that is added raises the second number, any other change the first."""

    version: str
    day: date
    words: str


FORM_CHANGES = (
    FormChange(
        "2.0",
        date(2026, 11, 30),
        gettext_noop(
            "The columns of grants.csv are named as 360Giving's spreadsheets name them: with slashes."
        ),
    ),
    FormChange("1.0", date(2026, 11, 22), gettext_noop("The first form of the files.")),
)
VERSION = FORM_CHANGES[0].version


def version_on(day: date) -> str:
    """Return the version of the files' form on a day; the first one before there was any."""
    return next((change.version for change in FORM_CHANGES if change.day <= day), FORM_CHANGES[-1].version)


@dataclass(frozen=True)
class Dataset:
    """One dataset: its name in addresses, its title, what one row is, its forms, its fields with their meaning."""

    name: str
    title: str
    row: str
    forms: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def described(self) -> list[tuple[str, str]]:
        """The fields with their meaning, for a template (a field may be called `items`)."""
        return list(self.fields.items())


PROJECT_FIELDS = MappingProxyType(
    {
        "number": gettext_noop("public number, never used again"),
        "title": gettext_noop("title in Chinese"),
        "title_en": gettext_noop("title in English"),
        "region": gettext_noop("code of the division (GB/T 2260), as coarse as the gate asks"),
        "region_name": gettext_noop("name of the division"),
        "tier": gettext_noop("urgency: critical, joint, departmental; empty where the gate leaves it out"),
        "cause": gettext_noop("cause or kind of difficulty; empty where the gate leaves it out"),
        "asks_for": gettext_noop("kinds and categories of what is lacking"),
        "amount_band": gettext_noop("band of the amount lacking at publication"),
        "covered_percent": gettext_noop("share that is promised, rounded"),
        "delivered_percent": gettext_noop("share that has arrived, rounded"),
        "published": gettext_noop("month of publication"),
        "updated": gettext_noop("month of the last change"),
    }
)
DATASETS = (
    Dataset(
        "projects",
        gettext_noop("Projects"),
        gettext_noop("one project that stands in public now"),
        ("csv", "json"),
        PROJECT_FIELDS,
    ),
    Dataset(
        "grants",
        gettext_noop("Grants to households (360Giving)"),
        gettext_noop("one grant, told with the mean and the month of its block of twenty or more"),
        ("csv", "json"),
        MappingProxyType(
            {
                "id": gettext_noop("number of the grant, never used again"),
                "amountAwarded": gettext_noop("mean amount of the block, in yuan"),
                "awardDate": gettext_noop("first day of the month of the block's latest grant"),
                "fundingOrganization": gettext_noop("the charity that holds the fund"),
                "recipientIndividual": gettext_noop("always the same words: no recipient is told"),
                "beneficiaryLocation": gettext_noop("the prefecture"),
                "grantProgramme": gettext_noop("the fund, where the whole block came from one"),
            }
        ),
    ),
    Dataset(
        "organisations",
        gettext_noop("Organisations and services (HSDS)"),
        gettext_noop("one verified organisation with the services it offers"),
        ("json",),
        MappingProxyType(
            {
                "id": gettext_noop("number of the organisation"),
                "name": gettext_noop("its name"),
                "description": gettext_noop("what it does"),
                "services": gettext_noop("what it offers, in which area, for whom, in which languages"),
            }
        ),
    ),
    Dataset(
        "statistics",
        gettext_noop("Statistics"),
        gettext_noop("one number of the statistics page"),
        ("csv", "json"),
        MappingProxyType(
            {
                "table": gettext_noop("which table"),
                "key": gettext_noop("which row of it"),
                "value": gettext_noop("the number, rounded; empty where it is withheld (fewer than 20)"),
            }
        ),
    ),
    Dataset(
        "unmet",
        gettext_noop("Needs that stand unmet"),
        gettext_noop("one county and one reason"),
        ("csv", "json"),
        MappingProxyType(
            {
                "region": gettext_noop("code of the county (GB/T 2260)"),
                "reason": gettext_noop("code of why nothing was matched"),
                "items": gettext_noop(
                    "things still lacking, rounded to tens; empty where withheld (fewer than 20)"
                ),
            }
        ),
    ),
)
