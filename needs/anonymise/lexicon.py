"""Word lists for finding names: read once from the `.txt` files beside this module."""

from functools import cache
from importlib import resources


@cache
def _read(name: str) -> frozenset[str]:
    """Return the words of a list; words are separated by blanks, `#` begins a comment."""
    source = resources.files("needs.anonymise").joinpath("wordlists", f"{name}.txt")
    lines = source.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


CLEAR_SURNAMES = _read("surnames_clear")  # a character that as a word of its own is hardly ever else
DOUBTFUL_SURNAMES = _read("surnames_doubtful")  # also an everyday word
COMPOUND_SURNAMES = _read("surnames_compound")
FOREIGN_SURNAMES = _read("surnames_foreign")
LATIN_WORDS = frozenset(word.lower() for word in _read("latin_words"))  # with a capital, and nobody's name
SURNAMES_IN_SLOTS = _read("surnames_in_slots")
SURNAMES = CLEAR_SURNAMES | DOUBTFUL_SURNAMES
GIVEN_CHARACTERS = frozenset("".join(_read("given_characters")))
SOUND_CHARACTERS = frozenset("".join(_read("sound_characters")))  # that foreign names are written with
TITLES = _read("titles")
PERSON_TITLES = _read("person_titles")
CUES = _read("cues")
FORMS_OF_ADDRESS = _read("forms_of_address")
NOT_NAMES = _read("not_names")
GENERAL_PLACES = _read("general_places")  # too wide or too general to lead to anybody
NEVER_IN_NAMES = frozenset("".join(_read("never_in_names"))) - GIVEN_CHARACTERS - SOUND_CHARACTERS - SURNAMES
NAME_CHARACTERS = GIVEN_CHARACTERS | SOUND_CHARACTERS | SURNAMES
PEOPLE = _read("people")  # ordinary words for people, which stand where names do
BEFORE_PEOPLE = frozenset(word.lstrip("=") for word in _read("before_people"))
TITLES_BEFORE = _read("titles_before")
ONLY_BEFORE_PEOPLE = frozenset(word[1:] for word in _read("before_people") if word[0] == "=")
AFTER_PEOPLE = frozenset(word.lstrip("=") for word in _read("after_people"))
ONLY_AFTER_PEOPLE = frozenset(word[1:] for word in _read("after_people") if word[0] == "=")
MINORITY_PARTS = _read("minority_names")
EVERYDAY_GIVEN_NAMES = _read("given_names_everyday")
GIVEN_NAMES = _read("given_names") - EVERYDAY_GIVEN_NAMES
