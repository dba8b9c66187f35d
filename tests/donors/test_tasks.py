"""The clocks of the supply side."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from donors.ledger import guards
from donors.ledger.models import FundBalance, LedgerTransaction
from donors.ledger.services import receive, reserve
from donors.ledger.verify import DoesNotHoldError
from donors.models import Fund
from donors.tasks import anchor_ledger, expire_promises, verify_ledger
from jiujinan.celery import app
from jiujinan.jobs import BEAT_SCHEDULE
from tests.donors.ledger.superuser import as_superuser


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


@pytest.mark.django_db
def test_the_nightly_verification_names_what_does_not_hold(fund: Fund, settings: Any, tmp_path: Path) -> None:
    settings.LEDGER_ANCHORS = str(tmp_path / "anchors.jsonl")
    receive(fund=fund, amount_fen=500, key="gift", by=None, now=timezone.now())
    assert (verify_ledger(), anchor_ledger(), verify_ledger()) == (1, 1, 1)
    with as_superuser(), transaction.atomic():
        LedgerTransaction.objects.filter(fund=fund).update(amount_fen=50)
        with pytest.raises(DoesNotHoldError, match=f"fund {fund.pk} entry 1"):
            verify_ledger()


@pytest.mark.django_db
def test_a_missing_guard_is_named_by_task_and_command(fund: Fund, settings: Any, tmp_path: Path) -> None:
    settings.LEDGER_ANCHORS = str(tmp_path / "none")
    guards.remove(connection, ["ledger_leg_stays"])
    with pytest.raises(DoesNotHoldError, match="ledger_leg_stays"):
        verify_ledger()
    with pytest.raises(CommandError, match="ledger_leg_stays"):
        call_command("verify_ledger")
    with pytest.raises(CommandError, match="none"):
        call_command("verify_ledger", anchors=tmp_path / "none")
    guards.install(connection)
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "0 entries hold\n"
