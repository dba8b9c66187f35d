"""Pages for what went wrong stay calm, in either language, and say nothing of the inside."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from cms.site.models import HomePage
from needs.catalogue import engine


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "410.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_error_page_renders(site: HomePage, template: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(template, request=RequestFactory().get("/"))
    assert "<h1>" in page


def test_a_fault_inside_shows_the_calm_page(
    client: Client, site: HomePage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(engine, "find", fail)
    client.raise_request_exception = False
    response = client.get("/projects/")
    assert response.status_code == 500
    assert "系统出了问题" in response.content.decode()
    assert "the secret inside" not in response.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_so(site: HomePage) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/logout/", {})
    assert response.status_code == 403
    assert "表单已过期" in response.content.decode()
