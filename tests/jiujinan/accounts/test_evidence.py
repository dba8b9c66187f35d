"""Evidence is looked at by another, kept apart from the public, and never lapses in silence."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings

from donors.services import announce_contribution, create_fund
from jiujinan.accounts.evidence import (
    AlreadyDecided,
    EvidenceLapsed,
    ReasonMissing,
    refuse_document,
    remind_of_expiry,
    upload_document,
    verify_document,
)
from jiujinan.accounts.evidence_rules import (
    BadFile,
    DocumentKind,
    InvalidCreditCode,
    checked_credit_code,
    content_type_of,
    evidence_holds_until,
    has_lapsed,
    reminder_due,
)
from jiujinan.accounts.models import OrganisationDocument
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.accounts.services import register_organisation
from jiujinan.audit.models import AuditEntry
from jiujinan.outbox.models import OutboxEvent
from tests.town import NOW, PREFECTURE, Town

PDF = b"%PDF-1.7\nevidence"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


def uploaded(town: Town, expires_on: date | None = date(2026, 8, 1), **facts: object) -> OrganisationDocument:
    values = {"kind": DocumentKind.REGISTRATION, "name": "证书.pdf", "data": PDF, "by": town.chen, **facts}
    return upload_document(organisation=town.charity, expires_on=expires_on, now=NOW, **values)


def test_a_verified_document_gives_the_organisation_its_last_day(town: Town) -> None:
    document = verify_document(document=uploaded(town), by=town.zhou, now=NOW)
    town.charity.refresh_from_db()
    assert (document.state, document.decided_by) == ("verified", town.zhou)
    assert (town.charity.evidence_expires_on, town.charity.verified_by) == (date(2026, 8, 1), town.zhou)
    renewed = uploaded(town, expires_on=date(2029, 8, 1))
    verify_document(document=renewed, by=town.zhou, now=NOW, expires_on=date(2029, 7, 31))
    town.charity.refresh_from_db()
    assert town.charity.evidence_expires_on == date(2029, 7, 31)


def test_only_a_verifier_of_the_region_decides_and_once(town: Town) -> None:
    document = uploaded(town)
    for stranger in (town.chen, town.lin, town.wu, town.qian):
        with pytest.raises(NotAllowed):
            verify_document(document=document, by=stranger, now=NOW)
    with pytest.raises(ReasonMissing):
        refuse_document(document=document, reason=" ", by=town.zhou, now=NOW)
    refuse_document(document=document, reason="看不清", by=town.zhou, now=NOW)
    with pytest.raises(AlreadyDecided):
        verify_document(document=document, by=town.zhou, now=NOW)
    town.charity.refresh_from_db()
    assert town.charity.evidence_expires_on is None
    trail = AuditEntry.objects.filter(stream="organisations").order_by("seq").values_list("action", flat=True)
    assert list(trail) == ["evidence.upload", "evidence.refused"]


def test_a_stranger_hands_nothing_in_and_a_file_is_what_it_says(town: Town) -> None:
    with pytest.raises(NotAllowed):
        uploaded(town, by=town.qian)
    for name, data, code in (
        ("证书.pdf", b"", "empty"),
        ("证书.pdf", b"MZ\x90", "not_a_document"),
        ("证书.exe", PDF, "not_a_document"),
        ("证书.png", PDF, "not_a_document"),
        ("证书.pdf", PDF + bytes(10 * 1024 * 1024), "too_large"),
    ):
        with pytest.raises(BadFile) as refusal:
            uploaded(town, name=name, data=data)
        assert refusal.value.code == code
    assert content_type_of("a.JPG", b"\xff\xd8\xff\xe0") == "image/jpeg"


def test_the_file_lies_outside_of_what_is_served_under_a_random_name(town: Town) -> None:
    document = uploaded(town, name="../../etc/证书.pdf")
    path = Path(document.file.path)
    assert path.is_relative_to(project_settings.PRIVATE_ROOT)
    assert not path.is_relative_to(project_settings.MEDIA_ROOT)
    assert document.name == "证书.pdf"
    assert "证书" not in path.name
    with pytest.raises(ValueError, match="accessible via a URL"):
        _ = document.file.url


def test_whose_evidence_has_expired_takes_nothing_new_on(town: Town) -> None:
    fund = town.fund()
    town.charity.evidence_expires_on = TODAY - timedelta(days=1)
    town.charity.save()
    fund.refresh_from_db()
    with pytest.raises(EvidenceLapsed):
        create_fund(holder=town.charity, name="新", charter={"starts_on": TODAY}, by=town.chen, now=NOW)
    with pytest.raises(EvidenceLapsed):
        announce_contribution(fund=fund, donor_name="某", source="charity", amount_fen=1, now=NOW)


def test_a_reminder_is_told_once_at_each_step_and_when_it_has_lapsed(town: Town) -> None:
    verify_document(document=uploaded(town), by=town.zhou, now=NOW)
    last = date(2026, 8, 1)
    told: list[date] = []
    for day in range((last - TODAY).days + 4):
        now = NOW + timedelta(days=day)
        today = TODAY + timedelta(days=day)
        rounds = [remind_of_expiry(now=now + timedelta(hours=hours), today=today) for hours in (0, 12)]
        told += [today] * sum(rounds)
    kinds = OutboxEvent.objects.filter(stream__destination="organisation").order_by("seq")
    assert [(event.kind, event.payload["step"]) for event in kinds] == [
        ("evidence.ends", "30" if (last - TODAY).days <= 30 else "60"),
        ("evidence.ends", "7"),
        ("evidence.ends", "0"),
        ("evidence.lapsed", "lapsed"),
    ]
    assert told[1:] == [last - timedelta(days=7), last, last + timedelta(days=1)]


def test_credit_codes_carry_their_check_character(town: Town) -> None:
    assert checked_credit_code(" 91110000600037341l ".strip()) == "91110000600037341L"
    for wrong in ("911100006000373410", "9111", "", "91110000600037341I"):
        with pytest.raises(InvalidCreditCode):
            checked_credit_code(wrong)
    with pytest.raises(InvalidCreditCode):
        register_organisation(
            name="错码慈善会",
            kind=OrganisationKind.CHARITY,
            region=PREFECTURE,
            credit_code="911100006000373410",
            by=town.lin,
            now=NOW,
        )


def test_the_required_document_that_ends_first_decides() -> None:
    kind = OrganisationKind.CHARITY
    early, late = date(2026, 1, 1), date(2027, 1, 1)
    assert evidence_holds_until(kind, [("registration", late), ("charity_status", early)]) == early
    assert evidence_holds_until(kind, [("registration", early), ("registration", None)]) is None
    assert evidence_holds_until(kind, [("other", early)]) is None
    assert not has_lapsed(early, early)
    assert has_lapsed(early, early + timedelta(days=1))
    assert [reminder_due(late, late - timedelta(days=days)) for days in (61, 60, 31, 30, 7, 1, 0)] == [
        None, 60, 60, 30, 7, 7, 0,
    ]  # fmt: skip
