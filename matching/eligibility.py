"""May this fund still give so much to this item? Asked again in the moment of accepting."""

from datetime import date, timedelta

from django.db.models import F, Q, Sum

from donors.models import Fund, FundCharter
from donors.queries import current_charter, paired_regions
from donors.rules import FailedRule, Rule, Subject, covers_region, why_not
from matching.models import Commitment
from matching.states import CommitmentState
from needs.models import NeedItem
from needs.queries import place_for_funds


class OutsideCharter(Exception):
    """The charter does not allow this grant (any more); `failed` says which rules, with values."""

    def __init__(self, failed: list[FailedRule]) -> None:
        super().__init__(", ".join(str(one.rule) for one in failed))
        self.failed = failed


def require_within_charter(*, fund: Fund, item: NeedItem, amount_fen: int, today: date) -> None:
    """
    Raise OutsideCharter unless every restriction allows the amount, and the pairing of the partner whose name it bears.

    The fund's book is locked by the caller.
    """
    place = place_for_funds(item.need)
    require_within_pairing(owner_id=fund.named_for_id, place=place, today=today)
    charter = current_charter(fund=fund)
    subject = subject_of(item=item, charter=charter, place=place, today=today)
    # The caps are asked with the amount itself, below; and so is the smallest grant.
    asked_with_amount = {Rule.CASE_CAP, Rule.SHARE_CAP, Rule.HOUSEHOLD_CAP, Rule.MINIMUM_GRANT}
    failed = [one for one in why_not(charter, subject) if one.rule not in asked_with_amount]
    failed += _past_caps(charter, subject, amount_fen)
    if amount_fen < charter.minimum_grant_fen:
        failed.append(FailedRule(Rule.MINIMUM_GRANT, charter.minimum_grant_fen, amount_fen))
    if failed:
        raise OutsideCharter(failed)


def require_within_pairing(*, owner_id: int | None, place: str, today: date) -> None:
    """Raise OutsideCharter where a paired partner would give to a place that its pairings do not cover now."""
    if owner_id is None:
        return
    paired = paired_regions(today=today, organisation_ids=[owner_id])
    if owner_id in paired and not (paired[owner_id] and covers_region(paired[owner_id], place)):
        raise OutsideCharter([FailedRule(Rule.PAIRING, list(paired[owner_id]), place)])


def subject_of(*, item: NeedItem, charter: FundCharter, place: str, today: date) -> Subject:
    """
    Return the item as the fund sees it in this place, with what it has already given to item, case and household.

    What a revolving fund lent and got back counts no longer.
    """
    case = item.need.case
    period = charter.household_period_days or 0
    given = Commitment.objects.filter(fund_id=charter.fund_id).exclude(state=CommitmentState.RELEASED)
    kept = F("amount") - F("repaid")
    sums = given.aggregate(
        of_item=Sum(kept, filter=Q(item=item)),
        of_case=Sum(kept, filter=Q(item__need_id=item.need_id)),
        of_household=Sum(
            kept,
            filter=Q(
                item__need__case__household_id=case.household_id, at__date__gte=today - timedelta(days=period)
            ),
        ),
    )
    return Subject(
        region=place,
        category=item.category,
        tier=item.need.tier,
        groups=frozenset(case.groups),
        gap_fen=item.gap,
        required_fen=item.lacking,
        government_decided=case.government_done,
        today=today,
        given_to_item_fen=sums["of_item"] or 0,
        given_to_case_fen=sums["of_case"] or 0,
        given_to_household_fen=sums["of_household"] or 0,
    )


def _past_caps(charter: FundCharter, subject: Subject, amount_fen: int) -> list[FailedRule]:
    share = charter.share_cap_permille
    caps = [
        (Rule.CASE_CAP, charter.per_case_cap_fen, subject.given_to_case_fen),
        (Rule.SHARE_CAP, subject.required_fen * share // 1000 if share else None, subject.given_to_item_fen),
        (Rule.HOUSEHOLD_CAP, charter.per_household_cap_fen, subject.given_to_household_fen),
    ]
    return [
        FailedRule(rule, cap, given + amount_fen)
        for rule, cap, given in caps
        if cap is not None and given + amount_fen > cap
    ]
