"""What the desk fills in for the longer acts on a case. Amounts are typed in yuan and kept in fen."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.amounts import AmountField
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.clocks.queries import lineage
from jiujinan.codes import GROUP_LABELS, RELIEF_CIRCLE_LABELS, TIER_LABELS
from needs.labels import lazy_choices
from needs.models import CaseRecord, IntegrityFlag, ItemReturn, NeedItem, Person
from needs.models.case_record import CHECK_LABELS
from needs.models.local_rules import FLAG_LABELS
from needs.models.verification import (
    APPEAL_OUTCOME_LABELS,
    CHECK_SCOPE_LABELS,
    CONSENT_LABELS,
    DECISION_LABELS,
    GIVER_LABELS,
)

FEN = 100
LONGEST = 300
_CASE_WORKERS = [Role.CASE_OFFICER, Role.SUPERVISOR]


def people_of(region: str, roles: list[Role]) -> QuerySet[User]:
    """Return the active people who hold one of the roles in a unit that covers the region."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__role__in=roles,
            memberships__organisation__region__in=lineage(region),
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def day_field(label: Any, *, past: bool = True) -> forms.DateField:
    """Return a field for a day, today at first; `past` days may not lie ahead."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    field = forms.DateField(label=label, initial=timezone.localdate, widget=widget)
    if past:
        field.validators.append(not_ahead)
    return field


def not_ahead(day: Any) -> None:
    """Refuse a day that has not come yet."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("This day lies in the future."))


def words_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for a sentence or two."""
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **options
    )


def yuan_field(label: Any, fen: int) -> AmountField:
    """Return a field for an amount in yuan."""
    return AmountField(label=label, min_value=0, max_digits=12, decimal_places=2, initial=Decimal(fen) / FEN)


class CaseForm(forms.Form):
    """A form about one case; its fields may look at the case."""

    def __init__(self, *args: Any, case: CaseRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the case."""

    def choices(self, name: str) -> Any:
        """Return a field that chooses a row."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field


class WithReason(CaseForm):
    """A form that ends with its reason."""

    reason = words_field(_("Reason"))

    field_order_last = "reason"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])


class ReassignForm(WithReason):
    """Who owns the case from now on."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("New person in charge"))

    def prepare(self) -> None:
        """Offer the officers and supervisors of the region."""
        people = people_of(self.case.region_id, _CASE_WORKERS).exclude(pk=self.case.owner_id)
        self.choices("to").queryset = people


class QuestionsForm(WithReason):
    """What is missing, item by item; only what is filled in is asked."""

    def prepare(self) -> None:
        """Make one field for each item."""
        for item in self.case.need.items.all():
            self.fields[f"item-{item.pk}"] = words_field(
                _("%(item)s: what is missing") % {"item": item.get_category_display()}, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Require at least one question."""
        data = super().clean() or {}
        if not self.questions(data):
            raise forms.ValidationError(_("Say of at least one item what is missing."))
        return data

    def questions(self, data: dict[str, Any]) -> dict[UUID, str]:
        """Return what was asked, by item."""
        asked = {name: text for name, text in data.items() if name.startswith("item-") and text}
        return {UUID(name.removeprefix("item-")): text for name, text in asked.items()}


class AnswerForm(CaseForm):
    """The answer to one question about an item."""

    question = forms.ModelChoiceField(ItemReturn.objects.none(), label=_("Question"), empty_label=None)
    text = words_field(_("Answer"))

    def prepare(self) -> None:
        """Offer what is still open."""
        field = self.choices("question")
        field.queryset = self.case.item_returns.filter(answered_at=None)
        field.label_from_instance = lambda asked: f"{asked.get_category_display()}: {asked.question}"


class AppealForm(CaseForm):
    """Somebody refused asks again."""

    grounds = words_field(_("Grounds"))
    filed_on = day_field(_("Filed on"))


class AppealDecisionForm(WithReason):
    """How an appeal ends."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=APPEAL_OUTCOME_LABELS, widget=forms.RadioSelect)


class ConferenceForm(WithReason):
    """Who met and what was decided."""

    held_on = day_field(_("Held on"))
    participants = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Participants"), widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(label=_("Other units"), max_length=200, required=False)
    decision = forms.ChoiceField(label=_("Decision"), choices=DECISION_LABELS, widget=forms.RadioSelect)
    minutes = forms.CharField(
        label=_("Minutes (sealed)"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def prepare(self) -> None:
        """Offer the people of the region's desks."""
        roles = [Role.CASE_OFFICER, Role.VERIFIER, Role.SUPERVISOR]
        self.choices("participants").queryset = people_of(self.case.region_id, roles)


class CheckForm(CaseForm):
    """The result of a check of the household's means."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(code, label) for code, label in CHECK_LABELS.items() if code != "pending"],
        widget=forms.RadioSelect,
    )
    scope = forms.MultipleChoiceField(
        label=_("What was checked"),
        choices=CHECK_SCOPE_LABELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    checked_on = day_field(_("Checked on"))
    authority = forms.CharField(label=_("Checked by (unit)"), max_length=120)
    reference = forms.CharField(label=_("Report number"), max_length=60, required=False)


class ConsentForm(CaseForm):
    """A separate consent."""

    kind = forms.ChoiceField(label=_("Consent to"), choices=CONSENT_LABELS)
    scope = forms.CharField(label=_("Scope"), max_length=200, required=False)
    given_by = forms.ChoiceField(label=_("Given by"), choices=GIVER_LABELS)
    given_on = day_field(_("Given on"))


class WithdrawalForm(WithReason):
    """A consent taken back."""

    kind = forms.ChoiceField(label=_("Consent to"), choices=CONSENT_LABELS)
    withdrawn_on = day_field(_("Withdrawn on"))


class FlagForm(CaseForm):
    """Dishonesty, on evidence."""

    kind = forms.ChoiceField(label=_("Kind"), choices=FLAG_LABELS)
    decision_number = forms.CharField(label=_("Number of the decision"), max_length=60)
    evidence = forms.CharField(
        label=_("Evidence (sealed)"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class EndFlagForm(WithReason):
    """A flag that ends before its time."""

    flag = forms.ModelChoiceField(IntegrityFlag.objects.none(), label=_("Flag"), empty_label=None)

    def prepare(self) -> None:
        """Offer the flags that stand."""
        field = self.choices("flag")
        field.queryset = IntegrityFlag.objects.filter(household=self.case.household_id, ended_at=None)
        field.label_from_instance = lambda flag: f"{flag.get_kind_display()} · {flag.decision_number}"


class BeneficiaryForm(WithReason):
    """For whom the help is: one person of the household, or all of it."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Beneficiary"), required=False, empty_label=_("The whole household")
    )

    def prepare(self) -> None:
        """Offer the members by place and year of birth: names stay sealed."""
        field = self.choices("person")
        field.queryset = self.case.household.members.order_by("-is_head", "birth_year", "pk")
        field.label_from_instance = _member_words
        field.initial = self.case.beneficiary_id


def _member_words(person: Any) -> str:
    place = _("Head of household") if person.is_head else _("Member")
    return f"{place} · {person.birth_year or '—'}"


class CircleForm(WithReason):
    """The circle that the government established."""

    circle = forms.ChoiceField(
        label=_("Relief circle"),
        required=False,
        choices=[("", _("Not established: let the means decide")), *lazy_choices(RELIEF_CIRCLE_LABELS)],
    )

    def prepare(self) -> None:
        """Begin with what stands."""
        self.fields["circle"].initial = self.case.household.declared_circle


class TierForm(WithReason):
    """Another urgency."""

    tier = forms.ChoiceField(label=_("Urgency"), choices=lazy_choices(TIER_LABELS))

    def prepare(self) -> None:
        """Begin with what stands."""
        self.fields["tier"].initial = self.case.tier


class GroupsForm(WithReason):
    """To which groups the household belongs."""

    groups = forms.MultipleChoiceField(
        label=_("Groups"),
        choices=lazy_choices(GROUP_LABELS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        """Begin with what stands."""
        self.fields["groups"].initial = self.case.groups


class LanguagesForm(WithReason):
    """Which languages the household speaks."""

    languages = forms.CharField(
        label=_("Languages of the household, one after the other"),
        max_length=120,
        required=False,
        help_text=_("Referrals go to agencies that speak one of them. Leave it empty where any will do."),
    )

    def prepare(self) -> None:
        """Begin with what stands."""
        self.fields["languages"].initial = "、".join(self.case.languages)

    def words(self) -> list[str]:
        """Return the languages, however they were set apart."""
        return re.findall(r"\w+", self.cleaned_data["languages"])


class PackageForm(WithReason):
    """Which items make sense only together."""

    items = forms.ModelMultipleChoiceField(
        NeedItem.objects.none(),
        label=_("Items that make sense only together"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are matched whole or not at all. Choose none to let each stand alone."),
    )

    def prepare(self) -> None:
        """Offer the case's items, those that are tied now marked."""
        field = self.choices("items")
        field.queryset = NeedItem.objects.filter(need__case=self.case)
        field.label_from_instance = lambda item: str(item.get_category_display())
        field.initial = [item.pk for item in field.queryset if item.package]


class MeansForm(WithReason):
    """What the household has and must spend."""

    size = forms.IntegerField(label=_("People of the household"), min_value=1, max_value=50)

    def prepare(self) -> None:
        """Begin with what stands."""
        home = self.case.household
        self.fields["size"].initial = home.size
        for name, label in (
            ("monthly_income_fen", _("Monthly income (yuan)")),
            ("medical_expense_fen", _("Medical expenses, 12 months (yuan)")),
            ("schooling_expense_fen", _("Schooling expenses, 12 months (yuan)")),
            ("other_expense_fen", _("Other unavoidable expenses, 12 months (yuan)")),
        ):
            self.fields[name] = yuan_field(label, getattr(home, name))

    def figures(self) -> dict[str, int]:
        """Return the figures in fen, and the size in people."""
        data = self.cleaned_data
        money = {name: int(value * FEN) for name, value in data.items() if name.endswith("_fen")}
        return {"size": data["size"], **money}


class ItemForm(WithReason):
    """Other amounts of one item, in its own unit (yuan for money)."""

    item = forms.ModelChoiceField(NeedItem.objects.none(), label=_("Item"), empty_label=None)
    required = AmountField(label=_("Required"), min_value=0, max_digits=12, decimal_places=2)
    government = AmountField(
        label=_("Covered by government"), min_value=0, max_digits=12, decimal_places=2, initial=0
    )
    insurance = AmountField(
        label=_("Covered by insurance"), min_value=0, max_digits=12, decimal_places=2, initial=0
    )

    def prepare(self) -> None:
        """Offer the case's items, with what stands."""
        field = self.choices("item")
        field.queryset = self.case.need.items.all()
        field.label_from_instance = lambda item: f"{item.get_category_display()} · {item.get_unit_display()}"
        first = self.case.need.items.first()
        if first is not None:
            scale = FEN if first.unit == "fen" else 1
            for name in ("required", "government", "insurance"):
                self.fields[name].initial = Decimal(getattr(first, name)) / scale

    def amounts(self) -> dict[str, int]:
        """Return the amounts in the item's whole units."""
        scale = FEN if self.cleaned_data["item"].unit == "fen" else 1
        names = ("required", "government", "insurance")
        return {name: int(self.cleaned_data[name] * scale) for name in names}


class ConfirmForm(CaseForm):
    """Nothing to fill in; only to be sure."""
