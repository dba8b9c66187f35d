"""Codes in which the engine gives its reasons; wording them is the caller's work."""

from enum import IntEnum, IntFlag


class Rule(IntFlag):
    """One bit for each rule that a pair of a need and a resource has to pass."""

    REGION = 1
    CATEGORY = 2
    TIER = 4
    GROUP = 8
    GOVERNMENT_FIRST = 16
    PERIOD = 32
    MINIMUM_GRANT = 64
    CASE_CAP = 128
    SHARE_CAP = 256
    HOUSEHOLD_CAP = 512
    BALANCE = 1024
    GAP = 2048
    LANGUAGE = 4096
    CAPACITY = 8192


CHARTER_RULES = Rule.REGION | Rule.CATEGORY | Rule.TIER | Rule.GROUP | Rule.GOVERNMENT_FIRST | Rule.PERIOD
"""What the giver wrote down; the other rules follow from amounts."""

CHANGE_EFFORT = {
    Rule.MINIMUM_GRANT: 1,
    Rule.PERIOD: 2,
    Rule.GOVERNMENT_FIRST: 3,
    Rule.CASE_CAP: 4,
    Rule.SHARE_CAP: 4,
    Rule.HOUSEHOLD_CAP: 4,
    Rule.BALANCE: 5,
    Rule.CAPACITY: 5,
    Rule.TIER: 6,
    Rule.GROUP: 7,
    Rule.LANGUAGE: 7,
    Rule.CATEGORY: 8,
    Rule.REGION: 9,
    Rule.GAP: 100,
}
"""How hard a rule is to change, for choosing the nearest resource. GAP means that nothing is lacking."""


class Outcome(IntEnum):
    """What became of a need, of a resource, or of one pair."""

    MATCHED = 0
    """A need covered whole, a resource used up, a pair with an amount."""
    PARTLY = 1
    """A need covered in part, a resource partly used."""
    NOT_ELIGIBLE = 2
    """No counterpart passes every rule; see the failed rules of the nearest one."""
    EXHAUSTED = 3
    """Eligible, but the money went to needs of higher rank; see the priority where it ended."""
    CAPPED = 4
    """Eligible counterparts gave all that their caps allow."""
    COVERED_ELSEWHERE = 5
    """Eligible, but the need is covered by other resources (seen from the resource: nothing left to give to)."""
    NOTHING_LACKING = 6
    """The need has no gap, or the resource has no money."""
    BELOW_MINIMUM = 7
    """Eligible, but what was left would have been less than the minimum grant."""
    HELD = 8
    """Eligible, but the money is kept for better-ranked needs that are expected, up to its price."""
    WITHHELD = 9
    """Could have been matched, but another part of the same package found nothing, and apart they make no sense."""
