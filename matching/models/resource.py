"""The three kinds of resource that a match can draw on: a fund, a service offer or a goods lot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def exactly_one_resource() -> Q:
    """Return the condition that a row names one fund, offer or lot, and no second."""
    return (
        Q(fund__isnull=False, offer__isnull=True, lot__isnull=True)
        | Q(fund__isnull=True, offer__isnull=False, lot__isnull=True)
        | Q(fund__isnull=True, offer__isnull=True, lot__isnull=False)
    )


class ResourceRow(models.Model):
    """A row that names its resource."""

    fund = models.ForeignKey(
        "donors.Fund", models.PROTECT, null=True, related_name="+", verbose_name=_("fund")
    )
    offer = models.ForeignKey(
        "donors.ServiceOffer", models.PROTECT, null=True, related_name="+", verbose_name=_("service offer")
    )
    lot = models.ForeignKey(
        "donors.GoodsLot", models.PROTECT, null=True, related_name="+", verbose_name=_("goods lot")
    )

    class Meta:
        abstract = True

    @property
    def resource(self) -> models.Model:
        """The fund, offer or lot."""
        found = self.fund or self.offer or self.lot
        assert found is not None, "the database holds one resource a row"
        return found
