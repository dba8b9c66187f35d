"""An invented prefecture, small enough to think about: people with names, organisations, cases."""

import itertools
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from donors.ledger.services import receive
from donors.models import Fund, GoodsLot, ServiceOffer
from donors.services import create_fund, create_lot, create_offer
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.regions.models import Region
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import Plain
from needs.anonymise.lattice import HIGHEST, generalise
from needs.models import CaseRecord, GateDecision, Household, Need, NeedItem, Person
from needs.services import crowd
from needs.services.assessing import assess
from needs.services.cases import take_up, verify
from needs.services.owners import receive as receive_cases
from needs.services.showing import prepare, show
from needs.states import NeedState

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
PROVINCE, PREFECTURE, COUNTY, NEXT_COUNTY = "990000", "990100", "990121", "990122"
_REGIONS = {
    PROVINCE: ("华云省", "province", None),
    PREFECTURE: ("云川市", "prefecture", PROVINCE),
    COUNTY: ("青禾县", "county", PREFECTURE),
    NEXT_COUNTY: ("临溪县", "county", PREFECTURE),
}
_numbers = itertools.count(1)


@dataclass
class Town:
    """Who is there.

    Lin takes cases in, Zhou verifies, Wu publishes; Chen answers for the charity's funds, He pays, Gao approves;
    Luo works for the agency, Liang keeps the station, Qian is of another charity.
    """

    people: dict[str, User]
    desk: Organisation
    charity: Organisation
    other_charity: Organisation
    agency: Organisation
    station: Organisation
    funds: list[Fund] = field(default_factory=list)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def fund(self, *, yuan: int = 10_000, name: str = "", **charter: Any) -> Fund:
        """Return a new fund of the charity with so much money."""
        fund = create_fund(
            holder=self.charity,
            name=name or f"基金{next(_numbers)}",
            charter={"starts_on": date(2026, 1, 1), **charter},
            by=self.chen,
            now=NOW,
        )
        if yuan:
            receive(fund=fund, amount_fen=yuan * 100, key=f"gift:{fund.pk}", by=self.he, now=NOW)
        return fund

    def offer(self, *, sessions: int = 10, category: str = "counselling", **terms: Any) -> ServiceOffer:
        """Return a new service offer of the agency."""
        return create_offer(
            organisation=self.agency,
            name="心理疏导",
            category=category,
            unit="session",
            weekly_capacity=sessions,
            total=sessions,
            starts_on=date(2026, 1, 1),
            now=NOW,
            **terms,
        )

    def lot(self, *, pieces: int = 10, category: str = "food", **terms: Any) -> GoodsLot:
        """Return a new lot at the station."""
        return create_lot(
            station=self.station, name="米面", category=category, unit="piece", total=pieces, now=NOW, **terms
        )

    def case(
        self,
        *,
        yuan: int = 3000,
        region: str = COUNTY,
        cause: str = "illness",
        tier: str = "joint",
        items: list[dict[str, Any]] | None = None,
        **facts: Any,
    ) -> CaseRecord:
        """Return a received case with its draft need; by default it lacks money for treatment."""
        number = next(_numbers)
        household = Household.objects.create(
            region_id=region, size=3, monthly_income_fen=120_000, medical_expense_fen=3_000_000
        )
        Person.objects.create(
            household=household,
            is_head=True,
            birth_year=1975,
            name=Plain(f"测试人{number}"),
            id_index=blind_index(f"id{number}", kind="id_number"),
            name_index=blind_index(f"测试人{number}", kind="name"),
        )
        facts = {"economic_check": "passed", "consent_on": date(2026, 7, 1), "government_done": True, **facts}
        case = CaseRecord(
            source="civil_affairs",
            number=f"T{number:06d}",
            household=household,
            region_id=region,
            channel="grid_worker",
            cause=cause,
            tier=tier,
            applied_on=date(2026, 6, 20),
            received_at=NOW,
            **facts,
        )
        receive_cases(cases=[case], by=self.lin, now=NOW)
        case.save(force_insert=True)
        need = Need.objects.create(case=case, tier=tier, score_due_at=NOW)
        for item in items or [{"kind": "cash", "category": "medical", "unit": "fen", "required": yuan * 100}]:
            NeedItem.objects.create(need=need, **item)
        return case

    def verified(self, **facts: Any) -> Need:
        """Return the need of a new case that Lin took up and Zhou verified."""
        case = take_up(case=self.case(**facts), by=self.lin, now=NOW)
        return verify(case=case, by=self.zhou, now=NOW)

    def let_through(self, need: Need) -> Need:
        """Show the need in the coarsest words, as if its crowd were large enough: the gate has tests of its own."""
        subject = crowd.subject(case_id=need.case_id, now=NOW)
        Need.objects.filter(pk=need.pk).update(state=NeedState.PUBLISHED, published_at=NOW)
        project, places = prepare(need=need, said=generalise(subject, HIGHEST), now=NOW)
        GateDecision.objects.create(
            need=need,
            outcome="published",
            item_places=places,
            content_hash=project.content_hash,
            project=project,
            measures={"levels": asdict(HIGHEST)},
            by=self.wu,
            at=NOW,
        )
        show(project=project)
        return need

    def assessed(self, **facts: Any) -> Need:
        """Return the draft need of a new case, scored."""
        return assess(case=self.case(**facts), now=NOW)

    def crowd(self, count: int, **facts: Any) -> None:
        """Add so many verified cases, for a need to hide among."""
        for _ in range(count):
            self.verified(**facts)


@transaction.atomic
def build_town() -> Town:
    """Build the prefecture in the database."""
    for code, (name, level, parent) in _REGIONS.items():
        Region.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "level": level,
                "parent_id": parent,
                "source": "invented for the tests",
                "updated_at": NOW,
            },
        )
    names = ["lin", "zhou", "wu", "chen", "he", "gao", "luo", "liang", "qian"]
    people = {name: register_person(username=name, full_name=name.title(), password=None) for name in names}

    def organisation(name: str, kind: OrganisationKind, region: str = PREFECTURE) -> Organisation:
        return register_organisation(
            name=name, kind=kind, region=region, credit_code=None, by=people["lin"], now=NOW
        )

    town = Town(
        people=people,
        desk=organisation("云川市民政局", OrganisationKind.CIVIL_AFFAIRS),
        charity=organisation("云川慈善会", OrganisationKind.CHARITY),
        other_charity=organisation("远山慈善会", OrganisationKind.CHARITY),
        agency=organisation("和风社工中心", OrganisationKind.SOCIAL_WORK_AGENCY),
        station=organisation("南街爱心驿站", OrganisationKind.GOODS_STATION),
    )
    for name, organisation_, role in (
        ("lin", town.desk, Role.CASE_OFFICER),
        ("zhou", town.desk, Role.VERIFIER),
        ("wu", town.desk, Role.PUBLISHER),
        ("chen", town.charity, Role.FUND_MANAGER),
        ("he", town.charity, Role.PAYER),
        ("gao", town.charity, Role.PAYMENT_APPROVER),
        ("luo", town.agency, Role.AGENCY_WORKER),
        ("liang", town.station, Role.STATION_KEEPER),
        ("qian", town.other_charity, Role.FUND_MANAGER),
    ):
        join(user=people[name], organisation=organisation_, role=role)
    return town
