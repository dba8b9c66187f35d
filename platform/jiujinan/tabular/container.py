"""What kind of file it is, and whether it is safe to open: decided from its content, not its name."""

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from jiujinan.tabular.limits import MEGABYTE, Limits
from jiujinan.tabular.outcome import FileError

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and every encrypted workbook
_ENCRYPTED = 0x1
_HEAD_BYTES = 64 * 1024
_REMARK = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY|--)|<\?", re.IGNORECASE)  # or a remark that does not end
_ROOT = re.compile(rb"<[A-Za-z_]")


class Format(StrEnum):
    """The two forms that are read."""

    XLSX = "xlsx"
    CSV = "csv"


def examine(path: Path, limits: Limits) -> Format:
    """Return the file's form; raise `FileError` if it is too large, unsafe or of another form."""
    if not path.is_file():
        raise FileError("file_missing")
    size = path.stat().st_size
    if size == 0:
        raise FileError("empty_file")
    if size > limits.file_bytes:
        raise FileError("file_too_large", limit_mb=limits.file_bytes // MEGABYTE)
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == _OLE:
        raise FileError("old_excel")
    if magic not in (_ZIP, _EMPTY_ZIP):
        return Format.CSV
    try:
        with zipfile.ZipFile(path) as archive:
            _examine_archive(archive, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise error if isinstance(error, FileError) else FileError("unreadable") from error
    return Format.XLSX


def _examine_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileError("old_excel")
    if "[Content_Types].xml" not in names:
        raise FileError("unreadable")
    _examine_sizes(parts, limits)
    if any(name.endswith("vbaProject.bin") for name in names) or (
        b"macroEnabled" in archive.read("[Content_Types].xml")
    ):
        raise FileError("macros")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _examine_head(archive, part)


def _examine_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Judge the declared sizes: the reading side never unpacks more of a part than it declares."""
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    shared = sum(p.file_size for p in parts if p.filename.endswith("sharedStrings.xml"))
    if unpacked > limits.unpacked_bytes or shared > limits.shared_text_bytes:
        raise FileError("zip_bomb")
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio:
        raise FileError("zip_bomb")


def _examine_head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that declares anything before its root element, in UTF-8 or UTF-16."""
    with archive.open(part) as stream:
        head = _REMARK.sub(b"", stream.read(_HEAD_BYTES).replace(b"\x00", b""))
    if _DECLARATION.search(head) or not _ROOT.search(head):
        raise FileError("unsafe_xml")
