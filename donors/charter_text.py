"""A charter in plain words, one sentence for each restriction, in the language that is active."""

from collections.abc import Callable, Collection, Mapping

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donors.models import FundCharter, OnEnd, SecondApproval
from jiujinan.codes import GROUP_LABELS, ITEM_CATEGORY_LABELS, TIER_LABELS, Group, ItemCategory, Tier

_SECOND_APPROVAL: Mapping[SecondApproval, Callable[[], str]] = {
    SecondApproval.PAYMENT_APPROVER: lambda: _(
        "Payments above %(amount)s need a second approval, by another payment approver."
    ),
    SecondApproval.FUND_MANAGER: lambda: _(
        "Payments above %(amount)s need a second approval, by a fund manager who did not promise the money."
    ),
}


# What the sentences are made of, and by which the charter in force is found.
COLUMNS = (
    "id", "fund_id", "version", "purpose", "regions", "categories", "tiers", "groups", "government_first",
    "per_case_cap_fen", "share_cap_permille", "minimum_grant_fen", "per_household_cap_fen", "household_period_days",
    "reserve_fen", "fee_cap_permille", "starts_on", "ends_on", "on_end", "transfers_out", "transfers_in",
    "second_approval_above_fen", "second_approval_by",
)  # fmt: skip


def charter_sentences(charter: FundCharter, *, region_names: Mapping[str, str]) -> list[str]:
    """
    Return the charter as sentences, in a fixed order; a charter that restricts nothing says so.

    `region_names` gives the name for each division code; an unknown code stands for itself.
    """
    told = [*_who(charter, region_names), *_how_much(charter), *_how(charter)]
    opening = [charter.purpose] if charter.purpose else []
    return (
        opening
        + (told or [_("The fund helps with any cash need, anywhere, without a cap.")])
        + _when(charter)
        + [_("Its manager promises, a payer prepares the payment, and another person approves it.")]
    )


def yuan(amount_fen: int) -> str:
    """Return an amount as people write it: ¥1,234 or ¥1,234.50."""
    whole, cents = divmod(amount_fen, 100)
    return f"¥{whole:,}.{cents:02d}" if cents else f"¥{whole:,}"


def _who(charter: FundCharter, region_names: Mapping[str, str]) -> list[str]:
    sentences = []
    if charter.regions:
        names = [region_names.get(code, code) for code in charter.regions]
        sentences.append(_("It helps people in %(names)s.") % {"names": _join(names)})
    if charter.categories:
        told = _labels(charter.categories, lambda code: ITEM_CATEGORY_LABELS[ItemCategory(code)])
        sentences.append(_("It pays for: %(names)s.") % {"names": told})
    if charter.tiers:
        told = _labels(charter.tiers, lambda code: TIER_LABELS[Tier(code)])
        sentences.append(_("It helps in cases of: %(names)s.") % {"names": told})
    if charter.groups:
        told = _labels(charter.groups, lambda code: GROUP_LABELS[Group(code)])
        sentences.append(_("It is for: %(names)s.") % {"names": told})
    if charter.government_first:
        sentences.append(_("It helps with what is left after government relief."))
    return sentences


def _how_much(charter: FundCharter) -> list[str]:
    sentences = []
    if charter.per_case_cap_fen is not None:
        amount = yuan(charter.per_case_cap_fen)
        sentences.append(_("One case gets at most %(amount)s.") % {"amount": amount})
    if charter.share_cap_permille is not None:
        share = {
            "share": formats.number_format(charter.share_cap_permille / 10, use_l10n=False).removesuffix(".0")
        }
        sentences.append(_("It covers at most %(share)s%% of what one item of a case lacks.") % share)
    if charter.per_household_cap_fen is not None:
        days = charter.household_period_days or 0
        sentences.append(
            ngettext(
                "One household gets at most %(amount)s within %(days)d day.",
                "One household gets at most %(amount)s within %(days)d days.",
                days,
            )
            % {"amount": yuan(charter.per_household_cap_fen), "days": days}
        )
    if charter.minimum_grant_fen:
        amount = yuan(charter.minimum_grant_fen)
        sentences.append(_("It gives no less than %(amount)s at a time.") % {"amount": amount})
    return sentences


def _how(charter: FundCharter) -> list[str]:
    sentences = []
    if charter.reserve_fen:
        amount = yuan(charter.reserve_fen)
        sentences.append(_("%(amount)s always stays in reserve.") % {"amount": amount})
    if charter.second_approval_above_fen is not None:
        words = _SECOND_APPROVAL[SecondApproval(charter.second_approval_by)]()
        sentences.append(words % {"amount": yuan(charter.second_approval_above_fen)})
    if charter.transfers_out:
        sentences.append(_("It may give money to another fund."))
    if charter.transfers_in:
        sentences.append(_("It may take money from another fund."))
    if charter.fee_cap_permille:
        share = {
            "share": formats.number_format(charter.fee_cap_permille / 10, use_l10n=False).removesuffix(".0")
        }
        sentences.append(_("At most %(share)s%% of what it receives pays for its management.") % share)
    return sentences


def _when(charter: FundCharter) -> list[str]:
    starts = formats.date_format(charter.starts_on, "Y-m-d")
    if charter.ends_on is None:
        return [_("It has helped since %(starts)s, without an end.") % {"starts": starts}]
    ends = formats.date_format(charter.ends_on, "Y-m-d")
    period = _("It helps from %(starts)s to %(ends)s.") % {"starts": starts, "ends": ends}
    return [period, _("What is left then: %(what)s.") % {"what": _lower(OnEnd(charter.on_end).label)}]


def _lower(label: object) -> str:
    text = str(label)
    return text[:1].lower() + text[1:]


def _labels(codes: Collection[str], label_of: Callable[[str], str]) -> str:
    return _join([_(label_of(code)) for code in codes])


def _join(names: list[str]) -> str:
    return _(", ").join(names)
