"""What the portal's pages read: always narrowed to the resources that the user answers for."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from cms.portal.access import SERVICE_ROLES, organisation_ids
from donors.models import Fund
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from matching.models import Commitment, Proposal, Referral
from needs.models import GateDecision, Project

MONEY_ROLES = (Role.FUND_MANAGER, Role.PAYER, Role.PAYMENT_APPROVER)


def funds_for(user: User) -> QuerySet[Fund]:
    """Return the funds that the user's organisations hold or that bear their name, with balances."""
    ids = organisation_ids(user, *MONEY_ROLES)
    mine = Fund.objects.filter(Q(holder__in=ids) | Q(named_for__in=ids))
    return mine.select_related("balance", "holder", "named_for")


def _resources_of(user: User, *, manage: bool) -> Q:
    """Return the condition on a row's fund, offer or lot."""
    money = organisation_ids(user, *((Role.FUND_MANAGER,) if manage else MONEY_ROLES))
    services = organisation_ids(user, *SERVICE_ROLES)
    return (
        Q(fund__holder__in=money)
        | Q(fund__named_for__in=money)
        | Q(offer__organisation__in=services)
        | Q(lot__station__in=services)
    )


def proposals_for(user: User) -> QuerySet[Proposal]:
    """Return the proposals that the user may answer or has answered."""
    return Proposal.objects.filter(_resources_of(user, manage=True)).select_related(
        "fund__balance",
        "fund__holder",
        "offer__organisation",
        "lot__station",
        "item__need",
        "answered_by",
    )


def commitments_for(user: User) -> QuerySet[Commitment]:
    """Return what the user's organisations have promised."""
    money, services = organisation_ids(user, *MONEY_ROLES), organisation_ids(user, *SERVICE_ROLES)
    mine = Q(fund__holder__in=money) | Q(fund__named_for__in=money) | Q(lot__station__in=services)
    return Commitment.objects.filter(mine).select_related("fund", "lot", "item__need", "by")


def referrals_for(user: User) -> QuerySet[Referral]:
    """Return the referrals to the user's agencies."""
    mine = organisation_ids(user, *SERVICE_ROLES)
    return Referral.objects.filter(offer__organisation__in=mine).select_related(
        "offer__organisation", "item__need", "answered_by"
    )


def projects_of(need_ids: Iterable[UUID]) -> dict[UUID, Project]:
    """Return the public project of each need that has one, one query.

    The portal names the place as the project does: never finer than the gate let through.
    """
    decisions = GateDecision.objects.filter(
        need_id__in=set(need_ids), outcome="published", withdrawn_at=None
    ).select_related("project__region__parent")
    return {decision.need_id: decision.project for decision in decisions if decision.project}
