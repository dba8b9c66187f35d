"""Which tables and columns the public side may read. Everything else is refused, whatever is added later."""

import re

from django.db import connection

from donors.charter_text import COLUMNS as CHARTER_COLUMNS

ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# table → why the public pages read it. None of them holds a sealed field or leads to a case; a test looks.
READABLE = {
    "needs_project": "the public face of a need",
    "needs_projectitem": "what it asks for",
    "needs_progressupdate": "how far it has come",
    "needs_projectindex": "the catalogue's facts",
    "needs_projectterms": "the catalogue's words",
    "regions_region": "names of divisions",
    "accounts_organisation": "social forces taking part",
    "donors_fund": "names of funds that ended, and of those that took their rest",
    "donors_fundending": "what ended funds left (慈善法 58)",
    "matching_release": "published statistics, counted and rounded before they are stored",
    "site_homepage": "pages",
    "site_statisticspage": "pages",
    "site_opendatapage": "pages",
    "site_standardpage": "pages",
    "site_catalogueindexpage": "pages",
    "site_storyindexpage": "pages",
    "site_storypage": "pages",
    "site_newsindexpage": "pages",
    "site_newspage": "pages",
    "site_organisationspage": "pages",
    "matching_publicgrant": "grants in blocks",
    "donors_serviceoffer": "services that organisations offer",
    "donors_fundcharter": "charters in plain words",
    "donors_goodslot": "what stations hand out",
    "django_content_type": "Wagtail's pages",
    "wagtailcore_page": "pages",
    "wagtailcore_site": "pages",
    "wagtailcore_locale": "pages",
    "wagtailcore_pageviewrestriction": "pages",
    "wagtailcore_pageviewrestriction_groups": "pages",
    "wagtailcore_collection": "pictures and documents",
    "wagtailcore_collectionviewrestriction": "documents",
    "wagtailcore_collectionviewrestriction_groups": "documents",
    "wagtailimages_image": "pictures",
    "wagtailimages_rendition": "pictures",
    "wagtaildocs_document": "documents",
    "wagtailredirects_redirect": "old addresses",
    "taggit_tag": "tags of pictures",
    "taggit_taggeditem": "tags of pictures",
}
# Tables of which pages show a part: only these columns are given. Who wrote a charter, and the donor's consent to a
# change of purpose, stay inside.
IN_PART: dict[str, tuple[str, ...]] = {"donors_fundcharter": CHARTER_COLUMNS}
# A picture's size is made when it is first shown.
ADDED_TO = ("wagtailimages_rendition",)


def statements(role: str, *, application: str, tables: set[str]) -> list[str]:
    """
    Return the SQL that makes and arms the role; run it as the tables' owner, after every migration.

    The application's own role becomes a member, so that it may step down to it for a visitor. ValueError unless
    both are plain names. `tables` are those that exist.
    """
    if not ROLE.fullmatch(role):
        raise ValueError(f"not a plain role name: {role!r}")
    readable = sorted((set(READABLE) - set(IN_PART)) & tables)
    in_part = sorted(set(IN_PART) & tables)
    added_to = sorted(set(ADDED_TO) & tables)
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(readable)} TO {role}",
        *(f"GRANT SELECT ({', '.join(IN_PART[table])}) ON {table} TO {role}" for table in in_part),
        *(f"GRANT INSERT ON {table} TO {role}" for table in added_to),
        *(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {role}" for table in added_to),
        f'GRANT {role} TO "{application}"',
    ]


def create(role: str) -> list[str]:
    """Make the role where it is missing and arm it; return the statements that were run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        application, exists = cursor.fetchone()
        tables = set(connection.introspection.table_names(cursor))
        arm = statements(role, application=application, tables=tables)
        run = arm if exists else [f"CREATE ROLE {role} NOLOGIN", *arm]
        for statement in run:
            cursor.execute(statement)
    return run


def beyond(role: str) -> list[str]:
    """Return the tables, and columns as `table.column`, that the role may read though nothing says so; best none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'p') "
            "AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT') ORDER BY 1, 2",
            [role],
        )
        found = cursor.fetchall()
    tables = {table for table, _ in found if table not in READABLE}
    columns = {f"{table}.{name}" for table, name in found if name not in IN_PART.get(table, (name,))}
    return sorted(tables | columns)
