"""A match run: a snapshot, two versions and a digest, so that it can be computed again to the bit."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MatchRun(models.Model):
    """One solve over everything that stood open at a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rule_version = models.CharField(_("rule version"), max_length=20)
    engine_version = models.CharField(_("engine version"), max_length=20)
    snapshot = models.BinaryField()
    snapshot_digest = models.CharField(max_length=64)
    outcome_digest = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"run {self.at:%Y-%m-%d %H:%M}"
