"""Pictures and files say more than they show: draw them anew, and name them by their content."""

import struct
import zlib
from hashlib import sha256
from io import BytesIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_PICTURE_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"}
)
JPEG_START, JPEG_END, JPEG_SCAN = 0xD8, 0xD9, 0xDA
JPEG_JFIF = 0xE0
JPEG_APPLICATIONS = range(0xE0, 0xF0)
JPEG_COMMENT = 0xFE
JPEG_QUALITY = 90
# What a broken file makes the decoders raise; the warning of too many pixels is an error where somebody set it so.
BROKEN = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError, struct.error, zlib.error, Warning,
)  # fmt: skip
MOST_PIXELS = 50_000_000
EXTENSIONS = {"png": "png", "jpg": "jpg", "jpeg": "jpg"}


def is_bare_picture(data: bytes) -> bool:
    """
    Return whether a file is a PNG or JPEG picture that carries nothing beside the picture.

    EXIF (place, camera, owner), XMP, comments, colour profiles, unknown chunks and bytes after the end
    all count as something; so does any other format. Draw the picture anew to lose them.
    """
    if data.startswith(PNG_SIGNATURE):
        return _is_bare_png(data)
    return data[:2] == bytes((0xFF, JPEG_START)) and _is_bare_jpeg(data)


class NoPicture(ValueError):
    """The file is no picture that can be drawn anew; the message says why."""


def redrawn(data: bytes) -> bytes:
    """
    Return the picture drawn anew as PNG or JPEG, with nothing in the file but the picture.

    EXIF, XMP, IPTC, comments, text, profiles, thumbnails, further frames and whatever is appended are lost; the
    way up that EXIF told is kept by turning the picture. Raises NoPicture for what is no PNG, JPEG, GIF or WebP,
    and for more than 50 million pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture("the picture has too many pixels")
            is_photo = opened.format == "JPEG"
            turned = ImageOps.exif_transpose(opened)
            pixels = turned.convert("RGB" if is_photo else "RGBA")
    except (*BROKEN, UnidentifiedImageError, Image.DecompressionBombError) as wrong:
        if isinstance(wrong, NoPicture):
            raise
        raise NoPicture("only PNG, JPEG, GIF and WebP pictures are published") from wrong
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    drawn = BytesIO()
    if is_photo:
        bare.save(drawn, format="JPEG", quality=JPEG_QUALITY)
    else:
        bare.save(drawn, format="PNG")
    if not is_bare_picture(drawn.getvalue()):
        raise NoPicture("the picture could not be freed of what it carries")
    return drawn.getvalue()


def public_file_name(data: bytes, name: str) -> str:
    """
    Return a name made of the content's SHA-256 alone; ValueError unless it ends as PNG or JPEG do.

    Names that people give to files name people.
    """
    extension = EXTENSIONS.get(name.rpartition(".")[2].lower())
    if extension is None:
        message = "only PNG and JPEG pictures are published"
        raise ValueError(message)
    return f"{sha256(data).hexdigest()[:32]}.{extension}"


def _is_bare_png(data: bytes) -> bool:
    place = len(PNG_SIGNATURE)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        place += 12 + length
        if kind not in PNG_PICTURE_CHUNKS:
            return False
        if kind == b"IEND":
            return place == len(data) and length == 0
    return False


def _is_bare_jpeg(data: bytes) -> bool:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == JPEG_COMMENT or (marker in JPEG_APPLICATIONS and marker != JPEG_JFIF):
            return False
        if marker == JPEG_SCAN:
            end = data.find(bytes((0xFF, JPEG_END)), place)
            return end == len(data) - 2
        place += 2 + length
    return False
