"""Pictures carry nothing but the picture, and their names say nothing."""

import struct
import zlib

import pytest

from needs.anonymise.pictures import PNG_SIGNATURE, is_bare_picture, public_file_name


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\0"))
PNG = PNG_SIGNATURE + HEADER + PIXELS + chunk(b"IEND")
JFIF = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
SCAN = b"\xff\xda\x00\x08\x01\x01\0\0\x3f\0\x12\x34\xff\xd9"
JPEG = b"\xff\xd8" + JFIF + SCAN


@pytest.mark.parametrize("data", [PNG, JPEG])
def test_a_picture_alone_is_bare(data: bytes) -> None:
    assert is_bare_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        PNG_SIGNATURE + HEADER + chunk(b"tEXt", b"Author\0Wang") + PIXELS + chunk(b"IEND"),
        PNG_SIGNATURE + HEADER + chunk(b"eXIf", b"place") + PIXELS + chunk(b"IEND"),
        PNG_SIGNATURE + HEADER + chunk(b"prVt", b"anything") + PIXELS + chunk(b"IEND"),
        PNG + "王建国".encode(),
        PNG[:-6],
        b"\xff\xd8" + JFIF + b"\xff\xe1\x00\x08Exif\0\0" + SCAN,
        b"\xff\xd8" + JFIF + b"\xff\xfe\x00\x06name" + SCAN,
        JPEG + b"name",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"<svg/>",
        b"",
    ],
)
def test_anything_beside_the_picture_is_refused(data: bytes) -> None:
    assert not is_bare_picture(data)


def test_a_public_file_name_says_nothing_about_the_given_one() -> None:
    names = {public_file_name(PNG, name) for name in ("王建国住院照片.png", "IMG_20260305.PNG")}
    assert len(names) == 1
    assert names.pop().endswith(".png")


@pytest.mark.parametrize("name", ["a.svg", "a", "a.png.exe", ""])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="PNG and JPEG"):
        public_file_name(PNG, name)
