"""What is lacking: cash, goods or a service, by category."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop


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
