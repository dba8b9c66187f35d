"""One query language for both engines: what can be asked of the catalogue, and what comes back (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jiujinan.accounts.roles import OrganisationKind
from jiujinan.codes import ItemKind

PAGE_SIZE = 20
MOST_PAGE_SIZE = 100
LONGEST_TEXT = 200


class Sort(StrEnum):
    """How the answer is ordered; every order ends with the project's number, so that none is left to chance."""

    BEST = "best"  # what the words stand for most plainly, then the most urgent
    URGENT = "urgent"
    NEW = "new"
    GAP = "gap"
    CLOSE = "close"
    SOON = "soon"


class TimeLeft(StrEnum):
    """Until when help is hoped for, in whole months: nothing finer is public."""

    OVER = "over"
    THIS_MONTH = "this_month"
    NEXT_MONTH = "next_month"
    LATER = "later"


# What each kind of social force can give.
FORCE_KINDS: Mapping[OrganisationKind, frozenset[ItemKind]] = {
    OrganisationKind.CHARITY: frozenset({ItemKind.CASH}),
    OrganisationKind.ENTERPRISE: frozenset({ItemKind.CASH, ItemKind.GOODS}),
    OrganisationKind.SOCIAL_WORK_AGENCY: frozenset({ItemKind.SERVICE}),
    OrganisationKind.GOODS_STATION: frozenset({ItemKind.GOODS}),
    OrganisationKind.PARTNER: frozenset(ItemKind),
}
FACETS = ("tier", "kind", "category", "cause", "amount", "force", "left", "region")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Empty means not asked; values outside the code lists find nothing.

    `region` is a six-digit code, everything inside it counts; `left` is judged on `today`; `cursor` is
    `Answer.after` (or, with `backwards`, `Answer.before`) of another answer to the same question.
    """

    today: date
    text: str = ""
    region: str = ""
    tier: str = ""
    kind: str = ""
    category: str = ""
    cause: str = ""
    amount: str = ""
    force: str = ""
    left: str = ""
    sort: Sort | None = None
    cursor: str = ""
    backwards: bool = False
    size: int = PAGE_SIZE

    @property
    def order(self) -> Sort:
        """The order asked for; by default the best matches of a text, else the most urgent."""
        if self.sort is None or (self.sort is Sort.BEST and not self.text):
            return Sort.BEST if self.text else Sort.URGENT
        return self.sort


class Note(StrEnum):
    """How a text was read when nothing answers it as it stands."""

    AS_ASKED = "as_asked"
    CORRECTED = "corrected"
    BROADER = "broader"
    SOME_WORDS = "some_words"
    EVERYTHING = "everything"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer: numbers in order, how many there are in all, and counts beside it.

    `facets` counts, for each value of a filter, the projects that pass all the *other* filters (for `region`:
    codes one step below the region asked for); `without` says, for each filter in force, how many there would be
    if it alone were dropped. Raw counts: what is shown goes through `needs.anonymise.public_counts`.
    `stood_in` says that the wanted engine did not answer and the database did.
    """

    numbers: tuple[str, ...]
    count: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    without: Mapping[str, int] = field(default_factory=dict)
    note: Note = Note.AS_ASKED
    read_as: str = ""
    stood_in: bool = False
