"""May this fund still give so much to this item? Asked again in the moment of accepting."""

from datetime import date, timedelta

from django.db.models import Q, Sum

from donors.models import Fund, FundCharter
from donors.queries import current_charter
from donors.rules import FailedRule, Rule, Subject, why_not
from matching.models import Commitment
from matching.states import CommitmentState
from needs.models import NeedItem


class OutsideCharter(Exception):
    """The charter does not allow this grant (any more); `failed` says which rules, with values."""

    def __init__(self, failed: list[FailedRule]) -> None:
        super().__init__(", ".join(str(one.rule) for one in failed))
        self.failed = failed


def require_within_charter(*, fund: Fund, item: NeedItem, amount_fen: int, today: date) -> None:
    """Raise OutsideCharter unless every restriction allows the amount; the fund's book is locked by the caller."""
    charter = current_charter(fund=fund)
    subject = subject_of(item=item, charter=charter, today=today)
    # A charter's share is of one item (docs/case-file.md), so it is counted below and not against the case.
    failed = [
        one for one in why_not(charter, subject) if one.rule not in {Rule.SHARE_CAP, Rule.MINIMUM_GRANT}
    ]
    failed += _past_caps(charter, subject, amount_fen, given_to_item_fen=_given(fund, item))
    if amount_fen < charter.minimum_grant_fen:
        failed.append(FailedRule(Rule.MINIMUM_GRANT, charter.minimum_grant_fen, amount_fen))
    if failed:
        raise OutsideCharter(failed)


def subject_of(*, item: NeedItem, charter: FundCharter, today: date) -> Subject:
    """Return the item as the fund sees it, with what the fund has already given to its case and household."""
    case = item.need.case
    period = charter.household_period_days or 0
    given = Commitment.objects.filter(fund_id=charter.fund_id).exclude(state=CommitmentState.RELEASED)
    sums = given.aggregate(
        case=Sum("amount", filter=Q(item__need_id=item.need_id)),
        household=Sum(
            "amount",
            filter=Q(
                item__need__case__household_id=case.household_id, at__date__gte=today - timedelta(days=period)
            ),
        ),
    )
    return Subject(
        region=case.region_id,
        category=item.category,
        tier=item.need.tier,
        groups=frozenset(case.groups),
        gap_fen=item.gap,
        required_fen=item.lacking,
        government_decided=case.government_done,
        today=today,
        given_to_case_fen=sums["case"] or 0,
        given_to_household_fen=sums["household"] or 0,
    )


def _given(fund: Fund, item: NeedItem) -> int:
    standing = Commitment.objects.filter(fund=fund, item=item).exclude(state=CommitmentState.RELEASED)
    return standing.aggregate(total=Sum("amount"))["total"] or 0


def _past_caps(
    charter: FundCharter, subject: Subject, amount_fen: int, *, given_to_item_fen: int
) -> list[FailedRule]:
    share = charter.share_cap_permille
    caps = [
        (Rule.CASE_CAP, charter.per_case_cap_fen, subject.given_to_case_fen),
        (Rule.SHARE_CAP, subject.required_fen * share // 1000 if share else None, given_to_item_fen),
        (Rule.HOUSEHOLD_CAP, charter.per_household_cap_fen, subject.given_to_household_fen),
    ]
    return [
        FailedRule(rule, cap, given + amount_fen)
        for rule, cap, given in caps
        if cap is not None and given + amount_fen > cap
    ]
