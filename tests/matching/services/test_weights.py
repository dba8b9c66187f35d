"""Weights are versions: one drafts, another publishes, runs say by which they ordered, and what-if tries others."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from matching.models import Proposal
from matching.ordering import BadWeights, WeightTable
from matching.queries import weights_in_force
from matching.services.runs import replay, run_matching
from matching.services.supposing import suppose
from matching.services.weights import NotADraft, draft_weights, publish_weights
from tests.matching.services.test_run_rules import offered
from tests.town import NOW, Town


@pytest.fixture
def sun(town: Town) -> User:
    """A supervisor."""
    person = register_person(username="sun", full_name="Sun", password=None)
    join(user=person, organisation=town.desk, role=Role.SUPERVISOR)
    return person


def with_orphans_first() -> dict[str, object]:
    return {**WeightTable().told(), "groups": {"orphan": 60_000}}


def test_another_supervisor_puts_a_draft_in_force_and_the_next_run_orders_by_it(
    town: Town, sun: User
) -> None:
    harder, orphan = offered(town, score=60), offered(town, score=40, groups=["orphan"])
    town.fund(yuan=3000)
    assert suppose(weights=WeightTable.read(with_orphans_first()), now=NOW).reached == 1
    draft = draft_weights(table=with_orphans_first(), note="孤儿优先", by=town.zhou, now=NOW)
    assert weights_in_force() == WeightTable()
    publish_weights(version=draft, by=sun, now=NOW)
    run = run_matching(by=town.chen, now=NOW)
    assert run.header["weights"]["version"] == "2"
    assert [one.item.need_id for one in Proposal.objects.filter(run=run)] == [orphan.pk]
    assert orphan.pk != harder.pk
    assert replay(run=run).digest() == run.outcome_digest


def test_nobody_publishes_a_draft_of_ones_own_nor_twice(town: Town, sun: User) -> None:
    mine = draft_weights(table=with_orphans_first(), note="试", by=sun, now=NOW)
    with pytest.raises(NotAllowed):
        publish_weights(version=mine, by=sun, now=NOW)
    newer = draft_weights(table=with_orphans_first(), note="再试", by=town.zhou, now=NOW)
    publish_weights(version=newer, by=sun, now=NOW)
    with pytest.raises(NotADraft):
        publish_weights(version=newer, by=sun, now=NOW)
    with pytest.raises(NotAllowed):
        draft_weights(table={}, note="x", by=town.chen, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"difficulty": -1}, {"band": 0}, {"difficulty": 1.5}, {"gravity": 1}, {"groups": {"martians": 1}},
        {"forgotten_permille": 1001}, {"wait_limit_days": {}},
        {"forgotten_after_days": {"critical": 1, "joint": 45, "departmental": 90}},
    ],
)  # fmt: skip
def test_a_table_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadWeights):
        WeightTable.read({**WeightTable().told(), **wrong})


def test_what_if_tries_a_file_of_weights(town: Town, tmp_path: Path) -> None:
    offered(town, score=60)
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(with_orphans_first()))
    out = io.StringIO()
    call_command("what_if", "--weights", str(file), stdout=out)
    assert json.loads(out.getvalue())["spent_fen"] == 0
    file.write_text("{}[")
    with pytest.raises(CommandError):
        call_command("what_if", "--weights", str(file))
