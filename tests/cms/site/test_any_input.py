"""Whatever stands in an address: every public page stays calm."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from cms.site.services import build_site
from needs.models import Project
from tests.test_no_money_from_visitors import addresses

Publish = Callable[..., Project]
NAMES = [
    "q", "region", "tier", "kind", "category", "cause", "amount", "force", "left", "sort", "after", "before",
    "cursor", "size", "page", "n", "number", "project", "next", "year", "month", "form", "anew", "language",
]  # fmt: skip
BAD = {
    "sql": "' OR 1=1; DROP TABLE needs_project --",
    "lucene": 'title:(a AND "b") OR [* TO *] ~5 ^2 \\',
    "fts": 'NEAR("a" "b", 3) * AND NOT ^x',
    "tsquery": "a & b | !c <-> (d:*",
    "long": "病" * 10_000,
    "long_latin": "a" * 10_000,
    "emoji": "😀👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "right_to_left": "\u202eabc\u200f\u2067محتاج",
    "nul": "a\x00b",
    "controls": "\r\n\t\x1b[31m",
    "negative": "-1",
    "huge": "9" * 40,
    "float": "1e309",
    "digits_of_others": "٣३３",
    "template": "{{ request }}{% now 'Y' %}${7*7}",
    "markup": "<script>alert(1)</script>\"'>",
    "path": "../../../../etc/passwd",
    "surrogate": "\ud83d",
}
RAW = (
    "q=%ff%fe%00", "q=%E4%B8", "&&&===;;;", "q[]=1&q[$ne]=1", "%", "q=%%%", "=&=", "page=0&page=-1&page=x",
    "after=urgent.9.ffffffffffffffffffff", "after=new.0.0&before=new.0.0", "after=urgent.0.7fffffffffffffff",
    "&".join(f"p{place}=1" for place in range(3000)),
)  # fmt: skip
ODD_PATHS = (
    "/projects/%00/", "/projects/😀/", "/projects/ZZZZZZZZ/calendar/", "/projects/feed/xml/", "/projects//",
    "/projects/a/b/c/d/", f"/projects/{'A' * 3000}/", "/cards/😀.png", "/cards/ZZZZZZZZ.png", "/organisations/x/",
    "/organisations/-1/", f"/organisations/{'9' * 40}/", "/stories/%2e%2e/", "/stories/nowhere/", "/news/atom/x/",
    "/open-data/files/none.xml", "/open-data/files/projects.exe", "/media/images/%00", "/media/images/a/../../b",
    "/sitemap-none.xml", "/track/nothing/", "/api/v1/projects/", "/api/v1/nothing", "/api/v2/projects", "/%ff%fe/",
)  # fmt: skip
CATALOGUE = ("", "feed/rss/", "feed/atom/", "calendar/", "compare/", "saved/", "suggest/")
PRIVATE = ("/portal/", "/accounts/", "/admin/")


@pytest.fixture
def visitor(publish: Publish) -> Client:
    """A visitor of a site with a project."""
    publish()
    build_site(now=timezone.now(), with_examples=True)
    return Client(raise_request_exception=False)


def public_addresses() -> list[str]:
    """Return one address of every page, route and feed that a visitor may open."""
    pages = [page.url for page in Page.objects.live().filter(depth__gt=1) if page.url]
    routes = [route for route in addresses() if not route.startswith(PRIVATE)]
    number = Project.objects.values_list("number", flat=True)[0]
    catalogue = [f"/projects/{ending}" for ending in (*CATALOGUE, f"{number}/", f"{number}/calendar/")]
    lists = [f"/{name}/{form}/" for name in ("stories", "news") for form in ("rss", "atom")]
    return list(dict.fromkeys([*pages, *routes, *catalogue, *lists]))


def test_every_public_address_stays_calm_under_any_value(visitor: Client) -> None:
    found = public_addresses()
    assert len(found) >= 34
    failed = []
    for address in found:
        for name, value in BAD.items():
            query = urlencode(dict.fromkeys(NAMES, value), errors="surrogatepass")
            answer = visitor.get(address, QUERY_STRING=query)
            if answer.status_code >= 500:
                failed.append((address, name, answer.status_code))
    assert failed == []


def test_every_public_address_stays_calm_under_a_question_that_is_none(visitor: Client) -> None:
    failed = [
        (address, raw[:40])
        for address in public_addresses()
        for raw in RAW
        if visitor.get(address, QUERY_STRING=raw).status_code >= 500
    ]
    assert failed == []


def test_addresses_that_lead_nowhere_are_calm(visitor: Client) -> None:
    for path in ODD_PATHS:
        answer = visitor.get(quote(path, safe="/%"))
        assert answer.status_code in {301, 302, 400, 404, 410}, path


@pytest.mark.parametrize("address", ["/", "/projects/", "/api/v1/projects"])
def test_headers_that_are_none_are_calm(visitor: Client, address: str) -> None:
    for value in BAD.values():
        plain = "".join(letter for letter in value if " " <= letter < "\x7f") or "x"
        headers = {
            "Accept-Language": plain, "Cookie": f"django_language={plain}; x", "If-None-Match": plain,
            "HX-Request": plain, "HX-Current-URL": plain, "Accept": plain, "Referer": plain,
        }  # fmt: skip
        assert visitor.get(address, headers=headers).status_code in {200, 304}


def test_a_list_is_shown_whatever_a_filter_says(visitor: Client) -> None:
    for value in BAD.values():
        query = urlencode(dict.fromkeys(NAMES, value), errors="surrogatepass")
        for path in ("/projects/", "/projects/feed/atom/", "/projects/calendar/", "/projects/compare/"):
            assert visitor.get(path, QUERY_STRING=query).status_code == 200, path
        asked = {name: value for name in NAMES if name != "size"}  # a size that is none is told so, as JSON
        query = urlencode(asked, errors="surrogatepass")
        assert visitor.get("/api/v1/projects", QUERY_STRING=query).status_code == 200
