"""What the offline verification finds, after edits that go around every guard."""

import io
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from donors.ledger import guards, rules
from donors.ledger.anchors import anchor_heads
from donors.ledger.verify import DoesNotHoldError, genesis, main, verify
from tests.donors.ledger.edits import EDITS, Lines, exported, rechained, some_life
from tests.donors.world import NOW, World, make_fund

ROOT = Path(__file__).resolve().parents[3]


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
