"""What the installed parts of Wagtail say to editors and its own Chinese lacks: our catalogue gives the words.

A project's catalogue comes before those of its libraries, so nothing else is needed; and whatever a new version of
Wagtail adds is asked for by `collect_messages --check` on the day that it is installed.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from cms.translations.po import Entry, Key, parse

CATALOGUE = "locale/{language}/LC_MESSAGES/{domain}.po"
OURS = "zh_Hans"


def lacking(domain: str) -> Iterator[Entry]:
    """Yield the messages of a domain (`django`, `djangojs`) that have no Chinese of their library."""
    for app in apps.get_app_configs():
        if app.name.partition(".")[0] == "wagtail":
            yield from _lacking(Path(app.path), domain)


def _lacking(folder: Path, domain: str) -> Iterator[Entry]:
    known = {entry.key for entry in _read(folder, domain, OURS) if entry.is_translated}
    seen: set[Key] = set()
    for entry in _read(folder, domain, "en"):
        if entry.text and entry.key not in known | seen:
            seen.add(entry.key)
            yield Entry(entry.text, context=entry.context, plural=entry.plural)


def _read(folder: Path, domain: str, language: str) -> list[Entry]:
    path = folder / CATALOGUE.format(language=language, domain=domain)
    return parse(path.read_text(encoding="utf-8")) if path.exists() else []
