"""A thousand seeded faults: all found, none invented."""

import random
from collections import Counter
from datetime import date

from donors.banking.reconciling import Expected, Finding, Verdict, plain_name, reconcile
from donors.banking.references import reference_for
from donors.banking.statements import Line

TODAY = date(2026, 7, 31)
EARLY = date(2026, 7, 1)
NAMES = ["明月食品公司", "海城建材厂", "南街商会", "青松书店", "和风茶行"]


class Bank:
    """Writes statement lines with serial numbers."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.count, self.lines = rng, 0, list[Line]()

    def book(self, amount_fen: int, name: str, memo: str) -> None:
        self.count += 1
        self.lines.append(Line(f"S{self.count}", date(2026, 7, 8), amount_fen, name, memo))

    def pay(self, one: Expected, verdict: Verdict) -> None:
        amount, name = one.amount_fen, one.name
        memo = self.rng.choice([one.reference, f"捐款{one.reference.lower()}", " ".join(one.reference)])
        first = self.rng.randint(1, amount - 1)
        if verdict is Verdict.SPLIT and first * 2 == amount:
            first -= 1 if first > 1 else -1
        booked = {
            Verdict.MATCHED: [(amount, name)],
            Verdict.SPLIT: [(first, name), (amount - first, name)],
            Verdict.WRONG_AMOUNT: [(amount + self.rng.choice([-1, 1, 100]), name)],
            Verdict.WRONG_NAME: [(amount, name[:2] + "他人")],
            Verdict.DOUBLE: [(amount, name), (amount, name)],
            Verdict.REFUND: [(amount, name), (-self.rng.randint(1, amount), name)],
            Verdict.MISSING: [],
        }[verdict]
        for fen, payer in booked:
            self.book(fen, payer, memo)


def test_a_thousand_faults_are_all_found_and_none_is_invented() -> None:
    rng = random.Random(2026)
    bank = Bank(rng)
    expected: list[Expected] = []
    truth: dict[str, Verdict] = {}
    verdicts = [verdict for verdict in Verdict if verdict is not Verdict.STRAY]
    for number in range(2_000):
        one = Expected(
            f"c{number}", reference_for(number * 7_919), rng.choice(NAMES), rng.randint(10, 500_000), EARLY
        )
        verdict = rng.choice(verdicts) if rng.random() < 0.7 else Verdict.MATCHED
        expected.append(one)
        truth[one.id] = verdict
        bank.pay(one, verdict)
    for number in range(150):
        bank.book(600_000 + number, "路人", rng.choice(["", "捐款", reference_for(31**6 + number)]))
    rng.shuffle(bank.lines)
    findings = reconcile(expected, bank.lines, today=TODAY)
    told = {finding.contribution: finding.verdict for finding in findings if finding.contribution}
    assert told == truth
    assert Counter(finding.verdict for finding in findings)[Verdict.STRAY] == 150
    faults = [verdict for verdict in truth.values() if verdict is not Verdict.MATCHED]
    assert len(faults) + 150 > 1_000
    assert sum(len(finding.lines) for finding in findings) == len(bank.lines)


def expect(number: int, amount_fen: int = 500, name: str = "明月食品公司") -> Expected:
    return Expected(f"c{number}", reference_for(number), name, amount_fen, EARLY)


def line(serial: str, amount_fen: int, name: str = "明月食品公司", memo: str = "") -> Line:
    return Line(serial, TODAY, amount_fen, name, memo)


def test_a_line_without_a_reference_goes_to_the_only_one_of_its_name_and_amount() -> None:
    one = expect(1)
    paid = line("a", 500, "明月食品（公司）")
    assert reconcile([one, expect(2, 600)], [paid], today=EARLY) == [
        Finding(Verdict.MATCHED, "c1", (paid,), 500)
    ]


def test_a_line_that_could_be_for_two_is_nobodys_until_a_person_looks() -> None:
    paid = line("a", 500)
    assert reconcile([expect(1), expect(2)], [paid], today=EARLY) == [
        Finding(Verdict.STRAY, None, (paid,), 500)
    ]
    both = line("b", 500, memo=f"{reference_for(1)} {reference_for(2)}")
    assert reconcile([expect(1), expect(2)], [both], today=EARLY)[0].verdict is Verdict.STRAY


def test_nothing_is_missing_before_its_time() -> None:
    assert reconcile([expect(1)], [], today=date(2026, 7, 8)) == []
    assert reconcile([expect(1)], [], today=date(2026, 7, 9)) == [Finding(Verdict.MISSING, "c1", (), 0)]


def test_names_are_compared_without_width_blanks_and_brackets() -> None:
    assert plain_name("ＡＢＣ (中国) 公司") == plain_name("abc（中国）公司")
