"""Names that nobody told us, in case notes, township reports, letters, chats and statements."""

import random

import pytest

from bench.anonymise_people import GENRES, NAME_FREE, NAMES, draw_sentence
from needs.anonymise.redact import redact

SENTENCES = 120
HARD = "everyday_word"  # 和平, 石头: names that are everyday words


def share_hidden(kind: str, genre: str = "", sentences: int = SENTENCES) -> float:
    """Return the share of drawn sentences in which every name is masked, or which are blocked."""
    dice = random.Random(f"{kind} {genre}")
    hidden = 0
    for _ in range(sentences):
        drawn = draw_sentence(dice, kind, genre)
        redacted = redact(drawn.text)
        covered = {place for span in redacted.spans for place in range(span.start, span.end)}
        hidden += redacted.blocked or all(covered.issuperset(range(*span)) for span in drawn.names)
    return hidden / sentences


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind != HARD])
def test_people_of_every_kind_of_name_are_hidden(kind: str) -> None:
    assert share_hidden(kind) >= 0.98


def test_names_that_are_everyday_words_are_mostly_hidden() -> None:
    assert share_hidden(HARD) >= 0.93


@pytest.mark.parametrize("genre", GENRES)
def test_usual_names_are_hidden_in_every_genre(genre: str) -> None:
    assert share_hidden("usual", genre) >= 0.99


def test_sentences_without_a_name_are_hardly_ever_blocked_and_stay_readable() -> None:
    redacted = [redact(text) for text in NAME_FREE]
    masked = sum(span.end - span.start for each in redacted for span in each.spans)
    assert sum(each.blocked for each in redacted) <= 0.05 * len(NAME_FREE)
    assert masked <= 0.08 * sum(map(len, NAME_FREE))


@pytest.mark.parametrize(
    "text",
    [
        "王婶昨天又去住院了",
        "阿牛家的房子塌了",
        "这三娘的肚子里有文史",
        "小芳说她不想读书了",
        "老高的低保停了",
        "其木格敬上",
        "扎西的腿摔断了",
        "秀英把药停了",
        "禤秀梅：好的",
        "由欧阳建国代为保管",
        "彼得罗娃来过",
        "赵主任家访",
        "陈 某 某",
    ],
)
def test_one_name_of_each_form_is_hidden(text: str) -> None:
    redacted = redact(text)
    assert redacted.blocked or redacted.spans


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("记者昨天采访了David。", "David"),
        ("今天又看到lisa，好开心", "lisa"),
        ("感谢J.K. Rowling", "Rowling"),
        ("高桥留美子先生的公司破产了", "高桥留美子"),
        ("松下幸之助和家人一起去了医院", "松下幸之助"),
        ("据悉，呙中校将于下月退休", "呙中校"),
        ("由禚志红、亓新华代领", "禚志红"),
        ("记者昨天采访了钮祜禄文静。", "钮祜禄文静"),
        ("胖嫂在镇上出席了会议。", "胖嫂"),
    ],
)
def test_the_whole_of_a_name_from_elsewhere_is_hidden(text: str, name: str) -> None:
    redacted = redact(text)
    assert redacted.blocked or name not in redacted.text
    assert redacted.blocked or redacted.text.startswith("＊" * len(name)) or name[0] not in redacted.text


@pytest.mark.parametrize("text", ["需要做CT和MRI检查", "用App申请", "请用Word填写表格"])
def test_latin_words_that_name_nobody_stay(text: str) -> None:
    assert redact(text).text == text
