"""What a case says and what its record would say, attribute by attribute, in the reader's language."""

from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext, gettext_noop

from cms import places
from cms.wording import listed
from jiujinan.codes import (
    AGE_BAND_LABELS,
    AMOUNT_BAND_LABELS,
    CAUSE_GROUP_LABELS,
    CAUSE_LABELS,
    GROUP_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_KIND_LABELS,
    TIER_LABELS,
    WIDE_AGE_BAND_LABELS,
    WIDE_AMOUNT_BAND_LABELS,
)
from needs.anonymise.lattice import FINEST, Generalised, Levels, Subject, generalise

Code = TypeVar("Code")
ATTRIBUTES = {
    "region": gettext_noop("Region"),
    "cause": gettext_noop("Cause"),
    "amount": gettext_noop("Amount"),
    "category": gettext_noop("What is needed"),
    "tier": gettext_noop("Urgency"),
    "age": gettext_noop("Age"),
    "trait": gettext_noop("Household trait"),
}


def told_words(said: Generalised, names: Mapping[str, str]) -> dict[str, str]:
    """Return what each attribute would be told as; an empty text means that it is not told."""
    categories = [gettext(ITEM_CATEGORY_LABELS[one]) for one in sorted(said.categories)]
    kinds = [gettext(ITEM_KIND_LABELS[one]) for one in sorted(said.kinds)]
    return {
        "region": names.get(said.region, said.region),
        "cause": _label(said.cause, CAUSE_LABELS) or _label(said.cause_group, CAUSE_GROUP_LABELS),
        "amount": _label(said.amount_band, AMOUNT_BAND_LABELS)
        or _label(said.wide_amount_band, WIDE_AMOUNT_BAND_LABELS),
        "category": listed(categories or kinds),
        "tier": _label(said.tier, TIER_LABELS),
        "age": _label(said.age_band, AGE_BAND_LABELS) or _label(said.wide_age_band, WIDE_AGE_BAND_LABELS),
        "trait": _label(said.trait, GROUP_LABELS),
    }


def compared(subject: Subject, levels: Levels) -> list[tuple[str, str, str, bool]]:
    """Return attribute, the case's value, what is told of it, and whether that is all of it."""
    here, finest = generalise(subject, levels), generalise(subject, FINEST)
    names = _names(here, finest)
    told, known = told_words(here, names), told_words(finest, names)
    return [
        (gettext(label), known[name], told[name], told[name] == known[name])
        for name, label in ATTRIBUTES.items()
        if known[name]
    ]


def after_step(subject: Subject, name: str, levels: Levels) -> str:
    """Return what the attribute would be told as at these levels."""
    said = generalise(subject, levels)
    return told_words(said, _names(said))[name]


def _label(code: Code | None, labels: Mapping[Code, str]) -> str:
    return gettext(labels[code]) if code is not None else ""


def _names(*said: Generalised) -> dict[str, str]:
    return places.names_of(one.region for one in said)
