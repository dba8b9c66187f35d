"""What the portal's pages read: always narrowed to the resources that the user answers for."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from cms import places
from cms.portal.access import SERVICE_ROLES, organisation_ids
from donors.charter_text import charter_sentences
from donors.models import BatchState, Contribution, Fund, FundCharter, PaymentBatch, SecondApproval
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from matching.models import Commitment, Disbursement, Proposal, Referral
from matching.states import DISBURSEMENTS_UNDER_WAY, STANDING_COMMITMENTS
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
    return Commitment.objects.filter(mine).select_related("fund__holder", "lot", "item__need__case", "by")


def payable_commitments(user: User) -> QuerySet[Commitment]:
    """Return the commitments of money that are neither paid in full nor on their way to the bank."""
    under_way = Disbursement.objects.filter(commitment=OuterRef("pk"), state__in=DISBURSEMENTS_UNDER_WAY)
    standing = commitments_for(user).filter(fund__isnull=False, state__in=STANDING_COMMITMENTS)
    return standing.annotate(left=F("amount") - F("disbursed")).exclude(Exists(under_way))


def batches_for(user: User) -> QuerySet[PaymentBatch]:
    """Return the payment batches of the user's charities, newest first, with their sums."""
    batches = PaymentBatch.objects.filter(holder__in=organisation_ids(user, *MONEY_ROLES))
    return (
        batches.select_related("holder", "prepared_by", "approved_by", "second_approved_by")
        .annotate(
            lines=Count("payments"), asked_fen=Sum("payments__amount_fen"), done_fen=Sum("payments__paid_fen")
        )
        .order_by("-prepared_at", "pk")
    )


def batches_to_approve(user: User) -> QuerySet[PaymentBatch]:
    """Return the drafts whose next approval is the user's to give, as the predicates will say it again."""
    approves = Q(holder__in=organisation_ids(user, Role.PAYMENT_APPROVER))
    manages = Q(holder__in=organisation_ids(user, Role.FUND_MANAGER))
    promised = Disbursement.objects.filter(payment__batch=OuterRef("pk"), commitment__by=user)
    first = Q(approved_by=None) & approves
    second = Q(approved_by__isnull=False) & (
        (Q(second_approval_by=SecondApproval.PAYMENT_APPROVER) & approves)
        | (Q(second_approval_by=SecondApproval.FUND_MANAGER) & manages & ~Exists(promised))
    )
    drafts = PaymentBatch.objects.filter(first | second, state=BatchState.DRAFT)
    return drafts.exclude(prepared_by=user).exclude(approved_by=user)


def gifts_for(user: User) -> QuerySet[Contribution]:
    """Return the gifts to the funds that the user's charities hold, newest first."""
    mine = Contribution.objects.filter(fund__holder__in=organisation_ids(user, *MONEY_ROLES))
    return mine.select_related("fund__holder", "donor", "entry").order_by("-announced_at", "pk")


def charter_words(charter: FundCharter) -> list[str]:
    """Return a charter in plain words, in the language that is active."""
    names = places.names_of(charter.regions)
    return charter_sentences(charter, region_names=names)


def lent_by(fund: Fund) -> dict[str, int]:
    """Return what a revolving fund has lent, got back and still has outside, in fen."""
    sums = Commitment.objects.filter(fund=fund).aggregate(lent=Sum("disbursed"), back=Sum("repaid"))
    lent, back = sums["lent"] or 0, sums["back"] or 0
    return {"lent": lent, "back": back, "out": lent - back}


def referrals_for(user: User) -> QuerySet[Referral]:
    """Return the referrals to the user's agencies."""
    mine = organisation_ids(user, *SERVICE_ROLES)
    return Referral.objects.filter(offer__organisation__in=mine).select_related(
        "offer__organisation", "item__need", "answered_by"
    )


def projects_of(need_ids: Iterable[UUID]) -> dict[UUID, Project]:
    """Return the public project of each need that has one, with its items; two queries.

    The portal names place, tier, amount and category as the project does: never finer than the gate let through.
    """
    decisions = (
        GateDecision.objects.filter(need_id__in=set(need_ids), outcome="published", withdrawn_at=None)
        .select_related("project__region__parent")
        .prefetch_related("project__items")
    )
    return {decision.need_id: decision.project for decision in decisions if decision.project}
