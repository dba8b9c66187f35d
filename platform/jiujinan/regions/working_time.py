"""Working hours (pure): minutes that pass only while offices are open, on the working calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from jiujinan.regions.calendar import NO_TABLE, is_working_day

Span = tuple[time, time]
# The hours of most county offices; a region enters its own (clocks.OfficeHours).
USUAL_SPANS: tuple[Span, ...] = ((time(8, 30), time(12, 0)), (time(14, 30), time(17, 30)))
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class OfficeTime:
    """When offices work: spans of a day in order, in local time, and days that the calendar lacks or errs on."""

    spans: tuple[Span, ...] = USUAL_SPANS
    table: Mapping[date, bool] = field(default_factory=lambda: NO_TABLE)

    def __post_init__(self) -> None:
        """Refuse spans that don't follow each other: with none, no working hour would ever pass."""
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("office hours are one or more spans, in order, without overlap")

    def open_spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans that end after an aware moment, for ever, each as moments of that moment's zone."""
        day = since.date()
        while True:
            if is_working_day(day, table=self.table):
                for opens, closes in self.spans:
                    begin = datetime.combine(day, opens, since.tzinfo)
                    end = datetime.combine(day, closes, since.tzinfo)
                    if end > since:
                        yield max(begin, since), end
            day += timedelta(days=1)


def add_working_minutes(since: datetime, minutes: int, office: OfficeTime) -> datetime:
    """Return when so many (≥ 0) working minutes have passed since an aware local moment."""
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    left = minutes * _MINUTE
    if not left:
        return since
    for begin, end in office.open_spans(since):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("working days never end")


def working_minutes_between(start: datetime, end: datetime, office: OfficeTime) -> int:
    """Return how many whole working minutes lie between two aware local moments; 0 if end ≤ start."""
    passed = timedelta()
    if end <= start:
        return 0
    for begin, close in office.open_spans(start):
        if begin >= end:
            break
        passed += min(close, end) - begin
    return passed // _MINUTE
