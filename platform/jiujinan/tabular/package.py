"""
The parts of an .xlsx file that rows need: which sheets there are, shared texts, which styles are dates.

After ECMA-376 part 1 (SpreadsheetML) and part 2 (packages). Parsed with the standard library, because
a general reader spends most of its time on what a plain table does not need.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, iterparse  # declarations are refused beforehand

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

_RELATIONS = "_rels"
_TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet's title and the archive's part that holds it."""

    title: str
    part: str


@dataclass(frozen=True, slots=True)
class Package:
    """What the cells of every sheet refer to."""

    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...]
    date_styles: frozenset[str]
    epoch: datetime


def open_package(archive: zipfile.ZipFile) -> Package:
    """Return the workbook's facts; raise KeyError, ValueError or ParseError if it is damaged."""
    main = next(path for kind, path in _relations(archive, "").values() if kind == "officeDocument")
    parts = dict(_relations(archive, main).values())
    sheets, is_1904 = _workbook(archive, main)
    return Package(
        sheets=sheets,
        texts=tuple(_texts(archive, parts["sharedStrings"])) if "sharedStrings" in parts else (),
        date_styles=frozenset(_date_styles(archive, parts["styles"])) if "styles" in parts else frozenset(),
        epoch=CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900,
    )


def elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[Element]:
    """Yield every element of that local name when it is complete, and forget it afterwards."""
    ending = "}" + name
    with archive.open(part) as stream:
        for _, element in iterparse(stream):  # noqa: S314  # declarations are refused beforehand
            if element.tag.endswith(ending) or element.tag == name:
                yield element
                element.clear()


def plain_text(element: Element) -> str:
    """Return the text of a string item: its runs without their styles and phonetic hints."""
    if len(element) == 1 and not len(element[0]):
        return element[0].text or ""
    pieces = []
    for child in element:
        if child.tag.endswith("}t"):
            pieces.append(child.text or "")
        elif child.tag.endswith("}r"):
            pieces.extend(piece.text or "" for piece in child if piece.tag.endswith("}t"))
    return "".join(pieces)


def _workbook(archive: zipfile.ZipFile, main: str) -> tuple[tuple[SheetPart, ...], bool]:
    relations = _relations(archive, main)
    sheets, is_1904 = [], False
    with archive.open(main) as stream:
        for _, element in iterparse(stream):  # noqa: S314  # declarations are refused beforehand
            if element.tag.endswith("}workbookPr"):
                is_1904 = element.get("date1904", "") in _TRUE
            elif element.tag.endswith("}sheet"):
                kind, path = relations[_relation_id(element)]
                if kind == "worksheet":
                    sheets.append(SheetPart(element.get("name", ""), path))
    return tuple(sheets), is_1904


def _relation_id(element: Element) -> str:
    return next(value for name, value in element.attrib.items() if name.endswith("}id"))


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return kind and path of what a part refers to, by the reference's id."""
    folder, name = posixpath.split(part)
    found = {}
    for element in elements(archive, posixpath.join(folder, _RELATIONS, name + ".rels"), "Relationship"):
        path = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
        kind = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = (kind, path.lstrip("/"))
    return found


def _texts(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    for element in elements(archive, part, "si"):
        yield plain_text(element)


def _date_styles(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Yield the numbers of the cell styles that show a date."""
    formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    for element in elements(archive, part, "numFmt"):
        formats[element.get("numFmtId", "")] = element.get("formatCode", "")
    for table in elements(archive, part, "cellXfs"):
        for number, style in enumerate(table):
            if is_date_format(formats.get(style.get("numFmtId", ""), "General")):
                yield str(number)
