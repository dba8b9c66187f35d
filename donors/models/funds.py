"""Funds: money with a purpose, held by a charity."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class FundKind(models.TextChoices):
    """What sort of money it is."""

    CHARITY = "charity", _("Charity fund")
    NAMED = "named", _("Named fund")  # 企业冠名基金
    SPECIAL = "special", _("Special fund")  # 专项资金, may have several sources
    REVOLVING = "revolving", _("Revolving fund")  # 周转金, comes back from later relief


class FundState(models.TextChoices):
    """Whether the fund takes part; a closed fund only takes money back and pays its remainder out."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class FundQuerySet(models.QuerySet["Fund"]):
    """Reads that more than one caller needs."""

    def open(self) -> Self:
        """Keep the funds that may still promise money."""
        return self.filter(state=FundState.OPEN)

    def held_by(self, organisation_ids: list[int]) -> Self:
        """Keep the funds that these organisations hold."""
        return self.filter(holder_id__in=organisation_ids)


class Fund(models.Model):
    """A restricted fund. Its restrictions stand in its latest charter, its money in the ledger."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="funds_held", verbose_name=_("holder")
    )
    named_for = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="funds_named",
        verbose_name=_("named for"),
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=FundKind, default=FundKind.CHARITY)
    state = models.CharField(_("state"), max_length=8, choices=FundState, default=FundState.OPEN)
    created_at = models.DateTimeField(_("created at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "name"], name="fund_name_once_for_each_holder"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | models.Q(state="open", closed_at__isnull=True),
                name="fund_closed_at_only_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name
