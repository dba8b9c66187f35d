"""Versions of the difficulty score: its indicators and weights as data, drafted by one and published by another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

SCORE_STATE_LABELS = {"draft": _("Draft"), "published": _("In force"), "retired": _("No longer in force")}


class ScoreVersion(models.Model):
    """One table of indicators. At most one is in force; what was published is never edited."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=10, choices=SCORE_STATE_LABELS, default="draft")
    table = models.JSONField(_("indicators and weights"))
    note = models.CharField(_("what changes and why"), max_length=300)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="one_score_version_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(drafted_by=F("published_by")), name="a_second_person_publishes_the_score"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_by=None)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="what_is_in_force_was_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
