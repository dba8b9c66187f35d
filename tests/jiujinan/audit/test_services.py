"""The trail: it grows, it is never changed, and whoever changes it all the same is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from jiujinan.audit.chain import entry_hash
from jiujinan.audit.models import AuditEntry, AuditStream
from jiujinan.audit.services import first_broken_entry, record
from tests.town import NOW, Town

TABLE = "audit_auditentry"


@pytest.fixture
def trail(town: Town) -> str:
    """A stream of five entries by two people, with figures and Chinese reasons."""
    for number in range(1, 6):
        record(
            stream="case:1",
            action="case.note",
            by=town.lin if number % 2 else None,
            subject="case:1",
            reason=f"第{number}次回访",
            data={"number": number, "codes": ["a", "乙"], "share": 0.1, "nested": {"z": 1, "a": None}},
            now=NOW + timedelta(minutes=number, microseconds=number),
        )
    return "case:1"


@pytest.fixture
def guards_down(trail: str) -> None:
    """Take the database's guards away, as somebody with the owner's password would; the test's end undoes it."""
    suffix = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for act in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {TABLE}_no_{act}{suffix}")


def test_a_whole_chain_holds_and_an_unknown_stream_has_nothing_broken(trail: str) -> None:
    assert first_broken_entry(stream=trail) is None
    assert first_broken_entry(stream="nobody") is None


def test_entries_are_numbered_in_each_stream_and_chained_to_the_one_before(trail: str, town: Town) -> None:
    record(stream="case:2", action="a", by=town.lin, subject="s", now=NOW)
    entries = list(AuditEntry.objects.filter(stream=trail))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert AuditEntry.objects.get(stream="case:2").seq == 1
    head = AuditStream.objects.get(pk=trail)
    assert (head.length, head.head) == (5, entries[-1].hash)


def test_the_same_moment_in_another_zone_has_the_same_hash() -> None:
    facts = {
        "previous": "", "stream": "s", "seq": 1, "by": None,
        "action": "a", "subject": "b", "reason": "", "data": {},
    }  # fmt: skip
    moment = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
    beijing = moment.astimezone(timezone(timedelta(hours=8)))
    assert entry_hash(at=moment, **facts) == entry_hash(at=beijing, **facts)


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEntry.objects.filter(seq=2).update(reason=""),
        lambda: AuditEntry.objects.filter(seq=2).delete(),
        lambda: connection.cursor().execute("UPDATE audit_auditentry SET seq = seq + 10"),
        lambda: connection.cursor().execute("DELETE FROM audit_auditentry"),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(trail: str, act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()
    assert AuditEntry.objects.filter(stream=trail).count() == 5
    assert first_broken_entry(stream=trail) is None


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "改过"},
        {"action": "case.other"},
        {"subject": "case:9"},
        {"at": NOW},
        {"by": None},
        {"data": {"number": 3}},
        {"previous_hash": "0" * 64},
        {"hash": "0" * 64},
        {"seq": 30},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_found(trail: str, guards_down: None, change: dict[str, object]) -> None:
    AuditEntry.objects.filter(stream=trail, seq=3).update(**change)
    assert first_broken_entry(stream=trail) == 3


def test_an_entry_taken_out_of_the_middle_is_found(trail: str, guards_down: None) -> None:
    AuditEntry.objects.filter(stream=trail, seq=2).delete()
    assert first_broken_entry(stream=trail) == 2


def test_a_cut_tail_is_found(trail: str, guards_down: None) -> None:
    AuditEntry.objects.filter(stream=trail, seq__gte=4).delete()
    assert first_broken_entry(stream=trail) == 4


def test_a_forged_entry_with_a_right_hash_of_its_own_breaks_the_next_one(
    trail: str, guards_down: None
) -> None:
    entry = AuditEntry.objects.get(stream=trail, seq=3)
    entry.reason = "改过"
    entry.hash = entry_hash(
        previous=entry.previous_hash,
        stream=trail,
        seq=3,
        at=entry.at,
        by=entry.by_id,
        action=entry.action,
        subject=entry.subject,
        reason=entry.reason,
        data=entry.data,
    )
    entry.save()
    assert first_broken_entry(stream=trail) == 4


def test_two_streams_hold_and_break_each_for_itself(trail: str, guards_down: None, town: Town) -> None:
    record(stream="case:2", action="a", by=town.lin, subject="s", now=NOW)
    AuditEntry.objects.filter(stream=trail, seq=1).update(reason="改过")
    assert (first_broken_entry(stream=trail), first_broken_entry(stream="case:2")) == (1, None)


def test_an_act_that_fails_leaves_no_entry(trail: str, town: Town) -> None:
    class ActFails(Exception):
        """The act behind the entry."""

    def act() -> None:
        record(stream=trail, action="case.note", by=town.lin, subject="case:1", now=NOW)
        raise ActFails

    with pytest.raises(ActFails), transaction.atomic():
        act()
    assert AuditStream.objects.get(pk=trail).length == 5
    assert first_broken_entry(stream=trail) is None
