"""Titles and descriptions: from code lists alone, in two languages, the same for the same seed."""

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import AgeBand, AmountBand, Cause, CauseGroup, Group, ItemCategory, ItemKind, Tier
from needs.anonymise import wording
from needs.anonymise.compose import compose
from needs.anonymise.lattice import Generalised, Levels, Subject, generalise, lattice
from needs.anonymise.wording import Words

REGION = Words("云岭省安和县", "Anhe County")
SUBJECTS = st.builds(
    Subject,
    county=st.just("990121"),
    cause=st.sampled_from(Cause),
    month=st.just(24321),
    age_band=st.sampled_from(AgeBand),
    trait=st.none() | st.sampled_from(Group),
    amount_band=st.none() | st.sampled_from(AmountBand),
    categories=st.frozensets(st.sampled_from(ItemCategory), max_size=4),
    tier=st.none() | st.sampled_from(Tier),
)
SAID = st.builds(generalise, SUBJECTS, st.sampled_from(lattice()))


@given(said=SAID, seed=st.integers())
def test_every_record_has_whole_sentences_in_both_languages(said: Generalised, seed: int) -> None:
    words = compose(said, region=REGION, seed=seed)
    assert 0 < len(words.title_zh) <= 120
    assert 0 < len(words.title_en) <= 200
    assert words.description_zh.endswith("。")
    assert words.description_en.endswith(".")
    assert not re.search(r"[{}]|None|，。|。。|  ", words.description_zh + words.description_en)
    assert not re.search(r"[A-Za-z]", words.title_zh + words.description_zh)
    assert not re.search(r"[\u4e00-\u9fff]", words.title_en + words.description_en)


@given(said=SAID, seed=st.integers())
def test_the_same_seed_gives_the_same_words(said: Generalised, seed: int) -> None:
    assert compose(said, region=REGION, seed=seed) == compose(said, region=REGION, seed=seed)


def test_different_seeds_give_different_words() -> None:
    said = generalise(
        Subject("990121", Cause.ILLNESS, 1, categories=frozenset({ItemCategory.MEDICAL}), tier=Tier.JOINT),
        Levels(),
    )
    texts = {compose(said, region=REGION, seed=seed).description_zh for seed in range(60)}
    assert len(texts) >= 15


def test_what_is_not_said_is_not_in_the_words() -> None:
    subject = Subject(
        "990121",
        Cause.ILLNESS,
        1,
        AgeBand.AGE_60_69,
        Group.LIVING_ALONE,
        AmountBand.FROM_10K,
        frozenset({ItemCategory.MEDICAL}),
    )
    said = generalise(subject, Levels(cause=2, age=2, trait=1, amount=2, category=1))
    for seed in range(40):
        words = compose(said, region=REGION, seed=seed)
        chinese, english = words.title_zh + words.description_zh, words.title_en + words.description_en
        assert not re.search("病|医疗|60|独自生活|万元", chinese)
        assert not re.search("illness|medical|60|alone\\.|¥", english)


@pytest.mark.parametrize("key", [*Cause, *CauseGroup, None])
def test_every_cause_and_group_has_its_words(key: Cause | CauseGroup | None) -> None:
    assert key in wording.HOUSEHOLDS
    assert key in wording.SITUATIONS or key is Cause.OTHER


@pytest.mark.parametrize("key", ItemCategory)
def test_every_category_has_its_words(key: ItemCategory) -> None:
    assert key in wording.CATEGORIES


@pytest.mark.parametrize("key", ItemKind)
def test_every_kind_has_its_words_beside_and_without_categories(key: ItemKind) -> None:
    assert key in wording.LACKS
    assert key in wording.LACKS_BY_KIND
    assert key in wording.ASKS_BY_KIND


def test_nothing_but_known_slots_can_be_filled_in() -> None:
    slots = {
        field
        for words in (
            *wording.TITLES,
            *(words for choices in wording.SITUATIONS.values() for words in choices),
            *(words for choices in wording.LACKS.values() for words in choices),
            *(words for choices in wording.LACKS_BY_KIND.values() for words in choices),
            *wording.CLOSINGS,
        )
        for text in words
        for _, field, _, _ in Formatter().parse(text)
        if field
    }
    assert slots == {"region", "household", "ask", "ask_small", "things", "amount"}
