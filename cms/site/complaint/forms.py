"""What somebody says is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.site.forms_of_visitors import VisitorForm, checked_phone
from needs.discovery.complaint_states import KIND_LABELS, ComplaintKind
from needs.discovery.services import Grievance
from needs.labels import lazy_choices
from needs.models import Project
from needs.states import ProjectState


class ComplaintForm(VisitorForm):
    """A complaint or a correction; how to reach the person may stay empty."""

    signer = "complaint"

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=lazy_choices(KIND_LABELS))
    project = forms.CharField(
        label=_("Number of the project, if it is about one"), max_length=20, required=False,
        help_text=_("It stands on the project's page and at the end of its address."),
    )  # fmt: skip
    region = forms.ChoiceField(
        label=_("Which place is it about?"), required=False,
        help_text=_("Not needed where you gave a project's number."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What should we know?"), min_length=4, max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Only the person in charge reads it. You need not say who you are."),
    )  # fmt: skip
    name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Telephone, if you want to be called back"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("Please choose")), *places]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Return the number as it is kept."""
        entered: str = self.cleaned_data["phone"].strip()
        return checked_phone(entered) if entered else ""

    def clean_project(self) -> str:
        """Return the number of a project that was ever shown; say so where there is none."""
        number: str = self.cleaned_data["project"].strip().upper()
        shown = Project.objects.exclude(state=ProjectState.PREPARED)
        if number and not shown.filter(number=number).exists():
            raise forms.ValidationError(_("No project has this number. Please look at it once more."))
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for a project or a place: somebody must be in charge."""
        told = super().clean()
        if not self.errors and not told.get("project") and not told.get("region"):
            self.add_error("region", _("Please give the place, or the number of the project."))
        return told

    @property
    def grievance(self) -> Grievance:
        """What was told, for the domain."""
        told = self.cleaned_data
        return Grievance(
            token=told["token"],
            kind=ComplaintKind(told["kind"]),
            words=told["words"],
            project=told["project"],
            region=told["region"],
            name=told["name"],
            phone=told["phone"],
        )
