"""Signatures after Standard Webhooks."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.outbox import signature
from jiujinan.outbox.signature import is_signed_by, sign

OLD, NEW = "11" * 32, "22" * 32
MESSAGE = {"message_id": "m1", "timestamp": 1_783_303_200, "body": '{"state":"verified","说明":"已核"}'}


def test_a_signature_is_the_hmac_over_id_time_and_body() -> None:
    content = f"m1.1783303200.{MESSAGE['body']}".encode()
    expected = base64.b64encode(hmac.new(bytes.fromhex(OLD), content, hashlib.sha256).digest()).decode()
    assert sign(**MESSAGE, secret=OLD) == f"v1,{expected}"


@given(body=st.text(), message_id=st.text(max_size=40), timestamp=st.integers(0, 2**40))
def test_what_was_signed_verifies(body: str, message_id: str, timestamp: int) -> None:
    facts = {"body": body, "message_id": message_id, "timestamp": timestamp}
    try:
        header = sign(**facts, secret=OLD)
    except UnicodeEncodeError:  # a lone surrogate is no text that could be sent
        return
    assert is_signed_by(header, **facts, secrets=[OLD])
    assert not is_signed_by(header, **facts, secrets=[NEW])


@pytest.mark.parametrize("change", [{"body": "{}"}, {"message_id": "m2"}, {"timestamp": 1}])
def test_a_changed_body_id_or_time_does_not_verify(change: dict[str, object]) -> None:
    assert not is_signed_by(sign(**MESSAGE, secret=OLD), **{**MESSAGE, **change}, secrets=[OLD])


def test_while_secrets_rotate_either_verifies_and_a_retired_one_does_not() -> None:
    old, new = (sign(**MESSAGE, secret=secret) for secret in (OLD, NEW))
    assert all(is_signed_by(header, **MESSAGE, secrets=[NEW, OLD]) for header in (old, new))
    assert is_signed_by(f"{old} {new}", **MESSAGE, secrets=[NEW])
    assert not is_signed_by(old, **MESSAGE, secrets=[NEW])


@pytest.mark.parametrize("header", ["", "v1,", "v1", "v0,AAAA", " ", "v1," + "A" * 44, "v1,签名", "\xff"])
def test_a_header_that_is_no_signature_does_not_verify(header: str) -> None:
    assert not is_signed_by(header, **MESSAGE, secrets=[OLD, NEW])


def test_nothing_verifies_without_a_secret() -> None:
    assert not is_signed_by(sign(**MESSAGE, secret=OLD), **MESSAGE, secrets=[])


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, own: bytes) -> bool:
        compared.append((given, own))
        return False

    monkeypatch.setattr(signature.hmac, "compare_digest", compare)
    assert not is_signed_by("v1,AAAA", **MESSAGE, secrets=[OLD])
    assert compared == [(b"v1,AAAA", sign(**MESSAGE, secret=OLD).encode())]
