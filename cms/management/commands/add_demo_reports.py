"""`manage.py add_demo_reports`: invented reports of a need and watch lists, so that the desk has something to do."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.management.commands.create_demo_accounts import DESK_REGION
from jiujinan.codes import DiscoveryChannel, Tier
from jiujinan.regions.models import Region
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, refresh_lists, take_in

STORIES = (
    (
        Whose.OTHER,
        Tier.CRITICAL,
        DiscoveryChannel.HOTLINE,
        "（演示）邻居独居老人摔伤，无人照料，已拨打 120。",
    ),
    (Whose.OWN, Tier.JOINT, DiscoveryChannel.PUBLIC_REPORT, "（演示）家中失火，衣被全无，暂住亲戚家。"),
    (
        Whose.FAMILY,
        Tier.DEPARTMENTAL,
        DiscoveryChannel.PUBLIC_REPORT,
        "（演示）表弟考上大学，学费还差一部分。",
    ),
)


class Command(BaseCommand):
    """Take in the invented reports, once, and fill the watch lists."""

    help = "Take in a few invented reports of a need and fill the watch lists."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do so; the same report twice is one."""
        now = timezone.now()
        county = (
            Region.objects.current()
            .filter(parent=DESK_REGION)
            .order_by("code")
            .values_list("pk", flat=True)[0]
        )
        for place, (whose, tier, channel, story) in enumerate(STORIES):
            word = FirstWord(
                token=f"demo:{place}", whose=whose, region=county, story=story, tier=tier, channel=channel
            )
            take_in(word=word, origin="", now=now)
        refresh_lists(now=now)
