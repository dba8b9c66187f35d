"""The living style guide: tokens and components as the site uses them, for staff (and everybody under DEBUG)."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cms.site.figures import Figure
from cms.site.statistics.charts import counts_chart
from jiujinan.accounts.predicates import can_enter_admin
from needs.models import Project

COLOURS = (
    *("ground", "surface", "sunken", "ink", "muted", "line", "line-strong"),
    *("primary", "primary-strong", "primary-tint", "critical", "critical-tint", "joint", "joint-tint"),
    *("calm", "calm-tint", "good", "good-tint", "track", "covered", "delivered", "focus"),
)
SIZES = ("s", "m", "l", "xl", "2xl", "3xl")


class ExampleForm(forms.Form):
    """One field of each kind."""

    words = forms.CharField(
        label=gettext_lazy("A line of text"), help_text=gettext_lazy("A hint below the name.")
    )
    choice = forms.ChoiceField(label=gettext_lazy("A choice"), choices=[("1", "一"), ("2", "二")])
    wrong = forms.CharField(label=gettext_lazy("A field with an error"))
    ticked = forms.BooleanField(label=gettext_lazy("A box to tick"), required=False)


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show every token and component."""
    if not (settings.DEBUG or can_enter_admin(request.user)):
        raise PermissionDenied
    form = ExampleForm({"words": "青禾县", "choice": "1", "wrong": "", "ticked": "on"})
    example = Project(
        number="EXAMPLE2", tier="critical", covered_percent=60, fulfilled_percent=25,
        published_month=date(2026, 7, 1), updated_month=date(2026, 7, 1),
    )  # fmt: skip
    table = {"cells": {"one": 120, "two": 40, "three": None}, "total": 180}
    labels = {"one": _("Critical relief"), "two": _("Joint relief"), "three": _("Departmental relief")}
    context = {
        "colours": COLOURS,
        "sizes": SIZES,
        "form": form,
        "project": example,
        "figures": [Figure(_("projects"), "1,230"), Figure(_("organisations"), "40")],
        "chart": counts_chart(
            name="guide", title=_("A chart"), table=table, labels=labels, unit=_("projects")
        ),
        "crumbs": [("/style-guide/", _("Style guide"))],
    }
    return render(request, "site/style_guide.html", context)
