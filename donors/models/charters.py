"""Charters: what a fund may be spent on, as versioned data that is never edited."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models.funds import Fund
from jiujinan.accounts.roles import Role


class OnEnd(models.TextChoices):
    """What happens to the rest when the fund's period is over (慈善法 58)."""

    SIMILAR_PURPOSE = "similar_purpose", _("Goes to a like purpose, and is published")
    RETURN_TO_DONOR = "return_to_donor", _("Goes back to the donor, as agreed")
    CONTINUE = "continue", _("Stays until it is spent")


class SecondApproval(models.TextChoices):
    """Whose the second approval above the limit is; the values are roles in the holder."""

    PAYMENT_APPROVER = Role.PAYMENT_APPROVER.value, _("Another payment approver")
    FUND_MANAGER = Role.FUND_MANAGER.value, _("A fund manager who did not promise the money")


class FundCharter(models.Model):
    """
    One version of a fund's restrictions; the highest version is the one in force.

    An empty list restricts nothing; an amount of None limits nothing. `regions` are six-digit division
    codes that stand for everything below them. Shares are in permille, amounts in fen.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="charters", verbose_name=_("fund"))
    version = models.PositiveIntegerField(_("version"))
    purpose = models.TextField(_("purpose"), blank=True)
    regions = models.JSONField(_("regions"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    tiers = models.JSONField(_("tiers"), default=list, blank=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    government_first = models.BooleanField(_("only after government relief"), default=False)

    per_case_cap_fen = models.BigIntegerField(_("cap for each case"), null=True, blank=True)
    share_cap_permille = models.PositiveIntegerField(_("cap as a share of the need"), null=True, blank=True)
    minimum_grant_fen = models.BigIntegerField(_("smallest grant"), default=0)
    per_household_cap_fen = models.BigIntegerField(_("cap for each household"), null=True, blank=True)
    household_period_days = models.PositiveIntegerField(
        _("period of the household cap"), null=True, blank=True
    )
    reserve_fen = models.BigIntegerField(_("kept in reserve"), default=0)
    fee_cap_permille = models.PositiveIntegerField(_("cap of the management fee"), default=0)

    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    on_end = models.CharField(_("at the end"), max_length=16, choices=OnEnd, default=OnEnd.SIMILAR_PURPOSE)
    transfers_out = models.BooleanField(_("may give to another fund"), default=False)
    transfers_in = models.BooleanField(_("may take from another fund"), default=False)
    second_approval_above_fen = models.BigIntegerField(_("second approval above"), null=True, blank=True)

    second_approval_by = models.CharField(
        _("second approval by"),
        max_length=16,
        choices=SecondApproval,
        default=SecondApproval.PAYMENT_APPROVER,
    )

    donor_consent = models.CharField(_("donor's consent"), max_length=200, blank=True)
    donor_consent_on = models.DateField(_("donor consented on"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        ordering: ClassVar = ["fund", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "version"], name="charter_version_once_for_each_fund"),
            models.CheckConstraint(condition=Q(version__gte=1), name="charter_versions_start_at_one"),
            models.CheckConstraint(
                condition=Q(minimum_grant_fen__gte=0)
                & Q(reserve_fen__gte=0)
                & (Q(per_case_cap_fen__isnull=True) | Q(per_case_cap_fen__gt=0))
                & (Q(per_household_cap_fen__isnull=True) | Q(per_household_cap_fen__gt=0))
                & (Q(second_approval_above_fen__isnull=True) | Q(second_approval_above_fen__gte=0)),
                name="charter_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(share_cap_permille__isnull=True) | Q(share_cap_permille__range=(1, 1000)))
                & Q(fee_cap_permille__lte=1000),
                name="charter_shares_are_within_one",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="charter_period_is_not_reversed",
            ),
            models.CheckConstraint(
                condition=Q(per_household_cap_fen__isnull=True, household_period_days__isnull=True)
                | Q(per_household_cap_fen__isnull=False, household_period_days__gt=0),
                name="charter_household_cap_has_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} v{self.version}"
