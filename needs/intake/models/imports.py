"""A case file on its way in: what was sent, what it would do, what it did; and the answers to programs."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import DISCOVERY_CHANNEL_LABELS, SOURCE_LABELS
from jiujinan.sealing.fields import SealedField
from needs.labels import lazy_choices


class ImportState(models.TextChoices):
    """How far a file has come."""

    RECEIVED = "received", _("Being read")
    CHECKED = "checked", _("Waiting for your word")
    APPROVED = "approved", _("Being taken in")
    DONE = "done", _("Taken in")
    UNREADABLE = "unreadable", _("Could not be read")
    DISCARDED = "discarded", _("Discarded")


class Outcome(models.TextChoices):
    """What a case's row does, or did."""

    IMPORTED = "imported", _("New")
    UPDATED = "updated", _("Changed")
    UNCHANGED = "unchanged", _("Known already, unchanged")
    DUPLICATES = "duplicates", _("The person has a case already")
    REFUSED_OLDER = "refused_older", _("Older than what is known")
    REFUSED_SETTLED = "refused_settled", _("Being judged or settled already")
    CONSENTS_WITHDRAWN = "consents_withdrawn", _("Consent withdrawn, nothing else taken")
    REFUSED_REGION = "refused_region", _("Outside your area")


TAKEN = frozenset({Outcome.IMPORTED, Outcome.UPDATED})
WORKING = frozenset({ImportState.RECEIVED, ImportState.APPROVED})


class Import(models.Model):
    """One file. `total` and `done` count its good cases; `counts` what they would do, or did, and the bad rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.RECEIVED)
    file_name = models.CharField(_("file"), max_length=120)
    file_bytes = models.PositiveBigIntegerField(_("size"))
    file_digest = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=30, choices=lazy_choices(SOURCE_LABELS))
    channel = models.CharField(
        _("discovery channel"), max_length=20, choices=lazy_choices(DISCOVERY_CHANNEL_LABELS)
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    received_at = models.DateTimeField(_("received at"))
    worked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        ordering: ClassVar = ["-received_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "worked_at"])]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def percent(self) -> int:
        """How much of the good cases is done, 0–100."""
        return 100 * self.done // self.total if self.total else 0


class ImportChunk(models.Model):
    """A piece of the file as it came, until it was read: base64, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # bound into the seal
    batch = models.ForeignKey(Import, models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField()
    content = SealedField()

    class Meta:
        ordering: ClassVar = ["batch", "seq"]

    def __str__(self) -> str:
        return f"{self.batch_id}#{self.seq}"


class ImportPart(models.Model):
    """Good cases that are written in one transaction; their content, sealed, goes when they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # bound into the seal
    batch = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    seq = models.PositiveIntegerField()
    content = SealedField(null=True)

    class Meta:
        ordering: ClassVar = ["batch", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "seq"], name="one_import_part_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}#{self.seq}"


class ImportRow(models.Model):
    """What becomes of one good case of the file. Holds no more of the person than the case's number."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    number = models.CharField(_("case number"), max_length=60)
    source = models.CharField(_("source"), max_length=30, choices=lazy_choices(SOURCE_LABELS))
    version = models.PositiveBigIntegerField(_("version"))
    channel = models.CharField(
        _("discovery channel"), max_length=20, choices=lazy_choices(DISCOVERY_CHANNEL_LABELS)
    )
    region = models.CharField(_("region"), max_length=6)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)

    class Meta:
        ordering: ClassVar = ["batch", "row"]
        indexes: ClassVar = [models.Index(fields=["batch", "outcome", "row"])]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class ImportProblem(models.Model):
    """One reason why a row of the file was not taken; `row` 0 is the file as a whole."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    sheet_name = models.CharField(max_length=20, blank=True)
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60, blank=True)
    code = models.CharField(max_length=30)
    message = models.CharField(_("what to do"), max_length=300)
    message_en = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["batch", "sheet_name", "row", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row} {self.code}"


class ImportBadRow(models.Model):
    """The cells of a row that was not taken, as they came, sealed: for the sheet that goes back to the sender."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # bound into the seal
    batch = models.ForeignKey(Import, models.CASCADE, related_name="bad_rows")
    sheet_name = models.CharField(max_length=20)
    row = models.PositiveIntegerField()
    cells = SealedField()

    class Meta:
        ordering: ClassVar = ["batch", "sheet_name", "row"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "sheet_name", "row"], name="one_bad_row_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.sheet_name} {self.row}"


class IntakeReceipt(models.Model):
    """What a program was answered, so that the same request again has the same answer and no second effect."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_intake_key")
        ]

    def __str__(self) -> str:
        return f"{self.caller_id} {self.key}"
