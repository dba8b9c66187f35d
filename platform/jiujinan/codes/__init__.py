"""
Code lists that both sides speak: short ASCII codes with their English labels.

Pure: no Django is imported, so that importers, rules and benches can use them. Each enum has a
parallel `*_LABELS` mapping from member to English text (the msgid of the interface). The terms are
the field's own; the Chinese term stands in the comment where the code alone does not say it.
"""

from jiujinan.codes.amounts import (
    AMOUNT_BAND_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
    WIDE_AMOUNT_BANDS,
    AmountBand,
    WideAmountBand,
)
from jiujinan.codes.cases import (
    DISCOVERY_CHANNEL_LABELS,
    PROACTIVE_CHANNELS,
    RELIEF_CIRCLE_LABELS,
    SENSITIVE_KIND_LABELS,
    SOURCE_LABELS,
    TIER_LABELS,
    DiscoveryChannel,
    ReliefCircle,
    SensitiveKind,
    Source,
    Tier,
)
from jiujinan.codes.causes import (
    CAUSE_GROUP_LABELS,
    CAUSE_GROUPS,
    CAUSE_LABELS,
    Cause,
    CauseGroup,
)
from jiujinan.codes.items import (
    CASH_CATEGORIES,
    CATEGORY_KINDS,
    GOODS_CATEGORIES,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    REFERRAL_CATEGORIES,
    SERVICE_CATEGORIES,
    ItemCategory,
    ItemKind,
)
from jiujinan.codes.labels import (
    Code,
    choices,
    gettext_noop,
)
from jiujinan.codes.people import (
    AGE_BAND_LABELS,
    GROUP_LABELS,
    MINOR_AGE_BANDS,
    WIDE_AGE_BAND_LABELS,
    WIDE_AGE_BANDS,
    AgeBand,
    Group,
    WideAgeBand,
)

__all__ = [
    "AGE_BAND_LABELS",
    "AMOUNT_BAND_LABELS",
    "CASH_CATEGORIES",
    "CATEGORY_KINDS",
    "CAUSE_GROUPS",
    "CAUSE_GROUP_LABELS",
    "CAUSE_LABELS",
    "DISCOVERY_CHANNEL_LABELS",
    "GOODS_CATEGORIES",
    "GROUP_LABELS",
    "ITEM_CATEGORY_LABELS",
    "ITEM_KIND_LABELS",
    "MINOR_AGE_BANDS",
    "PROACTIVE_CHANNELS",
    "REFERRAL_CATEGORIES",
    "RELIEF_CIRCLE_LABELS",
    "SENSITIVE_KIND_LABELS",
    "SERVICE_CATEGORIES",
    "SOURCE_LABELS",
    "TIER_LABELS",
    "WIDE_AGE_BANDS",
    "WIDE_AGE_BAND_LABELS",
    "WIDE_AMOUNT_BANDS",
    "WIDE_AMOUNT_BAND_LABELS",
    "AgeBand",
    "AmountBand",
    "Cause",
    "CauseGroup",
    "Code",
    "DiscoveryChannel",
    "Group",
    "ItemCategory",
    "ItemKind",
    "ReliefCircle",
    "SensitiveKind",
    "Source",
    "Tier",
    "WideAgeBand",
    "WideAmountBand",
    "choices",
    "gettext_noop",
]
