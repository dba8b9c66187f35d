"""Every way to make something public that anybody thought of: each tries it for real, around the gate.

A route is given a world with a project that stands in public, one that was withdrawn, one that was prepared for a
need that may never be shown, and tries to bring what is not public before the public, or to change what is.
"""

from tests.publishing_routes import code, decisions, shell, sql
from tests.publishing_routes.world import BY_CODE, BY_DATABASE, SECRET, Route, World

__all__ = ["BY_CODE", "BY_DATABASE", "SECRET", "Route", "World", "code", "decisions", "shell", "sql"]
