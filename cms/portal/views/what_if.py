"""What more money or a relaxed charter would change, asked without promising anything."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from cms.portal.access import member, portal_member
from cms.portal.fields import YuanField
from cms.portal.queries import funds_for
from jiujinan.codes import TIER_LABELS
from matching.services.supposing import suppose
from matching.what_if import Effect, FundChange, Restriction, UnknownFund

RESTRICTION_LABELS = {
    Restriction.REGION: gettext_noop("Without the restriction of region"),
    Restriction.CATEGORY: gettext_noop("For everything that is needed"),
    Restriction.TIER: gettext_noop("For every urgency"),
    Restriction.GROUP: gettext_noop("For every group of people"),
    Restriction.GOVERNMENT_FIRST: gettext_noop("Without waiting for government relief"),
    Restriction.MINIMUM_GRANT: gettext_noop("Without a smallest grant"),
    Restriction.CASE_CAP: gettext_noop("Without a cap for one case"),
    Restriction.SHARE_CAP: gettext_noop("Without a cap on the share"),
    Restriction.HOUSEHOLD_CAP: gettext_noop("Without a cap for one household"),
}


class WhatIfForm(forms.Form):
    """The question."""

    more = YuanField(label=gettext_lazy("More money in the fund (yuan)"), required=False)
    without = forms.MultipleChoiceField(
        label=gettext_lazy("A relaxed charter"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["without"].choices = [(code, _(label)) for code, label in RESTRICTION_LABELS.items()]  # type: ignore[attr-defined]


@require_safe
@portal_member
def fund_what_if(request: HttpRequest, fund_id: str) -> HttpResponse:
    """Show the present beside the supposed; nothing is written."""
    fund = get_object_or_404(funds_for(member(request)), pk=fund_id)
    asked = "more" in request.GET or "without" in request.GET
    form = WhatIfForm(request.GET if asked else None)
    context: dict[str, object] = {"section": "funds", "fund": fund, "form": form}
    if asked and form.is_valid():
        without = tuple(Restriction(code) for code in form.cleaned_data["without"])
        try:
            change = FundChange(str(fund.pk), form.cleaned_data["more"] or 0, without)
            context |= _shown(suppose(changes=[change], now=timezone.now()))
        except UnknownFund:
            form.add_error(None, _("The fund has no charter in force."))
    return render(request, "portal/what_if.html", context, status=422 if asked and form.errors else 200)


def _shown(effect: Effect) -> dict[str, object]:
    rows = [(_(TIER_LABELS[tier]), effect.present[tier], effect.supposed[tier]) for tier in effect.present]
    return {"effect": effect, "rows": rows}
