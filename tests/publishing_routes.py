"""Every way to make something public that anybody thought of: each tries it for real, around the gate.

A route is given a world with a project that stands in public, one that was withdrawn, one that was prepared for a
need that may never be shown, and tries to bring what is not public before the public, or to change what is.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.forms import modelform_factory
from django.test import Client

from needs.catalogue.engine import index_project
from needs.models import CaseRecord, GateDecision, Need, Project, ProjectItem
from needs.services import gate
from needs.services.showing import content_hash, show
from needs.services.telling import propose_text
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


# The shell: objects and query sets.
@by_database
def create_in_public(world: World) -> None:
    Project.objects.create(**{**_values(world.copy(world.shown)), "number": "AAAA2222"})


@by_database
def save_a_new_one(world: World) -> None:
    world.copy(world.shown).save()


@by_database
def save_a_new_one_by_force(world: World) -> None:
    world.copy(world.shown).save(force_insert=True)


@by_database
def bulk_create_in_public(world: World) -> None:
    Project.objects.bulk_create([world.copy(world.shown, "BULK2222"), world.copy(world.shown, "BULK3333")])


@by_database
def bulk_create_that_updates_conflicts(world: World) -> None:
    Project.objects.bulk_create(
        [world.copy(world.prepared, world.prepared.pk)],
        update_conflicts=True,
        update_fields=["state"],
        unique_fields=["number"],
    )


@by_database
def get_or_create_in_public(world: World) -> None:
    values = _values(world.copy(world.shown))
    Project.objects.get_or_create(
        number="GETT2222", defaults={k: v for k, v in values.items() if k != "number"}
    )


@by_database
def update_or_create_in_public(world: World) -> None:
    Project.objects.update_or_create(number=world.prepared.pk, defaults={"state": "published"})


@by_database
def update_the_prepared(world: World) -> None:
    Project.objects.filter(pk=world.prepared.pk).update(state="published")


@by_database
def update_all(world: World) -> None:
    Project.objects.update(state="published")


@by_database
def schedule_a_withdrawn_one_for_later(world: World) -> None:
    Project.objects.filter(pk=world.gone.pk).update(state="published", published_month=date(2026, 8, 1))


@by_database
def bulk_update_the_prepared(world: World) -> None:
    world.prepared.state = "published"
    Project.objects.bulk_update([world.prepared], ["state"])


@by_database
def save_the_prepared(world: World) -> None:
    world.prepared.state = "published"
    world.prepared.save()


@by_database
def save_one_field_of_the_prepared(world: World) -> None:
    world.prepared.state = "published"
    world.prepared.save(update_fields=["state"])


@by_database
def revert_a_withdrawal(world: World) -> None:
    world.gone.state = "published"
    world.gone.save(update_fields=["state"])


@by_database
def revert_a_withdrawal_by_way_of_preparing(world: World) -> None:
    Project.objects.filter(pk=world.gone.pk).update(state="prepared")
    Project.objects.filter(pk=world.gone.pk).update(state="published")


@by_database
def copy_the_public_one_under_a_new_number(world: World) -> None:
    copy = Project.objects.get(pk=world.shown.pk)
    copy.pk, copy._state.adding = "CPYX2222", True
    copy.save()


@by_database
def give_the_public_one_an_alias(world: World) -> None:
    Project.objects.filter(pk=world.shown.pk).update(number="ALAS2222")


@by_database
def use_a_spent_number_again(world: World) -> None:
    number = world.gone.pk
    run_sql("DELETE FROM needs_projectitem WHERE project_id = %s", number)
    run_sql("DELETE FROM needs_spentnumber WHERE number = %s", number)
    world.copy(world.shown, number, state="prepared").save(force_insert=True)


@by_database
def change_the_words_of_the_public_one(world: World) -> None:
    Project.objects.filter(pk=world.shown.pk).update(description_zh=f"{SECRET}：大坪村王建国")


@by_database
def change_one_byte_of_the_public_one(world: World) -> None:
    world.shown.title_zh += "。"
    world.shown.save(update_fields=["title_zh"])


@by_database
def change_words_and_hash_of_the_public_one(world: World) -> None:
    world.shown.title_zh = SECRET
    world.shown.content_hash = content_hash(world.shown, list(world.shown.items.all()))
    world.shown.save()


@by_database
def tell_the_public_one_more_finely(world: World) -> None:
    Project.objects.filter(pk=world.shown.pk).update(amount_band="1k_3k", region_id="990122")


@by_database
def add_an_item_to_the_public_one(world: World) -> None:
    ProjectItem.objects.create(project=world.shown, place=9, kind="service", category="counselling")


@by_database
def change_an_item_of_the_public_one(world: World) -> None:
    ProjectItem.objects.filter(project=world.shown).update(category="funeral")


@by_database
def move_an_item_to_the_public_one(world: World) -> None:
    ProjectItem.objects.filter(project=world.prepared).update(project=world.shown, place=8)


@by_database
def bulk_create_items_of_the_public_one(world: World) -> None:
    ProjectItem.objects.bulk_create([ProjectItem(project=world.shown, place=7, kind="goods")])


# The shell: decisions made by hand.
@by_database
def decide_without_consent(world: World) -> None:
    world.decision(world.unconsented).save()


@by_database
def decide_about_a_sensitive_case(world: World) -> None:
    world.decision(world.held).save()


@by_database
def decide_as_the_case_officer(world: World) -> None:
    world.decision(world.town.verified(), by=world.town.lin).save()


@by_database
def decide_as_the_verifier(world: World) -> None:
    world.decision(world.town.verified(), by=world.town.zhou).save()


@by_database
def decide_by_nobody(world: World) -> None:
    world.decision(world.town.verified(), by=None).save()


@by_database
def decide_about_a_draft(world: World) -> None:
    world.decision(world.town.case().need).save()


@by_database
def decide_in_bulk(world: World) -> None:
    GateDecision.objects.bulk_create([world.decision(world.held), world.decision(world.unconsented)])


@by_database
def point_a_decision_at_another_project(world: World) -> None:
    GateDecision.objects.filter(project=world.shown).update(project=world.prepared)


@by_database
def change_the_hash_of_a_decision(world: World) -> None:
    GateDecision.objects.filter(project=world.shown).update(content_hash="0" * 64)


@by_database
def let_a_held_decision_publish(world: World) -> None:
    held = GateDecision.objects.create(need=world.held, outcome="held", by=world.town.wu, at=NOW)
    GateDecision.objects.filter(pk=held.pk).update(outcome="published", project=world.prepared)


@by_database
def take_back_the_end_of_a_decision(world: World) -> None:
    GateDecision.objects.filter(project=world.gone).update(withdrawn_at=None)
    Project.objects.filter(pk=world.gone.pk).update(state="published")


@by_database
def delete_the_decision_that_ended(world: World) -> None:
    run_sql("DELETE FROM needs_gatedecision WHERE project_id = %s", world.gone.pk)


@by_database
def show_other_bytes_than_were_decided(world: World) -> None:
    need = world.town.verified()
    world.decision(need).save()
    Project.objects.filter(pk=world.prepared.pk).update(title_zh=f"{SECRET}王建国")
    Project.objects.filter(pk=world.prepared.pk).update(state="published")


@by_database
def show_without_a_decision(world: World) -> None:
    show(project=world.prepared)


# The shell: plain SQL.
@by_database
def insert_by_sql(world: World) -> None:
    run_sql(_copying("INSERT", {"number": "'SQLX2222'", "state": "'published'"}), world.shown.pk)


@by_database
def insert_by_sql_or_update(world: World) -> None:
    run_sql(
        _copying("INSERT", {}) + " ON CONFLICT (number) DO UPDATE SET state = 'published'", world.prepared.pk
    )


@by_database
def update_by_sql(world: World) -> None:
    run_sql("UPDATE needs_project SET state = 'published' WHERE number = %s", world.prepared.pk)


@by_database
def update_by_sql_and_the_words_with_it(world: World) -> None:
    run_sql("UPDATE needs_project SET title_zh = %s WHERE state = 'published'", SECRET)


@by_database
def replace_by_sql(world: World) -> None:
    if connection.vendor == "sqlite":
        run_sql(_copying("REPLACE", {"state": "'published'"}), world.prepared.pk)
    else:
        run_sql(
            "MERGE INTO needs_project p USING (SELECT 1) s ON p.number = %s"
            " WHEN MATCHED THEN UPDATE SET state = 'published'",
            world.prepared.pk,
        )


# Fixtures, backups, forms of models.
@by_database
def load_a_fixture_object(world: World) -> None:
    for loaded in serializers.deserialize("json", _fixture(world.copy(world.shown, "FIXT2222"))):
        loaded.save()


@by_database
def restore_a_project_from_a_backup(world: World) -> None:
    restored = Project.objects.get(pk=world.gone.pk)
    restored.state = "published"
    for loaded in serializers.deserialize("json", _fixture(restored)):
        loaded.save()


@by_database
def restore_a_decision_from_a_backup(world: World) -> None:
    decision = GateDecision.objects.get(project=world.gone)
    decision.withdrawn_at = None
    for loaded in serializers.deserialize("json", _fixture(decision)):
        loaded.save()


@by_database
def save_by_a_form_of_the_model(world: World) -> None:
    form = modelform_factory(Project, fields=["state"])({"state": "published"}, instance=world.prepared)
    assert form.is_valid(), form.errors
    form.save()


# The gate's own functions, wrongly used.
@by_code
def gate_by_the_officer(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.lin, now=NOW)


@by_code
def gate_by_the_verifier(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.zhou, now=NOW)


@by_code
def gate_by_a_stranger(world: World) -> None:
    gate.decide(need=world.town.verified(), by=world.town.chen, now=NOW)


@by_code
def gate_for_a_sensitive_case(world: World) -> None:
    assert gate.decide(need=world.held, by=world.town.wu, now=NOW).outcome == "held"


@by_code
def gate_without_consent(world: World) -> None:
    assert gate.decide(need=world.unconsented, by=world.town.wu, now=NOW).outcome == "held"


@by_code
def gate_for_a_draft(world: World) -> None:
    gate.decide(need=world.town.case().need, by=world.town.wu, now=NOW)


@by_code
def gate_for_what_was_withdrawn(world: World) -> None:
    need = GateDecision.objects.get(project=world.gone).need
    gate.decide(need=need, by=world.town.wu, now=NOW)


@by_code
def index_what_is_prepared(world: World) -> None:
    index_project(world.prepared)


@by_code
def index_what_was_withdrawn(world: World) -> None:
    index_project(world.gone)


@by_code
def call_a_need_published(world: World) -> None:
    Need.objects.filter(pk=world.held.pk).update(state="published", published_at=NOW)


@by_code
def give_the_consent_back_after_it_was_withdrawn(world: World) -> None:
    case = GateDecision.objects.get(project=world.gone).need.case
    CaseRecord.objects.filter(pk=case.pk).update(consent_withdrawn_on=None, consent_on=date(2026, 7, 2))


@by_code
def propose_a_free_text(world: World) -> None:
    propose_text(need=world.held, text=f"{SECRET}家里靠种田生活，希望得到帮助。", by=world.town.lin, now=NOW)


@by_code
def load_a_fixture_by_command(world: World) -> None:
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as fixture:
        fixture.write(_fixture(world.copy(world.shown, "FIXT3333")))
        fixture.flush()
        call_command("loaddata", fixture.name, verbosity=0)


@by_code
def wait_for_the_schedule(world: World) -> None:
    call_command("publish_scheduled", verbosity=0)


# The desk's forms, by people whose duty it isn't or about what may not be shown.
def _desk_route(person: str, act: str, need: str) -> Route:
    def route(world: World) -> None:
        case_id = getattr(world, need).case_id
        world.client.force_login(
            getattr(world.town, person), backend="django.contrib.auth.backends.ModelBackend"
        )
        world.client.post(f"/admin/desk/{case_id}/act/", {"act": act, "reason": "试试", "state": "published"})

    route.__name__ = f"desk_form_{act}_by_{person}_for_{need}"
    return route


for _person in ("lin", "zhou", "wu", "chen"):
    for _need in ("held", "unconsented"):
        by_code(_desk_route(_person, "publish", _need))
for _act in ("show", "prepare", "revert", "copy", "schedule"):
    by_code(_desk_route("wu", _act, "held"))


def _api_route(method: str, address: str) -> Route:
    def route(world: World) -> None:
        world.client.force_login(world.town.wu, backend="django.contrib.auth.backends.ModelBackend")
        body = json.dumps({"number": world.prepared.pk, "state": "published", "title_zh": SECRET})
        world.client.generic(
            method, address.format(number=world.prepared.pk), body, content_type="application/json"
        )

    route.__name__ = f"api_{method}_{address}"
    return route


for _method in ("POST", "PUT", "PATCH", "DELETE"):
    for _address in ("/api/v1/projects", "/api/v1/projects/{number}", "/zh-hans/projects/{number}/"):
        by_code(_api_route(_method, _address))


def _values(project: Project) -> dict[str, Any]:
    return {field.attname: getattr(project, field.attname) for field in Project._meta.concrete_fields}


def _copying(verb: str, instead: dict[str, str]) -> str:
    """Return SQL that copies the project of a number, with other values instead of some columns."""
    names = [str(field.column) for field in Project._meta.fields]
    values = [instead.get(name, name) for name in names]
    return (
        f"{verb} INTO needs_project ({', '.join(names)}) "  # noqa: S608 - column names of a model
        f"SELECT {', '.join(values)} FROM needs_project WHERE number = %s"
    )


def _fixture(row: Any) -> str:
    return str(serializers.serialize("json", [row]))
