"""`manage.py add_demo_gift`: a new gift for the demo charity, so that its fund manager finds proposals to answer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.management.demo import FUND_MANAGER
from donors.ledger.services import receive
from donors.models import Fund
from jiujinan.accounts.models import Organisation, User
from matching.models import Proposal
from matching.services.runs import run_matching

GIFT_FEN = 2_000_000  # ¥20,000 for each fund
FUNDS = 4


class Command(BaseCommand):
    """Give to the funds of the demo's fund manager and propose matches for what is still open."""

    help = "Put a new (fictitious) gift into the demo charity's funds and propose matches."

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive, match, say how many proposals wait."""
        now = timezone.now()
        giver = User.objects.get(username="main-job-payer")
        manager = User.objects.get(username="main-job-manager")
        holder = Organisation.objects.get(memberships__user__username=FUND_MANAGER)
        funds = Fund.objects.open().filter(holder=holder).order_by("name")
        for fund in funds[:FUNDS]:
            receive(
                fund=fund,
                amount_fen=GIFT_FEN,
                key=f"demo-gift:{fund.pk}",
                by=giver,
                now=now,
                refs={"donor": "demo"},
            )
        run = run_matching(by=manager, now=now)
        waiting = Proposal.objects.filter(run=run).count()
        self.stdout.write(_("Proposals waiting for an answer: %(count)s") % {"count": waiting})
