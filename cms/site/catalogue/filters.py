"""What a visitor can narrow the catalogue by. Values that mean nothing are dropped, never an error page."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiujinan.accounts.roles import OrganisationKind
from jiujinan.codes import (
    CAUSE_GROUP_LABELS,
    CAUSE_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    TIER_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
)
from jiujinan.regions.rules import is_well_formed
from needs.catalogue.question import LONGEST_TEXT, PAGE_SIZE, Question, Sort, TimeLeft
from needs.labels import lazy_choices
from needs.models import Project

FORCE_LABELS = {
    OrganisationKind.CHARITY: _("A charity"),
    OrganisationKind.ENTERPRISE: _("An enterprise"),
    OrganisationKind.SOCIAL_WORK_AGENCY: _("A social work agency"),
    OrganisationKind.GOODS_STATION: _("A goods station"),
    OrganisationKind.PARTNER: _("A paired-assistance partner"),
}
LEFT_LABELS = {
    TimeLeft.OVER: _("Past the hoped-for month"),
    TimeLeft.THIS_MONTH: _("Until the end of this month"),
    TimeLeft.NEXT_MONTH: _("Until the end of next month"),
    TimeLeft.LATER: _("Longer"),
}
SORT_LABELS = {
    Sort.BEST: _("Best match"),
    Sort.URGENT: _("Most urgent"),
    Sort.SOON: _("Least time left"),
    Sort.NEW: _("Newest"),
    Sort.GAP: _("Least covered"),
    Sort.CLOSE: _("Nearly covered"),
}


class RegionField(forms.CharField):
    """A six-digit division code; anything else counts as no region."""

    def clean(self, value: object) -> str:
        """Return the code or nothing."""
        text = str(value or "").strip()
        return text if is_well_formed(text) else ""


class RegionFilter(django_filters.CharFilter):
    """Keep what lies within a division."""

    field_class = RegionField


class SearchField(forms.CharField):
    """Free text, cut where no question is longer."""

    def clean(self, value: object) -> str:
        """Return the text without control characters."""
        return plain_text(str(value or ""))


class SearchFilter(django_filters.CharFilter):
    """Chinese-capable text search."""

    field_class = SearchField


def plain_text(text: str) -> str:
    """Return what was typed without control characters, cut where no question is longer."""
    shown = "".join(letter for letter in text[: LONGEST_TEXT * 4] if letter.isprintable())
    return shown.strip()[:LONGEST_TEXT]


def _choice(label: Any, labels: list[tuple[Any, Any]]) -> django_filters.ChoiceFilter:
    """Return the filter of a code list; the list is handed over by a function, or every request would copy it."""
    return django_filters.ChoiceFilter(label=label, choices=lambda: labels, empty_label=_("All"))


class ProjectFilter(django_filters.FilterSet):
    """The filters of the list page; each is one parameter of the address. The engine answers them together."""

    q = SearchFilter(label=_("Search"))  # drawn by components/search_field.html
    region = RegionFilter(label=_("Region"), widget=forms.HiddenInput)
    tier = _choice(_("Urgency"), lazy_choices(TIER_LABELS))
    kind = _choice(_("Kind of help"), lazy_choices(ITEM_KIND_LABELS))
    category = _choice(_("What is needed"), lazy_choices(ITEM_CATEGORY_LABELS))
    cause = _choice(_("Cause"), [*lazy_choices(CAUSE_LABELS), *lazy_choices(CAUSE_GROUP_LABELS)])
    amount = _choice(_("Amount"), lazy_choices(WIDE_AMOUNT_BAND_LABELS))
    force = _choice(_("You are"), [(code.value, label) for code, label in FORCE_LABELS.items()])
    left = _choice(_("Time left"), [(code.value, label) for code, label in LEFT_LABELS.items()])

    class Meta:
        model = Project
        fields: ClassVar = ["q", "region", "tier", "kind", "category", "cause", "amount", "force", "left"]


def chosen(filters: ProjectFilter) -> dict[str, str]:
    """Return the filters that are in force: name and value; values that mean nothing are left out."""
    filters.form.is_valid()  # what is not valid is simply no filter
    cleaned: dict[str, str] = filters.form.cleaned_data if filters.form.is_bound else {}
    return {name: value for name, value in cleaned.items() if value}


def question_of(
    in_force: dict[str, str], given: QueryDict, *, today: date, size: int = PAGE_SIZE
) -> Question:
    """Return the question that an address asks; a sort or cursor that is none counts as not given."""
    asked = {("text" if name == "q" else name): value for name, value in in_force.items()}
    sort = given.get("sort", "")
    before = given.get("before", "")
    return Question(
        today=today,
        sort=Sort(sort) if sort in set(Sort) else None,
        cursor=before or given.get("after", ""),
        backwards=bool(before),
        size=size,
        **asked,
    )
