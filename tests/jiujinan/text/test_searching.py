"""What documents store and queries ask: the same tokens, whatever the spelling."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.text import highlight, query_terms, search_terms, segment
from jiujinan.text.searching import MAX_QUERY_TERMS
from jiujinan.text.synonyms import synonym_groups

DOCUMENT = "某县一户低保家庭的主要劳动力因患重大疾病住院，医疗费用尚缺1万元以上，急需帮助。"


def answers(document: str, query: str) -> bool:
    stored = set(search_terms(document).split())
    return all(stored.intersection(alternatives) for alternatives in query_terms(query))


def test_segments_hold_words_and_overlapping_pairs() -> None:
    tokens = segment("医疗救助")
    assert {"医疗", "疗救", "救助"} <= set(tokens)


def test_segments_hold_no_punctuation() -> None:
    assert segment("，。！ 😀 — ()") == []


def test_letters_and_digits_are_folded_to_small_letters() -> None:
    assert segment("ＩＣＵ 2024") == ["icu", "2024"]


@pytest.mark.parametrize(
    "query",
    [
        "大病",
        "重病",
        "重疾",
        "重大疾病",
        "大病 低保",
        "低保家庭大病",
        "serious illness",
        "看病",
        "急",
    ],
)
def test_a_document_answers_queries_in_other_words(query: str) -> None:
    assert answers(DOCUMENT, query)


@pytest.mark.parametrize("query", ["重大疾病醫療費用", "低保家庭住院", "重疾　醫療"])
def test_a_document_answers_queries_in_traditional_script(query: str) -> None:
    assert answers(DOCUMENT, query)


def test_a_traditional_document_stores_the_tokens_of_the_simplified_one() -> None:
    assert search_terms("單親媽媽醫療費用缺口") == search_terms("单亲妈妈医疗费用缺口")


@pytest.mark.parametrize("query", ["火灾", "助学", "轮椅", "fire"])
def test_a_document_doesnt_answer_what_it_isnt_about(query: str) -> None:
    assert not answers(DOCUMENT, query)


def test_words_that_say_nothing_are_left_out() -> None:
    assert query_terms("需要轮椅的") == query_terms("轮椅")


def test_a_query_of_empty_words_still_asks_for_them() -> None:
    assert query_terms("需要") == [["需要"]]


def test_an_english_word_inside_a_longer_one_is_no_synonym() -> None:
    assert "zsynfire" not in search_terms("firewall fireworks").split()


@pytest.mark.parametrize("query", ["", "   ", "?!*()\"'", "\u200b", "😀😀"])
def test_an_empty_query_asks_for_nothing(query: str) -> None:
    assert query_terms(query) == []


def test_a_very_long_query_is_cut() -> None:
    assert len(query_terms("大病救助 " * 2000)) <= MAX_QUERY_TERMS


@given(st.text(max_size=300))
def test_every_token_is_free_of_spaces_and_syntax(text: str) -> None:
    for token in search_terms(text).split(" "):
        assert token == "" or not any(c.isspace() or c in "\"'*()&|!:" for c in token)


@given(st.text(alphabet="大病救助医疗费用儿童学费火灾家庭的在a1 ", min_size=1, max_size=12))
def test_a_document_answers_each_of_its_own_phrases(text: str) -> None:
    assert answers("前言" + text + "后记", text)


def test_highlights_stand_on_the_original_text() -> None:
    text = "一戶家庭因重大\u200b疾病住院，就學困難。"
    found = [text[start:end] for start, end in highlight(text, "大病 就学")]
    assert found == ["重大\u200b疾病", "就學"]


def test_no_word_belongs_twice_to_its_group() -> None:
    for name, words in synonym_groups().items():
        assert len(words) == len(set(words)), name


def test_importing_the_chain_loads_no_dictionary() -> None:
    code = "import sys, jiujinan.text; print('rjieba' in sys.modules or 'opencc' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
