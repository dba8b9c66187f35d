"""
A plan as bytes, so that it is measured once a night and asked by every process.

What the settings never say (age and trait, by default) is summed over: a register of a million rows becomes
some ten thousand. The bytes are NumPy's archive without pickles; reading them runs no code.
"""

import json
from collections import Counter
from dataclasses import asdict, astuple
from hashlib import sha256
from io import BytesIO

import numpy as np

from needs.anonymise.cases import CaseClasses
from needs.anonymise.counting import AGE, AMOUNT, NOT_SAID, TIER, TRAIT, ClassCounts, Integers, Row
from needs.anonymise.lattice import HIGHEST, Levels
from needs.anonymise.plan import Accepted, Plan
from needs.anonymise.register import KNOWN_TO_NEIGHBOURS, Register
from needs.anonymise.risk import Crowds
from needs.anonymise.settings import Audience, RiskSettings

VERSION = 2
_COLUMNS = len(astuple(Levels()))


class NotThisPlan(ValueError):
    """The bytes are of another version, other settings, or no plan at all."""


def settings_digest(settings: RiskSettings) -> str:
    """Return the SHA-256 (hex) of all thresholds and of this format; a plan made with others is not asked."""
    return sha256(json.dumps([VERSION, asdict(settings)], sort_keys=True).encode()).hexdigest()


def pack(plan: Plan) -> bytes:
    """Return the plan with its crowds."""
    unsaid = _never_said(plan.settings.finest)
    months = sorted(plan.crowds.cases.by_month)
    by_month = [_summed_rows(plan.crowds.cases.by_month[month], unsaid) for month in months]
    register = plan.crowds.register
    header = {
        "settings": settings_digest(plan.settings),
        "audience": plan.audience,
        "month": plan.crowds.month,
        "register": register is not None,
    }
    counts = register.counts if register else None
    file = BytesIO()
    np.savez_compressed(
        file,
        header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
        months=np.repeat(np.array(months, dtype=np.int64), [len(rows) for rows in by_month]),
        cases=_stacked(by_month),
        register=_summed(counts.columns, counts.weights, unsaid) if counts else _stacked([]),
        counties=np.array(
            sorted(int(code) for code in register.counties) if register else [], dtype=np.int64
        ),
        levels=np.array([astuple(step.levels) for step in plan.accepted], dtype=np.int64).reshape(
            -1, _COLUMNS
        ),
        places=np.array([step.place for step in plan.accepted], dtype=np.int64),
        lengths=np.array([len(step.classes) for step in plan.accepted], dtype=np.int64),
        keys=np.array([key for step in plan.accepted for key in step.classes], dtype=np.int64),
        sizes=np.array([size for step in plan.accepted for size in step.classes.values()], dtype=np.int64),
    )
    return file.getvalue()


def unpack(content: bytes, settings: RiskSettings) -> Plan:
    """Return the plan that was packed with these settings; raises NotThisPlan for anything else."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        header = json.loads(found["header"].tobytes())
    except (ValueError, OSError, KeyError, EOFError) as error:
        raise NotThisPlan("these bytes are no plan") from error
    if header["settings"] != settings_digest(settings):
        raise NotThisPlan("the plan was made with other settings")
    register = _register(found) if header["register"] else None
    crowds = Crowds(_cases(found["months"], found["cases"]), register, header["month"])
    return Plan(crowds, settings, Audience(header["audience"]), _accepted(found))


def _never_said(finest: Levels) -> list[int]:
    """Return the columns that no record shows; the cause stays, since l and t are measured on it."""
    steps, highest = astuple(finest), astuple(HIGHEST)
    return [column for column in (AGE, TRAIT, AMOUNT, TIER) if steps[column] == highest[column]]


def _summed_rows(rows: Counter[Row], unsaid: list[int]) -> Integers:
    columns = np.array(list(rows), dtype=np.int64).reshape(-1, _COLUMNS)
    return _summed(columns, np.array(list(rows.values()), dtype=np.int64), unsaid)


def _summed(columns: Integers, weights: Integers, unsaid: list[int]) -> Integers:
    """Return the different rows with their weight in a last column."""
    columns = columns.copy()
    columns[:, unsaid] = NOT_SAID
    different, inverse = np.unique(columns, axis=0, return_inverse=True)
    sums = np.bincount(inverse.reshape(-1), weights=weights, minlength=len(different)).astype(np.int64)
    return np.column_stack([different, sums]).astype(np.int64)


def _stacked(parts: list[Integers]) -> Integers:
    return np.concatenate([np.empty((0, _COLUMNS + 1), dtype=np.int64), *parts])


def _register(found: dict[str, Integers]) -> Register:
    rows = found["register"]
    counties = frozenset(f"{code:06d}" for code in found["counties"].tolist())
    return Register(counties, ClassCounts(rows[:, :-1], rows[:, -1], KNOWN_TO_NEIGHBOURS))


def _cases(months: Integers, rows: Integers) -> CaseClasses:
    by_month: dict[int, Counter[Row]] = {}
    for month in np.unique(months).tolist():
        part = rows[months == month].tolist()
        by_month[month] = Counter({tuple(row[:-1]): row[-1] for row in part})
    return CaseClasses(by_month)


def _accepted(found: dict[str, Integers]) -> tuple[Accepted, ...]:
    ends = np.cumsum(found["lengths"]).tolist()
    starts = [0, *ends][:-1]
    keys, sizes = found["keys"].tolist(), found["sizes"].tolist()
    each = zip(found["levels"].tolist(), found["places"].tolist(), starts, ends, strict=True)
    return tuple(
        Accepted(Levels(*levels), place, dict(zip(keys[start:end], sizes[start:end], strict=True)))
        for levels, place, start, end in each
    )
