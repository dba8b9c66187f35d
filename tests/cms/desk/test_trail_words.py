"""No act of a trail that the desk shows stands there as a code."""

import re
from pathlib import Path

from django.utils import translation

from cms.desk.trail_words import ACTS, act_words
from needs.states import CASE_ACTS

ROOT = Path(__file__).parents[3] / "needs"
# What writes into a case's trail, a report's or a complaint's: the room, the words before the act, the act's prefix.
WRITERS = (
    ("services", r'note(?:_and_tell)?\(\s*(?:need\.)?case,\s*"(\w+)"', "case."),
    ("services", r'_rescored\(case, "(\w+)"', "case."),
    ("services", r'act="(reassign|hand_over|owner_back)"', "case."),
    ("services", r'_note\(\w+, "((?:gate|text)\.\w+)"', ""),
    ("discovery/services/reports.py", r'_note\(\s*report, "(\w+)"', "report."),
    ("discovery/services/complaints.py", r'_note\(\s*complaint, "(\w+)"', "complaint."),
)


def written() -> set[str]:
    """Return the codes of all acts that the source writes into these trails."""
    found = {f"case.{act}" for act in CASE_ACTS}
    for room, pattern, prefix in WRITERS:
        place = ROOT / room
        for file in [place] if place.is_file() else sorted(place.glob("*.py")):
            found |= {prefix + act for act in re.findall(pattern, file.read_text(encoding="utf-8"))}
    return found


def test_every_act_that_is_written_has_words() -> None:
    codes = written()
    assert len(codes) > 40
    assert codes - set(ACTS) == set()


def test_words_are_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert act_words("case.take_up") == "已受理"
        assert all(act_words(code) != ACTS[code] for code in ACTS)
    assert act_words("something.else") == "something.else"
