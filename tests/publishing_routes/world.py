"""What a route has at hand, and where it is registered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import connection
from django.test import Client

from needs.models import GateDecision, Need, Project
from tests.town import NOW, Town

SECRET = "隐秘户"


@dataclass
class World:
    """What a route has at hand."""

    town: Town
    shown: Project  # stands in public
    gone: Project  # was withdrawn
    prepared: Project  # of `held`, and no decision passed it
    held: Need  # of a sensitive kind: never public
    unconsented: Need  # verified, without consent
    client: Client

    def copy(self, project: Project, number: str = "COPYCOPY", **facts: Any) -> Project:
        """Return an unsaved copy of a project, public if it may be."""
        row = Project.objects.filter(pk=project.pk).values().get()
        return Project(**{**row, "number": number, "state": "published", "title_zh": SECRET, **facts})

    def decision(self, need: Need, **facts: Any) -> GateDecision:
        """Return an unsaved decision that lets the prepared project through."""
        passed = {
            "outcome": "published",
            "content_hash": self.prepared.content_hash,
            "project": self.prepared,
        }
        return GateDecision(**{"need": need, "by": self.town.wu, "at": NOW, **passed, **facts})


Route = Callable[[World], object]
BY_DATABASE: dict[str, Route] = {}  # must be refused by the database itself
BY_CODE: dict[str, Route] = {}  # refused by the code, or without effect


def by_database(route: Route) -> Route:
    """Register a route that nothing but the database can refuse."""
    BY_DATABASE[route.__name__] = route
    return route


def by_code(route: Route) -> Route:
    """Register a route that the code refuses, or that changes nothing."""
    BY_CODE[route.__name__] = route
    return route


def run_sql(sql: str, *values: Any) -> None:
    """Run a statement as somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def values_of(project: Project) -> dict[str, Any]:
    return {field.attname: getattr(project, field.attname) for field in Project._meta.concrete_fields}


def copying(verb: str, instead: dict[str, str]) -> str:
    """Return SQL that copies the project of a number, with other values instead of some columns."""
    names = [str(field.column) for field in Project._meta.fields]
    values = [instead.get(name, name) for name in names]
    return (
        f"{verb} INTO needs_project ({', '.join(names)}) "  # noqa: S608 - column names of a model
        f"SELECT {', '.join(values)} FROM needs_project WHERE number = %s"
    )


def fixture_of(row: Any) -> str:
    return str(serializers.serialize("json", [row]))
