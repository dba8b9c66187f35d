"""A region's dated figures: one form for each kind, made from its model."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.amounts import AmountField
from cms.desk.casework.forms import FEN, people_of
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.clocks.models import CalendarDay, ClockRule, DatedRow, Duty, OfficeHours
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix
from needs.models import ApprovalRule, IntegrityRule, LocalStandard

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Yuan(AmountField):
    """An amount typed in yuan and kept in fen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_digits=13, decimal_places=2, **options)

    def clean(self, value: Any) -> Any:
        """Return fen."""
        yuan = super().clean(value)
        return None if yuan is None else int(Decimal(yuan) * FEN)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # one class for each model below
    """A dated row of one of the supervisor's regions."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        region.queryset, region.required = supervised(by), True
        self.fields["valid_from"].widget = DAY


def supervised(user: User) -> Any:
    """Return the divisions that the user's units cover as supervisor."""
    units = user.memberships.filter(role=Role.SUPERVISOR).values_list("organisation__region_id", flat=True)
    found = Region.objects.none()
    for unit in set(units):
        found = found | Region.objects.filter(code__startswith=prefix(unit)).current()
    return found.order_by("code")


class StandardForm(RuleForm):
    """The living allowance and its multiples."""

    monthly_fen = Yuan(label=_("Monthly standard (yuan)"))

    class Meta:
        model = LocalStandard
        fields = (
            "region",
            "valid_from",
            "monthly_fen",
            "relief_months",
            "hard_case_months",
            "expense_permille",
            "source",
        )

    def clean(self) -> dict[str, Any]:
        """Hard cases get no less."""
        data = super().clean() or {}
        if (data.get("hard_case_months") or 0) < (data.get("relief_months") or 0):
            self.add_error("hard_case_months", _("Hard cases get no less than ordinary ones."))
        return data


class ClockForm(RuleForm):
    """A time limit."""

    class Meta:
        model = ClockRule
        fields = (
            "region",
            "valid_from",
            "step",
            "tier",
            "amount",
            "unit",
            "remind_before",
            "escalate_every",
            "source",
        )

    def clean(self) -> dict[str, Any]:
        """A reminder comes within the limit; every limit gives time."""
        data = super().clean() or {}
        amount, before = data.get("amount"), data.get("remind_before")
        if amount is not None and not amount:
            self.add_error("amount", _("A limit gives some time."))
        if amount and before is not None and before >= amount:
            self.add_error("remind_before", _("The reminder must come within the limit."))
        if data.get("escalate_every") == 0:
            self.add_error("escalate_every", _("A limit gives some time."))
        return data


class ApprovalForm(RuleForm):
    """Which level verifies up to which amount."""

    up_to_fen = Yuan(label=_("Up to (yuan); empty: any amount"), required=False)

    class Meta:
        model = ApprovalRule
        fields = (
            "region",
            "valid_from",
            "tier",
            "level",
            "up_to_fen",
            "source",
        )


class IntegrityForm(RuleForm):
    """What dishonesty leads to."""

    class Meta:
        model = IntegrityRule
        fields = (
            "region",
            "valid_from",
            "kind",
            "effect",
            "months",
            "source",
        )


class DutyForm(RuleForm):
    """Who owns new cases."""

    class Meta:
        model = Duty
        fields = (
            "region",
            "valid_from",
            "user",
            "source",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        people = User.objects.none()
        roles = [Role.CASE_OFFICER, Role.SUPERVISOR]
        for region in supervised(self.by).values_list("code", flat=True):
            people = people | people_of(region, roles)
        field.queryset = people


class HoursForm(RuleForm):
    """Office hours."""

    class Meta:
        model = OfficeHours
        fields = (
            "region",
            "valid_from",
            "morning_from",
            "morning_to",
            "afternoon_from",
            "afternoon_to",
            "source",
        )

    def clean(self) -> dict[str, Any]:
        """The four times follow each other."""
        data = super().clean() or {}
        names = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
        times = [data.get(name) for name in names]
        if None not in times and times != sorted({one for one in times if one is not None}):
            raise forms.ValidationError(_("The four times must follow each other."))
        return data


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]  # its model stands below
    """A day of the State Council's notice."""

    class Meta:
        model = CalendarDay
        fields = (
            "day",
            "is_working",
            "source",
        )
        widgets: ClassVar = {"day": DAY}

    def validate_unique(self) -> None:
        """A day that was settled before is settled anew."""


KINDS: dict[str, tuple[Any, type[RuleForm], type[DatedRow]]] = {
    "standards": (_("Living allowance"), StandardForm, LocalStandard),
    "clocks": (_("Time limits"), ClockForm, ClockRule),
    "approvals": (_("Approval levels"), ApprovalForm, ApprovalRule),
    "duties": (_("Who owns new cases"), DutyForm, Duty),
    "integrity": (_("Integrity rules"), IntegrityForm, IntegrityRule),
    "hours": (_("Office hours"), HoursForm, OfficeHours),
}
