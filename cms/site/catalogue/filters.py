"""What a visitor can narrow the catalogue by. Values that mean nothing are dropped, never an error page."""

from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import (
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    TIER_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
    WIDE_AMOUNT_BANDS,
)
from jiujinan.regions.rules import is_well_formed, prefix
from needs.catalogue import engine
from needs.labels import lazy_choices
from needs.models import Project, ProjectItem
from needs.models.project import ProjectQuerySet

LONGEST_SEARCH = 200


class RegionField(forms.CharField):
    """A six-digit division code; anything else counts as no region."""

    def clean(self, value: object) -> str:
        """Return the code or nothing."""
        text = str(value or "").strip()
        return text if is_well_formed(text) else ""


class RegionFilter(django_filters.CharFilter):
    """Keep what lies within a division."""

    field_class = RegionField

    def filter(self, projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
        """Filter by the digits that every code inside begins with."""
        return projects.filter(region__code__startswith=prefix(value)) if value else projects


class SearchField(forms.CharField):
    """Free text, cut where no question is longer."""

    def clean(self, value: object) -> str:
        """Return the text without control characters."""
        text = "".join(letter for letter in str(value or "") if letter.isprintable())
        return text.strip()[:LONGEST_SEARCH]


class SearchFilter(django_filters.CharFilter):
    """Chinese-capable text search."""

    field_class = SearchField

    def filter(self, projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
        """Ask the catalogue's engine."""
        return engine.search(projects, value) if value else projects


class ItemFilter(django_filters.ChoiceFilter):
    """Keep projects that have an item with this value."""

    def filter(self, projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
        """Filter by the existence of an item, so that no project appears twice."""
        if not value:
            return projects
        items = ProjectItem.objects.filter(project=OuterRef("pk"), **{str(self.field_name): value})
        return projects.filter(Exists(items))


class BandFilter(django_filters.ChoiceFilter):
    """Keep projects of a coarse amount band: those published in it and those in a finer band within."""

    def filter(self, projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
        """Filter by the band and the finer ones within."""
        finer = [band.value for band, wide in WIDE_AMOUNT_BANDS.items() if wide == value]
        return projects.filter(amount_band__in=[value, *finer]) if value else projects


class ProjectFilter(django_filters.FilterSet):
    """The filters of the list page; each is one parameter of the address."""

    q = SearchFilter(
        label=_("Search"),
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "maxlength": LONGEST_SEARCH,
                "autocomplete": "off",
                "placeholder": _("Illness, schooling, a county …"),
            }
        ),
    )
    region = RegionFilter(label=_("Region"), widget=forms.HiddenInput)
    tier = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=lazy_choices(TIER_LABELS), empty_label=_("All")
    )
    kind = ItemFilter(
        label=_("Kind of help"),
        field_name="kind",
        choices=lazy_choices(ITEM_KIND_LABELS),
        empty_label=_("All"),
    )
    category = ItemFilter(
        label=_("What is needed"),
        field_name="category",
        choices=lazy_choices(ITEM_CATEGORY_LABELS),
        empty_label=_("All"),
    )
    amount = BandFilter(
        label=_("Amount"), choices=lazy_choices(WIDE_AMOUNT_BAND_LABELS), empty_label=_("All")
    )

    class Meta:
        model = Project
        fields: ClassVar = ["q", "region", "tier", "kind", "category", "amount"]


def chosen(filters: ProjectFilter) -> dict[str, str]:
    """Return the filters that are in force: name and value; values that mean nothing are left out."""
    cleaned: dict[str, str] = filters.form.cleaned_data if filters.form.is_bound else {}
    return {name: value for name, value in cleaned.items() if value}
