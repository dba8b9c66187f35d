"""
Rows of a sheet's part, many at a time: cut as bytes where rows end, each piece parsed at once.

Parsed as a stream, every cell and every text in it is an event that Python has to look at, which takes longer than all
else. A part that is not written as usual raises NotPlain, and is read as a stream.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import XML, Element  # declarations are refused beforehand

_BEGIN = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml\b(?P<told>[^>]*)\?>)?\s*(?P<tag><worksheet\b[^>]*>).*?<sheetData>",
    re.DOTALL,
)
_ENCODED = re.compile(rb"""encoding\s*=\s*["'](?!utf-8)""", re.IGNORECASE)
_HIDING = (b"<![CDATA[", b"<!--", b"<?")  # in these, `</row>` would end nothing
_REST = re.compile(rb"\s*(?:<row\b[^>]*/>\s*)*</sheetData>")
_ROW_END, _END = b"</row>", b"</worksheet>"
_LONGEST = 1 << 20  # bytes that one row may take
_WINDOW = 1 << 14  # bytes; more rows at once only make the garbage collector look at them


class NotPlain(ValueError):
    """The part is not written as usual (prefixes, another encoding, comments): read it as a stream."""


class Window:
    """Some whole rows, as bytes that can be searched and as trees."""

    def __init__(self, begin: bytes, text: bytes) -> None:
        self.text, self._begin = text, begin

    def rows(self) -> Element:
        """Return the parent of the rows; raise ParseError."""
        return XML(self._begin + self.text + _END)  # declarations are refused beforehand


def windows(archive: zipfile.ZipFile, part: str) -> Iterator[Window]:
    """Yield the rows that hold something, in order; raise NotPlain where that would not be sure, before or between."""
    with archive.open(part) as stream:
        begin, rest = _begin(stream)
        chunk = b"begun"
        while chunk:
            end = rest.rfind(_ROW_END) + len(_ROW_END)
            if end >= len(_ROW_END):
                yield _window(begin, rest[:end])
                rest = rest[end:]
            chunk = stream.read(_WINDOW)
            rest += chunk
            if len(rest) > _LONGEST:
                raise NotPlain
        if not _REST.match(rest):
            raise NotPlain


def _begin(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Return the part's opening tag, which declares the names that rows use, and what was read behind `sheetData`."""
    read = b""
    while chunk := stream.read(_WINDOW):
        read += chunk
        found = _BEGIN.search(read)
        if found is not None:
            if _ENCODED.search(found["told"] or b"") or any(mark in found[0] for mark in _HIDING[:2]):
                raise NotPlain
            return found["tag"], read[found.end() :]
        if len(read) > _LONGEST:
            break
    raise NotPlain


def _window(begin: bytes, text: bytes) -> Window:
    if any(mark in text for mark in _HIDING):
        raise NotPlain
    return Window(begin, text)
