"""The declaration of a table: sheets, columns, code lists."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

_REMARKS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_WIDE = "".join(chr(c) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))
_HALF_WIDTH = str.maketrans(_WIDE + "－\u3000", unicodedata.normalize("NFKC", _WIDE) + "- ")
_NOISE = re.compile(r"[\s*＊:：_\-·]+")


class Kind(StrEnum):
    """What a column holds, and the Python value that it becomes."""

    TEXT = "text"  # str
    CODE = "code"  # str, a code of the list
    CODES = "codes"  # tuple[str, ...]
    DATE = "date"  # datetime.date
    MONEY = "money"  # int, fen
    INTEGER = "integer"  # int
    NUMBER = "number"  # decimal.Decimal
    YES_NO = "yes_no"  # bool
    TEXTS = "texts"  # tuple[str, ...]
    ID_NUMBER = "id_number"  # str, 18 characters
    PHONE = "phone"  # str
    ACCOUNT = "account"  # str of digits
    CREDIT_CODE = "credit_code"  # str, 18 characters


KIND_LABELS: Mapping[Kind, str] = {
    Kind.TEXT: "文字",
    Kind.CODE: "代码或名称（单选）",
    Kind.CODES: "代码或名称（可多选，用顿号隔开）",
    Kind.DATE: "日期",
    Kind.MONEY: "金额（元，最多两位小数）",
    Kind.INTEGER: "整数",
    Kind.NUMBER: "数字",
    Kind.YES_NO: "是 / 否",
    Kind.TEXTS: "文字（可多项，用顿号隔开）",
    Kind.ID_NUMBER: "18 位身份证号（文本格式）",
    Kind.PHONE: "电话号码（文本格式）",
    Kind.ACCOUNT: "银行账号（文本格式）",
    Kind.CREDIT_CODE: "18 位统一社会信用代码（文本格式）",
}


def normal(text: str) -> str:
    """Return the text in half-width form without spaces at its ends and control characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c.isprintable() or c == "\n").strip()


def tidy(text: str) -> str:
    """Return the text with half-width letters and digits; Chinese punctuation stays as it is."""
    if not text.isascii():
        text = text.translate(_HALF_WIDTH)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return text.strip()


def label_key(text: str) -> str:
    """Return what two spellings of one label have in common: no spaces, stars, bracketed remarks."""
    folded = normal(text)
    bare = _NOISE.sub("", _REMARKS.sub("", folded)) or _NOISE.sub("", folded)
    return bare.casefold()


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list: the code, its Chinese label and further spellings."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """A closed list; cells may hold a code, its label or an alias."""

    name_zh: str
    entries: tuple[Code, ...]

    @cached_property
    def by_spelling(self) -> Mapping[str, str]:
        """Return codes by the spellings as they stand in the list, for the common case."""
        return {
            spelling: entry.code
            for entry in self.entries
            for spelling in (entry.code, entry.label, *entry.aliases)
        }

    @cached_property
    def by_key(self) -> Mapping[str, str]:
        """Return codes by what all accepted spellings have in common."""
        return {label_key(spelling): code for spelling, code in self.by_spelling.items()}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Return Chinese labels by code."""
        return {entry.code: entry.label for entry in self.entries}


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column. `minimum` and `maximum` bound numbers (fen for money); `limit` bounds characters.

    A `sensitive` column's content never reaches a message, a log or a `repr`.
    """

    name_zh: str
    name: str
    kind: Kind
    required: bool = False
    codes: CodeList | None = None
    aliases: tuple[str, ...] = ()
    help_zh: str = ""
    example: str = ""
    minimum: int | None = None
    maximum: int | None = None
    limit: int = 500
    sensitive: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` is the column whose value other sheets refer to."""

    name_zh: str
    name: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    required: bool = True
    key: str = ""
    by_header: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings: dict[str, Column] = {}
        for column in self.columns:
            for spelling in (column.name_zh, column.name, *column.aliases):
                if spellings.setdefault(label_key(spelling), column) is not column:
                    raise ValueError(f"two columns of {self.name} are called {spelling}")
        object.__setattr__(self, "by_header", spellings)

    def is_called(self, title: str) -> bool:
        """Return whether a sheet of that title is meant."""
        return label_key(title) in {label_key(n) for n in (self.name_zh, self.name, *self.aliases)}

    def column(self, name: str) -> Column:
        """Return the column of that name; raise KeyError if there is none."""
        return next_or_raise((c for c in self.columns if c.name == name), name)


def next_or_raise(found: Iterable[Column], name: str) -> Column:
    """Return the first column; raise KeyError with the name if there is none."""
    for column in found:
        return column
    raise KeyError(name)
