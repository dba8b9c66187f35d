"""Why a need got what it got, why a fund gave what it gave, why (not) a pair: codes of a run in words."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext

from cms.idleness import place_names
from cms.templatetags.cms_ui import amount, yuan
from cms.wording import FAILED, PASSED, listed
from jiujinan.codes import GROUP_LABELS, ITEM_CATEGORY_LABELS, TIER_LABELS, Group, ItemCategory, Tier
from matching.explaining import Change, ItemReasons, PairReasons, SupplyReasons
from matching.snapshot import CASH, SERVICES

UNITS = {CASH: "fen", SERVICES: "session"}
NEVER_PUBLIC = frozenset(
    {"group", "government_first", "household_cap", "language", "minimum_grant", "case_cap", "share_cap"}
)
"""Rules whose passing or failing tells of the household, or of its exact gap."""
OF_ITEM = {
    "matched": gettext_noop("The whole gap is covered by what was proposed."),
    "partly": gettext_noop("A part of the gap is covered by what was proposed."),
    "nothing_lacking": gettext_noop("Nothing is lacking any more."),
}
OF_REST = {
    "not_eligible": gettext_noop("No resource passes every rule for it."),
    "exhausted": gettext_noop(
        "There are resources that may serve it, but they went to needs that come first."
    ),
    "capped": gettext_noop("The resources that may serve it gave all that their caps allow."),
    "below_minimum": gettext_noop(
        "What is left is under the smallest grant of the resources that may serve it."
    ),
    "held": gettext_noop("The money is kept for more urgent needs that are expected."),
    "withheld": gettext_noop(
        "It could have been served, but another item of its package found nothing, and apart they make no sense."
    ),
}
OF_SUPPLY = {
    "matched": gettext_noop("All of it is proposed to needs."),
    "partly": gettext_noop(
        "A part of it is proposed to needs; for the rest no need is left that may have it."
    ),
    "not_eligible": gettext_noop("No open need passes every rule of it."),
    "capped": gettext_noop("Every need that qualifies was given as much as the caps allow."),
    "covered_elsewhere": gettext_noop("The needs that qualify were covered by other resources."),
    "nothing_lacking": gettext_noop("It has nothing free."),
    "held": gettext_noop("The rest is kept for more urgent needs that are expected."),
}
OF_PAIR = {
    "matched": gettext_noop("This resource was proposed for this item."),
    "not_eligible": gettext_noop("This resource may not serve this item."),
    "nothing_lacking": gettext_noop("There is nothing left to give, or nothing lacking."),
    "covered_elsewhere": gettext_noop("It may serve it, but other resources cover the item."),
    "exhausted": gettext_noop("It may serve it, but what it has went to needs that come first."),
    "capped": gettext_noop("It may serve it, and gave all that its caps allow."),
    "below_minimum": gettext_noop("What is left is under its smallest grant."),
    "withheld": OF_REST["withheld"],
}


def item_words(reasons: ItemReasons, nearest: str = "") -> list[str]:
    """Return why an item has what it has and why not more, one sentence each; `nearest` names the nearest resource."""
    lines = [gettext(OF_ITEM[reasons.outcome])] if reasons.outcome in OF_ITEM else []
    if reasons.shortfall in OF_REST:
        lines.append(gettext(OF_REST[reasons.shortfall]))
    if reasons.shortfall == "exhausted" and reasons.ended_step > 0:
        lines.append(
            gettext("Its own step in the order is %(own)d; they ended at step %(end)d.")
            % {"own": reasons.step, "end": reasons.ended_step}
        )
    lines += _standing(reasons)
    if reasons.shortfall == "not_eligible" and reasons.failed:
        rules = "; ".join(gettext(FAILED[name]) for name in reasons.failed)
        lines.append(
            gettext("The nearest resource is %(name)s: %(rules)s.") % {"name": nearest, "rules": rules}
            if nearest
            else gettext("For the nearest resource: %(rules)s.") % {"rules": rules}
        )
    if reasons.change and reasons.shortfall not in {"matched", "withheld"}:
        lines.append(_smallest(change_words(reasons.change)))
    return lines


def _standing(reasons: ItemReasons) -> list[str]:
    lines = [
        gettext("Difficulty %(score)d of 100, waiting for %(days)d days, %(tier)s.")
        % {
            "score": reasons.difficulty,
            "days": reasons.waiting_days,
            "tier": gettext(TIER_LABELS[Tier(reasons.tier)]),
        }
    ]
    if reasons.overdue:
        lines.append(
            gettext("It has waited past the limit of its urgency: it comes before every younger equal.")
        )
    if reasons.forgotten:
        lines.append(
            gettext("It has waited so long that it counts towards the share kept for the forgotten.")
        )
    if reasons.in_package:
        lines.append(gettext("It belongs to a package: its items come together or not at all."))
    if reasons.weeks:
        lines.append(
            ngettext(
                "Its sessions are laid into %(count)d week, from week %(first)d on.",
                "Its sessions are laid into %(count)d weeks, from week %(first)d on.",
                len(reasons.weeks),
            )
            % {"count": len(reasons.weeks), "first": reasons.weeks[0] + 1}
        )
    return lines


def supply_words(reasons: SupplyReasons) -> list[str]:
    """Return why a fund, offer or lot gave what it gave and why not more, one sentence each."""
    unit = UNITS.get({"funds": CASH, "offers": SERVICES}.get(reasons.table, ""), "piece")
    lines = [gettext(OF_SUPPLY[reasons.outcome])] if reasons.outcome in OF_SUPPLY else []
    lines.append(
        gettext("%(used)s of %(free)s that was free was proposed.")
        % {"used": amount(reasons.used, unit), "free": amount(reasons.free, unit)}
    )
    lines.append(
        ngettext(
            "%(count)d open need passes every rule.",
            "%(count)d open needs pass every rule.",
            reasons.eligible,
        )
        % {"count": reasons.eligible}
    )
    if reasons.failed and reasons.used < reasons.free:
        rules = "; ".join(gettext(FAILED[name]) for name in reasons.failed)
        lines.append(gettext("For the nearest open need: %(reasons)s.") % {"reasons": rules})
    if (
        reasons.change and reasons.used < reasons.free
    ):  # whose need it is must not be read off its place or amount
        lines.append(_smallest(gettext(CHANGES[reasons.change.rule])))
    return lines


def pair_words(
    reasons: PairReasons, *, public_only: bool = False, untold: Iterable[str] = (), values: bool = False
) -> list[tuple[bool | None, str]]:
    """Return (speaks for it, sentence) for one pair; None where it speaks neither way.

    With `values` it tells what was compared, the rank and the price. `public_only` tells nothing of the household,
    and nothing of the rules `untold`: those on which the public project is silent or coarser than the need.
    """
    lines: list[tuple[bool | None, str]] = [(reasons.outcome == "matched", gettext(OF_PAIR[reasons.outcome]))]
    hidden = NEVER_PUBLIC | set(untold) if public_only else frozenset()
    said = reasons.values if values else {}
    lines += [(False, _compared(FAILED, name, said)) for name in reasons.failed if name not in hidden]
    if hidden & set(reasons.failed):
        lines.append(
            (False, gettext("A condition on which the project is silent is not met; which one is not told."))
        )
    lines += [(True, _compared(PASSED, name, said)) for name in reasons.passed if name not in hidden]
    if reasons.change and reasons.change.rule not in hidden:
        named = gettext(CHANGES[reasons.change.rule]) if public_only else change_words(reasons.change)
        lines.append((None, _smallest(named)))
    if not public_only and reasons.competitors:
        lines.append(
            (
                None,
                ngettext(
                    "%(count)d other need qualifies for the same resource",
                    "%(count)d other needs qualify for the same resource",
                    reasons.competitors,
                )
                % {"count": reasons.competitors},
            )
        )
    if values:
        lines += _place_and_price(reasons)
    if reasons.outcome == "matched" and reasons.idle_otherwise:
        lines.append((True, gettext("Without this match the money would lie idle")))
    return lines


def _place_and_price(reasons: PairReasons) -> list[tuple[bool | None, str]]:
    lines: list[tuple[bool | None, str]] = []
    if reasons.rank > 0:
        rank = gettext("Rank %(rank)d of all open needs, by urgency and difficulty") % {"rank": reasons.rank}
        lines.append((None, rank))
    if reasons.price_step > 0:
        price = gettext("One more yuan of it would reach a need at step %(step)d of the order.")
        lines.append((None, price % {"step": reasons.price_step}))
    return lines


def _compared(sentences: Mapping[str, str], name: str, values: Mapping[str, tuple[int, int]]) -> str:
    """Return the sentence about a rule, with what was compared behind it where that tells more than the sentence."""
    told = _values(name, *values[name]) if name in values else ""
    sentence = _sentence(sentences[name])
    return gettext("%(sentence)s: %(values)s") % {"sentence": sentence, "values": told} if told else sentence


def _values(name: str, item: int, supply: int) -> str:
    """Return the figures of one rule in words; nothing where the resource sets none."""
    match name:
        case "case_cap" | "household_cap" | "minimum_grant" if supply > 0:
            return str(yuan(supply))
        case "share_cap" if supply > 0:
            return f"{supply / 10:g}%"
        case "balance":
            return str(yuan(supply))
        case "gap":
            return str(yuan(item))
        case "region":
            names = place_names([f"{item:06d}", f"{supply:06d}"])
            own = names.get(f"{item:06d}", f"{item:06d}")
            where = names.get(f"{supply:06d}", f"{supply:06d}") if supply else gettext("everywhere")
            return gettext("%(place)s; it serves %(where)s") % {"place": own, "where": where}
        case "category":
            return _label(ITEM_CATEGORY_LABELS, ItemCategory, item)
        case "tier":
            return _label(TIER_LABELS, Tier, item)
        case "period" if supply > 0:
            return gettext("until %(day)s") % {"day": _day(supply)}
    return ""


def _sentence(message: str) -> str:
    words = gettext(message)
    return words[:1].upper() + words[1:]


def _smallest(change: str) -> str:
    return gettext("The smallest change that would help: %(change)s.") % {"change": change}


def change_words(change: Change) -> str:
    """Return the one change that would make it match, with its value."""
    value = change.value
    match change.rule:
        case "region":
            code = f"{value:06d}"
            return gettext("it would also serve %(what)s") % {"what": place_names([code]).get(code, code)}
        case "category":
            return gettext("it would also serve %(what)s") % {
                "what": _label(ITEM_CATEGORY_LABELS, ItemCategory, value)
            }
        case "tier":
            return gettext("it would also admit %(what)s") % {"what": _label(TIER_LABELS, Tier, value)}
        case "group":
            groups = [gettext(GROUP_LABELS[one]) for bit, one in enumerate(Group) if value >> bit & 1]
            return gettext("it would not be only for %(what)s") % {"what": listed(groups)}
        case "period":
            return gettext("it would be open on %(day)s") % {"day": _day(value)}
        case "minimum_grant" if value > 0:
            return gettext("its smallest grant would be %(fen)s lower") % {"fen": yuan(value)}
        case "balance" if value > 0:
            return gettext("it would have %(fen)s more") % {"fen": yuan(value)}
    return gettext(CHANGES.get(change.rule, change.rule))


CHANGES = {
    "region": gettext_noop("it would serve more places"),
    "category": gettext_noop("it would be for more kinds of need"),
    "tier": gettext_noop("it would admit more urgencies"),
    "group": gettext_noop("it would serve more groups of people"),
    "period": gettext_noop("its period would be longer"),
    "government_first": gettext_noop("government relief would be decided"),
    "minimum_grant": gettext_noop("its smallest grant would be lower"),
    "case_cap": gettext_noop("its cap for one case would be higher"),
    "share_cap": gettext_noop("its cap on the share of a need would be higher"),
    "household_cap": gettext_noop("its cap for one household would be higher"),
    "balance": gettext_noop("it would have more money"),
    "capacity": gettext_noop("it would have more places"),
    "language": gettext_noop("somebody there would speak the household's language"),
    "gap": gettext_noop("something would be lacking again"),
}


def _label(labels: object, codes: Iterable[object], place: int) -> str:
    return gettext(labels[list(codes)[place]])  # type: ignore[index]


def _day(ordinal: int) -> str:
    return str(date_format(date.fromordinal(max(ordinal, 1)), "Y-m-d"))
