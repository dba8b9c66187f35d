"""
Measure anonymity: decisions, attacks and redaction, as JSON on standard output.

    python -m bench.anonymise decisions              60,000 cases of 20 counties; 100,000 re-checks
    python -m bench.anonymise gate                   decisions against a reference of a million rows
    python -m bench.anonymise attacks                linkage, notice neighbour, snapshots, ledger

Shares come with Wilson's 95 % interval. Redaction is measured by `bench.redaction`.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import mean, median, quantiles
from typing import Any

from bench.anonymise_attacks import run_attacks
from bench.anonymise_county import Case, draw_cases, draw_residents, register_of
from jiujinan.codes import AgeBand, Cause, Group
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.plan import Plan, recheck
from needs.anonymise.register import Register, RegisterCell
from needs.anonymise.risk import Crowds

MONTH = month_number(2026, 10)
COUNTIES = [f"99{prefecture:02d}{county}" for prefecture in (1, 2, 3, 4) for county in (21, 22, 23, 24, 25)]
TRAITS = (None, Group.SINGLE_PARENT, Group.LIVING_ALONE, Group.STUDENT)


def wilson(hits: int, tries: int) -> dict[str, Any]:
    """Return a share with its 95 % interval by Wilson's score."""
    if not tries:
        return {"share": None, "of": 0}
    z, share = 1.96, hits / tries
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    reach = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return {"share": round(share, 4), "low": round(low, 4), "high": round(high, 4), "of": tries}


def measure_decisions() -> dict[str, Any]:
    """Return how many of 60,000 cases can be published, how finely, and how long deciding takes."""
    dice = random.Random(7)
    residents = [person for county in COUNTIES for person in draw_residents(county, dice)]
    by_county = [residents[start : start + 21_000] for start in range(0, len(residents), 21_000)]
    cases: list[Case] = [case for people in by_county for case in draw_cases(people, dice, until=MONTH)]
    crowds = Crowds(CaseClasses.of(case.subject for case in cases), register_of(residents), MONTH)
    plan, seconds_to_plan = _timed(lambda: Plan.of(crowds))
    decisions, seconds_to_decide = _timed(lambda: [plan.decide(case.subject) for case in cases])
    made = [each for each in decisions if each.published is not None and each.measures is not None]
    again = [
        (case, each) for case, each in zip(cases, decisions, strict=True) if each.measures and each.published
    ]
    _, seconds_to_recheck = _timed(
        lambda: [
            recheck(case.subject, each.measures.levels, crowds, place=each.measures.place)
            for case, each in again
            if each.measures
        ]
    )
    measures = [each.measures for each in made if each.measures]
    recent = [each.measures for case, each in again if each.measures and case.subject.month > MONTH - 3]
    return {
        "cases": len(cases),
        "published": wilson(len(made), len(cases)),
        "at_county_level": wilson(sum(m.levels.region == 0 for m in measures), len(cases)),
        "information_loss_mean": round(mean(m.information_loss for m in measures), 3),
        "k_ref_least": min(m.k_ref or 0 for m in measures),
        "k_case_least": min(m.k_case for m in measures),
        "k_notice_least": min(m.k_notice for m in measures),
        "k_notice_median": median(m.k_notice for m in measures),
        "k_offer_least": min(m.k_offer for m in recent),
        "kept_from_county_funds": wilson(sum(m.place > 0 for m in recent), len(recent)),
        "tier_told": wilson(sum(m.levels.tier == 0 for m in measures), len(cases)),
        "plan_seconds": round(seconds_to_plan, 2),
        "decide_ms_each": round(1000 * seconds_to_decide / len(cases), 3),
        "recheck_of_100000_seconds": round(100_000 * seconds_to_recheck / len(again), 1),
    }


def measure_gate() -> dict[str, Any]:
    """Return how long decisions take against a register of a million rows for 2,700 counties."""
    dice = random.Random(8)
    counties = [f"{code // 80 + 11:02d}{code // 8 % 10 + 1:02d}{code % 8 + 21:02d}" for code in range(2_700)]
    kinds = [(age, cause, trait) for age in AgeBand for cause in Cause for trait in TRAITS]
    cells = [RegisterCell(county, *kind, dice.randrange(40)) for county in counties for kind in kinds]
    register, seconds_to_load = _timed(lambda: Register.of(cells))
    people = [draw_residents(county, dice, 6_000) for county in counties[:20]]
    cases = [case for residents in people for case in draw_cases(residents, dice, until=MONTH)]
    crowds = Crowds(CaseClasses.of(case.subject for case in cases), register, MONTH)
    plan, seconds_to_plan = _timed(lambda: Plan.of(crowds))
    each = [1000 * _timed(partial(plan.decide, case.subject))[1] for case in cases]
    return {
        "register_rows": len(cells),
        "register_seconds": round(seconds_to_load, 1),
        "plan_seconds": round(seconds_to_plan, 2),
        "decisions": len(each),
        "decide_ms_p95": round(quantiles(each, n=20)[-1], 3),
        "decide_ms_most": round(max(each), 1),
    }


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["decisions", "gate", "attacks"])
    asked = parser.parse_args()
    answers: dict[str, Callable[[], Any]] = {
        "decisions": measure_decisions,
        "gate": measure_gate,
        "attacks": run_attacks,
    }
    json.dump(answers[asked.what](), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
