"""The clocks of the supply side."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from donors.ledger.models import FundBalance
from donors.ledger.services import receive, reserve
from donors.models import Fund
from donors.tasks import anchor_ledger, expire_promises
from jiujinan.celery import app
from jiujinan.jobs import BEAT_SCHEDULE


def test_every_clock_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    for job in BEAT_SCHEDULE.values():
        assert job["task"] in app.tasks


@pytest.mark.django_db
def test_a_promise_whose_time_is_over_gives_its_money_back(fund: Fund) -> None:
    now = timezone.now()
    receive(fund=fund, amount_fen=500, key="gift", by=None, now=now)
    reserve(fund=fund, amount_fen=300, key="r", by=None, now=now, expires_at=now - timedelta(minutes=1))
    assert expire_promises() == 1
    assert FundBalance.objects.get(fund=fund).available_fen == 500


@pytest.mark.django_db
def test_the_heads_are_anchored_once(fund: Fund, settings: Any, tmp_path: Path) -> None:
    settings.LEDGER_ANCHORS = str(tmp_path / "anchors.jsonl")
    receive(fund=fund, amount_fen=500, key="gift", by=None, now=timezone.now())
    assert (anchor_ledger(), anchor_ledger()) == (1, 0)
    assert all(json.loads(line) for line in (tmp_path / "anchors.jsonl").read_text().splitlines())
