"""Whatever is sent, and however: no address of a visitor ever answers with an error of ours."""

import time
from collections.abc import Callable

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from needs.models import Project
from tests.cms.site.test_any_input import BAD, public_addresses, visitor
from tests.town import COUNTY

__all__ = ["visitor"]
Publish = Callable[..., Project]
ACCOUNT = ("/accounts/login/", "/accounts/password/reset/", "/language/setlang/")
FORMS = ("/report-a-need/", "/complaint/", "/track/", *ACCOUNT)
METHODS = ("POST", "DELETE", "😀")
FIELDS = [
    "whose", "region", "address", "story", "cause", "in_danger", "phone", "reporter_name", "person_name", "token",
    "kind", "project", "words", "name", "website", "number", "login", "password", "remember", "email", "username",
    "language", "next",
]  # fmt: skip
URLENCODED = "application/x-www-form-urlencoded"
TORN = b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\nabc'
BODIES = {
    "broken UTF-8": (b"story=%ff%fe&login=\xff\xfe\x00&password=\x00", URLENCODED),
    "bare bytes": (bytes(range(256)) * 8, URLENCODED),
    "no boundary": (b"--x\r\n\r\n", "multipart/form-data"),
    "torn multipart": (TORN, "multipart/form-data; boundary=x"),
    "odd charset": (b"story=a", "application/x-www-form-urlencoded; charset=none-such"),
    "JSON": (b'{"login": ["\\ud83d", null], "a": 1e999}', "application/json"),
    "three thousand fields": (b"&".join(b"f%d=1" % place for place in range(3000)), URLENCODED),
    "four megabytes": (b"story=" + b"a" * 4_000_000, URLENCODED),
}  # fmt: skip


def token(salt: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a form that was shown a minute ago."""
    shown_at = time.time() - 60
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: shown_at)
        return TimestampSigner(salt=salt).sign("anything")


def sendable(value: str) -> str:
    """Return the value as a browser could send it."""
    return value.encode(errors="replace").decode()


def test_every_method_is_answered_calmly(visitor: Client) -> None:
    failed = [
        (method, address)
        for address in [*public_addresses(), *ACCOUNT]
        for method in METHODS
        if visitor.generic(method, address, b"\x00\xff").status_code >= 500
    ]
    assert failed == []


def test_every_form_takes_any_value_and_any_body(visitor: Client) -> None:
    failed = []
    for address in FORMS:
        for name, (body, kind) in BODIES.items():
            if visitor.generic("POST", address, body, content_type=kind).status_code >= 500:
                failed.append((address, name))
        for name, value in BAD.items():
            if visitor.post(address, dict.fromkeys(FIELDS, sendable(value))).status_code >= 500:
                failed.append((address, name))
    assert failed == []


def test_what_is_right_but_for_one_value_is_kept_or_asked_for_again(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = {"whose": "own", "region": COUNTY, "story": "房屋起火，没有住处", "phone": "13900000000"}
    grievance = {"kind": "points_to_person", "region": COUNTY, "words": "这一条写错了"}
    odd_fields = {
        "report-a-need": (report, ("story", "address", "reporter_name")),
        "complaint": (grievance, ("words", "name", "project")),
    }
    for place, (right, fields) in odd_fields.items():
        for name, value in BAD.items():
            origin = f"203.0.113.{len(name)}"
            for field in fields:
                sent = {**right, "token": token(place, monkeypatch), field: sendable(value)}
                answer = visitor.post(f"/{place}/", sent, REMOTE_ADDR=origin)
                assert answer.status_code in {200, 422}, (place, field, name)


def test_headers_of_somebody_who_signs_in_may_be_anything(visitor: Client) -> None:
    for name in ("sql", "long_latin", "controls", "markup"):
        value = BAD[name]
        odd = "".join(letter for letter in value if " " <= letter < "\x7f") * 3 or "x"
        headers = {"User-Agent": odd, "X-Forwarded-For": odd, "Referer": odd, "Accept-Language": odd}
        sent = {"login": odd, "password": odd}
        answer = visitor.post("/accounts/login/?next=" + "a" * 3000, sent, headers=headers)
        assert answer.status_code < 500
