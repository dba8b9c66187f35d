"""What a reader gives: typed rows, and rejections that say where, what and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jiujinan.tabular.messages import TEMPLATES

# A sheet with one of these gives no row at all.
STOPPING_CODES = frozenset({"missing_sheet", "missing_column", "duplicate_column", "no_rows"})


class CellError(ValueError):
    """A cell's content that its column does not take; `code` names a message template."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class FileError(CellError):
    """A file that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """
    One thing that could not be taken: sheet, 1-based sheet row (0: the whole file), Chinese header.

    `key` is the row's own key (a case number) where it could be read, so that rows of other sheets
    that belong to it are not called orphans; `sheet_name` is the declared sheet's code, where `sheet`
    is the title in the file. `texts` are the Chinese and English templates.
    """

    sheet: str
    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    key: str = ""
    sheet_name: str = ""
    texts: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def message(self) -> str:
        """Return what to do, in Chinese."""
        return self._texts[0].format_map(self.params)

    @property
    def message_en(self) -> str:
        """Return what to do, in English."""
        return self._texts[1].format_map(self.params)

    @property
    def is_of_file(self) -> bool:
        """Return whether the file as a whole could not be read, rather than one row of it."""
        return self.row == 0

    def as_dict(self) -> dict[str, str | int]:
        """Return sheet, row, column, code, message and message_en, ready for JSON."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "message_en": self.message_en,
        }

    @property
    def _texts(self) -> tuple[str, str]:
        return self.texts or TEMPLATES[self.code]


@dataclass(frozen=True, slots=True)
class Row:
    """One good row: its sheet's code and title, its 1-based sheet row, a value for each declared column."""

    sheet: str
    title: str
    number: int
    values: Mapping[str, Any] = field(repr=False)  # may hold what must not be shown
