"""Reads of matching that more than one caller needs: the weights in force, the latest run, and why."""

from dataclasses import dataclass
from uuid import UUID

from matching import columns as c
from matching import explaining
from matching import snapshot as s
from matching.explaining import ItemReasons, PairReasons, Side, SupplyReasons
from matching.models import MatchRun, Proposal, WeightVersion
from matching.ordering import WeightTable
from matching.parts import OF_KIND, key_at, promises_by, row_of, value_at

SUPPLY_FIELD = {s.FUNDS: "fund", s.OFFERS: "offer", s.LOTS: "lot"}


def weights_in_force() -> WeightTable:
    """Return the published weights; those that came with the programme where none was published yet."""
    version = WeightVersion.objects.filter(state="published").first()
    return WeightTable.read({**version.table, "version": str(version.number)}) if version else WeightTable()


def latest_run() -> MatchRun | None:
    """Return the newest run that looked at everything; None before the first."""
    return MatchRun.objects.exclude(header={}).order_by("-at").first()


@dataclass(frozen=True)
class ItemWhy:
    """An item's reasons in a run, and the resource that is nearest to it."""

    run: MatchRun
    reasons: ItemReasons
    nearest: UUID | None


@dataclass(frozen=True)
class SupplyWhy:
    """A resource's reasons in a run, and the open item that is nearest to it."""

    run: MatchRun
    reasons: SupplyReasons
    nearest: UUID | None


def why_item(*, kind: str, item: UUID, run: MatchRun | None = None) -> ItemWhy | None:
    """Return what became of a need item (its kind: cash, service, goods); None where the run did not see it."""
    run, table = run or latest_run(), OF_KIND[kind]
    row = row_of(run, table, item) if run else None
    if run is None or row is None:
        return None
    nearest = key_at(run, s.SUPPLY_OF[table], int(row.became["nearest"][0]))
    return ItemWhy(run, explaining.item_reasons(table, row.seen, row.became), nearest)


def why_supply(*, kind: str, supply: UUID, run: MatchRun | None = None) -> SupplyWhy | None:
    """Return what became of a fund, offer or lot; None where the run did not see it (nothing free, or not open)."""
    run, table = run or latest_run(), OF_KIND[kind]
    row = row_of(run, table, supply) if run else None
    if run is None or row is None:
        return None
    items = next(items for items, supplies in s.SUPPLY_OF.items() if supplies == table)
    nearest = key_at(run, items, int(row.became["nearest"][0]))
    return SupplyWhy(run, explaining.supply_reasons(table, row.seen, row.became), nearest)


def why_pair(*, kind: str, item: UUID, supply: UUID, run: MatchRun | None = None) -> PairReasons | None:
    """Return why (not) this item and this resource; None where the run did not see one of them."""
    run, table = run or latest_run(), OF_KIND[kind]
    if run is None:
        return None
    supplies = s.SUPPLY_OF[table]
    one, other = row_of(run, table, item), row_of(run, supplies, supply)
    if one is None or other is None:
        return None
    offered = Proposal.objects.filter(run=run, item=item, **{SUPPLY_FIELD[supplies]: supply})
    amount = sum(offered.values_list("amount", flat=True))
    today = int(run.header["today"])
    sides = Side(one.seen, one.became), Side(other.seen, other.became)
    if table == s.CASH:
        step = value_at(run, table, "place", int(other.became["price"][0]))
        promised = promises_by(run, supply)
        return explaining.cash_pair(*sides, promised=promised, amount=amount, today=today, price_step=step)
    return explaining.unit_pair(table, *sides, amount=amount, today=today)


def left_open(run: MatchRun) -> dict[str, c.Columns]:
    """Return the items that the run left something of, by table: key, region, outcome and failed rules."""
    from matching.parts import whole

    found: dict[str, c.Columns] = {}
    for table in s.SUPPLY_OF:
        seen, became = whole(run, table, "seen"), whole(run, table, "became")
        rows = became["open"] > 0
        found[table] = {
            "id": seen["id"][rows],
            "region": seen["region"][rows],
            "outcome": became["shortfall"][rows],
            "failed": became["failed"][rows],
        }
    return found
