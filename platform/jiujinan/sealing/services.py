"""Opening sealed fields: with a case at hand, a reason, and a trace."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction

from jiujinan.accounts.models import User
from jiujinan.audit.services import record
from jiujinan.sealing.alarms import OPENED, watch
from jiujinan.sealing.fields import SealedField


class ReasonMissing(ValueError):
    """Sealed fields are opened for a reason that can be read later (社会救助法 art. 70(6))."""


@transaction.atomic
def open_fields(
    *,
    rows: Iterable[models.Model],
    fields: Iterable[str],
    case: str,
    by: User,
    reason: str,
    now: datetime,
    region: str = "",
) -> list[dict[str, str | None]]:
    """
    Return the opened fields of each row, leaving one audit entry in the case's stream.

    `region` is the case's division, so that reading outside one's own raises an alarm (`sealing.alarms`).
    """
    if not reason.strip() or not case:
        raise ReasonMissing("name the case and the reason for opening personal data")
    rows, names = list(rows), list(fields)
    opened = [{name: _field(row, name).open(row) for name in names} for row in rows]
    record(
        stream=f"case:{case}",
        action=OPENED,
        by=by,
        subject=f"case:{case}",
        reason=reason,
        data={"fields": names, "rows": len(rows), **({"region": region} if region else {})},
        now=now,
    )
    watch(case=case, region=region, by=by, now=now)
    return opened


def _field(row: models.Model, name: str) -> SealedField:
    field = row._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{name} is not a sealed field")
    return field
