"""A fund and its charter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.portal.fields import CodesField, PercentField, RegionsField, YuanField, choose_from, date_field
from donors.charter_rules import FIELDS
from donors.models import FundKind, OnEnd, SecondApproval
from jiujinan.accounts.models import Organisation
from jiujinan.codes import (
    CASH_CATEGORIES,
    GROUP_LABELS,
    ITEM_CATEGORY_LABELS,
    TIER_LABELS,
)
from needs.labels import lazy_choices

_CASH = {code: label for code, label in ITEM_CATEGORY_LABELS.items() if code in CASH_CATEGORIES}


class CharterForm(forms.Form):
    """Every field of a charter. Empty lists restrict nothing, empty amounts limit nothing."""

    purpose = forms.CharField(
        label=_("Purpose in the donor's words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    regions = RegionsField(label=_("Regions"))
    categories = CodesField(label=_("What it pays for"), choices=lazy_choices(_CASH))
    tiers = CodesField(label=_("Urgency"), choices=lazy_choices(TIER_LABELS))
    groups = CodesField(label=_("Groups of people"), choices=lazy_choices(GROUP_LABELS))
    government_first = forms.BooleanField(label=_("Only after government relief"), required=False)
    per_case_cap_fen = YuanField(label=_("Cap for each case (yuan)"), required=False)
    share_cap_permille = PercentField(
        label=_("Cap as a share of what one item lacks (%)"), required=False, min_value=0.1
    )
    minimum_grant_fen = YuanField(label=_("Smallest grant (yuan)"), required=False, min_value=0)
    per_household_cap_fen = YuanField(label=_("Cap for each household (yuan)"), required=False)
    household_period_days = forms.IntegerField(
        label=_("within so many days"), required=False, min_value=1, max_value=3660
    )
    reserve_fen = YuanField(label=_("Kept in reserve (yuan)"), required=False, min_value=0)
    fee_cap_permille = PercentField(label=_("Management fee at most (% of what it receives)"), required=False)
    second_approval_above_fen = YuanField(
        label=_("Second approval of payments above (yuan)"), required=False, min_value=0
    )
    second_approval_by = forms.ChoiceField(
        label=_("Second approval by"),
        choices=SecondApproval.choices,
        initial=SecondApproval.PAYMENT_APPROVER,
        required=False,
    )
    starts_on = date_field(label=_("Starts on"))
    ends_on = date_field(label=_("Ends on"), required=False)
    on_end = forms.ChoiceField(label=_("At the end"), choices=OnEnd.choices)
    transfers_out = forms.BooleanField(label=_("May give to another fund"), required=False)
    transfers_in = forms.BooleanField(label=_("May take from another fund"), required=False)

    def charter(self) -> dict[str, Any]:
        """Return the values as a charter has them."""
        values = {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
        for name in ("minimum_grant_fen", "reserve_fen", "fee_cap_permille"):
            values[name] = values[name] or 0
        values["second_approval_by"] = values["second_approval_by"] or SecondApproval.PAYMENT_APPROVER
        return values


class AmendForm(CharterForm):
    """The next version of a charter, with its reason and, where the purpose changes, the donor's consent."""

    reason = forms.CharField(label=_("Why it changes"), min_length=2, max_length=300)
    donor_consent = forms.CharField(
        label=_("The donor's consent (number of the document)"),
        max_length=200,
        required=False,
        help_text=_("Needed once money came in and the purpose changes (Charity Law, article 56)."),
    )
    donor_consent_on = date_field(label=_("The donor consented on"), required=False)


class FundForm(CharterForm):
    """A new fund with its first charter."""

    name = forms.CharField(label=_("Name of the fund"), max_length=120, strip=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=FundKind.choices)
    named_for = forms.ModelChoiceField(Organisation.objects.none(), label=_("Named for"), required=False)
    field_order = ("name", "kind", "named_for")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "named_for", Organisation.objects.filter(kind="enterprise"))
