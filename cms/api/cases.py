"""Cases from source systems: the gateway by which a program sends what a case file would hold."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema
from ninja.security import HttpBearer

from jiujinan.accounts.keys import user_of_key
from jiujinan.accounts.models import User
from jiujinan.codes import DiscoveryChannel, Source
from needs.intake.programs import MOST


class AccessKeyAuth(HttpBearer):
    """`Authorization: Bearer <access key>`; the key stands for a user, whose roles decide."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the user of the key."""
        return user_of_key(token, now=timezone.now())


class CaseBatch(Schema):
    """Cases by the column names of the case file (docs/case-file.md), with their members and items nested."""

    source: Source = Field(Source.CIVIL_AFFAIRS, description="For cases that name none.")
    channel: DiscoveryChannel = Field(DiscoveryChannel.APPLICATION, description="For cases that name none.")
    cases: list[dict[str, Any]] = Field(..., min_length=1, max_length=MOST)


class CaseError(Schema):
    """What is wrong, and what to do; `pointer` leads to the value in the request (RFC 6901)."""

    pointer: str
    code: str
    message: str
    message_en: str


class CaseResult(Schema):
    """What became of one case; `errors` may name members or items that were left out of a case that was taken."""

    index: int
    number: str
    outcome: str
    errors: list[CaseError]


class CaseAnswer(Schema):
    """Counts by outcome, one result for each case in the order of the request, and errors of the whole."""

    counts: dict[str, int]
    results: list[CaseResult]
    errors: list[CaseError]


class Refusal(Schema):
    """Why a request was refused as a whole (RFC 9457)."""

    title: str
    status: int
    detail: str
