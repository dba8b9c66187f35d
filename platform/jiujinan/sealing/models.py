"""Alarms about the reading of personal data."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.sealing.watching import Unusual

UNUSUAL_LABELS = {
    Unusual.MANY: _("Many cases opened within an hour"),
    Unusual.ELSEWHERE: _("Opened outside the reader's own region"),
    Unusual.OFF_HOURS: _("Opened outside working hours"),
    Unusual.IDLE: _("Opened, and nothing was done on the case afterwards"),
}


class ReadingAlarm(models.Model):
    """Somebody read in an unusual way; a supervisor looks and says what it was."""

    kind = models.CharField(_("why"), max_length=10, choices=UNUSUAL_LABELS)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    case = models.CharField(_("case"), max_length=60)
    region = models.CharField(_("region"), max_length=6, blank=True)
    raised_at = models.DateTimeField(_("time"))
    key = models.CharField(max_length=120, unique=True, help_text="What must not be told twice.")
    figures = models.JSONField(default=dict)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    finding = models.CharField(_("finding"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-raised_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(acknowledged_by=None) | ~Q(acknowledged_by=models.F("reader")),
                name="nobody_acknowledges_their_own_reading",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["acknowledged_at", "raised_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.case}"
