"""The projection: every public column has an origin that was measured, is random, a month, or a share in tens."""

from datetime import date

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujinan.codes import AgeBand, AmountBand, Cause, Group, ItemCategory, Tier
from needs.anonymise.lattice import HIGHEST, Levels, Subject, generalise, lattice
from needs.guards.rules import CONTENT, ITEM_CONTENT
from needs.models import ProgressUpdate, Project, ProjectItem
from needs.services.showing import URGENCY_NOT_SAID, _say
from tests.town import COUNTY, NEXT_COUNTY, Town

MEASURED, RANDOM, MONTH, TENS, OURS = "measured", "random", "month", "tens of percent", "bookkeeping"
NEVER_FILLED = "empty: a band serves"
ORIGIN: dict[type[Model], dict[str, str]] = {
    Project: {
        "number": RANDOM,
        "state": OURS,
        "region_id": MEASURED,
        "cause": MEASURED,
        "cause_group": MEASURED,
        "tier": MEASURED,
        "urgency": MEASURED,
        "amount_band": MEASURED,
        "title_zh": MEASURED,
        "title_en": MEASURED,
        "description_zh": MEASURED,
        "description_en": MEASURED,
        "published_month": MONTH,
        "updated_month": MONTH,
        "covered_percent": TENS,
        "fulfilled_percent": TENS,
        "content_hash": OURS,
    },
    ProjectItem: {
        "id": OURS,
        "project_id": RANDOM,
        "place": MEASURED,
        "kind": MEASURED,
        "category": MEASURED,
        "amount_band": NEVER_FILLED,
        "quantity": NEVER_FILLED,
        "covered_percent": TENS,
        "fulfilled_percent": TENS,
    },
    ProgressUpdate: {
        "id": OURS,
        "project_id": RANDOM,
        "kind": OURS,
        "category": MEASURED,
        "month": MONTH,
        "seq": OURS,
    },
}


@pytest.mark.parametrize("model", list(ORIGIN))
def test_no_column_is_public_without_an_origin(model: type[Model]) -> None:
    assert {field.attname for field in model._meta.concrete_fields} == set(ORIGIN[model])


def test_the_hash_covers_everything_that_is_measured() -> None:
    measured = {name for name, origin in ORIGIN[Project].items() if origin in {MEASURED, RANDOM}}
    assert measured | {"published_month"} == set(CONTENT)
    assert set(ITEM_CONTENT) == set(ORIGIN[ProjectItem]) - {
        "id",
        "project_id",
        "covered_percent",
        "fulfilled_percent",
    }


SUBJECTS = st.builds(
    Subject,
    county=st.sampled_from([COUNTY, NEXT_COUNTY]),
    cause=st.sampled_from(Cause),
    month=st.just(24_318),
    age_band=st.sampled_from([band for band in AgeBand if band not in {"0_13", "14_17"}]),
    trait=st.none() | st.sampled_from(Group),
    amount_band=st.none() | st.sampled_from(AmountBand),
    categories=st.frozensets(st.sampled_from(ItemCategory), min_size=1, max_size=3),
    tier=st.sampled_from(Tier),
)


def told(subject: Subject, levels: Levels) -> dict[str, object]:
    project = Project(number="TEST2345", published_month=date(2026, 7, 1), updated_month=date(2026, 7, 1))
    _say(project, generalise(subject, levels))
    return {field.attname: getattr(project, field.attname) for field in Project._meta.concrete_fields}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=SUBJECTS, other=SUBJECTS, levels=st.sampled_from(lattice()))
def test_two_people_of_one_class_have_the_same_page(
    town: Town, one: Subject, other: Subject, levels: Levels
) -> None:
    alike = generalise(one, levels) == generalise(other, levels)
    assert not alike or told(one, levels) == told(other, levels)


@given(tier=st.sampled_from(Tier))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_tier_that_is_not_told_shows_in_no_order_either(town: Town, tier: Tier) -> None:
    page = told(Subject(COUNTY, Cause.ILLNESS, 24_318, tier=tier), HIGHEST)
    assert (page["tier"], page["urgency"]) == ("", URGENCY_NOT_SAID)
