"""Who did what on which ground: append-only, one hash chain a stream."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditStream(models.Model):
    """The head of one chain; its row lock puts the entries of a stream in one order."""

    name = models.CharField(primary_key=True, max_length=80)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One act. `data` holds codes, ids and figures, never a name, a number or an address."""

    stream = models.ForeignKey(AuditStream, models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    action = models.CharField(_("act"), max_length=60)
    subject = models.CharField(_("subject"), max_length=80)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["stream", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="one_entry_per_place")
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "at"])]

    def __str__(self) -> str:
        return f"{self.stream_id}#{self.seq} {self.action}"
