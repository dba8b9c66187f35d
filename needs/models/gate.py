"""What the publish gate decided about a need, on which measures, and which project came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from needs.models.need import Need
from needs.models.plan import RiskPlan
from needs.models.project import Project

OUTCOME_LABELS = {"published": _("Published"), "held": _("Held by the gate")}


class GateDecision(models.Model):
    """One decision. The only place where a need and its project are named together."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="gate_decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOME_LABELS)
    reasons = models.JSONField(_("reasons"), default=list)
    measures = models.JSONField(_("measures"), default=dict)
    item_places = models.JSONField(default=dict, help_text="Which item of the need stands at which place.")
    content_hash = models.CharField(max_length=64, blank=True)
    subject = models.JSONField(
        default=list, help_text="Codes of the case when it was decided, as a row of counts."
    )
    plan = models.ForeignKey(RiskPlan, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, related_name="gate_decisions", verbose_name=_("project")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody where the nightly check made a record coarser.",
    )
    at = models.DateTimeField(_("time"))
    checked_at = models.DateTimeField(_("last checked"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        ordering: ClassVar = ["need", "at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(outcome="published", withdrawn_at=None),
                name="one_standing_project_per_need",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.need_id}"
