"""Decisions of matching that need no database (pure)."""

from datetime import timedelta

from jiujinan.codes import Tier

RULE_VERSION = "3"
# How long a promise waits to be paid or handed over before gap and money go back; ours, by tier.
USE_WITHIN = {
    Tier.CRITICAL: timedelta(days=7),
    Tier.JOINT: timedelta(days=30),
    Tier.DEPARTMENTAL: timedelta(days=60),
}
# The ledger and the shelf let go by themselves this much later, should the clock of promises stand still.
BACKSTOP = timedelta(days=7)

# A prepared payment that nobody approves holds a promise back from its household; then it is taken apart again.
APPROVE_WITHIN = timedelta(days=7)
