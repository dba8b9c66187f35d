"""Each state × each role: the desk draws the buttons that the tables and predicates allow, and no other."""

import pytest

from cms.desk.acts import ACTS, acts_for
from cms.desk.casework.acts import ACTS as FORMS
from jiujinan.accounts.roles import Role
from needs.models import CaseRecord, Need
from needs.services.cases import take_up
from needs.states import CASE_ACTS, NEED_ACTS, CaseState, NeedState
from tests.needs.services.test_every_state_act_and_role import CASE, everybody
from tests.town import NOW, Town

PUBLISHING = {"publish", "withdraw"}


def test_buttons_of_a_case_follow_its_table(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    people = list(everybody(town))
    for state in CaseState:
        CaseRecord.objects.filter(pk=case.pk).update(
            state=state, verifier=town.zhou if state in {CaseState.VERIFIED, CaseState.CLOSED} else None
        )
        case = CaseRecord.objects.select_related("need").get(pk=case.pk)
        for role, user in people:
            drawn = set(acts_for(user, case)) - PUBLISHING
            expected = {
                name
                for name in set(ACTS) - PUBLISHING
                if state in CASE[name].sources and role in CASE[name].roles
            }
            assert drawn == expected, (state, role)


def test_buttons_of_a_need_follow_its_table(town: Town) -> None:
    need, people = town.verified(), list(everybody(town))
    for state in NeedState:
        Need.objects.filter(pk=need.pk).update(state=state)
        case = CaseRecord.objects.select_related("need").get(pk=need.case_id)
        for role, user in people:
            drawn = set(acts_for(user, case)) & PUBLISHING
            possible = {
                name
                for name in PUBLISHING
                if state in NEED_ACTS[name].sources and state is not NeedState.DRAFT
            }
            assert drawn == (possible if role == Role.PUBLISHER else set()), (state, role)


@pytest.mark.parametrize("name", ["close"])
def test_longer_acts_that_stand_in_the_table_follow_it(town: Town, name: str) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for role, user in everybody(town):
        for state in CaseState:
            CaseRecord.objects.filter(pk=case.pk).update(
                state=state, verifier=town.zhou if state in {CaseState.VERIFIED, CaseState.CLOSED} else None
            )
            found = FORMS[name].allowed(user, CaseRecord.objects.get(pk=case.pk))
            assert found is (state in CASE_ACTS[name].sources and role in CASE[name].roles), (state, role)
