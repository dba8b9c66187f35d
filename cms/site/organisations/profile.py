"""One organisation as the public may see it: what it declares to the public, and released figures. Nothing private."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext

from cms import places
from cms.site.figures import shown_money
from cms.site.organisations.listing import public_organisations
from donors.charter_text import COLUMNS, charter_sentences
from donors.models import Fund, FundCharter, GoodsLot, ServiceOffer
from jiujinan.accounts.models import Organisation
from jiujinan.codes import ITEM_CATEGORY_LABELS, ItemCategory
from matching.models import PublicGrant


@dataclass(frozen=True)
class FundProfile:
    """A fund and its charter in plain words; no balance."""

    name: str
    kind: str
    sentences: list[str]


@dataclass(frozen=True)
class Given:
    """What the releases tell of the organisation's grants."""

    grants: int
    money: str


def profile_of(number: int) -> dict[str, Any]:
    """Return what the profile's template needs, or raise Http404; a fixed number of queries."""
    organisation = get_object_or_404(public_organisations(), pk=number)
    return {
        "organisation": organisation,
        "funds": _funds(organisation),
        "offers": _offers(organisation),
        "lots": _categories(GoodsLot.objects.active().filter(station=organisation)),
        "given": _given(organisation),
    }


def _funds(organisation: Organisation) -> list[FundProfile]:
    newest = FundCharter.objects.filter(fund=OuterRef("fund")).order_by("-version").values("pk")[:1]
    charters = FundCharter.objects.filter(
        pk=Subquery(newest), fund__in=Fund.objects.open().filter(holder=organisation)
    )
    told = (*COLUMNS, *(f"fund__{field.name}" for field in Fund._meta.concrete_fields))
    found = list(charters.select_related("fund").only(*told).order_by("fund__name", "pk"))
    codes = {code for charter in found for code in charter.regions}
    names = places.names_of(codes)
    return [
        FundProfile(
            charter.fund.name,
            charter.fund.get_kind_display(),
            charter_sentences(charter, region_names=names),
        )
        for charter in found
    ]


def _offers(organisation: Organisation) -> list[tuple[str, str]]:
    today = timezone.localdate()
    running = ServiceOffer.objects.active().filter(organisation=organisation).exclude(ends_on__lt=today)
    return [(offer.name, category_words(offer.category)) for offer in running.order_by("name", "pk")]


def _categories(lots: Any) -> list[str]:
    codes = lots.order_by("category").values_list("category", flat=True).distinct()
    return [category_words(code) for code in codes]


def _given(organisation: Organisation) -> Given | None:
    """Return the released grants' number and sum; they come in blocks of twenty, so that neither leads to anybody."""
    told = PublicGrant.objects.filter(holder=organisation).aggregate(
        number=Count("pk"), sum=Sum("amount_fen")
    )
    return Given(told["number"], shown_money(told["sum"])) if told["number"] else None


def category_words(code: str) -> str:
    """Return a category in the reader's words; an unknown one stands for itself."""
    return gettext(ITEM_CATEGORY_LABELS[ItemCategory(code)]) if code in set(ItemCategory) else code
