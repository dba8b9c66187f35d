"""Each source's share: first in, first out, and always the book's sums."""

from hypothesis import given
from hypothesis import strategies as st

from donors.sources import Entry, Share, shares_by_source, totals


def book(*entries: tuple[str, int] | tuple[str, int, str] | tuple[str, int, str, str]) -> list[Entry]:
    rows = []
    for number, (kind, fen, *rest) in enumerate(entries):
        source, reverses = [*rest, "", ""][:2]
        rows.append(Entry(id=str(number), kind=kind, fen=fen, source=source, reverses=reverses))
    return rows


def held(shares: list[Share]) -> dict[str, int]:
    return {share.source: share.held_fen for share in shares}


def test_money_goes_out_in_the_order_in_which_it_came_in() -> None:
    shares = shares_by_source(
        book(("receive", 300, "government"), ("receive", 200, "lottery"), ("disburse", 350), ("fee", 50))
    )
    assert [(one.source, one.disbursed_fen, one.fee_fen, one.held_fen) for one in shares] == [
        ("government", 300, 0, 0),
        ("lottery", 50, 50, 100),
    ]


def test_what_comes_back_belongs_to_the_source_that_was_paid_last() -> None:
    shares = shares_by_source(
        book(("receive", 300, "government"), ("receive", 200, "lottery"), ("disburse", 400), ("return", 150))
    )
    assert held(shares) == {"government": 50, "lottery": 200}


def test_a_refund_takes_the_money_of_the_source_that_it_names_first() -> None:
    shares = shares_by_source(
        book(("receive", 300, "government"), ("receive", 200, "charity"), ("refund", 250, "charity"))
    )
    assert held(shares) == {"government": 250, "charity": 0}


def test_a_reversal_undoes_what_the_entry_did_to_each_source() -> None:
    entries = book(
        ("receive", 100, "government"),
        ("disburse", 60),
        ("receive", 100, "charity"),
        ("reverse", 60, "", "1"),
        ("reverse", 100, "", "2"),
    )
    shares = shares_by_source(entries)
    assert held(shares) == {"government": 100, "charity": 0}
    assert [one.received_fen for one in shares] == [100, 0]


def test_reserving_moves_nothing_between_sources() -> None:
    entries = book(("receive", 100, "charity"), ("reserve", 70), ("release", 20), ("disburse", 50))
    assert held(shares_by_source(entries)) == {"charity": 50}


kinds = st.sampled_from(
    ["receive", "disburse", "fee", "refund", "return", "transfer_in", "transfer_out", "reverse"]
)
sources = st.sampled_from(["government", "lottery", "charity", ""])


@given(st.lists(st.tuples(kinds, st.integers(1, 10_000), sources, st.integers(0, 30)), max_size=40))
def test_whatever_happens_the_shares_sum_to_the_book(acts: list[tuple[str, int, str, int]]) -> None:
    entries: list[Entry] = []
    sums = {"received": 0, "held": 0, "disbursed": 0, "fee": 0, "transferred": 0, "refunded": 0}
    undone: set[str] = set()
    leaves = {
        "receive": ("received", "held"),
        "transfer_in": ("received", "held"),
        "disburse": ("held", "disbursed"),
        "fee": ("held", "fee"),
        "transfer_out": ("held", "transferred"),
        "refund": ("held", "refunded"),
        "return": ("disbursed", "held"),
    }
    reversible = {"receive", "disburse", "fee", "refund", "return"}
    for number, (kind, fen, source, which) in enumerate(acts):
        reverses = ""
        if kind == "reverse":
            open_ones = [one for one in entries if one.kind in reversible and one.id not in undone]
            if not open_ones:
                continue
            target = open_ones[which % len(open_ones)]
            after, before = leaves[target.kind]
            fen, reverses = target.fen, target.id
        else:
            before, after = leaves[kind]
        if before != "received" and sums[before] < fen:
            continue
        if reverses:
            undone.add(reverses)
        sums[before] += fen if before == "received" else -fen
        sums[after] += -fen if after == "received" else fen
        entries.append(Entry(id=str(number), kind=kind, fen=fen, source=source, reverses=reverses))
    shares = shares_by_source(entries)
    assert totals(shares) == {f"{name}_fen": fen for name, fen in sums.items()}
    assert all(value >= 0 for share in shares for name, value in vars(share).items() if name != "source")
    for share in shares:
        spent = share.disbursed_fen + share.fee_fen + share.transferred_fen + share.refunded_fen
        assert share.received_fen == share.held_fen + spent
