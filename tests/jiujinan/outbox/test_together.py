"""Many at the same moment, on a real PostgreSQL: streams keep their order, keys and messages their one effect."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import first_broken_entry, record
from jiujinan.outbox.models import OutboxEvent
from jiujinan.outbox.services import is_first_receipt, tell
from tests.town import NOW

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS = 8


def at_once(act: Callable[[int], Any]) -> Counter[Any]:
    """Call the act in eight threads, each with its number; count what came back, or the error's name."""
    start = threading.Barrier(THREADS)

    def one(number: int) -> Any:
        start.wait(timeout=30)
        try:
            return act(number)
        except Exception as refusal:  # the test judges what came out
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def test_one_incoming_message_seen_by_eight_at_once_is_first_for_one() -> None:
    seen = at_once(lambda number: is_first_receipt(source="hospital", message_id="m1", now=NOW))
    assert seen == {True: 1, False: THREADS - 1}


def test_a_new_subject_told_of_by_eight_at_once_has_eight_places_in_order() -> None:
    def say(number: int) -> str:
        tell(destination="d", subject="s", kind="k", payload={}, key=f"k{number}", now=NOW)
        return "told"

    assert at_once(say) == {"told": THREADS}
    assert list(OutboxEvent.objects.values_list("seq", flat=True)) == list(range(1, THREADS + 1))


def test_one_key_told_by_eight_at_once_is_one_event() -> None:
    def say(number: int) -> str:
        tell(destination="d", subject="s", kind="k", payload={}, key="one", now=NOW)
        return "told"

    assert at_once(say) == {"told": THREADS}
    assert OutboxEvent.objects.count() == 1


def test_a_new_trail_written_by_eight_at_once_is_whole() -> None:
    def write(number: int) -> str:
        with transaction.atomic():
            record(stream="s", action="a", by=None, subject=str(number), now=NOW)
            record(stream="s", action="b", by=None, subject=str(number), now=NOW)
        return "written"

    assert at_once(write) == {"written": THREADS}
    assert AuditEntry.objects.count() == 2 * THREADS
    assert first_broken_entry(stream="s") is None
