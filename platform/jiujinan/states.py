"""State tables (pure): one declarative row an act, from which buttons, permissions and notices follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class ForbiddenAct(Exception):
    """The act does not exist in the state that the thing is in."""


@dataclass(frozen=True)
class Transition(Generic[S]):
    """One act: from which states, to which."""

    act: str
    sources: frozenset[S]
    target: S

    def apply(self, state: str) -> S:
        """Return the state after the act; raise ForbiddenAct where it is not allowed."""
        if state not in self.sources:
            raise ForbiddenAct(f"{self.act} is not possible from {state}")
        return self.target


def table(*rows: tuple[str, set[S], S]) -> Mapping[str, Transition[S]]:
    """Return the table of `(act, states it starts from, state it leads to)`, keyed by act."""
    return {act: Transition(act, frozenset(sources), target) for act, sources, target in rows}
