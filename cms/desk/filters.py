"""What the desk narrows its list by."""

from datetime import datetime
from typing import ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import CAUSE_LABELS, TIER_LABELS
from needs.labels import lazy_choices
from needs.models import CaseRecord
from needs.models.case_record import CASE_STATE_LABELS
from needs.states import WAITING_CASES


class CaseFilter(django_filters.FilterSet):
    """Number, state, tier, cause, and what is overdue."""

    number = django_filters.CharFilter(label=_("Case number"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=list(CASE_STATE_LABELS.items()), empty_label=_("All")
    )
    tier = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=lazy_choices(TIER_LABELS), empty_label=_("All")
    )
    cause = django_filters.ChoiceFilter(
        label=_("Cause"), choices=lazy_choices(CAUSE_LABELS), empty_label=_("All")
    )
    overdue = django_filters.BooleanFilter(
        label=_("Overdue only"), method="keep_overdue", widget=forms.CheckboxInput
    )

    class Meta:
        model = CaseRecord
        fields: ClassVar = ["number", "state", "tier", "cause", "overdue"]

    def keep_overdue(self, cases: QuerySet[CaseRecord], name: str, value: bool) -> QuerySet[CaseRecord]:
        """Keep what should have been answered by now."""
        return overdue(cases, timezone.now()) if value else cases


def overdue(cases: QuerySet[CaseRecord], now: datetime) -> QuerySet[CaseRecord]:
    """Keep the cases that wait past their deadline."""
    return cases.filter(state__in=WAITING_CASES, due_at__lt=now)
