"""A run by province: parts lie in the database, whoever takes one answers it, and replay gives the same bytes."""

from typing import Any

import pytest
from django.core.management import call_command

from matching.models import MatchRun, Proposal, SolvePart
from matching.services import provinces
from matching.services.provinces import answer_part
from matching.services.runs import replay, run_matching
from matching.tasks import propose_matches
from needs.models import CaseRecord, NeedItem
from tests.matching.invariants import everything_holds
from tests.matching.services.test_run_rules import offered
from tests.town import NOW, Town

ELSEWHERE = "880101"


@pytest.fixture
def country(town: Town, settings: Any) -> Town:
    """Return a town whose runs are solved by province, with needs in two and a capped fund for both."""
    return build_country(town, settings)


def build_country(town: Town, settings: Any) -> Town:
    """Have runs solved by province, with needs in two and a capped fund for both; return the town."""
    from jiujinan.regions.models import Region

    settings.MATCHING_PROVINCE_ROUNDS = 2
    Region.objects.create(code="880000", name="远山省", level="province", source="test", updated_at=NOW)
    Region.objects.create(
        code=ELSEWHERE, name="远山县", level="county", parent_id="880000", source="test", updated_at=NOW
    )
    offered(town, score=60, yuan=1000)
    far = offered(town, score=80, yuan=1000)
    CaseRecord.objects.filter(pk=far.case_id).update(region_id=ELSEWHERE)
    town.fund(yuan=1500, per_case_cap_fen=90_000)
    town.fund(yuan=300, regions=[ELSEWHERE])
    return town


def given(run: MatchRun) -> dict[Any, int]:
    """Return what each item is offered by the run."""
    sums: dict[Any, int] = {}
    for item, amount in Proposal.objects.filter(run=run).values_list("item_id", "amount"):
        sums[item] = sums.get(item, 0) + amount
    return sums


def test_it_gives_every_item_what_a_single_run_gives(country: Town, settings: Any) -> None:
    divided = run_matching(by=country.chen, now=NOW)
    assert divided.header["province_rounds"] == 2
    everything_holds()
    found = given(divided)
    Proposal.objects.all().delete()
    settings.MATCHING_PROVINCE_ROUNDS = 0
    once = run_matching(by=country.chen, now=NOW)
    assert "province_rounds" not in once.header
    assert found == given(once)
    assert sorted(found.values()) == [80_000, 100_000]


def test_it_can_be_repeated_to_the_bit_after_everything_changed(country: Town, settings: Any) -> None:
    run = run_matching(by=country.chen, now=NOW)
    NeedItem.objects.update(required=5)
    settings.MATCHING_PROVINCE_ROUNDS = 0
    assert replay(run=run).digest() == run.outcome_digest
    with pytest.raises(SystemExit) as ended:
        call_command("replay_run", str(run.pk))
    assert ended.value.code == 0


def test_workers_and_whoever_coordinates_give_the_same_bytes(country: Town) -> None:
    alone = run_matching(by=country.chen, now=NOW)
    Proposal.objects.all().delete()
    handed: list[bool] = []

    def hand_out(part: int, round_: int) -> None:
        if part % 2:
            handed.append(answer_part(part=part, round_=round_))

    together = run_matching(by=country.chen, now=NOW, hand_out=hand_out)
    assert handed
    assert all(handed)
    assert together.outcome_digest == alone.outcome_digest
    assert not SolvePart.objects.exists()


def test_a_part_is_solved_here_when_no_worker_can_be_told(country: Town) -> None:
    def nobody(part: int, round_: int) -> None:
        raise OSError

    assert given(run_matching(by=country.chen, now=NOW, hand_out=nobody))
    assert not SolvePart.objects.exists()


def test_a_part_whose_worker_fell_silent_is_solved_here(
    country: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provinces, "PATIENCE_SECONDS", 0)

    def taken_and_dropped(part: int, round_: int) -> None:
        SolvePart.objects.filter(pk=part, round=round_).update(taken=True)

    assert given(run_matching(by=country.chen, now=NOW, hand_out=taken_and_dropped))


def test_a_part_is_answered_once_and_not_after_its_round(country: Town) -> None:
    seen: list[tuple[bool, bool, bool]] = []

    def twice(part: int, round_: int) -> None:
        seen.append(
            (
                answer_part(part=part, round_=round_ - 1),
                answer_part(part=part, round_=round_),
                answer_part(part=part, round_=round_),
            )
        )

    run_matching(by=country.chen, now=NOW, hand_out=twice)
    assert set(seen) == {(False, True, False)}


def test_the_hourly_task_hands_the_parts_to_workers(country: Town) -> None:
    assert MatchRun.objects.get(pk=propose_matches()).header["province_rounds"] == 2
    assert not SolvePart.objects.exists()
