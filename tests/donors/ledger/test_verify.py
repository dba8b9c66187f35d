"""What the offline verification finds, after edits that go around every guard."""

import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from donors.ledger import guards, rules, services
from donors.ledger.anchors import anchor_heads
from donors.ledger.export import export_to
from donors.ledger.verify import DoesNotHoldError, genesis, main, sha256, verify
from donors.models import Fund
from tests.donors.world import NOW, World, make_fund

ROOT = Path(__file__).resolve().parents[3]
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


@pytest.fixture
def books(world: World, tmp_path: Path) -> tuple[Lines, Path]:
    some_life(world)
    anchors = tmp_path / "anchors"
    anchor_heads(path=anchors, now=NOW)
    return exported(), anchors


def anchor_lines(path: Path) -> Lines:
    return path.read_text().splitlines()


def test_an_untouched_ledger_holds(books: tuple[Lines, Path]) -> None:
    lines, anchors = books
    assert verify(lines, anchor_lines(anchors)) == 23


def test_an_empty_ledger_holds(world: World) -> None:
    make_fund(world)
    assert verify(exported()) == 0


def test_the_verifier_and_the_ledger_agree_on_the_genesis() -> None:
    assert genesis("a") == rules.genesis_hash("a")


def test_the_commands_write_a_file_that_the_program_accepts(world: World, tmp_path: Path) -> None:
    some_life(world)
    out, anchors = tmp_path / "ledger.txt", tmp_path / "deep" / "anchors"
    call_command("export_ledger", out=out, verbosity=0, stdout=io.StringIO())
    anchor_heads(path=anchors, now=NOW)
    assert anchor_heads(path=anchors, now=NOW) == 0
    command = [sys.executable, "-S", "-m", "donors.ledger.verify", str(out), "--anchors", str(anchors)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "23 entries hold\n")


def test_a_missing_file_is_told_apart_from_a_broken_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none")]) == 2
    (tmp_path / "bad").write_text("x\n")
    assert main([str(tmp_path / "bad")]) == 1
    assert "does not begin with" in capsys.readouterr().out


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


@pytest.mark.parametrize("edit", EDITS)
def test_every_edit_is_found(books: tuple[Lines, Path], edit: Callable[[Lines, random.Random], None]) -> None:
    lines, anchors = books
    anchored = anchor_lines(anchors)
    for seed in range(150):
        edited = list(lines)
        edit(edited, random.Random(seed))
        with pytest.raises(DoesNotHoldError):
            verify(edited, anchored)


def test_re_chaining_by_itself_changes_nothing(books: tuple[Lines, Path]) -> None:
    assert rechained(books[0]) == books[0]


def test_a_cut_anchor_line_or_a_changed_one_is_found(books: tuple[Lines, Path]) -> None:
    lines, anchors = books
    first, second = anchor_lines(anchors)
    with pytest.raises(DoesNotHoldError, match="anchor"):
        verify(lines, [second])
    with pytest.raises(DoesNotHoldError, match="anchor"):
        verify(lines, [first.replace('"seq":', '"seq":1'), second])


def test_the_first_broken_entry_is_named(world: World) -> None:
    """A superuser takes the guards away, edits a row in the database, and puts them back."""
    giver, _ = some_life(world)
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_leg SET amount_fen = amount_fen * 2 WHERE transaction_id IN "
            "(SELECT id FROM ledger_ledgertransaction WHERE seq = 3 AND key = 'd0')"
        )
    guards.install(connection)
    with pytest.raises(DoesNotHoldError) as fault:
        verify(exported())
    assert (fault.value.fund, fault.value.seq) == (str(giver.pk), 3)


def test_a_row_removed_in_the_database_is_found(world: World) -> None:
    giver, _ = some_life(world)
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_leg WHERE account = 'fee'")
    guards.install(connection)
    with pytest.raises(DoesNotHoldError) as fault:
        verify(exported())
    assert (fault.value.fund, fault.value.seq) == (str(giver.pk), 19)
