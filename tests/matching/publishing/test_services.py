"""Releases and released grants: rounded, withheld, weekly, and never one household."""

import json
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Commitment, GrantCursor, PublicGrant, Release
from matching.publishing.services import publish_release, release_grants
from matching.publishing.tables import all_tables
from matching.services.runs import run_matching
from tests.cms.conftest import make_project
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town


def paid(town: Town, count: int) -> None:
    """Have so many needs completely paid by one fund."""
    fund = town.fund(yuan=1_000_000)
    for place in range(count):
        (item,) = town.verified(yuan=100 + place).items.all()
        Commitment.objects.create(
            fund=fund, item=item, amount=item.required, disbursed=item.required, state="completed",
            hold=item.pk, by=town.chen, at=NOW + timedelta(minutes=place),
        )  # fmt: skip


def test_grants_become_public_by_twenties_with_one_amount_and_one_month(town: Town) -> None:
    paid(town, 45)
    assert release_grants(now=NOW) == 40
    assert release_grants(now=NOW) == 0
    assert PublicGrant.objects.values("block", "amount_fen", "month", "region").distinct().count() == 2
    assert set(PublicGrant.objects.values_list("region", flat=True)) == {PREFECTURE}
    assert GrantCursor.objects.count() == 40


def test_a_released_grant_names_neither_commitment_nor_need_nor_project(town: Town) -> None:
    paid(town, 20)
    release_grants(now=NOW)
    told = json.dumps(list(PublicGrant.objects.values()), default=str)
    for commitment in Commitment.objects.select_related("item"):
        for secret in (commitment.pk, commitment.item_id, commitment.item.need_id):
            assert str(secret) not in told


def test_a_release_is_made_once_a_week(town: Town) -> None:
    first = publish_release(now=NOW)
    assert first is not None
    assert publish_release(now=NOW + timedelta(days=6)) is None
    second = publish_release(now=NOW + timedelta(days=7))
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest
    assert Release.objects.count() == 2


def test_small_counts_are_withheld_and_others_rounded(town: Town) -> None:
    for _ in range(37):
        make_project(tier="joint")
    for _ in range(3):
        make_project(tier="critical")
    by_tier = all_tables()["projects"]["by_tier"]
    assert by_tier["cells"]["critical"] is None
    assert by_tier["cells"]["joint"] in {40, None}
    assert by_tier["total"] == 40


def test_what_stands_unmet_is_told_by_reason_and_county(town: Town) -> None:
    for place in range(31):
        town.let_through(town.verified(region=COUNTY if place else NEXT_COUNTY))
    town.fund(yuan=100, regions=[NEXT_COUNTY])
    run_matching(by=town.chen, now=NOW)
    unmet = all_tables()["unmet"]
    told = {(cell["region"], cell["reason"]): cell["items"] for cell in unmet["cells"]}
    assert set(told) == {(place, why) for place in (COUNTY, NEXT_COUNTY) for why in ("region", "exhausted")}
    assert told[NEXT_COUNTY, "exhausted"] is None
    assert unmet["total"] == 30


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            all_tables()
        return len(asked)

    make_project()
    one = queries()
    for _ in range(5):
        make_project()
    paid(town, 3)
    assert queries() == one
