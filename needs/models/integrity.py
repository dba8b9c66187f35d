"""Integrity flags: a household was found dishonest, on evidence, for a time."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.sealing.fields import SealedField
from needs.models.household import Household
from needs.models.local_rules import EFFECT_LABELS, FLAG_LABELS


class IntegrityFlag(models.Model):
    """One flag with its evidence (sealed) and its end. The region's rule says what it does and for how long."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="flags")
    kind = models.CharField(_("kind"), max_length=20, choices=FLAG_LABELS)
    effect = models.CharField(_("effect"), max_length=10, choices=EFFECT_LABELS)
    evidence = SealedField()
    decision_number = models.CharField(_("number of the decision"), max_length=60)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised at"))
    expires_on = models.DateField(_("ends on"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-raised_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "kind"], condition=Q(ended_at=None), name="one_standing_flag_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id}"
