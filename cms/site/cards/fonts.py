"""A typeface for pictures: one that writes Chinese where the machine has one, else Pillow's own."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont
# Where Debian, Fedora, Alpine and macOS keep a typeface that writes Chinese.
KNOWN = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-{weight}.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-{weight}.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
SIMPLIFIED = 2  # the place of Simplified Chinese in Noto's collections


@lru_cache(maxsize=32)
def face(size: int, *, bold: bool = False) -> tuple[Face, bool]:
    """Return a typeface of so many pixels, and whether it writes Chinese."""
    for path in _candidates(bold):
        if Path(path).is_file():
            index = SIMPLIFIED if "NotoSansCJK" in path else 0
            return ImageFont.truetype(path, size, index=index), True
    return ImageFont.load_default(size), False


def _candidates(bold: bool) -> list[str]:
    chosen = [settings.CARD_FONT] if settings.CARD_FONT else []
    return [*chosen, *(path.format(weight="Bold" if bold else "Regular") for path in KNOWN)]
