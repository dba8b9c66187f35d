"""Which organisations take part."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiujinan.accounts.models import KIND_LABELS, Organisation
from jiujinan.accounts.roles import SOCIAL_FORCES, OrganisationKind

SHOWN_ON_A_PAGE = 30


class OrganisationFilterForm(forms.Form):
    """Which organisations to show."""

    q = forms.CharField(label=_("Name of the organisation"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("All")),
            *((kind.value, KIND_LABELS[kind]) for kind in OrganisationKind if kind in SOCIAL_FORCES),
        ],
    )


def public_organisations() -> QuerySet[Organisation]:
    """Return the verified social forces; nobody else has a profile."""
    verified = Organisation.objects.filter(kind__in=SOCIAL_FORCES, verified_at__isnull=False)
    return verified.select_related("region__parent").order_by("name", "pk")


def listing(asked: QueryDict) -> dict[str, Any]:
    """Return what the list's template needs; two queries."""
    form = OrganisationFilterForm(asked)
    form.is_valid()
    chosen, found = form.cleaned_data, public_organisations()
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("q"):
        found = found.filter(name__icontains=chosen["q"].replace("\x00", ""))
    page = Paginator(found, SHOWN_ON_A_PAGE).get_page(asked.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number)
    return {"form": form, "organisations": page, "page_range": numbers}
