"""A sentence is read by what the field and the map know in it; the rest only ranks."""

import pytest

from needs.catalogue.lexicon import Lexicon
from needs.catalogue.question import Note
from needs.catalogue.reading import Reading, readings

LEXICON = Lexicon.of(["松岭市", "青禾县"])
MOST_WORTH = 99  # what a cursor can hold of a level


def first_words(reading: Reading) -> list[str]:
    return [words[0] for words in reading.hard]


def test_the_words_of_the_field_are_asked_for_when_a_sentence_as_a_whole_finds_nothing() -> None:
    whole, core, *_ = readings("村口那位大哥的孩子上不起学", LEXICON)
    assert whole.note is Note.AS_ASKED
    assert first_words(core) == ["上不起学"]
    assert core.note is Note.SOME_WORDS


def test_a_division_is_one_word_whatever_the_dictionary_makes_of_it() -> None:
    reading = next(iter(readings("松岭市残疾人", LEXICON)))
    assert first_words(reading) == ["松岭", "岭市", "残疾人"]


def test_the_place_is_kept_longest_when_words_are_passed_over() -> None:
    kept = [first_words(one) for one in readings("青禾县 火灾 轮椅", LEXICON) if one.note is Note.SOME_WORDS]
    assert kept[:2] == [["轮椅", "青禾", "禾县"], ["火灾", "青禾", "禾县"]]


@pytest.mark.parametrize(
    "text", ["松岭市 火灾 轮椅 学费 老人 紧急 冬天 捐款 其他 词语 说明 文字", "火灾" * 99, "a b c d e f g h"]
)
def test_a_cursor_can_hold_what_any_reading_is_worth(text: str) -> None:
    found = list(readings(text, LEXICON))
    assert found
    assert all(sum(worth for _, worth in reading.ranks) <= MOST_WORTH for reading in found)


def test_a_text_without_a_word_has_no_reading() -> None:
    assert list(readings("！？ 🙂", LEXICON)) == []
