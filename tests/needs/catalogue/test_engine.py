"""Searching published projects: Chinese as people write it, and whatever else they type."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needs.catalogue.engine import find, index_project, withdraw_project
from needs.catalogue.question import Note, Question
from needs.models import Project
from tests.needs.catalogue.finding import found
from tests.projects import shown_project
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

OPERATORS = [
    "AND", "OR", "NOT", "NEAR(火灾 医疗)", "terms:火灾", "number:*", "火灾*", "^火灾", "火灾 + 医疗", "-火灾",
    "a:b:c", "{terms}:x", "火灾 & 医疗", "!火灾", "火灾 | !医疗", "火灾 <-> 医疗", "火灾:*", "火灾:ABCD", "(((",
    ")))", "()",
    "\\", "\\'", "'", "''", "\"", '""', '"火灾', "'火灾", "火灾'", "';--", "' OR '1'='1",
    "'); DROP TABLE needs_projectindex; --",
    "%s", "%(x)s", "%", "{}", "$1", "$$", "?", "*", ":", "&", "|", "!", "<->", "NULL",
    "\x00", "火\x00灾", "\x00" * 50,
    "🙂", "👨‍👩‍👧", "火灾🙂", "\ud800", "\u202e火灾", "　", "\n\t", "ﬁre", "İ", "ß", "火" * 10_000, "a" * 10_000,
    "火灾 " * 5_000, "'" * 10_000, "(" * 10_000, "\\" * 10_000,
]  # fmt: skip


@pytest.fixture
def projects(town: Town) -> dict[str, Project]:
    """Three public projects about a fire, an illness and school fees."""
    told = {
        "fire": ("遭遇火灾的家庭重建住房", "一场火灾烧毁了住房，急需被褥。", "A family after a fire", COUNTY),
        "illness": (
            "正与大病相持的家庭",
            "治疗不能停，医疗费用花光了积蓄。",
            "A family and an illness",
            COUNTY,
        ),
        "school": (
            "为学费发愁的家庭",
            "孩子开学在即，学费还没有着落。",
            "A family worried about school",
            NEXT_COUNTY,
        ),
    }
    made = {}
    for name, (title, description, english, region) in told.items():
        made[name] = shown_project(
            items=(),
            region_id=region,
            tier="joint",
            title_zh=title,
            title_en=english,
            description_zh=description,
            description_en=english,
            published_month=NOW.date().replace(day=1),
            updated_month=NOW.date().replace(day=1),
        )
    return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("火灾", {"fire"}),  # a word of two characters
        ("住房", {"fire"}),
        ("学费", {"school"}),
        ("被", {"fire"}),  # a single character
        ("火災", {"fire"}),  # traditional script
        ("學費", {"school"}),
        ("醫療費用", {"illness"}),
        ("失火", {"fire"}),  # synonyms
        ("重病", {"illness"}),
        ("看病", {"illness"}),
        ("fire", {"fire"}),
        ("FIRE", {"fire"}),
        ("ｆｉｒｅ", {"fire"}),
        ("火灾 住房", {"fire"}),  # every word
        ("火灾 学费", {"fire", "school"}),  # nothing holds both: whatever holds one
        ("青禾县", {"fire", "illness"}),  # the region's name
        ("临溪", {"school"}),
        ("", {"fire", "illness", "school"}),
        ("  ", {"fire", "illness", "school"}),
        ("龙卷风", set()),
    ],
)
def test_a_query_finds_what_a_person_means(projects: dict[str, Project], query: str, names: set[str]) -> None:
    assert found(query) == {projects[name].number for name in names}


def test_a_project_is_found_by_its_number(projects: dict[str, Project]) -> None:
    number = projects["fire"].number
    assert found(number) == {number}
    assert found(number.lower()) == {number}


def test_a_withdrawn_project_is_never_found_even_if_its_words_stayed_in_the_index(
    projects: dict[str, Project],
) -> None:
    Project.objects.filter(pk=projects["fire"].pk).update(state="withdrawn")
    assert found("火灾") == set()
    withdraw_project(projects["school"].number)
    assert found("学费") == set()
    assert projects["fire"].number not in found("")


def test_a_project_indexed_again_is_found_by_its_new_words_alone(projects: dict[str, Project]) -> None:
    project = projects["fire"]
    project.title_zh = project.description_zh = "遭遇洪水的家庭"
    project.title_en = project.description_en = "A family after a flood"
    for _ in range(2):
        index_project(project)
    assert found("火灾") == set()
    assert found("水灾") == {project.number}


@pytest.mark.parametrize("query", OPERATORS, ids=lambda query: ascii(query)[:24])
def test_nothing_that_can_be_typed_is_an_operator_or_an_error(
    projects: dict[str, Project], query: str
) -> None:
    everything = {project.number for project in projects.values()}
    assert found(query) <= everything
    assert found("火灾") == {projects["fire"].number}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(), max_size=60) | st.text("火灾学费'\"\\()&|!:*-<> AND", max_size=40))
def test_no_text_raises(projects: dict[str, Project], query: str) -> None:
    assert found(query) <= {project.number for project in projects.values()}


@pytest.mark.parametrize("query", ["火灾 OR 学费", "火灾 | 学费", "fire OR school"])
def test_an_operator_is_a_word_like_any_other(projects: dict[str, Project], query: str) -> None:
    answer = find(Question(today=NOW.date(), text=query))
    assert answer.note == Note.SOME_WORDS
    assert set(answer.numbers) == {projects["fire"].number, projects["school"].number}
