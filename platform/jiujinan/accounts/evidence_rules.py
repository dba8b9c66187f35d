"""Which evidence an organisation needs, how a file is checked, when it lapses. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from jiujinan.accounts.roles import OrganisationKind

LARGEST_FILE = 10 * 1024 * 1024
REMIND_DAYS = (60, 30, 7, 0)  # before the last valid day


class DocumentKind(StrEnum):
    """What a document proves."""

    REGISTRATION = "registration"
    CHARITY_STATUS = "charity_status"
    SERVICE_LICENCE = "service_licence"
    PAIRING_AGREEMENT = "pairing_agreement"
    STATION_APPROVAL = "station_approval"
    OTHER = "other"


# Every social force shows its registration; besides, what its kind rests on.
REQUIRED: Mapping[OrganisationKind, frozenset[DocumentKind]] = {
    OrganisationKind.CIVIL_AFFAIRS: frozenset(),
    OrganisationKind.CHARITY: frozenset({DocumentKind.REGISTRATION, DocumentKind.CHARITY_STATUS}),
    OrganisationKind.ENTERPRISE: frozenset({DocumentKind.REGISTRATION}),
    OrganisationKind.SOCIAL_WORK_AGENCY: frozenset({DocumentKind.REGISTRATION}),
    OrganisationKind.PARTNER: frozenset({DocumentKind.PAIRING_AGREEMENT}),
    OrganisationKind.GOODS_STATION: frozenset({DocumentKind.STATION_APPROVAL}),
}
# The first bytes and endings of what is accepted.
_FORMATS = (
    (b"%PDF-", (".pdf",), "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", (".png",), "image/png"),
    (b"\xff\xd8\xff", (".jpg", ".jpeg"), "image/jpeg"),
)


class InvalidCreditCode(ValueError):
    """Not a unified social credit code of GB 32100: 18 characters with a check character."""


class BadFile(ValueError):
    """The file is not accepted; `code` is `empty`, `too_large` or `not_a_document`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked_credit_code(text: str) -> str:
    """Return the code without blanks, in capitals. Raises InvalidCreditCode."""
    try:
        return str(uscc.validate(text))
    except ValidationError as error:
        raise InvalidCreditCode(text) from error


def content_type_of(name: str, data: bytes) -> str:
    """Return the type that both the ending and the first bytes say. Raises BadFile."""
    if not data:
        raise BadFile("empty")
    if len(data) > LARGEST_FILE:
        raise BadFile("too_large")
    for magic, endings, content_type in _FORMATS:
        if data.startswith(magic) and name.lower().endswith(endings):
            return content_type
    raise BadFile("not_a_document")


def missing_kinds(kind: OrganisationKind, verified: Iterable[str]) -> frozenset[DocumentKind]:
    """Return the required kinds of which no document is verified."""
    return REQUIRED[kind] - {DocumentKind(one) for one in verified}


def evidence_holds_until(kind: OrganisationKind, verified: Iterable[tuple[str, date | None]]) -> date | None:
    """
    Return the last day on which every required kind has a verified document; None where there is no last day.

    Of several documents of one kind the one that holds longest counts. A kind that was never handed in has
    no expiry: what an organisation was registered with holds until evidence says otherwise.
    """
    longest: dict[str, date] = {}
    for document, expires_on in verified:
        if document in REQUIRED[kind]:
            longest[document] = max(longest.get(document, date.min), expires_on or date.max)
    last = min(longest.values(), default=date.max)
    return None if last == date.max else last


def has_lapsed(expires_on: date | None, today: date) -> bool:
    """Return whether the required evidence no longer holds."""
    return expires_on is not None and expires_on < today


def reminder_due(expires_on: date, today: date) -> int | None:
    """Return the latest of the reminders that is due (in days before the last valid day), None before the first."""
    left = (expires_on - today).days
    due = [days for days in REMIND_DAYS if left <= days]
    return min(due, default=None)
