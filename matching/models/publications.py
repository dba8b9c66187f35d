"""What the platform tells everybody about itself: releases of figures, and grants in blocks. Only ever added to."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import ITEM_CATEGORY_LABELS
from needs.labels import lazy_choices

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def fresh_grant_number() -> str:
    """Return a random number of fifty bits that says nothing."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


class Release(models.Model):
    """One release of all public figures, rounded and withheld when it was made; pages and files read only this."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    tables = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"release {self.number}"


class PublicGrant(models.Model):
    """One grant as open data tells it: its block's mean amount, its block's month, the prefecture; never the project.

    Blocks of twenty or more grants of one holder, prefecture and category are filled in the order of time and are final
    when they are full, so that no later file differs from an earlier one by a single grant.
    """

    number = models.CharField(_("number"), max_length=12, primary_key=True, default=fresh_grant_number)
    block = models.CharField(_("block"), max_length=12, db_index=True)
    holder = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("holder")
    )
    fund = models.ForeignKey(
        "donors.Fund", models.PROTECT, null=True, related_name="+", verbose_name=_("fund")
    )
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    category = models.CharField(_("category"), max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS))
    month = models.DateField(_("month"))
    amount_fen = models.PositiveBigIntegerField(_("amount"))
    released_at = models.DateTimeField(_("released at"))

    class Meta:
        ordering: ClassVar = ["month", "block", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="a_grant_gives_something")
        ]

    def __str__(self) -> str:
        return f"grant {self.number}"


class GrantCursor(models.Model):
    """Which commitment stands in which block; the only place that knows, and never public."""

    commitment = models.OneToOneField(
        "matching.Commitment", models.PROTECT, primary_key=True, related_name="+"
    )
    block = models.CharField(max_length=12, db_index=True)

    def __str__(self) -> str:
        return self.block
