"""The one gap: whatever is committed, given back and delivered, it is never served past."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.models import NeedItem, ProgressUpdate, Project
from needs.services import crowd
from needs.services.coverage import GapExceeded, NeedNotServed, commit, deliver, release
from needs.services.gate import decide, withdraw
from needs.states import Fulfilment
from tests.town import NOW, Town

Act = tuple[str, int]
ACTS = st.lists(
    st.tuples(st.sampled_from(["commit", "commit", "deliver", "release"]), st.integers(-1, 1200)), max_size=14
)


def item_of(town: Town, **amounts: int) -> NeedItem:
    facts = {"kind": "cash", "category": "medical", "unit": "fen", "required": 1000, **amounts}
    return town.verified(items=[facts]).items.get()


class Book:
    """What the item must say, kept beside it."""

    def __init__(self, lacking: int) -> None:
        self.lacking, self.committed, self.fulfilled = lacking, 0, 0

    def allows(self, act: str, amount: int) -> bool:
        """Return whether the act is within what there is."""
        most = self.lacking - self.committed if act == "commit" else self.committed - self.fulfilled
        return 0 < amount <= most

    def do(self, act: str, amount: int) -> None:
        """Follow the act."""
        self.committed += {"commit": amount, "release": -amount, "deliver": 0}[act]
        self.fulfilled += amount if act == "deliver" else 0


DO: dict[str, Callable[..., NeedItem]] = {"commit": commit, "deliver": deliver, "release": release}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_order_of_acts_keeps_the_item_within_its_gap(town: Town, acts: list[Act]) -> None:
    item = item_of(town, government=150, insurance=50)
    book = Book(lacking=800)
    for act, amount in acts:
        if book.allows(act, amount):
            after = DO[act](item=item, amount=amount, now=NOW)
            book.do(act, amount)
        else:
            with pytest.raises((GapExceeded, ValueError)):
                DO[act](item=item, amount=amount, now=NOW)
            after = NeedItem.objects.get(pk=item.pk)
        assert (after.committed, after.fulfilled) == (book.committed, book.fulfilled)
        assert after.gap == 800 - book.committed >= 0
        assert 0 <= after.fulfilled <= after.committed <= after.lacking
        assert (after.fulfilment == Fulfilment.FULFILLED) is (book.fulfilled == 800)


def test_who_comes_too_late_is_told_what_is_left(town: Town) -> None:
    item = item_of(town)
    commit(item=item, amount=700, now=NOW)
    with pytest.raises(GapExceeded) as refusal:
        commit(item=item, amount=301, now=NOW)
    assert refusal.value.gap == 300
    commit(item=item, amount=300, now=NOW)


@pytest.mark.parametrize(
    "change", ["committed = 1001", "committed = 5, fulfilled = 6", "committed = -1", "required = 0"]
)
def test_the_database_itself_refuses_an_item_past_its_gap(town: Town, change: str) -> None:
    item = item_of(town)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE needs_needitem SET {change}")  # noqa: S608  # the test's own text
    item.refresh_from_db()
    assert (item.required, item.committed, item.fulfilled, item.gap) == (1000, 0, 0, 1000)


def test_a_need_that_is_not_verified_or_was_withdrawn_takes_nothing(town: Town) -> None:
    draft = town.assessed().items.get()
    with pytest.raises(NeedNotServed):
        commit(item=draft, amount=1, now=NOW)
    need = town.verified()
    withdraw(need=need, reason="当事人撤回", by=town.wu, now=NOW)
    with pytest.raises(NeedNotServed):
        commit(item=need.items.get(), amount=1, now=NOW)


def test_what_was_delivered_is_not_given_back(town: Town) -> None:
    item = item_of(town)
    commit(item=item, amount=500, now=NOW)
    deliver(item=item, amount=400, now=NOW)
    with pytest.raises(ValueError, match="not delivered"):
        release(item=item, amount=101, now=NOW)
    assert release(item=item, amount=100, now=NOW).gap == 600


def test_a_withdrawn_project_shows_nothing_of_what_comes_after(town: Town) -> None:
    town.crowd(24)
    need = town.verified()
    decide(need=need, by=town.wu, now=NOW, plan=crowd.plan(now=NOW))
    item = need.items.get()
    commit(item=item, amount=100_000, now=NOW)
    before = list(Project.objects.values()), list(ProgressUpdate.objects.values())
    withdraw(need=need, reason="当事人撤回", by=town.wu, now=NOW)
    deliver(item=item, amount=100_000, now=NOW)
    after = list(Project.objects.values("covered_percent", "fulfilled_percent"))
    assert after == [{"covered_percent": before[0][0]["covered_percent"], "fulfilled_percent": 0}]
    assert list(ProgressUpdate.objects.values()) == before[1]
