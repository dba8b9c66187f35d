"""Whether people find what they look for: a hundred and more questions, judged by written rules."""

import opencc
import pytest

from needs.catalogue.engine import find
from needs.catalogue.question import Question
from tests.needs.catalogue.heard import HEARD
from tests.needs.catalogue.judged import JUDGED, Rule
from tests.needs.catalogue.typed import TYPED
from tests.needs.catalogue.world import Told, build_world
from tests.town import NOW

TOP = 5
BAR = 0.93
PROJECTS = 700


def precision(told: dict[str, Told], text: str, rule: Rule) -> float:
    """Return the share of right answers among the first five; none at all counts as wrong."""
    numbers = find(Question(today=NOW.date(), text=text)).numbers[:TOP]
    return sum(rule(told[number]) for number in numbers) / len(numbers) if numbers else 0.0


def report(told: dict[str, Told], questions: list[tuple[str, Rule]]) -> tuple[float, list[str], list[str]]:
    """Return the mean precision at five, the questions without an answer, and those below one."""
    shares = {text: precision(told, text, rule) for text, rule in questions}
    empty = [text for text, _ in questions if not find(Question(today=NOW.date(), text=text)).count]
    poor = [f"{text} {share:.1f}" for text, share in shares.items() if share < 1]
    return sum(shares.values()) / len(shares), empty, poor


def in_traditional_script(questions: list[tuple[str, Rule]] = JUDGED) -> list[tuple[str, Rule]]:
    """Return the same questions as somebody types them who writes traditional characters."""
    convert = opencc.OpenCC("s2t").convert
    return [(convert(text), rule) for text, rule in questions]


@pytest.fixture
def told(db: None) -> dict[str, Told]:
    return build_world(PROJECTS)


def test_there_are_more_than_a_hundred_questions() -> None:
    assert len(dict(JUDGED)) == len(JUDGED) > 100
    assert len(dict(TYPED)) == len(TYPED) > 100
    assert len(dict(HEARD)) == len(HEARD) > 100


@pytest.mark.slow
def test_people_find_what_they_look_for_in_either_script(told: dict[str, Told]) -> None:
    for asked in (JUDGED, TYPED, HEARD):
        for questions in (asked, in_traditional_script(asked)):
            mean, empty, poor = report(told, questions)
            assert empty == []
            assert mean >= BAR, poor
