"""Exact values become bands before anything is published."""

from jiujinan.codes import AgeBand, AmountBand

FEN_PER_YUAN = 100
_AMOUNT_STARTS_YUAN = {
    AmountBand.FROM_100K: 100_000,
    AmountBand.FROM_50K: 50_000,
    AmountBand.FROM_30K: 30_000,
    AmountBand.FROM_10K: 10_000,
    AmountBand.FROM_5K: 5_000,
    AmountBand.FROM_3K: 3_000,
    AmountBand.FROM_1K: 1_000,
    AmountBand.UNDER_1K: 0,
}
_AGE_STARTS = {
    AgeBand.AGE_80_UP: 80,
    AgeBand.AGE_70_79: 70,
    AgeBand.AGE_60_69: 60,
    AgeBand.AGE_50_59: 50,
    AgeBand.AGE_40_49: 40,
    AgeBand.AGE_30_39: 30,
    AgeBand.AGE_18_29: 18,
    AgeBand.AGE_14_17: 14,
    AgeBand.AGE_0_13: 0,
}
PERCENT_STEP = 10


def amount_band(amount_fen: int) -> AmountBand:
    """Return the band of an amount in fen; a band holds its lower bound. ValueError below zero."""
    if amount_fen < 0:
        message = "an amount is not negative"
        raise ValueError(message)
    starts = _AMOUNT_STARTS_YUAN.items()
    return next(band for band, start in starts if amount_fen >= start * FEN_PER_YUAN)


def age_band(age: int) -> AgeBand:
    """Return the band of an age in whole years; ValueError below zero."""
    if age < 0:
        message = "an age is not negative"
        raise ValueError(message)
    return next(band for band, start in _AGE_STARTS.items() if age >= start)


def percent_step(part: int, whole: int) -> int:
    """
    Return the share in steps of ten percent, rounded down; 100 only when nothing lacks.

    An exact share beside an amount's band and a ledger would give the amount away.
    """
    if part >= whole:
        return 100
    return max(0, part) * 100 // whole // PERCENT_STEP * PERCENT_STEP
