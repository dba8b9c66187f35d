"""How large a file may be; the reader refuses more before it unpacks or parses it."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file, of what it unpacks to, and of one sheet."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 600 * MEGABYTE
    shared_text_bytes: int = 150 * MEGABYTE  # held in memory whole
    ratio: int = 150  # of unpacked to packed size, looked at above `ratio_from_bytes`
    ratio_from_bytes: int = 20 * MEGABYTE
    rows: int = 200_000
    columns: int = 100
    blank_run: int = 10_000
    header_within: int = 20


DEFAULT = Limits()
