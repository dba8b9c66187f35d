"""Pairings: a partner city or company bound to a region (对口帮扶)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Pairing(models.Model):
    """A partner's undertaking towards regions, for a period; money in fen, the rest in words and counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="pairings", verbose_name=_("partner")
    )
    regions = models.JSONField(_("regions"), default=list)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    pledged_fen = models.BigIntegerField(_("money pledged"), default=0)
    jobs = models.PositiveIntegerField(_("jobs pledged"), default=0)
    goods = models.TextField(_("goods pledged"), blank=True)
    services = models.TextField(_("services pledged"), blank=True)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering: ClassVar = ["partner", "starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pledged_fen__gte=0), name="pairing_pledge_is_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pairing_period_is_not_reversed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {', '.join(self.regions)}"
