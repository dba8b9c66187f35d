"""How finely each class of cases may be told: measured over everybody, kept, and asked by every single decision."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

AUDIENCE_LABELS = {"open": _("Open web"), "vetted": _("Vetted organisations")}


class RiskPlan(models.Model):
    """One version of the plan. `content` is that of `needs.anonymise.keeping`, `digest` its SHA-256."""

    audience = models.CharField(_("audience"), max_length=8, choices=AUDIENCE_LABELS, default="open")
    month = models.PositiveIntegerField(help_text="Month it was measured for: year × 12 + month − 1.")
    made_at = models.DateTimeField(_("made at"))
    outdated_at = models.DateTimeField(null=True, help_text="When cases came in that it does not know.")
    claimed_at = models.DateTimeField(null=True, help_text="When the check of what is public began.")
    checked_at = models.DateTimeField(_("projects checked at"), null=True)
    settings_digest = models.CharField(max_length=64)
    cases = models.PositiveIntegerField(_("cases measured"))
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["audience", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.audience} {self.made_at:%Y-%m-%d %H:%M}"
