"""Pictures carry nothing but the picture, and their names say nothing."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from needs.anonymise.pictures import PNG_SIGNATURE, NoPicture, is_bare_picture, public_file_name, redrawn


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


SECRET = "王建国 大坪村3组"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()


def picture(kind: str, **kept: Any) -> bytes:
    """Return a small two-coloured picture with whatever is written beside it."""
    image = Image.new("RGB", (24, 12), "white")
    image.paste("black", (0, 0, 12, 12))
    file = BytesIO()
    image.save(file, format=kind, **kept)
    return file.getvalue()


def exif() -> Image.Exif:
    """Return EXIF with an owner, a description, a place and a way up."""
    told = Image.Exif()
    told[0x010E], told[0x013B], told[0x0112] = SECRET, SECRET, 6
    told.get_ifd(0x8825)[1] = "N"
    return told


def png_text() -> PngImagePlugin.PngInfo:
    """Return PNG text chunks: plain, compressed and international."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "wang jianguo")
    told.add_text("Comment", "wang jianguo", zip=True)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return told


def iptc_jpeg() -> bytes:
    """Return a JPEG with an IPTC caption in a Photoshop segment, and a thumbnail-like tail."""
    caption = SECRET.encode()
    block = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    segment = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + plain[2:] + caption


TALKATIVE = {
    "exif": picture("JPEG", exif=exif()),
    "comment": picture("JPEG", comment=SECRET.encode()),
    "xmp": picture("JPEG", xmp=XMP),
    "iptc": iptc_jpeg(),
    "profile": picture("JPEG", icc_profile=SECRET.encode() * 20),
    "png text": picture("PNG", pnginfo=png_text()),
    "png exif": picture("PNG", exif=exif()),
    "png tail": picture("PNG") + SECRET.encode(),
    "gif comment": picture("GIF", comment=SECRET.encode()),
    "webp": picture("WEBP", exif=exif(), xmp=XMP),
}


@pytest.mark.parametrize("data", TALKATIVE.values(), ids=TALKATIVE.keys())
def test_a_picture_drawn_anew_says_nothing_but_itself(data: bytes) -> None:
    assert not is_bare_picture(data)
    drawn = redrawn(data)
    assert is_bare_picture(drawn)
    for word in (SECRET.encode(), "王建国".encode(), b"wang jianguo", b"adobe"):
        assert word not in drawn
    image = Image.open(BytesIO(drawn))
    assert not image.getexif()
    assert sorted(image.size) == [12, 24]


def test_the_way_up_is_kept_by_turning_the_picture() -> None:
    assert Image.open(BytesIO(redrawn(TALKATIVE["exif"]))).size == (12, 24)
    assert Image.open(BytesIO(redrawn(TALKATIVE["comment"]))).size == (24, 12)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", PNG[:30], b"%PDF-1.7", "王建国".encode()])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        redrawn(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@given(cut=st.floats(0.05, 1.0), place=st.floats(0, 1), noise=st.binary(min_size=1, max_size=6))
def test_a_broken_picture_is_refused_or_drawn_bare_and_nothing_else(
    kind: str, cut: float, place: float, noise: bytes
) -> None:
    whole = TALKATIVE["png text"] if kind == "PNG" else picture(kind)
    at = int(place * (len(whole) - 1))
    data = (whole[:at] + noise + whole[at + len(noise) :])[: int(cut * len(whole))]
    with suppress(NoPicture):
        assert is_bare_picture(redrawn(data))
