"""A sheet read in windows gives the rows that it gives read as a stream, however it is written."""

import zipfile
from io import BytesIO
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.tabular import windows, workbook
from jiujinan.tabular.package import elements

PART = "sheet.xml"
BEGIN = b'<worksheet xmlns="urn:a" xmlns:x="urn:x"><dimension ref="A1"/><sheetData>'
rows = st.sampled_from([
    b'<row r="1"><c r="A1"><v>1</v></c></row>',
    b"<row><c><v>2</v></c></row>",
    b'<row r="7"/>',
    b"<row />",
    "<row><c t='inlineStr'><is><t>一&lt;/row&gt;二</t></is></c></row>".encode(),
    b"<row><c><is><t><![CDATA[</row>]]></t></is></c></row>",
    b"<!-- </row> -->",
    b"<?pause </row>?>",
    b"<x:row><x:c/></x:row>",
    b"\n ",
])  # fmt: skip
ends = st.sampled_from(
    [
        b"</sheetData></worksheet>",
        b'</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>',
    ]
)
begins = st.sampled_from([
    BEGIN, b"<?xml version='1.0' encoding='UTF-8'?>\n" + BEGIN, b"<!-- <sheetData> -->" + BEGIN,
    b"\xef\xbb\xbf<?xml version='1.0'?>" + BEGIN,
])  # fmt: skip


def archive_of(text: bytes) -> zipfile.ZipFile:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(PART, text)
    return zipfile.ZipFile(kept)


def both_ways(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the rows as read in windows and as a stream."""
    archive = archive_of(text)
    return [tostring(row) for row in workbook._elements(archive, PART)], [
        tostring(row) for row in elements(archive, PART, "row")
    ]


def in_full(read: list[bytes]) -> list[bytes]:
    """Return the rows without blank ones at the end, which hold nothing, and without what stands behind each."""
    held = [row.strip() for row in read]
    while held and b"/>" in held[-1] and held[-1].count(b"<") == 1:
        held.pop()
    return held


@given(begins, st.lists(rows, max_size=9), ends, st.sampled_from([20, 90, 1 << 14]))
def test_rows_are_the_same_as_read_as_a_stream(
    begin: bytes, body: list[bytes], end: bytes, window: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "_WINDOW", window)
        in_windows, as_a_stream = both_ways(begin + b"".join(body) + end)
    assert in_full(in_windows) == in_full(as_a_stream)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
def test_a_part_in_another_encoding_is_read_as_it_says(encoding: str) -> None:
    begin = f'<?xml version="1.0" encoding="{encoding}"?>' + BEGIN.decode()
    text = begin + "<row><c><v>é</v></c></row></sheetData></worksheet>"
    in_windows, as_a_stream = both_ways(text.encode(encoding))
    assert in_windows == as_a_stream
    assert b"&#233;" in in_windows[0]


def test_a_row_without_an_end_is_not_searched_for_again_and_again() -> None:
    long = BEGIN + b"<row>" + b"<c/>" * (windows._LONGEST // 3) + b"</row></sheetData></worksheet>"
    with pytest.raises(windows.NotPlain):
        list(windows.windows(archive_of(long), PART))
    in_windows, as_a_stream = both_ways(long)
    assert in_windows == as_a_stream
