"""The publish gate, against a real crowd."""

import pytest

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from needs.models import GateDecision, Project
from needs.services import crowd
from needs.services.gate import content_hash, decide, withdraw
from needs.states import NeedState
from tests.needs.catalogue.finding import found
from tests.town import NOW, Town


def test_a_need_in_a_large_class_is_published_and_found(town: Town) -> None:
    town.crowd(24)
    need = town.verified()
    decision = decide(need=need, by=town.wu, now=NOW)
    assert (decision.outcome, decision.reasons) == ("published", decision.reasons)
    project = Project.objects.public().get()
    assert decision.project == project
    assert found(project.region.name) == {project.number}
    assert project.content_hash == content_hash(project, list(project.items.all()))


def test_a_lonely_need_is_held_with_its_reason(town: Town) -> None:
    decision = decide(need=town.verified(), by=town.wu, now=NOW)
    assert decision.outcome == "held"
    assert "no_safe_level" in decision.reasons
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"consent_on": None}, "consent_missing"),
        ({"consent_withdrawn_on": NOW.date()}, "consent_withdrawn"),
        ({"sensitive_kind": "hiv"}, "sensitive"),
    ],
)
def test_consent_and_sensitive_kinds_hold_a_need_however_large_its_class(
    town: Town, facts: dict[str, object], reason: str
) -> None:
    town.crowd(24)
    decision = decide(need=town.verified(**facts), by=town.wu, now=NOW)
    assert (decision.outcome, decision.reasons) == ("held", [reason])


def test_nothing_of_the_case_reaches_the_project(town: Town) -> None:
    town.crowd(24)
    need = town.verified(yuan=4321)
    decide(need=need, by=town.wu, now=NOW)
    project = Project.objects.get()
    public = " ".join(
        str(value)
        for row in (project, *project.items.all(), *project.updates.all())
        for value in (getattr(row, field.attname) for field in row._meta.concrete_fields)
    )
    for secret in (
        str(need.pk),
        str(need.case_id),
        need.case.number,
        "4321",
        "432100",
        "测试人",
        "2026-07-06",
    ):
        assert secret not in public


@pytest.mark.parametrize("name", ["lin", "zhou", "chen", "qian"])
def test_only_a_third_person_publishes(town: Town, name: str) -> None:
    by: User = getattr(town, name)
    with pytest.raises(NotAllowed):
        decide(need=town.verified(), by=by, now=NOW)
    assert not GateDecision.objects.exists()


def test_a_withdrawn_need_leaves_list_and_search_at_once(town: Town) -> None:
    town.crowd(24)
    need = town.verified()
    decide(need=need, by=town.wu, now=NOW)
    name = Project.objects.get().region.name
    withdraw(need=need, reason="当事人撤回同意", by=town.wu, now=NOW)
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert not Project.objects.public().exists()
    assert found(name) == set()


def test_one_plan_serves_a_batch(town: Town) -> None:
    needs = [town.verified() for _ in range(25)]
    plan = crowd.plan(now=NOW)
    outcomes = {decide(need=need, by=town.wu, now=NOW, plan=plan).outcome for need in needs}
    assert outcomes == {"published"}
