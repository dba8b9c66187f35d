"""Founding, amending and closing funds."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from donors.errors import ConsentMissing, InvalidCharter, WrongOrganisation
from donors.ledger import services as ledger
from donors.ledger.queries import available_fen_of, balance_of
from donors.models import Fund, FundCharter, FundKind
from donors.queries import current_charter, current_charters, funds_with_money
from donors.services import amend_charter, close_fund, create_fund
from jiujinan.audit.models import AuditEntry
from tests.donors.world import NOW, World, make_fund

START = {"starts_on": date(2026, 1, 1)}


def test_a_fund_is_founded_with_a_charter_and_an_empty_book(world: World) -> None:
    fund = create_fund(
        holder=world.charity,
        name="明月冠名基金",
        kind=FundKind.NAMED,
        named_for=world.enterprise,
        charter={**START, "regions": ["990100"], "categories": ["medical"], "per_case_cap_fen": 500_000},
        by=world.lin,
        now=NOW,
    )
    charter = current_charter(fund=fund)
    assert (charter.version, charter.regions, charter.per_case_cap_fen) == (1, ["990100"], 500_000)
    assert balance_of(fund=fund).available_fen == 0
    assert AuditEntry.objects.get(subject=f"fund:{fund.pk}").action == "create_fund"


def test_only_a_charity_holds_a_fund(world: World) -> None:
    with pytest.raises(WrongOrganisation):
        create_fund(holder=world.enterprise, name="x", charter=START, by=None, now=NOW)
    assert Fund.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"starts_on": None}, ("starts_on", "missing")),
        ({"ends_on": date(2025, 1, 1)}, ("ends_on", "before_the_start")),
        ({"regions": ["99"]}, ("regions", "unknown_code")),
        ({"regions": "990100"}, ("regions", "not_a_list_of_codes")),
        ({"categories": ["gold"]}, ("categories", "unknown_code")),
        ({"tiers": ["critical", "critical"]}, ("tiers", "repeated_code")),
        ({"groups": [1]}, ("groups", "not_a_list_of_codes")),
        ({"per_case_cap_fen": 0}, ("per_case_cap_fen", "zero")),
        ({"per_case_cap_fen": -1}, ("per_case_cap_fen", "not_a_whole_number_in_range")),
        ({"per_case_cap_fen": 10.5}, ("per_case_cap_fen", "not_a_whole_number_in_range")),
        ({"reserve_fen": 10**13}, ("reserve_fen", "not_a_whole_number_in_range")),
        ({"share_cap_permille": 1001}, ("share_cap_permille", "not_a_whole_number_in_range")),
        ({"per_household_cap_fen": 5}, ("household_period_days", "goes_with_the_household_cap")),
        ({"per_case_cap_fen": 5, "minimum_grant_fen": 6}, ("minimum_grant_fen", "above_the_case_cap")),
        ({"colour": "red"}, ("colour", "unknown_field")),
    ],
)
def test_a_charter_that_cannot_be_is_refused_with_its_field(
    world: World, values: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidCharter) as refusal:
        create_fund(holder=world.charity, name="x", charter={**START, **values}, by=None, now=NOW)
    assert refusal.value.problems == [problem]


def test_an_amendment_is_a_new_version_and_the_old_one_stays(fund: Fund) -> None:
    amend_charter(fund=fund, changes={"reserve_fen": 5}, by=None, now=NOW, reason="储备")
    versions = FundCharter.objects.filter(fund=fund).order_by("version")
    assert [(charter.version, charter.reserve_fen) for charter in versions] == [(1, 0), (2, 5)]


def test_a_charter_is_never_edited(fund: Fund) -> None:
    charter = current_charter(fund=fund)
    charter.reserve_fen = 7
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        charter.save()


def amend(fund: Fund, changes: dict[str, Any], **consent: Any) -> FundCharter:
    return amend_charter(fund=fund, changes=changes, by=None, now=NOW, reason="-", **consent)


def test_a_change_of_purpose_needs_consent_once_money_came_in(fund: Fund) -> None:
    amend(fund, {"regions": ["990100"]})
    ledger.receive(fund=fund, amount_fen=100, key="r", by=None, now=NOW)
    with pytest.raises(ConsentMissing):
        amend(fund, {"regions": []})
    with pytest.raises(ConsentMissing):
        amend(fund, {"regions": []}, donor_consent="函〔2026〕3号")
    charter = amend(fund, {"regions": []}, donor_consent="函〔2026〕3号", donor_consent_on=date(2026, 7, 1))
    assert (charter.version, charter.donor_consent) == (3, "函〔2026〕3号")
    assert amend(fund, {"reserve_fen": 50}).version == 4


def test_a_bad_amendment_leaves_the_charter_as_it_was(fund: Fund) -> None:
    with pytest.raises(InvalidCharter):
        amend(fund, {"tiers": ["x"]})
    assert current_charter(fund=fund).version == 1


def test_closing_twice_is_closing_once(fund: Fund) -> None:
    for _ in range(2):
        closed = close_fund(fund=fund, by=None, now=NOW, reason="期满")
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    assert AuditEntry.objects.filter(action="close_fund").count() == 1
    assert not Fund.objects.open().exists()


def test_reads_of_many_funds_are_one_query_each(world: World, django_assert_num_queries: Any) -> None:
    funds = [make_fund(world, f"基金{n}") for n in range(3)]
    amend(funds[0], {"reserve_fen": 5})
    ledger.receive(fund=funds[1], amount_fen=70, key="r", by=None, now=NOW)
    ids = [fund.pk for fund in funds]
    with django_assert_num_queries(1):
        charters = {charter.fund.name: charter.version for charter in current_charters(fund_ids=ids)}
    assert charters == {"基金0": 2, "基金1": 1, "基金2": 1}
    with django_assert_num_queries(1):
        assert available_fen_of(fund_ids=ids) == {ids[0]: 0, ids[1]: 70, ids[2]: 0}
    with django_assert_num_queries(1):
        assert [fund.balance.available_fen for fund in funds_with_money()] == [70]
