"""The shares of national money: how they begin, and how they move by price from round to round. Whole numbers only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Bool, Int64
from matching.engine.provinces import kernels

BANDS = 24
"""Levels are taken together in so many bands; money moves from a later band to an earlier one."""
FINE = 10_000
"""Proportions are told in parts of this."""
LARGE = 1 << 46
"""Sums above this are divided first and multiplied afterwards, so that int64 holds them."""


def first_shares(balance: Int64, drawn: Int64, gap: Int64, serves: Bool) -> Int64:
    """Return what each part drew where nothing was capped, and the rest by gap. Shape (k, parts).

    Each part that a fund may serve has one fen at least, so that the fund is priced there, if there is a fen for each.
    """
    wanted = np.where(serves, np.maximum(drawn, 1), 0)
    over = np.maximum(wanted.sum(axis=1) - balance, 0)
    largest = np.argmax(wanted, axis=1)
    wanted[np.arange(len(wanted)), largest] -= over
    wanted[wanted.min(axis=1) < 0] = 0  # fewer fen than parts: what there is goes by gap
    return wanted + by_weight(balance - wanted.sum(axis=1), np.where(serves, gap[None, :] + 1, 0))


def by_weight(amount: Int64, weight: Int64) -> Int64:
    """Return each row's amount divided by the row's weights; the largest weight takes what is left over."""
    total = weight.sum(axis=1)
    scaled = weight // np.maximum(total // FINE, 1)[:, None]
    whole = np.maximum(scaled.sum(axis=1), 1)
    parts = (
        amount[:, None] // whole[:, None] * scaled
        + amount[:, None] % whole[:, None] * scaled // whole[:, None]
    )
    parts[np.arange(len(parts)), np.argmax(weight, axis=1)] += amount - parts.sum(axis=1)
    return np.asarray(parts, dtype=np.int64)


def _of(amount: Int64, fraction: Int64) -> Int64:
    """Return this fraction of the amounts, rounded down, without a product that int64 could not hold."""
    return np.asarray(amount // FINE * fraction + amount % FINE * fraction // FINE, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Told:
    """What a round told: bands of what is lacking and of what shared funds gave.

    `lacking[b, p, a]` is what needs of band b and attributes a still lack in part p. One row for each grant of a shared
    fund: fund, part, band (the later one of its need's and of the fund's price there) and fen. `idle` is what no need
    of the part could take, by fund and part; `kind` numbers funds of equal conditions, `admits[kind, a]`.
    """

    lacking: Int64
    fund: Int64
    part: Int64
    band: Int64
    fen: Int64
    idle: Int64
    kind: Int64
    admits: Bool
    serves: Bool


def moved_shares(share: Int64, told: Told) -> Int64:
    """Return the shares after one exchange; the same shares if no money would serve an earlier band elsewhere."""
    kinds, parts = len(told.admits), share.shape[1]
    money = np.zeros((kinds, BANDS + 1), dtype=np.int64)
    np.add.at(money, (told.kind[told.fund], told.band), told.fen)
    np.add.at(money[:, BANDS], told.kind, told.idle.sum(axis=1))
    reach = np.zeros((kinds, parts), dtype=np.bool_)
    np.logical_or.at(reach, told.kind, told.serves)
    goes, taken = np.zeros((kinds, parts), dtype=np.int64), np.zeros_like(money)
    kernels.exchange(told.lacking, money.copy(), told.admits, reach, goes, taken)
    large = money > LARGE
    fraction = np.where(large, taken // np.maximum(money // FINE, 1), taken * FINE // np.maximum(money, 1))
    fraction = np.minimum(fraction, FINE)
    freed = _of(told.idle, fraction[told.kind, BANDS][:, None])
    np.add.at(freed, (told.fund, told.part), _of(told.fen, fraction[told.kind[told.fund], told.band]))
    freed = np.clip(freed, 0, np.maximum(share - 1, 0))
    ask = np.where(told.serves, goes[told.kind], 0)
    freed[ask.sum(axis=1) == 0] = 0
    return share - freed + by_weight(freed.sum(axis=1), ask)
