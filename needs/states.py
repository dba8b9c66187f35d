"""The states of case records, needs and projects, each as one table of acts (pure).

Permissions, buttons, notifications and audit entries follow from these tables.
"""

from enum import StrEnum

from jiujinan.states import table


class CaseState(StrEnum):
    """Where the government's file stands."""

    RECEIVED = "received"
    UNDER_VERIFICATION = "under_verification"
    RETURNED = "returned"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


class NeedState(StrEnum):
    """How far a need has come; fulfilment is derived from its items (`Fulfilment`)."""

    DRAFT = "draft"
    VERIFIED = "verified"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ProjectState(StrEnum):
    """Whether the public sees the project; `prepared` is seen by nobody."""

    PREPARED = "prepared"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Fulfilment(StrEnum):
    """What has become of a need or an item, derived from its amounts."""

    OPEN = "open"
    PARTLY_COVERED = "partly_covered"
    COVERED = "covered"
    FULFILLED = "fulfilled"


WAITING_CASES = frozenset({CaseState.RECEIVED, CaseState.UNDER_VERIFICATION, CaseState.RETURNED})
SERVED_NEEDS = frozenset({NeedState.VERIFIED, NeedState.PUBLISHED})
# What social forces are offered: a need that the gate holds is helped by its department, not shown around.
OFFERED_NEEDS = frozenset({NeedState.PUBLISHED})


CASE_ACTS = table(
    ("take_up", {CaseState.RECEIVED, CaseState.RETURNED}, CaseState.UNDER_VERIFICATION),
    ("complete", {CaseState.RETURNED}, CaseState.UNDER_VERIFICATION),
    ("return", {CaseState.UNDER_VERIFICATION}, CaseState.RETURNED),
    ("verify", {CaseState.UNDER_VERIFICATION}, CaseState.VERIFIED),
    ("refuse", {CaseState.UNDER_VERIFICATION}, CaseState.REFUSED),
    ("reopen", {CaseState.REFUSED}, CaseState.UNDER_VERIFICATION),
    ("supersede", set(CaseState) - {CaseState.SUPERSEDED, CaseState.CLOSED}, CaseState.SUPERSEDED),
    ("close", {CaseState.VERIFIED, CaseState.REFUSED}, CaseState.CLOSED),
)

NEED_ACTS = table(
    ("verify", {NeedState.DRAFT}, NeedState.VERIFIED),
    ("publish", {NeedState.VERIFIED}, NeedState.PUBLISHED),
    ("hold", {NeedState.PUBLISHED}, NeedState.VERIFIED),
    ("withdraw", set(SERVED_NEEDS) | {NeedState.DRAFT}, NeedState.WITHDRAWN),
    ("close", set(SERVED_NEEDS), NeedState.CLOSED),
)

PROJECT_ACTS = table(
    ("show", {ProjectState.PREPARED}, ProjectState.PUBLISHED),
    ("prepare", {ProjectState.PUBLISHED}, ProjectState.PREPARED),
    ("withdraw", {ProjectState.PUBLISHED}, ProjectState.WITHDRAWN),
    ("close", {ProjectState.PUBLISHED}, ProjectState.CLOSED),
)


def fulfilment(*, lacking: int, gap: int, fulfilled: int) -> Fulfilment:
    """Return what has become of an item lacking so much, with that gap left and that much delivered.

    All three are in the item's unit (fen, sessions, pieces); `lacking` is required − government − insurance.
    """
    if lacking <= fulfilled:
        return Fulfilment.FULFILLED
    if gap == 0:
        return Fulfilment.COVERED
    return Fulfilment.OPEN if gap == lacking else Fulfilment.PARTLY_COVERED
