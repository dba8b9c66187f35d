"""The matching engine's reason codes in words, in the reader's language."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext, gettext_noop, ngettext

from matching.explaining import rule_names
from matching.models import Proposal

PASSED = {
    "region": gettext_noop("The place lies within the region that is served"),
    "category": gettext_noop("What is needed is what the resource is for"),
    "tier": gettext_noop("The urgency is one that the charter admits"),
    "group": gettext_noop("The household belongs to a group that is served"),
    "government_first": gettext_noop("Government relief has been decided first, as the charter asks"),
    "period": gettext_noop("The day lies within the resource's period"),
    "minimum_grant": gettext_noop("The amount is no smaller than the smallest grant"),
    "case_cap": gettext_noop("The amount keeps within the cap for one case"),
    "share_cap": gettext_noop("The amount keeps within the allowed share of the need"),
    "household_cap": gettext_noop("The household's cap is not used up"),
    "balance": gettext_noop("The available balance covers the amount"),
    "gap": gettext_noop("The gap is still open by at least this amount"),
    "language": gettext_noop("A language of the household is spoken"),
    "capacity": gettext_noop("There is capacity left"),
}
FAILED = {
    "region": gettext_noop("the region is outside its purpose"),
    "category": gettext_noop("what is needed is outside its purpose"),
    "tier": gettext_noop("the urgency is outside its charter"),
    "group": gettext_noop("the group of people is outside its purpose"),
    "government_first": gettext_noop("government relief has to be decided first"),
    "period": gettext_noop("the day lies outside its period"),
    "minimum_grant": gettext_noop("the amount is under its smallest grant"),
    "case_cap": gettext_noop("the cap for one case is reached"),
    "share_cap": gettext_noop("the allowed share of the need is reached"),
    "household_cap": gettext_noop("the household's cap is used up"),
    "balance": gettext_noop("the balance does not suffice"),
    "gap": gettext_noop("nothing is lacking any more"),
    "language": gettext_noop("no common language"),
    "capacity": gettext_noop("no capacity is left"),
    "pairing": gettext_noop("it lies outside the regions or the period of the partner's pairing"),
}
IDLE = {
    "not_eligible": gettext_noop("No open need passes every restriction of this fund."),
    "capped": gettext_noop("Every need that qualifies was given as much as the caps allow."),
    "covered_elsewhere": gettext_noop("The needs that qualify were covered by other resources."),
    "partly": gettext_noop("Part of it is matched; the rest waits for needs that qualify."),
    "below_minimum": gettext_noop("What the needs still lack is under the smallest grant."),
}


def proposal_reasons(proposal: Proposal) -> list[str]:
    """Return why a proposal was made, one sentence each, from what the match run stored with it."""
    lines = [gettext(PASSED[name]) for name in rule_names(proposal.rules_passed) if name in PASSED]
    rank, competitors = proposal.rank, proposal.competitors
    if rank > 0:
        lines.append(gettext("Rank %(rank)d of all open needs, by urgency and difficulty") % {"rank": rank})
    if competitors > 0:
        lines.append(
            ngettext(
                "%(count)d other need qualifies for the same resource",
                "%(count)d other needs qualify for the same resource",
                competitors,
            )
            % {"count": competitors}
        )
    if proposal.idle_otherwise:
        lines.append(gettext("Without this match the money would lie idle"))
    return lines


def idle_words(reasons: Mapping[str, object]) -> str:
    """Return why a fund's rest lies idle and the smallest change that would put it to use."""
    lines = [gettext(IDLE[str(reasons["outcome"])])] if reasons.get("outcome") in IDLE else []
    failed = reasons.get("failed")
    words = [gettext(FAILED[name]) for name in (failed if isinstance(failed, list) else []) if name in FAILED]
    if words:
        lines.append(gettext("For the nearest open need: %(reasons)s.") % {"reasons": "; ".join(words)})
    return " ".join(lines)


def listed(things: Iterable[str]) -> str:
    """Return the things in a row, parted as the reader's language parts them."""
    return gettext(", ").join(things)
