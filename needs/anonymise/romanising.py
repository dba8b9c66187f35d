"""What a known Chinese name looks like in Latin letters."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

READINGS = 16  # at most so many readings of a name with characters of several sounds
SHORTEST_INITIALS = 3


@lru_cache(maxsize=4096)
def romanised(name: str) -> frozenset[str]:
    """
    Return the spellings of a name in pinyin, in small letters without blanks.

    Both orders, the given name alone, the initials of a name of three characters or more; ü as u, v and yu.
    Source: GB/T 28039-2011 (how Chinese names are spelt), and habit.
    """
    from pypinyin import Style, pinyin

    sounds = pinyin(name, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    if len(sounds) < 2:
        return frozenset()
    found: set[str] = set()
    for reading in islice(product(*sounds), READINGS):
        found.update(_spellings(list(reading)))
    return frozenset(found)


def _spellings(reading: list[str]) -> Iterator[str]:
    for vowel in ("v", "u", "yu"):
        surname, *given = [sound.replace("v", vowel) for sound in reading]
        together = "".join(given)
        yield surname + together
        yield together + surname
        if len(given) > 1:
            yield together
        if len(reading) >= SHORTEST_INITIALS:
            yield "".join(sound[0] for sound in reading)
