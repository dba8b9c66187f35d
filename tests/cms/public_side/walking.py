"""Every public address there is: asked by name, found in sitemaps, and reached by links."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

from django.test import Client
from wagtail.models import Page

from cms.api.api import api
from cms.public_side.middleware import WORKING_PREFIXES
from cms.site.open_data.views import _FILES
from jiujinan.accounts.models import Organisation
from needs.models import Project

# Pages of visitors who write: they are public to read, though they work with the application's rights.
VISITORS_WRITE = ("/report-a-need/", "/complaint/", "/track/")
STAYS_INSIDE = tuple(prefix for prefix in WORKING_PREFIXES if prefix not in VISITORS_WRITE)
_LINK = re.compile(r"""(?:href|src|content)=["']([^"'#]+)|<loc>([^<]+)</loc>|"(/[^"\\ ]+/)\"""")


def asked_by_name(project: Project) -> set[str]:
    """Return the addresses that code answers, with this project where one is asked for."""
    own = f"/projects/{project.number}/"
    catalogue = (
        "", "?q=医疗&tier=joint&sort=new", "?page=2", "feed/rss/", "feed/atom/", "calendar/", "saved/",
        f"compare/?number={project.number}", "suggest/?q=医", "?view=table",
    )  # fmt: skip
    files = {f"/open-data/files/{name}.{form}" for name, form in _FILES}
    pages = list(Page.objects.live().filter(depth__gt=1))
    forces = Organisation.objects.filter(verified_at__isnull=False).exclude(kind="civil_affairs")
    interface = {path for path, acts in api.get_openapi_schema()["paths"].items() if "get" in acts}
    return {
        *(page.get_url() for page in pages if page.get_url()),
        own, f"{own}calendar/", f"/cards/{project.number}.png",
        *(f"/projects/{path}" for path in catalogue),
        *files, *interface, "/api/v1/projects?q=医疗", "/api/v1/openapi.json",
        "/robots.txt", "/favicon.ico", "/sitemap.xml",
        *(f"/sitemap-{section}.xml" for section in ("pages", "projects", "organisations")),
        *(f"/organisations/{force.pk}/" for force in forces),
        "/open-data/ended-funds/", "/open-data/releases.atom", *VISITORS_WRITE,
    }  # fmt: skip


def walk(client: Client, begin: Iterable[str], *, most: int = 400) -> dict[str, bytes]:
    """Return every answer below 400 by its address, following links of the site to pages without questions."""
    waiting, seen = sorted(begin), set(begin)
    answers: dict[str, bytes] = {}
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code < 400, (path, answer.status_code)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        answers[path] = body
        assert len(answers) <= most, "links lead on without an end"
        if "image" not in answer.get("Content-Type", ""):
            fresh = {link for link in links(body.decode()) if link not in seen}
            seen |= fresh
            waiting += sorted(fresh)
    return answers


def links(text: str) -> set[str]:
    """Return the paths on this site that a text leads to, without those behind a sign-in, files and questions."""
    found = (unescape(next(filter(None, groups))) for groups in _LINK.findall(text))
    parts = [urlsplit(link) for link in found]
    return {
        part.path
        for part in parts
        if part.path.startswith("/")
        and not part.query
        and part.netloc in {"", "testserver", "localhost"}
        and not part.path.startswith((*STAYS_INSIDE, "/static/", "/media/", "//"))
    }
