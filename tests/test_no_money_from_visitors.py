"""慈善法 27, 124: the platform takes no money from a visitor. Every address is tried, by anonymous POST."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from donors.ledger.models import LedgerTransaction
from matching.models import Commitment, Disbursement
from tests.town import Town

OURS = ("cms.", "allauth.")
SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "str": "a", "slug": "a", "path": "a"}
GIFT = {"amount": "100", "amount_fen": "10000", "fund": "1", "project": "1", "key": "k", "donor": "visitor"}


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield one address for every route of our own code, with sample values for its parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = prefix + sample(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and pattern.lookup_str.startswith(OURS):
            yield route


def sample(pattern: RoutePattern) -> str:
    """Return the route with a value of the right kind in place of each parameter."""
    text = str(pattern)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for form in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(form, SAMPLES.get(kind, "a"))
    return text


def test_there_are_addresses_to_try() -> None:
    assert len(list(addresses())) >= 15


@pytest.mark.django_db
def test_no_route_takes_money_from_a_visitor(town: Town) -> None:
    town.fund(yuan=100)
    before = LedgerTransaction.objects.count()
    visitor = Client(raise_request_exception=False)
    for address in addresses():
        for sent in ({"data": GIFT}, {"data": GIFT, "content_type": "application/json"}):
            answer = visitor.post(address, **sent)
            assert answer.status_code < 500, address
    assert LedgerTransaction.objects.count() == before
    assert not Commitment.objects.exists()
    assert not Disbursement.objects.exists()


def test_no_public_page_offers_to_pay(town: Town, client: Client) -> None:
    from django.utils import timezone

    from cms.site.services import build_site

    build_site(now=timezone.now())
    for address in ("/", "/projects/"):
        page = client.get(address).content.decode()
        for word in ("立即捐款", "微信支付", "支付宝", "donate now", "credit card"):
            assert word not in page.lower()
