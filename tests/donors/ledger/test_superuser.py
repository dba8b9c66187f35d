"""Edits in the database itself by somebody whom nothing stops: none is missed."""

import random
from pathlib import Path

import pytest
from django.db import transaction

from donors.ledger.anchors import anchor_heads
from donors.ledger.checking import anchor_lines, check_books
from donors.ledger.verify import DoesNotHoldError
from tests.donors.ledger.edits import some_life
from tests.donors.ledger.superuser import EDITS, ONLY_ANCHORS_TELL, Edit, as_superuser, found, tampered
from tests.donors.world import NOW, World

EDITS_HERE = 480  # bench/tamper.py does ten thousand


@pytest.fixture
def anchors(world: World, tmp_path: Path) -> list[str]:
    some_life(world)
    anchor_heads(path=tmp_path / "anchors", now=NOW)
    return anchor_lines(tmp_path / "anchors")


def test_the_books_hold_where_they_stand(anchors: list[str]) -> None:
    assert check_books() == check_books(anchors=anchors) == 23


def test_every_edit_of_a_superuser_is_found(anchors: list[str]) -> None:
    told = tampered(EDITS_HERE, anchors)
    missed = {name: kind for name, kind in told.items() if kind["found"] != kind["edits"]}
    assert missed == {}
    assert all(kind["edits"] > EDITS_HERE // len(EDITS) // 2 for kind in told.values()), told
    assert check_books(anchors=anchors) == 23  # all was rolled back


@pytest.mark.parametrize("edit", ONLY_ANCHORS_TELL)
def test_a_fund_chained_anew_agrees_with_itself_and_not_with_its_anchor(
    anchors: list[str], edit: Edit
) -> None:
    with as_superuser():
        assert not found(edit, 1, [])
        assert found(edit, 1, anchors)


def test_the_first_entry_that_does_not_hold_is_named(anchors: list[str]) -> None:
    with as_superuser(), transaction.atomic():
        EDITS[1](random.Random(3))
        with pytest.raises(DoesNotHoldError) as fault:
            check_books()
        assert fault.value.seq > 0
        transaction.set_rollback(True)
