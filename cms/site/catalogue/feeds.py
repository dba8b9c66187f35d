"""Feeds and the calendar of any question: the address of a list, with another ending."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language, gettext

from cms.site.catalogue.filters import ProjectFilter, chosen, question_of
from cms.templatetags.cms_ui import hoped_until
from needs.catalogue import engine
from needs.catalogue.question import Sort
from needs.models import Project

if TYPE_CHECKING:
    from cms.site.models import CatalogueIndexPage

FEEDS: dict[str, type[Rss201rev2Feed] | type[Atom1Feed]] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
MOST_IN_FEED = 30
MOST_IN_CALENDAR = 100
_LINE = 74  # octets, RFC 5545 § 3.1


def feed(request: HttpRequest, *, page: "CatalogueIndexPage", form: str) -> HttpResponse:
    """Return the newest projects that answer the question as RSS 2.0 or Atom 1.0; times are months, as in public."""
    projects = _answering(request, sort=Sort.NEW, most=MOST_IN_FEED)
    make = FEEDS[form]
    written = make(
        title=f"{page.shown_title} · {gettext('Acute Difficulty Relief+')}",
        link=request.build_absolute_uri(f"{page.url}?{_question(request)}"),
        feed_url=request.build_absolute_uri(),
        description=page.shown_intro,
        language=get_language(),
    )
    for project in projects:
        address = request.build_absolute_uri(f"{page.url}{project.number}/")
        written.add_item(
            title=project.title,
            link=address,
            description=project.description,
            unique_id=address,
            pubdate=_start(project.published_month),
            updateddate=_start(project.updated_month),
            categories=[project.get_tier_display()] if project.tier else [],
        )
    return HttpResponse(written.writeString("utf-8"), content_type=make.content_type)


def calendar(request: HttpRequest, *, page: "CatalogueIndexPage") -> HttpResponse:
    """Return until when help is hoped for, as a calendar (RFC 5545): those that still lack something, soonest first."""
    projects = [
        project
        for project in _answering(request, sort=Sort.SOON, most=MOST_IN_CALENDAR)
        if project.covered_percent < 100
    ]
    return calendar_of(request, page=page, projects=projects, name="projects")


def calendar_of(
    request: HttpRequest, *, page: "CatalogueIndexPage", projects: list[Project], name: str
) -> HttpResponse:
    """Return the days of these projects as a calendar file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//jiujinan//catalogue//ZH", "CALSCALE:GREGORIAN"]
    for project in projects:
        address = request.build_absolute_uri(f"{page.url}{project.number}/")
        lines += _event(project, address)
    lines.append("END:VCALENDAR")
    text = "".join(f"{part}\r\n" for line in lines for part in _folded(line))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _answering(request: HttpRequest, *, sort: Sort, most: int) -> list[Project]:
    in_force = chosen(ProjectFilter(request.GET, queryset=Project.objects.none()))
    asked = request.GET.copy()
    for name in ("after", "before"):
        asked.pop(name, None)
    asked["sort"] = sort.value
    return engine.shown(engine.find(question_of(in_force, asked, today=timezone.localdate(), size=most)))


def _question(request: HttpRequest) -> str:
    in_force = chosen(ProjectFilter(request.GET, queryset=Project.objects.none()))
    return urlencode(in_force)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _event(project: Project, address: str) -> Iterator[str]:
    last = hoped_until(project)
    stamp = _start(project.updated_month).astimezone(UTC)
    yield "BEGIN:VEVENT"
    yield f"UID:{project.number}@jiujinan"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{last:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(project.title)}"
    yield f"DESCRIPTION:{_escaped(gettext('Help is hoped for until the end of this month.'))}"
    yield f"URL:{address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield the line in parts of at most 75 octets, never within a character; further parts begin with a blank."""
    part = ""
    for character in line:
        if len((part + character).encode()) > _LINE:
            yield part
            part = " "
        part += character
    yield part
