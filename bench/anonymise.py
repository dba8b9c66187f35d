"""
Measure anonymity: decisions, attacks and redaction, as JSON on standard output.

    python -m bench.anonymise decisions              60,000 cases of 20 counties; 100,000 re-checks
    python -m bench.anonymise gate                   decisions against a reference of a million rows
    python -m bench.anonymise attacks                linkage, notice neighbour, snapshots, ledger
    python -m bench.anonymise texts [--texts N]      seeded texts with planted values
    python -m bench.anonymise names --corpus PATH    a corpus with one character and tag a line

Corpora are read where they lie and never copied. Shares come with Wilson's 95 % interval.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, NamedTuple

from bench.anonymise_attacks import run_attacks
from bench.anonymise_county import Case, draw_cases, draw_residents, register_of
from bench.anonymise_texts import draw_text
from jiujinan.codes import AgeBand, Cause, Group
from needs.anonymise import names
from needs.anonymise.cases import CaseClasses, month_number
from needs.anonymise.plan import Plan, recheck
from needs.anonymise.redact import redact
from needs.anonymise.register import Register, RegisterCell
from needs.anonymise.risk import Crowds

MONTH = month_number(2026, 10)
COUNTIES = [f"99{prefecture:02d}{county}" for prefecture in (1, 2, 3, 4) for county in (21, 22, 23, 24, 25)]
PERSON_TAGS = frozenset({"PER", "NAME"})
TRAITS = (None, Group.SINGLE_PARENT, Group.LIVING_ALONE, Group.STUDENT)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5)


class Sentence(NamedTuple):
    """A sentence of a corpus and the spans of the names in it."""

    text: str
    names: tuple[tuple[int, int], ...]


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
        lambda: [recheck(case.subject, each.measures.levels, crowds) for case, each in again if each.measures]
    )
    measures = [each.measures for each in made if each.measures]
    return {
        "cases": len(cases),
        "published": wilson(len(made), len(cases)),
        "at_county_level": wilson(sum(m.levels.region == 0 for m in measures), len(cases)),
        "information_loss_mean": round(mean(m.information_loss for m in measures), 3),
        "k_ref_least": min(m.k_ref or 0 for m in measures),
        "k_case_least": min(m.k_case for m in measures),
        "k_notice_least": min(m.k_notice for m in measures),
        "k_notice_median": median(m.k_notice for m in measures),
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


def measure_texts(texts: int) -> dict[str, Any]:
    """Return how many planted values stay readable in seeded texts; the bar is none."""
    dice, missed, planted, milliseconds = random.Random(99), 0, 0, []
    for _ in range(texts):
        drawn = draw_text(dice)
        redacted, seconds = _timed(partial(redact, drawn.text, drawn.known))
        milliseconds.append(1000 * seconds)
        covered = {place for span in redacted.spans for place in range(span.start, span.end)}
        for start, end in drawn.secrets:
            planted += 1
            missed += any(drawn.text[place].isalnum() and place not in covered for place in range(start, end))
    return {
        "texts": texts,
        "planted": planted,
        "missed": wilson(missed, planted),
        "milliseconds_p95": round(quantiles(milliseconds, n=20)[-1], 2),
    }


def measure_names(path: Path) -> dict[str, Any]:
    """Return how the redaction does on an annotated corpus, and the curve over the threshold of masking."""
    sentences = list(read_corpus(path))
    curve = {}
    for threshold in THRESHOLDS:
        names.MASK_FROM, standard = threshold, names.MASK_FROM
        curve[str(threshold)] = _measure_sentences(sentences)
        names.MASK_FROM = standard
    return {"corpus": path.name, "at_standard": curve[str(names.MASK_FROM)], "mask_from": curve}


def read_corpus(path: Path) -> Iterable[Sentence]:
    """Yield the sentences of a corpus in BIO or BMES notation, with the spans of person names."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.split() for line in block.splitlines() if len(line.split()) > 1]
        text = "".join(character for character, *_ in pairs)
        spans: list[tuple[int, int]] = []
        place = 0
        for character, *_, tag in pairs:
            mark, _, kind = tag.partition("-")
            if kind in PERSON_TAGS and mark in {"B", "S"}:
                spans.append((place, place + len(character)))
            elif kind in PERSON_TAGS and spans:
                spans[-1] = (spans[-1][0], place + len(character))
            place += len(character)
        if text:
            yield Sentence(text, tuple(spans))


def _measure_sentences(sentences: list[Sentence]) -> dict[str, Any]:
    safe = named = blocked = free = masked = characters = 0
    for sentence in sentences:
        redacted = redact(sentence.text)
        covered = {place for span in redacted.spans for place in range(span.start, span.end)}
        if sentence.names:
            named += 1
            safe += redacted.blocked or all(covered >= set(range(*span)) for span in sentence.names)
        else:
            free += 1
            blocked += redacted.blocked
            masked += len(covered)
            characters += len(sentence.text)
    return {
        "named_blocked_or_masked": wilson(safe, named),
        "name_free_blocked": wilson(blocked, free),
        "name_free_characters_masked": round(masked / max(1, characters), 4),
    }


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["decisions", "gate", "attacks", "texts", "names"])
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    asked = parser.parse_args()
    answers: dict[str, Callable[[], Any]] = {
        "decisions": measure_decisions,
        "gate": measure_gate,
        "attacks": run_attacks,
        "texts": lambda: measure_texts(asked.texts),
        "names": lambda: [measure_names(path) for path in asked.corpus],
    }
    json.dump(answers[asked.what](), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
