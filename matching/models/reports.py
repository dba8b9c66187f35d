"""A report that a donor was given."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DonorReport(models.Model):
    """What one fund's donor was told, and a digest of it."""

    fund = models.ForeignKey("donors.Fund", models.PROTECT, related_name="reports", verbose_name=_("fund"))
    at = models.DateTimeField(_("time"))
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-at", "pk"]

    def __str__(self) -> str:
        return f"report of {self.fund_id}"
