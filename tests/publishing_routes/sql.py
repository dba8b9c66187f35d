"""Plain SQL, fixtures, backups, forms of models."""

from django.core import serializers
from django.db import connection
from django.forms import modelform_factory

from needs.models import GateDecision, Project
from tests.publishing_routes.world import SECRET, World, by_database, copying, fixture_of, run_sql


@by_database
def insert_by_sql(world: World) -> None:
    run_sql(copying("INSERT", {"number": "'SQLX2222'", "state": "'published'"}), world.shown.pk)


@by_database
def insert_by_sql_or_update(world: World) -> None:
    run_sql(
        copying("INSERT", {}) + " ON CONFLICT (number) DO UPDATE SET state = 'published'", world.prepared.pk
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
        run_sql(copying("REPLACE", {"state": "'published'"}), world.prepared.pk)
    else:
        run_sql(
            "MERGE INTO needs_project p USING (SELECT 1) s ON p.number = %s"
            " WHEN MATCHED THEN UPDATE SET state = 'published'",
            world.prepared.pk,
        )


# Fixtures, backups, forms of models.
@by_database
def load_a_fixture_object(world: World) -> None:
    for loaded in serializers.deserialize("json", fixture_of(world.copy(world.shown, "FIXT2222"))):
        loaded.save()


@by_database
def restore_a_project_from_a_backup(world: World) -> None:
    restored = Project.objects.get(pk=world.gone.pk)
    restored.state = "published"
    for loaded in serializers.deserialize("json", fixture_of(restored)):
        loaded.save()


@by_database
def restore_a_decision_from_a_backup(world: World) -> None:
    decision = GateDecision.objects.get(project=world.gone)
    decision.withdrawn_at = None
    for loaded in serializers.deserialize("json", fixture_of(decision)):
        loaded.save()


@by_database
def save_by_a_form_of_the_model(world: World) -> None:
    form = modelform_factory(Project, fields=["state"])({"state": "published"}, instance=world.prepared)
    assert form.is_valid(), form.errors
    form.save()
