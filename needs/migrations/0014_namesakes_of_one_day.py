"""Index names with the day of birth without its year: a common name alone is shared by too many to find anybody."""

from datetime import date
from itertools import islice
from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from jiujinan.tabular.numbers import birth_date
from needs.models.household import person_indexes

PART = 2000


def index_anew(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write the new index of everybody known, part by part; names are opened by the program alone."""
    model = apps.get_model("needs", "Person")
    people = model.objects.only("name", "id_number", "born_on").iterator(chunk_size=PART)
    columns = (model._meta.get_field(name).column for name in ("name_index", "id"))
    where = (editor.connection.ops.quote_name(name) for name in (model._meta.db_table, *columns))
    statement = "UPDATE {} SET {} = %s WHERE {} = %s".format(*where)
    key = model._meta.get_field("id")
    while part := list(islice(people, PART)):
        rows = [(_index(one), key.get_db_prep_save(one.pk, editor.connection)) for one in part]
        with editor.connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _index(person: Any) -> str:
    name, number, said = (
        person._meta.get_field(field).open(person) or "" for field in ("name", "id_number", "born_on")
    )
    born_on = birth_date(number) if number else date.fromisoformat(said) if said else None
    return person_indexes(name=name, number="", phone="", born_on=born_on, sex="")["name_index"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("needs", "0013_languages_and_packages")]
    operations: ClassVar = [migrations.RunPython(index_anew, migrations.RunPython.noop)]
