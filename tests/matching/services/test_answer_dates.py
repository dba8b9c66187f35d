"""Until when a proposal waits: by the limits of its region that hold on that day."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from jiujinan.clocks.models import ClockRule
from jiujinan.clocks.queries import current_limits
from jiujinan.clocks.rules import Step
from matching.models import Proposal
from matching.services.runs import run_matching
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town


def limit(town: Town, region: str | None, *, tier: str = "joint", amount: int, valid_from: date) -> None:
    ClockRule.objects.create(
        step=Step.PROPOSAL, tier=tier, amount=amount, unit="hours", region_id=region,
        valid_from=valid_from, source="县里的办法", by=town.lin, at=NOW,
    )  # fmt: skip


def ends(town: Town, now: datetime = NOW) -> dict[tuple[str, str], datetime]:
    """Return until when the proposals of a fresh run wait, by region and tier."""
    run = run_matching(by=town.chen, now=now)
    found = Proposal.objects.filter(run=run).select_related("item__need__case")
    return {(one.item.need.case.region_id, one.item.need.tier): one.expires_at for one in found}


@pytest.fixture
def needs(town: Town) -> Town:
    town.fund(yuan=100_000)
    for region in (COUNTY, NEXT_COUNTY):
        for tier in ("critical", "joint"):
            town.let_through(town.verified(yuan=100, region=region, tier=tier))
    return town


def test_without_rows_of_its_own_a_region_follows_the_shipped_limits(needs: Town) -> None:
    assert ends(needs) == {
        (COUNTY, "critical"): NOW + timedelta(hours=8),
        (COUNTY, "joint"): NOW + timedelta(days=3),
        (NEXT_COUNTY, "critical"): NOW + timedelta(hours=8),
        (NEXT_COUNTY, "joint"): NOW + timedelta(days=3),
    }


def test_the_nearest_region_the_tier_and_the_day_decide(needs: Town) -> None:
    limit(needs, PREFECTURE, amount=40, valid_from=date(2026, 1, 1))
    limit(needs, COUNTY, amount=20, valid_from=date(2026, 7, 8))
    assert ends(needs) == {
        (COUNTY, "critical"): NOW + timedelta(hours=8),
        (COUNTY, "joint"): NOW + timedelta(hours=40),
        (NEXT_COUNTY, "critical"): NOW + timedelta(hours=8),
        (NEXT_COUNTY, "joint"): NOW + timedelta(hours=40),
    }
    Proposal.objects.all().delete()
    later = NOW + timedelta(days=2)
    assert ends(needs, later)[COUNTY, "joint"] == later + timedelta(hours=20)


def test_every_proposal_waits_as_the_limits_say_working_days_included(needs: Town) -> None:
    ClockRule.objects.create(
        step=Step.PROPOSAL, tier="joint", amount=2, unit="working_days", region_id=COUNTY,
        valid_from=date(2026, 1, 1), source="县里的办法", by=needs.lin, at=NOW,
    )  # fmt: skip
    friday = NOW + timedelta(days=4)
    found = ends(needs, friday)
    assert found[COUNTY, "joint"] == friday + timedelta(days=4)
    limits, since = current_limits(), timezone.localtime(friday)
    assert found == {
        (region, tier): limits.timing(Step.PROPOSAL, tier=tier, region=region, since=since).due_at
        for region, tier in found
    }
