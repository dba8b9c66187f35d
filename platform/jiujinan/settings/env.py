"""Typed readers of environment variables that fail loudly instead of guessing."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default; without either, raise ImproperlyConfigured."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable; anything that is neither raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no.")


def number(name: str, default: int) -> int:
    """Return a whole-number variable; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def share(name: str, default: float) -> float:
    """Return a variable between 0 and 1; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ImproperlyConfigured(f"{name}={value!r} is not a share between 0 and 1.")
    return found


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    value = os.environ.get(name)
    if value is None:
        return default
    return [word.strip() for word in value.split(",") if word.strip()]


def hours(name: str, default: tuple[int, int]) -> tuple[int, int]:
    """Return a span of the day's hours written `7-21` (from 7:00 until before 21:00)."""
    value = os.environ.get(name)
    if value is None:
        return default
    first, _, last = value.partition("-")
    if first.strip().isdigit() and last.strip().isdigit() and int(first) < int(last) <= 24:
        return int(first), int(last)
    raise ImproperlyConfigured(f"{name}={value!r} is no span of hours like 7-21.")


def database(name: str, default_sqlite: Path) -> dict[str, object]:
    """Return Django's database entry for `postgres://user:password@host:port/name` or SQLite."""
    value = os.environ.get(name, "")
    if not value:
        return sqlite(default_sqlite)
    parts = urlsplit(value)
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def smtp(name: str) -> dict[str, object]:
    """Return Django's mail settings for `smtp://user:password@host:port` (STARTTLS) or `smtps://…` (TLS at once).

    Without the variable, an empty dictionary. Anything else raises ImproperlyConfigured.
    """
    value = os.environ.get(name, "")
    if not value:
        return {}
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must read smtp://user:password@host:port or smtps://….")
    at_once = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if at_once else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": not at_once,
        "EMAIL_TIMEOUT": 10,
    }


def sqlite(path: Path) -> dict[str, object]:
    """Return the embedded database: write-ahead log, and every transaction takes its lock at once.

    IMMEDIATE transactions make `select_for_update` (a no-op on SQLite) true all the same: one writer
    at a time, so that a balance read inside a transaction cannot change before it is written.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # opening the file, reading its schema and closing it cost more than most questions
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456"
            ),
        },
    }
