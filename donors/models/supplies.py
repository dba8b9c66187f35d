"""Service offers and goods lots, and the holds that reserve them."""

import uuid
from datetime import date
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.supply_rules import free_units

Supply = TypeVar("Supply", bound=models.Model)


def within_stock(prefix: str) -> models.CheckConstraint:
    """Return the constraint that what is promised and used never passes what there is."""
    return models.CheckConstraint(
        condition=Q(reserved__gte=0) & Q(used__gte=0) & Q(total__gte=F("reserved") + F("used")),
        name=f"{prefix}_is_never_promised_past_its_total",
    )


class SupplyQuerySet(models.QuerySet[Supply]):
    """Reads that offers and lots share."""

    def active(self) -> Self:
        """Keep what may still be promised."""
        return self.filter(active=True)

    def with_free(self) -> Self:
        """Add `free`, the units that nobody has reserved or used."""
        return self.annotate(free=F("total") - F("reserved") - F("used"))


class ServiceOffer(models.Model):
    """Sessions, hours or visits of one service that an organisation offers. Counts are whole units."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="service_offers"
    )
    name = models.CharField(_("name"), max_length=120)
    category = models.CharField(_("category"), max_length=24)
    unit = models.CharField(_("unit"), max_length=16)
    weekly_capacity = models.PositiveIntegerField(_("weekly capacity"))
    regions = models.JSONField(_("area served"), default=list, blank=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    total = models.BigIntegerField(_("units in all"))
    reserved = models.BigIntegerField(_("units reserved"), default=0)
    used = models.BigIntegerField(_("units used"), default=0)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = SupplyQuerySet["ServiceOffer"].as_manager()

    class Meta:
        verbose_name = _("service offer")
        verbose_name_plural = _("service offers")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [within_stock("offer")]

    def __str__(self) -> str:
        return self.name

    def free_on(self, today: date) -> int:
        """Return the units that may still be promised: not reserved or used, and within the weeks left."""
        return free_units(
            total=self.total,
            reserved=self.reserved,
            used=self.used,
            today=today,
            ends_on=self.ends_on,
            weekly_capacity=self.weekly_capacity,
        )


class GoodsLot(models.Model):
    """A quantity of one thing at one goods station. Counts are whole units."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="goods_lots",
        verbose_name=_("station"),
    )
    name = models.CharField(_("name"), max_length=120)
    category = models.CharField(_("category"), max_length=24)
    unit = models.CharField(_("unit"), max_length=16)
    regions = models.JSONField(_("area served"), default=list, blank=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    delivers = models.BooleanField(_("delivers"), default=False)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    total = models.BigIntegerField(_("units in all"))
    reserved = models.BigIntegerField(_("units reserved"), default=0)
    used = models.BigIntegerField(_("units used"), default=0)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    objects = SupplyQuerySet["GoodsLot"].as_manager()

    class Meta:
        verbose_name = _("goods lot")
        verbose_name_plural = _("goods lots")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [within_stock("lot")]

    def __str__(self) -> str:
        return self.name

    def free_on(self, today: date) -> int:
        """Return the units that may still be promised."""
        return free_units(total=self.total, reserved=self.reserved, used=self.used, today=today)


class SupplyHold(models.Model):
    """Units of one offer or lot that are promised to somebody; what is open is quantity − used − released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(
        ServiceOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    lot = models.ForeignKey(GoodsLot, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    quantity = models.BigIntegerField(_("quantity"))
    used = models.BigIntegerField(_("used"), default=0)
    released = models.BigIntegerField(_("released"), default=0)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(offer__isnull=True, lot__isnull=False) | Q(offer__isnull=False, lot__isnull=True),
                name="hold_is_on_one_supply",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(used__gte=0)
                & Q(released__gte=0)
                & Q(quantity__gte=F("used") + F("released")),
                name="hold_ends_within_its_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.offer_id or self.lot_id}"

    @property
    def outstanding(self) -> int:
        """Units that are promised and neither used nor given back."""
        return self.quantity - self.used - self.released


class MoveKind(models.TextChoices):
    """What was done to a hold."""

    HOLD = "hold", _("Reserved")
    USE = "use", _("Used")
    RELEASE = "release", _("Released")


class HoldMove(models.Model):
    """One act on a hold; its key makes a repeated request have one effect."""

    hold = models.ForeignKey(SupplyHold, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=8, choices=MoveKind)
    quantity = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    body_hash = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="move_has_a_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"
