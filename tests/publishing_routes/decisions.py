"""In the shell: decisions made by hand."""

from needs.models import GateDecision, Project
from needs.services.showing import show
from tests.publishing_routes.world import SECRET, World, by_database, run_sql
from tests.town import NOW


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
