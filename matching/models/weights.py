"""Versions of what counts how much in the order of needs: drafted by one person, published by another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

WEIGHT_STATE_LABELS = {"draft": _("Draft"), "published": _("In force"), "retired": _("No longer in force")}


class WeightVersion(models.Model):
    """One table of weights (`matching.ordering.WeightTable`). At most one is in force; none is edited afterwards."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=10, choices=WEIGHT_STATE_LABELS, default="draft")
    table = models.JSONField(_("weights"))
    note = models.CharField(_("what changes and why"), max_length=300)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="one_weight_version_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(drafted_by=F("published_by")), name="a_second_person_publishes_the_weights"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_by=None)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="weights_in_force_were_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
