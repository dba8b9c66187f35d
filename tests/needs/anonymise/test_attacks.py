"""Attacks on what is public: nobody is found, and no crowd is smaller than promised."""

from typing import Any

import pytest

from bench.anonymise_attacks import (
    Published,
    World,
    build_world,
    collude,
    intersect_snapshots,
    join_grants,
    join_ledger,
    link_with_register,
    read_the_notices,
    subtract_statistics,
)
from bench.anonymise_givers import collude_in_pairs, join_reports, prefecture
from bench.anonymise_year import NEIGHBOURS, live_a_year


@pytest.fixture(scope="module")
def world() -> World:
    """A county of 450,000 people, 21,000 of them with low income, and a year of 3,000 cases."""
    return build_world()


def test_10000_linkage_tries_are_right_in_at_most_5_percent_and_never_certain(world: World) -> None:
    answer = link_with_register(world, tries=10_000)
    assert answer["tries"] == 10_000
    assert answer["right"] / answer["tries"] <= 0.05
    assert answer["certain"] == 0
    assert answer["least_crowd"] >= 20


def test_a_neighbour_who_read_every_notice_has_5_candidates_always_and_20_mostly(world: World) -> None:
    answer = read_the_notices(world)
    assert answer["least"] >= 5
    assert answer["median"] >= 20


def test_a_year_of_daily_snapshots_intersected_leaves_at_least_20_people() -> None:
    answer = intersect_snapshots(people=1_000)
    assert answer["records"] > 100
    assert answer["least_intersection"] >= 20


def test_a_register_that_loses_a_fifth_in_a_year_still_keeps_the_promise() -> None:
    assert intersect_snapshots(people=400, churn=0.2, seed=8)["least_intersection"] >= 20


def test_statistics_of_two_days_never_differ_by_less_than_ten(world: World) -> None:
    answer = subtract_statistics(world)
    assert answer["smallest_step"] >= 10
    assert answer["counts_under_20_shown"] == 0


def test_no_payment_joins_with_a_single_project(world: World) -> None:
    answer = join_ledger(world)
    assert answer["shown"] > 0
    assert answer["unique"] == 0
    assert answer["least_projects_behind_a_shown_group"] >= 20


def test_no_released_grant_joins_with_a_single_project(world: World) -> None:
    answer = join_grants(world)
    assert answer["released"] > 1_000
    assert answer["unique"] == 0
    assert answer["least_alike"] >= 20


def test_two_colluding_donors_with_all_notices_still_have_the_promised_crowd(world: World) -> None:
    answer = collude(world)
    assert answer["records"] > 500
    assert answer["gifts"]["least"] >= 5
    assert answer["gifts"]["median"] >= 20
    assert answer["charters"]["least"] >= 5


@pytest.fixture(scope="module")
def recent() -> list[Published]:
    """The recent public records of four counties of a prefecture."""
    return prefecture()


def test_no_two_charters_of_whatever_place_and_kind_of_help_leave_fewer_than_5_candidates(
    recent: list[Published],
) -> None:
    answer = collude_in_pairs(recent)
    assert answer["pairs_of_charters"] > 10_000
    assert answer["kept_from_county_funds"] > 0
    assert answer["least"] >= 5


def test_they_would_if_offers_named_the_county_of_every_record(recent: list[Published]) -> None:
    assert collude_in_pairs(recent, county_told=True)["under_5"] > 0


def test_ledger_donor_reports_and_projects_join_nowhere_by_amount_and_time(recent: list[Published]) -> None:
    answer = join_reports(recent)
    assert answer["released"] > 100
    assert answer["views_of_blocks_by_two_funds"] > 100
    assert answer["unique"] == 0
    assert answer["least_alike"] >= 5


def test_what_is_not_protected_from_colluding_donors_is_known_in_figures(world: World) -> None:
    """What docs/anonymity.md says is not protected: charters for one group of people; all lacks known."""
    answer = collude(world)
    assert answer["groups"]["alone"] <= 0.12 * answer["records"]
    assert answer["lacks"]["median"] >= 5
    assert answer["lacks"]["alone"] <= 0.06 * answer["records"]


@pytest.fixture(scope="module")
def quiet_year() -> dict[str, Any]:
    """A county of 600 low-income people of whom a fifth leave and as many come: what the settings reckon with."""
    return live_a_year(people=600, seed=1)


@pytest.fixture(scope="module")
def shrinking_year() -> dict[str, Any]:
    """Three small counties whose register nearly empties, and where cases turn out never to be public."""
    return live_a_year(people=150, leave=0.95, join=0.0, turn_sensitive=0.08, counties=NEIGHBOURS, seed=3)


def test_365_nightly_snapshots_intersected_leave_at_least_20_people(quiet_year: dict[str, Any]) -> None:
    assert quiet_year["days"] == 365
    assert quiet_year["records"] > 100
    assert quiet_year["withdrawn"] > 0
    assert quiet_year["closed"] > 0
    assert quiet_year["least_left"] >= 20


def test_what_is_made_coarser_or_held_in_a_shrinking_register_leaves_at_least_20_people(
    shrinking_year: dict[str, Any],
) -> None:
    assert shrinking_year["coarsened"] > 0
    assert shrinking_year["held_later"] > 20
    assert shrinking_year["least_left"] >= 20


@pytest.mark.parametrize("year", ["quiet_year", "shrinking_year"])
def test_who_came_on_a_day_had_5_notices_and_no_facet_tells_who(
    year: str, request: pytest.FixtureRequest
) -> None:
    answer = request.getfixturevalue(year)
    assert answer["least_notices"] >= 5
    assert answer["least_facet"] >= 20
    assert answer["least_facet_step"] >= 10
