"""Pictures and files say more than they show: refuse text inside them, and name them anew."""

from hashlib import sha256

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_PICTURE_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"}
)
JPEG_START, JPEG_END, JPEG_SCAN = 0xD8, 0xD9, 0xDA
JPEG_JFIF = 0xE0
JPEG_APPLICATIONS = range(0xE0, 0xF0)
JPEG_COMMENT = 0xFE
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
