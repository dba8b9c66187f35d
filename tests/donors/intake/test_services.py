"""Writing a file's resources."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from donors.intake.reading import read_resources_file
from donors.intake.rows import ResourcesFile
from donors.intake.services import ImportResult, import_resources
from donors.ledger.queries import balance_of
from donors.models import Fund, GoodsLot, Pairing, ServiceOffer
from donors.queries import current_charter
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.services import register_person
from jiujinan.regions.services import load_lookup, load_regions
from tests.town import NOW

DEMO = Path(__file__).parents[3] / "demo"
TODAY = date(2026, 3, 2)


@pytest.fixture
def keeper(db: None) -> User:
    load_regions(now=NOW, extra=DEMO / "regions.csv")
    return register_person(username="keeper", full_name="登记人", password=None)


@pytest.fixture
def file(keeper: User) -> ResourcesFile:
    return read_resources_file(DEMO / "resources.xlsx", regions=load_lookup(), today=TODAY)


def test_the_demonstrations_file_goes_in_whole_and_again_changes_nothing(
    keeper: User, file: ResourcesFile
) -> None:
    result = import_resources(file=file, by=keeper, now=NOW, batch="demo")
    assert result == ImportResult(
        organisations=len(file.organisations),
        funds=len(file.funds),
        offers=len(file.offers),
        lots=len(file.lots),
        pairings=len(file.pairings),
        received_fen=sum(fund.opening_fen for fund in file.funds),
    )
    assert sum(balance_of(fund=fund).available_fen for fund in Fund.objects.all()) == result.received_fen
    again = import_resources(file=file, by=keeper, now=NOW, batch="again")
    assert again == ImportResult(unchanged=file.rows)
    counts = [kind.objects.count() for kind in (Organisation, Fund, ServiceOffer, GoodsLot, Pairing)]
    assert counts == [43, 56, 30, 43, 4]


def test_a_fund_keeps_its_restrictions_and_whom_it_is_named_for(keeper: User, file: ResourcesFile) -> None:
    row = next(fund for fund in file.funds if fund.kind == "named" and fund.per_household_cap_fen)
    import_resources(file=replace(file, funds=(row,)), by=keeper, now=NOW, batch="one")
    fund = Fund.objects.get()
    charter = current_charter(fund=fund)
    assert (fund.holder.credit_code, fund.named_for and fund.named_for.credit_code) == (
        row.holder,
        row.named_for,
    )
    assert tuple(charter.categories) == row.categories
    assert (charter.per_household_cap_fen, charter.household_period_days, charter.reserve_fen) == (
        row.per_household_cap_fen,
        row.household_period_days,
        row.reserve_fen,
    )


def test_what_stands_on_the_platform_is_not_rewritten_by_a_file(keeper: User, file: ResourcesFile) -> None:
    small = replace(file, funds=file.funds[:1], offers=file.offers[:1], lots=file.lots[:1])
    import_resources(file=small, by=keeper, now=NOW, batch="one")
    changed = replace(
        small,
        funds=(replace(small.funds[0], per_case_cap_fen=1),),
        offers=(replace(small.offers[0], total=99_999),),
        pairings=(replace(small.pairings[0], pledged_fen=1),),
        organisations=(replace(small.organisations[0], kind="enterprise"),),
    )
    result = import_resources(file=changed, by=keeper, now=NOW, batch="two")
    assert [(r.sheet, r.code) for r in result.rejections] == [
        ("组织", "known_differently"),
        ("基金", "known_differently"),
        ("服务", "known_differently"),
        ("结对", "known_differently"),
    ]
    assert result.unchanged == 1
    assert ServiceOffer.objects.get().total == small.offers[0].total
