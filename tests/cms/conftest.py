"""Fixtures of the cms tests: compiled messages, the site's pages, published projects, people who are signed in."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone, translation

from cms.site.models import HomePage
from cms.site.services import build_site
from jiujinan.accounts.models import User
from matching.engine import Rule
from matching.models import MatchRun, Proposal
from needs.models import NeedItem, Project
from tests.projects import shown_project
from tests.town import COUNTY, Town

_places = itertools.count(1)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Begin and end in the site's first language, with an empty cache."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def seen() -> Iterator[set[str]]:
    """Collect the names of all templates that are drawn."""
    names: set[str] = set()

    def collect(template: Any, **_: Any) -> None:
        names.add(str(template.name))

    template_rendered.connect(collect, weak=False)
    yield names
    template_rendered.disconnect(collect)


@pytest.fixture
def site(town: Town) -> HomePage:
    """The page tree, in the town."""
    return build_site(now=timezone.now())


@pytest.fixture
def publish(site: HomePage) -> Callable[..., Project]:
    """Return a maker of published projects, as the gate leaves them."""
    return make_project


def make_project(
    *, region: str = COUNTY, items: tuple[tuple[str, str], ...] = (("cash", "medical"),), **facts: Any
) -> Project:
    """Return a project in public with its items and its first step, found by search."""
    place = next(_places)
    return shown_project(
        items=items,
        **{
            "region_id": region,
            "cause": "illness",
            "tier": "joint",
            "urgency": 1,
            "amount_band": "5k_10k",
            "title_zh": f"第{place}户家庭需要帮助",
            "title_en": f"Household {place} needs help",
            "description_zh": "一户家庭因病陷入困难。",
            "description_en": "A household in difficulty.",
            "published_month": date(2026, 7, 1),
            "updated_month": date(2026, 7, 1),
            **facts,
        },
    )


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """Return a function that signs a person in."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def propose(town: Town, item: NeedItem, amount: int, **resource: Any) -> Proposal:
    """Return a proposal that waits for an answer until tomorrow."""
    run = MatchRun.objects.create(
        at=timezone.now(),
        by=town.lin,
        rule_version="1",
        engine_version="1",
        snapshot_digest="",
        outcome_digest="",
    )
    return Proposal.objects.create(
        run=run,
        item=item,
        amount=amount,
        rules_passed=Rule.REGION | Rule.CATEGORY,
        rank=1,
        competitors=2,
        idle_otherwise=True,
        expires_at=timezone.now() + timedelta(days=1),
        **resource,
    )
