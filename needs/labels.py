"""Labels of the code lists as lazily translated choices."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

Code = TypeVar("Code", bound=StrEnum)


def lazy_choices(labels: Mapping[Code, str]) -> list[tuple[str, str | Promise]]:
    """Return what a model field takes as choices: codes with labels in the reader's language."""
    return [(code.value, gettext_lazy(label)) for code, label in labels.items()]


def label_of(labels: Mapping[Code, str], value: str) -> str:
    """Return a value's label in the reader's language, the value itself where the list has none.

    A model whose rows fill lists answers `get_…_display` with this: Django's own translates every choice of the
    field each time that it is asked for one.
    """
    label = labels.get(value)  # type: ignore[call-overload]  # a code of a StrEnum is found by its value
    return value if label is None else gettext(label)
