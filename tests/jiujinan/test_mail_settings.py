"""The address of the mail server, as it stands in the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from jiujinan.settings import env


@pytest.mark.parametrize(
    ("address", "port", "at_once"),
    [
        ("smtp://a%40b:p%3A@mail.example.org", 587, False),
        ("smtps://a%40b:p%3A@mail.example.org", 465, True),
        ("smtp://a%40b:p%3A@mail.example.org:2525", 2525, False),
    ],
)
def test_an_address_gives_host_port_account_and_the_kind_of_tls(
    monkeypatch: pytest.MonkeyPatch, address: str, port: int, at_once: bool
) -> None:
    monkeypatch.setenv("JIUJINAN_SMTP", address)
    found = env.smtp("JIUJINAN_SMTP")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b", "p:")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (at_once, not at_once)


def test_no_address_leaves_mail_on_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIUJINAN_SMTP", raising=False)
    assert env.smtp("JIUJINAN_SMTP") == {}


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("JIUJINAN_SMTP", address)
    with pytest.raises(ImproperlyConfigured):
        env.smtp("JIUJINAN_SMTP")
