"""Free text: known values in every spelling, checked numbers, unknown names, and what blocks a text."""

import base64
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.anonymise_texts import draw_text
from needs.anonymise.numbers import ID_CHECKS, ID_WEIGHTS, is_id_number, is_old_id_number, passes_luhn
from needs.anonymise.redact import LONGEST_TEXT, MASK, answer, redact
from needs.anonymise.spans import Kind

ID_NUMBER = "11010519491231002X"
KNOWN = [
    "王建国",
    "李秀兰",
    ID_NUMBER,
    "13800138000",
    "大坪村",
    "安和县人民医院",
    "安和县第一中学",
    "华丰纺织有限公司",
    "安和县河口镇大坪村3组12号",
]


def is_gone(text: str, known: list[str] | None = None) -> bool:
    """Return whether every letter and digit of the text is masked."""
    redacted = redact(text, KNOWN if known is None else known)
    return not any(character.isalnum() for character in redacted.text)


@pytest.mark.parametrize(
    "text",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
        "110105-19491231-002X",
        "一一〇一〇五一九四九一二三一〇〇二X",
        "壹壹零壹零伍壹玖肆玖壹贰叁壹零零贰X",
        "11010519491231002Х",
        "11010519491231002×",
        "11010519491231002χ",
        "110105\u200b19491231\u202e002X",
        "110105\n19491231\n002X",
        "①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X",
        "𝟏𝟏𝟎𝟏𝟎𝟓𝟏𝟗𝟒𝟗𝟏𝟐𝟑𝟏𝟎𝟎𝟐𝐗",
    ],
)
@pytest.mark.parametrize("known", [KNOWN, []])
def test_an_identity_number_is_masked_in_every_spelling_known_or_not(text: str, known: list[str]) -> None:
    assert is_gone(text, known)


@pytest.mark.parametrize(
    "text",
    [
        "138\n0013\n8000",
        "138😀0013😀8000",
        "138 - 0013 - 8000",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "1一3八0零0一3八〇00",
        "l38OOl38OOO",
        "86 138 0013 8000",
        "1、3、8、0、0、1、3、8、0、0、0",
        "1\u00ad3\u200b8\u200c0\u200d0\u20601\ufeff38000",
        "00083100831",
        "138****8000",
        "138xxxx8000",
    ],
)
def test_a_phone_number_is_masked_in_every_spelling(text: str) -> None:
    assert is_gone(text)


def test_the_digits_of_a_known_number_are_found_with_words_between_them() -> None:
    assert is_gone("138转0013转8000")


@pytest.mark.parametrize(
    "text",
    [
        "王建国",
        "王 建 国",
        "王-建-国",
        "王建國",
        "王\u200b建\u2066国",
        "王😀建😀国",
        "王某某",
        "王某",
        "王某国",
        "王xx",
        "王**",
        "王〇国",
        "老王",
        "小王",
        "王大爷",
        "王老汉",
        "王二",
        "王家",
        "建国",
        "小国",
        "国建王",
        "李女士",
        "秀兰",
        "兰兰",
    ],
)
def test_a_known_name_is_masked_in_every_spelling(text: str) -> None:
    redacted = redact(f"，{text}，", KNOWN)
    assert not set(text) & set("王建国國秀兰李") & set(redacted.text)


@pytest.mark.parametrize(
    "text",
    [
        "大坪村",
        "大坪",
        "人民医院",
        "一中",
        "第一中学",
        "华丰纺织",
        "3组12号",
        "三组十二号",
        "河口镇",
        "大坪三组",
    ],
)
def test_what_is_left_of_a_known_place_or_work_is_masked(text: str) -> None:
    assert is_gone(text)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("白石村", "住在白石"),
        ("禤小梅", "老禤说小梅病了"),
        ("巴特尔", "特尔和巴大哥"),
        ("歐陽娜娜", "欧阳女士，娜娜"),
        ("李", "李"),
        ("", "一切都好"),
        ("···", "一切都好"),
    ],
)
def test_known_values_of_every_shape_are_found_or_harmless(known: str, text: str) -> None:
    redacted = redact(text, [known])
    secret = set("白石禤小梅特尔巴欧阳娜李") & set(text)
    assert not secret & set(redacted.text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("卡号6222021234567890128", Kind.BANK_CARD),
        ("110105491231002", Kind.ID_NUMBER),
        ("车牌桂A·12345", Kind.PLATE),
        ("粤Ｂ Ｄ12345", Kind.PLATE),
        ("微信：abc_123", Kind.ACCOUNT),
        ("QQ是 12345", Kind.ACCOUNT),
        ("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", Kind.EMAIL),
        ("wang at example.com", Kind.EMAIL),
        ("见www.example.com/a", Kind.LINK),
        ("尾号8000", Kind.NUMBER),
        ("住院号ZY20260123", Kind.NUMBER),
        ("村口第三家", Kind.ADDRESS),
        ("桥头那户人家", Kind.ADDRESS),
        ("３栋２单元５０１室", Kind.ADDRESS),
        ("花了23456.78元", Kind.AMOUNT),
        ("花了贰万叁仟肆佰伍拾陆元", Kind.AMOUNT),
        ("三月五日到账", Kind.DATE),
        ("2026-03-05到账", Kind.DATE),
    ],
)
def test_numbers_accounts_addresses_sums_and_dates_are_masked(text: str, kind: Kind) -> None:
    assert kind in {span.kind for span in redact(text).spans}


def test_round_sums_and_months_stay() -> None:
    text = "手术费用缺口约30000元，预计在3月进行，去年已花费12万元。"
    assert redact(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "王某某患病",
        "邻居老张说起他家",
        "买买提·艾力需要帮助",
        "欧阳娜娜也来了",
        "周志强、吴海燕、郑晓明在场",
        "Wang Jianguo is ill",
        "wangjianguo",
        "小名叫妞妞。",
    ],
)
def test_an_unknown_name_is_masked_or_blocks(text: str) -> None:
    redacted = redact(text)
    assert redacted.blocked or any(span.kind is Kind.NAME for span in redacted.spans)


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode("王建国患病".encode()).decode(),
        "王建国".encode().hex(),
        "%E7%8E%8B%E5%BB%BA%E5%9B%BD",
        "\\u738b\\u5efa\\u56fd",
        "&#29579;&#24314;",
        "\u202e国建王\u202c",
        "\u0645\u062d\u0645\u062f",
        "她是全县唯一的病例",
        "去年上过电视",
        "村支书的哥哥",
        "收到23456.78元，2026年3月5日到账",
        "病" * (LONGEST_TEXT + 1),
    ],
)
def test_what_masking_can_t_mend_is_blocked(text: str) -> None:
    assert redact(text).blocked


@pytest.mark.parametrize(
    "text",
    [
        "家里原本靠种田和打零工生活，每周要做三次透析，已经欠债十几万元。",
        "孩子患先天性心脏病，需要尽快做手术，手术费用缺口约3万元。",
        "她是低保户，独居，视力残疾，希望有人定期上门陪伴。",
        "老人中风偏瘫，需要轮椅和护理床，子女在外务工，收入不稳定。",
        "家中发生火灾，家具和粮食全部烧毁，幸好没有人员伤亡。",
        "丈夫去世后，她一个人带着两个孩子，还要照顾年迈的公公婆婆。",
        "失业半年，房租和水电费拖欠了三个月，希望找到一份工作。",
        "👨‍👩‍👧一家三口，希望能得到帮助❤️",
    ],
)
def test_an_honest_text_without_names_passes_untouched(text: str) -> None:
    redacted = redact(text)
    assert (redacted.text, redacted.blocked) == (text, False)


def test_spans_are_places_in_the_given_text_and_the_answer_keeps_its_length() -> None:
    text = "联系人：王建国，电话１３８-００１３-８０００。"
    redacted = redact(text, KNOWN)
    assert len(redacted.text) == len(text)
    for span in redacted.spans:
        assert redacted.text[span.start : span.end] == MASK * (span.end - span.start)
        assert MASK not in text[span.start : span.end]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_is_answered_and_known_values_are_gone(text: str, known: list[str]) -> None:
    redacted = redact(text, known)
    assert len(redacted.text) == len(text)
    for value in known:
        assert len(value) < 2 or not value.isalnum() or value not in redacted.text or set(value) == {MASK}


def test_seeded_texts_lose_every_known_value_and_every_checked_number() -> None:
    dice = random.Random(5)
    for _ in range(300):
        drawn = draw_text(dice)
        redacted = redact(drawn.text, drawn.known)
        covered = {place for span in redacted.spans for place in range(span.start, span.end)}
        for start, end in drawn.secrets:
            missed = [
                place for place in range(start, end) if drawn.text[place].isalnum() and place not in covered
            ]
            assert not missed, (drawn.text, drawn.text[start:end])


def test_check_digits_follow_their_standards() -> None:
    assert is_id_number(ID_NUMBER)
    assert not is_id_number("110105194912310021")
    assert is_old_id_number("110105491231002")
    assert not is_old_id_number("110105491331002")
    assert passes_luhn("6222021234567890128")
    assert not passes_luhn("6222021234567890127")
    assert (len(ID_WEIGHTS), len(ID_CHECKS)) == (17, 11)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 7: not JSON"),
        ("[]", "line 7: not an object"),
        ("1", "line 7: not an object"),
        ('{"known": []}', "line 7: text is missing"),
        ('{"text": 1}', "line 7: text is missing or no string"),
        ('{"text": "a", "known": [1]}', "line 7: known is no list of strings"),
        ('{"text": "a", "known": "王"}', "line 7: known is no list of strings"),
        ('{"text": "a", "known": null}', "line 7: known is no list of strings"),
        ("[" * 100_000, "line 7: not JSON"),
    ],
)
def test_a_line_that_is_no_question_is_answered_blocked_with_an_error_that_names_it(
    line: str, why: str
) -> None:
    answered = answer(line, 7)
    error = answered.pop("error")
    assert str(error).startswith(why)
    assert answered == {"text": "", "spans": [], "blocked": True}


def test_the_command_answers_line_by_line() -> None:
    root = Path(__file__).parents[3]
    questions = [{"text": "王建国住院", "known": ["王建国"]}, {"text": "需要轮椅"}]
    asked = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions) + "{\n\n"
    ran = subprocess.run(
        [sys.executable, "-m", "needs.anonymise.redact"],
        input=asked.encode() + b'{"text": "\xff"}\n' + '{"text": "还在"}\n'.encode(),
        capture_output=True,
        check=True,
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'platform'}"},
    )
    answers = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert len(answers) == 5
    assert answers[0]["text"].startswith(MASK * 3)
    assert set(answers[0]) == {"text", "spans", "blocked"}
    assert answers[1] == {"text": "需要轮椅", "spans": [], "blocked": False}
    assert answers[2]["blocked"]
    assert answers[2]["error"].startswith("line 3: not JSON")
    assert answers[3] == {"text": "", "spans": [], "blocked": True, "error": "line 5: not UTF-8"}
    assert answers[4]["text"] == "还在"
    told = ran.stderr.decode().splitlines()
    assert [line.split(":")[0] for line in told] == ["line 3", "line 5"]


def test_spans_count_code_points_of_the_text_as_it_came() -> None:
    text = "👨\u200d👩 ﬁ①㍿ １３８\u200b００１３\u202e８０００ e\u0301 王\n建国"
    redacted = redact(text, ["王建国"])
    assert len(redacted.text) == len(text)
    found = {text[span.start : span.end] for span in redacted.spans}
    assert "王\n建国" in found
    assert any(piece.startswith("１３８") and piece.endswith("８０００") for piece in found)


@pytest.mark.parametrize("piece", ["1", "a-", "一万", "na", "村口第", "王小明、", "斯·", ". ", "o", "1 "])
def test_text_made_to_be_slow_is_answered_in_seconds(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    began = time.process_time()
    redact(text, KNOWN)
    assert time.process_time() - began < 5
