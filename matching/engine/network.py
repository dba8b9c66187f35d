"""The compressed network: needs in classes, funds in pools, and arcs that run up the region tree.

Two needs with the same region and the same attributes (category, tier, groups, government decided) are eligible for
the same funds, so they enter the network at one node (region, attributes). From there money can be drawn from the
pools bound to that region, or one step further up: county, prefecture, province, nation. Nodes without a pool of
their own are left out, so needs whose county has no fund enter at the prefecture, and so on. Pairs never appear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.codes import Rule
from matching.engine.columns import Bool, Int64
from matching.engine.eligibility import in_period
from matching.engine.model import CashInstance, CashNeeds, Funds
from matching.engine.sorting import distinct, order_and_rank

Bits = npt.NDArray[np.int16]
"""Bits of `Rule`."""
BLOCK = 1 << 20
"""So many pairs of conditions and attributes are compared at a time."""
LEVEL_STEPS = (1, 100, 10_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes 0..V-1 are (region, attributes), sorted from county to nation; arcs go to pools or to the next node up."""

    node_region: Int64
    node_attribute: Int64
    parent: Int64
    """The next node up with pools of its own, or -1. Shape (V,)."""
    arc_offsets: Int64
    """Node v draws from `arc_pool[arc_offsets[v]:arc_offsets[v + 1]]`. Shape (V + 1,)."""
    arc_pool: Int64
    need_node: Int64
    """The node where each need enters, or -1 if no fund anywhere admits it. Shape (n,)."""
    need_class: Int64
    """The (region, attributes) class of each need. Shape (n,)."""
    class_region: Int64
    class_attribute: Int64
    pool_row_region: Int64
    """Region key, pool and restriction row of each pool's regions, sorted by region key. Shape (rows,)."""
    pool_row_pool: Int64
    pool_row_mask: Int64
    failures: Bits
    """Rule bits that an attribute row fails at a restriction row. Shape (masks, attributes)."""
    fund_pool: Int64
    """The pool of each fund, or -1 if it can give nothing today. Shape (m,)."""
    pool_count: int


def attribute_rows(needs: CashNeeds) -> tuple[Int64, Int64]:
    """Return the distinct attribute rows (category, tier, groups, government decided) and each need's row number."""
    key = ((needs.groups * 64 + needs.category) * 8 + needs.tier) * 2 + needs.government_done
    values, number = distinct(key)
    rows = np.stack([values // 2 // 8 % 64, values // 2 % 8, values // 1024, values % 2], axis=1)
    return rows.astype(np.int64), number.astype(np.int64)


def mask_rows(funds: Funds) -> tuple[Int64, Int64]:
    """Return the distinct restriction rows (categories, tiers, groups, government first) and each fund's number."""
    columns = funds.categories, funds.tiers, funds.groups, funds.government_first.astype(np.int64)
    number = np.zeros(len(funds), dtype=np.int64)
    for column in columns:
        values, place = distinct(column)
        number = distinct(number * len(values) + place)[1]
    rows = np.zeros((int(number.max(initial=-1)) + 1, len(columns)), dtype=np.int64)
    for which, column in enumerate(columns):
        rows[number, which] = column
    return rows, number


def failures(masks: Int64, attributes: Int64) -> Bits:
    """Return the rule bits that each attribute row fails at each restriction row. Shape (masks, attributes)."""
    category, tier, group, done = (attributes[:, k][None, :] for k in range(4))

    def failed(masks: Int64) -> Int64:
        categories, tiers, groups, first = (masks[:, k][:, None] for k in range(4))
        bits = np.where((categories != 0) & ((categories >> category) & 1 == 0), int(Rule.CATEGORY), 0)
        bits |= np.where((tiers != 0) & ((tiers >> tier) & 1 == 0), int(Rule.TIER), 0)
        bits |= np.where((groups != 0) & (groups & group == 0), int(Rule.GROUP), 0)
        bits |= np.where((first == 1) & (done == 0), int(Rule.GOVERNMENT_FIRST), 0)
        return bits

    return in_blocks(masks, len(attributes), failed)


def in_blocks(masks: Int64, attributes: int, failed: Callable[[Int64], Int64]) -> Bits:
    """Return what `failed` makes of the restriction rows, some at a time: whole tables of int64 would be large."""
    bits = np.empty((len(masks), attributes), dtype=np.int16)
    rows = max(BLOCK // max(attributes, 1), 1)
    for low in range(0, len(masks), rows):
        bits[low : low + rows] = failed(masks[low : low + rows])
    return bits


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may draw on what, the region aside: each need's attribute row, each fund's restriction row."""

    attribute: Int64
    """Row number of each need. Shape (n,)."""
    mask: Int64
    """Row number of each fund. Shape (m,)."""
    failures: Bits
    """Rule bits that an attribute row fails at a restriction row; 0 is admitted. Shape (masks, attributes)."""

    @classmethod
    def of_cash(cls, instance: CashInstance) -> Terms:
        """Return the terms of a cash instance."""
        attributes, attribute = attribute_rows(instance.needs)
        masks, mask = mask_rows(instance.funds)
        return cls(attribute, mask, failures(masks, attributes))


def region_keys(codes: Int64) -> Int64:
    """Return a key per region that also tells its level: prefix · 4 + level, 0 county … 3 nation."""
    level = np.select([codes == 0, codes % 10_000 == 0, codes % 100 == 0], [3, 2, 1], default=0)
    return np.asarray(codes * 4 + level, dtype=np.int64)


def need_chain(region: Int64) -> Int64:
    """Return the keys of each region and of all above it. Shape (n, 4), county to nation."""
    chain = [(region // step * step) * 4 + level for level, step in enumerate(LEVEL_STEPS)]
    return np.stack(chain, axis=1)


def outermost(codes: Int64) -> tuple[int, ...]:
    """Return the keys of these regions without those that lie inside another of them."""
    keys = region_keys(codes)
    chains = need_chain(codes)
    inside = [bool(np.isin(chain[chain != key], keys).any()) for key, chain in zip(keys, chains, strict=True)]
    return tuple(sorted({int(key) for key, nested in zip(keys, inside, strict=True) if not nested}))


def pools(funds: Funds, usable: Bool, mask_number: Int64) -> tuple[Int64, Int64, Int64, Int64]:
    """Return each fund's pool (-1: not usable), and as rows (region key, pool, restriction row) of the pools' regions.

    Funds with the same restrictions and the same regions form one pool.
    """
    counts = np.diff(funds.region_offsets)
    single = np.full(len(funds), 3, dtype=np.int64)  # key of the nation
    one = counts == 1
    keys = region_keys(funds.region_codes)
    single[one] = keys[funds.region_offsets[:-1][one]]
    lists: dict[tuple[int, ...], int] = {}
    for fund in np.flatnonzero(counts > 1).tolist():
        codes = outermost(funds.regions_of(fund))
        single[fund] = -1 - lists.setdefault(codes, len(lists))
    masks, below = int(mask_number.max(initial=0)) + 1, len(lists)
    key, inverse = distinct((single[usable] + below) * masks + mask_number[usable])
    joint = np.stack([key // masks - below, key % masks], axis=1)
    fund_pool = np.full(len(funds), -1, dtype=np.int64)
    fund_pool[usable] = inverse
    several = list(lists)
    rows: list[tuple[int, int, int]] = []
    plain = joint[:, 0] >= 0
    pool_ids = np.arange(len(joint))
    for pool in np.flatnonzero(~plain).tolist():
        rows.extend((key, pool, int(joint[pool, 1])) for key in several[-1 - int(joint[pool, 0])])
    extra = np.array(rows, dtype=np.int64).reshape(-1, 3)
    region = np.concatenate([joint[plain, 0], extra[:, 0]])
    pool_column = np.concatenate([pool_ids[plain], extra[:, 1]])
    mask_column = np.concatenate([joint[plain, 1], extra[:, 2]])
    order = np.lexsort((pool_column, region))
    return fund_pool, region[order], pool_column[order].astype(np.int64), mask_column[order].astype(np.int64)


def build_network(instance: CashInstance, terms: Terms | None = None) -> Network:
    """Return the compressed network of all needs and of the funds that can give today."""
    needs, funds = instance.needs, instance.funds
    terms = terms or Terms.of_cash(instance)
    attribute, count = terms.attribute, terms.failures.shape[1]
    usable = in_period(instance) & (funds.available_fen > 0)
    fund_pool, pool_region, pool_id, pool_mask = pools(funds, usable, terms.mask)
    accepted = terms.failures == 0
    regions, region = distinct(needs.region)
    class_key, need_class = distinct(region * count + attribute)
    class_region, class_attribute = regions[class_key // max(count, 1)], class_key % max(count, 1)
    keys, key = distinct(need_chain(class_region).reshape(-1))
    joint, link = distinct(key * count + np.repeat(class_attribute, len(LEVEL_STEPS)))
    wanted_region, wanted_attribute = keys[joint // max(count, 1)], joint % max(count, 1)
    offsets, arc_row = _arcs(wanted_region, wanted_attribute, pool_region, pool_mask, accepted)
    filled = np.diff(offsets) > 0
    order = np.flatnonzero(filled)[order_and_rank(wanted_region[filled] % 4, len(LEVEL_STEPS))[0]]
    node_of = np.full(len(joint) + 1, -1, dtype=np.int64)
    node_of[order] = np.arange(len(order))
    chain_node = node_of[link].reshape(-1, len(LEVEL_STEPS))
    parent = np.full(len(order), -1, dtype=np.int64)
    above = np.full(len(class_key), -1, dtype=np.int64)
    for column in range(3, -1, -1):
        here = chain_node[:, column]
        inside = here >= 0
        parent[here[inside]] = above[inside]
        above[inside] = here[inside]
    lengths = np.diff(offsets)[order]
    arc_offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    take = np.repeat(offsets[:-1][order] - arc_offsets[:-1], lengths) + np.arange(arc_offsets[-1])
    return Network(
        node_region=(wanted_region // 4)[order],
        node_attribute=wanted_attribute[order],
        parent=parent,
        arc_offsets=arc_offsets,
        arc_pool=pool_id[arc_row[take]],
        need_node=above[need_class.reshape(-1)],
        need_class=need_class.reshape(-1),
        class_region=class_region,
        class_attribute=class_attribute,
        pool_row_region=pool_region,
        pool_row_pool=pool_id,
        pool_row_mask=pool_mask,
        failures=terms.failures,
        fund_pool=fund_pool,
        pool_count=int(fund_pool.max(initial=-1)) + 1,
    )


def _arcs(
    region: Int64,
    attribute: Int64,
    pool_region: Int64,
    pool_mask: Int64,
    accepted: Bool,
) -> tuple[Int64, Int64]:
    """Return for each (region, attribute) the pool rows of that region which admit it, as offsets and rows."""
    from matching.engine import network_kernels

    start = np.searchsorted(pool_region, region, side="left")
    count = np.searchsorted(pool_region, region, side="right") - start
    admits = np.ascontiguousarray(accepted.T)
    sizes = np.zeros(len(region), dtype=np.int64)
    network_kernels.count_admitted(start, count, attribute, pool_mask, admits, sizes)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = np.zeros(int(offsets[-1]), dtype=np.int64)
    network_kernels.list_admitted(start, count, attribute, pool_mask, admits, offsets, rows)
    return offsets, rows
