"""Watch groups, who stands on their lists, and the visits."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from jiujinan.sealing.fields import SealedField


class WatchGroup(models.Model):
    """People who are visited regularly, by rule (`watch_rules`); without a region it holds everywhere."""

    code = models.SlugField(_("code"), max_length=40)
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)
    rule = models.JSONField(_("rule"))
    every_days = models.PositiveSmallIntegerField(_("a visit every … days"))
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering: ClassVar = ["code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "region"], name="one_watch_group_per_code"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(region=None), name="one_watch_group_everywhere"
            ),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="a_watch_group_is_visited"),
        ]

    def __str__(self) -> str:
        return self.name_en if (translation.get_language() or "").startswith("en") else self.name_zh


class WatchEntry(models.Model):
    """One household on one group's list; ended by rule or by hand, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        WatchGroup, models.PROTECT, related_name="entries", verbose_name=_("watch group")
    )
    household = models.ForeignKey(
        "needs.Household", models.PROTECT, related_name="watched", verbose_name=_("household")
    )
    by_hand = models.BooleanField(_("added by hand"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    began_at = models.DateTimeField(_("on the list since"))
    ended_at = models.DateTimeField(_("off the list since"), null=True)
    next_visit_on = models.DateField(_("next visit"))

    class Meta:
        ordering: ClassVar = ["next_visit_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "household"], condition=Q(ended_at=None), name="once_on_each_watch_list"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["ended_at", "next_visit_on"], name="visits_by_day")]

    def __str__(self) -> str:
        return f"watch {self.pk}"


class Visit(models.Model):
    """One visit and what was found. The note is sealed: it tells of a home."""

    class Found(models.TextChoices):
        """What the visitor found."""

        WELL = "well", _("All is well")
        FOLLOW = "follow", _("Something should be looked into")
        URGENT = "urgent", _("Help is needed at once")
        ABSENT = "absent", _("Nobody was at home")
        MOVED = "moved", _("The household has moved away")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(WatchEntry, models.PROTECT, related_name="visits")
    on = models.DateField(_("visited on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("visitor")
    )
    found = models.CharField(_("what was found"), max_length=8, choices=Found)
    note = SealedField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-recorded_at"]

    def __str__(self) -> str:
        return f"visit {self.pk}"
