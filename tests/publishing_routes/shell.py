"""In the shell: objects and query sets."""

from datetime import date

from needs.models import Project, ProjectItem
from needs.services.showing import content_hash
from tests.publishing_routes.world import SECRET, World, by_database, run_sql, values_of


@by_database
def create_in_public(world: World) -> None:
    Project.objects.create(**{**values_of(world.copy(world.shown)), "number": "AAAA2222"})


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
    values = values_of(world.copy(world.shown))
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
