"""What the public sees of progress: tens of percent, whole months, each step once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from needs.models import Need, NeedItem, ProgressUpdate, Project
from needs.services import crowd
from needs.services.coverage import commit, deliver, release
from needs.services.gate import decide
from tests.town import NOW, Town

AUGUST = NOW + timedelta(days=31)


def published(town: Town, items: list[dict[str, object]] | None = None) -> Need:
    town.crowd(24, items=items)
    need = town.verified(items=items)
    assert decide(need=need, by=town.wu, now=NOW, plan=crowd.plan(now=NOW)).outcome == "published"
    return need


def shown() -> tuple[int, int]:
    project = Project.objects.get()
    return project.covered_percent, project.fulfilled_percent


def timeline() -> list[tuple[str, date]]:
    return list(ProgressUpdate.objects.order_by("seq").values_list("kind", "month"))


@pytest.mark.parametrize(
    ("amount", "percent"),
    [(1, 0), (29_999, 0), (30_000, 10), (123_456, 40), (299_999, 90), (300_000, 100)],
)
def test_shares_are_shown_in_tens_rounded_down_and_100_means_all_of_it(
    town: Town, amount: int, percent: int
) -> None:
    need = published(town)
    commit(item=need.items.get(), amount=amount, now=NOW)
    assert shown() == (percent, 0)
    deliver(item=need.items.get(), amount=amount, now=NOW)
    assert shown() == (percent, percent)


def test_a_step_is_told_once_a_month_however_often_it_happens(town: Town) -> None:
    item = published(town).items.get()
    for now in (NOW, NOW + timedelta(days=3), AUGUST, AUGUST + timedelta(days=1)):
        commit(item=item, amount=1000, now=now)
        deliver(item=item, amount=500, now=now)
    july, august = date(2026, 7, 1), date(2026, 8, 1)
    assert timeline() == [
        ("published", july),
        ("committed", july),
        ("delivered", july),
        ("committed", august),
        ("delivered", august),
    ]
    assert [update.seq for update in ProgressUpdate.objects.order_by("seq")] == [1, 2, 3, 4, 5]
    assert Project.objects.get().updated_month == august


def test_a_month_is_that_of_beijing(town: Town) -> None:
    item = published(town).items.get()
    first_of_august = datetime(2026, 8, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    commit(item=item, amount=1000, now=first_of_august)
    assert timeline()[-1] == ("committed", date(2026, 8, 1))


def test_what_is_given_back_falls_again_and_adds_no_step(town: Town) -> None:
    item = published(town).items.get()
    commit(item=item, amount=300_000, now=NOW)
    release(item=item, amount=200_000, now=NOW)
    assert shown() == (30, 0)
    assert [kind for kind, _ in timeline()] == ["published", "committed"]


def test_everything_delivered_is_told_once(town: Town) -> None:
    items: list[dict[str, object]] = [
        {"kind": "cash", "category": "medical", "unit": "fen", "required": 1000},
        {"kind": "goods", "category": "food", "unit": "piece", "required": 2},
    ]
    need = published(town, items=items)
    for item in NeedItem.objects.filter(need=need):
        commit(item=item, amount=item.required, now=NOW)
        deliver(item=item, amount=item.required, now=NOW)
    assert shown() == (100, 100)
    kinds = [kind for kind, _ in timeline()]
    assert kinds[-1] == "fulfilled"
    assert kinds.count("fulfilled") == 1


def test_no_exact_amount_or_day_is_in_what_the_public_reads(town: Town) -> None:
    item = published(town).items.get()
    commit(item=item, amount=123_457, now=NOW)
    rows = [
        *Project.objects.values(),
        *ProgressUpdate.objects.values(),
        *Project.objects.get().items.values(),
    ]
    for row in rows:
        values = [str(value) for name, value in row.items() if name != "content_hash"]
        assert not any("123457" in value or "1234" in value for value in values)
        assert all(value.day == 1 for value in row.values() if isinstance(value, date))
