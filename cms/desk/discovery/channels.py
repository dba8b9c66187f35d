"""What each discovery channel brings: a page with bars, and the same as a file."""

import csv
from datetime import timedelta
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms import places
from cms.desk.access import desk_member
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import DESK_ROLES
from jiujinan.codes import DISCOVERY_CHANNEL_LABELS
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix
from needs.discovery.statistics import ChannelFigures, channel_figures

A_YEAR = timedelta(days=365)


class PeriodForm(forms.Form):
    """Where and when."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    since = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        today = timezone.localdate()
        told = {name: value for name, value in data.items() if value}
        if not told.keys() & {"since", "until"}:
            told |= {"since": str(today - A_YEAR), "until": str(today)}
        super().__init__(told)
        self.places = places_of(user)
        self.fields["region"].choices = self.places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Fill in the user's first unit and the last twelve months."""
        told = self.cleaned_data
        today = timezone.localdate()
        told["until"] = told.get("until") or today
        told["since"] = told.get("since") or told["until"] - A_YEAR
        told["region"] = told.get("region") or (self.places[0][0] if self.places else "")
        if told["since"] > told["until"]:
            raise forms.ValidationError(_("The first day lies after the last."))
        return told


def places_of(user: User) -> list[tuple[str, str]]:
    """Return the divisions that the user may look at: the own units' and one level below."""
    units = user.memberships.filter(role__in=DESK_ROLES).values_list("organisation__region_id", flat=True)
    found = Region.objects.filter(pk__in=set(units)) | Region.objects.current().filter(parent__in=set(units))
    return [(region.code, places.text(region)) for region in found.order_by("code")]


@require_safe
@desk_member
def channel_page(request: HttpRequest) -> HttpResponse:
    """Show the channels of a period and a region; `?format=csv` gives the same rows as a file."""
    form = PeriodForm(request.GET, user=cast("User", request.user))
    if not form.is_valid():
        return render(request, "desk/discovery/channels.html", {"form": form}, status=422)
    told = form.cleaned_data
    figures = channel_figures(
        region=prefix(told["region"]) if told["region"] else "-", since=told["since"], until=told["until"]
    )
    if request.GET.get("format") == "csv":
        return _file(figures)
    most = max((row.cases for row in figures.rows), default=0)
    context = {
        "form": form,
        "told": told,
        "figures": figures,
        "rows": [
            (row, _(DISCOVERY_CHANNEL_LABELS[row.channel]), round(100 * row.cases / most) if most else 0)
            for row in figures.rows
        ],
        "totals": [figures.total(name) for name in ("reports", "cases", "verified", "helped")],
    }
    return render(request, "desk/discovery/channels.html", context)


def _file(figures: ChannelFigures) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="channels.csv"'
    answer.write("\ufeff")  # so that a spreadsheet reads it as UTF-8
    lines = csv.writer(answer)
    lines.writerow([_("Discovery channel"), _("Reports received"), _("Cases"), _("Verified"), _("Helped")])
    for row in figures.rows:
        label = _(DISCOVERY_CHANNEL_LABELS[row.channel])
        lines.writerow([label, row.reports, row.cases, row.verified, row.helped])
    return answer
