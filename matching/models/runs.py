"""A match run: a snapshot, two versions and two digests, so that it can be computed again to the bit."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MatchRun(models.Model):
    """One solve over everything that stood open at a moment. What it saw and what came of it stands in its parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rule_version = models.CharField(_("rule version"), max_length=20)
    engine_version = models.CharField(_("engine version"), max_length=20)
    header = models.JSONField(default=dict)
    snapshot_digest = models.CharField(max_length=64)
    outcome_digest = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["-at"], name="matching_runs_newest_first")]

    def __str__(self) -> str:
        return f"run {self.at:%Y-%m-%d %H:%M}"


class OnlineMark(models.Model):
    """How far the resident engine has read, and which process holds it: a stale one finds out here and loads anew."""

    holder = models.UUIDField(null=True)
    entry = models.PositiveBigIntegerField(default=0)
    leg = models.PositiveBigIntegerField(default=0)
    run_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.entry}, {self.leg}"


class RunPart(models.Model):
    """Some rows of one table of a run: what it saw of them, and what came of them, as packed columns.

    Rows lie in order of their key, so that one need's or one fund's reasons are found by reading one part.
    """

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="parts")
    table = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    first = models.CharField(max_length=32)
    rows = models.PositiveIntegerField()
    seen = models.BinaryField()
    became = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["run", "table", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "table", "number"], name="one_part_per_place"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "table", "first"], name="matching_parts_by_key")]

    def __str__(self) -> str:
        return f"{self.table}#{self.number}"


class SolvePart(models.Model):
    """One province of a solve under way: what a worker is asked, and its answer. Gone when it is over."""

    solve = models.UUIDField()
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    taken = models.BooleanField(default=False)
    instance = models.BinaryField()
    shares = models.BinaryField()
    answer = models.BinaryField(null=True)

    class Meta:
        ordering: ClassVar = ["solve", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["solve", "number"], name="one_province_of_a_solve"),
        ]

    def __str__(self) -> str:
        return f"{self.solve}#{self.number}, {self.round}"
