"""A newer case file that withdraws the consent takes the project out by itself, and rewrites nothing."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from jiujinan.audit.models import AuditEntry
from needs.intake.services import import_cases
from needs.models import CaseRecord, GateDecision, Project, RiskPlan
from needs.services import measuring
from needs.services.cases import take_up, verify
from needs.services.gate import decide
from tests.needs.catalogue.finding import found
from tests.needs.intake.casefiles import case_row, file_of
from tests.town import NOW, Town

WITHDRAWN = date(2026, 7, 5)


@pytest.fixture
def public(town: Town) -> Project:
    town.crowd(30, yuan=9_000)
    import_cases(file=file_of(case_row()), by=town.lin, now=NOW, batch="first")
    case = take_up(case=CaseRecord.objects.get(number="A1"), by=town.lin, now=NOW)
    decision = decide(need=verify(case=case, by=town.zhou, now=NOW), by=town.wu, now=NOW)
    assert decision.project is not None
    return decision.project


def test_it_leaves_page_list_search_and_interface_with_the_import(public: Project, town: Town) -> None:
    client = Client()
    assert client.get("/api/v1/projects").json()["results"]
    cache.clear()
    row = case_row(version=2, consent_withdrawn_on=WITHDRAWN, size=9)
    result = import_cases(file=file_of(row), by=town.lin, now=NOW, batch="second")
    assert result.consents_withdrawn == 1
    assert [one.code for one in result.rejections] == ["consent_withdrawn_taken"]
    case = CaseRecord.objects.get(number="A1")
    assert (case.consent_withdrawn_on, case.household.size, case.need.state) == (WITHDRAWN, 2, "verified")
    assert client.get("/api/v1/projects").json()["results"] == []
    assert found(public.region.name) == set()
    assert not Project.objects.public().exists()
    assert GateDecision.objects.get().withdrawn_at == NOW
    entry = AuditEntry.objects.get(action="gate.hold")
    assert (entry.by, entry.data) == (town.lin, {"reason": "consent_withdrawn"})


def test_it_is_taken_once(public: Project, town: Town) -> None:
    for batch, codes in (("second", ["consent_withdrawn_taken"]), ("third", ["case_settled"])):
        row = case_row(version=2, consent_withdrawn_on=WITHDRAWN)
        result = import_cases(file=file_of(row), by=town.lin, now=NOW, batch=batch)
        assert [one.code for one in result.rejections] == codes


def test_an_older_file_withdraws_nothing(public: Project, town: Town) -> None:
    row = case_row(version=0, consent_withdrawn_on=WITHDRAWN)
    assert import_cases(file=file_of(row), by=town.lin, now=NOW, batch="old").refused_older == 1
    assert Project.objects.public().exists()


def test_an_import_ends_the_kept_plan(town: Town) -> None:
    version = measuring.standing_plan(now=NOW).version
    import_cases(file=file_of(case_row()), by=town.lin, now=NOW, batch="first")
    assert RiskPlan.objects.get(pk=version).outdated_at == NOW
    assert measuring.standing_plan(now=NOW).version != version
