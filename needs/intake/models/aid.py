"""Help that reached people, from any source: what duplicate aid is looked for in."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujinan.codes import ITEM_CATEGORY_LABELS
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import SealedField
from needs.labels import lazy_choices
from needs.models import NeedItem, Person


class AidSource(models.TextChoices):
    """Where the record comes from."""

    PLATFORM = "platform", _("Delivered through the platform")
    GOVERNMENT = "government", _("Government relief")
    OTHER = "other", _("Another source")


class AidRecord(models.Model):
    """So much help for one purpose (in its unit: fen, pieces, sessions), given to one person over some days."""

    INDEX_COLUMNS = ("id_index",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="aid")
    id_number = SealedField(null=True)
    id_index = models.CharField(max_length=32, blank=True, db_index=True)
    item = models.ForeignKey(NeedItem, models.PROTECT, null=True, related_name="aid")
    source = models.CharField(_("source"), max_length=10, choices=AidSource)
    reference = models.CharField(_("reference"), max_length=80)
    category = models.CharField(_("purpose"), max_length=20, choices=lazy_choices(ITEM_CATEGORY_LABELS))
    amount = models.PositiveBigIntegerField(_("amount"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-starts_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "reference"], name="one_aid_record_per_reference"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="aid_ends_after_it_starts"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "category", "starts_on"])]

    def __str__(self) -> str:
        return f"aid {self.source} {self.reference}"

    def blind_indexes(self, opened: Mapping[str, str | None]) -> dict[str, str]:
        """Return the row's blind index by column, from its opened fields; rotation asks for it."""
        number = opened["id_number"]
        return {"id_index": blind_index(number, kind="id_number") if number else ""}


class ReliefState(models.TextChoices):
    """Where a list of relief stands."""

    CHECKED = "checked", _("Checked, waits for your yes")
    DONE = "done", _("Taken in")
    UNREADABLE = "unreadable", _("Could not be read")
    DISCARDED = "discarded", _("Discarded")


class ReliefList(models.Model):
    """A list of relief that somebody brought; its content, sealed, goes once it is taken in or thrown away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(_("file"), max_length=120)
    content = SealedField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=ReliefState)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    received_at = models.DateTimeField(_("received at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        ordering: ClassVar = ["-received_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["by", "received_at"], name="relief_lists_of_a_person")]

    def __str__(self) -> str:
        return f"relief list {self.pk}"
