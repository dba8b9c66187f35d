"""What the portal's overview asks a member to look at, and how often it asks the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.portal.queries import batches_to_approve
from donors.ledger.services import receive, reserve
from donors.models import Contribution, FundEnding, PaymentBatch, ServiceOffer
from donors.services import PaymentRequest, announce_contribution, create_fund, prepare_batch
from donors.services.endings import propose_endings
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from matching.models import Commitment
from matching.services.paying import Order, approve_payments, has_role_to_approve, prepare_payments
from matching.services.proposals import accept_proposal
from needs.models import NeedItem
from tests.cms.conftest import propose
from tests.town import Town

SignIn = Callable[[User], Client]


def prepared(town: Town, **charter: Any) -> PaymentBatch:
    item = NeedItem.objects.get(need=town.verified(yuan=3000))
    now = timezone.now()
    proposal = propose(town, item, 300_000, fund=town.fund(**charter))
    commitment = accept_proposal(proposal=proposal, by=town.chen, now=now)
    assert isinstance(commitment, Commitment)
    return prepare_payments(holder=town.charity, orders=[Order(commitment, 300_000)], by=town.he, now=now)


def overview(client: Client) -> str:
    return client.get("/portal/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(("days", "words"), [(-1, "expired on"), (7, "valid until"), (100, "")])
def test_evidence_that_ends_is_told_on_the_first_page(
    town: Town, signed_in: SignIn, days: int, words: str
) -> None:
    town.charity.evidence_expires_on = timezone.localdate() + timedelta(days=days)
    town.charity.save()
    page = overview(signed_in(town.chen))
    if words:
        assert words in page
        assert f"/portal/organisation/{town.charity.pk}/" in page
    else:
        assert "Please look at" not in page


def test_a_batch_is_told_to_whoever_may_approve_it_and_to_nobody_else(town: Town, signed_in: SignIn) -> None:
    ma, sun = (register_person(username=name, full_name=name, password=None) for name in ("ma", "sun"))
    join(user=ma, organisation=town.charity, role=Role.FUND_MANAGER)
    join(user=sun, organisation=town.charity, role=Role.PAYMENT_APPROVER)
    batches = [
        prepared(town, second_approval_above_fen=1, second_approval_by=role)
        for role in ("fund_manager", "payment_approver")
    ]
    people = [town.chen, town.he, town.gao, town.qian, town.luo, ma, sun]

    def check() -> dict[str, int]:
        """The list and the predicate agree."""
        for by in people:
            listed = set(batches_to_approve(by))
            may = {
                one
                for one in PaymentBatch.objects.filter(state="draft")
                if has_role_to_approve(batch=one, by=by)
                and by.pk not in {one.prepared_by_id, one.approved_by_id}
            }
            assert listed == may
        return {by.username: batches_to_approve(by).count() for by in people if batches_to_approve(by)}

    assert check() == {"gao": 2, "sun": 2}
    assert "wait for your approval" in overview(signed_in(town.gao))
    for batch in batches:
        approve_payments(batch=batch, by=town.gao, now=timezone.now())
    assert check() == {"ma": 1, "sun": 1}
    assert "waits for your approval" in overview(signed_in(ma))
    assert "for your approval" not in overview(signed_in(town.chen))


def test_a_fund_that_ended_waits_for_its_manager(town: Town, signed_in: SignIn) -> None:
    today = timezone.localdate()
    fund = create_fund(
        holder=town.charity,
        name="旧",
        charter={"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)},
        by=town.chen,
        now=timezone.now(),
    )
    propose_endings(now=timezone.now(), today=today)
    assert FundEnding.objects.filter(fund=fund).exists()
    assert f'/portal/funds/{fund.pk}/"' in overview(signed_in(town.chen)).split("figures")[0]
    assert "Please look at" not in overview(signed_in(town.gao))


def rows(town: Town, count: int) -> None:
    """Add so many rows to every list of the portal."""
    now, fund = timezone.now(), town.fund(yuan=1_000_000)
    one = announce_contribution(fund=fund, donor_name="某", source="charity", amount_fen=100, now=now)
    Contribution.objects.bulk_create(
        Contribution(
            fund=fund,
            donor_name="某",
            source="charity",
            amount_fen=100,
            reference=f"{one.reference[:-4]}{place:05d}",
            announced_at=now,
        )
        for place in range(count - 1)
    )
    ServiceOffer.objects.bulk_create(
        ServiceOffer(
            organisation=town.agency,
            name=f"服务{place}",
            category="counselling",
            unit="session",
            weekly_capacity=1,
            total=1,
            starts_on=now.date(),
            created_at=now,
        )
        for place in range(count)
    )
    receive(fund=fund, amount_fen=count, key=f"r{count}", by=town.he, now=now)
    held = reserve(fund=fund, amount_fen=count, key=f"v{count}", by=town.he, now=now)
    first = prepare_batch(holder=town.charity, requests=[PaymentRequest(held, "H1", 1)], by=town.he, now=now)
    PaymentBatch.objects.bulk_create(
        PaymentBatch(holder=town.charity, prepared_by=first.prepared_by, prepared_at=now)
        for _ in range(count - 1)
    )


LISTS = [
    ("/portal/", "chen"),
    ("/portal/funds/", "chen"),
    ("/portal/payments/", "gao"),
    ("/portal/", "gao"),
    ("/portal/gifts/", "he"),
    ("/portal/supplies/offers/", "luo"),
]


def test_each_list_asks_as_often_for_one_row_as_for_three_or_three_hundred(
    town: Town, signed_in: SignIn
) -> None:
    asked: list[list[int]] = []
    for more in (1, 2, 297):
        rows(town, more)
        counts = []
        for address, name in LISTS:
            client = signed_in(getattr(town, name))
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page = client.get(address)
            assert page.status_code == 200, address
            counts.append(len(queries))
        asked.append(counts)
    assert asked[2] == asked[1]
    assert all(many <= one + 1 for many, one in zip(asked[1], asked[0], strict=True))
