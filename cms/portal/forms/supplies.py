"""Service offers, goods lots, pairings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.portal.fields import CodesField, RegionsField, YuanField, date_field
from jiujinan.codes import CATEGORY_KINDS, GROUP_LABELS, ITEM_CATEGORY_LABELS, ItemKind
from needs.labels import lazy_choices


def _categories(kind: ItemKind) -> list[tuple[str, Any]]:
    labels = {code: label for code, label in ITEM_CATEGORY_LABELS.items() if CATEGORY_KINDS[code] is kind}
    return list(lazy_choices(labels))


class OfferForm(forms.Form):
    """A service that an organisation offers."""

    name = forms.CharField(label=_("What it is called"), max_length=120)
    category = forms.ChoiceField(label=_("Service"), choices=_categories(ItemKind.SERVICE))
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("session", _("Session")), ("hour", _("Hour")), ("visit", _("Visit"))]
    )
    total = forms.IntegerField(label=_("Units in all"), min_value=0, max_value=10**6)
    weekly_capacity = forms.IntegerField(
        label=_("Units a week"),
        min_value=0,
        max_value=10**4,
        help_text=_("No more is promised than the weeks until the last day can hold."),
    )
    regions = RegionsField(label=_("Area served"))
    groups = CodesField(label=_("Groups of people"), choices=lazy_choices(GROUP_LABELS))
    languages = forms.CharField(
        label=_("Languages"), required=False, max_length=120, help_text=_("Separated by commas.")
    )
    hours = forms.CharField(label=_("Hours"), required=False, max_length=120)
    starts_on = date_field(label=_("Starts on"))
    ends_on = date_field(label=_("Ends on"), required=False)

    def clean_languages(self) -> list[str]:
        """Return the languages as a list."""
        told: str = self.cleaned_data["languages"]
        return [one.strip() for one in told.replace("，", ",").replace("、", ",").split(",") if one.strip()]


class LotForm(forms.Form):
    """Goods on a station's shelf."""

    name = forms.CharField(label=_("What it is called"), max_length=120)
    category = forms.ChoiceField(label=_("Kind of goods"), choices=_categories(ItemKind.GOODS))
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("piece", _("Piece")), ("set", _("Set")), ("box", _("Box"))]
    )
    total = forms.IntegerField(label=_("Stock in all"), min_value=0, max_value=10**6)
    expires_on = date_field(label=_("Best before"), required=False)
    regions = RegionsField(label=_("Area served"))
    groups = CodesField(label=_("Groups of people"), choices=lazy_choices(GROUP_LABELS))
    delivers = forms.BooleanField(label=_("The station delivers"), required=False)


class PairingForm(forms.Form):
    """What a partner undertakes towards regions."""

    regions = RegionsField(label=_("Regions"), required=True, help_text=_("Names or six-digit codes."))
    starts_on = date_field(label=_("Starts on"))
    ends_on = date_field(label=_("Ends on"), required=False)
    pledged_fen = YuanField(label=_("Money pledged (yuan)"), required=False, min_value=0)
    jobs = forms.IntegerField(label=_("Jobs pledged"), required=False, min_value=0, max_value=10**6)
    goods = forms.CharField(
        label=_("Goods pledged"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    services = forms.CharField(
        label=_("Services pledged"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_pledged_fen(self) -> int:
        """Return fen, 0 where empty."""
        return self.cleaned_data["pledged_fen"] or 0

    def clean_jobs(self) -> int:
        """Return a count, 0 where empty."""
        return self.cleaned_data["jobs"] or 0
