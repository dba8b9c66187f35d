"""Decisions of the demand side: what stops a case, what a flag leads to, who owns what comes next."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import Tier
from jiujinan.regions.rules import is_within
from needs.rules import (
    FLAG_EFFECT,
    FLAG_MONTHS,
    add_months,
    flag_terms,
    hoped_for_until,
    is_helped_first,
    least_burdened,
    obstacles_to_publishing,
    obstacles_to_verifying,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PLACES = st.sampled_from(["", "990000", "990100", "990121", "990122", "370000"])
KINDS = st.sampled_from(["false_statement", "concealed_means", "misused_help"])
FACTS = st.fixed_dictionaries(
    {
        "economic_check": st.sampled_from(["pending", "passed", "failed", "exempt"]),
        "items": st.integers(0, 3),
        "tier": st.sampled_from(Tier),
        "open_questions": st.integers(0, 3),
        "blocking_flags": st.integers(0, 3),
        "other_decision": st.booleans(),
    }
)


@dataclass(frozen=True)
class Row:
    """A region's row about a kind of dishonesty."""

    place: str
    valid_from: date
    kind: str
    effect: str
    months: int


ROWS = st.lists(
    st.builds(Row, PLACES, DAYS, KINDS, st.sampled_from(["warns", "blocks"]), st.integers(1, 60)), max_size=8
)


@given(FACTS)
def test_nothing_keeps_help_from_the_critical_tier_but_what_makes_it_no_case(
    facts: dict[str, object],
) -> None:
    found = obstacles_to_verifying(**{**facts, "tier": Tier.CRITICAL})  # type: ignore[arg-type]
    assert not {"economic_check_pending", "integrity_flag"} & set(found)
    ordinary = obstacles_to_verifying(**{**facts, "tier": Tier.JOINT})  # type: ignore[arg-type]
    assert set(found) <= set(ordinary)


@given(FACTS)
def test_each_fact_alone_adds_its_own_obstacle_and_takes_no_other_away(facts: dict[str, object]) -> None:
    found = obstacles_to_verifying(**facts)  # type: ignore[arg-type]
    assert len(found) == len(set(found))
    for change, obstacle in (
        ({"items": 0}, "nothing_lacking"),
        ({"open_questions": 1}, "item_returned"),
        ({"other_decision": True}, "conference_decided"),
        ({"economic_check": "failed"}, "economic_check_failed"),
    ):
        more = obstacles_to_verifying(**{**facts, **change})  # type: ignore[arg-type]
        assert obstacle in more
        assert set(found) - {"economic_check_pending"} <= set(more)


@given(FACTS)
def test_a_case_without_any_trouble_is_verified_and_helped_first_only_before_its_check(
    facts: dict[str, object],
) -> None:
    is_clear = not obstacles_to_verifying(**facts)  # type: ignore[arg-type]
    assert is_clear is (
        facts["items"] != 0
        and not facts["open_questions"]
        and not facts["other_decision"]
        and facts["economic_check"] != "failed"
        and (
            facts["tier"] == Tier.CRITICAL
            or (facts["economic_check"] != "pending" and not facts["blocking_flags"])
        )
    )
    helped_first = is_clear and is_helped_first(economic_check=str(facts["economic_check"]))
    assert not helped_first or facts["tier"] == Tier.CRITICAL


@given(st.booleans(), st.booleans())
def test_a_withdrawn_consent_stops_publishing_whatever_was_given_before(
    given_: bool, withdrawn: bool
) -> None:
    found = obstacles_to_publishing(consented=given_, consent_withdrawn=withdrawn)
    assert (not found) is (given_ and not withdrawn)


@given(ROWS, KINDS, PLACES.filter(bool), DAYS)
def test_a_flag_follows_the_nearest_rule_in_force_or_only_warns(
    rows: list[Row], kind: str, region: str, on: date
) -> None:
    found = flag_terms(rows, kind=kind, region=region, on=on)
    holding = [
        row
        for row in rows
        if row.kind == kind and row.valid_from <= on and (not row.place or is_within(region, row.place))
    ]
    if not holding:
        assert (found.effect, found.expires_on) == (FLAG_EFFECT, add_months(on, FLAG_MONTHS))
        return
    widest = max(len(row.place.rstrip("0")) for row in holding)
    latest = max(row.valid_from for row in holding if len(row.place.rstrip("0")) == widest)
    choices = [row for row in holding if (len(row.place.rstrip("0")), row.valid_from) == (widest, latest)]
    assert (found.effect, found.expires_on) == (choices[-1].effect, add_months(on, choices[-1].months))


@given(ROWS, KINDS, DAYS, st.integers(0, 3000))
def test_every_flag_ends_by_itself_and_later_words_change_nothing_before_their_day(
    rows: list[Row], kind: str, on: date, later: int
) -> None:
    found = flag_terms(rows, kind=kind, region="990121", on=on)
    assert on < found.expires_on <= on + timedelta(days=31 * 60)
    coming = Row("990121", on + timedelta(days=later + 1), kind, "blocks", 60)
    assert flag_terms([*rows, coming], kind=kind, region="990121", on=on) == found


@given(DAYS, st.integers(0, 120), st.integers(0, 120))
def test_months_keep_the_day_where_they_have_it_and_are_never_over_sooner(
    day: date, few: int, more: int
) -> None:
    end = add_months(day, few)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == few
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)
    assert end <= add_months(day, few + more)


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 40), min_size=1), st.integers(0, 60))
def test_new_cases_go_to_whoever_has_the_least_until_all_have_alike(
    burden: dict[int, int], cases: int
) -> None:
    before, load = Counter(burden), Counter(burden)
    for _ in range(cases):
        chosen = least_burdened(burden, burden=load)
        assert load[chosen] == min(load[officer] for officer in burden)
        load[chosen] += 1
    assert sum(load.values()) == sum(before.values()) + cases
    given_something = [officer for officer in burden if load[officer] > before[officer]]
    for officer in given_something:
        assert load[officer] <= min(load[other] for other in burden) + 1


@given(st.sets(st.integers(1, 50), min_size=1), st.permutations(range(50)))
def test_who_is_chosen_does_not_depend_on_the_order_of_asking(officers: set[int], order: list[int]) -> None:
    burden = {officer: officer % 3 for officer in officers}
    asked = sorted(officers, key=lambda officer: order[officer - 1])
    assert least_burdened(asked, burden=burden) == least_burdened(sorted(officers), burden=burden)


@given(
    DAYS, st.sampled_from(Tier), st.dictionaries(st.sampled_from([str(t) for t in Tier]), st.integers(1, 24))
)
def test_help_is_hoped_for_until_a_months_end_that_tells_only_month_and_tier(
    day: date, tier: str, months: dict[str, int]
) -> None:
    found = hoped_for_until(day, tier, months=months)
    assert found >= day
    assert (found + timedelta(days=1)).day == 1
    assert found == hoped_for_until(day.replace(day=1), tier, months=months)
