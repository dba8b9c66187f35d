"""What cases are ranked and narrowed by."""

from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import places
from cms.desk.queries import cases_for
from jiujinan.accounts.models import User
from jiujinan.codes import (
    CAUSE_LABELS,
    DISCOVERY_CHANNEL_LABELS,
    GROUP_LABELS,
    ITEM_CATEGORY_LABELS,
    RELIEF_CIRCLE_LABELS,
    SOURCE_LABELS,
    TIER_LABELS,
    ItemKind,
)
from jiujinan.regions.models import Region
from jiujinan.regions.rules import prefix
from needs.labels import lazy_choices
from needs.models import CaseRecord, NeedItem
from needs.models.case_record import CASE_STATE_LABELS
from needs.models.need import NEED_STATE_LABELS

ALL = _("All")
ORDERS = {
    "score": _("Difficulty score"),
    "waiting": _("Waiting longest"),
    "due": _("Answer due"),
    "gap": _("Cash still lacking"),
    "tier": _("Urgency"),
    "circle": _("Relief circle"),
    "region": _("Region"),
    "number": _("Case number"),
}
_COLUMNS: dict[str, list[Any]] = {
    "score": [F("need__score").desc(nulls_last=True)],
    "waiting": ["applied_on"],
    "due": [F("due_at").asc(nulls_last=True)],
    "gap": [F("cash_gap").desc(nulls_last=True)],
    "tier": ["tier_rank"],
    "circle": ["circle_rank"],
    "region": ["region_id"],
    "number": ["number"],
}


def ranked_cases(user: User) -> QuerySet[CaseRecord]:
    """Return the cases of the user's regions with the cash that each still lacks, and ranks of tier and circle."""
    lacking = (
        NeedItem.objects.filter(need__case=OuterRef("pk"), kind=ItemKind.CASH)
        .order_by()
        .values("need__case")
        .annotate(total=Sum("gap"))
        .values("total")
    )
    return cases_for(user).annotate(
        cash_gap=Coalesce(Subquery(lacking), 0),
        tier_rank=Case(
            *(When(tier=code, then=Value(rank)) for rank, code in enumerate(TIER_LABELS)),
            default=Value(9),
            output_field=IntegerField(),
        ),
        circle_rank=Case(
            *(
                When(household__circle=code, then=Value(rank))
                for rank, code in enumerate(RELIEF_CIRCLE_LABELS)
            ),
            default=Value(9),
            output_field=IntegerField(),
        ),
    )


class RankingFilter(django_filters.FilterSet):
    """Any attributes together; what is not filled in narrows nothing."""

    order = django_filters.ChoiceFilter(
        label=_("Rank by"), choices=list(ORDERS.items()), empty_label=None, method="keep", initial="score"
    )
    region = django_filters.ChoiceFilter(label=_("Region"), empty_label=ALL, method="keep_region")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=list(CASE_STATE_LABELS.items()), empty_label=ALL
    )
    need_state = django_filters.ChoiceFilter(
        label=_("State of the need"),
        field_name="need__state",
        choices=list(NEED_STATE_LABELS.items()),
        empty_label=ALL,
    )
    tier = django_filters.ChoiceFilter(label=_("Urgency"), choices=lazy_choices(TIER_LABELS), empty_label=ALL)
    circle = django_filters.ChoiceFilter(
        label=_("Relief circle"),
        field_name="household__circle",
        choices=lazy_choices(RELIEF_CIRCLE_LABELS),
        empty_label=ALL,
    )
    cause = django_filters.ChoiceFilter(label=_("Cause"), choices=lazy_choices(CAUSE_LABELS), empty_label=ALL)
    category = django_filters.ChoiceFilter(
        label=_("What is needed"),
        choices=lazy_choices(ITEM_CATEGORY_LABELS),
        empty_label=ALL,
        method="keep_category",
    )
    group = django_filters.ChoiceFilter(
        label=_("Group"), choices=lazy_choices(GROUP_LABELS), empty_label=ALL, method="keep_group"
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=lazy_choices(SOURCE_LABELS), empty_label=ALL
    )
    channel = django_filters.ChoiceFilter(
        label=_("Discovery channel"), choices=lazy_choices(DISCOVERY_CHANNEL_LABELS), empty_label=ALL
    )
    score_from = django_filters.NumberFilter(
        label=_("Score from"), field_name="need__score", lookup_expr="gte", min_value=0, max_value=100
    )
    waiting_from = django_filters.NumberFilter(
        label=_("Waiting for days"), method="keep_waiting", min_value=0, max_value=3650
    )

    class Meta:
        model = CaseRecord
        fields: ClassVar = ["order", "region", "state", "tier", "circle", "cause", "source", "channel"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = regions_of(user)
        order = self.data.get("order") or "score"
        self.order = order if order in ORDERS else "score"

    @property
    def ranked(self) -> QuerySet[CaseRecord]:
        """Return the narrowed cases in their order; equal ones by number."""
        self.form.is_valid()
        narrowed: QuerySet[CaseRecord] = self.qs
        return narrowed.order_by(*_COLUMNS[self.order], "number", "pk")

    def keep(self, cases: QuerySet[CaseRecord], name: str, value: str) -> QuerySet[CaseRecord]:
        """Keep all: the order is no condition."""
        return cases

    def keep_region(self, cases: QuerySet[CaseRecord], name: str, value: str) -> QuerySet[CaseRecord]:
        """Keep the division and what lies inside it; the list is the user's own already."""
        return cases.filter(region__code__startswith=prefix(value))

    def keep_category(self, cases: QuerySet[CaseRecord], name: str, value: str) -> QuerySet[CaseRecord]:
        """Keep the cases that still lack this."""
        lacking = NeedItem.objects.filter(category=value, gap__gt=0)
        return cases.filter(need__in=lacking.values("need"))

    def keep_group(self, cases: QuerySet[CaseRecord], name: str, value: str) -> QuerySet[CaseRecord]:
        """Keep the households of the group; the list of codes is read as text, which both databases can."""
        return cases.annotate(groups_text=Cast("groups", CharField())).filter(
            groups_text__contains=f'"{value}"'
        )

    def keep_waiting(self, cases: QuerySet[CaseRecord], name: str, value: Any) -> QuerySet[CaseRecord]:
        """Keep those who applied or were found so many days ago or earlier."""
        return cases.filter(applied_on__lte=timezone.localdate() - timedelta(days=int(value)))


def regions_of(user: User) -> list[tuple[str, str]]:
    """Return the divisions that the user's units cover, for choosing."""
    units = set(user.memberships.values_list("organisation__region_id", flat=True))
    within = Q(pk__in=[])
    for unit in units:
        within |= Q(code__startswith=prefix(unit))
    found = Region.objects.filter(within).current().order_by("code")
    return [(one.code, f"{one.code} {places.text(one)}") for one in found]
