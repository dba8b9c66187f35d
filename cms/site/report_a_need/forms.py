"""What somebody tells us first: as little as it takes to find the household and to call back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.site.forms_of_visitors import VisitorForm, checked_phone
from jiujinan.codes import CAUSE_LABELS
from needs.discovery import numbers
from needs.discovery.rules import WHOSE_LABELS, Whose, tier_of
from needs.discovery.services import FirstWord
from needs.labels import lazy_choices


class ReportForm(VisitorForm):
    """The report."""

    signer = "report-a-need"

    whose = forms.ChoiceField(label=_("Who needs help?"), choices=lazy_choices(WHOSE_LABELS))
    region = forms.ChoiceField(label=_("Where does the household live now?"))
    address = forms.CharField(
        label=_("Township, village or street"), max_length=200, required=False,
        help_text=_("So that somebody finds the door. Only the officer in charge reads it."),
    )  # fmt: skip
    story = forms.CharField(
        label=_("What has happened, and what is lacking most?"), min_length=4, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A few words are enough. Please write no ID or bank card numbers."),
    )  # fmt: skip
    cause = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        choices=[("", _("I am not sure")), *lazy_choices(CAUSE_LABELS)],
    )
    in_danger = forms.BooleanField(label=_("Life or health is in danger now"), required=False)
    within_days = forms.BooleanField(label=_("It cannot wait longer than a few days"), required=False)
    person_name = forms.CharField(label=_("Name of the person in difficulty"), max_length=60, required=False)
    reporter_name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Telephone for calling back"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("Please choose")), *places]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Return the number as it is kept."""
        return checked_phone(self.cleaned_data["phone"])

    @property
    def word(self) -> FirstWord:
        """What was told, for the domain."""
        told = self.cleaned_data
        return FirstWord(
            token=told["token"],
            whose=Whose(told["whose"]),
            region=told["region"],
            story=told["story"],
            tier=tier_of(in_danger=told["in_danger"], within_days=told["within_days"]),
            cause=told["cause"],
            reporter_name=told["reporter_name"],
            phone=told["phone"],
            person_name=told["person_name"],
            address=told["address"],
        )


class TrackForm(forms.Form):
    """A tracking number, however it is typed."""

    number = forms.CharField(
        label=_("Tracking number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Twelve letters and digits, for example ABCD-EFGH-JKLM."),
    )  # fmt: skip

    def clean_number(self) -> str:
        """Return the number as it is kept; its check character finds slips of the pen."""
        number = numbers.normalised(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This is not a tracking number; perhaps a character was misread."))
        return number
