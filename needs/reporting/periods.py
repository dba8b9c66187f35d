"""Weeks as the calendar of ISO 8601 counts them, in local time (pure)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_LABEL = re.compile(r"^(\d{4})-?W(\d{1,2})$")


class NoSuchWeek(ValueError):
    """The text names no week; write `2026-W07`."""


@dataclass(frozen=True)
class Week:
    """Monday to Sunday. `first` is the Monday."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """Return the week that the day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def named(cls, label: str) -> "Week":
        """Return the week of a label such as `2026-W07`; raise NoSuchWeek."""
        found = _LABEL.match(label.strip())
        if found is None:
            raise NoSuchWeek(label)
        try:
            return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            raise NoSuchWeek(label) from None

    @property
    def label(self) -> str:
        """The label that `named` reads."""
        year, number, _ = self.first.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def last(self) -> date:
        """The Sunday."""
        return self.first + timedelta(days=6)

    def before(self) -> "Week":
        """Return the week before."""
        return Week(self.first - timedelta(days=7))

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the first moment of the week and the first after it, aware."""
        return midnight(self.first, zone), midnight(self.first + timedelta(days=7), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the day's first moment, aware."""
    return datetime.combine(day, time(), tzinfo=zone)
