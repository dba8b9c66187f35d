"""How a Chinese name sounds, as coarsely as clerks hear it: Mandarin without tones, dialects' pairs as one.

Pure. 李建国, 李健国 and 黎建国 sound the same; so do names whose zh/z, ch/c, sh/s, ing/in, eng/en, ang/an and l/n
only some speakers tell apart.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

_PAIRS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
_CHARACTERS = 20_000
_UMLAUT = "u\u0308"


def sound(name: str) -> str:
    """Return the name's syllables joined by spaces; what is no Chinese character stands for itself."""
    return " ".join(syllable(character) for character in name if not character.isspace())


def reading(character: str) -> str | None:
    """Return one character's first reading, in pinyin without its tone (ü as v); None for what is no character."""
    readings = _readings().get(ord(character))
    if readings is None:
        return None
    letters = unicodedata.normalize("NFD", readings.partition(",")[0]).replace(_UMLAUT, "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=_CHARACTERS)
def syllable(character: str) -> str:
    """Return one character's first reading, folded."""
    readings = _readings().get(ord(character))
    if readings is None:
        return character.casefold()
    first = readings.partition(",")[0]
    bare = "".join(c for c in unicodedata.normalize("NFD", first) if not unicodedata.combining(c))
    for sharp, blunt in _PAIRS:
        bare = bare.replace(sharp, blunt)
    return "l" + bare[1:] if bare.startswith("n") else bare


@cache
def _readings() -> Mapping[int, str]:
    """Return pypinyin's readings by character, without its phrases: those alone would take 50 MB of every process."""
    package = find_spec("pypinyin")
    assert package is not None
    assert package.origin is not None
    found = spec_from_file_location("_readings", Path(package.origin).with_name("pinyin_dict.py"))
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    readings: Mapping[int, str] = module.pinyin_dict
    return readings
