"""A model field whose column holds ciphertext, and whose Python value does not show what it holds."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from jiujinan.sealing.cipher import KeyRing, key_id_of, seal, unseal
from jiujinan.sealing.redaction import remember


@cache
def ring() -> KeyRing:
    """Return the key ring of this installation."""
    return KeyRing.parse(settings.SEALING_KEYS, settings.SEALING_CIPHER)


@dataclass(frozen=True)
class Plain:
    """A value on its way in; it is sealed when its row is saved, and never prints."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        remember(self.text)

    def __str__(self) -> str:
        return "•••"


@dataclass(frozen=True)
class Sealed:
    """A value as the database holds it. Only `sealing.services.open_fields` opens it, with a reason."""

    blob: bytes = field(repr=False)

    def __str__(self) -> str:
        return "•••"

    @property
    def key_id(self) -> str:
        """The id of the key that sealed it."""
        return key_id_of(self.blob)


class NoKeyYet(Exception):
    """A row was to be sealed before it had its key; what is bound to no row could never be opened."""


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Stores text as ciphertext bound to table, column and row; the row's key must be set before saving."""

    def place(self, row: models.Model) -> str:
        """Return the associated data of this column in that row; raise NoKeyYet where the row has no key."""
        if row.pk is None:
            raise NoKeyYet(f"{self.model._meta.label}.{self.name}: give the row its key before saving it")
        return self._place(row.pk)

    def _place(self, key: object) -> str:
        return f"{self.model._meta.db_table}.{self.column}.{key}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal a plain value in the moment that its row is written."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, Plain):
            value = Sealed(seal(value.text, ring=ring(), place=self.place(model_instance)))
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Return the bytes to store; refuse anything that was not sealed."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} takes a Plain or Sealed value")
        return value.blob

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return what the database driver takes for the bytes."""
        blob = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(blob, connection, prepared=True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        """Wrap what the column holds; nothing is opened."""
        return None if value is None else Sealed(bytes(value))

    def value_to_string(self, obj: models.Model) -> str:
        """Return a mask: fixtures and exports never carry the content."""
        return "•••"

    def open(self, row: models.Model) -> str | None:
        """Open the row's value. For `sealing.services` alone: everyone else leaves a trace."""
        value = getattr(row, self.attname)
        return value.text if isinstance(value, Plain) else self.opened(value, row.pk)

    def opened(self, value: Sealed | None, key: object) -> str | None:
        """Open a value that was read without its row, whose key is `key`; with the same care as `open`."""
        if value is None:
            return None
        text = unseal(value.blob, ring=ring(), place=self._place(key))
        remember(text)
        return text
