"""
Measure the publish gate at full size, in a database of its own: one JSON object.

    python -m bench.gate [--projects 100000] [--decisions 200] [--baseline 3]

A reference register of a million rows, 100,000 cases of 34 counties that are all in public and are all checked
again, and single decisions by the kept plan. The baseline, in the same run, is the same decision with the plan
made anew for it. The database is a fresh SQLite, or a fresh one beside what DATABASE_URL names.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from bench.anonymise_county import CASES_PER_COUNTY, Case, draw_cases, draw_residents
from bench.database import in_a_fresh_database
from jiujinan.accounts.models import User
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.codes import CATEGORY_KINDS, AgeBand, AmountBand, Cause, Group, ItemCategory, ItemKind
from jiujinan.regions.models import Region
from jiujinan.sealing.fields import Plain
from needs import guards
from needs.anonymise.bands import _AMOUNT_STARTS_YUAN
from needs.anonymise.cases import month_number
from needs.anonymise.counting import row_of
from needs.anonymise.plan import Plan
from needs.models import (
    CaseRecord,
    GateDecision,
    Household,
    Need,
    NeedItem,
    Person,
    Project,
    ProjectItem,
    RiskPlan,
)
from needs.models.project import fresh_number
from needs.services import crowd, gate, measuring, rechecking, showing

NOW = datetime(2026, 10, 20, 3, tzinfo=UTC)
MONTH = month_number(2026, 10)
TRAITS = (None, Group.SINGLE_PARENT, Group.LIVING_ALONE, Group.STUDENT)
REGISTER_COUNTIES = 2_800
PART = 5_000
Thing = TypeVar("Thing")


def write_register(path: Path) -> int:
    """Write a register of a million rows; return how many."""
    dice, rows = random.Random(8), 0
    with path.open("w", encoding="utf-8") as file:
        file.write("region,age_band,cause,trait,people\n")
        for county in counties(REGISTER_COUNTIES):
            for age in AgeBand:
                for cause in Cause:
                    for trait in TRAITS:
                        file.write(f"{county},{age},{cause},{trait or ''},{dice.randrange(40)}\n")
                        rows += 1
    return rows


def counties(count: int) -> list[str]:
    """Return so many well-formed codes of counties, eight to a prefecture."""
    return [f"{place // 80 + 11:02d}{place // 8 % 10 + 1:02d}{place % 8 + 21:02d}" for place in range(count)]


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Fill the database, then measure: decisions, the baseline, the check of everything."""
    began = time.perf_counter()
    people = staff()
    single_ones = options.decisions + options.baseline
    fill(people, options.projects + single_ones)
    kept, plan_seconds = timed(lambda: measuring.keep_plan(now=NOW))
    needs = list(Need.objects.filter(state="verified").order_by("pk").select_related("case")[:single_ones])
    publish_the_rest(people, kept, {need.pk for need in needs})
    connection.cursor().execute("ANALYZE")
    set_up_seconds = time.perf_counter() - began
    own = time.process_time()
    single = [decide(need, people["wu"]) for need in needs[: options.decisions]]
    own = 1000 * (time.process_time() - own) / options.decisions
    measuring.forget()
    cold = decide_cold(needs[-1], people["wu"])
    anew = [decide_anew(need, people["wu"]) for need in needs[options.decisions : -1]]
    public = Project.objects.public().count()
    cpu = time.process_time()
    checked, recheck_seconds = timed(lambda: rechecking.check_everything(plan=kept, now=NOW))
    cpu = time.process_time() - cpu
    return {
        "database": connection.vendor,
        "guards_missing": guards.missing(connection),
        "setting_up_seconds": round(set_up_seconds, 1),
        "cases": CaseRecord.objects.count(),
        "plan_seconds_everybody_measured": round(plan_seconds, 1),
        "plan_kilobytes": round(len(RiskPlan.objects.get(pk=kept.version).content) / 1024),
        "decide_ms_median": round(median(single), 1),
        "decide_ms_p95": round(quantiles(single, n=20)[-1], 1),
        "decide_ms_most": round(max(single), 1),
        "decide_cpu_ms_of_this_process": round(own, 1),
        "decide_ms_first_of_a_process": round(cold, 1),
        "baseline_plan_anew_ms_median": round(median(anew), 1),
        "times_faster_than_baseline": round(median(anew) / median(single), 1),
        "projects_checked": public,
        "recheck_seconds": round(recheck_seconds, 1),
        "recheck_cpu_seconds_of_this_process": round(cpu, 1),
        "recheck_of_100000_seconds": round(100_000 * recheck_seconds / public, 1),
        "kept_coarser_ended": [checked.kept, checked.coarser, checked.ended],
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def decide(need: Need, by: User) -> float:
    """Return the milliseconds of one decision by the kept plan."""
    return 1000 * timed(lambda: gate.decide(need=need, by=by, now=NOW))[1]


def decide_cold(need: Need, by: User) -> float:
    """Return the milliseconds of a decision in a process that has not read the plan yet."""
    return decide(need, by)


def decide_anew(need: Need, by: User) -> float:
    """Return the milliseconds of one decision for which everybody is measured."""
    return 1000 * timed(lambda: gate.decide(need=need, by=by, now=NOW, plan=crowd.plan(now=NOW)))[1]


def staff() -> dict[str, User]:
    """Return an officer, a verifier and a publisher of every province of the bench."""
    people = {
        name: register_person(username=name, full_name=name, password=None) for name in ("lin", "zhou", "wu")
    }
    provinces = {f"{county[:2]}0000" for county in counties(REGISTER_COUNTIES)[:80]}
    for code in sorted({*provinces, *(f"{c[:4]}00" for c in counties(80)), *counties(80)}):
        parent = (
            None if code.endswith("0000") else f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"
        )
        level = "province" if parent is None else "prefecture" if code.endswith("00") else "county"
        Region.objects.create(
            code=code, name=f"某地{code}", level=level, parent_id=parent, source="invented", updated_at=NOW
        )
    for province in sorted(provinces):
        desk = register_organisation(
            name=province, kind=OrganisationKind.CIVIL_AFFAIRS, region=province, credit_code=None,
            by=people["lin"], now=NOW,
        )  # fmt: skip
        join(user=people["wu"], organisation=desk, role=Role.PUBLISHER)
    return people


def fill(people: dict[str, User], wanted: int) -> None:
    """Write so many verified cases of a year."""
    dice = random.Random(7)
    drawn = (
        case
        for county in counties(80)
        for case in draw_cases(draw_residents(county, dice), dice, until=MONTH, cases=CASES_PER_COUNTY)
        if not case.subject.sensitive
    )
    numbered = enumerate(islice(drawn, wanted))
    while part := list(islice(numbered, PART)):
        write_part(part, people)


def write_part(part: Sequence[tuple[int, Case]], people: dict[str, User]) -> None:
    """Write the records of some cases."""
    made = [records(number, case, people) for number, case in part]
    for place, model in enumerate((Household, Person, CaseRecord, Need)):
        model.objects.bulk_create([each[place] for each in made])  # type: ignore[attr-defined]
    NeedItem.objects.bulk_create([item for each in made for item in each[4]])


def records(number: int, case: Case, people: dict[str, User]) -> tuple[Any, ...]:
    """Return household, head, case, need and items of one drawn case."""
    subject = case.subject
    at = datetime(subject.month // 12, subject.month % 12 + 1, 10, tzinfo=UTC)
    home = Household(region_id=subject.county, size=3)
    born = NOW.year - int((subject.age_band or AgeBand.AGE_40_49).split("_")[0]) - 1
    head = Person(household=home, is_head=True, birth_year=born, name=Plain("某人"), name_index=f"n{number}")
    record = CaseRecord(
        source="civil_affairs", number=f"B{number:07d}", household=home, region_id=subject.county,
        channel="grid_worker", cause=subject.cause, tier=subject.tier or "joint", applied_on=at.date(), received_at=at,
        economic_check="passed", consent_on=at.date(), state="verified",
        owner=people["lin"], officer=people["lin"], verifier=people["zhou"],
    )  # fmt: skip
    need = Need(case=record, tier=subject.tier or "joint", state="verified", verified_at=at)
    return home, head, record, need, items_of(need, subject.categories, subject.amount_band)


def items_of(need: Need, categories: frozenset[ItemCategory], band: AmountBand | None) -> list[NeedItem]:
    """Return an item for each category; the money, if any, is that of the band."""
    yuan = _AMOUNT_STARTS_YUAN[band] + 500 if band else 800
    cash = sum(CATEGORY_KINDS[category] is ItemKind.CASH for category in categories)
    units = {ItemKind.CASH: "fen", ItemKind.GOODS: "piece", ItemKind.SERVICE: "session"}
    return [
        NeedItem(
            need=need, kind=CATEGORY_KINDS[category], category=category, unit=units[CATEGORY_KINDS[category]],
            required=yuan * 100 // cash if CATEGORY_KINDS[category] is ItemKind.CASH else 2,
        )
        for category in sorted(categories)
    ]  # fmt: skip


def publish_the_rest(people: dict[str, User], kept: measuring.KeptPlan, waiting: set[Any]) -> None:
    """Put everything else in public in bulk, as the gate would have in each month: its guards stand aside for that."""
    guards.remove(connection)
    cases = CaseRecord.objects.filter(need__state="verified").exclude(need__in=waiting)
    needs = dict(cases.values_list("pk", "need__pk"))
    subjects = crowd.subjects_of(cases, now=NOW)
    crowds = kept.plan.crowds
    plans = {
        month: Plan.of(replace(crowds, month=month), kept.plan.settings)
        for month in range(MONTH - 11, MONTH + 1)
    }
    while part := list(islice(subjects, PART)):
        told = list(tell_part(part, needs, people, kept, plans))
        Project.objects.bulk_create([project for project, _, _ in told])
        ProjectItem.objects.bulk_create([item for _, items, _ in told for item in items])
        GateDecision.objects.bulk_create([decision for _, _, decision in told])
    Need.objects.filter(gate_decisions__outcome="published").update(state="published", published_at=NOW)
    guards.install(connection)


def tell_part(
    part: Sequence[tuple[Any, Any]],
    needs: dict[Any, Any],
    people: dict[str, User],
    kept: measuring.KeptPlan,
    plans: dict[int, Plan],
) -> Iterator[tuple[Project, list[ProjectItem], GateDecision]]:
    """Yield project, items and decision of each subject that may be told; its month is that of its notice."""
    for case, subject in part:
        measured = plans[subject.month].decide(subject)
        if measured.published is None:
            continue
        month = date(subject.month // 12, subject.month % 12 + 1, 1)
        project = Project(
            number=fresh_number(), state="published", published_month=month, updated_month=month
        )
        showing._say(project, measured.published)
        kinds: list[str] = [*sorted(measured.published.categories)] or [""]
        items = [
            ProjectItem(project=project, place=place, kind="cash", category=c)
            for place, c in enumerate(kinds, 1)
        ]
        project.content_hash = gate.content_hash(project, items)
        yield (
            project,
            items,
            GateDecision(
                need_id=needs[case],
                outcome="published",
                measures=gate.measures_of(measured),
                content_hash=project.content_hash,
                subject=[subject.month, *row_of(subject)],
                plan_id=kept.version,
                project=project,
                by=people["wu"],
                at=NOW,
            ),
        )


def timed(act: Callable[[], Thing]) -> tuple[Thing, float]:
    """Return what the act returns, and its seconds."""
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--baseline", type=int, default=3)
    options = parser.parse_args()
    options.baseline += 1  # one decision starts with an unread plan
    with tempfile.TemporaryDirectory() as folder:
        register = Path(folder) / "register.csv"
        rows = write_register(register)
        settings.REFERENCE_REGISTER = str(register)
        _, seconds = timed(crowd.reference_register)
        found = in_a_fresh_database(measure, options)
    print(json.dumps({"register_rows": rows, "register_seconds": round(seconds, 1), **found}, indent=1))


if __name__ == "__main__":
    main()
