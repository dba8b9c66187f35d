"""Labels of the code lists as lazily translated choices."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Code = TypeVar("Code", bound=StrEnum)


def lazy_choices(labels: Mapping[Code, str]) -> list[tuple[str, str | Promise]]:
    """Return what a model field takes as choices: codes with labels in the reader's language."""
    return [(code.value, gettext_lazy(label)) for code, label in labels.items()]
