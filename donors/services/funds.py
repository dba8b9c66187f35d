"""Founding, amending and closing a fund."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from donors import charter_rules
from donors.errors import ConsentMissing, InvalidCharter, WrongOrganisation
from donors.ledger import services as ledger
from donors.ledger.locking import lock_books
from donors.models import Fund, FundCharter, FundKind, FundState
from jiujinan.accounts.evidence import require_valid_evidence
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.audit import services as audit


@transaction.atomic
def create_fund(
    *,
    holder: Organisation,
    name: str,
    charter: Mapping[str, object],
    by: User | None,
    now: datetime,
    kind: FundKind = FundKind.CHARITY,
    named_for: Organisation | None = None,
) -> Fund:
    """
    Found a fund with its first charter and an empty book.

    `charter` holds values of FundCharter's fields (`starts_on` is required, lists of codes, fen, permille).
    Raises WrongOrganisation unless the holder is a charity, InvalidCharter, EvidenceLapsed.
    """
    if holder.kind != OrganisationKind.CHARITY:
        raise WrongOrganisation(kind=holder.kind)
    require_valid_evidence(holder, timezone.localdate(now, timezone.get_default_timezone()))
    _require_sound(charter)
    fund = Fund.objects.create(holder=holder, name=name, kind=kind, named_for=named_for, created_at=now)
    FundCharter.objects.create(fund=fund, version=1, written_by=by, written_at=now, **charter)
    ledger.open_book(fund=fund)
    audit.record(
        stream=f"fund:{fund.pk}",
        action="create_fund",
        by=by,
        subject=f"fund:{fund.pk}",
        now=now,
        data=_plain(charter),
    )
    return fund


@transaction.atomic
def amend_charter(
    *,
    fund: Fund,
    changes: Mapping[str, object],
    by: User | None,
    now: datetime,
    reason: str,
    donor_consent: str = "",
    donor_consent_on: date | None = None,
) -> FundCharter:
    """
    Write the next version of the charter; earlier ones stay as they are.

    Once money came in, a change of purpose needs the donor's consent: a reference to the document and
    its date (慈善法 56). Raises InvalidCharter, ConsentMissing.
    """
    book = lock_books([fund.pk])[fund.pk]
    newest = FundCharter.objects.filter(fund=fund).latest("version")
    before = {name: getattr(newest, name) for name in charter_rules.FIELDS}
    after = {**before, **changes}
    _require_sound(after)
    consented = bool(donor_consent) and donor_consent_on is not None
    if book.external_fen and charter_rules.needs_consent(before, after) and not consented:
        raise ConsentMissing(fund=str(fund.pk))
    charter = FundCharter.objects.create(
        fund=fund,
        version=newest.version + 1,
        written_by=by,
        written_at=now,
        donor_consent=donor_consent,
        donor_consent_on=donor_consent_on,
        **after,
    )
    audit.record(
        stream=f"fund:{fund.pk}",
        action="amend_charter",
        by=by,
        subject=f"fund:{fund.pk}",
        now=now,
        reason=reason,
        data={"version": charter.version, **_plain(changes)},
    )
    return charter


@transaction.atomic
def close_fund(*, fund: Fund, by: User | None, now: datetime, reason: str) -> Fund:
    """Close a fund: it receives and promises no more, and pays what is reserved. Twice does nothing more."""
    locked = _locked(fund)
    if locked.state == FundState.OPEN:
        locked.state, locked.closed_at = FundState.CLOSED, now
        locked.save(update_fields=["state", "closed_at"])
        audit.record(
            stream=f"fund:{fund.pk}",
            action="close_fund",
            by=by,
            subject=f"fund:{fund.pk}",
            now=now,
            reason=reason,
        )
    return locked


def _locked(fund: Fund) -> Fund:
    lock_books([fund.pk])
    return Fund.objects.get(pk=fund.pk)


def _require_sound(values: Mapping[str, object]) -> None:
    if problems := charter_rules.charter_problems(values):
        raise InvalidCharter(problems=problems)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
