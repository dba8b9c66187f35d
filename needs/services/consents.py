"""Consent to publication that ends by itself: told by a newer case file, not by somebody at the desk."""

from datetime import date, datetime

from django.db import transaction

from jiujinan.accounts.models import User
from needs.models import CaseRecord, Need
from needs.services import gate
from needs.services.noting import note


@transaction.atomic
def withdraw_by_file(*, case: CaseRecord, on: date, version: int, by: User, now: datetime) -> None:
    """Record that a newer file withdraws the consent, and end the publication; the need stays, helped in private.

    Whoever may import the case's region may do this: it protects the person, and nothing is rewritten.
    """
    case.consent_withdrawn_on = on
    case.save(update_fields=["consent_withdrawn_on"])
    case.consents.filter(kind="publication", withdrawn_on=None, given_on__lte=on).update(
        withdrawn_on=on, withdrawal_by=by
    )
    note(case, "consent_withdrawn", by=by, now=now, data={"by_file": True, "version": version})
    need = Need.objects.filter(case=case).first()
    if need is not None:
        gate.end(need=need, act="hold", reason="consent_withdrawn", by=by, now=now)
