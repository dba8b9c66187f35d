"""The picture for sharing a project, page or profile, 1200 × 630 pixels as networks ask for it (Open Graph)."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from cms.site.cards.fonts import Face, face

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
GROUND, INK, MUTED = "#f3f6f7", "#13212a", "#4c5d68"
PRIMARY, CRITICAL, TRACK, COVERED = "#0b5966", "#a82a18", "#dde5e9", "#5fa8b4"
TITLE_LINES, WORD_LINES = 3, 2
BAR_TOP, BAR_HEIGHT = 470, 28


@dataclass(frozen=True)
class Card:
    """What a card shows, ready to be read; the same as the page shows. Without shares (percent) it has no bar."""

    brand: str
    place: str
    title: str
    words: str
    covered: int | None = None
    delivered: int = 0


def drawn(card: Card) -> bytes:
    """Return the card as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 12), fill=PRIMARY)
    _mark(pen, MARGIN, 56)
    pen.text((MARGIN + 76, 58), card.brand, font=face(38, bold=True)[0], fill=INK)
    pen.text((MARGIN, 150), card.place, font=face(32)[0], fill=MUTED)
    large, small = face(56, bold=True)[0], face(34)[0]
    for line, text in enumerate(_wrapped(pen, card.title, font=large, lines=TITLE_LINES)):
        pen.text((MARGIN, 205 + line * 78), text, font=large, fill=INK)
    if card.covered is not None:
        _bar(pen, card.covered, card.delivered)
    for line, text in enumerate(_wrapped(pen, card.words, font=small, lines=WORD_LINES)):
        pen.text((MARGIN, BAR_TOP + 40 + line * 50), text, font=small, fill=INK)
    kept = BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _mark(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """Draw the ring with its missing piece."""
    box = (left, top, left + 56, top + 56)
    pen.arc(box, 0, 360, fill=PRIMARY, width=11)
    pen.arc(box, 272, 333, fill=CRITICAL, width=11)


def _bar(pen: ImageDraw.ImageDraw, covered: int, delivered: int) -> None:
    inner = WIDTH - 2 * MARGIN
    for colour, share in ((TRACK, 100), (COVERED, covered), (PRIMARY, delivered)):
        if share:
            right = MARGIN + max(BAR_HEIGHT, inner * share // 100)
            pen.rounded_rectangle(
                (MARGIN, BAR_TOP, right, BAR_TOP + BAR_HEIGHT), BAR_HEIGHT // 2, fill=colour
            )


def _wrapped(pen: ImageDraw.ImageDraw, text: str, *, font: Face, lines: int) -> Iterator[str]:
    """Yield the text in at most so many lines, broken between Chinese signs or English words."""
    inner = WIDTH - 2 * MARGIN
    rest = text.strip()
    for line in range(lines):
        if not rest:
            return
        end = len(rest)
        while end > 1 and pen.textlength(rest[:end], font=font) > inner:
            end -= 1
        if end < len(rest) and rest[end - 1].isascii() and rest[end].isascii() and " " in rest[:end]:
            end = rest[:end].rindex(" ") + 1
        if line == lines - 1 and end < len(rest):
            yield rest[: end - 1].rstrip() + "…"
            return
        yield rest[:end].strip()
        rest = rest[end:].strip()
