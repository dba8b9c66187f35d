"""How code lists are labelled."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Code = TypeVar("Code", bound=StrEnum)


def choices(labels: Mapping[Code, str]) -> list[tuple[str, str]]:
    """Return `(code, English label)` pairs in the order of the mapping, for a form or a field."""
    return [(code.value, label) for code, label in labels.items()]


def gettext_noop(text: str) -> str:
    """Mark an English label for the message catalogue without importing Django."""
    return text
