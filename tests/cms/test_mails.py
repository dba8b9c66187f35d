"""Mails about accounts: in the reader's language, in our words, to nobody who has no account."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from cms.site.models import HomePage
from tests.town import Town

RESET = "/accounts/password/reset/"


@pytest.mark.parametrize(("language", "subject"), [("zh-hans", "设置新密码"), ("en", "Set a new password")])
def test_who_forgot_a_password_gets_one_mail_in_the_language_of_the_page(
    client: Client, site: HomePage, town: Town, language: str, subject: str
) -> None:
    town.lin.email = "lin@example.org"
    town.lin.save()
    client.cookies["django_language"] = language
    client.post(RESET, {"email": "lin@example.org"})
    (sent,) = mail.outbox
    assert sent.subject == subject
    assert town.lin.username in sent.body
    address = re.search(r"https?://\S+", sent.body)
    assert address is not None
    assert client.get(address[0], follow=True).status_code == 200
    words = sent.body.replace(address[0], "").replace(town.lin.username, "").replace("testserver", "")
    assert bool(re.search("[A-Za-z]{2,}", words)) == (language == "en")


def test_an_address_without_an_account_gets_no_mail_and_the_page_says_the_same(
    client: Client, site: HomePage, town: Town
) -> None:
    town.lin.email = "lin@example.org"
    town.lin.save()
    pages = [client.post(RESET, {"email": f"{who}@example.org"}, follow=True) for who in ("lin", "nobody")]
    assert len({re.sub(rb"nonce=\S+", b"", page.content) for page in pages}) == 1
    assert [sent.to for sent in mail.outbox] == [["lin@example.org"]]


def test_a_mail_server_that_is_down_is_no_error_of_the_page(
    client: Client, site: HomePage, town: Town, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    town.lin.email = "lin@example.org"
    town.lin.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert client.post(RESET, {"email": "lin@example.org"}).status_code == 302
    assert "ConnectionRefusedError" in caplog.text
    assert "example.org" not in caplog.text
