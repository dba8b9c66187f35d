"""Where a clock or a notice leads: the page on which its answer is given."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse

from jiujinan.clocks.models import Clock, Notice
from jiujinan.clocks.rules import Step

# By what stands before the colon of a subject; the page of one thing takes its key.
_PAGES: Mapping[str, str] = {
    "report": "desk:report",
    "complaint": "desk:complaint",
    "organisation": "desk:organisation",
    "import": "desk:import",
}
_LISTS: Mapping[str, str] = {"visits": "desk:visits", "absence": "desk:absences"}


def page_of(one: Clock | Notice) -> str:
    """Return the address of the page where it is answered, "" where the desk has none."""
    room, _, key = one.subject.partition(":")
    if room in _LISTS or one.step == Step.VISIT:
        return reverse(_LISTS.get(room, "desk:visits"))
    if room in _PAGES and _fits(room, key):
        return reverse(_PAGES[room], args=[key])
    return reverse("desk:case", args=[one.case]) if one.case else ""


def _fits(room: str, key: str) -> bool:
    if room == "organisation":
        return key.isdecimal()
    try:
        UUID(key)
    except ValueError:
        return False
    return True
