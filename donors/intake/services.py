"""
Writes the resources of a file that was read; row by row, so that a killed import is run again.

The same file again changes nothing. What stands on the platform is never rewritten by a file: a fund's
charter is amended, an offer withdrawn, on the platform, where it leaves its trace. Who may call this is
the caller's question (a command, or the desk).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from donors.errors import WrongOrganisation
from donors.intake.messages import TEXTS
from donors.intake.rows import FundRow, LotRow, OfferRow, OrganisationRow, PairingRow, ResourcesFile
from donors.intake.schema import FUNDS, LOTS, OFFERS, ORGANISATIONS, PAIRINGS
from donors.ledger.services import receive
from donors.models import Fund, FundKind, GoodsLot, Pairing, ServiceOffer
from donors.queries import current_charter
from donors.services import create_fund, create_lot, create_offer, create_pairing
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import OrganisationKind
from jiujinan.accounts.services import register_organisation
from jiujinan.audit.services import record
from jiujinan.tabular.outcome import Rejection

_TERMS = (
    "regions", "categories", "tiers", "groups", "government_first", "per_case_cap_fen", "share_cap_permille",
    "minimum_grant_fen", "per_household_cap_fen", "household_period_days", "reserve_fen",
    "second_approval_above_fen", "starts_on", "ends_on", "purpose",
)  # fmt: skip
Of = TypeVar("Of", OrganisationRow, FundRow, OfferRow, LotRow, PairingRow)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows of each sheet were new, how many stood already, and which could not be written."""

    organisations: int = 0
    funds: int = 0
    offers: int = 0
    lots: int = 0
    pairings: int = 0
    unchanged: int = 0
    received_fen: int = 0
    rejections: tuple[Rejection, ...] = field(default=(), repr=False)


def import_resources(*, file: ResourcesFile, by: User, now: datetime, batch: str) -> ImportResult:
    """Write every resource that is new; opening balances are received into the ledger once."""
    work = _Import(by, now)
    work.each(ORGANISATIONS.name, ORGANISATIONS.name_zh, file.organisations, work.organisation)
    work.known = {known.credit_code or "": known for known in Organisation.objects.exclude(credit_code=None)}
    work.each(FUNDS.name, FUNDS.name_zh, file.funds, work.fund)
    work.each(OFFERS.name, OFFERS.name_zh, file.offers, work.offer)
    work.each(LOTS.name, LOTS.name_zh, file.lots, work.lot)
    work.each(PAIRINGS.name, PAIRINGS.name_zh, file.pairings, work.pairing)
    record(
        stream=f"import:{batch}",
        action="resources.imported",
        by=by,
        subject=f"import:{batch}",
        data=dict(work.counts),
        now=now,
    )
    return ImportResult(**work.counts, rejections=tuple(work.rejections))


class _DiffersError(Exception):
    """The platform has the thing already, with other terms; a file does not rewrite it."""


@dataclass(slots=True)
class _Import:
    by: User
    now: datetime
    known: Mapping[str, Organisation] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)

    def each(self, name: str, title: str, rows: Iterable[Of], take: Callable[[Of], bool]) -> None:
        """Take each row in a transaction of its own; count it as new or as standing already."""
        for row in rows:
            try:
                with transaction.atomic():
                    is_new = take(row)
            except (_DiffersError, WrongOrganisation):  # its kind on the platform is another one
                code, texts = "known_differently", TEXTS["known_differently"]
                self.rejections.append(Rejection(title, row.row, "", code, sheet_name=name, texts=texts))
            else:
                self.counts[name if is_new else "unchanged"] += 1

    def organisation(self, row: OrganisationRow) -> bool:
        """Register an organisation; one with the same credit code stands already."""
        known = Organisation.objects.filter(credit_code=row.credit_code).first()
        if known is not None:
            return _must_match(known.kind == row.kind)
        made = register_organisation(
            name=row.name,
            kind=OrganisationKind(row.kind),
            region=row.region,
            credit_code=row.credit_code,
            by=self.by,
            now=self.now,
        )
        made.description, made.evidence_expires_on = row.description, row.evidence_expires_on
        made.save(update_fields=["description", "evidence_expires_on"])
        return True

    def fund(self, row: FundRow) -> bool:
        """Found a fund and receive its opening balance."""
        holder = self.known[row.holder]
        terms = {name: _plain(getattr(row, name)) for name in _TERMS}
        known = Fund.objects.filter(holder=holder, name=row.name).first()
        if known is not None:
            charter = current_charter(fund=known)
            return _must_match(all(getattr(charter, name) == value for name, value in terms.items()))
        fund = create_fund(
            holder=holder,
            name=row.name,
            charter=terms,
            by=self.by,
            now=self.now,
            kind=FundKind(row.kind),
            named_for=self.known.get(row.named_for),
        )
        if row.opening_fen:
            receive(
                fund=fund,
                amount_fen=row.opening_fen,
                key=f"opening:{fund.pk}",
                by=self.by,
                now=self.now,
                refs={"source": "opening balance"},
            )
        self.counts["received_fen"] += row.opening_fen
        return True

    def offer(self, row: OfferRow) -> bool:
        """Enter a service offer; one of the same name, category and first day stands already."""
        organisation = self.known[row.organisation]
        terms = {"name": row.name, "category": row.category, "starts_on": row.starts_on}
        area = {"regions": list(row.regions), "groups": list(row.groups), "languages": list(row.languages)}
        counts = {"weekly_capacity": row.weekly_capacity, "total": row.total, "ends_on": row.ends_on}
        for known in ServiceOffer.objects.filter(organisation=organisation, active=True, **terms):
            if _has(known, area):
                return _must_match(_has(known, counts))
        create_offer(
            organisation=organisation,
            name=row.name,
            category=row.category,
            unit=row.unit,
            weekly_capacity=row.weekly_capacity,
            total=row.total,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            regions=row.regions,
            groups=row.groups,
            languages=row.languages,
            hours=row.hours,
            now=self.now,
        )
        return True

    def lot(self, row: LotRow) -> bool:
        """Put a lot on the shelf; a lot that is the same in everything stands already."""
        station = self.known[row.organisation]
        terms = {"name": row.name, "category": row.category, "unit": row.unit, "expires_on": row.expires_on}
        area = {"regions": list(row.regions), "groups": list(row.groups), "delivers": row.delivers}
        same = GoodsLot.objects.filter(station=station, total=row.total, **terms)
        if any(_has(known, area) for known in same):
            return False
        create_lot(
            station=station,
            name=row.name,
            category=row.category,
            unit=row.unit,
            total=row.total,
            expires_on=row.expires_on,
            regions=row.regions,
            groups=row.groups,
            delivers=row.delivers,
            now=self.now,
        )
        return True

    def pairing(self, row: PairingRow) -> bool:
        """Enter a pairing; one of the partner with the same regions and first day stands already."""
        partner = self.known[row.organisation]
        terms = {"ends_on": row.ends_on, "pledged_fen": row.pledged_fen, "jobs": row.jobs}
        for known in Pairing.objects.filter(partner=partner, starts_on=row.starts_on):
            if known.regions == list(row.regions):
                return _must_match(_has(known, terms))
        create_pairing(
            partner=partner,
            regions=row.regions,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            pledged_fen=row.pledged_fen,
            jobs=row.jobs,
            goods=row.goods,
            services=row.services,
            now=self.now,
        )
        return True


def _must_match(matches: bool) -> bool:
    """Return False, for nothing new; raise `_DiffersError` where the row and the platform disagree."""
    if not matches:
        raise _DiffersError
    return False


def _has(thing: object, terms: Mapping[str, object]) -> bool:
    return all(getattr(thing, name) == value for name, value in terms.items())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
