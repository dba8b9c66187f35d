"""Each state × each act × each role, through the services: what the tables and predicates allow, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import ROLES_OF_KIND, OrganisationKind, Role
from jiujinan.accounts.services import join, register_person
from jiujinan.states import ForbiddenAct
from needs.models import Appeal, CaseRecord, GateDecision, ItemReturn, Need, Project
from needs.services import appeals, cases, ending, gate, returns
from needs.services.refusals import NotReady
from needs.states import CASE_ACTS, NEED_ACTS, PROJECT_ACTS, CaseState, NeedState, ProjectState
from tests.projects import shown_project
from tests.town import NOW, Town

LATER = NOW + timedelta(hours=1)
DESK = {Role.CASE_OFFICER, Role.VERIFIER, Role.PUBLISHER, Role.SUPERVISOR}
REFUSED_BY_STATE: tuple[type[Exception], ...] = (ForbiddenAct, NotReady)


class _Undone(Exception):
    """Rolls one attempt back."""


def everybody(town: Town) -> Iterator[tuple[str, User]]:
    """Yield a stranger of each role, and one of none; none of them had a hand in the case."""
    places: dict[OrganisationKind, Organisation] = {
        OrganisationKind.CIVIL_AFFAIRS: town.desk,
        OrganisationKind.CHARITY: town.charity,
        OrganisationKind.SOCIAL_WORK_AGENCY: town.agency,
        OrganisationKind.GOODS_STATION: town.station,
    }
    partner = Organisation.objects.create(name="对口城市", kind="partner", region_id="990100")
    places[OrganisationKind.PARTNER] = partner
    for kind, place in places.items():
        for role in ROLES_OF_KIND[kind]:
            user = register_person(username=f"a-{role}", full_name=role, password=None)
            join(user=user, organisation=place, role=role)
            yield str(role), user
    yield "nobody", register_person(username="a-nobody", full_name="-", password=None)


@dataclass(frozen=True)
class Act:
    """One service: from which states it works, and for whom."""

    sources: frozenset[Any]
    roles: set[Role]
    do: Callable[[Any, User], object]


def outcome(do: Callable[[], object], refusals: tuple[type[Exception], ...]) -> str:
    """Return how an attempt ends; whatever it did is undone."""
    try:
        with transaction.atomic():
            do()
            raise _Undone
    except _Undone:
        return "done"
    except NotAllowed:
        return "not allowed"
    except refusals:
        return "not possible"


def check(
    acts: dict[str, Act],
    states: type,
    town: Town,
    prepare: Callable[[Any], Any],
    refusals: tuple[type[Exception], ...] = REFUSED_BY_STATE,
) -> None:
    people = list(everybody(town))
    wrong = []
    for state in states:
        thing = prepare(state)
        for name, act in acts.items():
            for role, user in people:
                found = outcome(lambda act=act, thing=thing, user=user: act.do(thing, user), refusals)  # type: ignore[misc]
                may, can = role in act.roles, state in act.sources
                expected = {"done"} if may and can else {"not allowed", "not possible"}
                if found not in expected or (can and not may and found != "not allowed"):
                    wrong.append((str(state), name, role, found))
    assert wrong == []


CASE = {
    "take_up": Act(
        CASE_ACTS["take_up"].sources,
        {Role.CASE_OFFICER, Role.SUPERVISOR},
        lambda case, by: cases.take_up(case=case, by=by, now=LATER),
    ),
    "complete": Act(
        CASE_ACTS["complete"].sources,
        {Role.CASE_OFFICER, Role.SUPERVISOR},
        lambda case, by: answered_and_back(case, by),
    ),
    "return": Act(
        CASE_ACTS["return"].sources,
        {Role.VERIFIER},
        lambda case, by: cases.return_for_more(case=case, reason="缺材料", by=by, now=LATER),
    ),
    "verify": Act(
        CASE_ACTS["verify"].sources,
        {Role.VERIFIER},
        lambda case, by: cases.verify(case=case, by=by, now=LATER),
    ),
    "refuse": Act(
        CASE_ACTS["refuse"].sources,
        {Role.VERIFIER},
        lambda case, by: cases.refuse(case=case, reason="不符合", by=by, now=LATER),
    ),
    "reopen": Act(
        CASE_ACTS["reopen"].sources,
        {Role.VERIFIER, Role.SUPERVISOR},
        lambda case, by: appeals.decide_appeal(
            appeal=case.appeals.get(), outcome="overturned", reason="有新证据", by=by, now=LATER
        ),
    ),
    "supersede": Act(
        CASE_ACTS["supersede"].sources,
        {Role.VERIFIER, Role.SUPERVISOR},
        lambda case, by: ending.supersede_case(
            case=case, by_case=CaseRecord(number="T-other"), reason="重复", by=by, now=LATER
        ),
    ),
    "close": Act(
        CASE_ACTS["close"].sources,
        {Role.VERIFIER, Role.SUPERVISOR},
        lambda case, by: ending.close_case(case=case, reason="办结", by=by, now=LATER),
    ),
}


def answered_and_back(case: CaseRecord, by: User) -> None:
    """Answer the case's only question; where that did not bring it back, it was not possible."""
    after = returns.answer(question=case.item_returns.get(), text="已补", by=by, now=LATER)
    if after.state != CaseState.UNDER_VERIFICATION or case.state == CaseState.UNDER_VERIFICATION:
        raise NotReady(["no_way_back"])


# Acts that nobody does by hand: they come with an act on the case, or from the nightly check and the gate's own work.
WITH_THE_CASE = {"verify", "close"}
BY_ITSELF = {"hold"}


def test_every_act_of_the_case_table_has_a_service() -> None:
    assert set(CASE) == set(CASE_ACTS)


def test_cases(town: Town) -> None:
    def prepare(state: CaseState) -> CaseRecord:
        case = cases.take_up(case=town.case(), by=town.lin, now=NOW)
        decided = state in {CaseState.VERIFIED, CaseState.REFUSED, CaseState.CLOSED}
        CaseRecord.objects.filter(pk=case.pk).update(state=state, verifier=town.zhou if decided else None)
        stands = {CaseState.VERIFIED: NeedState.VERIFIED}.get(state, NeedState.DRAFT)
        Need.objects.filter(case=case).update(state=stands)
        if state != CaseState.UNDER_VERIFICATION:
            # an open question or appeal where it could be asked for; under verification it would stop `verify`
            ItemReturn.objects.create(
                case=case, category="medical", question="发票", asked_by=town.zhou, asked_at=NOW
            )
        else:
            ItemReturn.objects.create(
                case=case, category="medical", question="发票", asked_by=town.zhou, asked_at=NOW,
                answer="已补", answered_by=town.lin, answered_at=NOW,
            )  # fmt: skip
        Appeal.objects.create(
            case=case, grounds="不服", filed_on=date(2026, 7, 6), recorded_by=town.lin, recorded_at=NOW,
            refused_by=town.zhou, due_at=LATER,
        )  # fmt: skip
        return CaseRecord.objects.get(pk=case.pk)

    check(CASE, CaseState, town, prepare)


def test_needs_and_their_projects(town: Town) -> None:
    acts = {
        "publish": Act(
            NEED_ACTS["publish"].sources,
            {Role.PUBLISHER},
            lambda need, by: gate.decide(need=need, by=by, now=LATER),
        ),
        "withdraw": Act(
            NEED_ACTS["withdraw"].sources,
            set(DESK),
            lambda need, by: gate.withdraw(need=need, reason="本人撤回", by=by, now=LATER),
        ),
    }

    assert set(acts) == set(NEED_ACTS) - WITH_THE_CASE - BY_ITSELF
    assert set(CASE) >= WITH_THE_CASE

    def prepare(state: NeedState) -> Need:
        need = town.verified()
        Need.objects.filter(pk=need.pk).update(state=state)
        return Need.objects.select_related("case").get(pk=need.pk)

    check(acts, NeedState, town, prepare)


# How a need stands whose project has left the public.
NEED_BESIDE = {ProjectState.WITHDRAWN: NeedState.WITHDRAWN, ProjectState.CLOSED: NeedState.CLOSED}


@pytest.mark.parametrize("name", ["withdraw", "close"])
def test_projects_end_with_their_needs_and_only_once(town: Town, name: str) -> None:
    def prepare(state: ProjectState) -> Need:
        seen = ProjectState.PUBLISHED if state is ProjectState.PREPARED else state
        project = shown_project(
            region_id="990121", tier="joint", title_zh="项目", title_en="Project", description_zh="-",
            description_en="-", published_month=date(2026, 7, 1), updated_month=date(2026, 7, 1), state=seen,
        )  # fmt: skip
        if state is ProjectState.PREPARED:
            Project.objects.filter(pk=project.pk).update(state=state)
        need = GateDecision.objects.get(project=project).need
        # A case may still be closed after its project was withdrawn; only a need that stands is withdrawn.
        beside = NEED_BESIDE.get(state, NeedState.PUBLISHED) if name == "withdraw" else NeedState.PUBLISHED
        Need.objects.filter(pk=need.pk).update(state=beside)
        return Need.objects.select_related("case").get(pk=need.pk)

    acts = {
        "withdraw": Act(
            PROJECT_ACTS["withdraw"].sources,
            set(DESK),
            lambda need, by: gate.withdraw(need=need, reason="本人撤回", by=by, now=LATER),
        ),
        "close": Act(
            PROJECT_ACTS["close"].sources,
            {Role.VERIFIER, Role.SUPERVISOR},
            lambda need, by: ending.close_case(case=need.case, reason="办结", by=by, now=LATER),
        ),
    }
    check({name: acts[name]}, ProjectState, town, prepare)
