"""What becomes of a fund's rest when its period is over, and who decided it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models.charters import OnEnd
from donors.models.funds import Fund


class EndingState(models.TextChoices):
    """proposed by the clock → decided by a fund manager → done with a second person's approval."""

    PROPOSED = "proposed", _("To be decided")
    DECIDED = "decided", _("Waits for approval")
    DONE = "done", _("Carried out")


class FundEnding(models.Model):
    """The end of one fund, as its charter says (慈善法 58). Who decides and who approves are two people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.OneToOneField(Fund, on_delete=models.PROTECT, related_name="ending")
    on_end = models.CharField(_("at the end"), max_length=16, choices=OnEnd)
    ended_on = models.DateField(_("ended on"))
    rest_fen = models.BigIntegerField(_("left over"))
    state = models.CharField(_("state"), max_length=10, choices=EndingState, default=EndingState.PROPOSED)
    to_fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goes to")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("end of a fund")
        verbose_name_plural = _("ends of funds")
        ordering: ClassVar = ["-proposed_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("decided_by")),
                name="ending_is_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.state}"
