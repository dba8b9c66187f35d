"""Who a person can be on the platform, and which kind of organisation each role lives in (pure)."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """The government's unit and the five kinds of social force (社会力量)."""

    CIVIL_AFFAIRS = "civil_affairs"
    CHARITY = "charity"
    ENTERPRISE = "enterprise"
    SOCIAL_WORK_AGENCY = "social_work_agency"
    PARTNER = "partner"
    GOODS_STATION = "goods_station"


SOCIAL_FORCES = frozenset(set(OrganisationKind) - {OrganisationKind.CIVIL_AFFAIRS})


class Role(StrEnum):
    """What a member does for the organisation."""

    CASE_OFFICER = "case_officer"
    VERIFIER = "verifier"
    PUBLISHER = "publisher"
    SUPERVISOR = "supervisor"
    FUND_MANAGER = "fund_manager"
    PAYER = "payer"
    PAYMENT_APPROVER = "payment_approver"
    AGENCY_WORKER = "agency_worker"
    PARTNER_MANAGER = "partner_manager"
    STATION_KEEPER = "station_keeper"
    EDITOR = "editor"
    AUDITOR = "auditor"


DESK_ROLES = frozenset({Role.CASE_OFFICER, Role.VERIFIER, Role.PUBLISHER, Role.SUPERVISOR})
STAFF_ROLES = DESK_ROLES | {Role.EDITOR, Role.AUDITOR}
PORTAL_ROLES = frozenset(set(Role) - STAFF_ROLES)

ROLES_OF_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.CIVIL_AFFAIRS: STAFF_ROLES,
    OrganisationKind.CHARITY: frozenset({Role.FUND_MANAGER, Role.PAYER, Role.PAYMENT_APPROVER}),
    OrganisationKind.ENTERPRISE: frozenset({Role.FUND_MANAGER}),
    OrganisationKind.SOCIAL_WORK_AGENCY: frozenset({Role.AGENCY_WORKER}),
    OrganisationKind.PARTNER: frozenset({Role.PARTNER_MANAGER}),
    OrganisationKind.GOODS_STATION: frozenset({Role.STATION_KEEPER}),
}

# The three people of one case (经办人, 审核人, 发布人), and the two of one payment.
SEPARATED_DUTIES = (
    frozenset({Role.CASE_OFFICER, Role.VERIFIER, Role.PUBLISHER}),
    frozenset({Role.PAYER, Role.PAYMENT_APPROVER}),
)
