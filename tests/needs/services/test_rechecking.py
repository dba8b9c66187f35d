"""What is public over time: it stays, becomes coarser or ends, whoever forgot to say so."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from jiujinan.audit.models import AuditEntry
from jiujinan.codes import AgeBand, Cause
from needs.anonymise.lattice import HIGHEST
from needs.anonymise.register import Register, RegisterCell
from needs.models import CaseRecord, GateDecision, NeedItem, Project, RiskPlan
from needs.services import crowd, gate, measuring, rechecking
from needs.services.coverage import commit
from needs.services.rechecking import guard_the_public, remeasure
from needs.states import NeedState
from tests.needs.catalogue.finding import found
from tests.town import COUNTY, NOW, Town

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def public(town: Town) -> GateDecision:
    town.crowd(24)
    decision = gate.decide(need=town.verified(), by=town.wu, now=NOW)
    assert decision.outcome == "published"
    return decision


def test_what_is_safe_stays_as_it_is(public: GateDecision) -> None:
    before = Project.objects.values().get()
    assert remeasure(now=LATER) == rechecking.Checked(kept=1)
    assert Project.objects.values().get() == before
    assert GateDecision.objects.get(withdrawn_at=None).checked_at == LATER


def test_a_record_becomes_coarser_and_is_bound_anew(
    public: GateDecision, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.objects.get()
    item = NeedItem.objects.get(need=public.need)
    commit(item=item, amount=item.required // 2, now=NOW)
    assert project.region_id == COUNTY
    monkeypatch.setattr(crowd, "reference_register", lambda: Register.of([]))
    town_words = project.title_zh + project.description_zh
    assert remeasure(now=LATER).coarser == 1
    project = Project.objects.get()
    again = GateDecision.objects.get(withdrawn_at=None, outcome="published")
    assert (project.state, project.cause, project.region_id[2:]) == ("published", "", "0000")
    assert (again.by, again.content_hash) == (None, project.content_hash)
    assert project.content_hash == gate.content_hash(project, list(project.items.all()))
    assert project.content_hash != public.content_hash
    assert project.title_zh + project.description_zh != town_words
    assert project.covered_percent == 50
    assert found("青禾县") == set()
    monkeypatch.undo()
    assert remeasure(now=LATER).coarser == 0
    assert Project.objects.get().content_hash == project.content_hash  # never finer again


def test_a_crowd_that_is_gone_ends_the_publication_and_keeps_the_need(public: GateDecision) -> None:
    CaseRecord.objects.exclude(pk=public.need.case_id).update(sensitive_kind="hiv")
    assert remeasure(now=LATER).ended == 1
    assert not Project.objects.public().exists()
    public.need.refresh_from_db()
    assert public.need.state == NeedState.VERIFIED
    assert AuditEntry.objects.filter(action="gate.hold", data__reason="no_safe_level").exists()


@pytest.mark.parametrize(
    ("change", "need_state"),
    [
        ({"consent_withdrawn_on": NOW.date()}, NeedState.VERIFIED),
        ({"consent_on": None}, NeedState.VERIFIED),
        ({"sensitive_kind": "domestic_violence"}, NeedState.VERIFIED),
        ({"state": "closed"}, NeedState.CLOSED),
        ({"state": "superseded"}, NeedState.WITHDRAWN),
    ],
)
def test_whatever_goes_around_the_acts_is_ended_by_the_next_watch(
    public: GateDecision, change: dict[str, object], need_state: NeedState
) -> None:
    CaseRecord.objects.filter(pk=public.need.case_id).update(**change)
    assert not Project.objects.public().exists()  # by the database, in the same statement
    assert guard_the_public(now=LATER).ended == 1
    public.refresh_from_db()
    public.need.refresh_from_db()
    assert (public.withdrawn_at, public.need.state) == (LATER, need_state)
    assert found(Project.objects.get().region.name) == set()
    assert guard_the_public(now=LATER).ended == 0


def test_the_kept_plan_is_asked_until_an_import_a_month_or_its_age_ends_it(town: Town) -> None:
    first = measuring.standing_plan(now=NOW)
    assert measuring.standing_plan(now=LATER).version == first.version
    measuring.outdate_plans(now=LATER)
    second = measuring.standing_plan(now=LATER)
    assert second.version != first.version
    assert measuring.standing_plan(now=LATER + timedelta(hours=37)).version != second.version
    assert (
        measuring.standing_plan(now=NOW + timedelta(days=31)).plan.crowds.month
        == second.plan.crowds.month + 1
    )


def test_a_kept_plan_decides_as_one_made_anew(town: Town) -> None:
    for cause in ("illness", "disability", "accident"):
        town.crowd(9, cause=cause)
    need = town.verified()
    subject = crowd.subject(case_id=need.case_id, now=NOW)
    assert measuring.keep_plan(now=NOW).plan.decide(subject) == crowd.plan(now=NOW).decide(subject)


def test_a_plan_with_a_changed_byte_decides_nothing(town: Town) -> None:
    town.crowd(24)
    need = town.verified()
    version = measuring.keep_plan(now=NOW).version
    content = bytearray(RiskPlan.objects.get().content)
    content[len(content) // 2] ^= 1
    RiskPlan.objects.filter(pk=version).update(content=bytes(content))
    measuring.forget()
    with pytest.raises(measuring.PlanBroken):
        gate.decide(need=need, by=town.wu, now=NOW)
    assert not Project.objects.exists()


STEPS = [
    (gate, "standing_plan"),
    (crowd, "subject"),
    (gate, "prepare"),
    (gate, "_pass"),
    (gate, "show"),
    (gate, "tell_progress"),
    (gate, "_show_progress"),
    (gate, "record"),
    (gate, "tell"),
]


@pytest.mark.parametrize(("module", "step"), STEPS)
def test_a_failure_at_any_step_leaves_nothing_public(
    town: Town, monkeypatch: pytest.MonkeyPatch, module: object, step: str
) -> None:
    town.crowd(24)
    need = town.verified()

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError(step)

    monkeypatch.setattr(module, step, fail)
    with pytest.raises(DatabaseError):
        gate.decide(need=need, by=town.wu, now=NOW)
    assert not Project.objects.exists()
    need.refresh_from_db()
    assert need.state == NeedState.VERIFIED


def test_the_report_sums_everybody_and_names_nobody(public: GateDecision) -> None:
    out = StringIO()
    call_command("report_anonymity", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["cases"], told["audience"]) == (CaseRecord.objects.count(), "open")
    assert "T0" not in out.getvalue()


def test_a_record_is_never_told_more_finely_or_again_alike(public: GateDecision) -> None:
    subject = crowd.subject(case_id=public.need.case_id, now=NOW)
    plan = measuring.standing_plan(now=NOW)
    same = plan.plan.decide(subject)
    assert same.measures is not None
    for levels in (same.measures.levels, replace(HIGHEST, region=0, cause=0)):
        GateDecision.objects.filter(pk=public.pk).update(
            measures={
                **public.measures,
                "levels": asdict(HIGHEST if levels != same.measures.levels else levels),
            }
        )
        public.refresh_from_db()
        said = replace(same, measures=replace(same.measures, levels=levels))
        with pytest.raises(ValueError, match="never finer"):
            gate.make_coarser(decision=public, said=said, subject=subject, plan=plan.version, now=LATER)
    assert Project.objects.get().content_hash == public.content_hash


def test_a_record_ends_when_the_register_shrinks_under_its_first_words(
    public: GateDecision, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Register.of([RegisterCell(COUNTY, AgeBand.AGE_50_59, Cause.ILLNESS, None, 19)])
    monkeypatch.setattr(crowd, "reference_register", lambda: Register.of([]))
    assert remeasure(now=LATER).coarser == 1
    coarse = GateDecision.objects.get(withdrawn_at=None, outcome="published")
    assert coarse.measures["first_levels"] == public.measures["levels"]
    monkeypatch.setattr(crowd, "reference_register", lambda: few)
    assert remeasure(now=LATER + timedelta(hours=1)).ended == 1
    assert Project.objects.get().state == "withdrawn"
