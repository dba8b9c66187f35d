"""Why a household is in acute difficulty, finely and coarsely."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop


class Cause(StrEnum):
    """Why the household is in acute difficulty (致困原因)."""

    ILLNESS = "illness"  # 重大疾病
    DISABILITY = "disability"  # 残疾
    ACCIDENT = "accident"  # 意外事故
    DISASTER = "disaster"  # 火灾、水灾等灾害
    SCHOOLING = "schooling"  # 就学
    UNEMPLOYMENT = "unemployment"  # 失业
    BEREAVEMENT = "bereavement"  # 主要劳动力去世
    CARE = "care"  # 照护负担
    HOUSING = "housing"  # 住房困难
    OTHER = "other"


CAUSE_LABELS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.ILLNESS: gettext_noop("Serious illness"),
        Cause.DISABILITY: gettext_noop("Disability"),
        Cause.ACCIDENT: gettext_noop("Accident"),
        Cause.DISASTER: gettext_noop("Fire or natural disaster"),
        Cause.SCHOOLING: gettext_noop("Cost of schooling"),
        Cause.UNEMPLOYMENT: gettext_noop("Loss of work"),
        Cause.BEREAVEMENT: gettext_noop("Death of a breadwinner"),
        Cause.CARE: gettext_noop("Burden of care"),
        Cause.HOUSING: gettext_noop("Unsafe or no housing"),
        Cause.OTHER: gettext_noop("Other difficulty"),
    }
)


class CauseGroup(StrEnum):
    """Coarser step of the cause, for publishing where a single cause would single somebody out."""

    HEALTH = "health"
    SUDDEN_EVENT = "sudden_event"
    LIVELIHOOD = "livelihood"


CAUSE_GROUP_LABELS: Mapping[CauseGroup, str] = MappingProxyType(
    {
        CauseGroup.HEALTH: gettext_noop("Health and care"),
        CauseGroup.SUDDEN_EVENT: gettext_noop("Sudden event"),
        CauseGroup.LIVELIHOOD: gettext_noop("Livelihood and schooling"),
    }
)


CAUSE_GROUPS: Mapping[Cause, CauseGroup] = MappingProxyType(
    {
        Cause.ILLNESS: CauseGroup.HEALTH,
        Cause.DISABILITY: CauseGroup.HEALTH,
        Cause.CARE: CauseGroup.HEALTH,
        Cause.ACCIDENT: CauseGroup.SUDDEN_EVENT,
        Cause.DISASTER: CauseGroup.SUDDEN_EVENT,
        Cause.BEREAVEMENT: CauseGroup.SUDDEN_EVENT,
        Cause.SCHOOLING: CauseGroup.LIVELIHOOD,
        Cause.UNEMPLOYMENT: CauseGroup.LIVELIHOOD,
        Cause.HOUSING: CauseGroup.LIVELIHOOD,
        Cause.OTHER: CauseGroup.LIVELIHOOD,
    }
)
