"""A region's dated figures for assessing and approving; entered with their source, never edited."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiujinan.clocks.models import LEVEL_LABELS, TIER_CHOICES, DatedRow

FLAG_LABELS = {
    "false_statement": _("False statement"),
    "concealed_means": _("Concealed income or assets"),
    "refused_check": _("Refused the economic check"),
    "misused_help": _("Used help for something else"),
}
EFFECT_LABELS = {"warns": _("Warns"), "blocks": _("Stops verification")}


class LocalStandard(DatedRow):
    """The monthly living allowance (低保标准) of a region, and the limits that are multiples of it."""

    monthly_fen = models.PositiveBigIntegerField(_("monthly standard"))
    relief_months = models.PositiveSmallIntegerField(_("temporary relief: months of the standard"), default=6)
    hard_case_months = models.PositiveSmallIntegerField(_("in hard cases: months"), default=12)
    expense_permille = models.PositiveSmallIntegerField(
        _("poor by expenditure from this share of income on (‰)"), default=0
    )

    class Meta(DatedRow.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(monthly_fen__gt=0), name="a_standard_is_something"),
            models.CheckConstraint(
                condition=Q(relief_months__gt=0, hard_case_months__gte=F("relief_months")),
                name="hard_cases_get_no_less",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.valid_from}"


class ApprovalRule(DatedRow):
    """Up to which amount a level may verify a case of a tier; without an amount, any."""

    tier = models.CharField(_("tier"), max_length=15, choices=TIER_CHOICES, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=LEVEL_LABELS)
    up_to_fen = models.PositiveBigIntegerField(_("up to"), null=True, blank=True)

    class Meta(DatedRow.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.level} {self.up_to_fen} {self.place}"


class IntegrityRule(DatedRow):
    """What a kind of dishonesty leads to in a region, and for how long."""

    kind = models.CharField(_("kind"), max_length=20, choices=FLAG_LABELS)
    effect = models.CharField(_("effect"), max_length=10, choices=EFFECT_LABELS)
    months = models.PositiveSmallIntegerField(_("months"))

    class Meta(DatedRow.Meta):
        constraints: ClassVar = [models.CheckConstraint(condition=Q(months__gt=0), name="a_flag_has_a_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.effect} {self.place}"
