"""A ledger with some life in it, and every way in which somebody might edit its export. Shared with the bench."""

import io
import json
import random
from collections.abc import Callable

from donors.ledger import rules, services
from donors.ledger.export import export_to
from donors.ledger.verify import genesis, sha256
from donors.models import Fund
from tests.donors.world import NOW, World, make_fund

Lines = list[str]


def exported() -> Lines:
    file = io.StringIO()
    export_to(file=file)
    return file.getvalue().splitlines(keepends=True)


def some_life(world: World) -> tuple[Fund, Fund]:
    giver = make_fund(world, "甲基金", transfers_out=True, fee_cap_permille=100)
    taker = make_fund(world, "乙基金", transfers_in=True)
    when = {"by": world.lin, "now": NOW}
    for turn in range(4):
        entry = services.receive(
            fund=giver, amount_fen=10_000, key=f"r{turn}", refs={"donor": f"d{turn}"}, **when
        )
        held = services.reserve(fund=giver, amount_fen=5_000, key=f"v{turn}", **when)
        paid = services.disburse(reservation=held, amount_fen=2_000, key=f"d{turn}", **when)
        services.release(reservation=held, amount_fen=1_000, key=f"l{turn}", **when)
    services.reverse(entry=paid, key="x", **when)
    services.reverse(entry=entry, key="y", **when)
    services.charge_fee(fund=giver, amount_fen=300, key="f", **when)
    services.return_(fund=giver, amount_fen=500, key="b", **when)
    services.transfer(fund=giver, to_fund=taker, amount_fen=4_000, key="t", **when)
    services.refund(fund=taker, amount_fen=100, key="g", **when)
    return giver, taker


def entries_of(lines: Lines) -> list[int]:
    return [number for number, line in enumerate(lines) if line[0] not in "#="]


def rechained(lines: Lines) -> Lines:
    """Make all hashes and heads right again, as somebody would who knows how."""
    heads: dict[str, tuple[int, str, dict[str, int]]] = {}
    out: Lines = []
    for line in lines:
        if line.startswith("#end"):
            out.append(f"#end {len(entries_of(out))}\n")
        elif line.startswith("#"):
            out.append(line)
        elif line.startswith("="):
            facts = json.loads(line[1:])
            seq, head, sums = heads.get(facts["fund"], (0, genesis(facts["fund"]), {}))
            blank = dict.fromkeys(("external", "available", "reserved", "disbursed", "fee", "transit"), 0)
            whole = {"fund": facts["fund"], "seq": seq, "hash": head, **blank, **sums}
            out.append(f"={rules.canonical(whole)}\n")
        else:
            facts = json.loads(line.partition(" ")[2])
            seq, head, sums = heads.get(facts["fund"], (0, genesis(facts["fund"]), {}))
            facts["seq"], facts["prev_hash"] = seq + 1, head
            sums = dict(sums)
            for account, fen in facts["legs"]:
                sums[account] = sums.get(account, 0) + fen
            body = rules.canonical(facts)
            heads[facts["fund"]] = (seq + 1, sha256(body), sums)
            out.append(f"{sha256(body)} {body}\n")
    return out


def _fund_of(line: str) -> str:
    return str(json.loads(line.partition(" ")[2])["fund"])


def change_amount(lines: Lines, rng: random.Random) -> None:
    number = rng.choice(entries_of(lines))
    head, _, body = lines[number].partition(" ")
    facts = json.loads(body)
    delta = rng.choice([-1, 1]) * rng.randint(1, 99)
    facts["amount_fen"] += delta
    facts["legs"] = [[account, fen + (delta if fen > 0 else -delta)] for account, fen in facts["legs"]]
    lines[number] = f"{head} {rules.canonical(facts)}\n"


def change_reference(lines: Lines, rng: random.Random) -> None:
    number = rng.choice(entries_of(lines))
    head, _, body = lines[number].partition(" ")
    facts = json.loads(body)
    facts["refs"] = {**facts["refs"], "donor": f"z{rng.random()}"}
    lines[number] = f"{head} {rules.canonical(facts)}\n"


def swap_two(lines: Lines, rng: random.Random) -> None:
    fund = f'"fund":"{_fund_of(lines[rng.choice(entries_of(lines)[5:])])}"'
    one, other = rng.sample([number for number in entries_of(lines) if fund in lines[number]], 2)
    lines[one], lines[other] = lines[other], lines[one]


def drop_middle(lines: Lines, rng: random.Random) -> None:
    del lines[rng.choice(entries_of(lines)[:-1])]


def repeat_one(lines: Lines, rng: random.Random) -> None:
    number = rng.choice(entries_of(lines))
    lines.insert(number, lines[number])


def flip_a_byte(lines: Lines, rng: random.Random) -> None:
    number = rng.choice(entries_of(lines))
    place = rng.randrange(len(lines[number]) - 1)
    new = rng.choice([char for char in "0123456789ab" if char != lines[number][place]])
    lines[number] = lines[number][:place] + new + lines[number][place + 1 :]


def cut_tail(lines: Lines, rng: random.Random) -> None:
    """Cut the last entries of one book and set everything else right."""
    numbers = entries_of(lines)
    fund = _fund_of(lines[numbers[-1]])
    last = [n for n in numbers if f'"fund":"{fund}"' in lines[n]]
    for number in reversed(last[-rng.randint(1, len(last)) :]):
        del lines[number]
    lines[:] = rechained(lines)


def rechain_changed(lines: Lines, rng: random.Random) -> None:
    rng.choice([change_amount, change_reference])(lines, rng)
    lines[:] = rechained(lines)


def rechain_all_later(lines: Lines, rng: random.Random) -> None:
    drop_middle(lines, rng)
    lines[:] = rechained(lines)


EDITS: list[Callable[[Lines, random.Random], None]] = [
    change_amount,
    change_reference,
    swap_two,
    drop_middle,
    repeat_one,
    flip_a_byte,
    cut_tail,
    rechain_changed,
    rechain_all_later,
]
