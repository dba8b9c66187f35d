"""What is to be told outside, written in the same transaction as the act that it tells of."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxStream(models.Model):
    """The counter of one subject's events to one destination: it keeps them in order."""

    destination = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    length = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["destination", "subject"], name="one_stream_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.destination}:{self.subject}"


class OutboxEvent(models.Model):
    """One thing to tell. The payload is thin: ids, codes and figures; names are fetched with a reason."""

    id = models.UUIDField(primary_key=True)
    stream = models.ForeignKey(OutboxStream, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    at = models.DateTimeField(_("time"))
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["stream", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="one_event_per_place")
        ]
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=models.Q(delivered_at=None), name="outbox_undelivered")
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.seq}"


class InboxMessage(models.Model):
    """A message that came in: seen once, it has its effect once."""

    source = models.CharField(max_length=40)
    message_id = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "message_id"], name="one_effect_per_message")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.message_id}"
