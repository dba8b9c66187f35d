"""Where a paired partner's resources may go (对口帮扶): within its own regions and the pairing's. Pure."""

from collections.abc import Collection

from jiujinan.regions.rules import is_well_formed, is_within


def narrowed(own: Collection[str], paired: Collection[str]) -> tuple[str, ...] | None:
    """
    Return the divisions (six-digit codes, sorted) that lie in both lists, None where none does.

    An empty `own` is no restriction; an empty `paired` is a partner whose pairings are over or not yet begun.
    """
    if not own:
        return tuple(sorted(set(paired))) or None
    both = {
        inner
        for mine in own
        for theirs in paired
        for inner, outer in ((mine, theirs), (theirs, mine))
        if is_well_formed(outer) and is_within(inner, outer)
    }
    return tuple(sorted(both)) or None
