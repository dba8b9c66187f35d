"""SQLite's text index keeps which project holds a token and no more: nobody asks where in a text it stands.

`ascii` takes every letter beyond ASCII as it is, as Elasticsearch's `whitespace` does: the tokens are folded already.
"""

from django.db import migrations

PLAIN = "fts5(terms, tokenize = 'unicode61')"
BARE = "fts5(terms, tokenize = 'ascii', detail = none, columnsize = 0)"


def rewrite(kind):
    def run(apps, editor):
        if editor.connection.vendor != "sqlite":
            return
        editor.execute(f"CREATE VIRTUAL TABLE needs_projectterms_anew USING {kind}")
        editor.execute("INSERT INTO needs_projectterms_anew (rowid, terms) SELECT rowid, terms FROM needs_projectterms")
        editor.execute("DROP TABLE needs_projectterms")
        editor.execute("ALTER TABLE needs_projectterms_anew RENAME TO needs_projectterms")

    return run


class Migration(migrations.Migration):
    dependencies = [("needs", "0014_namesakes_of_one_day")]
    operations = [migrations.RunPython(rewrite(BARE), rewrite(PLAIN))]
