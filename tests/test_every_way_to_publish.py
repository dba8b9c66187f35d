"""Nothing is public that the gate did not pass: every way around it is tried, none gets past."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from cms.site.models import StandardPage
from cms.site.services import build_site
from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.states import ForbiddenAct
from needs.anonymise.lattice import Levels, generalise
from needs.catalogue.engine import find
from needs.catalogue.question import Question
from needs.models import GateDecision, Project, ProjectItem
from needs.services import crowd
from needs.services.cases import NotReady
from needs.services.gate import withdraw
from needs.services.showing import prepare
from tests.projects import shown_project
from tests.publishing_routes import BY_CODE, BY_DATABASE, SECRET, Route, World
from tests.town import COUNTY, NOW, Town

REFUSALS = (
    DatabaseError,
    DeserializationError,
    ForbiddenAct,
    NotAllowed,
    NotReady,
    PermissionDenied,
    ValidationError,
)
FACTS: dict[str, Any] = {
    "region_id": COUNTY,
    "cause": "illness",
    "tier": "joint",
    "urgency": 1,
    "title_zh": "一户家庭需要帮助",
    "title_en": "A household needs help",
    "description_zh": "一户家庭因病陷入困难。",
    "description_en": "A household in difficulty.",
    "published_month": NOW.date().replace(day=1),
    "updated_month": NOW.date().replace(day=1),
}


@pytest.fixture
def world(town: Town) -> World:
    """A public project, a withdrawn one, one prepared for a need that may never be shown."""
    build_site(now=timezone.now())
    shown, gone = shown_project(**FACTS), shown_project(**FACTS, state="withdrawn")
    GateDecision.objects.filter(project=gone).update(withdrawn_at=NOW)
    held = town.verified(sensitive_kind="hiv")
    said = generalise(crowd.subject(case_id=held.case_id, now=NOW), Levels(age=2, trait=1))
    prepared, _ = prepare(need=held, said=said, told=SECRET, now=NOW)
    unconsented = town.verified(consent_on=None)
    return World(town, shown, gone, prepared, held, unconsented, Client(raise_request_exception=False))


def face(world: World) -> tuple[object, ...]:
    """Return everything that the public can see: rows, answers of the search, addresses, the interface."""
    visitor = Client(raise_request_exception=False)
    rows = list(Project.objects.public().order_by("pk").values())
    items = list(ProjectItem.objects.filter(project__state="published").order_by("pk").values())
    listed = visitor.get("/projects/")
    pages = [
        visitor.get(f"/projects/{one.pk}/").status_code for one in (world.shown, world.gone, world.prepared)
    ]
    answered = visitor.get("/api/v1/projects").json()
    assert listed.status_code == 200
    assert (
        SECRET not in listed.content.decode() + str(answered) + visitor.get("/sitemap.xml").content.decode()
    )
    return rows, items, pages, sorted(find(Question(text=SECRET, today=NOW.date())).numbers), str(answered)


def undone(world: World, route: Route, before: tuple[object, ...]) -> Exception | None:
    """Try a route, compare what the public sees, undo it; return with what it was refused."""
    refusal = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                route(world)
        except REFUSALS as refused:
            refusal = refused
        assert face(world) == before, route.__name__
        transaction.set_rollback(True)
    for row in (world.shown, world.gone, world.prepared):
        row.refresh_from_db()
    return refusal


def test_at_least_40_ways_are_tried() -> None:
    assert len(BY_DATABASE) >= 40
    assert len(BY_DATABASE) + len(BY_CODE) >= 80


def test_the_database_refuses_every_way_around_the_gate(world: World) -> None:
    before = face(world)
    for name, route in BY_DATABASE.items():
        refusal = undone(world, route, before)
        assert isinstance(refusal, DatabaseError), name
        assert "gate:" in str(refusal) or isinstance(refusal, IntegrityError), (name, refusal)


def test_the_code_refuses_every_wrong_way_through_it(world: World) -> None:
    before = face(world)
    for route in BY_CODE.values():
        undone(world, route, before)
        world.client.logout()


def test_nothing_of_a_need_can_be_edited_or_published_by_wagtail_itself() -> None:
    known = {model._meta.app_label for model in get_snippet_models()}
    assert not known & {"needs", "matching", "donors"}
    assert not [model for model in Page.__subclasses__() if model._meta.app_label in {"needs", "matching"}]


def admin_addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield an address for every pattern below Wagtail's admin that sample values fit."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).replace("<str:app_label>/<str:model_name>", "needs/project")
        if isinstance(pattern, URLResolver):
            yield from admin_addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and route.startswith("/admin/") and "(" not in route:
            yield route


def with_values(address: str, world: World, page: Page) -> str:
    """Return the address with values that exist, so that it reaches what it is for."""
    values = {
        "<uuid:case_id>": str(world.held.case_id),
        "<uuid:need_id>": str(world.held.pk),
        "<str:number>": world.prepared.pk,
        "<int:page_id>": str(page.pk),
        "<int:pk>": str(page.pk),
        "<int:revision_id>": str(page.latest_revision_id or 1),
        "<str:app_label>": "needs",
        "<str:model_name>": "project",
    }
    for place, value in values.items():
        address = address.replace(place, value)
    while "<" in address:
        start, end = address.index("<"), address.index(">")
        address = address[:start] + ("1" if "int:" in address[start:end] else "a") + address[end + 1 :]
    return address


PUBLISHING = {
    "action-publish": "1",
    "action": "publish",
    "act": "publish",
    "state": "published",
    "reason": "试试",
    "include_descendants": "on",
    "next": "/admin/",
}


@pytest.mark.slow
def test_no_address_of_the_admin_makes_a_need_public(world: World) -> None:
    root = User.objects.create_superuser("root", "root@example.org", None)
    page = StandardPage.objects.first()
    assert page is not None
    page.save_revision()
    addresses = sorted({with_values(address, world, page) for address in admin_addresses()})
    assert len(addresses) >= 150
    before = face(world)
    for person in (root, world.town.wu):
        world.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            if "logout" in address:
                continue
            with transaction.atomic():
                world.client.post(
                    address, {**PUBLISHING, "id": world.prepared.pk, "number": world.prepared.pk}
                )
                assert list(Project.objects.public().values_list("pk", flat=True)) == [world.shown.pk], (
                    address
                )
                transaction.set_rollback(True)
    assert face(world) == before


def test_pages_that_are_copied_aliased_reverted_moved_or_scheduled_bring_nothing_of_a_need(
    world: World,
) -> None:
    page = StandardPage.objects.first()
    assert page is not None
    before = face(world)
    revision = page.save_revision()
    revision.publish()
    page.copy(update_attrs={"slug": "copied", "title": "copied"})
    page.create_alias(update_slug="aliased")
    page.save_revision(approved_go_live_at=timezone.now()).publish()
    page.unpublish()
    assert face(world) == before


def test_a_withdrawal_closes_every_way_back(world: World, town: Town) -> None:
    town.crowd(24)
    from needs.services.gate import decide

    need = town.verified()
    decision = decide(need=need, by=town.wu, now=NOW)
    assert decision.project is not None
    withdraw(need=need, reason="本人要求", by=town.lin, now=NOW)
    gone = World(
        town, world.shown, decision.project, world.prepared, world.held, world.unconsented, world.client
    )
    gone.gone.refresh_from_db()
    before = face(gone)
    for name in (
        "revert_a_withdrawal",
        "revert_a_withdrawal_by_way_of_preparing",
        "restore_a_project_from_a_backup",
        "restore_a_decision_from_a_backup",
        "take_back_the_end_of_a_decision",
    ):
        assert undone(gone, BY_DATABASE[name], before) is not None, name
