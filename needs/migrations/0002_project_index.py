"""The text index of projects: FTS5 on SQLite, tsvector with GIN on PostgreSQL; terms come pre-segmented."""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE needs_projectindex USING fts5(number UNINDEXED, terms, tokenize = 'unicode61')",
]
POSTGRESQL = [
    "CREATE TABLE needs_projectindex (number varchar(12) PRIMARY KEY, terms tsvector NOT NULL)",
    "CREATE INDEX needs_projectindex_terms ON needs_projectindex USING gin (terms)",
]


def create(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop(apps, editor):
    editor.execute("DROP TABLE needs_projectindex")


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
