"""What the desk fills in about reports, visits and watch groups."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.desk.discovery.watch_rules import CONDITIONS, RuleFields, initial_of
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.codes import CAUSE_LABELS, DISCOVERY_CHANNEL_LABELS, TIER_LABELS, DiscoveryChannel, Tier
from jiujinan.regions.models import Region
from jiujinan.regions.rules import is_within
from jiujinan.tabular import numbers as written
from jiujinan.tabular.outcome import CellError
from needs.discovery.models import NeedReport, Visit, WatchGroup
from needs.discovery.rules import WHOSE_LABELS, Whose
from needs.discovery.services import FirstWord
from needs.discovery.states import ANSWER_LABELS, STATE_LABELS
from needs.labels import lazy_choices
from needs.models import CaseRecord


def counties_of(user: User) -> list[tuple[str, str]]:
    """Return the counties that the user handles cases of."""
    roles = [Role.CASE_OFFICER, Role.SUPERVISOR]
    units = set(user.memberships.filter(role__in=roles).values_list("organisation__region_id", flat=True))
    counties = Region.objects.counties().current().select_related("parent")
    return [
        (county.code, f"{county.parent.name} {county.name}" if county.parent else county.name)
        for county in counties
        if any(is_within(county.code, unit) for unit in units)
    ]


class ReportFilterForm(forms.Form):
    """Which reports to show."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Waiting")), ("all", _("All")), *lazy_choices(STATE_LABELS)],
    )
    tier = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=[("", _("All")), *lazy_choices(TIER_LABELS)]
    )
    channel = forms.ChoiceField(
        label=_("Discovery channel"),
        required=False,
        choices=[("", _("All")), *lazy_choices(DISCOVERY_CHANNEL_LABELS)],
    )
    mine = forms.BooleanField(label=_("Mine only"), required=False)


class SpokenReportForm(forms.Form):
    """A report that reached the officer by telephone, at the window or on the way."""

    channel = forms.ChoiceField(label=_("Discovery channel"), choices=lazy_choices(DISCOVERY_CHANNEL_LABELS))
    whose = forms.ChoiceField(label=_("Whom it is about"), choices=lazy_choices(WHOSE_LABELS))
    region = forms.ChoiceField(label=_("Region"))
    tier = forms.ChoiceField(label=_("Urgency"), choices=lazy_choices(TIER_LABELS), initial=Tier.DEPARTMENTAL)
    cause = forms.ChoiceField(
        label=_("Cause"), required=False, choices=[("", _("Not yet known")), *lazy_choices(CAUSE_LABELS)]
    )
    story = forms.CharField(
        label=_("What was told"), min_length=2, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    person_name = forms.CharField(label=_("Name of the person in difficulty"), max_length=60, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    reporter_name = forms.CharField(label=_("Name of the reporter"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = counties_of(user)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Return the number as it is kept."""
        entered: str = self.cleaned_data["phone"]
        try:
            return written.phone(entered) if entered.strip() else ""
        except CellError:
            raise forms.ValidationError(
                _("Please write a mobile number (11 digits) or a telephone number with its area code.")
            ) from None

    @property
    def word(self) -> FirstWord:
        """What was told, for the domain."""
        told = self.cleaned_data
        return FirstWord(
            token=told["token"],
            whose=Whose(told["whose"]),
            region=told["region"],
            story=told["story"],
            tier=Tier(told["tier"]),
            cause=told["cause"],
            channel=DiscoveryChannel(told["channel"]),
            reporter_name=told["reporter_name"],
            phone=told["phone"],
            person_name=told["person_name"],
            address=told["address"],
        )


class AnswerForm(forms.Form):
    """How a report ends without a case record."""

    answer = forms.ChoiceField(label=_("Answer"), choices=lazy_choices(ANSWER_LABELS))
    reason = forms.CharField(
        label=_("What the person was told"),
        min_length=2,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FileForm(forms.Form):
    """The case record that goes on from a report."""

    number = forms.CharField(label=_("Case number"), max_length=60)

    def case(self) -> CaseRecord | None:
        """Return the case of that number; None, with an error, where there is none or more than one."""
        found = list(CaseRecord.objects.filter(number=self.cleaned_data["number"].strip())[:2])
        if len(found) == 1:
            return found[0]
        self.add_error("number", _("No case record, or more than one, has this number."))
        return None


class HandOverForm(forms.Form):
    """A colleague who may handle the report's region."""

    to = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none())

    def __init__(self, *args: Any, report: NeedReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = report.region_id
        above = [code, code[:4] + "00", code[:2] + "0000"]
        self.fields["to"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(
                is_active=True,
                memberships__role__in=[Role.CASE_OFFICER, Role.SUPERVISOR],
                memberships__organisation__region_id__in=above,
            )
            .exclude(pk=report.owner_id)
            .distinct()
            .order_by("full_name", "pk")
        )


class VisitForm(forms.ModelForm[Visit]):
    """What a visitor found."""

    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sealed. Needed where something was found."),
    )  # fmt: skip

    class Meta:
        model = Visit
        fields = ("on", "found")
        widgets = {"on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012  # Django reads it so


class WatchGroupForm(RuleFields, forms.ModelForm[WatchGroup]):
    """A group of one's own region."""

    field_order = ("name_zh", "region", "every_days", *CONDITIONS, "rule", "name_en", "code", "is_active")

    class Meta:
        model = WatchGroup
        fields = ("code", "region", "name_zh", "name_en", "every_days", "is_active")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        if kwargs.get("instance"):
            kwargs["initial"] = initial_of(kwargs["instance"])
        super().__init__(*args, **kwargs)
        counties = counties_of(user)
        allowed = {code for code, _name in counties}
        units = set(user.memberships.values_list("organisation__region_id", flat=True))
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        region.queryset, region.required = Region.objects.filter(pk__in=allowed | units), True
        region.empty_label = gettext("Please choose")
        self.fields["name_en"].required = self.fields["code"].required = False
        self.fields["code"].help_text = gettext("Made up where none is given.")

    def clean_code(self) -> str:
        """Return the code, or one that nobody else has."""
        return self.cleaned_data["code"] or f"own-{uuid4().hex[:12]}"

    def clean(self) -> dict[str, Any]:
        """Keep the rule, and the Chinese name where there is no English one."""
        told = super().clean()
        told["name_en"] = told.get("name_en") or told.get("name_zh", "")
        if told.get("rule") is not None:
            self.instance.rule = told["rule"]
        return told


class ReasonOnlyForm(forms.Form):
    """A reason that can be read later."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=300)
