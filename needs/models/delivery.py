"""What reached a household, and when: written once for every delivery, never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from needs.models.need import NeedItem


class Delivery(models.Model):
    """So much of an item (fen, sessions or pieces) that arrived at a moment."""

    item = models.ForeignKey(NeedItem, models.PROTECT, related_name="deliveries")
    amount = models.PositiveBigIntegerField(_("amount"))
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="something_arrived")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.amount}"
