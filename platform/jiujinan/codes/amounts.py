"""Amounts in bands."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop


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
