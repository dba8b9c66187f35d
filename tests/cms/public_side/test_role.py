"""The public role on PostgreSQL: it reads the public face, and is refused every column of a case."""

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cms.public_side.middleware import WORKING_PREFIXES, stepped_down
from cms.public_side.rights import IN_PART, READABLE, beyond, statements
from jiujinan.sealing.fields import SealedField
from needs.models import CaseRecord, Project
from tests.town import Town

ROLE = "jiujinan_test_public"


@pytest.fixture
def role(db: None, settings: Settings) -> Iterator[str]:
    settings.PUBLIC_ROLE = ROLE
    call_command("create_public_role", role=ROLE, stdout=StringIO())
    yield ROLE
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def columns() -> list[tuple[str, str]]:
    """Return table and column of everything in the schema that is not named as public, or not in that part."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        return [
            (table, column)
            for table, column in cursor.fetchall()
            if table not in READABLE or column not in IN_PART.get(table, (column,))
        ]


@pytest.mark.postgres
def test_every_sealed_and_every_case_column_is_denied(role: str) -> None:
    asked = columns()
    tables = {table for table, _ in asked}
    assert {
        "needs_caserecord",
        "needs_person",
        "needs_household",
        "needs_gatedecision",
        "needs_need",
    } <= tables
    sealed = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    }
    assert len(sealed) >= 5
    assert sealed <= set(asked)
    assert ("ledger_fundbalance", "available_fen") in asked
    assert {("donors_fundcharter", column) for column in ("donor_consent", "written_by_id")} <= set(asked)
    with stepped_down():
        for table, column in asked:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(f'SELECT "{column}" FROM "{table}" LIMIT 1')  # noqa: S608  # names of the schema


@pytest.mark.postgres
def test_nothing_public_can_be_written_by_it(role: str) -> None:
    with stepped_down():
        for act in (
            "DELETE FROM needs_project",
            "UPDATE needs_project SET tier = ''",
            "DELETE FROM regions_region",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(act)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "path",
    ["/", "/projects/", "/projects/?q=医疗&tier=joint", "/sitemap.xml", "/robots.txt", "/api/v1/projects"],
)
def test_visitors_are_served_by_it(
    role: str, publish: Callable[..., Project], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    publish()
    asked = spied(monkeypatch)
    assert Client().get(path).status_code == 200
    if path != "/robots.txt":
        assert asked
    assert set(asked) <= {ROLE}


@pytest.mark.postgres
def test_a_project_and_one_that_left_are_shown_by_it(role: str, publish: Callable[..., Project]) -> None:
    assert Client().get(f"/projects/{publish().number}/").status_code == 200
    assert Client().get(f"/projects/{publish(state='withdrawn').number}/").status_code == 410


@pytest.mark.postgres
def test_a_public_page_that_asks_for_a_case_fails(
    role: str, publish: Callable[..., Project], monkeypatch: pytest.MonkeyPatch, town: Town
) -> None:
    publish()
    town.case()
    monkeypatch.setattr("cms.site.catalogue.views.render", lambda *args, **kwargs: CaseRecord.objects.get())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Client().get("/projects/")


@pytest.mark.postgres
def test_those_who_sign_in_work_with_the_applications_rights(
    role: str, publish: Callable[..., Project], town: Town, signed_in: Callable[..., Client]
) -> None:
    case = town.case()
    client = signed_in(town.lin)
    assert client.get(f"/admin/desk/{case.pk}/").status_code == 200
    assert client.get("/projects/").status_code == 200
    assert Client().get("/report-a-need/").status_code == 200


@pytest.mark.postgres
def test_the_check_finds_a_right_that_nothing_says(role: str) -> None:
    assert beyond(role) == []
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT (donor_consent) ON donors_fundcharter TO {role}")
    assert beyond(role) == ["donors_fundcharter.donor_consent"]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT (cause) ON needs_caserecord TO {role}")
    with pytest.raises(CommandError, match="needs_caserecord"):
        call_command("create_public_role", role=role, check=True, stdout=StringIO())


def test_no_public_table_is_sealed_or_leads_to_a_case() -> None:
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in READABLE:
        for field in tables[table]._meta.concrete_fields if table in tables else []:
            assert not isinstance(field, SealedField)
            model = field.related_model
            if model is not None and model._meta.db_table not in READABLE:
                assert model._meta.app_label not in {
                    "needs",
                    "matching",
                    "discovery",
                    "intake",
                    "audit",
                    "outbox",
                }


def test_a_role_is_a_plain_name() -> None:
    with pytest.raises(ValueError, match="plain role name"):
        statements('public"; DROP', application="somebody", tables=set())


def spied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with the role of each query that a page makes on the catalogue's tables."""
    seen: list[str] = []
    original = connection.cursor().__class__._execute  # type: ignore[attr-defined]  # where every query passes

    def execute(self: object, sql: str, params: object, *ignored: object) -> object:
        if "FROM" in str(sql) and "pg_" not in str(sql):
            with connection.connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                seen.append(cursor.fetchone()[0])
        return original(self, sql, params, *ignored)

    monkeypatch.setattr(connection.cursor().__class__, "_execute", execute)
    return seen


def test_whoever_writes_without_signing_in_works_with_the_applications_rights() -> None:
    for path in (
        reverse("report_a_need"),
        reverse("track"),
        reverse("complaint"),
        reverse("api-v1:bring_cases"),
    ):
        assert path.startswith(WORKING_PREFIXES), path
