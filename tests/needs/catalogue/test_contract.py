"""Both engines keep one contract: what passes the filters, in order, page by page, with true counts beside it."""

from collections import Counter
from datetime import date

import pytest

from needs.catalogue import database, elastic, engine, indexing
from needs.catalogue.question import Answer, Question, Sort
from tests.needs.catalogue.judged import JUDGED, MEDICAL
from tests.needs.catalogue.world import Told, build_world
from tests.town import NOW

TODAY = date(2026, 7, 6)
PROJECTS = 150
FILTERS: list[dict[str, str]] = [
    {},
    {"tier": "critical"},
    {"kind": "service"},
    {"category": "medical"},
    {"cause": "illness"},
    {"cause": "health"},
    {"amount": "under_5k"},
    {"force": "social_work_agency"},
    {"force": "partner"},
    {"left": "over"},
    {"left": "this_month"},
    {"left": "later"},
    {"region": "990000"},
    {"region": "990100"},
    {"region": "990121"},
    {"region": "990100", "tier": "joint", "kind": "cash"},
    {"tier": "no such tier"},
    {"left": "no such time"},
    {"region": "110000"},
]


@pytest.fixture
def told(db: None) -> dict[str, Told]:
    return build_world(PROJECTS)


def ask(name: str, question: Question) -> Answer:
    """Ask one engine, without a way around it."""
    find = database.find if name == "database" else elastic.find
    return find(question, lexicon=engine.lexicon())


def test_filters_keep_what_they_name_and_facets_count_it(told: dict[str, Told]) -> None:
    answer = ask("database", Question(today=TODAY, tier="joint", size=100))
    joint = [one for one in told.values() if one.tier == "joint"]
    assert answer.count == len(joint)
    assert answer.facets["tier"] == dict(
        Counter(one.tier for one in told.values())
    )  # every filter but its own: none
    assert answer.facets["kind"] == {
        kind: sum(kind in one.kinds for one in joint) for kind in ("cash", "goods", "service")
    }
    assert answer.facets["region"] == {"990000": len(joint)}
    assert answer.without == {"tier": len(told)}


def test_pages_lead_through_every_project_once_and_back(told: dict[str, Told]) -> None:
    for sort in Sort:
        question = Question(today=TODAY, text="家庭", sort=sort, size=20)
        pages, cursor = [], ""
        while True:
            answer = ask("database", Question(today=TODAY, text="家庭", sort=sort, size=20, cursor=cursor))
            pages.append(answer)
            if not answer.after:
                break
            cursor = answer.after
        seen = [number for page in pages for number in page.numbers]
        assert len(seen) == len(set(seen)) == ask("database", question).count
        back = ask(
            "database",
            Question(today=TODAY, text="家庭", sort=sort, size=20, cursor=pages[-1].before, backwards=True),
        )
        assert back.numbers == pages[-2].numbers


def test_the_best_matches_come_first(told: dict[str, Told]) -> None:
    answer = ask("database", Question(today=TODAY, text="医疗费用", size=100))
    named = [MEDICAL(told[number]) for number in answer.numbers]
    assert all(named[: len(named) // 2])


def test_both_engines_give_the_same_answer(told: dict[str, Told], elasticsearch: str) -> None:
    indexing.rebuild(now=NOW)
    questions = [Question(today=TODAY, **asked) for asked in FILTERS]
    questions += [Question(today=TODAY, text=text) for text, _ in JUDGED[::4]]
    questions += [Question(today=TODAY, text="火灾", region="990100", sort=sort) for sort in Sort]
    questions += [
        Question(today=TODAY, text=text)
        for text in ("捐款", "旧衣服捐赠", "龙卷风", "！？", "a AND (b", "zsynfire")
    ]
    for question in questions:
        assert ask("elasticsearch", question) == ask("database", question), question


def test_both_engines_page_alike_forwards_and_backwards(told: dict[str, Told], elasticsearch: str) -> None:
    indexing.rebuild(now=NOW)
    for sort in Sort:
        cursor, before = "", ""
        for _ in range(4):
            question = Question(today=TODAY, text="需要医疗费用的家庭", sort=sort, size=15, cursor=cursor)
            answer = ask("database", question)
            assert ask("elasticsearch", question) == answer
            cursor, before = answer.after, answer.before
            if not cursor:
                break
        back = Question(
            today=TODAY, text="需要医疗费用的家庭", sort=sort, size=15, cursor=before, backwards=True
        )
        assert ask("elasticsearch", back) == ask("database", back)
