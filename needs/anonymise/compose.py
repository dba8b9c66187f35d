"""
Compose a project's title and description from code lists, in Chinese and in English.

Only codes, bands and the name of a published division come in, so no personal data can come out. The
same input and seed give the same words; take the seed from the project's public number, never from the case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from jiujinan.codes import CATEGORY_KINDS, Cause, CauseGroup, ItemCategory, ItemKind
from needs.anonymise import wording
from needs.anonymise.lattice import Generalised
from needs.anonymise.wording import Words

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Composed:
    """A project's words; titles have at most 120 (Chinese) and 200 (English) characters."""

    title_zh: str
    title_en: str
    description_zh: str
    description_en: str


def compose(said: Generalised, *, region: Words, seed: int) -> Composed:
    """Return title and description for what the gate lets be said; `region` is its published name."""
    title = _title(said, region, seed)
    sentences = [
        _fill(_pick(_situations(said), seed, "situation"), region=region),
        *_about_the_household(said),
        *_what_lacks(said, seed),
        *_urgency(said, seed),
        _pick(wording.CLOSINGS, seed, "closing"),
    ]
    return Composed(
        title_zh=title.zh,
        title_en=title.en,
        description_zh="".join(sentence.zh for sentence in sentences),
        description_en=" ".join(sentence.en for sentence in sentences),
    )


def _pick(choices: Sequence[Choice], seed: int, slot: str) -> Choice:
    """Return one of the choices, the same for the same seed and slot on every machine."""
    digest = sha256(f"{slot}:{seed}".encode()).digest()
    return choices[int.from_bytes(digest[:4], "big") % len(choices)]


def _fill(template: Words, **values: Words) -> Words:
    return Words(
        template.zh.format(**{name: words.zh for name, words in values.items()}),
        template.en.format(**{name: words.en for name, words in values.items()}),
    )


def _cause_said(said: Generalised) -> Cause | CauseGroup | None:
    return said.cause or said.cause_group


def _situations(said: Generalised) -> tuple[Words, ...]:
    return wording.SITUATIONS.get(_cause_said(said)) or wording.SITUATIONS[None]


def _title(said: Generalised, region: Words, seed: int) -> Words:
    ask = _ask(said)
    small = Words(ask.zh, ask.en[0].lower() + ask.en[1:])
    household = wording.HOUSEHOLDS[_cause_said(said)]
    template = _pick(wording.TITLES, seed, "title")
    title = _fill(template, region=region, household=household, ask=ask, ask_small=small)
    return Words(title.zh, title.en[0].upper() + title.en[1:])


def _ask(said: Generalised) -> Words:
    """Return what is asked for in a title: the first category in the order of the code list."""
    first = next(iter(_in_order(said.categories)), None)
    if first is not None:
        return _fill(wording.ASKS[CATEGORY_KINDS[first]], things=wording.CATEGORIES[first])
    kind = next((kind for kind in ItemKind if kind in said.kinds), None)
    return wording.ASKS_BY_KIND[kind] if kind else wording.ASK_ANYTHING


def _about_the_household(said: Generalised) -> Iterable[Words]:
    if said.trait is not None and said.trait in wording.TRAITS:
        yield wording.TRAITS[said.trait]
    band = said.age_band or said.wide_age_band
    if band is not None and band in wording.AGES:
        age = wording.AGES[band]
        yield Words(f"当事人年龄在{age.zh}。", f"The person concerned is {age.en}.")


def _what_lacks(said: Generalised, seed: int) -> Iterable[Words]:
    for kind in ItemKind:
        things = [
            wording.CATEGORIES[each] for each in _in_order(said.categories) if CATEGORY_KINDS[each] is kind
        ]
        if things:
            template = _pick(wording.LACKS[kind], seed, f"lacks {kind}")
            yield _fill(template, things=_listed(things), amount=_amount(said))
        elif kind in said.kinds:
            template = _pick(wording.LACKS_BY_KIND[kind], seed, f"lacks {kind}")
            yield _fill(template, amount=_amount(said))


def _amount(said: Generalised) -> Words:
    band = said.amount_band or said.wide_amount_band
    if band is None:
        return Words("", "")
    words = wording.AMOUNTS[band]
    return Words(f"，数额在{words.zh}", f" of {words.en}")


def _urgency(said: Generalised, seed: int) -> Iterable[Words]:
    if said.tier is not None:
        yield _pick(wording.URGENCY[said.tier], seed, "urgency")


def _listed(things: Sequence[Words]) -> Words:
    chinese = "、".join(thing.zh for thing in things[:-1])
    english = ", ".join(thing.en for thing in things[:-1])
    last = things[-1]
    if not chinese:
        return last
    return Words(f"{chinese}和{last.zh}", f"{english} and {last.en}")


def _in_order(categories: frozenset[ItemCategory]) -> list[ItemCategory]:
    return [category for category in ItemCategory if category in categories]
