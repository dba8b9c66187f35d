"""
Code lists that both sides speak: short ASCII codes with their English labels.

Pure: no Django is imported, so that importers, rules and benches can use them. Each enum has a
parallel `*_LABELS` mapping from member to English text (the msgid of the interface). The terms are
the field's own; the Chinese term stands in the comment where the code alone does not say it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

Code = TypeVar("Code", bound=StrEnum)


def choices(labels: Mapping[Code, str]) -> list[tuple[str, str]]:
    """Return `(code, English label)` pairs in the order of the mapping, for a form or a field."""
    return [(code.value, label) for code, label in labels.items()]


def gettext_noop(text: str) -> str:
    """Mark an English label for the message catalogue without importing Django."""
    return text


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


class ItemKind(StrEnum):
    """The three kinds of thing that a need item can lack."""

    CASH = "cash"
    GOODS = "goods"
    SERVICE = "service"


ITEM_KIND_LABELS: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.CASH: gettext_noop("Cash"),
        ItemKind.GOODS: gettext_noop("Goods"),
        ItemKind.SERVICE: gettext_noop("Service"),
    }
)


class ItemCategory(StrEnum):
    """What exactly is lacking; every category belongs to one kind (`CATEGORY_KINDS`)."""

    # cash
    MEDICAL = "medical"
    LIVING = "living"
    SCHOOLING = "schooling"
    HOUSING = "housing"
    REHABILITATION = "rehabilitation"
    FUNERAL = "funeral"
    UTILITIES = "utilities"
    # goods
    FOOD = "food"
    BEDDING = "bedding"
    CLOTHING = "clothing"
    MEDICAL_DEVICES = "medical_devices"
    SCHOOL_SUPPLIES = "school_supplies"
    APPLIANCES = "appliances"
    # services: the five of social-work referral (Wenzhou) come first
    NEEDS_SURVEY = "needs_survey"  # 需求调查
    HARDSHIP_HELP = "hardship_help"  # 困难帮扶
    SOCIAL_INCLUSION = "social_inclusion"  # 社会融入
    COUNSELLING = "counselling"  # 心理疏导
    COMFORT = "comfort"  # 精神慰藉
    CARE = "care"  # 照护
    ESCORT = "escort"  # 陪同就医
    LEGAL_AID = "legal_aid"  # 法律援助
    TUTORING = "tutoring"  # 课业辅导
    EMPLOYMENT = "employment"  # 就业帮扶


ITEM_CATEGORY_LABELS: Mapping[ItemCategory, str] = MappingProxyType(
    {
        ItemCategory.MEDICAL: gettext_noop("Medical costs"),
        ItemCategory.LIVING: gettext_noop("Living costs"),
        ItemCategory.SCHOOLING: gettext_noop("School and study costs"),
        ItemCategory.HOUSING: gettext_noop("Housing costs"),
        ItemCategory.REHABILITATION: gettext_noop("Rehabilitation costs"),
        ItemCategory.FUNERAL: gettext_noop("Funeral costs"),
        ItemCategory.UTILITIES: gettext_noop("Water, power and heating"),
        ItemCategory.FOOD: gettext_noop("Food"),
        ItemCategory.BEDDING: gettext_noop("Bedding"),
        ItemCategory.CLOTHING: gettext_noop("Clothing"),
        ItemCategory.MEDICAL_DEVICES: gettext_noop("Medical devices"),
        ItemCategory.SCHOOL_SUPPLIES: gettext_noop("School supplies"),
        ItemCategory.APPLIANCES: gettext_noop("Household appliances"),
        ItemCategory.NEEDS_SURVEY: gettext_noop("Needs survey"),
        ItemCategory.HARDSHIP_HELP: gettext_noop("Hardship help"),
        ItemCategory.SOCIAL_INCLUSION: gettext_noop("Social inclusion"),
        ItemCategory.COUNSELLING: gettext_noop("Counselling"),
        ItemCategory.COMFORT: gettext_noop("Comfort and company"),
        ItemCategory.CARE: gettext_noop("Nursing and care"),
        ItemCategory.ESCORT: gettext_noop("Escort to hospital"),
        ItemCategory.LEGAL_AID: gettext_noop("Legal aid"),
        ItemCategory.TUTORING: gettext_noop("Tutoring"),
        ItemCategory.EMPLOYMENT: gettext_noop("Help to find work"),
    }
)

CASH_CATEGORIES = frozenset(
    {
        ItemCategory.MEDICAL,
        ItemCategory.LIVING,
        ItemCategory.SCHOOLING,
        ItemCategory.HOUSING,
        ItemCategory.REHABILITATION,
        ItemCategory.FUNERAL,
        ItemCategory.UTILITIES,
    }
)
GOODS_CATEGORIES = frozenset(
    {
        ItemCategory.FOOD,
        ItemCategory.BEDDING,
        ItemCategory.CLOTHING,
        ItemCategory.MEDICAL_DEVICES,
        ItemCategory.SCHOOL_SUPPLIES,
        ItemCategory.APPLIANCES,
    }
)
REFERRAL_CATEGORIES = frozenset(
    {
        ItemCategory.NEEDS_SURVEY,
        ItemCategory.HARDSHIP_HELP,
        ItemCategory.SOCIAL_INCLUSION,
        ItemCategory.COUNSELLING,
        ItemCategory.COMFORT,
    }
)
SERVICE_CATEGORIES = frozenset(set(ItemCategory) - CASH_CATEGORIES - GOODS_CATEGORIES)

CATEGORY_KINDS: Mapping[ItemCategory, ItemKind] = MappingProxyType(
    {
        category: (
            ItemKind.CASH
            if category in CASH_CATEGORIES
            else ItemKind.GOODS
            if category in GOODS_CATEGORIES
            else ItemKind.SERVICE
        )
        for category in ItemCategory
    }
)


class Tier(StrEnum):
    """Urgency: the three gradients of Yongding; the critical tier may be paid before the papers."""

    CRITICAL = "critical"  # 特急救助
    JOINT = "joint"  # 联合救助
    DEPARTMENTAL = "departmental"  # 部门救助


TIER_LABELS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.CRITICAL: gettext_noop("Critical relief"),
        Tier.JOINT: gettext_noop("Joint relief"),
        Tier.DEPARTMENTAL: gettext_noop("Departmental relief"),
    }
)


class ReliefCircle(StrEnum):
    """The ring of relief that the household stands in (救助圈层), the neediest first."""

    BASIC = "basic"  # 低保、特困
    EDGE = "edge"  # 低保边缘、支出型
    RING_150 = "ring_150"  # 1.5 × the standard
    RING_200 = "ring_200"  # 2 × the standard
    OTHER = "other"  # 其他居民


RELIEF_CIRCLE_LABELS: Mapping[ReliefCircle, str] = MappingProxyType(
    {
        ReliefCircle.BASIC: gettext_noop("Minimum living allowance or extreme hardship"),
        ReliefCircle.EDGE: gettext_noop("Edge of the allowance or poor by expenditure"),
        ReliefCircle.RING_150: gettext_noop("Income up to 1.5 times the standard"),
        ReliefCircle.RING_200: gettext_noop("Income up to 2 times the standard"),
        ReliefCircle.OTHER: gettext_noop("Other resident"),
    }
)


class DiscoveryChannel(StrEnum):
    """How the case came to be known; all but an application count as proactive (主动发现)."""

    APPLICATION = "application"  # 本人申请
    VILLAGE_CADRE = "village_cadre"  # 村（社区）干部
    GRID_WORKER = "grid_worker"  # 网格员
    MUTUAL_AID_GROUP = "mutual_aid_group"  # 互助小组
    HOME_VISIT = "home_visit"  # 入户走访
    SOCIAL_WORKER = "social_worker"
    VOLUNTEER = "volunteer"
    DATA_COMPARISON = "data_comparison"  # 信息比对
    DEPARTMENT = "department"  # 部门通报
    HOTLINE = "hotline"  # 12345
    PUBLIC_REPORT = "public_report"  # 网上、微信上报
    MEDIA = "media"
    BORDER_PATROL = "border_patrol"  # 边境巡查


DISCOVERY_CHANNEL_LABELS: Mapping[DiscoveryChannel, str] = MappingProxyType(
    {
        DiscoveryChannel.APPLICATION: gettext_noop("Own application"),
        DiscoveryChannel.VILLAGE_CADRE: gettext_noop("Village or community cadre"),
        DiscoveryChannel.GRID_WORKER: gettext_noop("Grid worker"),
        DiscoveryChannel.MUTUAL_AID_GROUP: gettext_noop("Mutual-aid group"),
        DiscoveryChannel.HOME_VISIT: gettext_noop("Home visit"),
        DiscoveryChannel.SOCIAL_WORKER: gettext_noop("Social worker"),
        DiscoveryChannel.VOLUNTEER: gettext_noop("Volunteer"),
        DiscoveryChannel.DATA_COMPARISON: gettext_noop("Comparison of data"),
        DiscoveryChannel.DEPARTMENT: gettext_noop("Notice from a department"),
        DiscoveryChannel.HOTLINE: gettext_noop("Hotline"),
        DiscoveryChannel.PUBLIC_REPORT: gettext_noop("Public report form"),
        DiscoveryChannel.MEDIA: gettext_noop("Media report"),
        DiscoveryChannel.BORDER_PATROL: gettext_noop("Border watch visit"),
    }
)
PROACTIVE_CHANNELS = frozenset(set(DiscoveryChannel) - {DiscoveryChannel.APPLICATION})


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


class Source(StrEnum):
    """The department or list that a case file came from."""

    CIVIL_AFFAIRS = "civil_affairs"  # 民政
    HOSPITAL = "hospital"
    MEDICAL_INSURANCE = "medical_insurance"  # 医保
    SCHOOL = "school"
    DISABLED_FEDERATION = "disabled_federation"  # 残联
    TRADE_UNION = "trade_union"  # 工会
    WOMENS_FEDERATION = "womens_federation"  # 妇联
    YOUTH_LEAGUE = "youth_league"  # 共青团
    BORDER_WATCH_LIST = "border_watch_list"  # 边境监测名单
    RURAL_REVITALISATION = "rural_revitalisation"  # 乡村振兴
    VETERANS_AFFAIRS = "veterans_affairs"
    EMERGENCY_MANAGEMENT = "emergency_management"  # 应急管理
    PUBLIC_REPORT = "public_report"


SOURCE_LABELS: Mapping[Source, str] = MappingProxyType(
    {
        Source.CIVIL_AFFAIRS: gettext_noop("Civil affairs"),
        Source.HOSPITAL: gettext_noop("Hospital"),
        Source.MEDICAL_INSURANCE: gettext_noop("Medical insurance"),
        Source.SCHOOL: gettext_noop("School"),
        Source.DISABLED_FEDERATION: gettext_noop("Disabled persons' federation"),
        Source.TRADE_UNION: gettext_noop("Trade union"),
        Source.WOMENS_FEDERATION: gettext_noop("Women's federation"),
        Source.YOUTH_LEAGUE: gettext_noop("Youth league"),
        Source.BORDER_WATCH_LIST: gettext_noop("Border watch list"),
        Source.RURAL_REVITALISATION: gettext_noop("Rural revitalisation"),
        Source.VETERANS_AFFAIRS: gettext_noop("Veterans affairs"),
        Source.EMERGENCY_MANAGEMENT: gettext_noop("Emergency management"),
        Source.PUBLIC_REPORT: gettext_noop("Public report"),
    }
)


class SensitiveKind(StrEnum):
    """Kinds of case that are never an individual record in public, only part of an aggregate."""

    DOMESTIC_VIOLENCE = "domestic_violence"
    SEXUAL_VIOLENCE = "sexual_violence"
    HIV = "hiv"
    MENTAL_ILLNESS = "mental_illness"
    ADOPTION = "adoption"
    MINOR_SUBJECT = "minor_subject"
    RARE_DISEASE = "rare_disease"
    IN_THE_MEDIA = "in_the_media"


SENSITIVE_KIND_LABELS: Mapping[SensitiveKind, str] = MappingProxyType(
    {
        SensitiveKind.DOMESTIC_VIOLENCE: gettext_noop("Domestic violence"),
        SensitiveKind.SEXUAL_VIOLENCE: gettext_noop("Sexual violence"),
        SensitiveKind.HIV: gettext_noop("HIV"),
        SensitiveKind.MENTAL_ILLNESS: gettext_noop("Mental illness"),
        SensitiveKind.ADOPTION: gettext_noop("Adoption"),
        SensitiveKind.MINOR_SUBJECT: gettext_noop("A minor as main subject"),
        SensitiveKind.RARE_DISEASE: gettext_noop("Rare disease"),
        SensitiveKind.IN_THE_MEDIA: gettext_noop("Case that was in the media"),
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


class AmountBand(StrEnum):
    """Bands of the amount still lacking, in yuan; the exact sum is never public."""

    UNDER_1K = "under_1k"
    FROM_1K = "1k_3k"
    FROM_3K = "3k_5k"
    FROM_5K = "5k_10k"
    FROM_10K = "10k_30k"
    FROM_30K = "30k_50k"
    FROM_50K = "50k_100k"
    FROM_100K = "over_100k"


AMOUNT_BAND_LABELS: Mapping[AmountBand, str] = MappingProxyType(
    {
        AmountBand.UNDER_1K: gettext_noop("Under ¥1,000"),
        AmountBand.FROM_1K: gettext_noop("¥1,000–3,000"),
        AmountBand.FROM_3K: gettext_noop("¥3,000–5,000"),
        AmountBand.FROM_5K: gettext_noop("¥5,000–10,000"),
        AmountBand.FROM_10K: gettext_noop("¥10,000–30,000"),
        AmountBand.FROM_30K: gettext_noop("¥30,000–50,000"),
        AmountBand.FROM_50K: gettext_noop("¥50,000–100,000"),
        AmountBand.FROM_100K: gettext_noop("¥100,000 and over"),
    }
)


class WideAmountBand(StrEnum):
    """Coarser step of the amount band."""

    SMALL = "under_5k"
    MEDIUM = "5k_30k"
    LARGE = "over_30k"


WIDE_AMOUNT_BAND_LABELS: Mapping[WideAmountBand, str] = MappingProxyType(
    {
        WideAmountBand.SMALL: gettext_noop("Under ¥5,000"),
        WideAmountBand.MEDIUM: gettext_noop("¥5,000–30,000"),
        WideAmountBand.LARGE: gettext_noop("Over ¥30,000"),
    }
)
WIDE_AMOUNT_BANDS: Mapping[AmountBand, WideAmountBand] = MappingProxyType(
    {
        AmountBand.UNDER_1K: WideAmountBand.SMALL,
        AmountBand.FROM_1K: WideAmountBand.SMALL,
        AmountBand.FROM_3K: WideAmountBand.SMALL,
        AmountBand.FROM_5K: WideAmountBand.MEDIUM,
        AmountBand.FROM_10K: WideAmountBand.MEDIUM,
        AmountBand.FROM_30K: WideAmountBand.LARGE,
        AmountBand.FROM_50K: WideAmountBand.LARGE,
        AmountBand.FROM_100K: WideAmountBand.LARGE,
    }
)
