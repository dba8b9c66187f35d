"""People who may be one, and people who were found to be one."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from needs.models import CaseRecord, Person


class Verdict(models.TextChoices):
    """What a person decided about two records."""

    OPEN = "open", _("To be decided")
    MERGED = "merged", _("One person: merged")
    APART = "apart", _("Two people: kept apart")


class PossibleDuplicate(models.Model):
    """Two records that may be one person; `first` has the smaller key, so that a pair stands once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name=_("region"))
    score = models.PositiveSmallIntegerField(_("likeness"), help_text="Of 100.")
    parts = models.JSONField(default=dict, help_text="Likeness by field, 0 to 1; no values.")
    score_version = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField(_("found at"))
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict, default=Verdict.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering: ClassVar = ["-score", "found_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="one_possible_duplicate_per_pair"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="nobody_is_their_own_duplicate"),
            models.CheckConstraint(
                condition=Q(verdict="open") | Q(decided_by__isnull=False) & ~Q(reason=""),
                name="a_verdict_has_its_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["verdict", "region", "-score"])]

    def __str__(self) -> str:
        return f"possible duplicate {self.pk}"


class Merge(models.Model):
    """One merging: which record stands for the person from then on, what moved, and whether it was taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kept_case = models.ForeignKey(CaseRecord, models.PROTECT, null=True, related_name="+")
    absorbed_case = models.ForeignKey(CaseRecord, models.PROTECT, null=True, related_name="+")
    moved = models.JSONField(
        default=dict, help_text="What stood how before, by key; codes and figures alone."
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="absorbed_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
