"""Groups of people, and ages in bands."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop


class Group(StrEnum):
    """Groups of people that funds, services and watch lists name."""

    CHILD = "child"
    ORPHAN = "orphan"  # 孤儿、事实无人抚养儿童
    LEFT_BEHIND_CHILD = "left_behind_child"  # 留守儿童
    STUDENT = "student"
    ELDER = "elder"
    LIVING_ALONE = "living_alone"  # 独居
    DISABLED = "disabled"
    SEVERE_ILLNESS = "severe_illness"
    SINGLE_PARENT = "single_parent"
    WOMAN = "woman"
    EXTREME_HARDSHIP = "extreme_hardship"  # 特困人员
    BORDER_RESIDENT = "border_resident"  # 边民
    NON_LOCAL = "non_local"  # 非本地户籍
    MIGRANT_WORKER = "migrant_worker"
    VETERAN = "veteran"
    WORKER = "worker"  # 困难职工


GROUP_LABELS: Mapping[Group, str] = MappingProxyType(
    {
        Group.CHILD: gettext_noop("Child"),
        Group.ORPHAN: gettext_noop("Orphan or child without effective care"),
        Group.LEFT_BEHIND_CHILD: gettext_noop("Left-behind child"),
        Group.STUDENT: gettext_noop("Student"),
        Group.ELDER: gettext_noop("Elder"),
        Group.LIVING_ALONE: gettext_noop("Person living alone"),
        Group.DISABLED: gettext_noop("Disabled person"),
        Group.SEVERE_ILLNESS: gettext_noop("Person with severe illness"),
        Group.SINGLE_PARENT: gettext_noop("Single-parent household"),
        Group.WOMAN: gettext_noop("Woman"),
        Group.EXTREME_HARDSHIP: gettext_noop("Person in extreme hardship"),
        Group.BORDER_RESIDENT: gettext_noop("Border resident"),
        Group.NON_LOCAL: gettext_noop("Person registered elsewhere"),
        Group.MIGRANT_WORKER: gettext_noop("Migrant worker"),
        Group.VETERAN: gettext_noop("Veteran"),
        Group.WORKER: gettext_noop("Worker in difficulty"),
    }
)


class AgeBand(StrEnum):
    """Ten-year bands of age in whole years; children apart, as the law treats them apart."""

    AGE_0_13 = "0_13"
    AGE_14_17 = "14_17"
    AGE_18_29 = "18_29"
    AGE_30_39 = "30_39"
    AGE_40_49 = "40_49"
    AGE_50_59 = "50_59"
    AGE_60_69 = "60_69"
    AGE_70_79 = "70_79"
    AGE_80_UP = "80_up"


AGE_BAND_LABELS: Mapping[AgeBand, str] = MappingProxyType(
    {
        AgeBand.AGE_0_13: gettext_noop("Under 14"),
        AgeBand.AGE_14_17: gettext_noop("14–17"),
        AgeBand.AGE_18_29: gettext_noop("18–29"),
        AgeBand.AGE_30_39: gettext_noop("30–39"),
        AgeBand.AGE_40_49: gettext_noop("40–49"),
        AgeBand.AGE_50_59: gettext_noop("50–59"),
        AgeBand.AGE_60_69: gettext_noop("60–69"),
        AgeBand.AGE_70_79: gettext_noop("70–79"),
        AgeBand.AGE_80_UP: gettext_noop("80 and over"),
    }
)


MINOR_AGE_BANDS = frozenset({AgeBand.AGE_0_13, AgeBand.AGE_14_17})


class WideAgeBand(StrEnum):
    """Coarser step of the age band."""

    MINOR = "minor"
    YOUNG = "18_39"
    MIDDLE = "40_59"
    OLD = "60_up"


WIDE_AGE_BAND_LABELS: Mapping[WideAgeBand, str] = MappingProxyType(
    {
        WideAgeBand.MINOR: gettext_noop("Under 18"),
        WideAgeBand.YOUNG: gettext_noop("18–39"),
        WideAgeBand.MIDDLE: gettext_noop("40–59"),
        WideAgeBand.OLD: gettext_noop("60 and over"),
    }
)


WIDE_AGE_BANDS: Mapping[AgeBand, WideAgeBand] = MappingProxyType(
    {
        AgeBand.AGE_0_13: WideAgeBand.MINOR,
        AgeBand.AGE_14_17: WideAgeBand.MINOR,
        AgeBand.AGE_18_29: WideAgeBand.YOUNG,
        AgeBand.AGE_30_39: WideAgeBand.YOUNG,
        AgeBand.AGE_40_49: WideAgeBand.MIDDLE,
        AgeBand.AGE_50_59: WideAgeBand.MIDDLE,
        AgeBand.AGE_60_69: WideAgeBand.OLD,
        AgeBand.AGE_70_79: WideAgeBand.OLD,
        AgeBand.AGE_80_UP: WideAgeBand.OLD,
    }
)
