"""Single rows of a sheet's part without parsing the others: for giving back a few bad rows of a hundred thousand."""

import re
import zipfile
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from jiujinan.tabular.windows import NotPlain, windows

_ROW = re.compile(rb"<row\b")
_NUMBERED = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')


def picked(archive: zipfile.ZipFile, part: str, wanted: Collection[int]) -> Iterator[tuple[int, Element]]:
    """
    Yield the wanted rows, each with its number, in order; raise NotPlain before the first that would not be sure.

    What lies between is searched for row numbers as bytes, thirty times as fast as parsing it.
    """
    last = max(wanted, default=0)
    for window in windows(archive, part):
        numbers = [int(number) for number in _NUMBERED.findall(window.text)]
        if len(numbers) != len(_ROW.findall(window.text)):
            raise NotPlain
        if any(number in wanted for number in numbers):
            for row in window.rows():
                number = int(row.get("r", "0"))
                if number in wanted:
                    yield number, row
        if numbers[-1] >= last:
            return
