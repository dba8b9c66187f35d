"""Reports of a need: an owner and a deadline from the first minute, and limits that stop machines alone."""

from datetime import timedelta
from itertools import count

import pytest

from jiujinan.accounts.predicates import NotAllowed
from jiujinan.audit.models import AuditEntry
from jiujinan.codes import DiscoveryChannel, Tier
from jiujinan.regions.services import load_regions
from jiujinan.states import ForbiddenAct
from needs.discovery import rules
from needs.discovery.models import NeedReport
from needs.discovery.rules import Step, Whose
from needs.discovery.services import (
    FirstWord,
    NobodyInCharge,
    NotYet,
    TooMany,
    answer,
    contact,
    file,
    follow,
    forget_origins,
    hand_over,
    take_in,
    tried,
)
from needs.discovery.states import Answer
from needs.intake.services import import_cases
from needs.models import CaseRecord
from tests.needs.intake.casefiles import DEMO, case_row, file_of
from tests.town import COUNTY, NOW, Town

tokens = count()


def word(**facts: object) -> FirstWord:
    basics = {
        "token": f"form-{next(tokens)}",
        "whose": Whose.OWN,
        "region": COUNTY,
        "story": "父亲摔伤住院，押金不够",
        "phone": "13900000000",
        "reporter_name": "测试甲",
    }
    return FirstWord(**{**basics, **facts})  # type: ignore[arg-type]


def only_report() -> NeedReport:
    return NeedReport.objects.get()


def test_a_report_has_an_owner_a_deadline_and_a_number_at_once(town: Town) -> None:
    receipt = take_in(word=word(tier=Tier.CRITICAL), origin="192.0.2.1", now=NOW)
    report = only_report()
    assert report.owner == town.lin
    assert report.due_at == NOW + timedelta(hours=2)
    progress = follow(number=receipt.number)
    assert progress is not None
    assert progress.way[progress.done - 1] is Step.RECEIVED


def test_nothing_that_was_typed_in_lies_open_in_the_database(town: Town) -> None:
    take_in(word=word(person_name="测试乙", address="某村"), origin="192.0.2.1", now=NOW)
    stored = NeedReport.objects.values().get()
    told = repr(stored) + repr(list(AuditEntry.objects.values()))
    for secret in ("父亲摔伤", "13900000000", "测试甲", "测试乙", "某村", "192.0.2.1"):
        assert secret not in told
        assert secret.encode() not in b"".join(bytes(v) for v in stored.values() if isinstance(v, bytes))


def test_the_same_form_sent_twice_is_one_report(town: Town) -> None:
    first = word()
    one = take_in(word=first, origin="192.0.2.1", now=NOW)
    two = take_in(word=first, origin="192.0.2.1", now=NOW + timedelta(seconds=5))
    assert one == two
    assert NeedReport.objects.count() == 1


def test_one_address_is_stopped_after_five_in_an_hour_and_welcome_again_later(town: Town) -> None:
    for phone in range(rules.MOST_BY_ORIGIN_AN_HOUR):
        take_in(word=word(phone=f"1390000000{phone}"), origin="192.0.2.1", now=NOW)
    with pytest.raises(TooMany):
        take_in(word=word(phone="13900000009"), origin="192.0.2.1", now=NOW)
    take_in(word=word(phone="13900000009"), origin="192.0.2.2", now=NOW)
    take_in(word=word(phone="13900000008"), origin="192.0.2.1", now=NOW + timedelta(minutes=61))


def test_one_telephone_is_stopped_after_three_in_a_day(town: Town) -> None:
    for host in range(rules.MOST_BY_PHONE_A_DAY):
        take_in(word=word(), origin=f"192.0.2.{host}", now=NOW)
    with pytest.raises(TooMany):
        take_in(word=word(), origin="192.0.2.99", now=NOW)


def test_what_staff_write_down_has_no_such_limit(town: Town) -> None:
    for _ in range(8):
        take_in(word=word(channel=DiscoveryChannel.HOTLINE), origin="", by=town.lin, now=NOW)
    assert NeedReport.objects.filter(owner=town.lin).count() == 8


def test_where_the_form_came_from_is_forgotten_after_a_day(town: Town) -> None:
    take_in(word=word(), origin="192.0.2.1", now=NOW)
    assert forget_origins(now=NOW + timedelta(hours=23)) == 0
    assert forget_origins(now=NOW + timedelta(hours=25)) == 1
    assert only_report().origin_index == ""


def test_a_place_without_an_office_is_said_so(town: Town) -> None:
    town.desk.memberships.all().delete()
    with pytest.raises(NobodyInCharge):
        take_in(word=word(), origin="192.0.2.1", now=NOW)


def test_a_report_that_became_a_case_is_followed_to_the_help(town: Town) -> None:
    receipt = take_in(word=word(), origin="192.0.2.1", now=NOW)
    contact(report=only_report(), by=town.lin, now=NOW)
    need = town.verified(yuan=100)
    file(report=only_report(), case=need.case, by=town.lin, now=NOW)
    need.items.update(committed=10_000)
    progress = follow(number=receipt.number)
    assert progress is not None
    assert progress.way[progress.done - 1] is Step.ARRANGED
    need.items.update(fulfilled=10_000)
    progress = follow(number=receipt.number)
    assert progress is not None
    assert progress.way[progress.done - 1] is Step.HELPED


def test_not_reached_is_an_answer_only_after_three_days_of_trying(town: Town) -> None:
    take_in(word=word(), origin="192.0.2.1", now=NOW)
    report = only_report()
    for hour in range(3):
        tried(report=report, by=town.lin, now=NOW + timedelta(hours=hour))
    with pytest.raises(NotYet, match="too_few_tries"):
        answer(report=report, answer=Answer.NOT_REACHED, reason="打不通", by=town.lin, now=NOW)
    for day in (1, 2):
        tried(report=report, by=town.lin, now=NOW + timedelta(days=day))
    answer(
        report=report, answer=Answer.NOT_REACHED, reason="打不通", by=town.lin, now=NOW + timedelta(days=2)
    )
    assert only_report().due_at is None


def test_an_answer_needs_words_and_ends_the_report(town: Town) -> None:
    take_in(word=word(), origin="192.0.2.1", now=NOW)
    with pytest.raises(NotYet, match="reason_missing"):
        answer(report=only_report(), answer=Answer.ADVISED, reason=" ", by=town.lin, now=NOW)
    answer(report=only_report(), answer=Answer.ADVISED, reason="已告知医保窗口", by=town.lin, now=NOW)
    with pytest.raises(ForbiddenAct):
        contact(report=only_report(), by=town.lin, now=NOW)


def test_only_officers_of_the_region_act(town: Town) -> None:
    take_in(word=word(), origin="192.0.2.1", now=NOW)
    for stranger in (town.zhou, town.wu, town.chen, town.luo):
        with pytest.raises(NotAllowed):
            contact(report=only_report(), by=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        hand_over(report=only_report(), to=town.zhou, by=town.lin, now=NOW)


def test_a_number_that_leads_nowhere_shows_nothing(town: Town) -> None:
    assert follow(number="ABCDEFGHJKLM") is None


def test_a_found_case_keeps_its_channel_when_its_source_writes_it_afresh(town: Town) -> None:
    load_regions(now=NOW, extra=DEMO / "regions.csv")
    take_in(word=word(), origin="192.0.2.1", now=NOW)
    contact(report=only_report(), by=town.lin, now=NOW)
    import_cases(file=file_of(case_row(), case_row(2)), by=town.lin, now=NOW, batch="first")
    case = CaseRecord.objects.get(number="A1")
    file(report=only_report(), case=case, by=town.lin, now=NOW)
    newer = [case_row(one, version=2, size=4) for one in (1, 2)]
    assert import_cases(file=file_of(*newer), by=town.lin, now=NOW, batch="second").updated == 2
    assert dict(CaseRecord.objects.values_list("number", "channel")) == {
        "A1": DiscoveryChannel.PUBLIC_REPORT,
        "A2": "home_visit",
    }
    assert import_cases(file=file_of(*newer), by=town.lin, now=NOW, batch="third").unchanged == 2
