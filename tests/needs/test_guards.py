"""The gate's guards, attacked by plain SQL: each refuses, and the attack succeeds once its guard is gone."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs import guards
from needs.guards.rules import CONTENT, ITEM_CONTENT
from needs.models import CaseRecord, GateDecision, Project, ProjectItem, SpentNumber
from needs.services.showing import content_hash
from tests.projects import shown_project
from tests.town import COUNTY, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(town: Town) -> Project:
    return shown_project(
        items=(("cash", "medical"), ("goods", "food")),
        region_id=COUNTY,
        cause="illness",
        tier="joint",
        urgency=1,
        amount_band="5k_10k",
        title_zh="一户家庭需要帮助",
        title_en="A household needs help",
        description_zh="一户家庭因病陷入困难。",
        description_en="A household in difficulty.",
        published_month=date(2026, 7, 1),
        updated_month=date(2026, 7, 1),
    )


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(map(str, values)))


def unseen(project: Project) -> None:
    run("UPDATE needs_project SET state = 'prepared' WHERE number = %s", project.number)


def shown_again(project: Project) -> None:
    run("UPDATE needs_project SET state = 'published' WHERE number = %s", project.number)


def insert_published(project: Project) -> None:
    copied = Project.objects.get(pk=project.pk)
    copied.pk = "COPY2345"
    with transaction.atomic():
        copied.save(force_insert=True)


def spend_twice(project: Project) -> None:
    SpentNumber.objects.create(number="AGAN2345")
    copied = Project.objects.get(pk=project.pk)
    copied.pk, copied.state = "AGAN2345", "prepared"
    with transaction.atomic():
        copied.save(force_insert=True)


def show_without_decision(project: Project) -> None:
    run("UPDATE needs_project SET state = 'prepared' WHERE number = %s", project.number)
    GateDecision.objects.update(withdrawn_at=GateDecision.objects.get().at)
    shown_again(project)


def prepare_again(project: Project) -> None:
    run("UPDATE needs_project SET state = 'withdrawn' WHERE number = %s", project.number)
    run("UPDATE needs_project SET state = 'prepared' WHERE number = %s", project.number)


def decide_alone(project: Project) -> None:
    decision = GateDecision.objects.get()
    case = decision.need.case
    GateDecision.objects.filter(pk=decision.pk).update(withdrawn_at=decision.at)
    with transaction.atomic():
        GateDecision.objects.create(need=decision.need, outcome="published", by=case.verifier, at=decision.at)


ATTACKS: dict[str, Callable[[Project], None]] = {
    "gate_project_enters_unseen": insert_published,
    "gate_number_is_spent": spend_twice,
    "gate_shows_what_was_passed": show_without_decision,
    "gate_gone_stays_gone": prepare_again,
    "gate_content_stays": lambda project: run(
        "UPDATE needs_project SET title_zh = %s WHERE number = %s", "另一标题", project.number
    ),
    "gate_number_stays": lambda project: run(
        "UPDATE needs_project SET number = 'XXXX2345' WHERE number = %s AND state = 'prepared'",
        _prepared(project),
    ),
    "gate_item_insert": lambda project: _within(
        lambda: ProjectItem.objects.create(project=project, place=9, kind="goods", category="food")
    ),
    "gate_item_update": lambda project: run("UPDATE needs_projectitem SET quantity = 3"),
    "gate_item_delete": lambda project: run("DELETE FROM needs_projectitem WHERE place = 2"),
    "gate_decision_is_entitled": decide_alone,
    "gate_decision_stays": lambda project: run("UPDATE needs_gatedecision SET content_hash = %s", "1" * 64),
    "gate_decision_is_kept": lambda project: run("DELETE FROM needs_gatedecision"),
    "gate_spent_update": lambda project: run("UPDATE needs_spentnumber SET number = 'YYYY2345'"),
    "gate_spent_delete": lambda project: run("DELETE FROM needs_spentnumber"),
}
EFFECTS = {"gate_decision_ends_project", "gate_case_ends_project", "catalogue_lets_fall"}


def _within(act: Callable[[], object]) -> None:
    with transaction.atomic():
        act()


def _prepared(project: Project) -> str:
    """Return the number of a project that nobody depends on and nobody sees."""
    copied = Project.objects.get(pk=project.pk)
    copied.pk, copied.state = "FREE2345", "prepared"
    copied.save(force_insert=True)
    return "FREE2345"


def test_every_guard_stands_and_has_its_attack() -> None:
    assert guards.missing(connection) == []
    assert set(guards.statements(connection.vendor)) == set(ATTACKS) | EFFECTS


@pytest.mark.parametrize("name", [name for name in ATTACKS if name != "gate_number_is_spent"])
def test_a_guard_refuses_what_succeeds_without_it(project: Project, name: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ATTACKS[name](project)
    guards.remove(connection, [name])
    ATTACKS[name](project)


def test_a_number_is_never_given_twice_though_its_project_is_gone(project: Project) -> None:
    assert SpentNumber.objects.filter(number=project.number).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        spend_twice(project)


@pytest.mark.parametrize(
    "change",
    [
        {"consent_withdrawn_on": date(2026, 7, 2)},
        {"consent_on": None},
        {"sensitive_kind": "hiv"},
        {"state": "superseded"},
        {"state": "refused"},
        {"state": "closed"},
    ],
)
def test_a_case_that_loses_its_ground_leaves_the_public_in_the_same_statement(
    project: Project, change: dict[str, object]
) -> None:
    CaseRecord.objects.update(**change)
    project.refresh_from_db()
    assert project.state == ("closed" if change.get("state") == "closed" else "withdrawn")
    with pytest.raises(DatabaseError), transaction.atomic():
        shown_again(project)


def test_a_decision_that_ends_takes_its_project_along(project: Project) -> None:
    run("UPDATE needs_gatedecision SET withdrawn_at = at")
    project.refresh_from_db()
    assert project.state == "withdrawn"


@pytest.mark.parametrize(
    "facts",
    [
        {"consent_on": None},
        {"consent_withdrawn_on": date(2026, 7, 1)},
        {"sensitive_kind": "rare_disease"},
        {"verifier": None},
        {"officer": None},
        {"state": "under_verification"},
    ],
)
def test_no_decision_publishes_without_consent_verification_and_a_third_person(
    project: Project, facts: dict[str, object]
) -> None:
    decision = GateDecision.objects.get()
    GateDecision.objects.update(withdrawn_at=decision.at)
    CaseRecord.objects.update(**facts)
    with pytest.raises(DatabaseError), transaction.atomic():
        GateDecision.objects.create(need=decision.need, outcome="published", by=decision.by, at=decision.at)


def test_the_machine_decides_about_nothing_that_no_person_let_through(project: Project) -> None:
    decision = GateDecision.objects.get()
    GateDecision.objects.update(withdrawn_at=decision.at)
    with pytest.raises(DatabaseError), transaction.atomic():
        GateDecision.objects.create(need=decision.need, outcome="published", by=None, at=decision.at)


def test_code_and_database_hash_the_same_bytes(project: Project) -> None:
    unseen(project)
    shown_again(project)
    odd = "“”\U0001f642\n|:3:\\ '' \t　é"
    unseen(project)
    run("UPDATE needs_project SET title_zh = %s WHERE number = %s", odd, project.number)
    changed = Project.objects.get(pk=project.pk)
    digest = content_hash(changed, list(changed.items.all()))
    decision = GateDecision.objects.get()
    run("UPDATE needs_gatedecision SET withdrawn_at = at")
    GateDecision.objects.create(
        need=decision.need,
        outcome="published",
        by=decision.by,
        at=decision.at,
        project=changed,
        content_hash=digest,
    )
    run("UPDATE needs_project SET content_hash = %s WHERE number = %s", digest, project.number)
    shown_again(project)
    changed.refresh_from_db()
    assert (changed.state, changed.title_zh) == ("published", odd)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    column=st.sampled_from(CONTENT[1:]),
    place=st.integers(0, 400),
    bit=st.integers(0, 5),
    rehash=st.booleans(),
)
def test_one_changed_byte_voids_the_decision(
    project: Project, column: str, place: int, bit: int, rehash: bool
) -> None:
    with transaction.atomic():
        now = getattr(Project.objects.get(pk=project.pk), column)
        changed = flipped(now, place, bit)
        if changed is None:
            return
        with pytest.raises(DatabaseError), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(**{column: changed})
        unseen(project)
        Project.objects.filter(pk=project.pk).update(**{column: changed})
        if rehash:
            other = Project.objects.get(pk=project.pk)
            Project.objects.filter(pk=project.pk).update(
                content_hash=content_hash(other, list(other.items.all()))
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            shown_again(project)
        transaction.set_rollback(True)


def flipped(value: object, place: int, bit: int) -> object:
    """Return the value with one bit of one character turned; None where that makes no other valid value."""
    if isinstance(value, date):
        return value.replace(month=value.month ^ 1)
    if isinstance(value, int):
        return value ^ (1 << bit)
    text = str(value)
    if text == COUNTY:
        return COUNTY[:-1] + "2"
    if not text:
        return "x"
    place %= len(text)
    return text[:place] + chr(ord(text[place]) ^ (1 << bit)) + text[place + 1 :]


@pytest.mark.parametrize("column", ITEM_CONTENT)
def test_one_changed_item_voids_the_decision(project: Project, column: str) -> None:
    values = {"place": 7, "kind": "service", "category": "bedding", "amount_band": "under_1k", "quantity": 1}
    unseen(project)
    ProjectItem.objects.filter(project=project, place=1).update(**{column: values[column]})
    with pytest.raises(DatabaseError), transaction.atomic():
        shown_again(project)


def test_shares_and_the_month_of_the_last_change_go_on_while_it_is_public(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(covered_percent=30, updated_month=date(2026, 8, 1))
    ProjectItem.objects.update(covered_percent=30)
    project.refresh_from_db()
    assert (project.state, project.covered_percent) == ("published", 30)
