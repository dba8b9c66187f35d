"""The weekly report, the scorecard and the time to help: pages of the user's divisions, and files of them."""

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.desk.access import desk_member
from cms.desk.discovery.channels import PeriodForm, places_of
from cms.desk.reporting.tables import Table, scorecard_table, scorecards, timing_table, weekly_table
from jiujinan.accounts.models import User
from needs.reporting.periods import NoSuchWeek, Week

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class WeekForm(forms.Form):
    """Where and which week."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    week = forms.CharField(
        label=gettext_lazy("Week"),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"type": "week"}),
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        usual = {"week": Week.of(timezone.localdate()).before().label}
        super().__init__(usual | {name: value for name, value in data.items() if value})
        self.places = places_of(user)
        self.fields["region"].choices = self.places  # type: ignore[attr-defined]

    def clean_region(self) -> str:
        """Fall back to the user's first unit."""
        return self.cleaned_data["region"] or (self.places[0][0] if self.places else "")

    def clean_week(self) -> Week:
        """Return the week, by default the last whole one."""
        try:
            label = self.cleaned_data["week"]
            return Week.named(label) if label else Week.of(timezone.localdate()).before()
        except NoSuchWeek:
            raise forms.ValidationError(_("Please write a week such as 2026-W07.")) from None


@require_safe
@desk_member
def weekly(request: HttpRequest) -> HttpResponse:
    """Show one week of a division and of all inside it."""
    form = WeekForm(request.GET, user=cast("User", request.user))
    if not form.is_valid():
        return _page(request, form, None)
    told = form.cleaned_data
    return _page(
        request,
        form,
        weekly_table(region=told["region"], week=told["week"]),
        file=f"weekly-{told['week'].label}",
    )


@require_safe
@desk_member
def timing(request: HttpRequest) -> HttpResponse:
    """Show how long help takes."""
    form = PeriodForm(request.GET, user=cast("User", request.user))
    if not form.is_valid():
        return _page(request, form, None)
    told = form.cleaned_data
    table = timing_table(region=told["region"], since=told["since"], until=told["until"])
    return _page(request, form, table, file="time-to-help")


@require_safe
@desk_member
def scorecard(request: HttpRequest) -> HttpResponse:
    """Show the scorecard of a division beside those of its parts."""
    form = PeriodForm(request.GET, user=cast("User", request.user))
    if not form.is_valid():
        return _page(request, form, None)
    told = form.cleaned_data
    cards = scorecards(region=told["region"], since=told["since"], until=told["until"], now=timezone.now())
    bars = [(name, card.score) for name, card in cards]
    return _page(request, form, scorecard_table(cards), file="scorecard", bars=bars)


def _page(
    request: HttpRequest,
    form: forms.Form,
    table: Table | None,
    *,
    file: str = "",
    bars: list[tuple[str, float | None]] | None = None,
) -> HttpResponse:
    kind = request.GET.get("format", "")
    if table is not None and kind in TYPES:
        answer = HttpResponse(table.file(kind), content_type=TYPES[kind])
        answer["Content-Disposition"] = f'attachment; filename="{file}.{kind}"'
        return answer
    context = {"form": form, "table": table, "bars": bars}
    return render(request, "desk/reporting/report.html", context, status=200 if table else 422)
