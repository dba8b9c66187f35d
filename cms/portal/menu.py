"""The portal's own menu: what a member's roles have pages for."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import PORTAL_ROLES, Role

MONEY = frozenset({Role.FUND_MANAGER, Role.PAYER, Role.PAYMENT_APPROVER})
SUPPLY = frozenset({Role.AGENCY_WORKER, Role.STATION_KEEPER, Role.PARTNER_MANAGER})


@dataclass(frozen=True)
class Entry:
    """One line of the menu: the page's section, its label, who sees it."""

    section: str
    page: str
    label: str | Promise
    roles: frozenset[Role]

    @property
    def address(self) -> str:
        """The page's path."""
        return reverse(f"portal:{self.page}")


ENTRIES = (
    Entry("overview", "overview", _("Overview"), PORTAL_ROLES),
    Entry("proposals", "proposals", _("Proposals"), PORTAL_ROLES),
    Entry("commitments", "commitments", _("Commitments"), PORTAL_ROLES),
    Entry("payments", "payments", _("Payments"), MONEY),
    Entry("gifts", "gifts", _("Gifts"), MONEY),
    Entry("funds", "funds", _("Funds"), MONEY),
    Entry("supplies", "supplies", _("What we offer"), SUPPLY),
    Entry("referrals", "referrals", _("Referrals"), SUPPLY | MONEY),
    Entry("organisation", "organisation", _("Organisation"), PORTAL_ROLES),
)


def entries_for(user: User) -> list[Entry]:
    """Return the lines that the member's roles open, one query."""
    held = set(user.memberships.values_list("role", flat=True))
    return [entry for entry in ENTRIES if entry.roles & held]
