"""What a resources file says, typed. Money is integer fen; an empty tuple means no restriction."""

from dataclasses import dataclass, field
from datetime import date

from jiujinan.tabular.outcome import STOPPING_CODES, Rejection


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One social force; `region` is a six-digit code of any level."""

    row: int
    name: str
    kind: str
    credit_code: str
    region: str
    evidence_expires_on: date | None
    description: str


@dataclass(frozen=True, slots=True)
class FundRow:
    """One fund with its opening balance and its restrictions; `holder` and `named_for` are credit codes."""

    row: int
    holder: str
    named_for: str
    name: str
    kind: str
    opening_fen: int
    regions: tuple[str, ...]
    categories: tuple[str, ...]
    tiers: tuple[str, ...]
    groups: tuple[str, ...]
    government_first: bool
    per_case_cap_fen: int | None
    share_cap_permille: int | None
    minimum_grant_fen: int
    per_household_cap_fen: int | None
    household_period_days: int | None
    reserve_fen: int
    second_approval_above_fen: int | None
    starts_on: date
    ends_on: date | None
    purpose: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One service on offer; `organisation` is a credit code, counts are whole units."""

    row: int
    organisation: str
    name: str
    category: str
    unit: str
    weekly_capacity: int
    total: int
    regions: tuple[str, ...]
    groups: tuple[str, ...]
    languages: tuple[str, ...]
    hours: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot of goods; `organisation` is the credit code of its station."""

    row: int
    organisation: str
    name: str
    category: str
    unit: str
    total: int
    expires_on: date | None
    regions: tuple[str, ...]
    groups: tuple[str, ...]
    delivers: bool


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One pairing; `organisation` is the partner's credit code."""

    row: int
    organisation: str
    regions: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    pledged_fen: int
    jobs: int
    goods: str
    services: str


ResourceRow = OrganisationRow | FundRow | OfferRow | LotRow | PairingRow


@dataclass(frozen=True, slots=True)
class ResourcesFile:
    """A file read: good rows by sheet, and rejections. `rows` counts the rows that hold anything."""

    organisations: tuple[OrganisationRow, ...] = field(repr=False)
    funds: tuple[FundRow, ...] = field(repr=False)
    offers: tuple[OfferRow, ...] = field(repr=False)
    lots: tuple[LotRow, ...] = field(repr=False)
    pairings: tuple[PairingRow, ...] = field(repr=False)
    rejections: tuple[Rejection, ...]
    rows: int

    @property
    def is_unreadable(self) -> bool:
        """Return whether nothing could start: no resource at all, and a reason that stops the file."""
        found = self.funds or self.offers or self.lots or self.pairings
        stopped = any(r.is_of_file or r.code in STOPPING_CODES for r in self.rejections)
        return not found and stopped
