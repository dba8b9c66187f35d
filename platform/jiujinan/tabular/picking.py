"""Single rows of a sheet's part without parsing the others: for giving back a few bad rows of a hundred thousand."""

import re
import zipfile
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import XML, Element  # declarations are refused beforehand

_BEGIN = re.compile(rb"(<worksheet\b[^>]*>).*?<sheetData>", re.DOTALL)
_ROW = re.compile(rb"<row\b")
_NUMBERED = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_END, _CLOSING = b"</row>", b"</worksheet>"
_WINDOW = 1 << 16


class NotPlain(ValueError):
    """The part is not written as usual (prefixes, rows without numbers): read it row by row."""


def picked(archive: zipfile.ZipFile, part: str, wanted: Collection[int]) -> Iterator[tuple[int, Element]]:
    """
    Yield the wanted rows, each with its number, in order; raise NotPlain before the first that would not be sure.

    What lies between is searched for row numbers as bytes, thirty times as fast as parsing it.
    """
    last = max(wanted, default=0)
    with archive.open(part) as stream:
        begin, rest = _begin(stream)
        while chunk := stream.read(_WINDOW):
            rest += chunk
            end = rest.rfind(_END) + len(_END)
            if end < len(_END):
                continue
            window, rest = rest[:end], rest[end:]
            yield from _of_window(begin, window, wanted)
            if int(_NUMBERED.findall(window)[-1]) >= last:
                return
        if _END in rest:
            yield from _of_window(begin, rest[: rest.rfind(_END) + len(_END)], wanted)


def _begin(stream: object) -> tuple[bytes, bytes]:
    """Return the part's opening tag, which declares the names that rows use, and what was read behind `sheetData`."""
    read = b""
    while chunk := stream.read(_WINDOW):  # type: ignore[attr-defined]  # a file of the archive
        read += chunk
        found = _BEGIN.search(read)
        if found is not None:
            return found[1], read[found.end() :]
    raise NotPlain


def _of_window(begin: bytes, window: bytes, wanted: Collection[int]) -> Iterator[tuple[int, Element]]:
    numbers = [int(number) for number in _NUMBERED.findall(window)]
    if len(numbers) != len(_ROW.findall(window)):
        raise NotPlain
    if not any(number in wanted for number in numbers):
        return
    for row in XML(begin + window + _CLOSING):
        number = int(row.get("r", "0"))
        if number in wanted:
            yield number, row
