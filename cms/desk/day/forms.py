"""What is filled in about an absence."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.desk.casework.forms import day_field, words_field
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.clocks.queries import lineage
from jiujinan.regions.rules import prefix


class AbsenceForm(forms.Form):
    """Who is away when, and who stands in."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"), empty_label=None)
    substitute = forms.ModelChoiceField(User.objects.none(), label=_("Substitute"))
    starts_on = day_field(_("First day away"), past=False)
    ends_on = day_field(_("To (last day away)"), past=False)
    reason = words_field(_("Reason"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues_of(by)
        for name in ("user", "substitute"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
        self.fields["user"].initial = by.pk

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins and a substitute who is the same."""
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The absence ends before it begins."))
        if data.get("user") and data.get("user") == data.get("substitute"):
            self.add_error("substitute", _("The substitute must be another person."))
        return data


def colleagues_of(user: User) -> QuerySet[User]:
    """Return the officers and supervisors whose units lie in, or above, the regions of the user's units."""
    held = user.memberships.values_list("organisation__region_id", flat=True)
    found = User.objects.none()
    for region in set(held):
        roles = [Role.CASE_OFFICER, Role.SUPERVISOR]
        base = User.objects.filter(is_active=True, memberships__role__in=roles)
        found = found | base.filter(memberships__organisation__region__in=lineage(region))
        found = found | base.filter(memberships__organisation__region__code__startswith=prefix(region))
    return found.distinct().order_by("full_name", "pk")
