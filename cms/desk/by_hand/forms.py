"""What is typed in of one case. Its texts go to intake as they are: the rules of the file judge them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.desk.discovery.forms import counties_of
from jiujinan.accounts.models import User
from jiujinan.codes import (
    CATEGORY_KINDS,
    CAUSE_LABELS,
    DISCOVERY_CHANNEL_LABELS,
    GROUP_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    RELIEF_CIRCLE_LABELS,
    SENSITIVE_KIND_LABELS,
    SOURCE_LABELS,
    TIER_LABELS,
)
from jiujinan.tabular.schema import Sheet
from needs.intake.by_hand import Wrong
from needs.intake.schema import CASES, ITEMS, MEMBERS
from needs.labels import lazy_choices
from needs.models.case_record import CHECK_LABELS

MOST_ROWS = 20
SEX_LABELS = {"1": _("Male"), "2": _("Female"), "9": _("Not stated")}
RELATION_LABELS = {
    "10": _("Spouse"),
    "20": _("Son"),
    "30": _("Daughter"),
    "40": _("Grandchild"),
    "50": _("Parent or parent-in-law"),
    "60": _("Grandparent"),
    "70": _("Brother or sister"),
    "97": _("Other relative"),
    "99": _("No relative"),
}
GOVERNMENT_LABELS = {
    "not_applied": _("Not applied for"),
    "in_progress": _("Being decided"),
    "granted": _("Granted"),
    "refused": _("Not entitled"),
}
_NOT_CHOSEN = [("", _("Please choose"))]


def _words(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **options)


def _figure(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **options)


def _day(label: Any, **options: Any) -> forms.CharField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.CharField(label=label, required=False, widget=widget, **options)


def _choice(label: Any, labels: Any, *, none: Any = _NOT_CHOSEN, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[*none, *labels], **options)


def _several(label: Any, labels: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=labels, widget=forms.CheckboxSelectMultiple
    )


def _categories() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the categories under the kind that each belongs to."""
    labels = dict(lazy_choices(ITEM_CATEGORY_LABELS))
    kinds = dict(lazy_choices(ITEM_KIND_LABELS))
    return [
        (kinds[kind], [(c.value, labels[c.value]) for c, of in CATEGORY_KINDS.items() if of.value == kind])
        for kind in kinds
    ]


class SheetForm(forms.Form):
    """The fields of one row of a sheet; `sheet` says which of them a row needs."""

    sheet: Sheet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = {column.name for column in self.sheet.columns if column.required and column.name != "number"}
        for name, field in self.fields.items():
            field.needed = name in needed  # type: ignore[attr-defined]  # read by the template

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed, by column."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def tell(self, errors: Iterable[Wrong]) -> None:
        """Put what intake found beside the fields."""
        for error in errors:
            words = error.message_en if (get_language() or "").startswith("en") else error.message
            self.add_error(error.column if error.column in self.fields else None, words)


class TypedCaseForm(SheetForm):
    """The case and its household's head."""

    sheet = CASES
    GROUPS = (
        (_("Where it comes from"), ("number", "source", "channel", "region", "applied_on")),
        (_("What happened"), ("cause", "tier", "government_status", "economic_check", "sensitive_kind")),
        (_("Head of household"), ("name", "id_number", "phone", "address", "account", "groups")),
        (
            _("Means of the household"),
            ("size", "monthly_income_fen", "medical_expense_fen", "schooling_expense_fen", "other_expense_fen",
             "circle"),
        ),
        (_("Consent"), ("consent_on",)),
    )  # fmt: skip

    number = _words(_("Case number"), help_text=_("Leave it empty and the case is given one."))
    source = _choice(_("Source"), lazy_choices(SOURCE_LABELS), none=(), initial="civil_affairs")
    channel = _choice(
        _("Discovery channel"), lazy_choices(DISCOVERY_CHANNEL_LABELS), none=(), initial="application"
    )
    region = _choice(_("County"), ())
    applied_on = _day(_("Applied or found on"))
    cause = _choice(_("Cause"), lazy_choices(CAUSE_LABELS))
    tier = _choice(_("Urgency"), lazy_choices(TIER_LABELS))
    government_status = _choice(
        _("Government relief"), list(GOVERNMENT_LABELS.items()), none=(), initial="not_applied"
    )
    economic_check = _choice(
        _("Economic status check"), list(CHECK_LABELS.items()), none=(), initial="pending"
    )
    sensitive_kind = _choice(
        _("Sensitive kind"),
        lazy_choices(SENSITIVE_KIND_LABELS),
        none=[("", _("None"))],
        help_text=_("Such a case is never published by itself."),
    )
    name = _words(_("Name"))
    id_number = _words(_("ID number"), help_text=_("18 characters."))
    phone = _words(_("Telephone"))
    address = _words(_("Address"))
    account = _words(_("Bank account"))
    groups = _several(_("Groups"), lazy_choices(GROUP_LABELS))
    size = _figure(_("People of the household"), help_text=_("With the head."))
    monthly_income_fen = _figure(_("Monthly income (yuan)"))
    medical_expense_fen = _figure(_("Medical expenses, 12 months (yuan)"))
    schooling_expense_fen = _figure(_("Schooling expenses, 12 months (yuan)"))
    other_expense_fen = _figure(_("Other unavoidable expenses, 12 months (yuan)"))
    circle = _choice(
        _("Relief circle"),
        lazy_choices(RELIEF_CIRCLE_LABELS),
        none=[("", _("Not established: let the means decide"))],
    )
    consent_on = _day(
        _("Consent to anonymous publication given on"),
        help_text=_("Only where the person or a guardian has signed; otherwise leave it empty."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = counties_of(user)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = counties if len(counties) == 1 else [*_NOT_CHOSEN, *counties]
        self.fields["applied_on"].initial = timezone.localdate().isoformat()

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]


class ItemForm(SheetForm):
    """One thing lacking."""

    sheet = ITEMS
    item_category = _choice(_("What is needed"), _categories())
    item_required = _figure(
        _("How much"), help_text=_("Money in yuan; goods in pieces; services in sessions.")
    )
    item_government = _figure(_("Covered by government"))
    item_insurance = _figure(_("Covered by insurance"))
    item_note = _words(_("Note"), help_text=_("Never published; write no name and no number of a person."))


class MemberForm(SheetForm):
    """One further member of the household."""

    sheet = MEMBERS
    name = _words(_("Name"))
    relation = _choice(_("Relation to the head"), list(RELATION_LABELS.items()))
    id_number = _words(_("ID number"), help_text=_("Without one, fill in the birth date."))
    born_on = _day(_("Birth date"))
    sex = _choice(_("Sex"), list(SEX_LABELS.items()))
    groups = _several(_("Groups"), lazy_choices(GROUP_LABELS))


_Items = forms.formset_factory(ItemForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
_Members = forms.formset_factory(MemberForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class TypedForms:
    """The three sheets of one case as forms; rows that were left blank are passed over."""

    def __init__(self, *, user: User, data: Any = None) -> None:
        self.case = TypedCaseForm(data, user=user)
        self.items = _Items(data, prefix="items")
        self.members = _Members(data, prefix="members")

    @property
    def sheets(self) -> Mapping[str, list[SheetForm]]:
        """Return the rows that say something, by sheet."""
        return {
            CASES.name: [self.case],
            ITEMS.name: [form for form in self.items if form.has_changed()],
            MEMBERS.name: [form for form in self.members if form.has_changed()],
        }

    def are_readable(self) -> bool:
        """Return whether every choice is one that was offered; what intake thinks of the rest comes after."""
        return all([self.case.is_valid(), self.items.is_valid(), self.members.is_valid()])

    @property
    def typed(self) -> dict[str, Any]:
        """Return the case as intake takes it."""
        sheets = self.sheets
        return {
            **self.case.typed,
            "items": [form.typed for form in sheets[ITEMS.name]],
            "members": [form.typed for form in sheets[MEMBERS.name]],
        }

    def tell(self, errors: Iterable[Wrong]) -> None:
        """Put every error beside its field."""
        sheets = self.sheets
        for error in errors:
            rows = sheets[error.sheet]
            (rows[error.place] if error.place < len(rows) else self.case).tell([error])

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Return what is to be mended: the field's address on the page, its label, the words."""
        found = []
        for forms_of_sheet in self.sheets.values():
            for form in forms_of_sheet:
                for name, errors in form.errors.items():
                    field = form[name] if name in form.fields else None
                    place = (field.id_for_label or field.auto_id) if field else ""
                    found += [(place, str(field.label) if field else "", str(words)) for words in errors]
        return found
